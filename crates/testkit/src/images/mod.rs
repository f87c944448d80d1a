//! Images made from scratch: the same input gives the same bytes, and so the same digests, everywhere.
//!
//! It writes two forms: the archive that `docker save` writes, which every engine loads, and blobs and
//! manifests straight into a registry. It is no image builder; it may grow a form when a test needs one.

mod program;
mod registry;
mod upload;

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use aws_lc_rs::digest::SHA256;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

pub use program::sleeper;
pub use registry::registry;
pub use upload::{push, push_empty, push_index, put_manifest, retag};

/// Every manifest type, for an `Accept` header.
pub const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";
/// The type of a manifest written here.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The type of an index written here.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// The ingredients of an image.
#[derive(Debug, Clone)]
pub struct ImageSpec {
    /// The files of each layer, lowest first.
    pub layers: Vec<Vec<(String, Vec<u8>)>>,
    /// When it says it was built (RFC 3339).
    pub created: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its processor architecture, in Go's words.
    pub arch: String,
    /// What it runs.
    pub cmd: Vec<String>,
}

/// An image as a registry holds it.
#[derive(Debug, Clone)]
pub struct Built {
    /// The manifest's digest.
    pub digest: String,
    /// The manifest's bytes.
    pub manifest: Vec<u8>,
    /// Config and layers, each with its digest.
    pub blobs: Vec<(String, Vec<u8>)>,
}

impl ImageSpec {
    /// Describes an image of one file a layer, of the given sizes, filled with bytes that do not compress. Another seed
    /// gives another image.
    pub fn of_sizes(seed: u64, sizes: &[usize]) -> Self {
        let layers: Vec<(u64, usize)> = (0_u64..)
            .zip(sizes)
            .map(|(index, size)| (seed.wrapping_mul(1_000_003).wrapping_add(index), *size))
            .collect();
        Self::of_layers(&layers)
    }

    /// Describes an image of one file a layer, each with a seed of its own, so that two images can share their lower
    /// layers.
    pub fn of_layers(layers: &[(u64, usize)]) -> Self {
        let layers = layers
            .iter()
            .map(|(seed, size)| vec![(format!("data/{seed}.bin"), noise(*seed, *size))]);
        Self {
            layers: layers.collect(),
            created: "2026-11-01T12:00:00Z".to_owned(),
            labels: BTreeMap::new(),
            arch: "amd64".to_owned(),
            cmd: vec!["/bin/true".to_owned()],
        }
    }

    /// Sets the time of building.
    #[must_use]
    pub fn created(mut self, at: &str) -> Self {
        at.clone_into(&mut self.created);
        self
    }

    /// Adds one label.
    #[must_use]
    pub fn label(mut self, key: &str, value: &str) -> Self {
        self.labels.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Sets the architecture.
    #[must_use]
    pub fn arch(mut self, arch: &str) -> Self {
        arch.clone_into(&mut self.arch);
        self
    }

    /// Sets what it runs.
    #[must_use]
    pub fn runs(mut self, cmd: &[&str]) -> Self {
        self.cmd = cmd.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// Adds one layer of one file.
    #[must_use]
    pub fn layer(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.layers.push(vec![(path.to_owned(), bytes.into())]);
        self
    }

    /// Returns the image's id: the digest of its config.
    pub fn id(&self) -> Result<String> {
        Ok(digest(&self.config(&self.tars()?)))
    }

    /// Writes the archive `docker save` would write, with these names.
    pub fn save(&self, names: &[&str]) -> Result<Vec<u8>> {
        let tars = self.tars()?;
        let config = self.config(&tars);
        let config_name = format!("{}.json", hex(&config));
        let mut files = vec![(config_name.clone(), config)];
        let mut layers = Vec::new();
        for tar in tars {
            let name = format!("{}/layer.tar", hex(&tar));
            layers.push(name.clone());
            // Two equal layers are one file in the archive.
            if !files.iter().any(|(known, _)| *known == name) {
                files.push((name, tar));
            }
        }
        let list = json!([{"Config": config_name, "RepoTags": names, "Layers": layers}]);
        files.push(("manifest.json".to_owned(), list.to_string().into_bytes()));
        tar(&files)
    }

    /// Writes it as an OCI layout, with this name, which begins with a registry: `docker.io/local/tool:1`.
    pub fn save_oci(&self, name: &str) -> Result<Vec<u8>> {
        let built = self.build()?;
        let index = json!({
            "schemaVersion": 2, "mediaType": INDEX,
            "manifests": [{
                "mediaType": MANIFEST, "digest": built.digest, "size": built.manifest.len(),
                "annotations": {"io.containerd.image.name": name},
            }],
        });
        let mut files = vec![
            (
                "oci-layout".to_owned(),
                br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec(),
            ),
            ("index.json".to_owned(), index.to_string().into_bytes()),
        ];
        let manifest = (built.digest, built.manifest);
        for (digest, bytes) in std::iter::once(manifest).chain(built.blobs) {
            let path = format!("blobs/{}", digest.replace(':', "/"));
            if !files.iter().any(|(known, _)| *known == path) {
                files.push((path, bytes));
            }
        }
        tar(&files)
    }

    /// Builds the image as a registry holds it.
    pub fn build(&self) -> Result<Built> {
        let tars = self.tars()?;
        let config = self.config(&tars);
        let mut layers = Vec::new();
        let mut blobs = vec![(digest(&config), config.clone())];
        for tar in tars {
            // Stored, not squeezed: the bytes would not shrink, and it saves a minute of a new sandbox.
            let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
            gzip.write_all(&tar)?;
            let bytes = gzip.finish()?;
            layers.push(json!({"mediaType": LAYER, "digest": digest(&bytes), "size": bytes.len()}));
            blobs.push((digest(&bytes), bytes));
        }
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": digest(&config), "size": config.len()},
            "layers": layers,
        });
        let manifest = manifest.to_string().into_bytes();
        Ok(Built {
            digest: digest(&manifest),
            manifest,
            blobs,
        })
    }

    fn tars(&self) -> Result<Vec<Vec<u8>>> {
        self.layers.iter().map(|files| tar(files)).collect()
    }

    fn config(&self, tars: &[Vec<u8>]) -> Vec<u8> {
        let diff_ids: Vec<String> = tars.iter().map(|tar| digest(tar)).collect();
        let history: Vec<_> = tars
            .iter()
            .map(|_| json!({"created": self.created, "created_by": "COPY data /data"}))
            .collect();
        json!({
            "architecture": self.arch, "os": "linux", "created": self.created,
            "config": {"Labels": self.labels, "Cmd": self.cmd},
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
            "history": history,
        })
        .to_string()
        .into_bytes()
    }
}

/// Computes the `sha256:…` of some bytes.
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    aws_lc_rs::digest::digest(&SHA256, bytes)
        .as_ref()
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Bytes that look random and are the same each time (xorshift64*).
fn noise(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed ^ 0x9E37_79B9_7F4A_7C15;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

pub(crate) fn tar(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(if bytes.starts_with(program::MAGIC) {
            0o755
        } else {
            0o644
        });
        header.set_mtime(0);
        builder.append_data(&mut header, path, bytes.as_slice())?;
    }
    Ok(builder.into_inner()?)
}
