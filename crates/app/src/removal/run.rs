//! The deletions themselves, one after the other. What each took is noted at once, so that *Undo* can give it back.

use super::item::Item;
use super::known::MOST_NAMES;
use super::order::{Deletion, Doomed, Pruning, Step};
use super::prune::Pruned;
use super::room::Removal;
use super::room::TagDeletion;
use super::undo::{Taken, Undo};
use super::way::{deleted, not_deleted};
use crate::accounts::Remote;
use crate::ground::turns::TagTurn;
use crate::tasks::{Running, Unfinished};
use crate::view::delete::{DeleteFailure, DeleteOutcome};
use crate::view::note::Note;
use crate::view::problem::{Code, Problem};
use crate::view::tasks::TaskOutcome;
use crate::words::removal as say;
use oci::{Digest, Tag};
use registry::{At, Head, Kind};
use std::collections::{BTreeSet, HashMap};

/// How many commit tags are taken away by one order.
const MOST_PRUNED: usize = 1000;

impl Removal {
    /// Deletes each item that still is what the sheet showed.
    pub(crate) async fn delete(
        &self,
        order: Deletion,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let steps: Vec<Step> = order
            .items
            .iter()
            .map(Doomed::read)
            .collect::<Result<_, _>>()?;
        let remote = self
            .accounts
            .remote(&order.account, &order.repository)
            .await?;
        let commits: Vec<Digest> = steps
            .iter()
            .filter_map(|step| match step {
                Step::Delete {
                    item: Item::Commit(digest),
                    ..
                } => Some(digest.clone()),
                _ => None,
            })
            .collect();
        if !commits.is_empty() {
            // A commit takes all its names with it: those of the sheet, and no others.
            self.survey_tags(&remote, &[], &commits).await?;
        }
        self.take_all(&remote, steps, Vec::new(), running).await
    }

    /// Removes commit tags, each only where it goes alone.
    pub(crate) async fn prune(
        &self,
        order: Pruning,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let remote = self
            .accounts
            .remote(&order.account, &order.repository)
            .await?;
        let mut names = order.commit_tags;
        let too_many = names.len().saturating_sub(MOST_PRUNED);
        while names.len() > MOST_PRUNED {
            names.pop_last();
        }
        self.name_all(&remote).await?;
        let left = (too_many > 0).then(|| say::too_many_pruned(&MOST_PRUNED, &too_many));
        let notes = left.into_iter().map(Note::from).collect();
        let steps = names.into_iter().map(Step::Prune).collect();
        self.take_all(&remote, steps, notes, running).await
    }

    /// Takes one thing away after the other. A problem with one is no reason to stop at the others, but for a sign-in
    /// that has ended. What the person stops stays as it is then.
    pub(super) async fn take_all(
        &self,
        remote: &Remote,
        steps: Vec<Step>,
        notes: Vec<Note>,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let mut outcome = DeleteOutcome {
            done: 0,
            failed: Vec::new(),
            undo: None,
            notes,
        };
        let (mut undo, mut undo_id) = (Undo::default(), None);
        let mut active = HashMap::new();
        let all = steps.len();
        let mut ended = Ok(());
        for (at, step) in steps.into_iter().enumerate() {
            running.count(at, all);
            let left = all - at;
            if running.token().is_cancelled() {
                outcome.notes.push(say::stopped(left).into());
                ended = Err(());
                break;
            }
            match self
                .take(remote, &step, &mut active, &mut outcome.notes, running)
                .await
            {
                Ok(Pruned::Stopped) => {
                    outcome.notes.push(say::stopped(left).into());
                    ended = Err(());
                    break;
                }
                Ok(Pruned::Gone(taken)) => {
                    outcome.done += 1;
                    if let Some(taken) = taken {
                        undo.taken.push(taken);
                        // Noted before it is told, and before the next one goes.
                        let id = self.note_undo(remote, &undo, undo_id).await?;
                        undo_id = Some(id);
                        outcome.undo = Some(id.to_string());
                    }
                    running.so_far(TaskOutcome::Removed(outcome.clone())).await;
                }
                Ok(Pruned::TookMore(note)) => {
                    outcome.notes.push(note.into());
                    outcome.notes.push(say::so(left).into());
                    break;
                }
                // Asked in place by the window.
                Err(problem)
                    if problem.code == Code::SignIn
                        && outcome.done == 0
                        && outcome.failed.is_empty() =>
                {
                    return Err(problem.into());
                }
                Err(problem) => {
                    let signed_out = problem.code == Code::SignIn;
                    outcome.failed.push(DeleteFailure {
                        name: step.name(),
                        problem,
                    });
                    if signed_out && left > 1 {
                        outcome.notes.push(say::signed_out(&(left - 1)).into());
                        break;
                    }
                }
            }
        }
        self.ground.stale_tags(&remote.place).await;
        let outcome = TaskOutcome::Removed(outcome);
        match ended {
            Ok(()) => Ok(outcome),
            Err(()) => Err(Unfinished::Cancelled(Some(Box::new(outcome)))),
        }
    }

