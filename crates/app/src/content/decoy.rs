//! The empty manifest that stands in a tag's place for a moment, where a registry deletes by digest only.
//!
//! A crash may leave one, and another computer may see one while it stands there: it is told by what it says and by holding
//! nothing, so that nobody takes it for somebody's commit. Not here: when it is written (`removal`).

use super::empty::{Annotations, Shape, says_only};
use super::room::KnownManifest;
use crate::words;
use bytes::Bytes;
use oci::{Manifest, MediaType, Tag, UtcSeconds};
use registry::Head;

/// The artifact type of the first decoys.
const TYPE: &str = "application/vnd.longshore.decoy.v1";
/// What tells a decoy: 128 bits by chance.
pub(super) const DECOY: &str = "dev.longshore.decoy";
/// Since when it stands there (image-spec, "Pre-Defined Annotation Keys").
const CREATED: &str = "org.opencontainers.image.created";
/// What it is for, in words.
const TITLE: &str = "org.opencontainers.image.title";

/// Makes a harmless manifest of its own: nothing else has its digest. Of one tag and form all have one length.
pub(crate) fn decoy(tag: &Tag, now: i64, shape: Shape) -> Bytes {
    let says = [
        (CREATED, UtcSeconds(now).rfc3339()),
        (TITLE, words::content::decoy(tag).text()),
        (DECOY, unique()),
    ];
    let says: Annotations = says.map(|(key, text)| (key.to_owned(), text)).into();
    shape.write(&says)
}

/// Returns 128 bits by chance, as 32 hex digits: nobody else has them.
pub(crate) fn unique() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// Tells whether what a HEAD for a tag says can be a decoy, by its type and length. A length that is not told may be any.
pub(crate) fn may_be_decoy(tag: &Tag, head: &Head) -> bool {
    let of_one = |size: u64| {
        let empty = length(&decoy(tag, 0, Shape::Empty));
        // The first decoys had one field more.
        let field = length(format!(r#""artifactType":"{TYPE}","#).as_bytes());
        let image = length(&decoy(tag, 0, Shape::Image));
        [empty, empty + field, image].contains(&size)
    };
    head.media_type == MediaType::OciManifest && head.size.is_none_or(of_one)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Tells whether a manifest is a decoy.
pub(crate) fn is_decoy(manifest: &Manifest) -> bool {
    says_only(manifest).is_some_and(|image| match image.artifact_type.as_deref() {
        None => image.annotations.contains_key(DECOY),
        Some(of) => of == TYPE,
    })
}

impl KnownManifest {
    /// Returns since when it stands in a tag's place while Longshore takes the tag away (seconds, UTC); none: it is no
    /// decoy. One without a time that can be read stands there since ever.
    pub fn decoy_since(&self) -> Option<i64> {
        let Manifest::Image(image) = &self.manifest else {
            return None;
        };
        let created = image.annotations.get(CREATED);
        is_decoy(&self.manifest).then(|| {
            created
                .and_then(|at| UtcSeconds::parse_rfc3339(at))
                .map_or(0, |at| at.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oci::Digest;

    fn known(bytes: &[u8]) -> KnownManifest {
        KnownManifest {
            media_type: MediaType::OciManifest,
            bytes: bytes.to_vec().into(),
            manifest: Manifest::parse(&MediaType::OciManifest, bytes).unwrap(),
        }
    }

    /// One as they were written first.
    fn first_form(bytes: &[u8]) -> String {
        let text = std::str::from_utf8(bytes).unwrap();
        let (before, after) = text.split_once("\"config\"").unwrap();
        format!("{before}\"artifactType\":\"{TYPE}\",\"config\"{after}")
    }

    #[test]
    fn no_two_decoys_are_alike() {
        let tag = Tag::parse("nightly").unwrap();
        for shape in Shape::ALL {
            let [one, other] = [decoy(&tag, 0, shape), decoy(&tag, 0, shape)];
            assert_ne!(Digest::sha256_of(&one), Digest::sha256_of(&other));
            assert_eq!(one.len(), other.len());
        }
    }

    #[test]
    fn a_decoy_is_told_by_its_length_and_then_by_what_it_says() {
        let tag = Tag::parse("nightly").unwrap();
        let now = 1_795_270_140;
        let head = |size| Head {
            digest: Digest::sha256_of(b"any"),
            media_type: MediaType::OciManifest,
            size,
            date: None,
        };
        let mut all: Vec<String> = Shape::ALL
            .map(|shape| String::from_utf8(decoy(&tag, now, shape).to_vec()).unwrap())
            .into();
        all.push(first_form(all[0].as_bytes()));
        for text in &all {
            assert!(may_be_decoy(&tag, &head(Some(length(text.as_bytes())))));
            assert_eq!(known(text.as_bytes()).decoy_since(), Some(now), "{text}");
            // Something of another type, or that says nothing of the kind, or that holds something, is none.
            for (from, to) in [
                (TYPE, "application/vnd.example.v1"),
                (DECOY, "dev.example.other"),
                (
                    Digest::sha256_of(b"{}").as_str(),
                    Digest::sha256_of(b"x").as_str(),
                ),
            ] {
                let other = text.replace(from, to);
                let still = other == *text || (from == DECOY && text.contains(TYPE));
                assert_eq!(
                    known(other.as_bytes()).decoy_since().is_some(),
                    still,
                    "{other}"
                );
            }
        }
        assert!(may_be_decoy(&tag, &head(None)));
        assert!(!may_be_decoy(&tag, &head(Some(1))));
    }
}
