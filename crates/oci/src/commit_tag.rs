//! Commit tags: ordinary tags that keep what a tag pointed at before,
//! `_h.<tag>.<yyyymmdd>t<hhmmss>z-<first 12 hex digits of the digest>`.
//!
//! The leading underscore keeps them out of version parsers, prefix rules and `^v…` filters of other tools, and one line excludes
//! them all. They are parsed from the right, because the tag inside may itself hold dots and dashes. A commit tag is never made
//! for a commit tag.

use crate::{Digest, Tag, UtcSeconds};

/// The beginning of every commit tag.
pub const PREFIX: &str = "_h.";
/// The longest tag that can have commit tags: 128 less prefix, dot, 16 of time, dash and 12 of digest.
pub const MAX_TAG: usize = 95;

/// The name of a commit that is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitTag {
    /// The tag it was active under.
    pub tag: Tag,
    /// When it became active, by the registry's clock.
    pub at: UtcSeconds,
    /// The first 12 hexadecimal digits of its digest.
    pub digest_start: String,
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
    /// Makes the commit tag for what `tag` has pointed at since `at`.
    pub fn new(tag: &Tag, at: UtcSeconds, digest: &Digest) -> Result<Self, CommitTagError> {
        if tag.as_str().len() > MAX_TAG {
            return Err(CommitTagError::TooLong);
        }
        if Self::parse(tag.as_str()).is_some() {
            return Err(CommitTagError::OfCommitTag);
        }
        // The name can carry four digits of a year; the value is what the name says.
        let at = UtcSeconds::parse_compact(&at.compact()).unwrap_or(at);
        Ok(Self {
            tag: tag.clone(),
            at,
            digest_start: digest.short().to_owned(),
        })
    }

    /// Reads a name, from the right; `None` for every tag that is no commit tag.
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, digest_start) = text.strip_prefix(PREFIX)?.rsplit_once('-')?;
        let (tag, at) = rest.rsplit_once('.')?;
        let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if digest_start.len() != 12
            || !digest_start.bytes().all(lower_hex)
            || tag.len() > MAX_TAG
            || Self::parse(tag).is_some()
        {
            return None;
        }
        Some(Self {
            tag: Tag::parse(tag).ok()?,
            at: UtcSeconds::parse_compact(at)?,
            digest_start: digest_start.to_owned(),
        })
    }

    /// Returns the tag under which the commit is kept.
    pub fn name(&self) -> Tag {
        Tag::trusted(self.to_string())
    }

    /// Tells whether the name's digits are the first of this digest: only then is the tag ours.
    pub fn matches(&self, digest: &Digest) -> bool {
        digest.short() == self.digest_start
    }
}

impl std::fmt::Display for CommitTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{PREFIX}{}.{}-{}",
            self.tag,
            self.at.compact(),
            self.digest_start
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_example_of_the_docs() {
        let parsed = CommitTag::parse("_h.v1.20261121t020900z-2e04bfa1e576").unwrap();
        assert_eq!(parsed.tag.as_str(), "v1");
        assert_eq!(parsed.at.rfc3339(), "2026-11-21T02:09:00Z");
        assert_eq!(parsed.digest_start, "2e04bfa1e576");
        assert_eq!(
            parsed.name().as_str(),
            "_h.v1.20261121t020900z-2e04bfa1e576"
        );
    }

    #[test]
    fn is_parsed_from_the_right() {
        let parsed = CommitTag::parse(
            "_h.1.2.3-rc.1-20200101t000000z-abcdef123456.20261121t020900z-2e04bfa1e576",
        )
        .unwrap();
        assert_eq!(
            parsed.tag.as_str(),
            "1.2.3-rc.1-20200101t000000z-abcdef123456"
        );
    }

    #[test]
    fn refuses_every_other_tag() {
        for text in [
            "",
            "v1",
            "_h.",
            "_h",
            "_h.v1",
            "_about",
            "_h.v1.20261121t020900z",
            "_h.v1.20261121t020900z-2e04bfa1e57",
            "_h.v1.20261121t020900z-2e04bfa1e5766",
            "_h.v1.20261121t020900z-2E04BFA1E576",
            "_h.v1.20261121T020900Z-2e04bfa1e576",
            "_h..20261121t020900z-2e04bfa1e576",
            "_h.20261121t020900z-2e04bfa1e576",
            "_h.v1.20261321t020900z-2e04bfa1e576",
            "x_h.v1.20261121t020900z-2e04bfa1e576",
            "_h.-v1.20261121t020900z-2e04bfa1e576",
            "_h._h.v1.20261121t020900z-2e04bfa1e576.20261121t020900z-2e04bfa1e576",
        ] {
            assert_eq!(CommitTag::parse(text), None, "{text}");
        }
    }

    #[test]
    fn is_never_made_for_a_commit_tag_or_a_long_one() {
        let digest = Digest::sha256_of(b"");
        let kept = CommitTag::new(&Tag::parse("v1").unwrap(), UtcSeconds(0), &digest).unwrap();
        assert_eq!(
            CommitTag::new(&kept.name(), UtcSeconds(1), &digest),
            Err(CommitTagError::OfCommitTag)
        );
        let long = |length: usize| Tag::parse(&"a".repeat(length)).unwrap();
        assert_eq!(
            CommitTag::new(&long(MAX_TAG + 1), UtcSeconds(0), &digest),
            Err(CommitTagError::TooLong)
        );
        assert_eq!(
            CommitTag::new(&long(MAX_TAG), UtcSeconds(0), &digest)
                .unwrap()
                .name()
                .as_str()
                .len(),
            128
        );
    }

    #[test]
    fn matches_by_the_first_digits_of_any_algorithm() {
        let digest = Digest::parse(&format!("sha512:{}", "ab".repeat(64))).unwrap();
        let kept = CommitTag::new(&Tag::latest(), UtcSeconds(0), &digest).unwrap();
        assert!(kept.matches(&digest) && !kept.matches(&Digest::sha256_of(b"")));
    }

    proptest! {
        #[test]
        fn round_trips(tag in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,94}", seconds in -62_167_219_200_i64..=253_402_300_799, bytes in any::<u64>()) {
            let digest = Digest::sha256_of(&bytes.to_le_bytes());
            let tag = Tag::parse(&tag).unwrap();
            prop_assume!(CommitTag::parse(tag.as_str()).is_none());
            let kept = CommitTag::new(&tag, UtcSeconds(seconds), &digest).unwrap();
            prop_assert_eq!(CommitTag::parse(kept.name().as_str()), Some(kept.clone()));
            prop_assert!(kept.matches(&digest));
        }

        #[test]
        fn never_panics(text in "(_h\\.)?\\PC{0,60}") {
            let _ = CommitTag::parse(&text);
        }
    }
}
