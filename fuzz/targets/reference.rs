//! The name of an image, as people and engines write it.
#![no_main]

use oci::{CommitTag, Digest, Host, Reference, RepositoryName, Tag};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(name) = Reference::parse(text) {
        assert_eq!(Reference::parse(&name.to_string()), Ok(name.clone()), "the whole name");
        assert_eq!(Reference::parse(&name.familiar()), Ok(name), "the short one");
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
        assert!(tag.as_str().len() <= 128 && !tag.as_str().contains(['/', ':', '.']) || !tag.as_str().starts_with('.'));
    }
});
