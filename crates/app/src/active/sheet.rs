//! The sheet before a tag goes back: both commits side by side, what may not be meant, how the one it leaves is kept.

use super::back::Back;
use super::room::Active;
use crate::accounts::Remote;
use crate::ground::names;
use crate::history::CommitName;
use crate::view::active::{ActivePlan, ActiveQuestion};
use crate::view::problem::{Code, Problem};
use crate::view::push::{KeepPlan, PushTarget};
use crate::words;
use futures_util::FutureExt;
use oci::{Digest, Tag};
use store::Facts;

impl Active {
    /// Says what making a commit active would do.
    pub async fn plan(&self, question: ActiveQuestion) -> Result<ActivePlan, Problem> {
        let planned = self.planned(&question).boxed();
        self.accounts
            .asking_for_sheet(&question.account, planned)
            .await
    }

    async fn planned(&self, question: &ActiveQuestion) -> Result<ActivePlan, Problem> {
        let tag = names::tag(&question.tag)?;
        let remote = self
            .accounts
            .remote(&question.account, &question.repository)
            .await?;
        let place = remote.place.clone();
        let commit = CommitName::parse(&question.commit)?;
        let digest = self.history.resolve(&remote, &commit).await?;
        let active = self.history.points_at(&remote, &tag).await?;
        // Its rule may have changed since it was last read; one that can't be read now is as it was.
        let _ = self.about.look(&remote).await;
        let back = self.way_back(&remote, &digest).await?;

        let to = self.side(&remote, &tag, &digest, active.as_ref()).await?;
        let from = match &active {
            None => None,
            Some(active) => Some(self.side(&remote, &tag, active, Some(&digest)).await?),
        };
        let keep = match &from {
            Some(from) if !from.same_image => {
                let index = from.platforms.len() > 1;
                let active = active.as_ref().unwrap_or(&digest);
                self.keeping.plan(&place, &tag, active, index).await?
            }
            _ => KeepPlan::Nothing,
        };
        Ok(ActivePlan {
            warnings: warnings(&tag, from.as_ref(), &to, &back),
            from,
            to,
            keep,
        })
    }
}

impl Active {
    /// Fills one side of the sheet; `other` is what stands on the other one.
    async fn side(
        &self,
        remote: &Remote,
        tag: &Tag,
        digest: &Digest,
        other: Option<&Digest>,
    ) -> Result<PushTarget, Problem> {
        let facts = match self.content.facts(remote, digest).await {
            Ok(facts) => facts,
            Err(problem) if problem.code == Code::SignIn => return Err(problem),
            // What can't be read can still be told from, and kept: by its digest.
            Err(_) => Facts::default(),
        };
        Ok(PushTarget {
            digest: digest.to_string(),
            time: self.history.since(&remote.place, tag, digest).await?,
            size: facts.size,
            platforms: words::content::platforms(&facts),
            same_image: other == Some(digest),
        })
    }
}

/// Says what may not be meant; going back is what the sheet is for.
fn warnings(tag: &Tag, from: Option<&PushTarget>, to: &PushTarget, back: &Back) -> Vec<String> {
    if to.same_image {
        return vec![words::active::already(tag).text()];
    }
    let back = match back {
        Back::Put(restorable) => restorable.lost.then(words::active::manifest_lost),
        Back::ByVendor => Some(words::active::vendor_puts_back()),
    };
    let lost = from.and_then(|from| words::content::lost_platforms(&from.platforms, &to.platforms));
    back.into_iter()
        .chain(lost)
        .map(|said| said.text())
        .collect()
}
