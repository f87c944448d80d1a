//! Blobs that are small enough to hold, read whole: configs.
//!
//! Not here: layers (`blob_reader`, `uploads`), storing one (`small_upload`). It need not grow.

use bytes::Bytes;
use http::Method;
use oci::{Descriptor, Digest};

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
    let answer = match repository.host.send(&call).await {
        Err(error) if error.kind == Kind::Denied => return begins(repository, digest).await,
        answer => found(answer)?,
    };
    match &answer {
        Some(answer) if answer.own && answer.is_page() => {
            Err(answer.malformed("a page instead of a blob"))
        }
        _ => Ok(answer.is_some()),
    }
}

/// Tells whether a blob is given, without reading it: Amazon's public gallery refuses to HEAD what it gives to GET
/// (aws/containers-roadmap#2671).
async fn begins(repository: &Repository, digest: &Digest) -> Result<bool, Error> {
    let call = repository.call(
        Method::GET,
        &format!("blobs/{digest}"),
        &["pull"],
        MANIFEST_LIMIT,
    )?;
    match found(repository.host.open(&call).await)? {
        Some(reply) if reply.own && reply.is_html() => {
            let request = format!("GET {}", call.url.path());
            Err(Error::new(Kind::NotARegistry, request).with_status(reply.status))
        }
        reply => Ok(reply.is_some()),
    }
}
