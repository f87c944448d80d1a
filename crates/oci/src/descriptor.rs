//! Descriptors: how one piece of content names another (image-spec `descriptor.md`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::{Digest, MediaType, Platform, annotations, platform};

/// The type, digest and size of a piece of content, and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// The type of the content.
    pub media_type: MediaType,
    /// Its digest.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
    /// The platform it runs on, in an index, where it says one. Go writes empty texts where nothing is known: those are none.
    #[serde(
        default,
        deserialize_with = "platform::lenient",
        skip_serializing_if = "Option::is_none"
    )]
    pub platform: Option<Platform>,
    /// The annotations.
    #[serde(
        default,
        deserialize_with = "annotations::lenient",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub annotations: BTreeMap<String, String>,
}

impl Descriptor {
    /// Tells whether this entry of an index is an attestation (provenance, SBOM) rather than an image: marked as one, or for an
    /// unknown platform in those words. One that says no platform is an image.
    pub fn is_attestation(&self) -> bool {
        self.platform.as_ref().is_some_and(Platform::is_unknown)
            || self
                .annotations
                .get("vnd.docker.reference.type")
                .is_some_and(|kind| kind == "attestation-manifest")
    }
}
