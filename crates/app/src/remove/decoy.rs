//! The empty manifest that stands in a tag's place for a moment, where a registry deletes by digest only.

use bytes::Bytes;
use oci::{Digest, MediaType, Tag, UtcSeconds};
use std::hash::{BuildHasher, Hasher, RandomState};

/// The config and the layer of a manifest that holds nothing (image-spec, "Guidance for an Empty Descriptor").
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// What a decoy says it is.
const DECOY: &str = "application/vnd.longshore.decoy.v1";

/// A harmless manifest of its own: nothing else has its digest.
pub(super) fn decoy(tag: &Tag, now: i64) -> Bytes {
    let empty = serde_json::json!({
        "mediaType": EMPTY, "digest": Digest::sha256_of(b"{}").as_str(), "size": 2,
    });
    serde_json::json!({
        "schemaVersion": 2,
        "mediaType": MediaType::OciManifest.as_str(),
        "artifactType": DECOY,
        "config": empty,
        "layers": [empty],
        "annotations": {
            "org.opencontainers.image.created": UtcSeconds(now).rfc3339(),
            "org.opencontainers.image.title": format!("Longshore deletes the tag {tag}"),
            "dev.longshore.decoy": unique(),
        },
    })
    .to_string()
    .into()
}

/// 128 bits that nobody else has (the standard library's own randomness).
pub(super) fn unique() -> String {
    let word = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", word(), word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_decoys_are_alike_and_each_is_a_manifest() {
        let tag = Tag::parse("nightly").unwrap();
        let [one, other] = [decoy(&tag, 0), decoy(&tag, 0)];
        assert_ne!(Digest::sha256_of(&one), Digest::sha256_of(&other));
        let read = oci::Manifest::parse(&MediaType::OciManifest, &one).unwrap();
        let oci::Manifest::Image(read) = read else {
            panic!("{read:?}")
        };
        assert_eq!(read.artifact_type.as_deref(), Some(DECOY));
        assert_eq!(read.config.digest, Digest::sha256_of(b"{}"));
    }
}
