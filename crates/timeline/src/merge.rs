//! The merge: facts of one tag in, its entries out.
//!
//! Every fact is an *observation*: at this time the tag pointed at this commit, and perhaps it began just
//! then. Put in order of time, neighbouring observations of one commit are one entry, however many sources
//! told them; another commit in between makes a second entry (A, B, A: three). So the order in which sources
//! are given can't matter, giving one twice changes nothing, and no commit is ever dropped.
//!
//! Not here: what one entry tells (`entry`), and rules for one source alone.

use crate::entry::{Entry, entry_of};
use crate::fact::{Commit, Fact, FactKind, Source, TimeKind};
use oci::{CommitTag, Digest};
use std::collections::{BTreeMap, BTreeSet};

/// Merges all facts of one tag. `active` is what it points at now, as far as is known; `built` tells when an
/// image was built, for a commit of which nothing better is known. Newest first, the active one before all.
pub fn merge(
    facts: impl IntoIterator<Item = Fact>,
    active: Option<&Digest>,
    built: impl Fn(&Digest) -> Option<i64>,
) -> Vec<Entry> {
    let facts = sort_facts(facts.into_iter().collect());
    let kept: BTreeMap<Commit, CommitTag> = facts
        .iter()
        .rev()
        .filter_map(|fact| match &fact.kind {
            FactKind::CommitTag { name, there: true } if !matches!(fact.commit, Commit::Lie(_)) => {
                Some((fact.commit.clone(), name.clone()))
            }
            _ => None,
        })
        .collect();
    let (lies, mut honest): (Vec<_>, Vec<_>) = facts
        .into_iter()
        .partition(|fact| matches!(fact.commit, Commit::Lie(_)));
    neighbours_first(&mut honest);
    let mut runs: Vec<Vec<Fact>> = Vec::new();
    for fact in honest {
        match runs.last_mut() {
            Some(run) if run[0].commit == fact.commit => run.push(fact),
            _ => runs.push(vec![fact]),
        }
    }
    runs.extend(lies.into_iter().map(|lie| vec![lie]));
    let mut entries: Vec<Entry> = runs.iter().map(|run| entry_of(run, &built)).collect();
    let honest = entries
        .iter()
        .filter(|entry| !matches!(entry.commit, Commit::Lie(_)))
        .count();
    for index in 1..honest {
        let next = entries[index].time;
        entries[index - 1].until = (next.kind == TimeKind::Since).then_some(next.at);
    }
    for entry in &mut entries {
        entry.kept_by = entry
            .own_tag
            .clone()
            .or_else(|| kept.get(&entry.commit).cloned());
    }
    // Stable: entries of one time stay in the order found above.
    let mut order: Vec<(i64, usize)> = runs.iter().map(|run| run[0].at).zip(0..).collect();
    order.sort_unstable();
    let mut sorted: Vec<Option<Entry>> = entries.into_iter().map(Some).collect();
    let mut entries: Vec<Entry> = order
        .iter()
        .rev()
        .filter_map(|(_, index)| sorted[*index].take())
        .collect();
    entries.retain(|entry| entry.commit != Commit::Nothing);
    bring_active_first(&mut entries, active);
    entries
}

/// Puts the facts in order, each once, and joins what is known only by its 12 digits to the whole digest.
fn sort_facts(facts: BTreeSet<Fact>) -> Vec<Fact> {
    let whole: BTreeMap<String, Digest> = facts
        .iter()
        .rev()
        .filter_map(|fact| match &fact.commit {
            Commit::Whole(digest) => Some((digest.short().to_owned(), digest.clone())),
            _ => None,
        })
        .collect();
    let mut facts: Vec<Fact> = facts
        .into_iter()
        .map(|mut fact| {
            if let Commit::Start(start) = &fact.commit
                && let Some(digest) = whole.get(start)
            {
                fact.commit = Commit::Whole(digest.clone());
            }
            fact
        })
        .collect();
    // What this computer saw has an order even within one second; a commit tag of the same second takes its place in it.
    let mut orders: BTreeMap<(i64, Commit), i64> = BTreeMap::new();
    for fact in &facts {
        if let Some(order) = fact.order {
            let first = orders
                .entry((fact.at, fact.commit.clone()))
                .or_insert(order);
            *first = order.min(*first);
        }
    }
    for fact in &mut facts {
        fact.order = fact
            .order
            .or_else(|| orders.get(&(fact.at, fact.commit.clone())).copied());
    }
    facts.sort_by(|a, b| {
        (
            a.at,
            a.order.unwrap_or(i64::MAX),
            &a.commit,
            a.kind.rank(),
            &a.kind,
        )
            .cmp(&(
                b.at,
                b.order.unwrap_or(i64::MAX),
                &b.commit,
                b.kind.rank(),
                &b.kind,
            ))
    });
    facts.dedup();
    facts
}

/// Within one second, what only repeats the commit before it comes before what changes it: a commit tag of the second
/// in which the next push came tells of the commit that push displaced.
fn neighbours_first(facts: &mut [Fact]) {
    let mut start = 0;
    while let Some(first) = facts.get(start) {
        let at = first.at;
        let end = start + facts[start..].partition_point(|fact| fact.at == at);
        if start > 0 {
            let before = facts[start - 1].commit.clone();
            facts[start..end].sort_by_key(|fact| fact.order.is_some() || fact.commit != before);
        }
        start = end;
    }
}

/// The newest entry of the active commit comes first and is not over; the registry itself says so.
fn bring_active_first(entries: &mut [Entry], active: Option<&Digest>) {
    let Some(active) = active else { return };
    let Some(index) = entries
        .iter()
        .position(|entry| entry.commit == Commit::Whole(active.clone()))
    else {
        return;
    };
    entries[..=index].rotate_right(1);
    let entry = &mut entries[0];
    entry.active = true;
    entry.until = None;
    if !entry.sources.contains(&Source::Registry) {
        entry.sources.insert(0, Source::Registry);
    }
}
