//! Manifests and configs: fetched once, ever, and what the lists show of them.

use super::room::{Content, KnownManifest};
use crate::accounts::Remote;
use crate::ground::count;
use crate::view::problem::Problem;
use bytes::Bytes;
use oci::{Descriptor, Digest, ImageConfig, Index, MOST_PLATFORMS, Manifest, MediaType};
use registry::{At, Kind};
use store::Facts;

impl Content {
    /// Returns a manifest by its digest, from the database or, the first time, from the registry.
    pub async fn manifest(
        &self,
        remote: &Remote,
        digest: &Digest,
    ) -> Result<KnownManifest, Problem> {
        self.fetch(remote, digest)
            .await?
            .map_err(|error| remote.problem(&error))
    }

    /// Returns a manifest, or the registry's error as it is; the outer error is this computer's own.
    pub(crate) async fn fetch(
        &self,
        remote: &Remote,
        digest: &Digest,
    ) -> Result<Result<KnownManifest, registry::Error>, Problem> {
        // Several tags of one digest are asked for at once: the second finds what the first has fetched.
        let _turn = self.ground.turns.manifest(digest).await;
        let wanted = digest.clone();
        if let Some((media_type, bytes)) =
            self.ground.db(move |store| store.manifest(&wanted)).await?
        {
            let media_type = MediaType::from_header(&media_type);
            if let Ok(manifest) = Manifest::parse(&media_type, &bytes) {
                return Ok(Ok(KnownManifest {
                    media_type,
                    bytes: bytes.into(),
                    manifest,
                }));
            }
        }
        let fetched = match remote.registry.manifest(&At::Digest(digest.clone())).await {
            Ok(fetched) => fetched,
            Err(error) => return Ok(Err(error)),
        };
        let (digest, media_type, bytes) = (
            fetched.digest.clone(),
            fetched.media_type.to_string(),
            fetched.bytes.clone(),
        );
        self.ground
            .db(move |store| store.put_manifest(&digest, &media_type, &bytes))
            .await?;
        Ok(Ok(KnownManifest {
            media_type: fetched.media_type,
            bytes: fetched.bytes,
            manifest: fetched.manifest,
        }))
    }

    /// Returns an image's config; none where it is no image config (an artifact's).
    pub async fn config(
        &self,
        remote: &Remote,
        descriptor: &Descriptor,
    ) -> Result<Option<ImageConfig>, Problem> {
        if !is_image_config(&descriptor.media_type) {
            return Ok(None);
        }
        let _turn = self.ground.turns.config(&descriptor.digest).await;
        let digest = descriptor.digest.clone();
        let bytes: Bytes = match self.ground.db(move |store| store.config(&digest)).await? {
            Some(bytes) => bytes.into(),
            None => match remote.registry.small_blob(descriptor).await {
                Ok(bytes) => {
                    let (digest, kept) = (descriptor.digest.clone(), bytes.clone());
                    self.ground
                        .db(move |store| store.put_config(&digest, &kept))
                        .await?;
                    bytes
                }
                Err(error) if matches!(error.kind, Kind::NotFound | Kind::TooLarge { .. }) => {
                    return Ok(None);
                }
                Err(error) => return Err(remote.problem(&error)),
            },
        };
        Ok(ImageConfig::parse(&bytes).ok())
    }

    /// Returns what the lists show of a manifest, worked out once.
    pub async fn facts(&self, remote: &Remote, digest: &Digest) -> Result<Facts, Problem> {
        let wanted = digest.clone();
        if let Some(facts) = self.ground.db(move |store| store.facts(&wanted)).await? {
            return Ok(facts);
        }
        let content = self.manifest(remote, digest).await?;
        let facts = match &content.manifest {
            Manifest::Image(_) | Manifest::Old(_) => {
                self.image_facts(remote, &content.manifest).await?
            }
            Manifest::Index(index) => self.index_facts(remote, index).await?,
        };
        let (digest, kept) = (digest.clone(), facts.clone());
        self.ground
            .db(move |store| store.put_facts(&digest, &kept))
            .await?;
        Ok(facts)
    }

    async fn index_facts(&self, remote: &Remote, index: &Index) -> Result<Facts, Problem> {
        let mut facts = match index.pick(&self.ground.platform) {
            None => Facts::default(),
            Some(child) => match self.fetch(remote, &child.digest).await? {
                Ok(image) => {
                    let mut facts = self.image_facts(remote, &image.manifest).await?;
                    facts.images.push(child.digest.to_string());
                    // What the index says counts; where it says nothing of this one, its own config does.
                    if child.platform.is_some() {
                        facts.platforms.clear();
                    }
                    facts
                }
                // A platform that a clean-up took: the index itself is still there to be shown.
                Err(error) if error.kind == Kind::NotFound => Facts::default(),
                Err(error) => return Err(remote.problem(&error)),
            },
        };
        let (platforms, more) = index.platforms();
        for platform in platforms.iter().map(ToString::to_string) {
            if !facts.platforms.contains(&platform) {
                facts.platforms.push(platform);
            }
        }
        let over = facts.platforms.len().saturating_sub(MOST_PLATFORMS);
        facts.platforms.truncate(MOST_PLATFORMS);
        facts.more_platforms = count(more + over);
        Ok(facts)
    }

    async fn image_facts(&self, remote: &Remote, manifest: &Manifest) -> Result<Facts, Problem> {
        let image = match manifest {
            Manifest::Image(image) => image,
            Manifest::Old(old) => {
                return Ok(Facts {
                    platforms: old.platform.iter().map(ToString::to_string).collect(),
                    created: old.created.map(|created| created.0),
                    is_old: true,
                    ..Facts::default()
                });
            }
            Manifest::Index(_) => return Ok(Facts::default()),
        };
        let config = self.config(remote, &image.config).await?;
        let platform = config.as_ref().and_then(|config| config.platform.as_ref());
        Ok(Facts {
            size: manifest.compressed_size(),
            platforms: platform.map(ToString::to_string).into_iter().collect(),
            created: config
                .as_ref()
                .and_then(|config| config.created)
                .map(|created| created.0),
            images: vec![image.config.digest.to_string()],
            ..Facts::default()
        })
    }
}

fn is_image_config(media_type: &MediaType) -> bool {
    matches!(
        media_type.as_str(),
        "application/vnd.oci.image.config.v1+json"
            | "application/vnd.docker.container.image.v1+json"
    )
}

/// Returns the layers of a manifest that the database holds, as far as their contents are known: diff ids.
pub(crate) fn known_layers(
    store: &store::Store,
    digest: &Digest,
) -> Result<Vec<Digest>, store::Error> {
    let mut layers = Vec::new();
    let mut waiting = vec![digest.clone()];
    while let Some(digest) = waiting.pop() {
        let Some((media_type, bytes)) = store.manifest(&digest)? else {
            continue;
        };
        match Manifest::parse(&MediaType::from_header(&media_type), &bytes) {
            Ok(Manifest::Image(image)) => {
                if let Some(config) = store.config(&image.config.digest)?
                    && let Ok(config) = ImageConfig::parse(&config)
                {
                    layers.extend(config.diff_ids);
                }
            }
            // An index of indexes has no end of its own; what is nested deeper than one level is left out.
            Ok(Manifest::Index(index)) if layers.is_empty() && waiting.len() < 64 => {
                waiting.extend(
                    index
                        .manifests
                        .into_iter()
                        .filter(|child| !child.media_type.is_index())
                        .map(|child| child.digest),
                );
            }
            _ => {}
        }
    }
    Ok(layers)
}
