//! An image's manifest in Docker's own format (schema 2), of the very same config and layers, for registries that list no other.
//!
//! Only the types differ, so the digest is another one, and what was there keeps its own. What Docker's format has no words for isn't
//! converted: layers by zstd, encrypted or foreign ones, artifacts, several platforms. Not here: whether it is wanted, and putting it
//! under a tag (`transfers/push/converted`). Grows by a type that Docker's format has a word for.

use super::room::{Content, KnownManifest};
use crate::accounts::Remote;
use crate::view::problem::Problem;
use bytes::Bytes;
use oci::{Descriptor, Digest, ImageManifest, Manifest, MediaType};
use serde_json::{Value, json};

const CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const LAYER_GZIP: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";

/// A manifest for who reads Docker's own format alone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DockersFormat {
    /// It is in it.
    Already,
    /// It can be put so.
    Bytes(Bytes),
    /// There is no such form of it.
    None,
}

impl Content {
    /// Returns a commit's manifest in Docker's own format; of an index its only image's.
    pub async fn in_dockers_format(
        &self,
        remote: &Remote,
        digest: &Digest,
    ) -> Result<DockersFormat, Problem> {
        let content = self.manifest(remote, digest).await?;
        let Manifest::Index(index) = &content.manifest else {
            return Ok(form(&content));
        };
        let mut images = index.manifests.iter().filter(|one| !one.is_attestation());
        let (Some(only), None) = (images.next(), images.next()) else {
            return Ok(DockersFormat::None);
        };
        let content = self.manifest(remote, &only.digest).await?;
        Ok(match form(&content) {
            // The index is not in it.
            DockersFormat::Already => DockersFormat::Bytes(content.bytes),
            form => form,
        })
    }
}

fn form(content: &KnownManifest) -> DockersFormat {
    match (&content.media_type, &content.manifest) {
        (MediaType::DockerManifest, _) => DockersFormat::Already,
        (MediaType::OciManifest, Manifest::Image(image)) => {
            converted(image).map_or(DockersFormat::None, DockersFormat::Bytes)
        }
        _ => DockersFormat::None,
    }
}

fn converted(image: &ImageManifest) -> Option<Bytes> {
    if image.artifact_type.is_some() || image.subject.is_some() || image.layers.is_empty() {
        return None;
    }
    let config = match image.config.media_type.as_str() {
        "application/vnd.oci.image.config.v1+json" | CONFIG => named(&image.config, CONFIG),
        _ => return None,
    };
    let layers: Option<Vec<Value>> = image.layers.iter().map(layer).collect();
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MediaType::DockerManifest.as_str(),
        "config": config,
        "layers": layers?,
    });
    serde_json::to_vec_pretty(&manifest).ok().map(Bytes::from)
}

fn layer(layer: &Descriptor) -> Option<Value> {
    let media_type = match layer.media_type.as_str() {
        "application/vnd.oci.image.layer.v1.tar+gzip" | LAYER_GZIP => LAYER_GZIP,
        "application/vnd.oci.image.layer.v1.tar" | LAYER => LAYER,
        _ => return None,
    };
    Some(named(layer, media_type))
}

fn named(blob: &Descriptor, media_type: &str) -> Value {
    json!({"mediaType": media_type, "size": blob.size, "digest": blob.digest.as_str()})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(manifest: &Value) -> DockersFormat {
        let bytes = manifest.to_string();
        let sent = MediaType::from_header(manifest["mediaType"].as_str().unwrap());
        form(&KnownManifest {
            manifest: Manifest::parse(&sent, bytes.as_bytes()).unwrap(),
            media_type: sent,
            bytes: bytes.into(),
        })
    }

    fn blob(media_type: &str) -> Value {
        json!({"mediaType": media_type, "digest": Digest::sha256_of(media_type.as_bytes()), "size": 7})
    }

    fn image(config: &str, layers: &[&str]) -> Value {
        let layers: Vec<Value> = layers.iter().map(|each| blob(each)).collect();
        json!({
            "schemaVersion": 2, "mediaType": MediaType::OciManifest,
            "config": blob(config), "layers": layers, "annotations": {"a": "b"},
        })
    }

    const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
    const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

    #[test]
    fn the_same_config_and_layers_under_dockers_types() {
        let before = image(
            OCI_CONFIG,
            &[OCI_LAYER, "application/vnd.oci.image.layer.v1.tar"],
        );
        let DockersFormat::Bytes(bytes) = read(&before) else {
            panic!("{before} was not converted");
        };
        let after: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(after["mediaType"], MediaType::DockerManifest.as_str());
        assert_eq!(after["config"]["mediaType"], CONFIG);
        assert_eq!(after["layers"][0]["mediaType"], LAYER_GZIP);
        assert_eq!(after["layers"][1]["mediaType"], LAYER);
        assert!(after.get("annotations").is_none(), "it has no such word");
        for at in ["/config", "/layers/0", "/layers/1"] {
            for key in ["digest", "size"] {
                let of = |whole: &Value| whole.pointer(&format!("{at}/{key}")).cloned();
                assert_eq!(of(&after), of(&before), "{at} {key}");
            }
        }
        // It reads as what it is, and stays as it is.
        let sent = MediaType::DockerManifest;
        assert!(matches!(
            Manifest::parse(&sent, &bytes),
            Ok(Manifest::Image(_))
        ));
        assert_eq!(read(&after), DockersFormat::Already);
    }

    #[test]
    fn what_dockers_format_has_no_words_for_stays_as_it_is() {
        let mut artifact = image(OCI_CONFIG, &[OCI_LAYER]);
        artifact["artifactType"] = json!("application/vnd.example");
        let mut about = image(OCI_CONFIG, &[OCI_LAYER]);
        about["subject"] = blob("application/vnd.oci.image.manifest.v1+json");
        for odd in [
            artifact,
            about,
            image(OCI_CONFIG, &[]),
            image(OCI_CONFIG, &["application/vnd.oci.image.layer.v1.tar+zstd"]),
            image(
                OCI_CONFIG,
                &["application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"],
            ),
            image("application/vnd.oci.empty.v1+json", &[OCI_LAYER]),
        ] {
            assert_eq!(read(&odd), DockersFormat::None, "{odd}");
        }
    }
}
