//! Whether a commit can still be pulled, asked and remembered.
//!
//! A commit that answers may be an index whose platforms a clean-up took (distribution 2.8 takes them, tagged or
//! not). Then nothing can be pulled by it, so what a pull here would take is asked for too.
//!
//! Not here: what the answers look like. Grows by another way in which something that answers can't be pulled.

use super::room::Content;
use crate::accounts::Remote;
use crate::view::browse::Reach;
use crate::view::problem::Problem;
use oci::{Digest, Manifest, MediaType, Tag};
use registry::{At, Head, Kind};
use std::time::Duration;
use store::Place;

/// How often a tag is asked for where the registry stumbles, and how long it is given in between.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(100);

/// Asks what a tag points at. A registry that keeps tags in files (distribution) answers 500 in the very moment in which
/// somebody else writes the tag: it is asked again.
pub(crate) async fn head_of_tag(
    remote: &Remote,
    tag: &Tag,
) -> Result<Option<Head>, registry::Error> {
    let mut attempt = 1;
    loop {
        match remote.registry.head(&At::Tag(tag.clone())).await {
            Err(error) if error.kind == Kind::Server && attempt < ATTEMPTS => attempt += 1,
            answered => return answered,
        }
        tokio::time::sleep(PAUSE).await;
    }
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
        let mut there = head.is_some();
        if there && let Some(platform) = self.platform_of(digest).await? {
            let head = remote.registry.head(&At::Digest(platform)).await;
            there = head.map_err(|error| remote.problem(&error))?.is_some();
        }
        let (place, digest) = (remote.place.clone(), digest.clone());
        self.ground
            .db(move |store| store.set_reach(&place, &digest, at, there))
            .await?;
        Ok(there)
    }

    /// Returns what a pull of an index would take here, where the digest is known to be an index.
    pub async fn platform_of(&self, digest: &Digest) -> Result<Option<Digest>, Problem> {
        let wanted = digest.clone();
        let known = self.ground.db(move |store| store.manifest(&wanted)).await?;
        Ok(known.and_then(|(media_type, bytes)| {
            match Manifest::parse(&MediaType::from_header(&media_type), &bytes) {
                Ok(Manifest::Index(index)) => {
                    Some(index.pick(&self.ground.platform)?.digest.clone())
                }
                _ => None,
            }
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
        Some(since) => Reach::Gone { since },
        None => Reach::Pullable { at: reach.asked_at },
    }
}
