//! Manifests as they are, and as they should not be.

use super::*;
use crate::Digest;
use serde_json::{Value, json};

fn descriptor(media_type: &str, content: &str, size: u64) -> Value {
    json!({"mediaType": media_type, "digest": Digest::sha256_of(content.as_bytes()), "size": size})
}

fn image() -> Value {
    json!({
        "schemaVersion": 2, "mediaType": MediaType::OciManifest.as_str(),
        "config": descriptor("application/vnd.oci.image.config.v1+json", "config", 100),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", "one", 1000), descriptor("application/vnd.oci.image.layer.v1.tar+gzip", "two", 23)],
        "annotations": {"org.opencontainers.image.title": "app"},
    })
}

fn entry(content: &str, os: &str, architecture: &str, variant: Option<&str>) -> Value {
    let mut entry = descriptor(MediaType::OciManifest.as_str(), content, 500);
    entry["platform"] = json!({"os": os, "architecture": architecture});
    if let Some(variant) = variant {
        entry["platform"]["variant"] = variant.into();
    }
    entry
}

fn index(entries: &[Value]) -> Value {
    json!({"schemaVersion": 2, "mediaType": MediaType::OciIndex.as_str(), "manifests": entries})
}

fn parse(media_type: &MediaType, value: &Value) -> Result<Manifest, ManifestError> {
    Manifest::parse(media_type, value.to_string().as_bytes())
}

fn read_index(value: &Value) -> Index {
    match parse(&MediaType::OciIndex, value).unwrap() {
        Manifest::Index(index) => index,
        Manifest::Image(_) => panic!("an image"),
    }
}

#[test]
fn an_image_has_a_config_layers_and_a_size() {
    let read = parse(&MediaType::OciManifest, &image()).unwrap();
    assert_eq!(read.compressed_size(), Some(1123));
    let Manifest::Image(read) = read else {
        panic!("an index")
    };
    assert_eq!(
        (read.layers.len(), read.config.digest),
        (2, Digest::sha256_of(b"config"))
    );
    assert_eq!(read.annotations["org.opencontainers.image.title"], "app");
}

#[test]
fn docker_types_and_artifacts_are_read_alike() {
    let mut docker = image();
    docker["mediaType"] = MediaType::DockerManifest.as_str().into();
    assert!(matches!(
        parse(&MediaType::DockerManifest, &docker),
        Ok(Manifest::Image(_))
    ));
    let mut list = index(&[entry("a", "linux", "amd64", None)]);
    list["mediaType"] = MediaType::DockerList.as_str().into();
    assert!(matches!(
        parse(&MediaType::DockerList, &list),
        Ok(Manifest::Index(_))
    ));
    let mut artifact = image();
    artifact["artifactType"] = "application/vnd.longshore.about.v1".into();
    artifact["subject"] = descriptor(MediaType::OciManifest.as_str(), "subject", 1);
    let Ok(Manifest::Image(artifact)) = parse(&MediaType::OciManifest, &artifact) else {
        panic!("no image")
    };
    assert_eq!(
        artifact.artifact_type.as_deref(),
        Some("application/vnd.longshore.about.v1")
    );
    assert_eq!(
        artifact.subject.unwrap().digest,
        Digest::sha256_of(b"subject")
    );
}

#[test]
fn null_and_absent_lists_are_empty() {
    let mut bare = image();
    bare["layers"] = Value::Null;
    bare["annotations"] = Value::Null;
    bare.as_object_mut().unwrap().remove("mediaType");
    assert_eq!(
        parse(&MediaType::OciManifest, &bare)
            .unwrap()
            .compressed_size(),
        Some(100)
    );
    let empty = json!({"schemaVersion": 2, "manifests": null});
    assert_eq!(read_index(&empty).manifests, []);
}

#[test]
fn the_body_must_be_what_it_was_sent_as() {
    let error = parse(&MediaType::DockerManifest, &image()).unwrap_err();
    assert!(
        matches!(error, ManifestError::TypesDiffer { .. }),
        "{error}"
    );
    let mut parameters = image();
    parameters["mediaType"] = format!("{}; charset=utf-8", MediaType::OciManifest).into();
    assert!(parse(&MediaType::OciManifest, &parameters).is_ok());
}

#[test]
fn what_could_be_read_two_ways_is_refused() {
    let mut both = image();
    both["manifests"] = json!([]);
    assert_eq!(
        parse(&MediaType::OciManifest, &both),
        Err(ManifestError::Ambiguous)
    );
    let mut both = index(&[]);
    both["layers"] = json!([]);
    assert_eq!(
        parse(&MediaType::OciIndex, &both),
        Err(ManifestError::Ambiguous)
    );
    assert_eq!(
        parse(&MediaType::OciManifest, &json!({"schemaVersion": 2})),
        Err(ManifestError::Ambiguous)
    );
}

#[test]
fn other_types_and_schemas_are_not_supported() {
    let schema1 =
        MediaType::from_header("application/vnd.docker.distribution.manifest.v1+prettyjws");
    assert!(matches!(
        parse(&schema1, &json!({"schemaVersion": 1})),
        Err(ManifestError::Unsupported(_))
    ));
    assert!(matches!(
        parse(&MediaType::OciManifest, &json!({"schemaVersion": 1})),
        Err(ManifestError::Unsupported(_))
    ));
}

#[test]
fn hostile_bytes_are_errors() {
    let deep = format!("{{\"annotations\":{}", "[".repeat(100_000));
    let mut wrong_digest = image();
    wrong_digest["config"]["digest"] = "sha256:../../etc".into();
    let mut negative = image();
    negative["layers"][0]["size"] = (-1).into();
    let wrong_digest = wrong_digest.to_string();
    let negative = negative.to_string();
    for bytes in [
        &b""[..],
        b"null",
        b"[]",
        b"<html>",
        b"{\"config\":{}",
        b"\xff\xfe",
        deep.as_bytes(),
        wrong_digest.as_bytes(),
        negative.as_bytes(),
    ] {
        assert!(
            matches!(
                Manifest::parse(&MediaType::OciManifest, bytes),
                Err(ManifestError::Json(_))
            ),
            "{bytes:?}"
        );
    }
}

#[test]
fn sizes_beyond_counting_are_no_size() {
    let mut huge = image();
    huge["layers"][0]["size"] = u64::MAX.into();
    assert_eq!(
        parse(&MediaType::OciManifest, &huge)
            .unwrap()
            .compressed_size(),
        None
    );
}

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
    let platforms: Vec<String> = read.platforms().iter().map(ToString::to_string).collect();
    assert_eq!(platforms, ["linux/arm/v7", "linux/arm64/v8", "linux/amd64"]);
}

#[test]
fn an_index_of_attestations_has_no_image() {
    let read = read_index(&index(&[entry("a", "unknown", "unknown", None)]));
    assert_eq!(
        (read.pick(&Platform::here()), read.platforms()),
        (None, Vec::new())
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
