//! The act itself, under the guard of every overwrite.

use super::room::Active;
use crate::accounts::Remote;
use crate::ground::names;
use crate::keeping::guard::{Act, Answer, Overwrite};
use crate::view::active::ActiveOrder;
use crate::view::problem::Problem;
use crate::view::tasks::Outcome;
use crate::words;
use oci::Digest;

impl Active {
    /// Points a tag at a commit.
    pub async fn make_active(&self, order: ActiveOrder) -> Result<Outcome, Problem> {
        let tag = names::tag(&order.tag)?;
        let digest = names::digest(&order.digest)?;
        let remote = self
            .accounts
            .remote(&order.account, &order.repository)
            .await?;
        let turn = self.ground.turns.tag(&remote.place, &tag).await;
        let answer = Answer {
            expected: order.expected,
            keep: order.keep,
            share_rule: order.share_rule,
            allows: order.allows,
            accept_loss: order.accept_loss,
        };
        let guard = Overwrite::new(&self.keeping, &remote, turn, Act::MakeActive, answer);
        let ended = self.write(&guard, &remote, &digest).await;
        self.ground.stale_tags(&remote.place).await;
        let outcome = guard.outcome();
        match (ended, &outcome.commit_tag) {
            (Ok(()), _) => Ok(outcome),
            (Err(problem), Some(name)) => Err(problem.hint(words::keeping::already_written(name))),
            (Err(problem), None) => Err(problem),
        }
    }

    async fn write(
        &self,
        guard: &Overwrite<'_>,
        remote: &Remote,
        digest: &Digest,
    ) -> Result<(), Problem> {
        let now = guard.read().await?;
        if now.as_ref() == Some(digest) {
            guard.note(words::active::already_at(guard.tag(), digest.short()));
            guard.tell(|outcome| outcome.digest = Some(digest.to_string()));
            return Ok(());
        }
        guard.as_shown(now.as_ref())?;
        let back = self.way_back(remote, digest).await?;
        let before = guard.make_way(now, false).await?;
        let at = self.bring_back(remote, guard.tag(), digest, back).await?;
        // Recorded at once: what is done here is nobody else's move, whatever happens next.
        guard.record(digest, at).await?;
        let after = guard.read_back().await;
        guard.after(digest, &before, &after).await
    }
}
