//! Blobs that are small enough to hold: configs, and what our own manifests need. Layers are the engine's business.

use bytes::Bytes;
use http::{Method, header};
use oci::{Descriptor, Digest, MediaType};

use crate::body::Body;
use crate::endpoint;
use crate::error::{Error, Kind, found};
use crate::limits::MANIFEST_LIMIT;
use crate::registry::Repository;

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
    Ok(found(repository.host.send(&call).await)?.is_some())
}

/// Stores a small blob where it is not there yet (distribution-spec, "Pushing blobs": POST, then PUT).
async fn put(repository: &Repository, bytes: Bytes) -> Result<Digest, Error> {
    let digest = Digest::sha256_of(&bytes);
    if exists(repository, &digest).await? {
        return Ok(digest);
    }
    let scope = ["pull", "push"];
    let start = repository.call(Method::POST, "blobs/uploads/", &scope, MANIFEST_LIMIT)?;
    let answer = repository.host.send(&start).await?;
    let location = answer
        .header(header::LOCATION)
        .ok_or_else(|| answer.malformed("an upload without an address"))?;
    let mut url = endpoint::goes_on_at(repository.host.base(), &start.url, location)
        .map_err(|kind| Error::new(kind, answer.request.clone()))?;
    // What the registry put into the query stays: it may hold the state of the upload.
    url.query_pairs_mut().append_pair("digest", digest.as_str());
    let mut call = repository.call(Method::PUT, "blobs/uploads/", &scope, MANIFEST_LIMIT)?;
    call.url = url;
    let media_type = MediaType::Other("application/octet-stream".to_owned());
    call.body = Body::Whole(media_type, bytes);
    match repository.host.send(&call).await {
        Ok(_) => Ok(digest),
        // One that arrived before its answer broke off is no longer an upload when it is sent again.
        Err(_) if matches!(exists(repository, &digest).await, Ok(true)) => Ok(digest),
        Err(error) => Err(error),
    }
}
