//! After the engine has pushed, or was stopped: what became of the tag, and of what stood in between.

use super::under_way::Push;
use crate::content::head_of_tag;
use crate::ground::lock;
use crate::keeping::guard::Before;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::view::tasks::TaskOutcome;
use crate::words;
use crate::words::transfers as say;
use oci::{Digest, Tag};
use std::time::Duration;

/// How long the registry is asked, after a push that was cancelled or failed, what became of it.
const AFTERWARDS: Duration = Duration::from_secs(5);

impl Push<'_> {
    /// Fetches what someone else put under the tag while the engine uploads, so that it can be kept. Trouble here is
    /// none of the push's: the tag is read again at its end.
    pub(super) async fn look_after(&self, old: Option<&Digest>) {
        let Ok(Some(head)) = head_of_tag(self.remote, self.guard.tag()).await else {
            return;
        };
        let known = lock(&self.displaced).contains(&head.digest);
        if old == Some(&head.digest) || known {
            return;
        }
        // Remembered by this computer from then on, whatever becomes of it there.
        let content = &self.room.content;
        if content.manifest(self.remote, &head.digest).await.is_ok() {
            lock(&self.displaced).push(head.digest);
        }
    }

    /// Reads the tag again, keeps what others put under it meanwhile, and records what was done.
    pub(super) async fn read_back(
        &self,
        told: Option<Digest>,
        before: &Before,
    ) -> Result<(), Problem> {
        let after = self.guard.read_back().await;
        let now = after.now.as_ref();
        // The engine has pushed, whatever can be read of it now.
        let told_or_read = if after.read { now } else { told.as_ref() };
        let pushed = arrived(told.clone(), told_or_read, before.old.as_ref()).ok_or_else(|| {
            say::not_arrived(self.guard.tag())
                .problem()
                .hint(words::engine::retry())
        })?;
        for digest in self.take_displaced() {
            if digest != pushed && Some(&digest) != now {
                let (place, tag) = (&self.remote.place, self.guard.tag().as_str());
                let history = &self.room.history;
                history.record_seen(place, tag, &digest, after.at).await?;
                let how = words::keeping::someone_pushed(digest.short());
                self.guard.keep_other(&digest, how).await?;
            }
        }
        self.guard.record(&pushed, after.at).await?;
        self.guard.after(&pushed, before, &after).await
    }

    /// Tells what a push that was cancelled or failed leaves behind; the registry is asked, but not for long. `late`
    /// says what it means where the tag moved all the same.
    pub(super) async fn left_behind(&self, late: impl Fn(&Tag, &str) -> Said) -> TaskOutcome {
        let history = &self.room.history;
        let asked = async {
            let mut written = None;
            if let Some(name) = self.guard.writing() {
                // It was on its way when the person cancelled: only asking tells whether it arrived.
                written = history
                    .points_at(self.remote, &name.name())
                    .await?
                    .map(|_| name);
            }
            Ok::<_, Problem>((written, self.guard.read().await?))
        };
        let told = tokio::time::timeout(AFTERWARDS, asked).await;
        let told = told.ok().and_then(Result::ok);
        let others = match &told {
            Some((_, now)) => self.keep_what_was_displaced(now.as_ref()).await,
            None => Vec::new(),
        };
        let mut outcome = self.guard.outcome();
        if told.is_none()
            && let Some(name) = self.guard.writing()
        {
            let said = words::keeping::maybe_written(&name);
            outcome.notes.push(said.note_of(name.to_string()));
        }
        let (written, now) = told.unwrap_or_default();
        outcome.commit_tag = outcome
            .commit_tag
            .or_else(|| written.map(|name| name.to_string()));
        if let Some(name) = &outcome.commit_tag {
            let said = words::keeping::already_written(name);
            outcome.notes.push(said.note_of(name.clone()));
        }
        if let Some(now) = now.filter(|now| outcome.previous.as_deref() != Some(now.as_str())) {
            let (tag, short) = (self.guard.tag(), now.short());
            if others.contains(&now) {
                outcome.notes.push(say::at_others(tag, short).into());
            } else {
                outcome.notes.push(late(tag, short).into());
                outcome.digest = Some(now.to_string());
                // It arrived, so the rule for what arrives holds; asking it of the registry has its limit too.
                let kept = tokio::time::timeout(AFTERWARDS, self.guard.keep_new(&now)).await;
                if let Ok(Ok(Some(note))) = kept {
                    outcome.notes.push(note);
                }
            }
        }
        TaskOutcome::Moved(outcome)
    }

    /// Keeps what others put under the tag while the engine uploaded, where the tag has left it; all of it is given back.
    async fn keep_what_was_displaced(&self, now: Option<&Digest>) -> Vec<Digest> {
        let displaced = self.take_displaced();
        for digest in &displaced {
            if Some(digest) != now {
                // It says itself what came of it; a database that fails here has failed the push already.
                let how = words::keeping::someone_pushed(digest.short());
                let _ = self.guard.keep_other(digest, how).await;
            }
        }
        displaced
    }
}

/// Returns what was pushed: by the engine's word, else what the tag points at where that is something new.
fn arrived(told: Option<Digest>, now: Option<&Digest>, before: Option<&Digest>) -> Option<Digest> {
    told.or_else(|| now.filter(|now| Some(*now) != before).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_push_of_which_nothing_is_seen_has_not_arrived() {
        let [old, new] = ["old", "new"].map(|text| Digest::sha256_of(text.as_bytes()));
        let told = || Some(new.clone());
        assert_eq!(arrived(told(), None, Some(&old)), told());
        assert_eq!(arrived(told(), Some(&old), Some(&old)), told());
        assert_eq!(arrived(None, Some(&new), Some(&old)), told());
        assert_eq!(arrived(None, Some(&new), None), told());
        assert_eq!(arrived(None, Some(&old), Some(&old)), None);
        assert_eq!(arrived(None, None, Some(&old)), None);
        assert_eq!(arrived(None, None, None), None);
    }
}
