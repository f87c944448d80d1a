//! Whether a commit can still be pulled, asked and remembered.
//!
//! A commit that answers may be an index whose platforms a clean-up took (distribution 2.8 takes them, tagged or
//! not). So what a pull here would take is asked for too, and where that is gone, the other platforms are: as long as one
//! answers, some are gone, and not the commit.
//!
//! Not here: what the answers look like. Grows by another way in which something that answers can't be pulled.

use super::room::Content;
use crate::accounts::Remote;
use crate::view::browse::Reach;
use crate::view::problem::Problem;
use oci::{Digest, Index, Manifest, Tag};
use registry::{At, Head, Kind};
use std::time::Duration;
use store::Place;

/// How often a tag is asked for where the registry stumbles, and how long it is given in between.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(100);
/// How many platforms of an index are asked for, where the one of this computer is gone.
const MOST_PLATFORMS: usize = 16;

/// Asks what a tag points at. A registry that keeps tags in files (distribution) answers 500 in the very moment in which
/// somebody else writes the tag: it is asked again.
pub(crate) async fn head_of_tag(
    remote: &Remote,
    tag: &Tag,
) -> Result<Option<Head>, registry::Error> {
    asked(remote, tag, false).await
}

/// Asks the same of a tag that was there the last time: that it is gone is not believed of HEAD alone.
pub(crate) async fn head_of_known_tag(
    remote: &Remote,
    tag: &Tag,
) -> Result<Option<Head>, registry::Error> {
    asked(remote, tag, true).await
}

async fn asked(remote: &Remote, tag: &Tag, known: bool) -> Result<Option<Head>, registry::Error> {
    let (mut attempt, at) = (1, At::Tag(tag.clone()));
    loop {
        let answered = if known {
            remote.registry.head_of_known(&at).await
        } else {
            remote.registry.head(&at).await
        };
        match answered {
            Err(error) if error.kind == Kind::Server && attempt < ATTEMPTS => attempt += 1,
            answered => return answered,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn is_there(remote: &Remote, digest: &Digest) -> Result<bool, Problem> {
    let head = remote.registry.head(&At::Digest(digest.clone())).await;
    head.map(|head| head.is_some())
        .map_err(|error| remote.problem(&error))
}

/// Tells whether one of the other platforms of an index is there; of more than are asked for, the last ones count as there.
async fn any_is_there(remote: &Remote, index: &Index, but: &Digest) -> Result<bool, Problem> {
    let others = index
        .manifests
        .iter()
        .filter(|child| child.digest != *but && !child.is_attestation());
    // Owned, so that the whole may be awaited on any thread.
    let others: Vec<Digest> = others.map(|child| child.digest.clone()).collect();
    for digest in others.iter().take(MOST_PLATFORMS) {
        if is_there(remote, digest).await? {
            return Ok(true);
        }
    }
    Ok(others.len() > MOST_PLATFORMS)
}

impl Content {
    /// Asks by one HEAD for a digest, and one for a platform of an index, and remembers the answer.
    pub async fn reachable(&self, remote: &Remote, digest: &Digest) -> Result<bool, Problem> {
        let head = remote
            .registry
            .head(&At::Digest(digest.clone()))
            .await
            .map_err(|error| remote.problem(&error))?;
        let host = &remote.place.host;
        let at = match &head {
            Some(head) => self.ground.registry_time(host, head.date),
            None => self.ground.registry_now(host),
        };
        let (mut there, mut lacks) = (head.is_some(), false);
        if there && let Some(index) = self.index(digest).await? {
            let picked = index.pick(&self.ground.platform);
            let picked = picked.map(|platform| platform.digest.clone());
            if let Some(picked) = picked
                && !is_there(remote, &picked).await?
            {
                lacks = true;
                there = any_is_there(remote, &index, &picked).await?;
            }
        }
        let (place, digest) = (remote.place.clone(), digest.clone());
        self.ground
            .db(move |store| {
                store.set_reach(&place, &digest, at, there)?;
                store.set_lacks(&place, &digest, lacks)
            })
            .await?;
        Ok(there)
    }

    /// Returns what a pull of an index would take here, where the digest is known to be an index.
    pub async fn platform_of(&self, digest: &Digest) -> Result<Option<Digest>, Problem> {
        let index = self.index(digest).await?;
        let picked = index
            .as_ref()
            .and_then(|index| index.pick(&self.ground.platform));
        Ok(picked.map(|platform| platform.digest.clone()))
    }

    /// Returns a commit that is known to be an index.
    async fn index(&self, digest: &Digest) -> Result<Option<Index>, Problem> {
        let known = self.known(digest).await?;
        Ok(known.and_then(|known| match known.manifest {
            Manifest::Index(index) => Some(index),
            _ => None,
        }))
    }

    /// Returns what was last heard of a commit.
    pub async fn known_reach(&self, place: &Place, digest: &Digest) -> Result<Reach, Problem> {
        let (place, wanted) = (place.clone(), digest.clone());
        let reaches = self
            .ground
            .db(move |store| store.reaches(&place, [&wanted]))
            .await?;
        Ok(reaches.get(digest).map_or(Reach::Unknown, reach_of))
    }
}

/// Returns what the database knows of a commit, for the window.
pub(crate) fn reach_of(reach: &store::ReachRecord) -> Reach {
    match reach.gone_since {
        Some(since) => Reach::Gone {
            since,
            restorable_until: reach.restorable_until,
        },
        None if reach.lacks => Reach::Partly { at: reach.asked_at },
        None => Reach::Pullable { at: reach.asked_at },
    }
}
