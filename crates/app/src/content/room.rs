//! The room itself, and a manifest as it knows it.

use crate::ground::Ground;
use bytes::Bytes;
use oci::{Manifest, MediaType};
use std::sync::Arc;

/// What content addressing proves never to change, and whether a registry still has it.
pub(crate) struct Content {
    pub(super) ground: Arc<Ground>,
}

impl Content {
    pub fn new(ground: &Arc<Ground>) -> Self {
        Self {
            ground: Arc::clone(ground),
        }
    }
}

/// A manifest with its exact bytes.
#[derive(Clone)]
pub(crate) struct KnownManifest {
    pub media_type: MediaType,
    pub bytes: Bytes,
    pub manifest: Manifest,
}
