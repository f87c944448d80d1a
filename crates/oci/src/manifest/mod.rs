//! Manifests and indexes, from bytes that someone else wrote (image-spec `manifest.md`, `image-index.md`).
//!
//! Reading only: what Longshore writes it writes byte for byte as it was read. JSON nested deeper than 128 levels is refused.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::schema1::OldImage;
use crate::text::plain;
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
    /// A type a tag cannot point at.
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
    /// One image in the old format, schema 1.
    Old(OldImage),
}

/// The most platforms that are listed of one index.
pub const MOST_PLATFORMS: usize = 64;

/// The longest that is quoted of what is wrong.
const QUOTED: usize = 120;

/// The union of what the types hold; which fields are there must fit the type.
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
    // Of the old format; elsewhere they may be anything.
    fs_layers: Option<serde_json::Value>,
    history: Option<serde_json::Value>,
    architecture: Option<serde_json::Value>,
    signatures: Option<serde::de::IgnoredAny>,
}

impl Manifest {
    /// Reads the body of an answer of this type.
    pub fn parse(media_type: &MediaType, bytes: &[u8]) -> Result<Self, ManifestError> {
        Self::read(media_type, bytes).map(|(_, manifest)| manifest)
    }

    /// Reads the body of an answer, and tells its type where the answer said it vaguely: by the body's `mediaType`, else by what the
    /// body holds. What could be read in two ways is refused, whatever it was sent as (CVE-2021-41190).
    pub fn read(sent: &MediaType, bytes: &[u8]) -> Result<(MediaType, Self), ManifestError> {
        if matches!(sent, MediaType::Other(_)) && !sent.is_vague() {
            return Err(unsupported(sent.as_str()));
        }
        // What a signature covers is what is read; the rest of the bytes may say something else.
        let wire: Wire = from_slice(bytes)?;
        let media_type = if sent.is_vague() {
            wire.own_type()?
        } else {
            sent.clone()
        };
        let wire = match crate::signed_bytes(&media_type, bytes) {
            std::borrow::Cow::Borrowed(_) => wire,
            std::borrow::Cow::Owned(signed) => from_slice(&signed)?,
        };
        let manifest = wire.into_manifest(&media_type)?;
        Ok((media_type, manifest))
    }

    /// Returns how many bytes are transferred for one image: the config and the layers as they are stored. `None` for
    /// an index, and where the sizes claimed are beyond counting.
    pub fn compressed_size(&self) -> Option<u64> {
        match self {
            Self::Image(image) => image
                .layers
                .iter()
                .try_fold(image.config.size, |sum, layer| sum.checked_add(layer.size)),
            Self::Index(_) | Self::Old(_) => None,
        }
    }
}

impl Wire {
    /// Tells what a body is by itself.
    fn own_type(&self) -> Result<MediaType, ManifestError> {
        if let Some(says) = self.media_type.as_deref().map(MediaType::from_header)
            && !says.is_vague()
        {
            return match says {
                MediaType::Other(other) => Err(unsupported(&other)),
                says => Ok(says),
            };
        }
        let docker = |config: &Descriptor| {
            config.media_type.as_str() == "application/vnd.docker.container.image.v1+json"
        };
        match (&self.manifests, &self.config, self.schema_version) {
            (None, None, Some(1)) if self.signatures.is_some() => Ok(MediaType::OldSigned),
            (None, None, Some(1)) => Ok(MediaType::OldManifest),
            (Some(_), None, _) => Ok(MediaType::OciIndex),
            (None, Some(config), _) if docker(config) => Ok(MediaType::DockerManifest),
            (None, Some(_), _) => Ok(MediaType::OciManifest),
            _ => Err(ManifestError::Ambiguous),
        }
    }

    /// Takes a body for what it was sent as, if it is that and nothing else.
    fn into_manifest(self, media_type: &MediaType) -> Result<Manifest, ManifestError> {
        let version = if media_type.is_old() { 1 } else { 2 };
        if let Some(other) = self.schema_version.filter(|says| *says != version) {
            return Err(unsupported(&format!("schema {other}")));
        }
        if let Some(says) = &self.media_type {
            let read = MediaType::from_header(says);
            let same = read == *media_type || (read.is_old() && media_type.is_old());
            if !same {
                return Err(ManifestError::TypesDiffer {
                    sent: media_type.to_string(),
                    says: plain(says, QUOTED),
                });
            }
        }
        let has_layers = self.layers.is_some();
        match (media_type.is_index(), self.manifests, self.config) {
            (false, None, None) if media_type.is_old() && !has_layers => {
                let layers = self.fs_layers.ok_or(ManifestError::Ambiguous)?;
                let old = OldImage::read(layers, self.history, self.architecture);
                old.map(Manifest::Old)
                    .map_err(|error| ManifestError::Json(shape(&error)))
            }
            _ if media_type.is_old() || self.fs_layers.is_some() => Err(ManifestError::Ambiguous),
            (true, manifests, None) if !has_layers => Ok(Manifest::Index(Index {
                manifests: manifests.unwrap_or_default(),
                annotations: self.annotations,
            })),
            (false, None, Some(config)) => Ok(Manifest::Image(ImageManifest {
                config,
                layers: self.layers.unwrap_or_default(),
                annotations: self.annotations,
                artifact_type: self.artifact_type,
                subject: self.subject,
            })),
            _ => Err(ManifestError::Ambiguous),
        }
    }
}

fn from_slice(bytes: &[u8]) -> Result<Wire, ManifestError> {
    serde_json::from_slice(bytes).map_err(|error| ManifestError::Json(shape(&error)))
}

fn unsupported(what: &str) -> ManifestError {
    ManifestError::Unsupported(plain(what, QUOTED))
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

    /// Lists the platforms it has images for, each once, in its order, and no more than [`MOST_PLATFORMS`]; then how many more
    /// there are.
    pub fn platforms(&self) -> (Vec<Platform>, usize) {
        let mut seen = std::collections::HashSet::new();
        let mut platforms: Vec<Platform> = Vec::new();
        let images = self
            .manifests
            .iter()
            .filter(|entry| !entry.is_attestation());
        for platform in images.filter_map(|entry| entry.platform.as_ref()) {
            if seen.insert(platform) && platforms.len() < MOST_PLATFORMS {
                platforms.push(platform.clone());
            }
        }
        let more = seen.len() - platforms.len();
        (platforms, more)
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
