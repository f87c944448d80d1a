//! Tags that someone else moved: shown, answered; and the rescue of what they displaced.
//!
//! A move is recorded by the store in the transaction that saw it. Here is what follows, by its own name: what a rule
//! says is kept, and the person's answer is carried out.
//!
//! Not here: when to look (the module above, and every refresh), what a notification says (`notices`).

use super::room::Watching;
use crate::accounts::Remote;
use crate::content::reach_of;
use crate::ground::{lock, names};
use crate::history::Sighting;
use crate::history::marks::{self, Why, is_kept};
use crate::view::browse::Reach;
use crate::view::keep::KeepCommitOrder;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::view::watch::{MoveAnswer, MoveView, Moves, WatchView};
use crate::words;
use crate::words::watching as say;
use futures_util::{StreamExt, stream};
use oci::{Digest, Host};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Place, Store, TagMove};

/// How many moves of a repository are shown.
const SHOWN: u32 = 100;
/// How many old commits are kept by a rule at one look; the next look takes the others.
const AT_A_LOOK: u32 = 100;
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
        if there {
            let kept = self
                .keeping
                .give_commit_tag(remote, &tag, &moved.old, |_| {})
                .await?;
            match kept {
                Ok(_) => {}
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
