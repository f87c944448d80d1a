//! The about manifest: its form, read with distrust and written so that what others put there stays.
//!
//! Pure. It may grow an annotation; whatever it doesn't know it hands on.

use crate::view::keep::KeepRule;
use crate::view::keep::Prune;
use bytes::Bytes;
use oci::{Digest, Manifest, MediaType, UtcSeconds};
use std::collections::BTreeMap;
use store::About;

/// What is said about a manifest.
pub(crate) type Annotations = BTreeMap<String, String>;

/// What an about manifest says it is.
pub(crate) const KIND: &str = "application/vnd.longshore.about.v1";
/// The config and the layer of a manifest that holds nothing (image-spec, "Guidance for an Empty Descriptor").
const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";
/// Their bytes. There is a layer, for some catalogs list only repositories that hold a blob.
pub(crate) const EMPTY: &[u8] = b"{}";

pub(crate) const TITLE: &str = "org.opencontainers.image.title";
pub(crate) const DESCRIPTION: &str = "org.opencontainers.image.description";
pub(crate) const AUTHORS: &str = "org.opencontainers.image.authors";
pub(crate) const CREATED: &str = "org.opencontainers.image.created";
pub(crate) const KEEP: &str = "dev.longshore.keep";
pub(crate) const KEEP_RULE: &str = "dev.longshore.keep.rule";
pub(crate) const RESCUE: &str = "dev.longshore.rescue";
/// The only word for it.
pub(crate) const AUTO: &str = "auto";

/// Characters of a title.
pub(crate) const MAX_TITLE: usize = 100;
/// Characters of a description.
pub(crate) const MAX_DESCRIPTION: usize = 2000;
/// Characters of the authors.
pub(crate) const MAX_AUTHORS: usize = 200;

/// Returns the annotations of an about manifest; none where it is something else.
pub(crate) fn annotations(manifest: &Manifest) -> Option<&Annotations> {
    match manifest {
        Manifest::Image(image) if image.artifact_type.as_deref() == Some(KIND) => {
            Some(&image.annotations)
        }
        _ => None,
    }
}

/// Reads what the annotations say, bounded.
pub(crate) fn read(digest: Digest, annotations: &Annotations, asked_at: i64) -> About {
    let get = |key: &str| annotations.get(key).map(String::as_str);
    let words =
        |key: &str, most: usize, lines: bool| words(get(key).unwrap_or_default(), most, lines);
    About {
        digest: Some(digest),
        title: words(TITLE, MAX_TITLE, false),
        description: words(DESCRIPTION, MAX_DESCRIPTION, true),
        authors: words(AUTHORS, MAX_AUTHORS, false),
        created: get(CREATED)
            .and_then(UtcSeconds::parse_rfc3339)
            .map(|at| at.0),
        // An unknown word is no rule.
        keep: get(KEEP)
            .and_then(KeepRule::parse)
            .map(|rule| rule.as_str().to_owned()),
        keep_rule: get(KEEP_RULE).and_then(Prune::parse).map(Prune::as_text),
        rescue: get(RESCUE) == Some(AUTO),
        asked_at,
    }
}

/// Writes the manifest's bytes.
pub(crate) fn write(annotations: &Annotations) -> Bytes {
    let empty = serde_json::json!({
        "mediaType": EMPTY_TYPE, "digest": Digest::sha256_of(EMPTY).as_str(), "size": EMPTY.len(),
    });
    serde_json::json!({
        "schemaVersion": 2,
        "mediaType": MediaType::OciManifest.as_str(),
        "artifactType": KIND,
        "config": empty,
        "layers": [empty],
        "annotations": annotations,
    })
    .to_string()
    .into()
}

/// Sets a text, or takes it away where nothing is left of it.
pub(crate) fn set(annotations: &mut Annotations, key: &str, text: Option<String>) {
    match text {
        Some(text) => annotations.insert(key.to_owned(), text),
        None => annotations.remove(key),
    };
}

