//! Tags that someone else moved: shown, and answered.
//!
//! A move is recorded by the store in the transaction that saw it. Here the person's answer is carried out.
//!
//! Not here: when to look (the module above, and every refresh), what a rule keeps (`rescue`), what a notification says
//! (`notices`).

use super::room::Watching;
use crate::content::reach_of;
use crate::ground::lock;
use crate::history::marks::is_kept;
use crate::view::browse::Reach;
use crate::view::keep::KeepCommitOrder;
use crate::view::problem::Problem;
use crate::view::watch::{MoveAnswer, MoveView, Moves, WatchView};
use crate::words;
use oci::Digest;
use std::sync::Arc;
use store::{Place, Store, TagMove};

/// How many moves of a repository are shown.
const SHOWN: u32 = 100;
/// Whether an old commit can still be fetched is not asked again before (seconds).
const ASK_AGAIN: i64 = 300;
/// How many such questions are remembered.
const REMEMBERED: usize = 1000;

/// How the answer is stored where the person wants nothing done.
const DISMISSED: &str = "dismissed";

impl Watching {
    /// Returns what is watched in a repository, and what moved there. Whether the old commits can still be fetched is asked
    /// behind it.
    pub async fn moves(
        self: &Arc<Self>,
        account: String,
        repository: String,
    ) -> Result<Moves, Problem> {
        let place = self.accounts.place(&account, &repository).await?;
        let (wanted, overdue_after) = (place.clone(), self.overdue_after());
        let moves = self
            .ground
            .db(move |store| {
                let watched = store.watched(&wanted)?;
                let round = store.round(&wanted)?;
                let asked_at = round.as_ref().and_then(|round| round.asked_at);
                let mut rows = Vec::new();
                for moved in store.open_moves(&wanted, SHOWN)? {
                    rows.push(shown(store, &wanted, moved, &watched)?);
                }
                Ok(Moves {
                    watch: WatchView {
                        all: watched.all,
                        overdue_at: asked_at.or(watched.since).map(|at| at + overdue_after),
                        tags: watched.tags,
                        asked_at,
                        trouble: round
                            .and_then(|round| round.trouble)
                            .map(|told| words::of_stored(&told)),
                    },
                    rows,
                })
            })
            .await?;
        self.ask_behind(account, place, &moves.rows);
        Ok(moves)
    }

    /// Notes that the person has looked at a repository: its mark goes.
    pub async fn saw_moves(&self, account: String, repository: String) -> Result<(), Problem> {
        let place = self.accounts.place(&account, &repository).await?;
        let (wanted, now) = (place.clone(), self.ground.now());
        if self
            .ground
            .db(move |store| store.look_at_moves(&wanted, now))
            .await?
        {
            self.history.stale_moves(&place).await;
        }
        Ok(())
    }

    /// Carries out what the person says to a moved tag.
    pub async fn answer(
        &self,
        account: String,
        repository: String,
        id: String,
        answer: MoveAnswer,
    ) -> Result<(), Problem> {
        let place = self.accounts.place(&account, &repository).await?;
        let number: i64 = id.parse().map_err(|_| words::watching::no_move())?;
        let found = self.ground.db(move |store| store.find_move(number)).await?;
        let (_, moved) = found
            .filter(|(at, _)| *at == place)
            .ok_or_else(words::watching::no_move)?;
        match answer {
            MoveAnswer::Keep => {
                self.keep_left_behind(&account, &place, &moved).await?;
            }
            MoveAnswer::Dismiss => {
                self.ground
                    .db(move |store| store.answer_move(number, DISMISSED))
                    .await?;
                self.history.stale_moves(&place).await;
                self.ground.stale_tags(&place).await;
            }
        }
        Ok(())
    }

    /// Keeps the commit that someone else displaced, because the person says so; returns its commit tag. That answers the
    /// move.
    pub(super) async fn keep_left_behind(
        &self,
        account: &str,
        place: &Place,
        moved: &TagMove,
    ) -> Result<String, Problem> {
        let order = KeepCommitOrder {
            account: account.to_owned(),
            repository: place.repository.to_string(),
            tag: moved.tag.clone(),
            digest: moved.old.to_string(),
        };
        let kept = self.keeping.keep(order).await;
        if kept.is_err() {
            // It may have been found to be gone.
            self.history.stale_moves(place).await;
        }
        kept
    }

    /// Asks by one HEAD for each old commit that was not asked for lately, behind the list.
    fn ask_behind(self: &Arc<Self>, account: String, place: Place, rows: &[MoveView]) {
        let now = self.ground.now();
        let due: Vec<Digest> = {
            let mut asked = lock(&self.reached);
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
        let watching = Arc::clone(self);
        tokio::spawn(async move {
            let Ok(session) = watching.accounts.session(&account).await else {
                return;
            };
            let remote = session.remote_at(place);
            for digest in due {
                let asked = watching.content.reachable(&remote, &digest).await;
                if asked.is_err() {
                    break;
                }
            }
            watching.history.stale_moves(&remote.place).await;
        });
    }
}

fn shown(
    store: &Store,
    place: &Place,
    moved: TagMove,
    watched: &store::Watched,
) -> Result<MoveView, store::Error> {
    let reach = store.reaches(place, [&moved.old])?.remove(&moved.old);
    Ok(MoveView {
        id: moved.id.to_string(),
        watched: watched.is(&moved.tag),
        kept: is_kept(store, place, &moved)?,
        trouble: moved.trouble.as_deref().map(words::of_stored),
        reach: reach.as_ref().map_or(Reach::Unknown, reach_of),
        from: moved.old.to_string(),
        to: moved.new.map(|digest| digest.to_string()),
        at: moved.at,
        tag: moved.tag,
    })
}
