//! The past of tags, and commits without one, as a vendor's own history tells them.
//!
//! Asked for where somebody looks at a timeline, never with a list of tags: it can be long. What was told stays, so a walk ends at
//! the first page that has no news. Not here: what is made of it (`history`). Grows by nothing.

use super::room::Repositories;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use futures_util::FutureExt;
use oci::Tag;
use std::collections::HashSet;
use vendors::Cursor;

/// How many pages are read of a repository's past, and of one tag's.
const PAGES: usize = 20;

impl Repositories {
    /// Asks the registry's vendor what the tags of a repository pointed at before, and for commits without a tag: nothing where it
    /// has no such history.
    pub async fn refresh_timeline(
        &self,
        account: String,
        repository: String,
    ) -> Result<(), Problem> {
        let learnt = self.learn_all_past(&account, &repository).boxed();
        self.accounts.asking(&account, learnt).await
    }

    async fn learn_all_past(&self, account: &str, repository: &str) -> Result<(), Problem> {
        let remote = self.accounts.remote(account, repository).await?;
        self.learn_past(&remote, None).await
    }

    /// Asks for the past of a tag, or of all with the commits that have none.
    pub(super) async fn learn_past(
        &self,
        remote: &Remote,
        tag: Option<&Tag>,
    ) -> Result<(), Problem> {
        let (mut at, mut asked) = (Cursor::First, HashSet::new());
        let (mut untagged, mut news, mut whole) = (Vec::new(), 0, false);
        while asked.len() < PAGES && asked.insert(at.clone()) {
            let Some(page) = self.kinds.moments(remote, tag, &at).await? else {
                break;
            };
            let (bare, past): (Vec<_>, Vec<_>) =
                page.rows.into_iter().partition(|one| one.tag.is_none());
            let told = self.history.record_past(remote, past).await?;
            let has_bare = !bare.is_empty();
            (news, untagged) = (news + told, [untagged, bare].concat());
            let Some(next) = page.next else {
                whole = true;
                break;
            };
            if told == 0 && !has_bare {
                break;
            }
            at = next;
        }
        let others = tag.is_none()
            && (whole || !untagged.is_empty())
            && self.history.record_untagged(remote, untagged).await?;
        if news > 0 || others {
            self.ground.stale_tags(&remote.place).await;
        }
        Ok(())
    }
}
