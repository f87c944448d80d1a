//! Manifests as they are, and as they should not be.

mod index;
mod old;

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

fn old() -> Value {
    let layer = Digest::sha256_of(b"layer");
    let newest = json!({"id": "0", "created": "2015-06-01T00:00:00Z", "os": "linux"}).to_string();
    json!({
        "schemaVersion": 1, "name": "demo/app", "tag": "old", "architecture": "amd64",
        "fsLayers": [{"blobSum": layer}, {"blobSum": layer}, {"blobSum": Digest::sha256_of(b"base")}],
        "history": [{"v1Compatibility": newest}, {"v1Compatibility": "{}"}],
    })
}

fn parse(media_type: &MediaType, value: &Value) -> Result<Manifest, ManifestError> {
    Manifest::parse(media_type, value.to_string().as_bytes())
}

fn read_index(value: &Value) -> Index {
    match parse(&MediaType::OciIndex, value).unwrap() {
        Manifest::Index(index) => index,
        other => panic!("{other:?}"),
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
    let config = MediaType::from_header("application/vnd.oci.image.config.v1+json");
    assert!(matches!(
        parse(&config, &image()),
        Err(ManifestError::Unsupported(_))
    ));
    for version in [1, 3] {
        assert!(matches!(
            parse(&MediaType::OciManifest, &json!({"schemaVersion": version})),
            Err(ManifestError::Unsupported(_))
        ));
    }
    assert!(parse(&MediaType::OldSigned, &image()).is_err());
}

/// Behaviour (manifests): A type that says nothing, or none, is decided from the body: by its `mediaType`, else by what it holds.
/// Source: registries behind file servers and proxies; go-containerregistry's users.
#[test]
fn a_vague_type_is_decided_from_the_body() {
    let vague = [
        "",
        "application/json",
        "text/plain; charset=utf-8",
        "APPLICATION/OCTET-STREAM",
    ];
    let without = |mut value: Value| {
        value.as_object_mut().unwrap().remove("mediaType");
        value
    };
    let mut docker = without(image());
    docker["config"]["mediaType"] = "application/vnd.docker.container.image.v1+json".into();
    let mut signed = old();
    signed["signatures"] = json!([]);
    for sent in vague.map(MediaType::from_header) {
        for (value, media_type) in [
            (image(), MediaType::OciManifest),
            (without(image()), MediaType::OciManifest),
            (docker.clone(), MediaType::DockerManifest),
            (index(&[]), MediaType::OciIndex),
            (without(index(&[])), MediaType::OciIndex),
            (old(), MediaType::OldManifest),
            (signed.clone(), MediaType::OldSigned),
        ] {
            let read = Manifest::read(&sent, value.to_string().as_bytes());
            assert_eq!(read.unwrap().0, media_type, "{sent}: {value}");
        }
    }
}

/// Behaviour (manifests): What is an image and an index at once is refused, whatever it was sent as.
/// Source: CVE-2021-41190, the known confusion of types.
#[test]
fn hostile_bodies_that_are_two_things_at_once_are_refused() {
    let mut both = image();
    both["manifests"] = json!([]);
    let mut old_too = image();
    old_too["fsLayers"] = json!([]);
    let mut old_index = old();
    old_index["manifests"] = json!([]);
    for value in [&both, &old_too, &old_index] {
        for media_type in [
            "",
            "text/plain",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v1+json",
        ] {
            let mut value = value.clone();
            for bare in [false, true] {
                if bare {
                    value.as_object_mut().unwrap().remove("mediaType");
                }
                let read = Manifest::read(
                    &MediaType::from_header(media_type),
                    value.to_string().as_bytes(),
                );
                assert!(read.is_err(), "{media_type}: {value}");
            }
        }
    }
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
