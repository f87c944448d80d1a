//! Names of images, after `distribution/reference` (`regexp.go`, `normalize.go`):
//! `[domain/]path[:tag][@digest]`, with `docker.io` and `library/` filled in where they are left out.
//!
//! Two things are stricter than there, because what passes here is connected to: a port is 1 to 65535, and what stands in
//! brackets is an IPv6 address.

mod host;
mod repository;
mod tag;
#[cfg(test)]
mod tests;

pub use host::Host;
pub use repository::RepositoryName;
pub use tag::Tag;

use crate::{Digest, DigestError};

/// The host of names without one.
const DEFAULT_HOST: &str = "docker.io";
/// Another name of the same place, from its first years.
const LEGACY_HOST: &str = "index.docker.io";
/// The namespace of the names without one, at [`DEFAULT_HOST`] only.
const OFFICIAL: &str = "library/";

/// The reason why a text is no reference, or no part of one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Nothing is there.
    #[error("the name is empty")]
    Empty,
    /// 64 hexadecimal digits alone are an image's identifier.
    #[error("64 hexadecimal digits are an image's identifier, not a name")]
    Identifier,
    /// A host that is no host name, address or port.
    #[error("this is no registry host")]
    Host,
    /// A path with upper-case letters.
    #[error("a repository's name is lower case")]
    UpperCase,
    /// A path outside the grammar.
    #[error("this is no repository name")]
    Repository,
    /// A path of more than 255 characters.
    #[error("a repository's name has at most 255 characters")]
    TooLong,
    /// A tag outside the grammar.
    #[error("this is no tag")]
    Tag,
    /// A digest that is none.
    #[error(transparent)]
    Digest(#[from] DigestError),
}

/// A whole name of an image: registry, repository, and a tag or a digest or both or neither.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The registry.
    pub host: Host,
    /// The path inside the registry.
    pub repository: RepositoryName,
    /// The tag, where one was written.
    pub tag: Option<Tag>,
    /// The digest, where one was written; beside a tag it is the digest that decides.
    pub digest: Option<Digest>,
}

impl Reference {
    /// Reads a name as people and engines write it, and fills in what they leave out.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if text.len() == 64
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return Err(ReferenceError::Identifier);
        }
        let (host, rest) = split_host(text);
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => (rest, Some(Digest::parse(digest)?)),
            None => (rest, None),
        };
        let (path, tag) = match rest.split_once(':') {
            Some((path, tag)) => (path, Some(Tag::parse(tag)?)),
            None => (rest, None),
        };
        let path = if host == DEFAULT_HOST && !path.is_empty() && !path.contains('/') {
            format!("{OFFICIAL}{path}")
        } else {
            path.to_owned()
        };
        Ok(Self {
            host: Host::parse(host)?,
            repository: RepositoryName::parse(&path)?,
            tag,
            digest,
        })
    }

    /// Returns the short form people know: without `docker.io/` and `docker.io/library/`.
    pub fn familiar(&self) -> String {
        let path = self.repository.as_str();
        let name = if self.host.as_str() == DEFAULT_HOST {
            // Only a name of one part: `library/a/b` would come back as `a/b`, which is another repository.
            path.strip_prefix(OFFICIAL)
                .filter(|name| !name.contains('/'))
                .unwrap_or(path)
                .to_owned()
        } else {
            format!("{}/{path}", self.host)
        };
        let short = format!("{name}{}", self.suffix());
        // A namespace that looks like a host, and a name of 64 digits, would come back as something else.
        if Self::parse(&short).as_ref() == Ok(self) {
            short
        } else {
            self.to_string()
        }
    }

    fn suffix(&self) -> String {
        let tag = self
            .tag
            .as_ref()
            .map(|tag| format!(":{tag}"))
            .unwrap_or_default();
        let digest = self
            .digest
            .as_ref()
            .map(|digest| format!("@{digest}"))
            .unwrap_or_default();
        format!("{tag}{digest}")
    }
}

/// Splits off the first part where it is a host: `localhost`, or a part with a dot, a colon or an upper-case letter.
fn split_host(text: &str) -> (&str, &str) {
    match text.split_once('/') {
        Some((first, rest))
            if first == "localhost"
                || first.contains(['.', ':'])
                || first.bytes().any(|b| b.is_ascii_uppercase()) =>
        {
            (
                if first == LEGACY_HOST {
                    DEFAULT_HOST
                } else {
                    first
                },
                rest,
            )
        }
        _ => (DEFAULT_HOST, text),
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}{}", self.host, self.repository, self.suffix())
    }
}

impl std::str::FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
