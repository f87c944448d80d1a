//! What is served: honest, and as who means no good would.

use super::measured::REPOSITORY;
use std::fmt::Write as _;
use testkit::images::{INDEX, MANIFEST, digest};
use testkit::scripted::Scripted;

/// How many names an honest catalog has: as many as are taken of any.
const NAMES: usize = 100_000;
const CATALOG: usize = 16 * 1024 * 1024;
const TAGS: usize = 1000;
const EXPORT: usize = 32 * 1024 * 1024;

/// What a registry holds, or a file.
pub enum Served {
    /// The answer to a question for a list.
    List(String),
    /// So many tags of one image, or of an index over it: what the config says, and how many platforms there are.
    Image(String, usize),
    /// An export, but for its host: over how many tags.
    Export(usize),
}

pub fn catalog(hostile: bool) -> Served {
    let mut text = String::from(r#"{"repositories":["r0""#);
    for at in 1.. {
        let done = if hostile {
            text.len() + 16 > CATALOG
        } else {
            at >= NAMES
        };
        if done {
            break;
        }
        let _ = write!(text, r#","r{at}""#);
    }
    Served::List(text + "]}")
}

pub fn architecture(hostile: bool) -> Served {
    let name = if hostile {
        "a".repeat(4_000_000)
    } else {
        "amd64".to_owned()
    };
    Served::Image(name, 0)
}

pub fn platforms(hostile: bool) -> Served {
    Served::Image("amd64".to_owned(), if hostile { 27_000 } else { 3 })
}

pub fn export(hostile: bool) -> Served {
    Served::Export(if hostile { 1 } else { 2000 })
}

impl Served {
    /// Puts it into a registry.
    pub fn put(&self, registry: &Scripted) {
        match self {
            Self::List(text) => {
                let bytes = text.clone();
                registry.set(|faults| faults.list_body = Some(bytes.into()));
            }
            Self::Image(architecture, platforms) => {
                let (kind, manifest) = image(registry, architecture, *platforms);
                for at in 0..TAGS {
                    registry.put_manifest(
                        REPOSITORY,
                        Some(&format!("t{at}")),
                        kind,
                        manifest.as_bytes(),
                    );
                }
            }
            Self::Export(_) => {}
        }
    }

    /// Returns the text of the export; nothing where it is none.
    pub fn export_of(&self, host: &str) -> String {
        let Self::Export(tags) = self else {
            return String::new();
        };
        let mut text = String::from("{\"longshore\":\"seen\",\"version\":1}\n");
        for at in 1..200_000 {
            let digest = digest(at.to_string().as_bytes());
            let line = format!(
                r#"{{"host":"{host}","repository":"{REPOSITORY}","tag":"t{}","digest":"{digest}","firstSeen":"2026-01-01T00:00:00Z","lastSeen":"2026-01-01T00:00:00Z","exact":false,"origin":"o","number":{at}}}"#,
                at % tags
            );
            if text.len() + line.len() + 1 > EXPORT {
                break;
            }
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}

/// Makes an image, or an index that names it under so many platforms.
fn image(registry: &Scripted, architecture: &str, platforms: usize) -> (&'static str, String) {
    let layer = registry.put_blob(REPOSITORY, b"layer");
    let config = format!(
        r#"{{"created":"2026-09-03T10:00:00Z","os":"linux","architecture":"{architecture}","rootfs":{{"type":"layers","diff_ids":["{layer}"]}}}}"#
    );
    let of_config = registry.put_blob(REPOSITORY, config.as_bytes());
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{of_config}","size":{}}},"layers":[{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{layer}","size":5}}]}}"#,
        config.len()
    );
    if platforms == 0 {
        return (MANIFEST, manifest);
    }
    let of_image = registry.put_manifest(REPOSITORY, None, MANIFEST, manifest.as_bytes());
    // As short as it gets: so many hardly fit into the largest manifest that is read.
    let entries: Vec<String> = (0..platforms)
        .map(|at| {
            format!(
                r#"{{"mediaType":"x","digest":"{of_image}","size":1,"platform":{{"os":"l","architecture":"{at}"}}}}"#
            )
        })
        .collect();
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{}]}}"#,
        entries.join(",")
    );
    (INDEX, index)
}
