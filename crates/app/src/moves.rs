//! Tags that someone else moved: noticed, shown, answered; and the rescue of what they displaced.
//!
//! A move is recorded by the store in the transaction that saw it. Here is what follows: the window is told, what a
//! rule of the person's says is rescued, and the person's answer is carried out.
//!
//! Not here: when to look (`watch`, and every refresh), what a notification says (`notices`).

use crate::house::{Door, House, lock};
use crate::view::browse::{Reach, TagRow};
use crate::view::events::Stale;
use crate::view::keep::KeepCommitOrder;
use crate::view::problem::Problem;
use crate::view::watch::{MoveAnswer, MoveView, Moves, WatchView};
use crate::{Longshore, house, problems};
use oci::{CommitTag, Digest};
use registry::Repository;
use std::sync::Arc;
use store::{Move, Place, Store};

/// How many moves of a repository are shown.
const SHOWN: u32 = 100;
/// How many old commits are kept by a rule at one look; the next look takes the others.
const AT_A_LOOK: u32 = 100;
/// Whether an old commit can still be fetched is not asked again before (seconds).
const ASK_AGAIN: i64 = 300;
/// How many such questions are remembered.
const REMEMBERED: usize = 1000;

/// Answers, as they are stored.
const KEPT: &str = "kept";
const DISMISSED: &str = "dismissed";

impl Longshore {
    /// What is watched in a repository, and what moved there. Whether the old commits can still be fetched is asked
    /// behind it.
    pub async fn moves(&self, account: String, repository: String) -> Result<Moves, Problem> {
        let place = house::place(&self.house.account(&account).await?, &repository)?;
        let wanted = place.clone();
        let moves = self
            .house
            .db(move |store| {
                let watched = store.watched(&wanted)?;
                let round = store.round(&wanted)?;
                let mut rows = Vec::new();
                for moved in store.open_moves(&wanted, SHOWN)? {
                    rows.push(shown(store, &wanted, moved, &watched)?);
                }
                Ok(Moves {
                    watch: WatchView {
                        all: watched.all,
                        tags: watched.tags,
                        asked_at: round.as_ref().and_then(|round| round.asked_at),
                        trouble: round.and_then(|round| round.trouble),
                    },
                    rows,
                })
            })
            .await?;
        self.ask_behind(account, place, &moves.rows);
        Ok(moves)
    }

    /// The person has looked at a repository: its pip goes.
    pub async fn saw_moves(&self, account: String, repository: String) -> Result<(), Problem> {
        let place = house::place(&self.house.account(&account).await?, &repository)?;
        let (wanted, now) = (place.clone(), self.house.now());
        if self
            .house
            .db(move |store| store.look_at_moves(&wanted, now))
            .await?
        {
            self.house.stale_moves(&place).await;
        }
        Ok(())
    }

    /// What the person says to a moved tag.
    pub async fn answer_move(
        &self,
        account: String,
        repository: String,
        id: String,
        answer: MoveAnswer,
    ) -> Result<(), Problem> {
        let place = house::place(&self.house.account(&account).await?, &repository)?;
        let number: i64 = id.parse().map_err(|_| no_move())?;
        let found = self.house.db(move |store| store.find_move(number)).await?;
        let (_, moved) = found.filter(|(at, _)| *at == place).ok_or_else(no_move)?;
        match answer {
            MoveAnswer::Keep => {
                self.keep_left_behind(&account, &place, &moved).await?;
            }
            MoveAnswer::Dismiss => {
                self.house
                    .db(move |store| store.answer_move(number, DISMISSED))
                    .await?;
                self.house.stale_moves(&place).await;
                self.house.stale_tags(&place).await;
            }
        }
        Ok(())
    }

    /// Keeps the commit that someone else displaced, because the person says so; its commit tag. That answers the move.
    pub(crate) async fn keep_left_behind(
        &self,
        account: &str,
        place: &Place,
        moved: &Move,
    ) -> Result<String, Problem> {
        let order = KeepCommitOrder {
            account: account.to_owned(),
            repository: place.repository.to_string(),
            tag: moved.tag.clone(),
            digest: moved.old.to_string(),
        };
        let kept = self.keep_commit(order).await;
        if kept.is_err() {
            // It may have been found to be gone.
            self.house.stale_moves(place).await;
        }
        kept
    }

    /// One HEAD for each old commit that was not asked for lately.
    fn ask_behind(&self, account: String, place: Place, rows: &[MoveView]) {
        let now = self.house.now();
        let due: Vec<Digest> = {
            let mut asked = lock(&self.house.watch.reached);
            if asked.len() > REMEMBERED {
                asked.clear();
            }
            rows.iter()
                .filter_map(|row| Digest::parse(&row.from).ok())
                .filter(|digest| {
                    let key = (place.clone(), digest.clone());
                    // Remembered before it is asked, so that trouble is no reason to ask at once again.
                    match asked.insert(key.clone(), now) {
                        Some(at) if now.saturating_sub(at).abs() < ASK_AGAIN => {
                            asked.insert(key, at);
                            false
                        }
                        _ => true,
                    }
                })
                .collect()
        };
        if due.is_empty() {
            return;
        }
        let house = Arc::clone(&self.house);
        tokio::spawn(async move {
            let Ok(door) = house.door(&account).await else {
                return;
            };
            let remote = door.registry.repository(place.repository.clone());
            for digest in due {
                if house
                    .reachable(&door, &place, &remote, &digest)
                    .await
                    .is_err()
                {
                    break;
                }
            }
            house.stale_moves(&place).await;
        });
    }
}

