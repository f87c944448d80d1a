//! The past of tags, and commits without one, as a vendor's own history tells them.
//!
//! Asked for where somebody looks at a timeline, never with a list of tags: it can be long. What was told stays, and what happened last
//! is told first: so a walk ends where it comes to what happened before the last whole one. One that broke off leaves that as it was,
//! and the next goes through all of it again. Not here: what is made of it (`history`). Grows by nothing.

use super::room::Repositories;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use futures_util::FutureExt;
use oci::Tag;
use std::collections::HashSet;
use store::PastWalk;
use vendors::{Cursor, Moment};

/// How many pages are read of a repository's past, and of one tag's.
const PAGES: usize = 20;
/// How much earlier than the last whole walk something is that it has surely told (seconds): clocks differ, and logs are late.
const MARGIN: i64 = 600;

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
        self.learn_past(&remote, None).await?;
        Ok(())
    }

    /// Asks for the past of a tag, or of all with the commits that have none; true where that told news.
    pub(super) async fn learn_past(
        &self,
        remote: &Remote,
        tag: Option<&Tag>,
    ) -> Result<bool, Problem> {
        let (place, of) = (remote.place.clone(), tag.map(ToString::to_string));
        let (known, known_of) = (place.clone(), of.clone());
        let begun = self.ground.registry_now(&place.host);
        let until = self
            .ground
            .db(move |store| store.past_known_until(&known, known_of.as_deref()))
            .await?;
        let account = remote.session.account.id;
        let until = match tag {
            None if !self.kinds.tells_last_first(account).await => None,
            _ => until,
        };
        let (mut at, mut asked) = (Cursor::First, HashSet::new());
        let (mut untagged, mut news) = (Vec::new(), 0);
        let (mut whole, mut is_known) = (false, false);
        let (mut pages, mut moments, mut left_out) = (0, 0, 0);
        while asked.len() < PAGES && asked.insert(at.clone()) {
            let Some(page) = self.kinds.moments(remote, tag, &at).await? else {
                break;
            };
            let (bare, past): (Vec<_>, Vec<_>) =
                page.rows.into_iter().partition(|one| one.tag.is_none());
            (pages, moments) = (pages + 1, moments + past.len());
            left_out += page.left_out;
            is_known = until.is_some_and(|until| past.iter().any(|one| is_before(one, until)));
            news += self.history.record_past(remote, past).await?;
            untagged = [untagged, bare].concat();
            whole = page.next.is_none();
            match page.next {
                Some(next) if !is_known => at = next,
                _ => break,
            }
        }
        let is_read = whole || is_known;
        // Where nothing was told of tags, as to an account that may not see it, nothing is known of what was before.
        if moments > 0 && (is_read || pages >= PAGES) {
            let walk = match of {
                Some(tag) => PastWalk::OfTag(tag),
                None if is_read && left_out == 0 => PastWalk::OfAll,
                None => PastWalk::OfSome,
            };
            self.ground
                .db(move |store| store.note_past_walk(&place, &walk, begun))
                .await?;
        }
        // Those without a tag come before what tags pointed at: they have all been there by then.
        let others = tag.is_none()
            && (is_read || !untagged.is_empty())
            && self
                .history
                .record_untagged(remote, untagged, is_read)
                .await?;
        let is_news = news > 0 || others;
        if is_news {
            self.ground.stale_tags(&remote.place).await;
        }
        Ok(is_news)
    }
}

/// Tells whether something happened, and ended, before what the last whole walk has told.
fn is_before(moment: &Moment, until: i64) -> bool {
    let last = moment.until.unwrap_or(moment.from).max(moment.from);
    last.0 < until.saturating_sub(MARGIN)
}
