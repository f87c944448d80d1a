//! The path of a repository inside its registry, `namespace/name`.

use super::ReferenceError;
use crate::textual::textual;

/// A repository's name inside its registry: lower-case parts joined with `/` (distribution-spec, "Pulling manifests").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName(String);

textual!(RepositoryName, ReferenceError);

impl RepositoryName {
    /// Reads a name; at most 255 characters.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(ReferenceError::UpperCase);
        }
        if !text.split('/').all(is_part) {
            return Err(ReferenceError::Repository);
        }
        if text.len() > 255 {
            return Err(ReferenceError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns all before the last `/`.
    pub fn namespace(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(namespace, _)| namespace)
    }

    /// Returns the last part.
    pub fn name(&self) -> &str {
        self.0
            .rsplit_once('/')
            .map_or(self.0.as_str(), |(_, name)| name)
    }
}

/// Tells whether a text matches `[a-z0-9]+((?:[._]|__|-+)[a-z0-9]+)*`.
fn is_part(part: &str) -> bool {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = part.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    word(*first)
        && word(*last)
        && bytes
            .split(|b| word(*b))
            .filter(|separator| !separator.is_empty())
            .all(|separator| {
                matches!(separator, b"." | b"_" | b"__") || separator.iter().all(|b| *b == b'-')
            })
}
