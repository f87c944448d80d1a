//! Putting a commit under a name again, byte for byte: *Make active*, *Put back*, *Undo*. Nothing is pulled.
//!
//! A registry may have let go of the manifest, of a platform, or of layers; some store a manifest all the same. So what
//! it needs is asked for before anything is written, and a manifest that only this computer still has is put back only
//! where its layers are there. Not here: which tag may move, and what is kept before (`active`).

use crate::facts::Content;
use crate::house::{Door, House};
use crate::problems;
use crate::view::problem::Problem;
use futures_util::{StreamExt, TryStreamExt, stream};
use oci::{Descriptor, Digest, Manifest, MediaType};
use registry::{At, Error, Kind, Put, Repository};

/// How many questions run at once; the registry crate limits a host besides.
const AT_ONCE: usize = 6;
/// How many platforms or layers are asked for; of what has more, the registry itself is the judge.
const MOST: usize = 256;

/// A commit that can be put under a name.
pub(crate) struct Whole {
    /// Its manifest.
    pub content: Content,
    /// The registry no longer has the manifest itself.
    pub lost: bool,
    /// Platforms of it that the registry lost and this computer still knows: to be put back first.
    pub platforms: Vec<(Digest, Content)>,
}

impl House {
    /// Whether a commit can be put under a name: everything it needs is there, or can be put back. Asks only.
    pub async fn whole(
        &self,
        door: &Door,
        remote: &Repository,
        digest: &Digest,
    ) -> Result<Whole, Problem> {
        let lost = !self.has(door, remote, digest).await?;
        let content = match self.known(digest).await? {
            Some(content) => content,
            None if lost => return Err(gone(digest)),
            None => self.manifest(door, remote, digest).await?,
        };
        let platforms = match &content.manifest {
            Manifest::Image(_) => {
                if lost {
                    self.layers_there(door, remote, digest, &content).await?;
                }
                Vec::new()
            }
            Manifest::Index(index) => {
                // Owned, so that the whole may be awaited on any thread.
                let children: Vec<Descriptor> =
                    index.manifests.iter().take(MOST).cloned().collect();
                stream::iter(children)
                    .map(|child| async move { self.platform(door, remote, digest, &child).await })
                    .buffered(AT_ONCE)
                    .try_filter_map(async |found| Ok(found))
                    .try_collect()
                    .await?
            }
        };
        Ok(Whole {
            content,
            lost,
            platforms,
        })
    }

    /// Puts it under a name, what it needs before it.
    pub async fn put(
        &self,
        door: &Door,
        remote: &Repository,
        at: &At,
        digest: &Digest,
        whole: Whole,
    ) -> Result<Put, Problem> {
        self.put_platforms(door, remote, digest, whole.platforms)
            .await?;
        let content = whole.content;
        remote
            .put_manifest(at, &content.media_type, content.bytes)
            .await
            .map_err(|error| not_put(door, at, digest, &error))
    }

    /// Puts back the platforms that an index lost.
    pub async fn put_platforms(
        &self,
        door: &Door,
        remote: &Repository,
        digest: &Digest,
        platforms: Vec<(Digest, Content)>,
    ) -> Result<(), Problem> {
        for (child, content) in platforms {
            let at = At::Digest(child);
            remote
                .put_manifest(&at, &content.media_type, content.bytes)
                .await
                .map_err(|error| not_put(door, &at, digest, &error))?;
        }
        Ok(())
    }

    /// A platform of an index: none where it is there.
    async fn platform(
        &self,
        door: &Door,
        remote: &Repository,
        of: &Digest,
        child: &Descriptor,
    ) -> Result<Option<(Digest, Content)>, Problem> {
        if self.has(door, remote, &child.digest).await? {
            return Ok(None);
        }
        let Some(content) = self.known(&child.digest).await? else {
            let name = child
                .platform
                .as_ref()
                .filter(|_| !child.is_attestation())
                .map_or_else(
                    || "a part of it".to_owned(),
                    |platform| format!("its image for {platform}"),
                );
            return Err(incomplete(of, &format!("{name} is gone")));
        };
        self.layers_there(door, remote, of, &content).await?;
        Ok(Some((child.digest.clone(), content)))
    }

    async fn layers_there(
        &self,
        door: &Door,
        remote: &Repository,
        of: &Digest,
        content: &Content,
    ) -> Result<(), Problem> {
        let Manifest::Image(image) = &content.manifest else {
            return Ok(());
        };
        let blobs: Vec<Digest> = std::iter::once(&image.config)
            .chain(&image.layers)
            .take(MOST)
            .map(|blob| blob.digest.clone())
            .collect();
        let missing: Vec<bool> = stream::iter(blobs)
            .map(|blob| async move { remote.has_blob(&blob).await })
            .buffer_unordered(AT_ONCE)
            .try_filter_map(async |there| Ok((!there).then_some(true)))
            .try_collect()
            .await
            .map_err(|error| door.problem(&error))?;
        match missing.len() {
            0 => Ok(()),
            1 => Err(incomplete(of, "one of its layers is gone")),
            many => Err(incomplete(of, &format!("{many} of its layers are gone"))),
        }
    }

    async fn has(
        &self,
        door: &Door,
        remote: &Repository,
        digest: &Digest,
    ) -> Result<bool, Problem> {
        remote
            .head(&At::Digest(digest.clone()))
            .await
            .map(|head| head.is_some())
            .map_err(|error| door.problem(&error))
    }

    /// A manifest that this computer has fetched before.
    pub(crate) async fn known(&self, digest: &Digest) -> Result<Option<Content>, Problem> {
        let wanted = digest.clone();
        let found = self.db(move |store| store.manifest(&wanted)).await?;
        Ok(found.and_then(|(media_type, bytes)| {
            let media_type = MediaType::from_header(&media_type);
            let manifest = Manifest::parse(&media_type, &bytes).ok()?;
            Some(Content {
                media_type,
                bytes: bytes.into(),
                manifest,
            })
        }))
    }
}

/// The registry has let go of it, and so has this computer.
pub(crate) fn gone(digest: &Digest) -> Problem {
    problems::plain(format!(
        "This registry no longer has {}, so no tag can point at it.",
        digest.short()
    ))
    .hint("Where a computer still holds the image, push it from there.")
}

fn incomplete(digest: &Digest, what: &str) -> Problem {
    problems::plain(format!(
        "This registry no longer has all of {}: {what}.",
        digest.short()
    ))
    .hint("Where a computer still holds the image, push it from there.")
}

/// What the registry says to a manifest it had before.
fn not_put(door: &Door, at: &At, digest: &Digest, error: &Error) -> Problem {
    let told = door.problem(error);
    if error.kind != Kind::Refused {
        return told;
    }
    let lacks = ["MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN", "MANIFEST_UNKNOWN"];
    if lacks.iter().any(|code| error.has_code(code)) {
        return incomplete(digest, "something it needs is gone").detail(told.detail);
    }
    let host = &door.account.host;
    match at {
        At::Tag(tag) => problems::plain(format!("{host} doesn’t let {tag} be moved."))
            .hint("Its tags may be set to stay as they are; whoever runs it can tell."),
        At::Digest(digest) => problems::plain(format!("{host} refuses {}.", digest.short())),
    }
    .detail(told.detail)
}