    /// Takes one thing away.
    async fn take(
        &self,
        remote: &Remote,
        step: &Step,
        active: &mut HashMap<Tag, Option<Digest>>,
        notes: &mut Vec<Note>,
        running: &Running,
    ) -> Result<Pruned, Problem> {
        match step {
            Step::Delete {
                item: Item::Tag(tag),
                expected,
                ..
            } => {
                // Who writes the tag just now comes first; *Stop* ends the wait.
                let turn = self.ground.turns.tag(&remote.place, tag);
                match running.unless_stopped(turn).await {
                    None => Ok(Pruned::Stopped),
                    Some(turn) => self
                        .delete_tag(&turn, remote, expected, notes)
                        .await
                        .map(Pruned::Gone),
                }
            }
            Step::Delete {
                item: Item::Commit(digest),
                names,
                ..
            } => self.delete_commit(remote, digest, names, running).await,
            Step::Prune(name) => self.prune_one(remote, name, active, running).await,
        }
    }

    /// Deletes one tag. Returns what it took: nothing, where it was gone already.
    async fn delete_tag(
        &self,
        turn: &TagTurn,
        remote: &Remote,
        expected: &Digest,
        notes: &mut Vec<Note>,
    ) -> Result<Option<Taken>, Problem> {
        let tag = turn.tag();
        let known = self.fetch_whole(remote, expected).await?;
        let siblings = self
            .other_names(&remote.place, expected, tag.as_str())
            .await?;
        if !self.take_tag(turn, remote, expected).await? {
            notes.push(say::gone_already(tag).into());
            return Ok(None);
        }
        let mut taken = Taken {
            digest: expected.to_string(),
            tags: vec![tag.to_string()],
            commit: false,
        };
        // Some registries take the commit with every name it has, although one tag was all that was said.
        let by_digest = At::Digest(expected.clone());
        if !siblings.is_empty() && matches!(remote.registry.head(&by_digest).await, Ok(None)) {
            let mut went = Vec::new();
            for name in siblings {
                if matches!(remote.registry.head(&At::Tag(name.clone())).await, Ok(None)) {
                    self.is_gone(&remote.place, &name).await?;
                    went.push(name.to_string());
                }
            }
            if !went.is_empty() {
                let host = &remote.account().host;
                let names = went.join(", ");
                notes.push(say::took_along(host, &names, tag).into());
            }
            taken.tags.extend(went);
        }
        Ok(known.then_some(taken))
    }

    /// Deletes one commit with every name.
    async fn delete_commit(
        &self,
        remote: &Remote,
        digest: &Digest,
        shown: &BTreeSet<String>,
        running: &Running,
    ) -> Result<Pruned, Problem> {
        let known = self.fetch_whole(remote, digest).await?;
        let mut candidates = self.other_names(&remote.place, digest, "").await?;
        if candidates.len() > MOST_NAMES {
            return Err(say::too_many_names(digest.short(), &MOST_NAMES)
                .problem()
                .hint(say::delete_tags_first()));
        }
        // Whoever writes one of these tags now waits; always in one order, so that nobody waits for ever.
        candidates.sort();
        let mut turns = Vec::new();
        let mut names: Vec<Tag> = Vec::new();
        for name in candidates {
            let turn = self.ground.turns.tag(&remote.place, &name);
            let Some(turn) = running.unless_stopped(turn).await else {
                return Ok(Pruned::Stopped);
            };
            turns.push(turn);
            if self.history.points_at(remote, &name).await?.as_ref() == Some(digest) {
                names.push(name);
            }
        }
        if let Some(new) = names.iter().find(|name| !shown.contains(name.as_str())) {
            return Err(say::new_name(new, digest.short())
                .coded(Code::TagMoved)
                .hint(say::look_again()));
        }
        let at = At::Digest(digest.clone());
        let mut answer = deleted(remote.registry.delete(&at).await);
        // Some registries delete a commit only once no tag points at it.
        if matches!(&answer, Err(error) if error.kind == Kind::Refused)
            && self.way(remote).await? == TagDeletion::ByName
        {
            for name in &names {
                deleted(remote.registry.delete(&At::Tag(name.clone())).await)
                    .map_err(|error| not_deleted(remote, &error))?;
            }
            answer = deleted(remote.registry.delete(&at).await);
        }
        answer.map_err(|error| not_deleted(remote, &error))?;
        if let Ok(Some(_)) = remote.registry.head(&at).await {
            let host = &remote.session.account.host;
            return Err(say::yet_has_it(host, digest.short()));
        }
        let (wanted, of, now) = (remote.place.clone(), digest.clone(), self.ground.now());
        self.ground
            .db(move |store| store.set_reach(&wanted, &of, now, false))
            .await?;
        for name in &names {
            self.take_left_name(remote, name, digest).await?;
        }
        Ok(Pruned::Gone(known.then(|| Taken {
            digest: digest.to_string(),
            tags: names.iter().map(ToString::to_string).collect(),
            commit: true,
        })))
    }

    /// Looks at a tag whose commit has gone. Some registries take the digest alone, and the tag still brings the commit:
    /// then it goes by its name.
    async fn take_left_name(
        &self,
        remote: &Remote,
        name: &Tag,
        digest: &Digest,
    ) -> Result<(), Problem> {
        let at = At::Tag(name.clone());
        let bears_it = |there: &Result<Option<Head>, _>| matches!(there, Ok(Some(head)) if head.digest == *digest);
        let mut there = remote.registry.head(&at).await;
        if bears_it(&there) && self.way(remote).await? == TagDeletion::ByName {
            deleted(remote.registry.delete(&at).await)
                .map_err(|error| not_deleted(remote, &error))?;
            there = remote.registry.head(&at).await;
        }
        if bears_it(&there) {
            let host = &remote.session.account.host;
            return Err(say::yet_has_it(host, digest.short()));
        }
        if matches!(there, Ok(None)) {
            self.is_gone(&remote.place, name).await?;
        }
        Ok(())
    }
}
