//! The ways a secret may go: what a person agrees to when they sign in, and what is kept of it with the account.
//!
//! Not here: whether one is agreed to (`approved`), and how one is gone (`token`, `sign_in`). Grows by a way of signing in.

use std::collections::BTreeSet;
use std::fmt;
use url::Url;

/// How many ways are kept of one registry.
const MOST: usize = 8;
/// How long the text of one way may be.
const LONGEST: usize = 512;

/// A text that names no way of signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no way of signing in")]
pub struct WayError;

/// Scheme, host and port of a server, such as `https://auth.example`: whom a secret goes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin as [`as_str`](Self::as_str) writes it.
    pub fn parse(text: &str) -> Result<Self, WayError> {
        if text.len() > LONGEST {
            return Err(WayError);
        }
        let origin = Url::parse(text).ok().and_then(|url| Self::of(&url));
        origin.filter(|origin| origin.0 == text).ok_or(WayError)
    }

    /// Returns the origin of an address; `None` where it is none of the web.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        let on_the_web = matches!(url.scheme(), "https" | "http") && url.host().is_some();
        on_the_web.then(|| Self(url.origin().ascii_serialization()))
    }

    /// Returns it as a text, `https://auth.example`; the port only where it is not the scheme's own.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns its host and port for people, `auth.example`.
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, host)| host)
    }

    /// Tells whether what goes there is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A way of signing in: whom the secret goes to, and as what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignInWay {
    /// User and secret with each request, to the registry itself.
    Basic,
    /// User and secret to a token service; its tokens to the registry.
    Bearer {
        /// Where the token service is.
        service: Origin,
    },
}

impl SignInWay {
    /// Reads a way as it is written: `basic`, or `bearer https://auth.example`.
    pub fn parse(text: &str) -> Result<Self, WayError> {
        match text.split_once(' ') {
            None if text == "basic" => Ok(Self::Basic),
            Some(("bearer", service)) => {
                Origin::parse(service).map(|service| Self::Bearer { service })
            }
            _ => Err(WayError),
        }
    }
}

impl fmt::Display for SignInWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Basic => f.write_str("basic"),
            Self::Bearer { service } => write!(f, "bearer {service}"),
        }
    }
}

/// The ways of signing in at one registry, at most eight; more than one where its paths ask differently.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SignInWays(BTreeSet<SignInWay>);

impl SignInWays {
    /// Reads ways as they are written, `basic, bearer https://auth.example`; an empty text is none.
    pub fn parse(text: &str) -> Result<Self, WayError> {
        let mut ways = Self::default();
        for (number, way) in text.split(", ").filter(|_| !text.is_empty()).enumerate() {
            if number >= MOST {
                return Err(WayError);
            }
            ways.0.insert(SignInWay::parse(way)?);
        }
        Ok(ways)
    }

    /// Adds a way; nothing happens where there are eight already.
    #[must_use]
    pub fn with(mut self, way: SignInWay) -> Self {
        self.add(way);
        self
    }

    /// Adds a way, as [`with`](Self::with) does.
    pub fn add(&mut self, way: SignInWay) {
        if self.0.len() < MOST {
            self.0.insert(way);
        }
    }

    /// Tells whether a way is among them.
    pub fn contains(&self, way: &SignInWay) -> bool {
        self.0.contains(way)
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns each.
    pub fn iter(&self) -> impl Iterator<Item = &SignInWay> {
        self.0.iter()
    }
}

impl From<SignInWay> for SignInWays {
    fn from(way: SignInWay) -> Self {
        Self::default().with(way)
    }
}

impl fmt::Display for SignInWays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, way) in self.0.iter().enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            write!(f, "{comma}{way}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_have_one_text() {
        for text in [
            "",
            "basic",
            "bearer https://auth.docker.io",
            "basic, bearer http://[::1]:5001, bearer https://auth.example:8443",
        ] {
            assert_eq!(SignInWays::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "Basic",
            "bearer",
            "bearer ",
            "bearer auth.docker.io",
            "bearer https://auth.docker.io/",
            "bearer https://auth.docker.io:443",
            "bearer https://AUTH.docker.io",
            "bearer https://user@auth.docker.io",
            "bearer ftp://auth.docker.io",
            "basic,bearer https://a.example",
            "basic, ",
            "basic, , basic",
        ] {
            assert_eq!(SignInWays::parse(text), Err(WayError), "{text}");
        }
    }

    #[test]
    fn ways_are_bounded() {
        let many: Vec<String> = (0..9)
            .map(|at| format!("bearer https://a{at}.example"))
            .collect();
        assert!(SignInWays::parse(&many[..8].join(", ")).is_ok());
        assert_eq!(SignInWays::parse(&many.join(", ")), Err(WayError));
        assert_eq!(SignInWays::parse(&["basic"; 9].join(", ")), Err(WayError));
        let of_length = |length: usize| {
            let name = format!("https://{}", "a.".repeat(length / 2 - 4));
            format!("{name:a<length$}")
        };
        assert!(Origin::parse(&of_length(LONGEST)).is_ok());
        assert_eq!(Origin::parse(&of_length(LONGEST + 1)), Err(WayError));
        // The longest that are kept are read again.
        let longest = (0..MOST).fold(SignInWays::default(), |ways, at| {
            let service = Origin::parse(&of_length(LONGEST).replacen('a', &at.to_string(), 1));
            let service = service.unwrap();
            ways.with(SignInWay::Bearer { service })
        });
        assert_eq!(SignInWays::parse(&longest.to_string()), Ok(longest));
        let full = SignInWays::parse(&many[..8].join(", ")).unwrap();
        assert_eq!(full.clone().with(SignInWay::Basic), full);
    }

    #[test]
    fn an_origin_is_what_a_secret_goes_to() {
        let of = |text: &str| Origin::of(&Url::parse(text).unwrap());
        let origin = of("HTTPS://Auth.Example:443/token?x=1").unwrap();
        assert_eq!(
            (origin.as_str(), origin.host(), origin.is_encrypted()),
            ("https://auth.example", "auth.example", true)
        );
        let plain = of("http://127.0.0.1:5001/token").unwrap();
        assert_eq!(
            (plain.host(), plain.is_encrypted()),
            ("127.0.0.1:5001", false)
        );
        assert_eq!(of("file:///etc/passwd"), None);
    }
}
