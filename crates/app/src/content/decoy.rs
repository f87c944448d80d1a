//! The empty manifest that stands in a tag's place for a moment, where a registry deletes by digest only.
//!
//! A crash may leave one, and another computer may see one while it stands there: it is told by its artifact type, so
//! that nobody takes it for somebody's commit. Not here: when it is written (`removal`).

use super::room::KnownManifest;
use crate::words;
use bytes::Bytes;
use oci::{Digest, Manifest, MediaType, Tag, UtcSeconds};
use registry::Head;

/// The artifact type of a decoy.
const DECOY: &str = "application/vnd.longshore.decoy.v1";
/// Since when it stands there (image-spec, "Pre-Defined Annotation Keys").
const CREATED: &str = "org.opencontainers.image.created";
/// The config and the layer of a manifest that holds nothing (image-spec, "Guidance for an Empty Descriptor").
const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// Makes a harmless manifest of its own: nothing else has its digest. Of one tag all have one length.
pub(crate) fn decoy(tag: &Tag, now: i64) -> Bytes {
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
            CREATED: UtcSeconds(now).rfc3339(),
            "org.opencontainers.image.title": words::content::decoy(tag).text(),
            "dev.longshore.decoy": unique(),
        },
    })
    .to_string()
    .into()
}

/// Returns 128 bits by chance, as 32 hex digits: nobody else has them.
pub(crate) fn unique() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// Tells whether what a HEAD for a tag says can be a decoy, by its type and length. A length that is not told may be any.
pub(crate) fn may_be_decoy(tag: &Tag, head: &Head) -> bool {
    let length = || u64::try_from(decoy(tag, 0).len()).unwrap_or(u64::MAX);
    head.media_type == MediaType::OciManifest && head.size.is_none_or(|size| size == length())
}

impl KnownManifest {
    /// Returns since when it stands in a tag's place while Longshore takes the tag away (seconds, UTC); none: it is no
    /// decoy. One without a time that can be read stands there since ever.
    pub fn decoy_since(&self) -> Option<i64> {
        let Manifest::Image(image) = &self.manifest else {
            return None;
        };
        if image.artifact_type.as_deref() != Some(DECOY) {
            return None;
        }
        let created = image.annotations.get(CREATED);
        Some(
            created
                .and_then(|at| UtcSeconds::parse_rfc3339(at))
                .map_or(0, |at| at.0),
        )
    }
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

    #[test]
    fn a_decoy_is_told_by_its_length_and_then_by_its_type() {
        let tag = Tag::parse("nightly").unwrap();
        let bytes = decoy(&tag, 1_795_270_140);
        let head = |size| Head {
            digest: Digest::sha256_of(&bytes),
            media_type: MediaType::OciManifest,
            size,
            date: None,
        };
        let length = u64::try_from(bytes.len()).unwrap();
        assert!(may_be_decoy(&tag, &head(Some(length))) && may_be_decoy(&tag, &head(None)));
        assert!(!may_be_decoy(&tag, &head(Some(length + 1))));
        let known = |bytes: &[u8]| KnownManifest {
            media_type: MediaType::OciManifest,
            bytes: bytes.to_vec().into(),
            manifest: Manifest::parse(&MediaType::OciManifest, bytes).unwrap(),
        };
        assert!(known(&bytes).decoy_since() == Some(1_795_270_140));
        let other = String::from_utf8(bytes.to_vec()).unwrap();
        let other = other.replace(DECOY, "application/vnd.example.v1");
        assert!(known(other.as_bytes()).decoy_since().is_none());
    }
}
