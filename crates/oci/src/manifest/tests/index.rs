//! What an index offers: which image for which platform, and how much of it is read.

use super::*;

#[test]
fn an_index_gives_the_image_for_a_platform() {
    let mut attestation = entry("attestation", "unknown", "unknown", None);
    attestation["annotations"] = json!({"vnd.docker.reference.type": "attestation-manifest"});
    let read = read_index(&index(&[
        attestation,
        entry("arm", "linux", "arm", Some("v7")),
        entry("arm64", "linux", "arm64", Some("v8")),
        entry("amd64", "linux", "amd64", None),
        entry("amd64 again", "linux", "amd64", None),
    ]));
    let pick = |architecture: &str| {
        let wanted = Platform {
            os: "linux".into(),
            architecture: architecture.into(),
            variant: None,
        };
        read.pick(&wanted).map(|entry| entry.digest.clone())
    };
    assert_eq!(pick("amd64"), Some(Digest::sha256_of(b"amd64")));
    assert_eq!(pick("arm64"), Some(Digest::sha256_of(b"arm64")));
    assert_eq!(
        pick("s390x"),
        Some(Digest::sha256_of(b"arm")),
        "the first that is an image"
    );
    let (platforms, more) = read.platforms();
    let platforms: Vec<String> = platforms.iter().map(ToString::to_string).collect();
    assert_eq!(more, 0);
    assert_eq!(platforms, ["linux/arm/v7", "linux/arm64/v8", "linux/amd64"]);
}

#[test]
fn an_index_of_attestations_has_no_image() {
    let read = read_index(&index(&[entry("a", "unknown", "unknown", None)]));
    assert_eq!(
        (read.pick(&Platform::here()), read.platforms()),
        (None, (Vec::new(), 0))
    );
    let unnamed = read_index(&index(&[descriptor(
        MediaType::OciManifest.as_str(),
        "x",
        1,
    )]));
    assert!(
        unnamed.pick(&Platform::here()).is_some(),
        "one without a platform is still an image"
    );
}

/// Behaviour (manifests): An entry whose platform is empty, `null` or of another shape is an image of which no platform is known.
/// Source: Go writes both fields as empty texts; ORAS' and Helm's users.
#[test]
fn an_entry_with_an_empty_platform_is_an_image() {
    for platform in [
        json!({"architecture": "", "os": ""}),
        json!({"architecture": "", "os": "linux"}),
        json!({}),
        Value::Null,
        json!("linux"),
        json!({"architecture": 5, "os": ["x"]}),
    ] {
        let mut empty = descriptor(MediaType::OciManifest.as_str(), "data", 500);
        empty["platform"] = platform.clone();
        let mut proof = entry("proof", "unknown", "unknown", None);
        proof["annotations"] = json!({"vnd.docker.reference.type": "attestation-manifest"});
        let read = read_index(&index(&[proof, empty]));
        let picked = read.pick(&Platform::here()).unwrap();
        assert_eq!(picked.digest, Digest::sha256_of(b"data"), "{platform}");
        assert_eq!(picked.platform, None, "{platform}");
        assert_eq!(read.platforms(), (Vec::new(), 0), "{platform}");
    }
}

#[test]
fn hostile_platforms_are_bounded_in_number_and_length() {
    let entries: Vec<Value> = (0..27_000)
        .map(|at| entry("x", "linux", &format!("a{at}"), None))
        .chain([entry("y", "linux", &"a".repeat(4_000_000), None)])
        .collect();
    let (platforms, more) = read_index(&index(&entries)).platforms();
    assert_eq!(
        (platforms.len(), more),
        (MOST_PLATFORMS, 27_000 - MOST_PLATFORMS)
    );
    assert!(
        platforms
            .iter()
            .all(|platform| platform.to_string().len() < 99)
    );
}
