//! The merge: facts of one tag in, its entries out.
//!
//! Every fact is an *observation*: at this time the tag pointed at this commit, and perhaps it began just
//! then. Put in order of time, neighbouring observations of one commit are one entry, however many sources
//! told them; another commit in between makes a second entry (A, B, A: three). So the order in which sources
//! are given can't matter, giving one twice changes nothing, and no commit is ever dropped.
//!
//! Whoever may push may plant a commit tag. So one that tells of a time at which this computer itself saw another commit
//! there changes nothing of what was seen: its claim stands beside it, as an entry of its own.
//!
//! Not here: what one entry tells (`entry`), and rules for one source alone.

use crate::entry::{Entry, entry_of};
use crate::fact::{Age, Commit, Fact, FactKind, Source, Standing, TimeKind};
use oci::{CommitTag, Digest};
use std::collections::{BTreeMap, BTreeSet};

/// Merges all facts of one tag. `active` is what it points at now, as far as is known; `aged` tells when a
/// commit was pushed or built, for one of which nothing better is known. Newest first, the active one before all.
pub fn merge(
    facts: impl IntoIterator<Item = Fact>,
    active: Option<&Digest>,
    aged: impl Fn(&Digest) -> Option<Age>,
) -> Vec<Entry> {
    let facts: BTreeSet<Fact> = facts.into_iter().collect();
    let periods = Period::all(&facts);
    let facts = sort_facts(facts, &periods);
    let shown = tags_that_are(&facts, Standing::Shown);
    let listed = tags_that_are(&facts, Standing::Listed);
    let (apart, mut honest): (Vec<_>, Vec<_>) = facts
        .into_iter()
        .partition(|fact| matches!(fact.commit, Commit::Lie(_)) || is_contradicted(fact, &periods));
    neighbours_first(&mut honest);
    let mut runs: Vec<Vec<Fact>> = Vec::new();
    for fact in honest {
        match runs.last_mut() {
            Some(run) if run[0].commit == fact.commit => run.push(fact),
            _ => runs.push(vec![fact]),
        }
    }
    let honest = runs.len();
    runs.extend(apart.into_iter().map(|fact| vec![fact]));
    let mut entries: Vec<Entry> = runs.iter().map(|run| entry_of(run, &aged)).collect();
    for index in 1..honest {
        let next = entries[index].time;
        entries[index - 1].until = (next.kind == TimeKind::Since).then_some(next.at);
        entries[index - 1].over_by = Some(runs[index][0].at);
        if next.kind == TimeKind::By {
            let last = runs[index - 1].last().map(|fact| fact.at);
            entries[index].time.after = last.filter(|last| *last <= next.at);
        }
    }
    for (index, entry) in entries.iter_mut().enumerate() {
        entry.contradicted = index >= honest && !matches!(entry.commit, Commit::Lie(_));
        let of = |tags: &BTreeMap<Commit, CommitTag>| tags.get(&entry.commit).cloned();
        entry.kept_by = entry.kept_by.take().or_else(|| of(&shown));
        entry.claimed_by = match entry.kept_by {
            Some(_) => None,
            None => entry.claimed_by.take().or_else(|| of(&listed)),
        };
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

/// Returns the earliest commit tag of each commit that stands so.
fn tags_that_are(facts: &[Fact], wanted: Standing) -> BTreeMap<Commit, CommitTag> {
    let tags = facts.iter().rev().filter_map(|fact| match &fact.kind {
        FactKind::CommitTag { name, standing } if *standing == wanted => {
            Some((fact.commit.clone(), name.clone()))
        }
        _ => None,
    });
    tags.filter(|(commit, _)| !matches!(commit, Commit::Lie(_)))
        .collect()
}

/// A time through which this computer saw one commit under the tag, from its first look to its last.
struct Period {
    from: i64,
    to: i64,
    order: i64,
    commit: Commit,
}

impl Period {
    /// Returns the periods there are in what this computer saw, oldest first. They never overlap.
    fn all(facts: &BTreeSet<Fact>) -> Vec<Self> {
        let mut times: BTreeMap<(i64, &Commit), (i64, i64)> = BTreeMap::new();
        for fact in facts {
            let seen = matches!(
                fact.kind,
                FactKind::DoneHere { .. } | FactKind::SeenHere { .. }
            );
            if let (true, Some(order)) = (seen, fact.order) {
                let (from, to) = times
                    .entry((order, &fact.commit))
                    .or_insert((fact.at, fact.at));
                *from = fact.at.min(*from);
                *to = fact.at.max(*to);
            }
        }
        let mut periods: Vec<Self> = times
            .into_iter()
            .map(|((order, commit), (from, to))| Self {
                from,
                to,
                order,
                commit: commit.clone(),
            })
            .collect();
        periods.sort_by_key(|period| (period.from, period.to, period.order));
        periods
    }
}

/// Tells whether a commit tag tells of a time within which this computer saw another commit. In the very second of a
/// first or a last look both may be true.
fn is_contradicted(fact: &Fact, periods: &[Period]) -> bool {
    if !matches!(fact.kind, FactKind::CommitTag { .. }) {
        return false;
    }
    let before = periods.partition_point(|period| period.from < fact.at);
    before.checked_sub(1).is_some_and(|last| {
        let period = &periods[last];
        fact.at < period.to && period.commit != fact.commit
    })
}

/// Puts the facts in order, each once, and joins what is known only by its first digits to the whole digest, where just
/// one has them.
fn sort_facts(facts: BTreeSet<Fact>, periods: &[Period]) -> Vec<Fact> {
    let whole: BTreeMap<String, Digest> = facts
        .iter()
        .filter_map(|fact| match &fact.commit {
            Commit::Whole(digest) => Some((digest.hex().to_owned(), digest.clone())),
            _ => None,
        })
        .collect();
    let of_start = |start: &String| {
        let mut those = whole
            .range(start.clone()..)
            .take_while(|(hex, _)| hex.starts_with(start));
        let (_, first) = those.next()?;
        those.next().is_none().then(|| first.clone())
    };
    let mut facts: Vec<Fact> = facts
        .into_iter()
        .map(|mut fact| {
            if let Commit::Start(start) = &fact.commit
                && let Some(digest) = of_start(start)
            {
                fact.commit = Commit::Whole(digest);
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
            .or_else(|| orders.get(&(fact.at, fact.commit.clone())).copied())
            .or_else(|| before_what_lasted(fact, periods));
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

/// Returns the place of a commit tag in the second in which a period of another commit began that lasted longer: before
/// it.
fn before_what_lasted(fact: &Fact, periods: &[Period]) -> Option<i64> {
    if !matches!(fact.kind, FactKind::CommitTag { .. }) {
        return None;
    }
    let first = periods.partition_point(|period| period.from < fact.at);
    periods[first..]
        .iter()
        .take_while(|period| period.from == fact.at)
        .find(|period| period.to > fact.at && period.commit != fact.commit)
        .map(|period| period.order - 1)
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
    entry.over_by = None;
    if !entry.sources.contains(&Source::Registry) {
        entry.sources.insert(0, Source::Registry);
    }
}
