//! The old image format, schema 1 (distribution, `manifest-v2-1.md`): what of it can still be told.
//!
//! Registries still hold such images from before 2016. Most are signed: the signatures stand in the same JSON, and the digest is
//! that of the bytes without them. How those bytes are had back, each signature says in its protected header (libtrust,
//! `ParsePrettySignature`). The signatures themselves prove nothing here: anyone may sign with a key of their own, and nothing that
//! Longshore shows or does rests on them; the digest does. It need not grow.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

use crate::{Digest, MediaType, Platform, UtcSeconds};

/// The longest end that a signature may put back; libtrust writes two bytes.
const LONGEST_TAIL: usize = 64;

/// An image in the old format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldImage {
    /// Its layers, highest first, each once.
    pub layers: Vec<Digest>,
    /// When it was built, as its builder says.
    pub created: Option<UtcSeconds>,
    /// The platform it runs on.
    pub platform: Option<Platform>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Layer {
    blob_sum: Digest,
}

/// What the newest entry of the history says, as the engine wrote it.
#[derive(Default, Deserialize)]
struct Says {
    created: Option<String>,
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
}

impl OldImage {
    /// Reads the parts of an old manifest. Only the layers have to be there.
    pub(crate) fn read(
        layers: Value,
        history: Option<Value>,
        architecture: Option<Value>,
    ) -> Result<Self, serde_json::Error> {
        let layers: Vec<Layer> = serde_json::from_value(layers)?;
        let history = history.unwrap_or_default();
        let says = history
            .pointer("/0/v1Compatibility")
            .and_then(Value::as_str);
        let says: Says = says
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        let architecture = architecture.unwrap_or_default();
        let processor = says.architecture.as_deref().or(architecture.as_str());
        let mut image = Self {
            layers: Vec::new(),
            created: says
                .created
                .as_deref()
                .and_then(UtcSeconds::parse_rfc3339)
                .filter(|created| *created > UtcSeconds::GO_ZERO),
            platform: Platform::read(
                says.os.as_deref().unwrap_or_default(),
                processor.unwrap_or_default(),
                says.variant.as_deref(),
            ),
        };
        let mut seen = std::collections::HashSet::new();
        for layer in layers {
            if seen.insert(layer.blob_sum.clone()) {
                image.layers.push(layer.blob_sum);
            }
        }
        Ok(image)
    }
}

/// Returns the bytes that the digest of a manifest is of: all of them, but for the signatures of the old format.
pub fn signed_bytes<'a>(media_type: &MediaType, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    match media_type {
        MediaType::OldManifest | MediaType::OldSigned => {
            payload(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned)
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// Puts together what was signed; none where no signature tells how, or two tell it differently.
fn payload(bytes: &[u8]) -> Option<Vec<u8>> {
    #[derive(Deserialize)]
    struct Signed {
        signatures: Vec<Signature>,
    }
    #[derive(Deserialize)]
    struct Signature {
        protected: String,
    }
    #[derive(Deserialize, PartialEq, Eq)]
    #[serde(rename_all = "camelCase")]
    struct Protected {
        format_length: usize,
        format_tail: String,
    }
    let signed: Signed = serde_json::from_slice(bytes).ok()?;
    let mut how: Option<Protected> = None;
    for signature in signed.signatures {
        let protected = serde_json::from_slice(&decoded(&signature.protected)?).ok()?;
        if how.as_ref().is_some_and(|how| *how != protected) {
            return None;
        }
        how = Some(protected);
    }
    let how = how?;
    let tail = decoded(&how.format_tail).filter(|tail| tail.len() <= LONGEST_TAIL)?;
    let mut payload = bytes.get(..how.format_length)?.to_vec();
    payload.extend(tail);
    Some(payload)
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text))
        .ok()
}