/// Cleans someone's text: without control characters and what turns the reading direction, at most so many characters.
/// Only where `lines` says so may it have several lines.
pub(crate) fn words(text: &str, most: usize, lines: bool) -> Option<String> {
    let kept: String = text
        .chars()
        .filter_map(|letter| match letter {
            '\n' if lines => Some('\n'),
            '\n' | '\t' => Some(' '),
            letter if letter.is_control() => None,
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
            letter => Some(letter),
        })
        .collect();
    let kept: String = kept.trim().chars().take(most).collect();
    let kept = kept.trim_end();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(annotations: &Annotations) -> Manifest {
        Manifest::parse(&MediaType::OciManifest, &write(annotations)).unwrap()
    }

    fn digest() -> Digest {
        Digest::sha256_of(b"about")
    }

    #[test]
    fn it_has_an_empty_config_and_one_blob() {
        let Manifest::Image(image) = parsed(&Annotations::new()) else {
            panic!("an index")
        };
        assert_eq!(image.artifact_type.as_deref(), Some(KIND));
        assert_eq!(image.layers.len(), 1);
        for blob in [&image.config, &image.layers[0]] {
            assert_eq!(blob.media_type.as_str(), EMPTY_TYPE);
            assert!(blob.digest.verify(EMPTY));
            assert_eq!(blob.size, 2);
        }
    }

    #[test]
    fn everything_it_says_is_read_back() {
        let mut all = Annotations::new();
        for (key, text) in [
            (TITLE, "Tool"),
            (DESCRIPTION, "Aligns reads.\nFast."),
            (AUTHORS, "ana"),
            (CREATED, "2026-11-21T02:09:00Z"),
            (KEEP, "push"),
            (KEEP_RULE, "last=10"),
            (RESCUE, "auto"),
            ("com.example.other", "stays"),
        ] {
            set(&mut all, key, Some(text.to_owned()));
        }
        let manifest = parsed(&all);
        let found = annotations(&manifest).unwrap();
        assert_eq!(found, &all);
        let about = read(digest(), found, 5);
        assert_eq!(
            about,
            About {
                digest: Some(digest()),
                title: Some("Tool".into()),
                description: Some("Aligns reads.\nFast.".into()),
                authors: Some("ana".into()),
                created: Some(1_795_226_940),
                keep: Some("push".into()),
                keep_rule: Some("last=10".into()),
                rescue: true,
                asked_at: 5,
            }
        );
    }

    #[test]
    fn what_makes_no_sense_is_not_there() {
        let mut all = Annotations::new();
        for (key, text) in [
            (TITLE, " \u{7}\u{202e} "),
            (CREATED, "yesterday"),
            (KEEP, "sometimes"),
            (KEEP_RULE, "last=0"),
            (RESCUE, "yes"),
        ] {
            set(&mut all, key, Some(text.to_owned()));
        }
        let about = read(digest(), &all, 0);
        let nothing = About {
            digest: Some(digest()),
            ..About::default()
        };
        assert_eq!(about, nothing);
    }

    #[test]
    fn an_image_is_no_about_manifest() {
        let text = String::from_utf8(write(&Annotations::new()).to_vec()).unwrap();
        let image = text.replace(KIND, "application/vnd.example.other");
        let image = Manifest::parse(&MediaType::OciManifest, image.as_bytes()).unwrap();
        assert_eq!(annotations(&image), None);
    }

    proptest! {
        #[test]
        fn texts_are_bounded_and_plain(text in "\\PC{0,40}[\\x00-\\x20\u{202e}]{0,5}\\PC{0,3000}") {
            let mut all = Annotations::new();
            for key in [TITLE, DESCRIPTION, AUTHORS, KEEP, KEEP_RULE, CREATED] {
                set(&mut all, key, Some(text.clone()));
            }
            let about = read(digest(), &all, 0);
            for (text, most) in [(about.title, MAX_TITLE), (about.description, MAX_DESCRIPTION), (about.authors, MAX_AUTHORS)] {
                let text = text.unwrap_or_default();
                prop_assert!(text.chars().count() <= most);
                prop_assert!(!text.chars().any(|letter| letter != '\n' && letter.is_control()));
                let turned = text.contains('\u{202e}');
                prop_assert!(!turned);
            }
        }
    }
}
