//! A manifest that holds nothing but what it says: the form of what Longshore itself writes.
//!
//! It is told by its annotations, since GitLab with its database refuses types of one's own; it has a config and a layer all the
//! same, since some catalogs list only repositories that hold a blob. The form of image-spec ("Guidance for an Empty Descriptor")
//! comes first. Where a registry takes images alone (older Quay), it is an image without a file. Not here: what is said by it
//! (`about`, `decoy`). Grows by a form that another registry wants.

use super::room::Content;
use crate::accounts::Remote;
use bytes::Bytes;
use oci::{Digest, ImageManifest, Manifest, MediaType};
use registry::{Error, Kind};
use std::collections::BTreeMap;

/// What is said by a manifest.
pub(crate) type Annotations = BTreeMap<String, String>;

/// The config and the layer of a manifest that holds nothing.
const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";
const EMPTY: &[u8] = b"{}";
/// The config of an image without a file. What it is for is unknown, so that nobody's engine takes it for an image to run.
const CONFIG_TYPE: &str = "application/vnd.oci.image.config.v1+json";
const CONFIG: &[u8] = br#"{"architecture":"unknown","os":"unknown","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"]}}"#;
/// Its layer: an archive without a file, byte for byte the one that Docker has always sent for it.
const LAYER_TYPE: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const LAYER: &[u8] = &[
    0x1f, 0x8b, 0x08, 0, 0, 0x09, 0x6e, 0x88, 0, 0xff, 0x62, 0x18, 0x05, 0xa3, 0x60, 0x14, 0x8c,
    0x58, 0, 0x08, 0, 0, 0xff, 0xff, 0x2e, 0xaf, 0xb5, 0xef, 0, 0x04, 0, 0,
];

/// A form that a manifest of ours has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The empty config and the empty layer.
    Empty,
    /// An image without a file.
    Image,
}

impl Shape {
    /// Both, in the order in which they are tried.
    pub const ALL: [Self; 2] = [Self::Empty, Self::Image];

    /// Returns the config and the layer, each with its type.
    fn blobs(self) -> [(&'static str, &'static [u8]); 2] {
        match self {
            Self::Empty => [(EMPTY_TYPE, EMPTY); 2],
            Self::Image => [(CONFIG_TYPE, CONFIG), (LAYER_TYPE, LAYER)],
        }
    }

    /// Writes the manifest's bytes.
    pub fn write(self, annotations: &Annotations) -> Bytes {
        let [config, layer] = self.blobs().map(|(media_type, bytes)| {
            serde_json::json!({
                "mediaType": media_type,
                "digest": Digest::sha256_of(bytes).as_str(),
                "size": bytes.len(),
            })
        });
        serde_json::json!({
            "schemaVersion": 2,
            "mediaType": MediaType::OciManifest.as_str(),
            "config": config,
            "layers": [layer],
            "annotations": annotations,
        })
        .to_string()
        .into()
    }

    /// Returns the form to try next where a registry has refused this one for what it is.
    pub fn after(self, refused: &Error) -> Option<Self> {
        let of_the_name = ["TAG_INVALID", "NAME_INVALID", "DENIED", "UNAUTHORIZED"];
        let of_the_form = matches!(refused.kind, Kind::Refused | Kind::Unsupported)
            && matches!(refused.status, Some(400 | 405 | 406 | 415 | 422 | 501))
            && !of_the_name.iter().any(|code| refused.has_code(code));
        (self == Self::Empty && of_the_form).then_some(Self::Image)
    }

    /// Tells whether an image holds just what a manifest of this form holds.
    fn holds(self, image: &ImageManifest) -> bool {
        let layers = std::slice::from_ref(&image.config)
            .iter()
            .chain(&image.layers);
        let blobs = self.blobs();
        image.layers.len() == 1
            && layers.zip(blobs).all(|(found, (media_type, bytes))| {
                found.media_type.as_str() == media_type && found.digest.verify(bytes)
            })
    }
}

/// Returns an image that holds nothing but what it says, in one of the forms that Longshore writes, whatever it says.
pub(crate) fn says_only(manifest: &Manifest) -> Option<&ImageManifest> {
    match manifest {
        Manifest::Image(image) if image.subject.is_none() => Shape::ALL
            .iter()
            .any(|shape| shape.holds(image))
            .then_some(image),
        _ => None,
    }
}

impl Content {
    /// Stores what a manifest of this form names: registries refuse a manifest whose blobs they lack.
    pub async fn prepare(&self, remote: &Remote, shape: Shape) -> Result<(), Error> {
        for (_, bytes) in shape.blobs() {
            remote.registry.put_blob(bytes).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(bytes: &[u8]) -> Manifest {
        Manifest::parse(&MediaType::OciManifest, bytes).unwrap()
    }

    #[test]
    fn each_form_is_an_image_manifest_without_a_type_of_its_own() {
        for shape in Shape::ALL {
            let bytes = shape.write(&Annotations::new());
            let manifest = parsed(&bytes);
            let image = says_only(&manifest).unwrap();
            assert_eq!((&image.artifact_type, image.layers.len()), (&None, 1));
            for other in Shape::ALL {
                assert_eq!(other.holds(image), other == shape);
            }
            for (media_type, blob) in shape.blobs() {
                let text = std::str::from_utf8(&bytes).unwrap();
                let other = Digest::sha256_of(b"other").to_string();
                let changed = text.replace(Digest::sha256_of(blob).as_str(), &other);
                assert_eq!(says_only(&parsed(changed.as_bytes())), None, "{media_type}");
            }
        }
        let config = oci::ImageConfig::parse(CONFIG).unwrap();
        assert_eq!((config.platform, config.diff_ids.len()), (None, 1));
        let known = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4";
        assert_eq!(Digest::sha256_of(LAYER).as_str(), known);
    }

    #[test]
    fn only_a_refusal_of_the_form_is_answered_with_the_other_form() {
        let refused = |kind, status| Error {
            kind,
            status: Some(status),
            said: Box::default(),
            request: String::new(),
            cause: None,
            elsewhere: None,
        };
        let other = Some(Shape::Image);
        assert_eq!(Shape::Empty.after(&refused(Kind::Refused, 400)), other);
        assert_eq!(Shape::Empty.after(&refused(Kind::Refused, 415)), other);
        assert_eq!(Shape::Image.after(&refused(Kind::Refused, 400)), None);
        assert_eq!(Shape::Empty.after(&refused(Kind::Refused, 412)), None);
        assert_eq!(Shape::Empty.after(&refused(Kind::Denied, 403)), None);
        assert_eq!(Shape::Empty.after(&refused(Kind::Server, 500)), None);
        let mut of_the_tag = refused(Kind::Refused, 400);
        of_the_tag.said = Box::new([registry::Said {
            code: "TAG_INVALID".into(),
            ..registry::Said::default()
        }]);
        assert_eq!(Shape::Empty.after(&of_the_tag), None);
    }
}
