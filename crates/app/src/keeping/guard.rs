//! The guard over one overwrite: a push, *Make active*, and whatever else gives a tag another commit.
//!
//! The order is the promise: read the tag; stop where it is not what the sheet showed; keep what it points at where the
//! repository keeps; read it again, and stop where it moved meanwhile; only then may the caller write; read it after,
//! and keep what was displaced by then. What was written stays when the act ends early, and is told.
//!
//! Not here: the act itself, and what it looks after while it lasts. Grows by a promise about overwriting; never by what
//! only one act needs.

use super::commit_tag::{as_listed, not_kept};
use super::room::Keeping;
use crate::accounts::Remote;
use crate::content::head_of_tag;
use crate::ground::lock;
use crate::ground::turns::TagTurn;
use crate::view::keep::KeepRule;
use crate::view::note::Note;
use crate::view::problem::{Code, Problem};
use crate::view::push::KeepAnswer;
use crate::view::said::Said;
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

/// What the tag was read to point at after the act.
pub(crate) struct After {
    /// None where it is gone, or could not be read.
    pub now: Option<Digest>,
    /// When (seconds, UTC).
    pub at: i64,
    /// It could be read.
    pub read: bool,
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
                let cause = not.cause;
                let signed_in = cause.code != Code::SignIn;
                let hint = if self.act == Act::MakeActive && signed_in {
                    say::go_on_without()
                } else {
                    say::push_without()
                };
                not_kept(cause, old.short(), hint)
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

    /// Reads the tag after the act. Trouble is told, and is none of the act's.
    pub async fn read_back(&self) -> After {
        let (ground, host) = (&self.keeping.ground, &self.remote.place.host);
        match head_of_tag(self.remote, self.tag()).await {
            Ok(head) => After {
                at: match &head {
                    Some(head) => ground.registry_time(host, head.date),
                    None => ground.registry_now(host),
                },
                now: head.map(|head| head.digest),
                read: true,
            },
            Err(error) => {
                let cause = self.remote.problem(&error).what();
                self.note(match self.act {
                    Act::Push => say::not_read_after_push(cause),
                    Act::MakeActive => say::not_read_again(cause),
                });
                After {
                    at: ground.registry_now(host),
                    now: None,
                    read: false,
                }
            }
        }
    }

    /// Records what was done, and when (seconds, UTC).
    pub async fn record(&self, done: &Digest, at: i64) -> Result<(), Problem> {
        self.tell(|outcome| outcome.digest = Some(done.to_string()));
        let history = &self.keeping.history;
        history
            .record_done(self.remote, self.tag().as_str(), done, at)
            .await
    }

    /// Keeps what was displaced meanwhile, and what was done, where the repository keeps.
    pub async fn after(
        &self,
        done: &Digest,
        before: &Before,
        after: &After,
    ) -> Result<(), Problem> {
        let (keeping, tag) = (self.keeping, self.tag());
        // What the lists show of it; where it can't be had now, a refresh gets it.
        let _ = keeping.content.facts(self.remote, done).await;
        let displaced = after.now.as_ref().filter(|now| *now != done);
        if let Some(now) = displaced {
            keeping
                .history
                .record_seen(&self.remote.place, tag.as_str(), now, after.at)
                .await?;
            self.keep_displaced(done, now).await?;
        }
        if let Some(old) = before.old.as_ref().filter(|old| *old != done) {
            if before.keep_after
                && after.now.as_ref() != Some(old)
                && let Err(problem) = self.keep_old(old).await
            {
                self.note(problem.what());
            }
            if self.act == Act::Push {
                self.say_if_gone(old).await;
            }
        }
        if displaced.is_none()
            && let Some(note) = self.keep_new(done).await?
        {
            self.note(note);
        }
        Ok(())
    }

    /// Keeps what this act wrote and somebody else displaced right after.
    async fn keep_displaced(&self, done: &Digest, now: &Digest) -> Result<(), Problem> {
        let how = say::someone_moved(self.tag(), now.short());
        self.keep_other(done, how).await
    }

    /// Keeps a commit that was displaced during the act, where the repository keeps; `how` begins the sentence that says
    /// what came of it.
    pub async fn keep_other(&self, digest: &Digest, how: Said) -> Result<(), Problem> {
        let short = digest.short();
        let by_rule = self.rule_of_the_act().await?;
        if !by_rule.is_some_and(KeepRule::keeps_overwritten) {
            self.note(say::and_has_no_tag(how, short));
            return Ok(());
        }
        let kept = self
            .keeping
            .give_commit_tag(self.remote, self.tag(), digest, |_| {})
            .await?;
        self.note(match kept {
            Ok(name) => say::and_was_kept(how, short, &name).note_of(name.to_string()),
            Err(not) => say::and_was_not_kept(how, short, not.cause.what()).into(),
        });
        Ok(())
    }

    /// Keeps the new commit as well, where the repository keeps at every push: what a colleague's plain push displaces is
    /// then there already. What came of it, as a sentence.
    pub async fn keep_new(&self, done: &Digest) -> Result<Option<Note>, Problem> {
        if self.rule_of_the_act().await? != Some(KeepRule::Push) {
            return Ok(None);
        }
        let short = done.short();
        let kept = self
            .keeping
            .give_commit_tag(self.remote, self.tag(), done, |_| {})
            .await?;
        Ok(Some(match kept {
            // Going back shows in the timeline itself; only what failed is told.
            Ok(_) if self.act == Act::MakeActive => return Ok(None),
            Ok(name) => {
                let (listed, note) = as_listed(self.remote, &name).await;
                note.unwrap_or_else(|| say::is_kept_as(short, &listed).note_of(listed))
            }
            Err(not) => say::itself_not_kept(short, not.cause.what()).into(),
        }))
    }

    /// Looks once at a commit that was overwritten without being kept: some registries let go of it at once.
    async fn say_if_gone(&self, old: &Digest) {
        if lock(&self.outcome).commit_tag.is_some() {
            return;
        }
        let there = self.keeping.content.reachable(self.remote, old).await;
        if matches!(there, Ok(false)) {
            self.note(say::was_let_go(old.short()));
        }
    }

    fn moved(&self, now: Option<&Digest>) -> Problem {
        let (said, hint) = match self.act {
            Act::Push => (say::before_push(self.tag(), now), say::look_then_push()),
            Act::MakeActive => (say::before_change(self.tag(), now), say::look_again()),
        };
        said.coded(Code::TagMoved).hint(hint)
    }
}
