//! What the registry holds, in memory.

use bytes::Bytes;
use std::collections::BTreeMap;

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

    /// A manifest by tag or digest: digest, type, bytes.
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

    /// Removes a manifest that no tag points at any more.
    pub(super) fn drop_untagged(&mut self, repository: &str, digest: &str) {
        if let Some(repository) = self.repositories.get_mut(repository)
            && !repository.tags.values().any(|tagged| tagged == digest)
        {
            repository.manifests.remove(digest);
        }
    }

    /// Removes a tag, or a manifest with its tags; whether there was one.
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

    pub(super) fn blob(&self, repository: &str, digest: &str) -> Option<Bytes> {
        self.repositories
            .get(repository)?
            .blobs
            .get(digest)
            .cloned()
    }

    /// A blob of any repository: what an object storage would have.
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

    /// Adds to an upload; its length then.
    pub(super) fn append(&mut self, id: &str, bytes: &[u8]) -> Option<usize> {
        let upload = self.uploads.get_mut(id)?;
        upload.extend_from_slice(bytes);
        Some(upload.len())
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