impl House {
    /// What moved in a repository changed, and with it the mark in the list of repositories.
    pub async fn stale_moves(&self, place: &Place) {
        let Ok(accounts) = self.db(Store::accounts).await else {
            return;
        };
        for account in accounts.iter().filter(|account| account.host == place.host) {
            self.stale(Stale::Moves {
                account: account.id.to_string(),
                repository: place.repository.to_string(),
            });
            self.stale(Stale::Repositories {
                account: account.id.to_string(),
            });
        }
    }

    /// Someone else moved tags, and it was just recorded.
    pub async fn moved(&self, place: &Place, ids: Vec<i64>) -> Result<(), Problem> {
        if ids.is_empty() {
            return Ok(());
        }
        if self.keeps(place).await?.rescue {
            for id in ids {
                self.db(move |store| store.order_rescue(id)).await?;
            }
        }
        self.stale_moves(place).await;
        // A commit that was displaced is an entry of its tag's timeline now.
        self.stale_tags(place).await;
        Ok(())
    }

    /// Keeps what others displaced, where a rule of the person's says so: once a tag and commit, ever. What can't be
    /// asked now is tried again at the next look; what came of it is in the moves themselves.
    pub async fn rescue(&self, door: &Door, place: &Place, remote: &Repository) {
        let wanted = place.clone();
        let due = self
            .db(move |store| store.to_rescue(&wanted, AT_A_LOOK))
            .await;
        let due = due.unwrap_or_default();
        if !due.is_empty() {
            // What the repository says now holds, not what it said when this computer last asked.
            let _ = self.look_about(door, place, remote).await;
        }
        for moved in due {
            let _ = self.rescue_one(door, place, remote, &moved).await;
            self.stale_moves(place).await;
        }
    }

    async fn rescue_one(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        moved: &Move,
    ) -> Result<(), Problem> {
        // The rule may have been taken back meanwhile.
        let still = self.keeps(place).await?.rescue;
        let there = still && self.reachable(door, place, remote, &moved.old).await?;
        let (id, tag) = (moved.id, house::tag(&moved.tag)?);
        if self.db(move |store| store.end_rescue(id)).await? && there {
            // What could not be kept is still offered to the person, who is told why then.
            let _ = self
                .give_commit_tag(door, place, remote, &tag, &moved.old, |_| {})
                .await?;
        }
        Ok(())
    }

    /// The person has kept a commit: a move that displaced it is answered.
    pub async fn kept_by_hand(
        &self,
        place: &Place,
        tag: &str,
        digest: &Digest,
    ) -> Result<(), Problem> {
        let (wanted, tag, digest) = (place.clone(), tag.to_owned(), digest.clone());
        if self
            .db(move |store| store.answer_moves_from(&wanted, &tag, &digest, KEPT))
            .await?
        {
            self.stale_moves(place).await;
            self.stale_tags(place).await;
        }
        Ok(())
    }
}

/// What is watched and what moved, as the rows of a table show it.
pub(crate) fn mark(store: &Store, place: &Place, rows: &mut [TagRow]) -> Result<(), store::Error> {
    let (watched, moved) = (store.watched(place)?, store.moved_tags(place)?);
    for row in rows {
        row.watched = watched.is(&row.name);
        row.moved_at = moved.get(&row.name).copied();
    }
    Ok(())
}

/// Whether a commit tag keeps what a move displaced: by its digest where that was asked, else by its digits.
pub(crate) fn is_kept(store: &Store, place: &Place, moved: &Move) -> Result<bool, store::Error> {
    let prefix = format!("{}{}.", oci::PREFIX, moved.tag);
    let named = store.tag_with_prefix(place, &moved.tag, &prefix)?;
    Ok(named.iter().any(|tag| {
        tag.deleted_at.is_none()
            && tag
                .digest
                .as_ref()
                .is_none_or(|digest| *digest == moved.old)
            && CommitTag::parse(&tag.name)
                .is_some_and(|name| name.tag.as_str() == moved.tag && name.matches(&moved.old))
    }))
}

fn shown(
    store: &Store,
    place: &Place,
    moved: Move,
    watched: &store::Watched,
) -> Result<MoveView, store::Error> {
    let reach = store.reaches(place, [&moved.old])?.remove(&moved.old);
    Ok(MoveView {
        id: moved.id.to_string(),
        watched: watched.is(&moved.tag),
        kept: is_kept(store, place, &moved)?,
        reach: reach.map_or(Reach::Unknown, |reach| match reach.gone_since {
            Some(since) => Reach::Gone { since },
            None => Reach::Pullable { at: reach.asked_at },
        }),
        from: moved.old.to_string(),
        to: moved.new.map(|digest| digest.to_string()),
        at: moved.at,
        tag: moved.tag,
    })
}

fn no_move() -> Problem {
    problems::plain("This was answered already.").hint("Refresh the repository.")
}
