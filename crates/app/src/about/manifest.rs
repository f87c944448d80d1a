//! The about manifest: its form, read with distrust and written so that what others put there stays.
//!
//! Pure. It may grow an annotation; whatever it doesn't know it hands on.

use crate::content::{Annotations, Shape, is_decoy, says_only};
use crate::view::keep::KeepRule;
use crate::view::keep::Prune;
use bytes::Bytes;
use oci::{Digest, Manifest, UtcSeconds};
use store::About;

/// What the first about manifests said they are, as their artifact type.
const TYPE: &str = "application/vnd.longshore.about.v1";
/// What tells an about manifest, whatever else it says.
pub(crate) const ABOUT: &str = "dev.longshore.about";
/// The only word for it.
const VERSION: &str = "v1";
/// How what it says in names of ours begins.
const OURS: &str = "dev.longshore.";

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

/// Returns the annotations of an about manifest; none where it is something else: where it holds anything, or says nothing in a
/// name of ours.
pub(crate) fn annotations(manifest: &Manifest) -> Option<&Annotations> {
    let image = says_only(manifest).filter(|_| !is_decoy(manifest))?;
    let told = match image.artifact_type.as_deref() {
        None => image.annotations.keys().any(|key| key.starts_with(OURS)),
        Some(of) => of == TYPE,
    };
    told.then_some(&image.annotations)
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

/// Writes the manifest's bytes, in one of its forms.
pub(crate) fn write(annotations: &Annotations, shape: Shape) -> Bytes {
    let mut says = annotations.clone();
    says.entry(ABOUT.to_owned())
        .or_insert_with(|| VERSION.to_owned());
    shape.write(&says)
}

/// Sets a text, or takes it away where nothing is left of it.
pub(crate) fn set(annotations: &mut Annotations, key: &str, text: Option<String>) {
    match text {
        Some(text) => annotations.insert(key.to_owned(), text),
        None => annotations.remove(key),
    };
}

/// Cleans someone's text, at most so many characters. Only where `lines` says so may it have several lines.
pub(crate) fn words(text: &str, most: usize, lines: bool) -> Option<String> {
    let clean = if lines {
        oci::text::plain_lines(text, most)
    } else {
        oci::text::plain(text, most)
    };
    (!clean.is_empty()).then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oci::MediaType;
    use proptest::prelude::*;

    fn parsed(annotations: &Annotations, shape: Shape) -> Manifest {
        Manifest::parse(&MediaType::OciManifest, &write(annotations, shape)).unwrap()
    }

    fn digest() -> Digest {
        Digest::sha256_of(b"about")
    }

    /// Behaviour (about): The about manifest has no type of its own: it is told by its annotations, and by holding nothing.
    /// Source: GitLab's registry with its database refuses any artifact type of one's own (400 MANIFEST_INVALID).
    #[test]
    fn it_has_no_type_of_its_own_and_is_told_by_what_it_says() {
        for shape in Shape::ALL {
            let manifest = parsed(&Annotations::new(), shape);
            let Manifest::Image(image) = &manifest else {
                panic!("{manifest:?}")
            };
            assert_eq!((&image.artifact_type, image.layers.len()), (&None, 1));
            assert_eq!(annotations(&manifest).unwrap()[ABOUT], VERSION);
        }
        let Manifest::Image(image) = parsed(&Annotations::new(), Shape::Empty) else {
            panic!("an index")
        };
        for blob in [&image.config, &image.layers[0]] {
            assert_eq!(
                blob.media_type.as_str(),
                "application/vnd.oci.empty.v1+json"
            );
            assert!(blob.digest.verify(b"{}") && blob.size == 2);
        }
    }

    /// Behaviour (about): The first form, with an artifact type, is read as the new one is.
    /// Source: repositories that were described by earlier versions of Longshore.
    #[test]
    fn the_first_form_is_read_too() {
        let mut image = says(&[(TITLE, "Tool")]);
        image["artifactType"] = TYPE.into();
        let read = Manifest::parse(&MediaType::OciManifest, image.to_string().as_bytes()).unwrap();
        assert_eq!(annotations(&read).unwrap()[TITLE], "Tool");
    }

    /// A manifest of the form of image-spec that says this.
    fn says(all: &[(&str, &str)]) -> serde_json::Value {
        let own = |(key, text): &(&str, &str)| ((*key).to_owned(), (*text).to_owned());
        let bytes = Shape::Empty.write(&all.iter().map(own).collect());
        serde_json::from_slice(&bytes).unwrap()
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
        let manifest = parsed(&all, Shape::Empty);
        let found = annotations(&manifest).unwrap();
        all.insert(ABOUT.to_owned(), VERSION.to_owned());
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
    fn something_else_is_no_about_manifest() {
        let read = |value: &serde_json::Value| {
            let bytes = value.to_string();
            Manifest::parse(&MediaType::OciManifest, bytes.as_bytes()).unwrap()
        };
        let told = |value: &serde_json::Value| annotations(&read(value)).is_some();
        let ours = says(&[(KEEP, "off")]);
        assert!(told(&ours), "a name of ours is enough");
        assert!(!told(&says(&[(TITLE, "Tool")])), "nothing of ours");
        assert!(!told(&says(&[])));
        assert!(!told(&says(&[
            ("dev.longshore.decoy", "0"),
            (ABOUT, VERSION)
        ])));
        let with = |path: &str, value: serde_json::Value| {
            let mut other = ours.clone();
            *other.pointer_mut(path).unwrap() = value;
            other
        };
        let digest = Digest::sha256_of(b"a layer").to_string();
        assert!(
            !told(&with("/layers/0/digest", digest.clone().into())),
            "it holds something"
        );
        assert!(!told(&with("/config/digest", digest.into())));
        assert!(!told(&with("/layers", serde_json::json!([]))));
        assert!(!told(&with(
            "/layers/0/mediaType",
            "application/x-model".into()
        )));
        for of in ["application/vnd.example.other", ""] {
            let mut typed = ours.clone();
            typed["artifactType"] = of.into();
            assert!(!told(&typed), "{of}");
        }
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
