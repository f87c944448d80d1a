//! A blob of one registry as what is sent to another.
//!
//! Not here: reading a blob (`blob_reader`), and sending it (`uploads`). It need not grow.

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use oci::Descriptor;
use std::io;

use crate::blob_reader::BlobReader;
use crate::body::{Bytestream, Source};
use crate::registry::Repository;

impl Repository {
    /// Makes a source of a blob, for an upload elsewhere. Its last piece is given only when the whole is verified, so that no
    /// other bytes are ever sent on as a whole.
    pub fn blob_source(&self, descriptor: &Descriptor) -> Source {
        let (repository, descriptor) = (self.clone(), descriptor.clone());
        Source::new(descriptor.size, move |offset| {
            let (repository, descriptor) = (repository.clone(), descriptor.clone());
            async move {
                let reader = repository.blob_at(&descriptor, offset).await;
                Ok(one_late(reader.map_err(io::Error::other)?))
            }
        })
    }
}

/// Gives each piece when the one after it has come, and the last one at the end.
fn one_late(reader: BlobReader) -> Bytestream {
    let pieces = stream::try_unfold((reader, None), |(mut reader, held)| async move {
        let mut held: Option<Bytes> = held;
        loop {
            let next = reader.next().await.map_err(io::Error::other)?;
            let ended = next.is_none();
            match std::mem::replace(&mut held, next) {
                Some(piece) => return Ok(Some((piece, (reader, held)))),
                None if ended => return Ok(None),
                None => {}
            }
        }
    });
    pieces.boxed()
}
