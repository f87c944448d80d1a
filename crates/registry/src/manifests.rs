//! Manifests: asked for, fetched, stored, removed. No digest is believed that can be computed.

use bytes::Bytes;
use http::{Method, header};
use oci::{Digest, Manifest, MediaType, Tag, UtcSeconds};
use serde::Deserialize;

use crate::body::Body;
use crate::error::{Error, Kind, found};
use crate::limits::MANIFEST_LIMIT;
use crate::registry::Repository;
use crate::transport::Answer;

/// The header with a manifest's digest. SHOULD in distribution-spec 1.1, so it may be missing.
const DIGEST_HEADER: &str = "docker-content-digest";

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

impl Repository {
    /// Asks what a tag or digest points at, without fetching it; `None` where there is nothing.
    pub async fn head(&self, at: &At) -> Result<Option<Head>, Error> {
        head(self, at).await
    }

    /// Fetches a manifest with its bytes, verified (distribution-spec, "Pulling manifests").
    pub async fn manifest(&self, at: &At) -> Result<Fetched, Error> {
        get(self, at).await
    }

    /// Stores a manifest byte for byte, and checks that the registry took it for what it is (distribution-spec, "Pushing
    /// manifests").
    pub async fn put_manifest(
        &self,
        at: &At,
        media_type: &MediaType,
        bytes: Bytes,
    ) -> Result<Put, Error> {
        put(self, at, media_type, bytes).await
    }

    /// Removes a tag or a manifest (distribution-spec, "Content Management"). `Kind::Unsupported` where deleting is off.
    pub async fn delete(&self, at: &At) -> Result<(), Error> {
        delete(self, at).await
    }
}

async fn head(repository: &Repository, at: &At) -> Result<Option<Head>, Error> {
    let mut call = repository.call(
        Method::HEAD,
        &format!("manifests/{at}"),
        &["pull"],
        MANIFEST_LIMIT,
    )?;
    call.accept = Some(MediaType::ACCEPT);
    let answer = match repository.host.send(&call).await {
        Ok(answer) => answer,
        // HEAD is not served everywhere.
        Err(error) if error.kind == Kind::Unsupported => return by_fetching(repository, at).await,
        Err(error) => return found(Err(error)),
    };
    if answer.is_page() {
        return Err(answer.malformed("a page instead of a manifest"));
    }
    let (Some(digest), Some(media_type)) = (promised(&answer)?, answer.content_type()) else {
        return by_fetching(repository, at).await;
    };
    if let At::Digest(expected) = at
        && *expected != digest
    {
        return Err(mismatch(&answer, expected.clone(), digest));
    }
    let size = answer
        .header(header::CONTENT_LENGTH)
        .and_then(|length| length.parse().ok());
    Ok(Some(Head {
        digest,
        media_type,
        size,
        date: answer.date(),
    }))
}

/// Fetches a manifest to learn from its bytes what the headers do not say.
async fn by_fetching(repository: &Repository, at: &At) -> Result<Option<Head>, Error> {
    let fetched = found(get(repository, at).await)?;
    Ok(fetched.map(|fetched| Head {
        digest: fetched.digest,
        media_type: fetched.media_type,
        size: u64::try_from(fetched.bytes.len()).ok(),
        date: fetched.date,
    }))
}

async fn get(repository: &Repository, at: &At) -> Result<Fetched, Error> {
    let mut call = repository.call(
        Method::GET,
        &format!("manifests/{at}"),
        &["pull"],
        MANIFEST_LIMIT,
    )?;
    call.accept = Some(MediaType::ACCEPT);
    let answer = repository.host.send(&call).await?;
    if answer.is_page() {
        return Err(answer.malformed("a page instead of a manifest"));
    }
    let promised = promised(&answer)?;
    let expected = match at {
        At::Digest(digest) => Some(digest.clone()),
        At::Tag(_) => promised.clone(),
    };
    for claimed in [&expected, &promised].into_iter().flatten() {
        if !claimed.verify(&answer.bytes) {
            let got = claimed.again(&answer.bytes);
            return Err(mismatch(&answer, claimed.clone(), got));
        }
    }
    let digest = expected.unwrap_or_else(|| Digest::sha256_of(&answer.bytes));
    let media_type = media_type(&answer);
    let manifest = Manifest::parse(&media_type, &answer.bytes)
        .map_err(|error| answer.malformed(error.to_string()))?;
    Ok(Fetched {
        digest,
        media_type,
        date: answer.date(),
        bytes: answer.bytes,
        manifest,
    })
}

async fn put(
    repository: &Repository,
    at: &At,
    media_type: &MediaType,
    bytes: Bytes,
) -> Result<Put, Error> {
    let mut call = repository.call(
        Method::PUT,
        &format!("manifests/{at}"),
        &["pull", "push"],
        MANIFEST_LIMIT,
    )?;
    let request = format!("PUT {}", call.url.path());
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MANIFEST_LIMIT) {
        return Err(Error::new(
            Kind::TooLarge {
                limit: MANIFEST_LIMIT,
            },
            request,
        ));
    }
    if let At::Digest(expected) = at
        && !expected.verify(&bytes)
    {
        return Err(Error::new(
            Kind::Digest {
                expected: expected.clone(),
                got: expected.again(&bytes),
            },
            request,
        ));
    }
    call.body = Body::Whole(media_type.clone(), bytes.clone());
    let answer = repository.host.send(&call).await?;
    if answer.is_page() {
        return Err(answer.malformed("a page instead of a receipt"));
    }
    let date = answer.date();
    let stored = match promised(&answer)? {
        Some(digest) => digest,
        // It does not say what it stored: then it is asked.
        None => match head(repository, at).await? {
            Some(head) => head.digest,
            None => return Err(answer.malformed("what was stored is not there")),
        },
    };
    if !stored.verify(&bytes) {
        let expected = stored.again(&bytes);
        return Err(mismatch(&answer, expected, stored));
    }
    Ok(Put {
        digest: stored,
        date,
    })
}

async fn delete(repository: &Repository, at: &At) -> Result<(), Error> {
    let call = repository.call(
        Method::DELETE,
        &format!("manifests/{at}"),
        &["pull", "delete"],
        MANIFEST_LIMIT,
    )?;
    repository.host.send(&call).await.map(|_| ())
}

/// Reads the digest in the header. Text that is no digest is an error, not an absence.
fn promised(answer: &Answer) -> Result<Option<Digest>, Error> {
    match answer.headers.get(DIGEST_HEADER) {
        None => Ok(None),
        Some(value) => value
            .to_str()
            .ok()
            .and_then(|text| Digest::parse(text).ok())
            .map(Some)
            .ok_or_else(|| answer.malformed("the digest in the answer is none")),
    }
}

/// Reads the type from `Content-Type`, or from the body where the header says nothing about manifests.
fn media_type(answer: &Answer) -> MediaType {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Says {
        media_type: Option<MediaType>,
    }
    let sent = answer.content_type();
    let vague = match &sent {
        None => true,
        Some(MediaType::Other(other)) => matches!(
            other.as_str(),
            "" | "application/json" | "application/octet-stream" | "text/plain"
        ),
        Some(_) => false,
    };
    let says = || {
        serde_json::from_slice::<Says>(&answer.bytes)
            .ok()
            .and_then(|says| says.media_type)
    };
    let sent = sent.unwrap_or_else(|| MediaType::Other(String::new()));
    if vague { says().unwrap_or(sent) } else { sent }
}

fn mismatch(answer: &Answer, expected: Digest, got: Digest) -> Error {
    Error::new(Kind::Digest { expected, got }, answer.request.clone()).with_status(answer.status)
}
