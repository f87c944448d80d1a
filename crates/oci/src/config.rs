//! The config of an image: when it was built, for what, with which labels and layers (image-spec `config.md`).
//!
//! Everything in it is optional here: an artifact's config is often just `{}`.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::{Digest, ManifestError, Platform, UtcSeconds, annotations};

/// The parts of an image's config that Longshore reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageConfig {
    /// When it was built, as its builder says.
    pub created: Option<UtcSeconds>,
    /// The platform it runs on.
    pub platform: Option<Platform>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// The digests of the unpacked layers; empty where the list has an entry that is no digest.
    pub diff_ids: Vec<Digest>,
}

#[derive(Deserialize)]
struct Wire {
    created: Option<String>,
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
    config: Option<Run>,
    rootfs: Option<RootFs>,
}

#[derive(Deserialize)]
struct Run {
    #[serde(rename = "Labels", default, deserialize_with = "annotations::lenient")]
    labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct RootFs {
    #[serde(default, deserialize_with = "annotations::list")]
    diff_ids: Vec<String>,
}

impl ImageConfig {
    /// Reads a config. A build time that is none, or Go's "no time" (year 1), is no time.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let wire: Wire = serde_json::from_slice(bytes)
            .map_err(|error| ManifestError::Json(crate::manifest::shape(&error)))?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let platform = Platform::read(
            &text(&wire.os),
            &text(&wire.architecture),
            wire.variant.as_deref(),
        );
        let diff_ids = wire
            .rootfs
            .map(|rootfs| rootfs.diff_ids)
            .unwrap_or_default();
        Ok(Self {
            created: wire
                .created
                .as_deref()
                .and_then(UtcSeconds::parse_rfc3339)
                .filter(|created| *created > UtcSeconds::GO_ZERO),
            platform: platform.filter(|platform| !platform.is_unknown()),
            labels: wire.config.map(|run| run.labels).unwrap_or_default(),
            diff_ids: diff_ids
                .iter()
                .map(|text| Digest::parse(text))
                .collect::<Result<_, _>>()
                .unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_builders_write() {
        let layer = Digest::sha256_of(b"layer");
        let text = format!(
            r#"{{"created":"2026-11-21T02:09:00.123456789+01:00","os":"linux","architecture":"arm64","variant":"v8",
            "config":{{"Labels":{{"a":"b","n":1}},"Env":null}},"rootfs":{{"type":"layers","diff_ids":["{layer}"]}},"history":[]}}"#
        );
        let config = ImageConfig::parse(text.as_bytes()).unwrap();
        assert_eq!(config.created.unwrap().compact(), "20261121t010900");
        assert_eq!(config.platform.unwrap().to_string(), "linux/arm64/v8");
        assert_eq!(
            config.labels,
            BTreeMap::from([("a".to_owned(), "b".to_owned())])
        );
        assert_eq!(config.diff_ids, [layer]);
    }

    #[test]
    fn what_is_absent_is_absent() {
        assert_eq!(ImageConfig::parse(b"{}").unwrap(), ImageConfig::default());
        let nulls = br#"{"created":null,"os":"","architecture":"amd64","config":{"Labels":null},"rootfs":{"diff_ids":null}}"#;
        assert_eq!(ImageConfig::parse(nulls).unwrap(), ImageConfig::default());
        assert_eq!(
            ImageConfig::parse(
                br#"{"created":"0001-01-01T00:00:00Z","config":null,"rootfs":null}"#
            )
            .unwrap(),
            ImageConfig::default()
        );
        assert_eq!(
            ImageConfig::parse(br#"{"created":"yesterday","rootfs":{"diff_ids":["sha256:0"]}}"#)
                .unwrap(),
            ImageConfig::default()
        );
    }

    #[test]
    fn the_epoch_is_a_time() {
        assert_eq!(
            ImageConfig::parse(br#"{"created":"1970-01-01T00:00:00Z"}"#)
                .unwrap()
                .created,
            Some(UtcSeconds(0))
        );
    }

    #[test]
    fn refuses_what_is_no_config() {
        for bytes in [
            &b""[..],
            b"[]",
            b"<html>",
            b"{\"rootfs\":3}",
            b"{",
            &vec![b'['; 100_000],
        ] {
            assert!(ImageConfig::parse(bytes).is_err());
        }
    }
}
