//! *Undo*: what a deletion took is written again, byte for byte, while its layers are there. A tag that bears something
//! else meanwhile is left alone.

use super::room::Removal;
use crate::accounts::Remote;
use crate::ground::{is_of_the_side, names};
use crate::tasks::{Running, Unfinished};
use crate::view::delete::{DeleteFailure, DeleteOutcome};
use crate::view::problem::{Code, Problem};
use crate::view::tasks::TaskOutcome;
use crate::words;
use oci::{Digest, Tag};
use registry::At;
use serde::{Deserialize, Serialize};
use store::StoredUndo;
use vendors::Part;

/// Which deletion is undone, as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Restoring {
    pub account: String,
    pub repository: String,
    /// The number of the noted deletion.
    pub undo: i64,
}

/// What a deletion took, as it is stored.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Undo {
    /// One an item.
    pub taken: Vec<Taken>,
}

/// What one item took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Taken {
    /// The manifest; its bytes are among those that are kept for ever.
    pub digest: String,
    /// The names it bore.
    pub tags: Vec<String>,
    /// The manifest itself was deleted, not just a name.
    pub commit: bool,
}

/// What came of putting one commit back.
enum Back {
    /// It has all its names again.
    Whole,
    /// The person stopped while it waited for its turn; it can be tried again.
    Stopped,
}

impl Undo {
    pub fn write(&self) -> Result<String, Problem> {
        serde_json::to_string(self).map_err(words::unexpected)
    }
}

impl Taken {
    fn name(&self) -> String {
        match self.tags.as_slice() {
            [tag] if !self.commit => tag.clone(),
            _ => Digest::parse(&self.digest)
                .map_or_else(|_| String::new(), |digest| digest.short().to_owned()),
        }
    }
}

impl Removal {
    /// Finds the deletion that the window asks to undo.
    pub(crate) async fn find_undo(&self, undo: &str) -> Result<Restoring, Problem> {
        let id: i64 = undo.parse().map_err(|_| words::removal::not_undoable())?;
        let stored = self.stored_undo(id).await?;
        Ok(Restoring {
            account: stored.account.to_string(),
            repository: stored.place.repository.to_string(),
            undo: id,
        })
    }

    async fn stored_undo(&self, id: i64) -> Result<StoredUndo, Problem> {
        self.ground
            .db(move |store| store.undo(id))
            .await?
            .ok_or_else(words::removal::not_undoable)
    }

    /// Notes what a deletion has taken so far; returns the number by which it is undone.
    pub(super) async fn note_undo(
        &self,
        remote: &Remote,
        undo: &Undo,
        id: Option<i64>,
    ) -> Result<i64, Problem> {
        let content = undo.write()?;
        if let Some(id) = id {
            self.ground
                .db(move |store| store.change_undo(id, Some(&content)))
                .await?;
            return Ok(id);
        }
        let stored = StoredUndo {
            account: remote.account().id,
            place: remote.place.clone(),
            content,
        };
        let now = self.ground.now();
        self.ground
            .db(move |store| store.add_undo(&stored, now))
            .await
    }

    /// Puts back what a deletion took. What can't be now is still remembered, and can be tried again.
    pub(crate) async fn undo(
        &self,
        order: Restoring,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let id = order.undo;
        let stored = self.stored_undo(id).await?;
        let undo: Undo = serde_json::from_str(&stored.content).map_err(words::unexpected)?;
        let remote = self
            .accounts
            .remote(
                &stored.account.to_string(),
                stored.place.repository.as_str(),
            )
            .await?;
        let mut outcome = DeleteOutcome {
            done: 0,
            failed: Vec::new(),
            undo: Some(id.to_string()),
            notes: Vec::new(),
        };
        // What ends in the middle can be begun again.
        let begun = TaskOutcome::Removed(outcome.clone());
        running.so_far(begun).await;
        let mut left = Undo::default();
        let all = undo.taken.len();
        let mut stopped = false;
        for (at, taken) in undo.taken.into_iter().enumerate() {
            running.count(at, all);
            if running.token().is_cancelled() {
                stopped = true;
                left.taken.push(taken);
                continue;
            }
            match self.put_back(&remote, &taken, running).await {
                Ok(Back::Whole) => outcome.done += 1,
                Ok(Back::Stopped) => {
                    stopped = true;
                    left.taken.push(taken);
                }
                Err(problem) => {
                    outcome.failed.push(DeleteFailure {
                        name: taken.name(),
                        problem,
                    });
                    left.taken.push(taken);
                }
            }
        }
        let rest = if left.taken.is_empty() {
            outcome.undo = None;
            None
        } else {
            Some(left.write()?)
        };
        self.ground
            .db(move |store| store.change_undo(id, rest.as_deref()))
            .await?;
        self.ground.stale_tags(&remote.place).await;
        let outcome = TaskOutcome::Removed(outcome);
        if stopped {
            return Err(Unfinished::Cancelled(Some(Box::new(outcome))));
        }
        Ok(outcome)
    }

