//! What was learnt to be impossible at an account's registry, so that it isn't offered: only what is known, and with its reason.

use super::room::Connection;
use crate::accounts::{Deletes, Remote};
use crate::ground::lock;
use crate::removal::TagDeletion;
use crate::view::connection::{Impossible, ImpossibleAct};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::view::said::Said;
use std::time::{Duration, Instant};

/// How long it counts that a repository may not be written to.
const COUNTS_FOR: Duration = Duration::from_mins(10);

impl Connection {
    /// Lists what can't be done with an account, each with its reason. Nothing is asked.
    pub async fn impossible(&self, account: String) -> Result<Vec<Impossible>, Problem> {
        let found = self.accounts.account(&account).await?;
        let mut all = Vec::new();
        let learned = self.accounts.learned(found.id).await;
        if learned.deletes() == Some(Deletes::Never)
            && let Some(TagDeletion::Impossible(why)) =
                self.removal.known_way(found.id, &found.host).await
        {
            let mut acts = vec![ImpossibleAct::Delete];
            if !self.removal.deletes_commits_by_vendor(found.id).await {
                acts.push(ImpossibleAct::DeleteCommit);
            }
            all.extend(acts.into_iter().map(|act| Impossible {
                act,
                repository: None,
                why: why.text(),
            }));
        }
        let sign_ins = self.accounts.sign_ins(&found.host);
        let mut unwritable = lock(&self.unwritable);
        // A right may be given at any time.
        unwritable.retain(|_, (_, _, at)| at.elapsed() < COUNTS_FOR);
        for ((id, repository), (then, why, _)) in unwritable.iter() {
            // Whoever has signed in anew may be somebody who may.
            if (*id, *then) != (found.id, sign_ins) {
                continue;
            }
            // Deleting is a right of its own.
            all.push(Impossible {
                act: ImpossibleAct::Write,
                repository: Some(repository.clone()),
                why: why.text(),
            });
        }
        Ok(all)
    }

    /// Notes whether a repository may be written to, as it was found just now; with the reason why not.
    pub(super) fn note_writable(&self, remote: &Remote, why_not: Option<Said>) {
        let account = remote.account();
        let key = (account.id, remote.place.repository.to_string());
        let sign_ins = self.accounts.sign_ins(&account.host);
        let mut unwritable = lock(&self.unwritable);
        let changed = match why_not {
            Some(why) => unwritable
                .insert(key, (sign_ins, why, Instant::now()))
                .is_none(),
            None => unwritable.remove(&key).is_some(),
        };
        drop(unwritable);
        if changed {
            let account = account.id.to_string();
            self.ground.stale(Stale::Impossible { account });
        }
    }
}
