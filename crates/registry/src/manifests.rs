//! Manifests: asked for, fetched, stored, removed. No digest is believed that can be computed.

use bytes::Bytes;
use http::{Method, header};
use oci::{Digest, Manifest, ManifestError, MediaType};

use crate::body::Body;
use crate::error::{Error, Kind, found};
use crate::limits::MANIFEST_LIMIT;
use crate::named::{At, Fetched, Head, Put};
use crate::registry::Repository;
use crate::transport::Answer;

/// The header with a manifest's digest. SHOULD in distribution-spec 1.1, so it may be missing.
const DIGEST_HEADER: &str = "docker-content-digest";

impl Repository {
    /// Asks what a tag or digest points at, without fetching it where the registry tells it so; `None` where there is nothing.
    pub async fn head(&self, at: &At) -> Result<Option<Head>, Error> {
        head(self, at, Known::Nothing).await
    }

    /// Asks the same of what should be there: that it is not is believed only where it can't be fetched either.
    pub async fn head_of_known(&self, at: &At) -> Result<Option<Head>, Error> {
        head(self, at, Known::There).await
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

/// What is known of something before it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// Nothing.
    Nothing,
    /// It was there the last time.
    There,
}

async fn head(repository: &Repository, at: &At, known: Known) -> Result<Option<Head>, Error> {
    let heads = &repository.host.heads;
    if !heads.are_useful() {
        return by_fetching(repository, at).await;
    }
    let mut call = repository.call(
        Method::HEAD,
        &format!("manifests/{at}"),
        &["pull"],
        MANIFEST_LIMIT,
    )?;
    call.accept = Some(MediaType::ACCEPT);
    match repository.host.send(&call).await {
        Ok(answer) => {
            if let Some(head) = told(&answer, at) {
                heads.found(&repository.name, at);
                if let At::Tag(tag) = at {
                    heads.is_there(&repository.name, &At::Digest(head.digest.clone()));
                    heads.promise(&repository.name, tag, &head.digest);
                }
                return Ok(Some(head));
            }
            let found = by_fetching(repository, at).await?;
            if found.is_some() {
                heads.was_odd(&repository.name, at);
            }
            Ok(found)
        }
        Err(error) if error.kind == Kind::NotFound => {
            if known == Known::Nothing && heads.may_say_gone(&repository.name, at) {
                return Ok(None);
            }
            let found = by_fetching(repository, at).await?;
            match found {
                Some(_) => heads.lied(&repository.name, at),
                None => heads.agreed(&repository.name, at),
            }
            Ok(found)
        }
        Err(error) if is_of_the_method(&error, repository) => {
            let found = by_fetching(repository, at).await;
            match found {
                // That it does not serve HEAD is said of all.
                Ok(Some(_)) if error.kind == Kind::Unsupported => heads.are_useless(),
                Ok(_) => heads.was_odd(&repository.name, at),
                // What was not answered was not refused.
                Err(ref error) if error.was_not_answered() => {}
                Err(_) => heads.refused_alike(),
            }
            found
        }
        Err(error) => Err(error),
    }
}

/// Tells whether a refusal may be one of HEAD alone. A sign-in that was refused is not tried again but once: some registries lock
/// an account that is wrong too often.
fn is_of_the_method(error: &Error, repository: &Repository) -> bool {
    match error.kind {
        Kind::Unsupported => true,
        Kind::Refused | Kind::Denied | Kind::SignIn => {
            error.request.starts_with("HEAD ") && repository.host.heads.may_be_refused_alone()
        }
        _ => false,
    }
}

/// Reads what an answer to HEAD tells; none where GET has to.
fn told(answer: &Answer, at: &At) -> Option<Head> {
    let digest = match (promised(answer).ok()?, at) {
        (Some(digest), At::Digest(expected)) if digest != *expected => return None,
        (Some(digest), _) => digest,
        // That it is there is all that was asked.
        (None, At::Digest(expected)) => expected.clone(),
        (None, At::Tag(_)) => return None,
    };
    let media_type = answer
        .content_type()
        .filter(|media_type| !media_type.is_vague() && !answer.is_page())?;
    let size = answer
        .header(header::CONTENT_LENGTH)
        .and_then(|length| length.parse().ok());
    Some(Head {
        digest,
        media_type,
        size,
        date: answer.date(),
    })
}

/// Fetches a manifest to learn from its bytes what the headers do not say.
async fn by_fetching(repository: &Repository, at: &At) -> Result<Option<Head>, Error> {
    let Some(verified) = found(verified(repository, at).await)? else {
        return Ok(None);
    };
    // What can't be read has a digest all the same, where it is the registry's own.
    if let (false, Err(error)) = (verified.is_told, &verified.read) {
        return Err(verified.answer.malformed(error.to_string()));
    }
    repository.host.heads.is_there(&repository.name, at);
    Ok(Some(Head {
        size: u64::try_from(verified.answer.bytes.len()).ok(),
        date: verified.answer.date(),
        media_type: match verified.read {
            Ok((media_type, _)) => media_type,
            Err(_) => verified.sent,
        },
        digest: verified.digest,
    }))
}

/// A manifest whose bytes are the ones of its digest.
struct Verified {
    answer: Answer,
    digest: Digest,
    /// The digest was asked for, or told by the registry, and not only computed.
    is_told: bool,
    /// The type it was sent as.
    sent: MediaType,
    /// What it is.
    read: Result<(MediaType, Manifest), ManifestError>,
}

async fn get(repository: &Repository, at: &At) -> Result<Fetched, Error> {
    let verified = match verified(repository, at).await {
        Ok(verified) => verified,
        Err(error) => {
            if let (Kind::NotFound | Kind::Digest { .. }, At::Digest(digest)) = (&error.kind, at) {
                doubt(repository, digest).await;
            }
            return Err(error);
        }
    };
    let (media_type, manifest) = verified
        .read
        .map_err(|error| verified.answer.malformed(error.to_string()))?;
    repository.host.heads.is_there(&repository.name, at);
    Ok(Fetched {
        digest: verified.digest,
        media_type,
        date: verified.answer.date(),
        bytes: verified.answer.bytes,
        manifest,
    })
}

/// Asks both ways about a tag that HEAD said points at what isn't there: where they still differ, GET is asked from now on.
async fn doubt(repository: &Repository, digest: &Digest) {
    let heads = &repository.host.heads;
    let Some(tag) = heads.promised(&repository.name, digest) else {
        return;
    };
    let at = At::Tag(tag);
    let (Ok(Some(by_head)), Ok(Some(by_get))) = (
        head(repository, &at, Known::Nothing).await,
        by_fetching(repository, &at).await,
    ) else {
        return;
    };
    if by_head.digest == *digest && by_get.digest != *digest {
        heads.are_useless();
    }
}

async fn verified(repository: &Repository, at: &At) -> Result<Verified, Error> {
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
    let sent = answer
        .content_type()
        .unwrap_or_else(|| MediaType::Other(String::new()));
    let read = Manifest::read(&sent, &answer.bytes);
    let media_type = read.as_ref().map_or(&sent, |(media_type, _)| media_type);
    // Of a signed manifest of the old format the digest is that of what was signed.
    let bytes = oci::signed_bytes(media_type, &answer.bytes);
    for claimed in [&expected, &promised].into_iter().flatten() {
        if !claimed.verify(&bytes) {
            let got = claimed.again(&bytes);
            return Err(mismatch(&answer, claimed.clone(), got));
        }
    }
    let is_told = expected.is_some();
    let digest = expected.unwrap_or_else(|| Digest::sha256_of(&bytes));
    drop(bytes);
    Ok(Verified {
        answer,
        digest,
        is_told,
        sent,
        read,
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
        && !expected.verify(&oci::signed_bytes(media_type, &bytes))
    {
        return Err(Error::new(
            Kind::Digest {
                expected: expected.clone(),
                got: expected.again(&oci::signed_bytes(media_type, &bytes)),
            },
            request,
        ));
    }
    call.body = Body::Whole(media_type.clone(), bytes.clone());
    let answer = repository.host.send(&call).await?;
    // The status has said that it is stored; the receipt may be a page (Quay), or anything. What it is stored as is told by the
    // header, and asked for where that is missing or makes no sense.
    let is_ours = |digest: &Digest| digest.verify(&oci::signed_bytes(media_type, &bytes));
    let told = promised(&answer).ok().flatten();
    let stored = match told {
        Some(digest) if is_ours(&digest) => digest,
        Some(other) => match get(repository, at).await {
            Ok(fetched) if is_ours(&fetched.digest) => fetched.digest,
            _ => other,
        },
        None => match head(repository, at, Known::There).await? {
            Some(head) => head.digest,
            None => return Err(answer.malformed("what was stored is not there")),
        },
    };
    if !is_ours(&stored) {
        let expected = stored.again(&oci::signed_bytes(media_type, &bytes));
        return Err(mismatch(&answer, expected, stored));
    }
    repository.host.heads.is_there(&repository.name, at);
    Ok(Put {
        digest: stored,
        date: answer.date(),
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

/// Reads the digest in the header. Text that is no digest is an error, not an absence; no text at all is one.
fn promised(answer: &Answer) -> Result<Option<Digest>, Error> {
    match answer.headers.get(DIGEST_HEADER) {
        None => Ok(None),
        Some(value) if value.is_empty() => Ok(None),
        Some(value) => value
            .to_str()
            .ok()
            .and_then(|text| Digest::parse(text).ok())
            .map(Some)
            .ok_or_else(|| answer.malformed("the digest in the answer is none")),
    }
}

fn mismatch(answer: &Answer, expected: Digest, got: Digest) -> Error {
    Error::new(Kind::Digest { expected, got }, answer.request.clone()).with_status(answer.status)
}
