//! Deleting one commit with all its names.
//!
//! By its digest where every tag was asked, since that takes every tag of it, those that nobody saw as well; else name by
//! name, as `tag` takes them. Not here: which things go in an order, and what is noted of each (`run`).

use super::known::check_names;
use super::prune::Pruned;
use super::room::{Removal, TagDeletion};
use super::run::{Order, in_between};
use super::siblings::named;
use super::tag::Gone;
use super::undo::Taken;
use super::way::not_deleted;
use crate::accounts::Remote;
use crate::content::head_of_tag;
use crate::ground::turns::TagTurn;
use crate::tasks::Running;
use crate::view::note::Note;
use crate::view::problem::{Code, Problem};
use crate::words::removal::{self as say, moved};
use oci::{Digest, Tag};
use registry::{At, Error, Kind};
use std::collections::{BTreeSet, HashSet};

impl Removal {
    /// Deletes one commit with every name: by its digest, where every tag was asked and none points at it that the sheet did
    /// not show; else it goes name by name, and nothing is deleted by its digest.
    pub(super) async fn delete_commit(
        &self,
        remote: &Remote,
        digest: &Digest,
        shown: &BTreeSet<String>,
        order: &Order,
        notes: &mut Vec<Note>,
        running: &Running,
    ) -> Result<Pruned, Problem> {
        let known = self.fetch_whole(remote, digest).await?;
        let mut candidates = self.other_names(&remote.place, digest, "").await?;
        check_names(digest, &candidates)?;
        // Whoever writes one of these tags now waits; always in one order, so that nobody waits for ever.
        candidates.sort();
        let mut turns = Vec::new();
        let mut names: Vec<Tag> = Vec::new();
        for name in candidates {
            let turn = self.ground.turns.tag(&remote.place, &name);
            let Some(turn) = running.unless_stopped(turn).await else {
                return Ok(Pruned::Stopped);
            };
            if self.history.points_at(remote, &name).await?.as_ref() == Some(digest) {
                names.push(name);
            }
            turns.push(turn);
        }
        if let Some(new) = names.iter().find(|name| !shown.contains(name.as_str())) {
            return Err(say::new_name(new, digest.short())
                .coded(Code::TagMoved)
                .hint(say::look_again()));
        }
        if !order.every_tag_asked {
            return self
                .delete_names(remote, digest, (&turns, &names), known, notes, running)
                .await;
        }
        let at = At::Digest(digest.clone());
        let answer = if self.by_vendor(remote, digest, &names).await? {
            Ok(())
        } else {
            remote.registry.delete(&at).await
        };
        let mut answer = self.ended(remote, &at, &names, digest, answer).await?;
        let mut by_names = false;
        // Some registries delete a commit only once no tag points at it.
        if !names.is_empty()
            && matches!(&answer, Err(error) if error.kind == Kind::Refused)
            && self.way(remote).await? == TagDeletion::ByName
        {
            for (number, name) in names.iter().enumerate() {
                if let Err(problem) = self.delete_name(remote, name, digest).await {
                    return self
                        .stopped_at(remote, &names[..number], known, digest, problem)
                        .await;
                }
            }
            by_names = true;
            let again = remote.registry.delete(&at).await;
            answer = self.ended(remote, &at, &[], digest, again).await?;
            if let Err(error) = &answer {
                let problem = not_deleted(remote, error);
                return self
                    .stopped_at(remote, &names, known, digest, problem)
                    .await;
            }
        }
        if let Err(error) = answer {
            return Err(self.refused(remote, &error).await);
        }
        if self.left(remote, &at, digest, running).await.is_some() {
            let problem = say::has_it_for_now(&remote.session.account.host, digest.short());
            if by_names {
                // The names went, and can be undone, whatever becomes of the commit.
                for name in &names {
                    self.is_gone(&remote.place, name).await?;
                }
                let taken = known.then(|| taken_of(digest, &names, false));
                return Ok(Pruned::Partly { taken, problem });
            }
            for name in &names {
                self.awaits(&remote.place, name, digest).await?;
            }
            return Err(problem);
        }
        let now = self.ground.registry_now(&remote.place.host);
        let (wanted, of) = (remote.place.clone(), digest.clone());
        self.ground
            .db(move |store| store.set_reach(&wanted, &of, now, false))
            .await?;
        let taken = known.then(|| taken_of(digest, &names, true));
        let mut looked_at = names.iter();
        while let Some(name) = looked_at.next() {
            if let Err(problem) = self.take_left_name(remote, name, digest, running).await {
                // The others are asked no more; whichever of them goes, or has gone with the commit, went from here.
                for name in looked_at {
                    self.awaits(&remote.place, name, digest).await?;
                }
                return Ok(Pruned::Partly { taken, problem });
            }
        }
        Ok(Pruned::Gone(taken))
    }

