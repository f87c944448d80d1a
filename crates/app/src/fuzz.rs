//! Doors to what reads other people's texts, for the fuzz targets and the tests alone: each asserts what holds of any text.
//!
//! Not here: the texts (`fuzz/seeds`).

#![allow(clippy::missing_panics_doc)] // to panic is what they are for

use crate::about::manifest;
use crate::content::Shape;
use crate::history::read_export;
use oci::{Digest, Manifest, MediaType};

/// Reads the bytes of an about manifest.
pub fn about(text: &str) {
    for media_type in [MediaType::OciManifest, MediaType::OciIndex] {
        let Ok(found) = Manifest::parse(&media_type, text.as_bytes()) else {
            continue;
        };
        let Some(annotations) = manifest::annotations(&found) else {
            continue;
        };
        let digest = Digest::sha256_of(text.as_bytes());
        let about = manifest::read(digest.clone(), annotations, 0);
        for (words, most) in [
            (&about.title, manifest::MAX_TITLE),
            (&about.description, manifest::MAX_DESCRIPTION),
            (&about.authors, manifest::MAX_AUTHORS),
        ] {
            let words = words.as_deref().unwrap_or("x");
            assert!(!words.is_empty() && words.chars().count() <= most);
            assert!(!words.contains(|c: char| c.is_control() && c != '\n'));
        }
        // What was read and is written again says the same.
        let bytes = manifest::write(annotations, Shape::Empty);
        let again = Manifest::parse(&MediaType::OciManifest, &bytes).ok();
        let again = again.as_ref().and_then(manifest::annotations);
        assert_eq!(
            again.map(|again| manifest::read(digest, again, 0)),
            Some(about)
        );
    }
}

/// Reads the lines of an export, behind its header.
pub fn export(text: &str) {
    let all = format!("{{\"longshore\":\"seen\",\"version\":1}}\n{text}");
    read_export(&all);
    read_export(text);
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_text_is_read() {
        let doors = [
            ("about", super::about as fn(&str)),
            ("export", super::export),
        ];
        for (name, door) in doors {
            let seeds = format!("{}/../../fuzz/seeds/{name}", env!("CARGO_MANIFEST_DIR"));
            let mut read = 0;
            for seed in std::fs::read_dir(seeds).unwrap() {
                door(&std::fs::read_to_string(seed.unwrap().path()).unwrap());
                read += 1;
            }
            assert!(read > 0, "{name}");
        }
    }
}
