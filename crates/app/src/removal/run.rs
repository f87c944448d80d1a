//! The deletions themselves, one after the other. What each took is noted at once, so that *Undo* can give it back.

use super::item::Item;
use super::order::{Deletion, Doomed, Pruning, Step};
use super::prune::Pruned;
use super::room::Removal;
use super::siblings::named;
use super::tag::Gone;
use super::undo::{Taken, Undo};
use crate::accounts::Remote;
use crate::ground::turns::TagTurn;
use crate::tasks::{Running, Unfinished};
use crate::view::delete::{DeleteFailure, DeleteOutcome};
use crate::view::note::Note;
use crate::view::problem::{Code, Problem};
use crate::view::tasks::TaskOutcome;
use crate::words;
use crate::words::removal as say;
use oci::{Digest, Tag};
use std::collections::{HashMap, HashSet};

/// How many commit tags are taken away by one order.
const MOST_PRUNED: usize = 1000;

/// What holds for all that one order takes away.
pub(super) struct Order {
    /// Every tag of the repository was asked what it points at: nothing unseen goes along with a commit.
    pub every_tag_asked: bool,
    /// The tags that are to go by their names.
    tags: HashSet<Tag>,
    /// What the tags point at that were asked for already.
    active: HashMap<Tag, Option<Digest>>,
}

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
        // A commit takes all its names with it: those of the sheet, and no others.
        let every_tag_asked =
            commits.is_empty() || self.survey_tags(&remote, &[], &commits).await?.is_whole();
        self.take_all(&remote, steps, every_tag_asked, Vec::new(), running)
            .await
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
        self.take_all(&remote, steps, false, notes, running).await
    }

    /// Takes one thing away after the other. A problem with one is no reason to stop at the others, but for a sign-in
    /// that has ended, and a registry that takes more than it was asked for. What the person stops stays as it is then.
    async fn take_all(
        &self,
        remote: &Remote,
        steps: Vec<Step>,
        every_tag_asked: bool,
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
        let mut order = Order {
            every_tag_asked,
            tags: steps.iter().filter_map(Step::tag).cloned().collect(),
            active: HashMap::new(),
        };
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
            let taken = self
                .take(remote, &step, &mut order, &mut outcome.notes, running)
                .await;
            let (problem, partly) = match taken {
                Ok(Pruned::TookMore { told, done, taken }) => {
                    let rest = left - usize::from(done);
                    outcome.done += u32::from(done);
                    self.note_taken(remote, &mut undo, &mut undo_id, taken, &mut outcome)
                        .await?;
                    outcome.notes.push(told.into());
                    if rest > 0 {
                        outcome.notes.push(say::so(rest).into());
                    }
                    break;
                }
                Ok(Pruned::Partly { taken, problem }) => {
                    self.note_taken(remote, &mut undo, &mut undo_id, taken, &mut outcome)
                        .await?;
                    (problem, true)
                }
                Ok(Pruned::Stopped) => {
                    outcome.notes.push(say::stopped(left).into());
                    ended = Err(());
                    break;
                }
                Ok(Pruned::Gone(taken)) => {
                    outcome.done += 1;
                    self.note_taken(remote, &mut undo, &mut undo_id, taken, &mut outcome)
                        .await?;
                    running.so_far(TaskOutcome::Removed(outcome.clone())).await;
                    continue;
                }
                // Asked in place by the window.
                Err(problem)
                    if problem.code == Code::SignIn
                        && outcome.done == 0
                        && outcome.failed.is_empty() =>
                {
                    return Err(problem.into());
                }
                Err(problem) => (problem, false),
            };
            let signed_out = problem.code == Code::SignIn;
            let name = step.name();
            outcome.failed.push(DeleteFailure { name, problem });
            if partly {
                running.so_far(TaskOutcome::Removed(outcome.clone())).await;
            }
            if signed_out && left > 1 {
                outcome.notes.push(say::signed_out(&(left - 1)).into());
                break;
            }
        }
        self.ground.stale_tags(&remote.place).await;
        let outcome = TaskOutcome::Removed(outcome);
        match ended {
            Ok(()) => Ok(outcome),
            Err(()) => Err(Unfinished::Cancelled(Some(Box::new(outcome)))),
        }
    }

    /// Notes what was taken, before it is told, and before the next one goes.
    async fn note_taken(
        &self,
        remote: &Remote,
        undo: &mut Undo,
        undo_id: &mut Option<i64>,
        taken: Option<Taken>,
        outcome: &mut DeleteOutcome,
    ) -> Result<(), Problem> {
        if let Some(taken) = taken {
            undo.taken.push(taken);
            let id = self.note_undo(remote, undo, *undo_id).await?;
            *undo_id = Some(id);
            outcome.undo = Some(id.to_string());
        }
        Ok(())
    }

    /// Takes one thing away.
    async fn take(
        &self,
        remote: &Remote,
        step: &Step,
        order: &mut Order,
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
                    Some(turn) => {
                        self.delete_tag(turn, remote, expected, order, notes, running)
                            .await
                    }
                }
            }
            Step::Delete {
                item: Item::Commit(digest),
                names,
                ..
            } => {
                self.delete_commit(remote, digest, names, order, notes, running)
                    .await
            }
            Step::Prune(name) => {
                self.prune_one(remote, name, &mut order.active, running)
                    .await
            }
        }
    }

    /// Deletes one tag. Some registries take the commit with every name it has, although one tag was all that was said:
    /// names that are not in the order are put back.
    async fn delete_tag(
        &self,
        turn: TagTurn,
        remote: &Remote,
        expected: &Digest,
        order: &Order,
        notes: &mut Vec<Note>,
        running: &Running,
    ) -> Result<Pruned, Problem> {
        let tag = turn.tag().clone();
        let known = self.fetch_whole(remote, expected).await?;
        let siblings = self
            .other_names(&remote.place, expected, tag.as_str())
            .await?;
        match self.take_tag(&turn, remote, expected, running).await? {
            Gone::Already => {
                notes.push(say::gone_already(&tag).into());
                return Ok(Pruned::Gone(None));
            }
            Gone::Now { slipped } => notes.extend(in_between(&tag, slipped)),
        }
        // Whoever puts a sibling back has its turn, and so may not wait for it with this one.
        drop(turn);
        let went = self.went_along(remote, expected, &siblings).await?;
        let (ordered, unasked): (Vec<Tag>, Vec<Tag>) =
            went.into_iter().partition(|name| order.tags.contains(name));
        let lost = self.name_anew(remote, expected, &unasked, running).await?;
        let taken = known.then(|| Taken {
            digest: expected.to_string(),
            tags: [&tag]
                .into_iter()
                .chain(&ordered)
                .chain(&lost)
                .map(ToString::to_string)
                .collect(),
            commit: false,
        });
        let host = &remote.account().host;
        if unasked.is_empty() {
            let vanished = self.vanished(remote, expected, &order.tags).await?;
            if vanished.is_empty() {
                return Ok(Pruned::Gone(taken));
            }
            return Ok(Pruned::TookMore {
                told: say::may_have_taken(host, &named(&vanished), &tag),
                done: true,
                taken,
            });
        }
        let told = say::took_along(host, &named(&unasked), &tag);
        let then = if lost.is_empty() {
            say::were_put_back()
        } else {
            say::stay_gone(&named(&lost))
        };
        Ok(Pruned::TookMore {
            told: words::general::then(told, then),
            done: true,
            taken,
        })
    }
}

/// Says what somebody pushed while the tag was taken away.
pub(super) fn in_between(tag: &Tag, slipped: Option<Digest>) -> Option<Note> {
    slipped.map(|digest| say::pushed_in_between(tag, digest.short()).into())
}
