//! After the engine has pushed, or was stopped: what became of the tag, and of what stood in between.

use super::{AFTERWARDS, Push};
use crate::house::lock;
use crate::keep::as_listed;
use crate::problems;
use crate::reach::head_of_tag;
use crate::view::browse::KeepRule;
use crate::view::problem::Problem;
use crate::view::tasks::Outcome;
use engine::ImageDetail;
use oci::Digest;

impl Push<'_> {
    /// Fetches what someone else put under the tag while the engine uploads, so that it can be kept. Trouble here is
    /// none of the push's: the tag is read again at its end.
    pub(super) async fn look_after(&self, old: Option<&Digest>) {
        let Ok(Some(head)) = head_of_tag(&self.remote, &self.tag).await else {
            return;
        };
        let known = lock(&self.displaced).contains(&head.digest);
        if old == Some(&head.digest) || known {
            return;
        }
        // Remembered by this computer from then on, whatever becomes of it there.
        let fetched = self
            .house
            .manifest(&self.door, &self.remote, &head.digest)
            .await;
        if fetched.is_ok() {
            lock(&self.displaced).push(head.digest);
        }
    }

    /// Reads the tag again, records what was done, and keeps what was displaced meanwhile. `old` is what the tag
    /// pointed at before, and whether it is still to be kept if it changed.
    pub(super) async fn settle(
        &self,
        told: Option<Digest>,
        old: Option<(Digest, bool)>,
    ) -> Result<(), Problem> {
        let (now, at) = match head_of_tag(&self.remote, &self.tag).await {
            Ok(head) => {
                let at = self
                    .house
                    .registry_time(head.as_ref().and_then(|head| head.date));
                (head.map(|head| head.digest), at)
            }
            // The engine has pushed, whatever can be read of it now.
            Err(error) => {
                let problem = self.door.problem(&error);
                self.note(format!(
                    "The tag could not be read again after the push. {}",
                    problem.message
                ));
                (told.clone(), self.house.now())
            }
        };
        let before = old.as_ref().map(|(digest, _)| digest);
        let pushed = arrived(told, now.as_ref(), before).ok_or_else(|| {
            problems::plain(format!(
                "The engine ended without saying what it pushed, and {} doesn’t show it.",
                self.tag
            ))
            .hint("Retry.")
        })?;
        lock(&self.outcome).digest = Some(pushed.to_string());
        let keeps = self.house.keeps_overwritten(&self.place).await?;

        let displaced: Vec<Digest> = lock(&self.displaced).drain(..).collect();
        for digest in displaced {
            if digest != pushed && Some(&digest) != now.as_ref() {
                self.house
                    .saw(&self.place, self.tag.as_str(), &digest, at, false)
                    .await?;
                self.rescue(&digest, keeps, "Someone else pushed").await?;
            }
        }
        self.house
            .did(&self.door, &self.place, self.tag.as_str(), &pushed, at)
            .await?;
        // Facts of what was just pushed are shown with it; where they can't be had now, a refresh gets them.
        let _ = self.house.facts(&self.door, &self.remote, &pushed).await;
        if let Some(now) = now.as_ref().filter(|now| **now != pushed) {
            self.house
                .saw(&self.place, self.tag.as_str(), now, at, false)
                .await?;
            self.rescue(
                &pushed,
                keeps,
                "Someone else moved the tag right after; yours was",
            )
            .await?;
        }
        // The tag pointed at this very image, and yet its manifest changed: then the old one is kept now.
        if let Some((digest, true)) = &old
            && now.as_ref() != Some(digest)
            && let Err(problem) = self.keep_old(digest).await
        {
            self.note(problem.message);
        }
        if let Some((digest, _)) = &old
            && now.as_ref() != Some(digest)
        {
            self.say_if_gone(digest).await;
        }
        if now.as_ref().is_none_or(|now| *now == pushed) {
            let note = self.keep_new(&pushed).await?;
            lock(&self.outcome).notes.extend(note);
        }
        Ok(())
    }

    /// Where the repository keeps at every push, the new commit is kept as well: what a colleague's plain push
    /// displaces is then there already. What came of it, as a sentence.
    async fn keep_new(&self, pushed: &Digest) -> Result<Option<String>, Problem> {
        if self.house.rule(&self.place).await? != Some(KeepRule::Push) {
            return Ok(None);
        }
        let short = pushed.short();
        let kept = self
            .house
            .give_commit_tag(
                &self.door,
                &self.place,
                &self.remote,
                &self.tag,
                pushed,
                |_| {},
            )
            .await?;
        Ok(Some(match kept {
            Ok(name) => {
                let (listed, note) = as_listed(&self.remote, &name).await;
                note.unwrap_or_else(|| format!("{short} is kept as {listed}."))
            }
            Err(cause) => format!(
                "{short} was pushed, but could not be kept. {}",
                cause.message
            ),
        }))
    }

    /// One look at a commit that was overwritten without being kept: some registries let go of it at once.
    async fn say_if_gone(&self, digest: &Digest) {
        if lock(&self.outcome).commit_tag.is_some() {
            return;
        }
        let there = self
            .house
            .reachable(&self.door, &self.place, &self.remote, digest)
            .await;
        if matches!(there, Ok(false)) {
            self.note(format!(
                "{} can’t be pulled any more: this registry let go of it at once.",
                digest.short()
            ));
        }
    }

    /// Keeps a commit that was displaced during this push, where the repository keeps.
    async fn rescue(&self, digest: &Digest, keeps: bool, how: &str) -> Result<(), Problem> {
        let short = digest.short();
        if !keeps {
            self.note(format!("{how} {short} meanwhile; it has no tag any more."));
            return Ok(());
        }
        let kept = self
            .house
            .give_commit_tag(
                &self.door,
                &self.place,
                &self.remote,
                &self.tag,
                digest,
                |_| {},
            )
            .await?;
        self.note(match kept {
            Ok(name) => format!("{how} {short} meanwhile; it was kept as {name}."),
            Err(problem) => format!(
                "{how} {short} meanwhile; it could not be kept. {}",
                problem.message
            ),
        });
        Ok(())
    }

    /// The name the push lent the image is taken away again where it wasn't there before.
    pub(super) async fn put_name_back(
        &self,
        name: &str,
        borne: Option<&ImageDetail>,
        image: &ImageDetail,
    ) {
        match borne {
            // An image that bears no other name would go with its last one.
            None if !image.names.is_empty() => {
                let _ = self.engine.untag(name).await;
            }
            Some(other) if other.id != image.id => {
                let _ = self
                    .engine
                    .tag(&other.id, &self.place.path(), self.tag.as_str())
                    .await;
            }
            _ => {}
        }
    }

    /// What a push that was cancelled or failed leaves behind, told; the registry is asked, but not for long. `late`
    /// says what it means where the tag moved all the same.
    pub(super) async fn left_behind(&self, late: &str) -> Outcome {
        let asked = async {
            let mut written = None;
            let writing = lock(&self.writing).clone();
            if let Some(name) = writing {
                // It was on its way when the person cancelled: only asking tells whether it arrived.
                written = self
                    .house
                    .look(&self.door, &self.place, &self.remote, &name.name())
                    .await?
                    .map(|_| name);
            }
            Ok::<_, Problem>((
                written,
                self.house
                    .look(&self.door, &self.place, &self.remote, &self.tag)
                    .await?,
            ))
        };
        let told = tokio::time::timeout(AFTERWARDS, asked).await;
        let told = told.ok().and_then(Result::ok);
        let others = match &told {
            Some((_, now)) => self.keep_what_was_displaced(now.as_ref()).await,
            None => Vec::new(),
        };
        let mut outcome = lock(&self.outcome).clone();
        if told.is_none()
            && let Some(name) = &*lock(&self.writing)
        {
            outcome.notes.push(format!(
                "Whether the commit tag {name} was still written could not be asked."
            ));
        }
        let (written, now) = told.unwrap_or_default();
        outcome.commit_tag = outcome
            .commit_tag
            .or_else(|| written.map(|name| name.to_string()));
        if let Some(name) = &outcome.commit_tag {
            outcome.notes.push(format!(
                "The commit tag {name} was already written and stays."
            ));
        }
        if let Some(now) = now.filter(|now| outcome.previous.as_deref() != Some(now.as_str())) {
            let (tag, short) = (&self.tag, now.short());
            if others.contains(&now) {
                outcome.notes.push(format!(
                    "{tag} points at {short} now, which someone else pushed meanwhile."
                ));
            } else {
                outcome
                    .notes
                    .push(format!("{tag} points at {short} now: {late}."));
                outcome.digest = Some(now.to_string());
                // It arrived, so the rule for what arrives holds; asking it of the registry has its limit too.
                let kept = tokio::time::timeout(AFTERWARDS, self.keep_new(&now)).await;
                if let Ok(Ok(Some(note))) = kept {
                    outcome.notes.push(note);
                }
            }
        }
        outcome
    }

    /// Keeps what others put under the tag while the engine uploaded, where the tag has left it; all of it is given back.
    async fn keep_what_was_displaced(&self, now: Option<&Digest>) -> Vec<Digest> {
        let displaced: Vec<Digest> = lock(&self.displaced).drain(..).collect();
        let others = displaced.clone();
        let Ok(keeps) = self.house.keeps_overwritten(&self.place).await else {
            return others;
        };
        for digest in displaced {
            if Some(&digest) != now {
                // It says itself what came of it; a database that fails here has failed the push already.
                let _ = self.rescue(&digest, keeps, "Someone else pushed").await;
            }
        }
        others
    }

    pub(super) fn note(&self, note: String) {
        lock(&self.outcome).notes.push(note);
    }
}

/// What was pushed: by the engine's word, else what the tag points at where that is something new.
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
