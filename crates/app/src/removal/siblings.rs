//! The other names of a commit, where one was taken away: whether they went along although nobody asked for that, and
//! putting them back.
//!
//! Not here: taking anything away (`tag`, `run`). Grows by another way in which registries take more than was said.

use super::known::MOST_NAMES;
use super::room::Removal;
use super::survey::AT_ONCE;
use crate::accounts::Remote;
use crate::content::head_of_tag;
use crate::tasks::Running;
use crate::view::problem::Problem;
use futures_util::{StreamExt, stream};
use oci::{Digest, Tag};
use registry::{At, Kind, Put};
use std::collections::HashSet;

/// How many names a sentence holds.
const NAMED: usize = 20;

impl Removal {
    /// Finds which siblings of a tag that was taken away went along. Where the commit itself is gone, or the first of them,
    /// all are asked. What can't be asked is not said to be gone.
    pub(super) async fn went_along(
        &self,
        remote: &Remote,
        digest: &Digest,
        siblings: &[Tag],
    ) -> Result<Vec<Tag>, Problem> {
        let is_gone = async |at: &At| matches!(remote.registry.head(at).await, Ok(None));
        let Some(first) = siblings.first() else {
            return Ok(Vec::new());
        };
        let suspicious =
            is_gone(&At::Digest(digest.clone())).await || is_gone(&At::Tag(first.clone())).await;
        if !suspicious {
            return Ok(Vec::new());
        }
        let asked: Vec<(Tag, bool)> = stream::iter(siblings.to_vec())
            .map(|tag| async {
                let gone = is_gone(&At::Tag(tag.clone())).await;
                (tag, gone)
            })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut went = Vec::new();
        for (tag, _) in asked.into_iter().filter(|(_, gone)| *gone) {
            self.is_gone(&remote.place, &tag).await?;
            went.push(tag);
        }
        Ok(went)
    }

    /// Finds names that vanished although nobody asked for that, and of which it was never asked what they point at: where a
    /// commit went with a tag of it, they may have gone along. One list tells; nothing is made up where it can't be had.
    pub(super) async fn vanished(
        &self,
        remote: &Remote,
        digest: &Digest,
        ordered: &HashSet<Tag>,
    ) -> Result<Vec<Tag>, Problem> {
        let place = remote.place.clone();
        let (tags, _) = self.ground.db(move |store| store.tags(&place)).await?;
        let unknown: Vec<Tag> = tags
            .into_iter()
            .filter(|tag| tag.digest.is_none() && tag.deleted_at.is_none())
            .filter_map(|tag| Tag::parse(&tag.name).ok())
            .filter(|tag| !ordered.contains(tag))
            .collect();
        let at = At::Digest(digest.clone());
        if unknown.is_empty() || !matches!(remote.registry.head(&at).await, Ok(None)) {
            return Ok(Vec::new());
        }
        let listed: HashSet<Tag> = match remote.registry.tags().listing().await {
            Ok(list) if list.is_whole() => list.entries.into_iter().collect(),
            Err(error) if error.kind == Kind::NotFound => HashSet::new(),
            // A list that may lack some says of none that it is gone.
            Ok(_) | Err(_) => return Ok(Vec::new()),
        };
        Ok(unknown
            .into_iter()
            .filter(|tag| !listed.contains(tag))
            .take(MOST_NAMES)
            .collect())
    }

    /// Gives a commit names again that a registry took although nobody asked for that; returns those that it could not. No
    /// turn of a tag may be held by the caller: each name has its own.
    pub(super) async fn name_anew(
        &self,
        remote: &Remote,
        digest: &Digest,
        names: &[Tag],
        running: &Running,
    ) -> Result<Vec<Tag>, Problem> {
        let mut lost = Vec::new();
        for name in names {
            let turn = self.ground.turns.tag(&remote.place, name);
            let Some(_turn) = running.unless_stopped(turn).await else {
                lost.push(name.clone());
                continue;
            };
            match self.name_if_free(remote, digest, name).await {
                Ok(Some(put)) => {
                    let at = self.ground.registry_time(&remote.place.host, put.date);
                    self.history
                        .record_put_back(&remote.place, name.as_str(), digest, at)
                        .await?;
                }
                // Someone has given the name to another commit since it was last looked at.
                Ok(None) => {}
                Err(_) => lost.push(name.clone()),
            }
        }
        Ok(lost)
    }

    /// Gives a commit a name that nothing bears; none where something does. What can't be read is not written over.
    async fn name_if_free(
        &self,
        remote: &Remote,
        digest: &Digest,
        name: &Tag,
    ) -> Result<Option<Put>, Problem> {
        let is_free = async || {
            let head = head_of_tag(remote, name).await;
            head.map(|head| head.is_none())
                .map_err(|error| remote.problem(&error))
        };
        if !is_free().await? {
            return Ok(None);
        }
        let whole = self.content.check_restorable(remote, digest).await?;
        // That took its time.
        if !is_free().await? {
            return Ok(None);
        }
        let at = At::Tag(name.clone());
        self.content
            .restore(remote, &at, digest, whole)
            .await
            .map(Some)
    }
}

/// Lists names for a sentence.
pub(super) fn named(tags: &[Tag]) -> String {
    let names: Vec<&str> = tags.iter().take(NAMED).map(Tag::as_str).collect();
    match tags.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} +{more}", names.join(", ")),
    }
}
