//! The guard over one overwrite: a push, *Make active*, and whatever else gives a tag another commit.
//!
//! The order is the promise: read the tag; stop where it is not what the sheet showed; keep what it points at where the
//! repository keeps; read it again, and stop where it moved meanwhile; only then may the caller write; read it after,
//! and keep what was displaced by then. What was written stays when the act ends early, and is told.
//!
//! Not here: the act itself, and what it looks after while it lasts; what is done once it is over (`after`). Grows by a promise about overwriting; never by what
//! only one act needs.

mod after;

use super::commit_tag::{as_listed, not_kept};
use super::room::Keeping;
use crate::accounts::Remote;
use crate::ground::lock;
use crate::ground::turns::TagTurn;
use crate::view::keep::KeepRule;
use crate::view::note::Note;
use crate::view::problem::{Code, Problem};
use crate::view::push::KeepAnswer;
use crate::view::tasks::Outcome;
use crate::words::keeping as say;
use oci::{CommitTag, Digest, Tag};
use std::sync::Mutex;

/// What the person's sheet said of an overwrite.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// What the sheet showed the tag pointing at.
    pub expected: Option<String>,
    pub keep: KeepAnswer,
    /// A new answer is stored in the repository, for everyone, where that may be done.
    pub share_rule: bool,
    /// The repository's rule that the sheet showed and the person ticked, word for word.
    pub allows: Option<String>,
    /// The second yes: go on though the commit can't be kept.
    pub accept_loss: bool,
}

/// Which act overwrites, for the sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Push,
    MakeActive,
}

/// One overwrite under guard. It holds the tag's turn: nobody else here writes the tag meanwhile.
pub(crate) struct Overwrite<'a> {
    keeping: &'a Keeping,
    remote: &'a Remote,
    turn: TagTurn,
    act: Act,
    answer: Answer,
    /// What was done so far: told also when the act ends early.
    outcome: Mutex<Outcome>,
    /// The commit tag that is being written just now.
    writing: Mutex<Option<CommitTag>>,
}

/// What stands before the act.
pub(crate) struct Before {
    /// What the tag points at; none: there is no such tag.
    pub old: Option<Digest>,
    /// It is kept after the act, if it changed at all: the tag points at the very thing that is written.
    keep_after: bool,
}

impl<'a> Overwrite<'a> {
    pub fn new(
        keeping: &'a Keeping,
        remote: &'a Remote,
        turn: TagTurn,
        act: Act,
        answer: Answer,
    ) -> Self {
        let outcome = Outcome {
            name: format!("{}:{}", remote.place.path(), turn.tag()),
            digest: None,
            commit_tag: None,
            previous: None,
            notes: Vec::new(),
        };
        Self {
            keeping,
            remote,
            turn,
            act,
            answer,
            outcome: Mutex::new(outcome),
            writing: Mutex::new(None),
        }
    }

    /// Returns the tag that is overwritten.
    pub fn tag(&self) -> &Tag {
        self.turn.tag()
    }

    /// Returns what was done so far.
    pub fn outcome(&self) -> Outcome {
        lock(&self.outcome).clone()
    }

    /// Changes what is told of what was done.
    pub fn tell(&self, change: impl FnOnce(&mut Outcome)) {
        change(&mut lock(&self.outcome));
    }

    /// Adds a sentence to what is told.
    pub fn note(&self, note: impl Into<Note>) {
        lock(&self.outcome).notes.push(note.into());
    }

    /// Returns the commit tag that was on its way when the act ended early.
    pub fn writing(&self) -> Option<CommitTag> {
        lock(&self.writing).clone()
    }

    /// Reads what the tag points at.
    pub async fn read(&self) -> Result<Option<Digest>, Problem> {
        self.keeping
            .history
            .points_at(self.remote, self.tag())
            .await
    }

    /// Stops where the tag is not what the sheet showed.
    pub fn as_shown(&self, now: Option<&Digest>) -> Result<(), Problem> {
        if now.map(Digest::as_str) == self.answer.expected.as_deref() {
            return Ok(());
        }
        Err(self.moved(now))
    }

