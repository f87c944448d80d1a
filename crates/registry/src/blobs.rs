//! Blobs that are small enough to hold: configs, and what our own manifests need.
//!
//! Not here: layers (`blob_reader`, `uploads`). It need not grow.

use bytes::Bytes;
use http::Method;
use oci::{Descriptor, Digest, MediaType};

use crate::body::Body;
use crate::error::{Error, Kind, found};
use crate::limits::MANIFEST_LIMIT;
use crate::registry::Repository;
use crate::uploads::{Committed, Started};

impl Repository {
    /// Fetches a small blob as a whole, verified: configs. Redirects are followed, without the sign-in.
    pub async fn small_blob(&self, descriptor: &Descriptor) -> Result<Bytes, Error> {
        small(self, descriptor).await
    }

    /// Asks whether a blob is there.
    pub async fn has_blob(&self, digest: &Digest) -> Result<bool, Error> {
        exists(self, digest).await
    }

    /// Stores a small blob, where it is not there yet, and returns its digest (distribution-spec, "Pushing blobs").
    pub async fn put_blob(&self, bytes: impl Into<Bytes>) -> Result<Digest, Error> {
        put(self, bytes.into()).await
    }
}

async fn small(repository: &Repository, descriptor: &Descriptor) -> Result<Bytes, Error> {
    let call = repository.call(
        Method::GET,
        &format!("blobs/{}", descriptor.digest),
        &["pull"],
        MANIFEST_LIMIT,
    )?;
    if descriptor.size > MANIFEST_LIMIT {
        return Err(Error::new(
            Kind::TooLarge {
                limit: MANIFEST_LIMIT,
            },
            format!("GET {}", call.url.path()),
        ));
    }
    let answer = repository.host.send(&call).await?;
    if !descriptor.digest.verify(&answer.bytes) {
        let got = descriptor.digest.again(&answer.bytes);
        let kind = if answer.is_page() {
            Kind::NotARegistry
        } else {
            Kind::Digest {
                expected: descriptor.digest.clone(),
                got,
            }
        };
        return Err(Error::new(kind, answer.request.clone()).with_status(answer.status));
    }
    Ok(answer.bytes)
}

async fn exists(repository: &Repository, digest: &Digest) -> Result<bool, Error> {
    let call = repository.call(
        Method::HEAD,
        &format!("blobs/{digest}"),
        &["pull"],
        MANIFEST_LIMIT,
    )?;
    let answer = found(repository.host.send(&call).await)?;
    match &answer {
        Some(answer) if answer.own && answer.is_page() => {
            Err(answer.malformed("a page instead of a blob"))
        }
        _ => Ok(answer.is_some()),
    }
}

/// Stores a small blob where it is not there yet, by POST and one PUT.
async fn put(repository: &Repository, bytes: Bytes) -> Result<Digest, Error> {
    let digest = Digest::sha256_of(&bytes);
    if exists(repository, &digest).await? {
        return Ok(digest);
    }
    let Started::Upload(upload) = repository.start_upload(None).await? else {
        return Ok(digest);
    };
    let media_type = MediaType::Other("application/octet-stream".to_owned());
    let body = Body::Whole(media_type, bytes);
    match repository.end(&upload, &digest, body).await? {
        Committed::Stored => Ok(digest),
        Committed::Forgotten => {
            let request = format!("PUT /v2/{}/blobs/uploads/…", repository.name);
            Err(Error::new(Kind::NotFound, request).with_status(404))
        }
    }
}
