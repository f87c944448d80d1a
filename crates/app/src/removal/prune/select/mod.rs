//! What a rule takes away: pure.

#[cfg(test)]
mod tests;

use crate::view::keep::Prune;
use oci::{CommitTag, Digest};
use std::collections::{BTreeMap, BTreeSet};
use timeline::{Commit, Entry};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A commit tag, and what is known of the commit it keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// Its name.
    pub name: CommitTag,
    /// What the registry showed it pointing at; none where nobody asked.
    pub digest: Option<Digest>,
    /// Its tag points at the commit now.
    pub active: bool,
    /// The commit's place in the tag's timeline; 0 is the newest.
    pub turn: usize,
    /// When another, or nothing, took the commit's place, as far as is known; where it was only noticed, by when it had.
    pub ended: i64,
}

impl Held {
    /// Tells whether the registry showed it keeping the commit that its name says. Nothing else counts, and nothing else
    /// goes: whoever may push may plant a name.
    fn is_ours(&self) -> bool {
        self.digest
            .as_ref()
            .is_some_and(|digest| self.name.matches(digest))
    }
}

/// Selects what a rule would take away, oldest first. *Last N* counts commits that are no longer active, by tag; a
/// commit that stays keeps every commit tag it has.
pub(crate) fn select(held: &[Held], prune: Prune, now: i64) -> Vec<&Held> {
    let candidates = || held.iter().filter(|held| !held.active && held.is_ours());
    let mut goes: Vec<&Held> = match prune {
        Prune::All => Vec::new(),
        Prune::Last { commits } => {
            let most = usize::try_from(commits.max(1)).unwrap_or(usize::MAX);
            let mut turns: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
            for held in candidates() {
                turns
                    .entry(held.name.tag.as_str())
                    .or_default()
                    .insert(held.turn);
            }
            candidates()
                .filter(|held| {
                    turns
                        .get(held.name.tag.as_str())
                        .is_some_and(|turns| turns.range(..held.turn).count() >= most)
                })
                .collect()
        }
        Prune::Days { days } => {
            let kept_for = i64::from(days.max(1)).saturating_mul(DAY);
            candidates()
                .filter(|held| now.saturating_sub(held.ended) >= kept_for)
                .collect()
        }
    };
    goes.sort_by_key(|held| (held.name.at, held.name.to_string()));
    goes
}

/// Returns the commit tags of one tag, with what its timeline tells of their commits.
pub(crate) fn held<'a>(
    kept: impl Iterator<Item = (&'a CommitTag, Option<&'a Digest>)>,
    entries: &[Entry],
) -> Vec<Held> {
    kept.map(|(name, digest)| {
        let mut of_commit = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                !entry.contradicted
                    && match &entry.commit {
                        Commit::Whole(digest) => name.matches(digest),
                        // Of a commit tag that was not shown, which nothing is taken by.
                        Commit::Start(_) | Commit::Nothing | Commit::Lie(_) => false,
                    }
            })
            .peekable();
        let newest = of_commit.peek().copied();
        let (turn, ended) = newest.map_or((usize::MAX, name.at.0), |(turn, entry)| {
            // Where only the noticing is known, its days count from then: it may have lost its place just before.
            let ended = entry.until.or(entry.over_by).unwrap_or(entry.time.at);
            (turn, ended.max(name.at.0))
        });
        Held {
            name: name.clone(),
            digest: digest.cloned(),
            active: of_commit.any(|(_, entry)| entry.active),
            turn,
            ended,
        }
    })
    .collect()
}
