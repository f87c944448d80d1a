//! Tags.

use super::ReferenceError;
use crate::textual::textual;

/// A tag: a word character, then at most 127 word characters, dots and dashes. A leading `_` is legal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

textual!(Tag, ReferenceError);

impl Tag {
    /// Reads a tag.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let mut bytes = text.bytes();
        let first = bytes.next().ok_or(ReferenceError::Empty)?;
        if word(first) && text.len() <= 128 && bytes.all(|b| word(b) || b == b'.' || b == b'-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReferenceError::Tag)
        }
    }

    /// Returns the tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns `latest`, which engines take where no tag is written.
    #[must_use]
    pub fn latest() -> Self {
        Self("latest".to_owned())
    }

    /// Makes a tag of a text that is known to be one by construction.
    pub(crate) fn trusted(text: String) -> Self {
        debug_assert!(Self::parse(&text).is_ok(), "{text}");
        Self(text)
    }
}
