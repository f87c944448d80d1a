//! Rescue: what someone else displaced is kept by itself, where a rule of the person's says so.
//!
//! It is ordered in the database by the look that saw the move (`history::marks`), and carried out here: after a refresh, in
//! a round, or at once where a sheet or a push has looked.
//!
//! Not here: what is shown of a move and what the person answers (`moves`), how a commit is kept (`keeping`).

use super::room::Watching;
use crate::accounts::Remote;
use crate::ground::{lock, names};
use crate::history::Sighting;
use crate::history::marks::{self, Why};
use crate::keeping::NotGiven;
use crate::view::accounts::AccountState;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words::watching as say;
use futures_util::{StreamExt, stream};
use oci::{Digest, Host, Tag};
use std::collections::HashMap;
use store::{Place, Store, TagMove};

/// How many old commits are kept by a rule at one look; the next look takes the others.
const AT_A_LOOK: u32 = 100;
/// How many other accounts of a registry are tried where one may not write.
const MOST_ACCOUNTS: usize = 4;
/// How many refusals are remembered.
const REMEMBERED: usize = 1000;

impl Watching {
    /// Does what follows from a look: keeps what others displaced, where a rule says so. Returns what the tag points at.
    pub(crate) async fn follow(&self, remote: &Remote, sighting: Sighting) -> Option<Digest> {
        if sighting.to_rescue {
            self.rescue(remote).await;
        }
        sighting.digest
    }

    /// Keeps what others displaced, where a rule says so: once a tag and commit. What can't be asked now is tried again at
    /// the next look; what came of it is in the moves themselves.
    pub(crate) async fn rescue(&self, remote: &Remote) {
        let wanted = remote.place.clone();
        let due = self
            .ground
            .db(move |store| store.to_rescue(&wanted, AT_A_LOOK))
            .await;
        let due = due.unwrap_or_default();
        if !due.is_empty() {
            // What the repository says now holds, not what it said when this computer last asked.
            let _ = self.about.look(remote).await;
        }
        for moved in due {
            let _ = self.rescue_one(remote, &moved).await;
            self.history.stale_moves(&remote.place).await;
        }
    }

    /// Keeps what looks elsewhere (a sheet's, a push's) have found to be displaced, at all hosts beside each other.
    pub async fn rescue_everywhere(&self) {
        let places = self.ground.db(Store::places_to_rescue).await;
        let mut hosts: HashMap<Host, Vec<Place>> = HashMap::new();
        for place in places.unwrap_or_default() {
            hosts.entry(place.host.clone()).or_default().push(place);
        }
        stream::iter(hosts.into_values())
            .for_each_concurrent(None, async |places| {
                for place in places {
                    let Ok(account) = self.account_for(&place).await else {
                        continue;
                    };
                    if let Ok(session) = self.accounts.session(&account).await {
                        self.rescue(&session.remote_at(place)).await;
                    }
                }
            })
            .await;
    }

    async fn rescue_one(&self, remote: &Remote, moved: &TagMove) -> Result<(), Problem> {
        let (id, tag) = (moved.id, names::tag(&moved.tag)?);
        // The rule may have been taken back meanwhile.
        let (wanted, asked) = (remote.place.clone(), moved.clone());
        let why = self
            .ground
            .db(move |store| marks::saves(store, &wanted, &asked))
            .await?;
        let Some(why) = why else {
            // It is ordered anew where the person allows the rule while the move is open.
            return self
                .ground
                .db(move |store| store.take_back_rescue(id))
                .await;
        };
        // A registry that can't be asked now is asked at the next look. The manifest of one's own is known here: it can be put
        // back where the registry let go of it.
        let there = self.content.reachable(remote, &moved.old).await? || why == Why::Ours;
        let mut trouble = None;
        // The same commit may have been displaced before: then what kept it may still do.
        let keeps =
            there && why == Why::Rescue && self.keeping.is_kept(remote, &tag, &moved.old).await?;
        if there && !keeps {
            match self.keep_by_any(remote, &tag, moved).await? {
                Ok(()) => {}
                // What may pass stays ordered; meanwhile it is told.
                Err(refused) if refused.passing => {
                    let why = say::not_kept_yet(refused.cause.what()).stored();
                    return self
                        .ground
                        .db(move |store| store.delay_rescue(id, &why))
                        .await;
                }
                Err(refused) => trouble = Some(say::not_kept_for_good(refused.cause.what())),
            }
        }
        let why = trouble.as_ref().map(Said::stored);
        let first = self
            .ground
            .db(move |store| store.end_rescue(id, why.as_deref()))
            .await?;
        // A notification that is still to come says it itself.
        if let (true, true, Some(trouble)) = (first, moved.told, trouble) {
            self.say(id, &say::is_not_kept(moved.old.short()), &trouble);
        }
        Ok(())
    }

    /// Keeps what a move displaced, by the account that looked, or by another of its registry where that one may not write.
    /// A refusal is one of that account, for as long as it is signed in as it was.
    async fn keep_by_any(
        &self,
        remote: &Remote,
        tag: &Tag,
        moved: &TagMove,
    ) -> Result<Result<(), NotGiven>, Problem> {
        let mut refused = match self.keep_by(remote, tag, moved).await? {
            Err(refused) if refused.denied => refused,
            kept => return Ok(kept),
        };
        // One that is signed out writes nothing, and nobody waits for it.
        let accounts = self.ground.db(Store::accounts).await?;
        let mut accounts = store::accounts_for(&accounts, &remote.place);
        accounts.retain(|account| {
            account.id != remote.account().id
                && account.user.is_some()
                && self.accounts.standing(account) != AccountState::SignedOut
        });
        accounts.truncate(MOST_ACCOUNTS);
        for account in accounts {
            // It may be the one that writes, once its secret can be read.
            let Ok(session) = self.accounts.session(&account.id.to_string()).await else {
                refused.passing = true;
                continue;
            };
            let other = session.remote_at(remote.place.clone());
            match self.keep_by(&other, tag, moved).await? {
                Ok(()) => return Ok(Ok(())),
                Err(other) if other.denied => {}
                // Said of the commit it holds for every account; what may pass is this account's to try again.
                Err(other) if !other.passing => return Ok(Err(other)),
                Err(_) => refused.passing = true,
            }
        }
        Ok(Err(refused))
    }

    /// Keeps what a move displaced by one account; one that may not write is not asked twice.
    async fn keep_by(
        &self,
        remote: &Remote,
        tag: &Tag,
        moved: &TagMove,
    ) -> Result<Result<(), NotGiven>, Problem> {
        let account = (remote.account().id, remote.session.generation);
        let key = (moved.id, account);
        let told = lock(&self.denied).get(&key).cloned();
        if let Some(told) = told {
            return Ok(Err(NotGiven::denied(told)));
        }
        let kept = self
            .keeping
            .give_commit_tag(remote, tag, &moved.old, |_| {})
            .await?;
        if let Err(refused) = &kept
            && refused.denied
        {
            let mut denied = lock(&self.denied);
            if denied.len() >= REMEMBERED {
                denied.clear();
            }
            denied.insert(key, refused.cause.clone());
        }
        Ok(kept.map(|_| ()))
    }
}
