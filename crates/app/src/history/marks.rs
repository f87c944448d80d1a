//! Moves of tags by someone else, as far as they are known here: noted, marked in the rows, answered.
//!
//! Not here: keeping what was displaced, and what is said of it (`watching`).

use super::room::History;
use super::tags::TagRecords;
use crate::about::rule;
use crate::view::browse::TagRow;
use crate::view::events::Stale;
use crate::view::keep::KeepRule;
use crate::view::problem::Problem;
use oci::Digest;
use store::{Place, Store, TagMove};

/// How the answer to a move is stored where the person kept what it displaced.
const KEPT: &str = "kept";

impl History {
    /// Tells the window that what moved in a repository changed, and with it the mark in the list of repositories.
    pub async fn stale_moves(&self, place: &Place) {
        let moves = |account, repository| Stale::Moves {
            account,
            repository,
        };
        let listed = |account, _| Stale::Repositories { account };
        self.ground.stale_everywhere(place, [moves, listed]).await;
    }

    /// Notes what follows from moves that were just recorded; true where a rule says that an old commit is kept.
    pub async fn record_moves(&self, place: &Place, ids: Vec<i64>) -> Result<bool, Problem> {
        if ids.is_empty() {
            return Ok(false);
        }
        let wanted = place.clone();
        let ordered = self
            .ground
            .db(move |store| {
                let mut any = false;
                for id in ids {
                    let Some((_, moved)) = store.find_move(id)? else {
                        continue;
                    };
                    any |= saves(store, &wanted, &moved)?.is_some() && store.order_rescue(id)?;
                }
                Ok(any)
            })
            .await?;
        self.stale_moves(place).await;
        // A commit that was displaced is an entry of its tag's timeline now.
        self.ground.stale_tags(place).await;
        Ok(ordered)
    }

    /// Answers the moves that displaced a commit: the person has kept it.
    pub async fn answer_kept(
        &self,
        place: &Place,
        tag: &str,
        digest: &Digest,
    ) -> Result<(), Problem> {
        let (wanted, tag, digest) = (place.clone(), tag.to_owned(), digest.clone());
        if self
            .ground
            .db(move |store| store.answer_moves_from(&wanted, &tag, &digest, KEPT))
            .await?
        {
            self.stale_moves(place).await;
            self.ground.stale_tags(place).await;
        }
        Ok(())
    }
}

/// Why the old commit of a move is kept without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// A rule of the person's says that what others displace is kept.
    Rescue,
    /// This computer pushed it, and the repository keeps at each overwrite.
    Ours,
}

/// Tells whether, and why, a rule keeps what a move displaced.
pub(crate) fn saves(
    store: &Store,
    place: &Place,
    moved: &TagMove,
) -> Result<Option<Why>, store::Error> {
    let keeps = rule::of(store, place)?.by_itself;
    if keeps.rule.is_some_and(KeepRule::keeps_overwritten) && moved.new.is_some() {
        let periods = store.periods(place, &moved.tag)?;
        let last = periods
            .iter()
            .rev()
            .find(|period| period.digest == moved.old);
        if last.is_some_and(|period| period.exact) {
            return Ok(Some(Why::Ours));
        }
    }
    Ok(keeps.rescue.then_some(Why::Rescue))
}

/// Marks in the rows of a table what is watched and what moved.
pub(crate) fn mark(store: &Store, place: &Place, rows: &mut [TagRow]) -> Result<(), store::Error> {
    let (watched, moved) = (store.watched(place)?, store.moved_tags(place)?);
    for row in rows {
        row.watched = watched.is(&row.name);
        row.moved_at = moved.get(&row.name).copied();
    }
    Ok(())
}

/// Tells whether a commit tag keeps what a move displaced: one that the registry was asked for and that showed it.
pub(crate) fn is_kept(store: &Store, place: &Place, moved: &TagMove) -> Result<bool, store::Error> {
    let records = TagRecords::of_tag(store, place, &moved.tag)?;
    let mut of_tag = records.named(&moved.tag).iter();
    Ok(of_tag.any(|named| named.keeps() == Some(&moved.old)))
}
