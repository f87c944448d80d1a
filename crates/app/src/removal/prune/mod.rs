//! Taking away commit tags that a rule no longer wants: shown first, then done, each only where it goes alone.
//!
//! What goes is worked out by [`select`], which is pure. A commit tag is *ours* when its name parses and the registry showed
//! the digest that it says; nothing else is ever touched or counted, and neither is what a tag points at now.
//!
//! Not here: how a registry takes one tag away (`tag`). Grows by a kind of rule, never by an exception.

mod select;

use super::room::{Removal, TagDeletion};
use super::siblings::named;
use super::undo::Taken;
use crate::accounts::Remote;
use crate::ground::count;
use crate::history::TagRecords;
use crate::tasks::Running;
use crate::view::keep::{Prune, PrunePlan, PruneRow};
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words;
use crate::words::removal as say;
use futures_util::{FutureExt, StreamExt, stream};
use oci::{CommitTag, Digest, Tag};
use select::{Held, held, select};
use std::collections::{BTreeSet, HashMap};
use store::Place;

/// How many commit tags are asked for at once, before they are shown.
const AT_ONCE: usize = 6;
/// How many are taken away by one order.
const MOST: usize = 1000;

impl Removal {
    /// Says what a rule would remove.
    pub async fn plan_prune(
        &self,
        account: String,
        repository: String,
        prune: Prune,
    ) -> Result<PrunePlan, Problem> {
        let planned = self.plan_pruning(&account, &repository, prune).boxed();
        self.accounts.asking_for_sheet(&account, planned).await
    }

    async fn plan_pruning(
        &self,
        account: &str,
        repository: &str,
        prune: Prune,
    ) -> Result<PrunePlan, Problem> {
        let remote = self.accounts.remote(account, repository).await?;
        let place = remote.place.clone();
        let now = self.ground.now();
        let (held, _) = self.all_held(&place).await?;
        // What would go, and what nobody asked yet, is asked for first: a commit tag that is gone, or that somebody moved, is
        // not ours to take, nor to count.
        let unasked = held.iter().filter(|held| held.digest.is_none());
        let most = if prune == Prune::All { 0 } else { MOST };
        let tags: BTreeSet<Tag> = select(&held, prune, now)
            .into_iter()
            .chain(unasked.take(most))
            .flat_map(|held| [held.name.name(), held.name.tag.clone()])
            .collect();
        let looked = stream::iter(tags)
            .map(|tag| {
                let remote = &remote;
                async move { self.history.points_at(remote, &tag).await }
            })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        looked.into_iter().collect::<Result<Vec<_>, _>>()?;
        let (held, sizes) = self.all_held(&place).await?;
        let goes = select(&held, prune, now);
        let (how, impossible) = if goes.is_empty() {
            (None, None)
        } else {
            match self.way(&remote).await? {
                TagDeletion::ByName | TagDeletion::ByVendorAlone => (None, None),
                TagDeletion::ByVendor => (Some(say::prunes_by_vendor().text()), None),
                TagDeletion::ByDecoy => (Some(say::prunes_by_decoy().text()), None),
                TagDeletion::Impossible(why) => (None, Some(why.text())),
            }
        };
        Ok(PrunePlan {
            stays: count(held.len() - goes.len()),
            goes: goes
                .into_iter()
                .map(|held| PruneRow {
                    commit_tag: held.name.to_string(),
                    tag: held.name.tag.to_string(),
                    short: held.name.short().to_owned(),
                    time: held.name.at.0,
                    until: (held.turn != usize::MAX).then_some(held.ended),
                    size: held
                        .digest
                        .as_ref()
                        .and_then(|digest| sizes.get(digest).copied()),
                })
                .collect(),
            how,
            impossible,
        })
    }
}

/// What came of one thing that was to be taken away.
pub(super) enum Pruned {
    /// The person stopped while it waited for its turn; nothing was done.
    Stopped,
    /// It is gone; what *Undo* needs.
    Gone(Option<Taken>),
    /// The registry took the commit's other names as well. They were put back as far as that could be done, and nothing
    /// more is taken there.
    TookMore {
        /// What happened, as a sentence.
        told: Said,
        /// What was asked for is done, and stays so.
        done: bool,
        /// What *Undo* needs.
        taken: Option<Taken>,
    },
    /// Some names of a commit are gone, the others are not, and why.
    Partly {
        /// What *Undo* needs.
        taken: Option<Taken>,
        /// Why it went no further.
        problem: Problem,
    },
}