    /// Makes way: keeps what the tag points at, where that is to be kept, and makes sure that it still does. `same`: the
    /// act would leave it as it is, as far as can be told; then it is kept after the act, if it changed all the same.
    pub async fn make_way(&self, now: Option<Digest>, same: bool) -> Result<Before, Problem> {
        if !same {
            self.as_shown(now.as_ref())?;
        }
        self.tell(|outcome| outcome.previous = now.as_ref().map(ToString::to_string));
        // What the repository says now holds, not what it said when this computer last asked.
        let _ = self.keeping.about.look(self.remote).await;
        if now.is_some() && !same {
            self.was_asked().await?;
        }
        // A deleted tag that is put back leaves nothing: nobody was asked how to keep it.
        let asked = now.is_some() || self.act == Act::Push;
        let keep = asked && self.decide(now.is_some() && !same).await?;
        let keep_now = keep && !same;
        if let (Some(old), true) = (&now, keep_now) {
            match self.keep_old(old).await {
                Ok(()) => {}
                Err(problem) if self.answer.accept_loss && problem.code == Code::NotKept => {
                    self.note(say::not_kept_as_agreed(old.short()));
                }
                Err(problem) => return Err(problem),
            }
        }
        if !same {
            // All that took its time: what came under the tag meanwhile is not overwritten unseen.
            let still = self.read().await?;
            if still != now {
                return Err(self.moved(still.as_ref()));
            }
        }
        Ok(Before {
            keep_after: keep && same && now.is_some(),
            old: now,
        })
    }

    /// Works out whether the commit is kept, and stores a new answer. Stops where the rule is one that the sheet did not
    /// show and nobody allowed on this computer, if anything is to be `overwritten`.
    async fn decide(&self, overwritten: bool) -> Result<bool, Problem> {
        let Answer {
            keep, share_rule, ..
        } = self.answer;
        if keep == KeepAnswer::ByRule {
            let by_rule = self.rule_of_the_act().await?;
            let holds = self.keeping.about.rule(&self.remote.place).await?;
            // Where the repository's rule keeps nothing that is overwritten, there is nothing to be asked.
            let keeps = holds.is_some_and(KeepRule::keeps_overwritten);
            if overwritten && keeps && !self.answer.accept_loss && by_rule != holds {
                return Err(self.another_rule());
            }
            return Ok(by_rule.is_some_and(KeepRule::keeps_overwritten));
        }
        let decided = self.keeping.decide(self.remote, keep, share_rule).await?;
        if let Some(note) = decided.note {
            self.note(note);
        }
        Ok(decided.keep)
    }

    /// Returns the rule that this act follows: the repository's where it was allowed on this computer or ticked in the
    /// sheet, else as much of it as was said here.
    async fn rule_of_the_act(&self) -> Result<Option<KeepRule>, Problem> {
        let keeps = self.keeping.about.keeps(&self.remote.place).await?;
        let ticked = self.answer.keep == KeepAnswer::ByRule
            && keeps
                .not_allowed()
                .is_some_and(|asked| Some(&asked.rule) == self.answer.allows.as_ref());
        Ok(if ticked {
            keeps.rule
        } else {
            keeps.by_itself.rule
        })
    }

    /// Says that the sheet showed another rule than the one that is there.
    fn another_rule(&self) -> Problem {
        match self.act {
            Act::Push => say::another_rule_nor_overwritten()
                .coded(Code::NotAsked)
                .hint(say::look_then_push()),
            Act::MakeActive => say::another_rule_nor_moved()
                .coded(Code::NotAsked)
                .hint(say::look_again()),
        }
    }

    /// Stops where nobody has said, here or earlier, how this repository keeps: nothing is overwritten by default.
    async fn was_asked(&self) -> Result<(), Problem> {
        let by_rule = self.answer.keep == KeepAnswer::ByRule && !self.answer.accept_loss;
        let about = &self.keeping.about;
        if !by_rule || about.rule(&self.remote.place).await?.is_some() {
            return Ok(());
        }
        Err(match self.act {
            Act::Push => say::never_said_nor_overwritten()
                .coded(Code::NotAsked)
                .hint(say::choose_then_push()),
            Act::MakeActive => say::never_said_nor_moved()
                .coded(Code::NotAsked)
                .hint(say::choose_then_activate()),
        })
    }

    /// Gives the commit that the tag is about to leave a commit tag.
    async fn keep_old(&self, old: &Digest) -> Result<(), Problem> {
        let name = self
            .keeping
            .give_commit_tag(self.remote, self.tag(), old, |name| {
                *lock(&self.writing) = name.cloned();
            })
            .await?
            .map_err(|not| {
                let hint = match self.act {
                    Act::Push => say::push_without(),
                    Act::MakeActive => say::go_on_without(),
                };
                not_kept(not.cause, old.short(), hint)
            })?;
        // Told before it is asked how the registry lists it: the act may be cancelled meanwhile.
        self.tell(|outcome| outcome.commit_tag = Some(name.to_string()));
        let (listed, note) = as_listed(self.remote, &name).await;
        self.tell(|outcome| {
            outcome.commit_tag = Some(listed);
            outcome.notes.extend(note);
        });
        Ok(())
    }

    fn moved(&self, now: Option<&Digest>) -> Problem {
        let (said, hint) = match self.act {
            Act::Push => (say::before_push(self.tag(), now), say::look_then_push()),
            Act::MakeActive => (say::before_change(self.tag(), now), say::look_again()),
        };
        said.coded(Code::TagMoved).hint(hint)
    }
}
