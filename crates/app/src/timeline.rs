//! The timeline: facts from several sources in, one list of commits out. Pure.
//!
//! Every fact is an *observation*: at this time the tag pointed at this commit, and perhaps it began just
//! then. Put in order of time, neighbouring observations of one commit are one entry, however many sources
//! told them; another commit in between makes a second entry (A, B, A: three). So the order in which sources
//! are given can't matter, giving one twice changes nothing, and no commit is ever dropped.
//!
//! What one entry tells is worked out in [`telling`], how the tags of a repository stand beside each other in
//! [`lanes`]. Not here: I/O, words, what a row looks like. Grows by a [`Kind`] when a new source of facts appears
//! (a vendor's own history), never by a rule for one of them.

pub(crate) mod lanes;
mod telling;
#[cfg(test)]
mod tests;

use crate::view::browse::{Person, Source, TimeFact, TimeKind};
use oci::{CommitTag, Digest};
use std::collections::{BTreeMap, BTreeSet};

/// One fact about one tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// When the tag pointed at the commit (seconds, UTC).
    pub at: i64,
    /// Which commit.
    pub commit: Commit,
    /// Who says so, and how much is said.
    pub kind: Kind,
    /// Order of what this computer saw within one second; absent for other sources.
    pub order: Option<i64>,
}

/// A commit, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Commit {
    /// None: the tag was seen to be deleted. It parts what is before from what comes after, and is no entry.
    Nothing,
    /// Its digest.
    Whole(Digest),
    /// Only the 12 digits of a commit tag.
    Start(String),
    /// A commit tag that points at something else than it says: believed by nobody, shown as such.
    Lie(CommitTag),
}

/// Who says so, and how much is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// This computer made it so: it began then.
    DoneHere {
        /// The name of the sign-in it was done with.
        who: Option<String>,
    },
    /// A commit tag: it began then, somebody says. One that is no longer there still tells, but keeps nothing.
    CommitTag {
        /// The commit tag.
        name: CommitTag,
        /// The registry still has it.
        there: bool,
    },
    /// This computer saw it so; `first` where nothing had ever been seen of the tag before.
    SeenHere {
        /// Nothing had been seen of the tag before.
        first: bool,
    },
    /// Another computer says so: that it made it so (`exact`), or only that it saw it.
    Imported {
        /// It made it so itself: it began then, that computer says.
        exact: bool,
        /// It had seen nothing of the tag before.
        first: bool,
        /// The name of the sign-in it was done with there.
        who: Option<String>,
    },
}

impl Kind {
    fn source(&self) -> Source {
        match self {
            Self::CommitTag { .. } => Source::CommitTag,
            Self::DoneHere { .. } | Self::SeenHere { .. } => Source::SeenHere,
            Self::Imported { .. } => Source::Imported,
        }
    }

    /// Whose word counts most; lower is better.
    fn rank(&self) -> u8 {
        match self {
            Self::DoneHere { .. } => 0,
            Self::CommitTag { .. } => 1,
            Self::SeenHere { .. } => 2,
            Self::Imported { .. } => 3,
        }
    }

    /// It tells when it began, not just that it was so.
    fn began(&self) -> bool {
        matches!(
            self,
            Self::DoneHere { .. } | Self::CommitTag { .. } | Self::Imported { exact: true, .. }
        )
    }

    /// Who made it so.
    fn who(&self) -> Option<&str> {
        match self {
            Self::DoneHere { who } | Self::Imported { who, .. } => who.as_deref(),
            Self::CommitTag { .. } | Self::SeenHere { .. } => None,
        }
    }
}

/// One entry: a commit that was active for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which commit.
    pub commit: Commit,
    /// The tag points at it now.
    pub active: bool,
    /// Since when.
    pub time: TimeFact,
    /// Who made it active, where that is known.
    pub by: Option<Person>,
    /// When another took its place, where that is known and not just noticed.
    pub until: Option<i64>,
    /// The commit tag written for this very entry.
    pub own_tag: Option<CommitTag>,
    /// The commit tag that keeps the commit: its own, else one of another entry of the same commit.
    pub kept_by: Option<CommitTag>,
    /// Who knows of it, best first.
    pub sources: Vec<Source>,
}

impl Entry {
    /// First 12 digits.
    pub fn short(&self) -> &str {
        match &self.commit {
            Commit::Whole(digest) => digest.short(),
            Commit::Nothing => "",
            Commit::Start(start) => start,
            Commit::Lie(tag) => &tag.digest_start,
        }
    }
}

/// Merges all facts of one tag. `active` is what it points at now, as far as is known; `built` tells when an
/// image was built, for a commit of which nothing better is known. Newest first, the active one before all.
pub fn merge(
    facts: impl IntoIterator<Item = Fact>,
    active: Option<&Digest>,
    built: impl Fn(&Digest) -> Option<i64>,
) -> Vec<Entry> {
    let facts = settle(facts.into_iter().collect());
    let kept: BTreeMap<Commit, CommitTag> = facts
        .iter()
        .rev()
        .filter_map(|fact| match &fact.kind {
            Kind::CommitTag { name, there: true } if !matches!(fact.commit, Commit::Lie(_)) => {
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
    let mut entries: Vec<Entry> = runs.iter().map(|run| telling::entry(run, &built)).collect();
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
fn settle(facts: BTreeSet<Fact>) -> Vec<Fact> {
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
