//! What follows an overwrite: the tag is read again, what was done is recorded, and what was displaced by then is kept.
//!
//! Not here: what has to hold before.

use super::{Act, Before, Overwrite};
use crate::content::head_of_tag;
use crate::ground::lock;
use crate::keeping::commit_tag::as_listed;
use crate::view::keep::KeepRule;
use crate::view::note::Note;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words::keeping as say;
use oci::Digest;

/// What the tag was read to point at after the act.
pub(crate) struct After {
    /// None where it is gone, or could not be read.
    pub now: Option<Digest>,
    /// When (seconds, UTC).
    pub at: i64,
    /// It could be read.
    pub read: bool,
}

impl Overwrite<'_> {
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
}
