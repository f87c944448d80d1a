//! Putting a commit under a name again, byte for byte: *Make active*, *Put back*, *Undo*. Nothing is pulled.
//!
//! A registry may have let go of the manifest, of a platform, or of layers; some store a manifest all the same. So what
//! it needs is asked for before anything is written, and a manifest that only this computer still has is put back only
//! where its layers are there. Not here: which tag may move, and what is kept before (`active`).

use super::room::{Content, KnownManifest};
use crate::accounts::Remote;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words;
use futures_util::{StreamExt, TryStreamExt, stream};
use oci::{Descriptor, Digest, Manifest, MediaType};
use registry::{At, Error, Kind, Put};

/// How many questions run at once; the registry crate limits a host besides.
const AT_ONCE: usize = 6;
/// How many platforms or layers are asked for; of what has more, the registry itself is the judge.
const MOST: usize = 256;

/// A commit that can be put under a name.
pub(crate) struct Restorable {
    /// Its manifest.
    pub content: KnownManifest,
    /// The registry no longer has the manifest itself.
    pub lost: bool,
    /// Platforms of it that the registry lost and this computer still knows: to be put back first.
    pub platforms: Vec<(Digest, KnownManifest)>,
}

impl Content {
    /// Checks whether a commit can be put under a name: everything it needs is there, or can be put back. Asks only.
    pub async fn check_restorable(
        &self,
        remote: &Remote,
        digest: &Digest,
    ) -> Result<Restorable, Problem> {
        let lost = !self.has(remote, digest).await?;
        let content = match self.known(digest).await? {
            Some(content) => content,
            None if lost => return Err(gone(digest)),
            None => self.manifest(remote, digest).await?,
        };
        let platforms = match &content.manifest {
            Manifest::Image(_) | Manifest::Old(_) => {
                if lost {
                    self.layers_there(remote, digest, &content).await?;
                }
                Vec::new()
            }
            Manifest::Index(index) => {
                // Owned, so that the whole may be awaited on any thread.
                let children: Vec<Descriptor> =
                    index.manifests.iter().take(MOST).cloned().collect();
                stream::iter(children)
                    .map(|child| async move { self.platform(remote, digest, &child).await })
                    .buffered(AT_ONCE)
                    .try_filter_map(async |found| Ok(found))
                    .try_collect()
                    .await?
            }
        };
        Ok(Restorable {
            content,
            lost,
            platforms,
        })
    }

    /// Puts a commit under a name, what it needs before it.
    pub async fn restore(
        &self,
        remote: &Remote,
        at: &At,
        digest: &Digest,
        whole: Restorable,
    ) -> Result<Put, Problem> {
        self.restore_missing(remote, digest, whole.platforms)
            .await?;
        let content = whole.content;
        remote
            .registry
            .put_manifest(at, &content.media_type, content.bytes)
            .await
            .map_err(|error| not_put(remote, at, digest, &error))
    }

    /// Puts back the platforms that an index lost.
    pub async fn restore_missing(
        &self,
        remote: &Remote,
        digest: &Digest,
        platforms: Vec<(Digest, KnownManifest)>,
    ) -> Result<(), Problem> {
        for (child, content) in platforms {
            let at = At::Digest(child);
            remote
                .registry
                .put_manifest(&at, &content.media_type, content.bytes)
                .await
                .map_err(|error| not_put(remote, &at, digest, &error))?;
        }
        Ok(())
    }

    /// Finds a platform of an index that must be put back; none where it is there.
    async fn platform(
        &self,
        remote: &Remote,
        of: &Digest,
        child: &Descriptor,
    ) -> Result<Option<(Digest, KnownManifest)>, Problem> {
        if self.has(remote, &child.digest).await? {
            return Ok(None);
        }
        let Some(content) = self.known(&child.digest).await? else {
            let what = child
                .platform
                .as_ref()
                .filter(|_| !child.is_attestation())
                .map_or_else(words::content::part_gone, |platform| {
                    words::content::platform_gone(platform)
                });
            return Err(incomplete(of, what));
        };
        self.layers_there(remote, of, &content).await?;
        Ok(Some((child.digest.clone(), content)))
    }

    async fn layers_there(
        &self,
        remote: &Remote,
        of: &Digest,
        content: &KnownManifest,
    ) -> Result<(), Problem> {
        let blobs: Vec<Digest> = match &content.manifest {
            Manifest::Image(image) => std::iter::once(&image.config)
                .chain(&image.layers)
                .take(MOST)
                .map(|blob| blob.digest.clone())
                .collect(),
            Manifest::Old(old) => old.layers.iter().take(MOST).cloned().collect(),
            Manifest::Index(_) => return Ok(()),
        };
        let missing: Vec<bool> = stream::iter(blobs)
            .map(|blob| async move { remote.registry.has_blob(&blob).await })
            .buffer_unordered(AT_ONCE)
            .try_filter_map(async |there| Ok((!there).then_some(true)))
            .try_collect()
            .await
            .map_err(|error| remote.problem(&error))?;
        match missing.len() {
            0 => Ok(()),
            1 => Err(incomplete(of, words::content::layer_gone())),
            many => Err(incomplete(of, words::content::layers_gone(&many))),
        }
    }

    async fn has(&self, remote: &Remote, digest: &Digest) -> Result<bool, Problem> {
        remote
            .registry
            .head(&At::Digest(digest.clone()))
            .await
            .map(|head| head.is_some())
            .map_err(|error| remote.problem(&error))
    }

    /// Returns a manifest that this computer has fetched before.
    pub(crate) async fn known(&self, digest: &Digest) -> Result<Option<KnownManifest>, Problem> {
        let wanted = digest.clone();
        let found = self.ground.db(move |store| store.manifest(&wanted)).await?;
        Ok(found.and_then(|(media_type, bytes)| {
            let media_type = MediaType::from_header(&media_type);
            let manifest = Manifest::parse(&media_type, &bytes).ok()?;
            Some(KnownManifest {
                media_type,
                bytes: bytes.into(),
                manifest,
            })
        }))
    }
}

/// Says that the registry has let go of a commit, and so has this computer.
pub(crate) fn gone(digest: &Digest) -> Problem {
    words::content::gone(digest.short())
        .problem()
        .hint(words::content::push_from_there())
}

fn incomplete(digest: &Digest, what: Said) -> Problem {
    words::content::incomplete(digest.short(), what)
        .problem()
        .hint(words::content::push_from_there())
}

/// Says what the registry said to a manifest it had before.
fn not_put(remote: &Remote, at: &At, digest: &Digest, error: &Error) -> Problem {
    let told = remote.problem(error);
    if error.kind != Kind::Refused {
        return told;
    }
    let lacks = ["MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN", "MANIFEST_UNKNOWN"];
    if lacks.iter().any(|code| error.has_code(code)) {
        return incomplete(digest, words::content::something_gone()).detail(told.detail);
    }
    let host = &remote.session.account.host;
    match at {
        At::Tag(tag) => words::content::tag_stays(host, tag)
            .problem()
            .hint(words::content::ask_about_tag()),
        At::Digest(digest) => words::content::refused(host, digest.short()).problem(),
    }
    .detail(told.detail)
}
