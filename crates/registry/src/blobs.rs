//! Blobs that are small enough to hold: configs. Layers are the engine's business.

use bytes::Bytes;
use http::Method;
use oci::{Descriptor, Digest};

use crate::registry::found;
use crate::{Error, Kind, MANIFEST_LIMIT, Repository};

pub(crate) async fn small(
    repository: &Repository,
    descriptor: &Descriptor,
) -> Result<Bytes, Error> {
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
        return Err(Error::new(kind, answer.request).with_status(answer.status));
    }
    Ok(answer.bytes)
}

pub(crate) async fn exists(repository: &Repository, digest: &Digest) -> Result<bool, Error> {
    let call = repository.call(
        Method::HEAD,
        &format!("blobs/{digest}"),
        &["pull"],
        MANIFEST_LIMIT,
    )?;
    Ok(found(repository.host.send(&call).await)?.is_some())
}