impl Removal {
    /// Returns every commit tag of a repository, with what is known of it, and the sizes of their commits.
    async fn all_held(&self, place: &Place) -> Result<(Vec<Held>, HashMap<Digest, u64>), Problem> {
        let place = place.clone();
        self.ground
            .db(move |store| {
                let (whole, _) = TagRecords::of_repository(store, &place)?;
                let mut all = Vec::new();
                for tag in whole.tags() {
                    all.extend(held(whole.kept(&tag), &whole.entries(&tag)));
                }
                let sizes = all
                    .iter()
                    .filter_map(|held: &Held| held.digest.clone())
                    .filter_map(|digest| whole.size(&digest).map(|size| (digest, size)))
                    .collect();
                Ok((all, sizes))
            })
            .await
    }

    /// Asks for what tags point at that were never asked for, so that it is known which of them share a commit.
    pub(super) async fn name_all(&self, remote: &Remote) -> Result<(), Problem> {
        let wanted = remote.place.clone();
        let (tags, _) = self.ground.db(move |store| store.tags(&wanted)).await?;
        let unknown = tags
            .into_iter()
            .filter(|tag| tag.digest.is_none() && tag.deleted_at.is_none())
            .filter_map(|tag| Tag::parse(&tag.name).ok())
            .take(MOST);
        stream::iter(unknown)
            .map(|tag| async move { self.history.points_at(remote, &tag).await.map(|_| ()) })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .collect()
    }

    /// Takes one commit tag away. `active` remembers what the tags point at that were asked for already.
    pub(super) async fn prune_one(
        &self,
        remote: &Remote,
        name: &str,
        active: &mut HashMap<Tag, Option<Digest>>,
        running: &Running,
    ) -> Result<Pruned, Problem> {
        let name = CommitTag::parse(name)
            .ok_or_else(|| say::no_commit_tag(&words::bounded(name, 140)).problem())?;
        let tag = name.name();
        let Some(digest) = self.history.points_at(remote, &tag).await? else {
            // Somebody was faster.
            return Ok(Pruned::Gone(None));
        };
        if !name.matches(&digest) {
            return Err(say::commit_tag_lies(digest.short()).problem());
        }
        if !active.contains_key(&name.tag) {
            let now = self.history.points_at(remote, &name.tag).await?;
            active.insert(name.tag.clone(), now);
        }
        if active.get(&name.tag).and_then(Option::as_ref) == Some(&digest) {
            return Err(say::stays_kept(&name.tag, digest.short()).problem());
        }
        let known = self.fetch_whole(remote, &digest).await?;
        let siblings = self
            .other_names(&remote.place, &digest, tag.as_str())
            .await?;
        let turn = self.ground.turns.tag(&remote.place, &tag);
        let Some(turn) = running.unless_stopped(turn).await else {
            return Ok(Pruned::Stopped);
        };
        self.take_tag(&turn, remote, &digest, running).await?;
        drop(turn);
        let went = self.went_along(remote, &digest, &siblings).await?;
        if !went.is_empty() {
            // Nobody asked for any of this: all of it goes back, the commit tag too.
            let names: Vec<Tag> = went.into_iter().chain([tag.clone()]).collect();
            let lost = self.name_anew(remote, &digest, &names, running).await?;
            let host = &remote.session.account.host;
            let told = if lost.is_empty() {
                say::put_back(host, &tag)
            } else {
                say::not_put_back(host, &named(&lost))
            };
            let taken = (known && !lost.is_empty()).then(|| Taken {
                digest: digest.to_string(),
                tags: lost.iter().map(ToString::to_string).collect(),
                commit: false,
            });
            return Ok(Pruned::TookMore {
                told,
                done: false,
                taken,
            });
        }
        Ok(Pruned::Gone(known.then(|| Taken {
            digest: digest.to_string(),
            tags: vec![tag.to_string()],
            commit: false,
        })))
    }
}
