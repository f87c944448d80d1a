//! Commit tags: ordinary tags that keep what a tag pointed at before,
//! `_h.<tag>.<yyyymmdd>t<hhmmss><z|n>-<digits of the digest>`.
//!
//! The leading underscore keeps them out of version parsers, prefix rules and `^v…` filters of other tools, and one line excludes
//! them all. They are parsed from the right, because the tag inside may itself hold dots and dashes. A commit tag is never made
//! for a commit tag.
//!
//! The name carries as many digits of the digest as fit: all 64 of a SHA-256 for a tag of up to 43 characters, 32 for one of 75.
//! So a list of tags tells which commit each of them claims to keep; only a HEAD tells whether it does.

use crate::{Digest, Tag, UtcSeconds};

/// The beginning of every commit tag.
pub const PREFIX: &str = "_h.";
/// The longest tag that can have commit tags: 128 less prefix, dot, 16 of time, dash and the fewest digits.
pub const MAX_TAG: usize = LONGEST - FRAME - FEWEST_DIGITS;

/// How many characters a tag may have.
const LONGEST: usize = 128;
/// What stands around the tag and the digits: prefix, dot, 16 of time, dash.
const FRAME: usize = PREFIX.len() + 1 + TIME + 1;
/// How many characters the time takes, with its letter.
const TIME: usize = 16;
/// How many digits a name carries at most: all of a SHA-256.
const MOST_DIGITS: usize = 64;
/// How many digits a name carries at least: fewer are no identity.
const FEWEST_DIGITS: usize = 32;

/// The name of a commit that is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitTag {
    /// The tag it was active under.
    pub tag: Tag,
    /// When it became active, or was noticed to be, by the registry's clock.
    pub at: UtcSeconds,
    /// What happened at that time.
    pub beginning: Beginning,
    /// The first hexadecimal digits of its digest, as many as fit beside its tag.
    pub digits: String,
}

/// What a commit tag's time tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Beginning {
    /// The commit became active then (`z`).
    Since,
    /// The commit was active by then; since when nobody knew who wrote the name (`n`).
    Noticed,
}

impl Beginning {
    fn letter(self) -> char {
        match self {
            Self::Since => 'z',
            Self::Noticed => 'n',
        }
    }

    fn of_letter(letter: char) -> Option<Self> {
        match letter {
            'z' => Some(Self::Since),
            'n' => Some(Self::Noticed),
            _ => None,
        }
    }
}

/// The reason why a tag cannot have a commit tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitTagError {
    /// It is longer than [`MAX_TAG`].
    #[error("a tag of more than {MAX_TAG} characters cannot have commit tags")]
    TooLong,
    /// It is a commit tag itself.
    #[error("a commit tag has no commit tags of its own")]
    OfCommitTag,
}

impl CommitTag {
    /// Makes the commit tag for what `tag` has pointed at since `at`, or by then.
    pub fn new(
        tag: &Tag,
        at: UtcSeconds,
        beginning: Beginning,
        digest: &Digest,
    ) -> Result<Self, CommitTagError> {
        let count = digits_beside(tag.as_str()).ok_or(CommitTagError::TooLong)?;
        if Self::parse(tag.as_str()).is_some() {
            return Err(CommitTagError::OfCommitTag);
        }
        // The name can carry four digits of a year; the value is what the name says.
        let at = UtcSeconds::parse_compact(&at.compact()).unwrap_or(at);
        Ok(Self {
            tag: tag.clone(),
            at,
            beginning,
            digits: digest.hex().chars().take(count).collect(),
        })
    }

    /// Reads a name, from the right; `None` for every tag that is no commit tag.
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, digits) = text.strip_prefix(PREFIX)?.rsplit_once('-')?;
        let (tag, time) = rest.rsplit_once('.')?;
        let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if Some(digits.len()) != digits_beside(tag)
            || !digits.bytes().all(lower_hex)
            || Self::parse(tag).is_some()
        {
            return None;
        }
        let beginning = Beginning::of_letter(time.chars().next_back()?)?;
        let at = time.strip_suffix(beginning.letter())?;
        Some(Self {
            tag: Tag::parse(tag).ok()?,
            at: UtcSeconds::parse_compact(at)?,
            beginning,
            digits: digits.to_owned(),
        })
    }

    /// Returns the tag under which the commit is kept.
    pub fn name(&self) -> Tag {
        Tag::trusted(self.to_string())
    }

    /// Tells whether this is the commit that the name says: only then is the tag ours.
    pub fn matches(&self, digest: &Digest) -> bool {
        !self.digits.is_empty() && digest.hex().starts_with(&self.digits)
    }

    /// Returns the first 12 digits, as they are shown.
    pub fn short(&self) -> &str {
        self.digits.get(..12).unwrap_or_default()
    }

    /// Returns the digest that the name claims, where it carries all of one. Nearly all digests are SHA-256; one of another
    /// algorithm shows itself once the tag is asked.
    pub fn claimed(&self) -> Option<Digest> {
        Digest::parse(&format!("sha256:{}", self.digits)).ok()
    }

    /// Returns the same record of the next second, for where somebody put something else under this very name.
    #[must_use]
    pub fn next_second(&self) -> Self {
        let next = UtcSeconds(self.at.0.saturating_add(1));
        Self {
            at: UtcSeconds::parse_compact(&next.compact()).unwrap_or(next),
            ..self.clone()
        }
    }
}

/// Returns how many digits fit beside a tag; none where they are too few to tell a commit.
fn digits_beside(tag: &str) -> Option<usize> {
    let left = LONGEST.checked_sub(FRAME + tag.len())?;
    (left >= FEWEST_DIGITS).then_some(left.min(MOST_DIGITS))
}

impl std::fmt::Display for CommitTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{PREFIX}{}.{}{}-{}",
            self.tag,
            self.at.compact(),
            self.beginning.letter(),
            self.digits
        )
    }
}

#[cfg(test)]
mod tests;
