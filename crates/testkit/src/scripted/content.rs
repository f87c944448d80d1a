//! What the registry holds, in memory.

use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};

use crate::images::digest as digest_of;

/// All repositories.
#[derive(Default)]
pub(super) struct Content {
    repositories: BTreeMap<String, Repository>,
    uploads: BTreeMap<String, Vec<u8>>,
    started: u64,
}

#[derive(Default)]
struct Repository {
    tags: BTreeMap<String, String>,
    manifests: BTreeMap<String, (String, Bytes)>,
    blobs: BTreeMap<String, Bytes>,
}

impl Content {
    pub(super) fn repositories(&self) -> Vec<String> {
        self.repositories.keys().cloned().collect()
    }

    pub(super) fn tags(&self, repository: &str) -> Option<Vec<String>> {
        Some(
            self.repositories
                .get(repository)?
                .tags
                .keys()
                .cloned()
                .collect(),
        )
    }

    pub(super) fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
        self.repositories.get(repository)?.tags.get(tag).cloned()
    }

    pub(super) fn digests(&self, repository: &str) -> Vec<String> {
        let repository = self.repositories.get(repository);
        repository.map_or_else(Vec::new, |of| of.manifests.keys().cloned().collect())
    }

    /// Finds a manifest by tag or digest: digest, type, bytes.
    pub(super) fn resolve(&self, repository: &str, at: &str) -> Option<(String, String, Bytes)> {
        let repository = self.repositories.get(repository)?;
        let digest = if at.contains(':') {
            at
        } else {
            repository.tags.get(at)?
        };
        let (media_type, bytes) = repository.manifests.get(digest)?;
        Some((digest.to_owned(), media_type.clone(), bytes.clone()))
    }

    pub(super) fn manifest(&self, repository: &str, digest: &str) -> Option<(String, Bytes)> {
        self.repositories
            .get(repository)?
            .manifests
            .get(digest)
            .cloned()
    }

    pub(super) fn put_manifest(
        &mut self,
        repository: &str,
        tag: Option<&str>,
        media_type: &str,
        bytes: &[u8],
    ) -> String {
        let digest = digest_of(bytes);
        let repository = self.repositories.entry(repository.to_owned()).or_default();
        repository.manifests.insert(
            digest.clone(),
            (media_type.to_owned(), Bytes::copy_from_slice(bytes)),
        );
        if let Some(tag) = tag {
            repository.tags.insert(tag.to_owned(), digest.clone());
        }
        digest
    }

    /// Stores a manifest under a digest that is not that of its bytes.
    pub(super) fn put_manifest_as(
        &mut self,
        repository: &str,
        tag: &str,
        digest: &str,
        media_type: &str,
        bytes: &[u8],
    ) {
        let repository = self.repositories.entry(repository.to_owned()).or_default();
        let stored = (media_type.to_owned(), Bytes::copy_from_slice(bytes));
        repository.manifests.insert(digest.to_owned(), stored);
        repository.tags.insert(tag.to_owned(), digest.to_owned());
    }

    /// Removes a manifest that no tag points at any more.
    pub(super) fn drop_untagged(&mut self, repository: &str, digest: &str) {
        if let Some(repository) = self.repositories.get_mut(repository)
            && !repository.tags.values().any(|tagged| tagged == digest)
        {
            repository.manifests.remove(digest);
        }
    }

    /// Finds the first digest a manifest needs and the repository lacks.
    pub(super) fn lacks(&self, repository: &str, manifest: &serde_json::Value) -> Option<String> {
        let digests = |list: &serde_json::Value| -> Vec<String> {
            let entries = list.as_array().cloned().unwrap_or_default();
            let digest = |entry: &serde_json::Value| entry["digest"].as_str().map(str::to_owned);
            entries.iter().filter_map(digest).collect()
        };
        let there = self.repositories.get(repository);
        let mut blobs = digests(&manifest["layers"]);
        blobs.extend(manifest["config"]["digest"].as_str().map(str::to_owned));
        let no_blob =
            |digest: &String| !there.is_some_and(|there| there.blobs.contains_key(digest));
        let no_manifest =
            |digest: &String| !there.is_some_and(|there| there.manifests.contains_key(digest));
        blobs.into_iter().find(no_blob).or_else(|| {
            digests(&manifest["manifests"])
                .into_iter()
                .find(no_manifest)
        })
    }

    /// Lists descriptors of the manifests whose `subject` this is.
    pub(super) fn referrers(&self, repository: &str, of: &str) -> Vec<serde_json::Value> {
        let Some(repository) = self.repositories.get(repository) else {
            return Vec::new();
        };
        repository
            .manifests
            .iter()
            .filter_map(|(digest, (media_type, bytes))| {
                let body: serde_json::Value = serde_json::from_slice(bytes).ok()?;
                (body["subject"]["digest"].as_str() == Some(of)).then(|| {
                    serde_json::json!({
                        "mediaType": media_type, "digest": digest, "size": bytes.len(),
                        "artifactType": body["artifactType"],
                    })
                })
            })
            .collect()
    }

    /// Forgets a blob, as a clean-up would.
    pub(super) fn drop_blob(&mut self, repository: &str, digest: &str) {
        if let Some(repository) = self.repositories.get_mut(repository) {
            repository.blobs.remove(digest);
        }
    }

    /// Removes what no tag leads to: manifests, then blobs. An index leads to its platforms.
    pub(super) fn collect_garbage(&mut self) {
        for repository in self.repositories.values_mut() {
            let mut led_to: BTreeSet<String> = repository.tags.values().cloned().collect();
            let mut waiting: Vec<String> = led_to.iter().cloned().collect();
            while let Some(digest) = waiting.pop() {
                let Some((_, bytes)) = repository.manifests.get(&digest) else {
                    continue;
                };
                let manifest: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
                let lists = ["manifests", "layers"].map(|list| manifest[list].as_array().cloned());
                let parts = lists.into_iter().flatten().flatten();
                for part in parts.chain([manifest["config"].clone()]) {
                    if let Some(part) = part["digest"].as_str()
                        && led_to.insert(part.to_owned())
                    {
                        waiting.push(part.to_owned());
                    }
                }
            }
            repository
                .manifests
                .retain(|digest, _| led_to.contains(digest));
            repository.blobs.retain(|digest, _| led_to.contains(digest));
        }
    }

    /// Removes a tag, or a manifest with its tags, and tells whether there was one.
    pub(super) fn delete(&mut self, repository: &str, at: &str) -> bool {
        let Some(repository) = self.repositories.get_mut(repository) else {
            return false;
        };
        if at.contains(':') {
            repository.tags.retain(|_, digest| digest != at);
            repository.manifests.remove(at).is_some()
        } else {
            repository.tags.remove(at).is_some()
        }
    }

    pub(super) fn drop_repository(&mut self, repository: &str) {
        self.repositories.remove(repository);
    }

    pub(super) fn blob(&self, repository: &str, digest: &str) -> Option<Bytes> {
        self.repositories
            .get(repository)?
            .blobs
            .get(digest)
            .cloned()
    }

    /// Finds a blob of any repository: what an object storage would have.
    pub(super) fn any_blob(&self, digest: &str) -> Option<Bytes> {
        self.repositories
            .values()
            .find_map(|repository| repository.blobs.get(digest).cloned())
    }

    pub(super) fn put_blob(&mut self, repository: &str, bytes: &[u8]) -> String {
        let digest = digest_of(bytes);
        let repository = self.repositories.entry(repository.to_owned()).or_default();
        repository
            .blobs
            .insert(digest.clone(), Bytes::copy_from_slice(bytes));
        digest
    }

    pub(super) fn start_upload(&mut self) -> String {
        self.started += 1;
        let id = format!("upload-{}", self.started);
        self.uploads.insert(id.clone(), Vec::new());
        id
    }

    /// Adds to an upload, and returns its length then.
    pub(super) fn append(&mut self, id: &str, bytes: &[u8]) -> Option<usize> {
        let upload = self.uploads.get_mut(id)?;
        upload.extend_from_slice(bytes);
        Some(upload.len())
    }

    /// Returns the length of an upload.
    pub(super) fn uploaded(&self, id: &str) -> Option<usize> {
        self.uploads.get(id).map(Vec::len)
    }

    pub(super) fn forget_uploads(&mut self) {
        self.uploads.clear();
    }

    pub(super) fn open_uploads(&self) -> usize {
        self.uploads.len()
    }

    pub(super) fn finish_upload(&mut self, id: &str) -> Option<Vec<u8>> {
        self.uploads.remove(id)
    }

    pub(super) fn push_image(&mut self, repository: &str, tag: &str, text: &str) -> String {
        let layer = self.put_blob(repository, text.as_bytes());
        let config = serde_json::json!({
            "created": "2026-09-03T10:00:00Z", "os": "linux", "architecture": "amd64",
            "config": {"Labels": {"text": text}}, "rootfs": {"type": "layers", "diff_ids": [layer]},
        })
        .to_string();
        let config_digest = self.put_blob(repository, config.as_bytes());
        let manifest = serde_json::json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": config_digest, "size": config.len()},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer, "size": text.len()}],
        });
        self.put_manifest(
            repository,
            Some(tag),
            "application/vnd.oci.image.manifest.v1+json",
            manifest.to_string().as_bytes(),
        )
    }
}