    /// Deletes a commit by the vendor's own interface; false where that has no such thing. What it did all the same, be the answer
    /// what it was, is done.
    async fn by_vendor(
        &self,
        remote: &Remote,
        digest: &Digest,
        names: &[Tag],
    ) -> Result<bool, Problem> {
        let answer = self.kinds.delete_commit(remote, digest, names).await;
        if answer.is_err() {
            let there = remote.registry.head(&At::Digest(digest.clone())).await;
            if matches!(there, Ok(None)) {
                return Ok(true);
            }
        }
        answer
    }

    /// Deletes one name of a commit that goes name by name. It is read again just before: one that somebody moved meanwhile
    /// is left alone, and ends it.
    async fn delete_name(
        &self,
        remote: &Remote,
        name: &Tag,
        digest: &Digest,
    ) -> Result<(), Problem> {
        let told = |error: Error| not_deleted(remote, &error);
        match head_of_tag(remote, name).await.map_err(told)? {
            Some(now) if now.digest != *digest => Err(moved(name, &now.digest)),
            // It went with another name of its commit, or somebody was faster.
            None => Ok(()),
            Some(_) => {
                let at = At::Tag(name.clone());
                let answer = remote.registry.delete(&at).await;
                let itself = std::slice::from_ref(name);
                let ended = self.ended(remote, &at, itself, digest, answer).await?;
                ended.map_err(told)
            }
        }
    }

    /// Says how far the names of a commit went before one could not be deleted, so that those can be undone.
    async fn stopped_at(
        &self,
        remote: &Remote,
        went: &[Tag],
        known: bool,
        digest: &Digest,
        problem: Problem,
    ) -> Result<Pruned, Problem> {
        if went.is_empty() {
            return Err(problem);
        }
        for name in went {
            self.is_gone(&remote.place, name).await?;
        }
        let taken = known.then(|| taken_of(digest, went, false));
        Ok(Pruned::Partly { taken, problem })
    }

    /// Looks at a tag whose commit has gone. Some registries take the digest alone, and the tag still brings the commit:
    /// then it goes by its name.
    async fn take_left_name(
        &self,
        remote: &Remote,
        name: &Tag,
        digest: &Digest,
        running: &Running,
    ) -> Result<(), Problem> {
        let at = At::Tag(name.clone());
        let there = remote.registry.head(&at).await;
        let bears_it = matches!(there, Ok(Some(head)) if head.digest == *digest);
        if bears_it && self.way(remote).await? == TagDeletion::ByName {
            let answer = remote.registry.delete(&at).await;
            let itself = std::slice::from_ref(name);
            let ended = self.ended(remote, &at, itself, digest, answer).await?;
            ended.map_err(|error| not_deleted(remote, &error))?;
        }
        match self.left(remote, &at, digest, running).await {
            Some(left) if left == *digest => {
                self.awaits(&remote.place, name, digest).await?;
                let host = &remote.session.account.host;
                Err(say::has_it_for_now(host, digest.short()))
            }
            Some(_) => Ok(()),
            None => self.is_gone(&remote.place, name).await,
        }
    }

    /// Takes the names of a commit away, one by one. What else points at it, and was not asked, is not touched.
    async fn delete_names(
        &self,
        remote: &Remote,
        digest: &Digest,
        (turns, names): (&[TagTurn], &[Tag]),
        known: bool,
        notes: &mut Vec<Note>,
        running: &Running,
    ) -> Result<Pruned, Problem> {
        if names.is_empty() {
            return Err(say::not_all_asked(digest.short())
                .problem()
                .hint(say::delete_by_name()));
        }
        let mut went = Vec::new();
        let taken = |went: Vec<String>| {
            (known && !went.is_empty()).then(|| Taken {
                digest: digest.to_string(),
                tags: went,
                commit: false,
            })
        };
        for turn in turns.iter().filter(|turn| names.contains(turn.tag())) {
            match self.take_tag(turn, remote, digest, running).await {
                Ok(gone) => {
                    went.push(turn.tag().to_string());
                    if let Gone::Now { slipped } = gone {
                        notes.extend(in_between(turn.tag(), slipped));
                    }
                }
                Err(problem) if went.is_empty() => return Err(problem),
                Err(problem) => {
                    let taken = taken(went);
                    return Ok(Pruned::Partly { taken, problem });
                }
            }
        }
        notes.push(say::went_by_names(digest.short(), &went.len()).into());
        // Some registries take a commit with every name it has: those that were not asked may have gone along.
        let vanished = self.vanished(remote, digest, &HashSet::new()).await?;
        if vanished.is_empty() {
            return Ok(Pruned::Gone(taken(went)));
        }
        let host = &remote.session.account.host;
        Ok(Pruned::TookMore {
            told: say::may_have_gone_with(host, &named(&vanished), digest.short()),
            done: true,
            taken: taken(went),
        })
    }
}

/// Makes what Undo needs of a commit and its names.
fn taken_of(digest: &Digest, names: &[Tag], commit: bool) -> Taken {
    Taken {
        digest: digest.to_string(),
        tags: names.iter().map(ToString::to_string).collect(),
        commit,
    }
}
