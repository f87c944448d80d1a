//! *Undo*: what a deletion took is written again, byte for byte, while its layers are there. A tag that bears something
//! else meanwhile is left alone.

use crate::house::{Door, House};
use crate::problems;
use crate::view::delete::{DeleteFailure, DeleteOutcome};
use crate::view::problem::{Code, Problem};
use oci::{Digest, Tag};
use registry::{At, Repository};
use serde::{Deserialize, Serialize};
use store::Place;

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

impl Undo {
    pub fn write(&self) -> Result<String, Problem> {
        serde_json::to_string(self).map_err(problems::unexpected)
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

impl House {
    /// Puts back what a deletion took. What can't be now is still remembered, and can be tried again.
    pub(super) async fn undo_deletion(&self, id: i64) -> Result<DeleteOutcome, Problem> {
        let stored = self
            .db(move |store| store.undo(id))
            .await?
            .ok_or_else(forgotten)?;
        let undo: Undo = serde_json::from_str(&stored.content).map_err(problems::unexpected)?;
        let door = self.door(&stored.account.to_string()).await?;
        let (place, remote) = door.repository(stored.place.repository.as_str())?;
        let mut outcome = DeleteOutcome {
            done: 0,
            failed: Vec::new(),
            undo: None,
            notes: Vec::new(),
        };
        let mut left = Undo::default();
        for taken in undo.taken {
            match self.put_back(&door, &place, &remote, &taken).await {
                Ok(()) => outcome.done += 1,
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
            None
        } else {
            outcome.undo = Some(id.to_string());
            Some(left.write()?)
        };
        self.db(move |store| store.change_undo(id, rest.as_deref()))
            .await?;
        self.stale_tags(&place).await;
        Ok(outcome)
    }

    /// One commit under the names it bore. All names are tried, whatever becomes of one.
    async fn put_back(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        taken: &Taken,
    ) -> Result<(), Problem> {
        let digest = Digest::parse(&taken.digest).map_err(problems::unexpected)?;
        let mut trouble = Ok(());
        for name in &taken.tags {
            let tag = crate::house::tag(name)?;
            if let Err(problem) = self.name_again(door, place, remote, &tag, &digest).await {
                trouble = Err(problem);
            }
        }
        if taken.commit && taken.tags.is_empty() {
            let whole = self.whole(door, remote, &digest).await?;
            if whole.lost {
                let at = At::Digest(digest.clone());
                let put = self.put(door, remote, &at, &digest, whole).await?;
                let (place, at) = (place.clone(), self.registry_time(put.date));
                self.db(move |store| store.set_reach(&place, &digest, at, true))
                    .await?;
            }
        }
        trouble
    }

    async fn name_again(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<(), Problem> {
        let _turn = self.turn(format!("push {}:{tag}", place.path())).await;
        if self.is_named(door, place, remote, tag, digest).await? {
            return Ok(());
        }
        let whole = self.whole(door, remote, digest).await?;
        // That took its time: what came under the tag meanwhile is not overwritten unseen.
        if self.is_named(door, place, remote, tag, digest).await? {
            return Ok(());
        }
        let at = At::Tag(tag.clone());
        let put = self.put(door, remote, &at, digest, whole).await?;
        let at = self.registry_time(put.date);
        self.did(door, place, tag.as_str(), digest, at)
            .await
            .map(|_| ())
    }

    /// True where the tag points at the commit already; one that points at something else is left alone.
    async fn is_named(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<bool, Problem> {
        match self.look(door, place, remote, tag).await? {
            Some(now) if now == *digest => Ok(true),
            Some(now) => Err(problems::coded(
                Code::TagMoved,
                format!(
                    "{tag} points at {} meanwhile, so it was left alone.",
                    now.short()
                ),
            )
            .hint(format!(
                "Make {} active in its timeline if you want it back.",
                digest.short()
            ))),
            None => Ok(false),
        }
    }
}

/// There is nothing to undo under this id.
pub(super) fn forgotten() -> Problem {
    problems::plain("This deletion can’t be undone any more.")
        .hint("A deleted tag keeps its timeline: put a commit of it back from there.")
}
