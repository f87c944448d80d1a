//! How a manifest is named inside its repository, and what a registry says of one.
//!
//! Not here: asking (`manifests`). Grows by what else a registry tells of a manifest.

use bytes::Bytes;
use oci::{Digest, Manifest, MediaType, Tag, UtcSeconds};

/// How a manifest is named inside its repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// By a tag, which may move.
    Tag(Tag),
    /// By its digest, which says what it is.
    Digest(Digest),
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tag(tag) => tag.fmt(f),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}

/// What something points at, by the registry's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The manifest's digest.
    pub digest: Digest,
    /// Its type.
    pub media_type: MediaType,
    /// Its length in bytes, where the registry says it.
    pub size: Option<u64>,
    /// The registry's clock at the answer.
    pub date: Option<UtcSeconds>,
}

/// A manifest, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its digest.
    pub digest: Digest,
    /// Its type.
    pub media_type: MediaType,
    /// Its bytes, as they are stored.
    pub bytes: Bytes,
    /// What they say.
    pub manifest: Manifest,
    /// The registry's clock at the answer.
    pub date: Option<UtcSeconds>,
}

/// A manifest that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// Its digest.
    pub digest: Digest,
    /// The registry's clock at the answer.
    pub date: Option<UtcSeconds>,
}
