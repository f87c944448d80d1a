//! Which version of the API is spoken with an engine: the newest that both sides know.

use std::fmt;

use crate::Error;

/// An API version `1.minor`; the major number has been 1 for the whole life of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ApiVersion {
    minor: usize,
}

impl ApiVersion {
    /// The oldest that is spoken: Docker 20.10 and Podman 4.
    pub(crate) const OLDEST: Self = Self { minor: 41 };
    /// The newest that is spoken.
    pub(crate) const NEWEST: Self = Self { minor: 56 };

    /// The version with this minor number.
    pub(crate) const fn of(minor: usize) -> Self {
        Self { minor }
    }

    /// Chooses the version, given the newest the engine knows (the `Api-Version` header of its ping; an engine that
    /// sends none is spoken to in the oldest).
    pub(crate) fn negotiate(newest_there: Option<&str>) -> Result<Self, Error> {
        let Some(text) = newest_there.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(Self::OLDEST);
        };
        let there = Self::parse(text).ok_or_else(|| {
            Error::Broken("The engine names an API version that cannot be read.".to_owned())
        })?;
        if there < Self::OLDEST {
            return Err(Error::Unsupported(format!(
                "The engine speaks API {there} at most; {} or newer is needed.",
                Self::OLDEST
            )));
        }
        Ok(there.min(Self::NEWEST))
    }

    fn parse(text: &str) -> Option<Self> {
        let minor = text.strip_prefix("1.")?;
        // Podman has sent three numbers ("1.41.0") at times.
        let minor = minor.split('.').next()?.parse().ok()?;
        Some(Self { minor })
    }

    pub(crate) fn for_bollard(self) -> bollard::ClientVersion {
        bollard::ClientVersion {
            major_version: 1,
            minor_version: self.minor,
        }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(there: &str) -> Result<String, Error> {
        ApiVersion::negotiate(Some(there)).map(|version| version.to_string())
    }

    #[test]
    fn the_newest_both_know() {
        assert_eq!(chosen("1.41").unwrap(), "1.41");
        assert_eq!(chosen(" 1.47 ").unwrap(), "1.47");
        assert_eq!(chosen("1.41.0").unwrap(), "1.41");
        assert_eq!(chosen("1.56").unwrap(), "1.56");
        assert_eq!(chosen("1.99").unwrap(), "1.56");
        assert_eq!(ApiVersion::negotiate(None).unwrap().to_string(), "1.41");
    }

    #[test]
    fn too_old_or_unreadable_is_said() {
        assert!(
            matches!(chosen("1.40"), Err(Error::Unsupported(text)) if text.contains("1.40") && text.contains("1.41"))
        );
        for bad in ["2.0", "x", "1.", "1.x", "1.99999999999999999999999"] {
            assert!(matches!(chosen(bad), Err(Error::Broken(_))), "{bad}");
        }
    }
}