    /// Puts one commit back under the names it bore. All names are tried, whatever becomes of one.
    async fn put_back(
        &self,
        remote: &Remote,
        taken: &Taken,
        running: &Running,
    ) -> Result<Back, Problem> {
        let digest = names::digest(&taken.digest)?;
        let mut trouble = Ok(());
        for name in &taken.tags {
            let tag = names::tag(name)?;
            // Who writes the tag just now comes first; *Stop* ends the wait.
            let turn = self.ground.turns.tag(&remote.place, &tag);
            let Some(_turn) = running.unless_stopped(turn).await else {
                return Ok(Back::Stopped);
            };
            if let Err(problem) = self.name_again(remote, &tag, &digest, &taken.tags).await {
                trouble = Err(problem);
            }
        }
        if taken.tags.is_empty() {
            let whole = self.content.check_restorable(remote, &digest).await?;
            if whole.lost {
                let at = At::Digest(digest.clone());
                let put = self.content.restore(remote, &at, &digest, whole).await?;
                let at = self.ground.registry_time(&remote.place.host, put.date);
                let place = remote.place.clone();
                self.ground
                    .db(move |store| store.set_reach(&place, &digest, at, true))
                    .await?;
            }
        }
        trouble.map(|()| Back::Whole)
    }

    /// Gives a commit one of the names again that it bore; the caller holds the tag's turn.
    async fn name_again(
        &self,
        remote: &Remote,
        tag: &Tag,
        digest: &Digest,
        bore: &[String],
    ) -> Result<(), Problem> {
        if self.is_named(remote, tag, digest).await? {
            return Ok(());
        }
        let whole = match self.content.check_restorable(remote, digest).await {
            Ok(whole) => whole,
            Err(problem) if is_of_the_side(&problem) => return Err(problem),
            // Some registries take its layers along, and give all of it back by their own interface.
            Err(problem) => {
                // What came under a tag meanwhile is not overwritten unseen: all of them may come back with the commit.
                for other in bore {
                    self.is_named(remote, &names::tag(other)?, digest).await?;
                }
                if self.is_named(remote, tag, digest).await? {
                    return Ok(());
                }
                if !self.kinds.restore(remote, tag, digest).await? {
                    let account = remote.session.account.id.to_string();
                    let wants = self.kinds.lacks_second(&account, Part::Restore).await;
                    return Err(wants.unwrap_or(problem));
                }
                let at = self.ground.registry_now(&remote.place.host);
                let recorded = self.history.record_undone(remote, tag.as_str(), digest, at);
                return recorded.await;
            }
        };
        // That took its time: what came under the tag meanwhile is not overwritten unseen.
        if self.is_named(remote, tag, digest).await? {
            return Ok(());
        }
        let at = At::Tag(tag.clone());
        let put = self.content.restore(remote, &at, digest, whole).await?;
        let at = self.ground.registry_time(&remote.place.host, put.date);
        self.history
            .record_undone(remote, tag.as_str(), digest, at)
            .await
    }

    /// Tells whether the tag points at the commit already; one that points at something else is left alone.
    async fn is_named(&self, remote: &Remote, tag: &Tag, digest: &Digest) -> Result<bool, Problem> {
        match self.history.points_at(remote, tag).await? {
            Some(now) if now == *digest => Ok(true),
            Some(now) => Err(words::removal::not_undone(tag, now.short())
                .coded(Code::TagMoved)
                .hint(words::removal::make_active_if_wanted(digest.short()))),
            None => Ok(false),
        }
    }
}
