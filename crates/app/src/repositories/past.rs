//! The past of tags, and commits without one, as a vendor's own history tells them.
//!
//! Asked for where somebody looks at a timeline, never with a list of tags: it can be long. What was told stays, so that a
//! walk after one that came to its end stops at the first page without news. Not here: what is made of it (`history`). Grows by nothing.

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
        let (place, of) = (remote.place.clone(), tag.map(ToString::to_string));
        let (known, known_of) = (place.clone(), of.clone());
        let walked = self
            .ground
            .db(move |store| store.past_was_walked(&known, known_of.as_deref()))
            .await?;
        let (mut at, mut asked) = (Cursor::First, HashSet::new());
        let (mut untagged, mut news, mut whole) = (Vec::new(), 0, false);
        while asked.len() < PAGES && asked.insert(at.clone()) {
            let Some(page) = self.kinds.moments(remote, tag, &at).await? else {
                break;
            };
            let (bare, past): (Vec<_>, Vec<_>) =
                page.rows.into_iter().partition(|one| one.tag.is_none());
            let told = self.history.record_past(remote, past).await?;
            // Once it was read to its end, a page without news is the end of the news.
            let is_old = walked && told == 0 && bare.is_empty();
            (news, untagged) = (news + told, [untagged, bare].concat());
            whole = page.next.is_none();
            match page.next {
                Some(next) if !is_old => at = next,
                _ => break,
            }
        }
        let is_read = whole || asked.len() >= PAGES;
        if is_read && !walked {
            self.ground
                .db(move |store| store.note_past_walk(&place, of.as_deref()))
                .await?;
        }
        let others = tag.is_none()
            && (whole || !untagged.is_empty())
            && self
                .history
                .record_untagged(remote, untagged, whole)
                .await?;
        if news > 0 || others {
            self.ground.stale_tags(&remote.place).await;
        }
        Ok(())
    }
}
