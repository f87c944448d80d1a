//! Storing a blob that is small enough to hold: what our own manifests need.
//!
//! Not here: layers, in chunks (`uploads`). It need not grow.

use bytes::Bytes;
use oci::{Digest, MediaType};

use crate::body::Body;
use crate::error::{Error, Kind};
use crate::registry::Repository;
use crate::uploads::{Committed, Started};

impl Repository {
    /// Stores a small blob, where it is not there yet, and returns its digest (distribution-spec, "Pushing blobs").
    pub async fn put_blob(&self, bytes: impl Into<Bytes>) -> Result<Digest, Error> {
        put(self, bytes.into()).await
    }
}

/// Stores a small blob where it is not there yet, by POST and one PUT.
async fn put(repository: &Repository, bytes: Bytes) -> Result<Digest, Error> {
    let digest = Digest::sha256_of(&bytes);
    if repository.has_blob(&digest).await? {
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
