//! A door to what reads the names of images, for the fuzz target and the tests alone: it asserts what holds of any text.
//!
//! Not here: the texts (`fuzz/seeds`).

#![allow(clippy::missing_panics_doc)] // to panic is what it is for

use crate::{CommitTag, Digest, Host, Reference, RepositoryName, Tag};

/// Reads the name of an image, as people and engines write it, and the text as each part of one.
pub fn reference(text: &str) {
    if let Ok(name) = Reference::parse(text) {
        assert_eq!(
            Reference::parse(&name.to_string()),
            Ok(name.clone()),
            "the whole name"
        );
        assert_eq!(
            Reference::parse(&name.familiar()),
            Ok(name),
            "the short one"
        );
    }
    let _ = Digest::parse(text);
    let _ = CommitTag::parse(text);
    if let Ok(host) = Host::parse(text) {
        assert!(!host.as_str().contains(['/', '@', '?', '#', ' ', '\\']));
    }
    if let Ok(name) = RepositoryName::parse(text) {
        assert!(!name.as_str().contains("..") && !name.as_str().contains("//"));
    }
    if let Ok(tag) = Tag::parse(text) {
        assert!(
            tag.as_str().len() <= 128
                && !tag.as_str().contains(['/', ':'])
                && !tag.as_str().starts_with('.')
        );
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_name_is_read() {
        for text in testkit::fuzzing::seeds("reference").unwrap() {
            super::reference(&text);
        }
    }
}
