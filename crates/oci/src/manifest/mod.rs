//! Manifests and indexes, from bytes that someone else wrote (image-spec `manifest.md`, `image-index.md`).
//!
//! Reading only: what Longshore writes it writes byte for byte as it was read. JSON nested deeper than 128 levels is refused.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::{Descriptor, MediaType, Platform, annotations};

/// The reason why bytes are no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not the JSON it should be; what is wrong, without the content.
    #[error("not readable: {0}")]
    Json(String),
    /// The answer's `Content-Type` and the body's `mediaType` differ; the spec says to refuse.
    #[error("sent as {sent}, but says it is {says}")]
    TypesDiffer {
        /// The `Content-Type`.
        sent: String,
        /// The `mediaType` in the body.
        says: String,
    },
    /// Both an image and an index (CVE-2021-41190), or neither.
    #[error("neither an image nor an index, or both")]
    Ambiguous,
    /// A type a tag cannot point at, or one of before 2016.
    #[error("manifests of type {0} are not supported")]
    Unsupported(String),
}

/// One image: a config and layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageManifest {
    /// The config.
    pub config: Descriptor,
    /// The layers, lowest first.
    pub layers: Vec<Descriptor>,
    /// The annotations.
    pub annotations: BTreeMap<String, String>,
    /// The type of an artifact, where it is no image.
    pub artifact_type: Option<String>,
    /// The manifest this one is about.
    pub subject: Option<Descriptor>,
}

/// Several manifests under one name, one a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The manifests.
    pub manifests: Vec<Descriptor>,
    /// The annotations.
    pub annotations: BTreeMap<String, String>,
}

/// The manifest or index that a tag points at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // there is one at a time, and not for long
pub enum Manifest {
    /// One image.
    Image(ImageManifest),
    /// Several.
    Index(Index),
}

/// The union of what the four types hold; which fields are there must fit the type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    schema_version: Option<u64>,
    media_type: Option<String>,
    config: Option<Descriptor>,
    layers: Option<Vec<Descriptor>>,
    manifests: Option<Vec<Descriptor>>,
    artifact_type: Option<String>,
    subject: Option<Descriptor>,
    #[serde(default, deserialize_with = "annotations::lenient")]
    annotations: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads the body of an answer of this type.
    pub fn parse(media_type: &MediaType, bytes: &[u8]) -> Result<Self, ManifestError> {
        if let MediaType::Other(other) = media_type {
            return Err(ManifestError::Unsupported(other.clone()));
        }
        let wire: Wire =
            serde_json::from_slice(bytes).map_err(|error| ManifestError::Json(shape(&error)))?;
        if let Some(version) = wire.schema_version.filter(|version| *version != 2) {
            return Err(ManifestError::Unsupported(format!("schema {version}")));
        }
        if let Some(says) = wire
            .media_type
            .filter(|says| MediaType::from_header(says) != *media_type)
        {
            return Err(ManifestError::TypesDiffer {
                sent: media_type.to_string(),
                says: says.chars().take(120).collect(),
            });
        }
        match (media_type.is_index(), wire.manifests, wire.config) {
            (true, manifests, None) if wire.layers.is_none() => Ok(Self::Index(Index {
                manifests: manifests.unwrap_or_default(),
                annotations: wire.annotations,
            })),
            (false, None, Some(config)) => Ok(Self::Image(ImageManifest {
                config,
                layers: wire.layers.unwrap_or_default(),
                annotations: wire.annotations,
                artifact_type: wire.artifact_type,
                subject: wire.subject,
            })),
            _ => Err(ManifestError::Ambiguous),
        }
    }

    /// Returns how many bytes are transferred for one image: the config and the layers as they are stored. `None` for
    /// an index, and where the sizes claimed are beyond counting.
    pub fn compressed_size(&self) -> Option<u64> {
        match self {
            Self::Image(image) => image
                .layers
                .iter()
                .try_fold(image.config.size, |sum, layer| sum.checked_add(layer.size)),
            Self::Index(_) => None,
        }
    }
}

impl Index {
    /// Picks the entry to take for a platform: the first that fits it, else the first that is an image at all.
    pub fn pick(&self, wanted: &Platform) -> Option<&Descriptor> {
        let images = || {
            self.manifests
                .iter()
                .filter(|entry| !entry.is_attestation())
        };
        images()
            .find(|entry| {
                entry
                    .platform
                    .as_ref()
                    .is_some_and(|platform| platform.fits(wanted))
            })
            .or_else(|| images().next())
    }

    /// Lists the platforms it has images for, each once, in its order.
    pub fn platforms(&self) -> Vec<Platform> {
        let mut platforms: Vec<Platform> = Vec::new();
        for entry in self
            .manifests
            .iter()
            .filter(|entry| !entry.is_attestation())
        {
            if let Some(platform) = entry
                .platform
                .as_ref()
                .filter(|platform| !platforms.contains(platform))
            {
                platforms.push(platform.clone());
            }
        }
        platforms
    }
}

/// Tells where the JSON is wrong, without quoting it: the bytes are someone else's.
pub(crate) fn shape(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Syntax => "it is not JSON",
        _ => "a field is missing or of another kind",
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

#[cfg(test)]
mod tests;
