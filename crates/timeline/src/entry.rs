//! One entry of a timeline, and what a run of neighbouring facts tells of it: when it began, by whose hand, and who
//! knows of it. Pure.
//!
//! Two questions, kept apart. *When did it begin?* is answered by those who made it so and by commit tags, the best
//! of them first, and by nobody who tells a beginning later than it was already seen. Where nobody can tell,
//! *by when was it so?* is answered by the earliest who saw it: a later sight contradicts no earlier one.

use crate::fact::{Age, Commit, Fact, FactKind, Person, Source, Standing, TimeFact, TimeKind};
use oci::{CommitTag, Digest};

/// So far apart (seconds) two tellers may put one event: a push and the commit tag written right after it.
const ONE_EVENT: i64 = 60;

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
    /// By when another, or nothing, was noticed in its place: it may have lost it earlier.
    pub over_by: Option<i64>,
    /// The commit tag written for this very entry, one that was shown before one that is only listed.
    pub own_tag: Option<CommitTag>,
    /// The commit tag that keeps the commit, since the registry showed it: its own, else one of another entry of the same
    /// commit.
    pub kept_by: Option<CommitTag>,
    /// A commit tag that says it keeps the commit, where none is known to: nobody asked it.
    pub claimed_by: Option<CommitTag>,
    /// A commit tag alone says so, and this computer itself saw another commit there at that time.
    pub contradicted: bool,
    /// Who knows of it, best first.
    pub sources: Vec<Source>,
}

impl Entry {
    /// Returns the first 12 digits of the commit.
    pub fn short(&self) -> &str {
        match &self.commit {
            Commit::Whole(digest) => digest.short(),
            Commit::Nothing => "",
            Commit::Start(start) => start.get(..12).unwrap_or(start),
            Commit::Lie(tag) => tag.short(),
        }
    }
}

/// Makes an entry of one run of neighbouring facts of one commit: oldest first, never empty.
pub(crate) fn entry_of(run: &[Fact], aged: &impl Fn(&Digest) -> Option<Age>) -> Entry {
    let tag_that_is = |wanted: Standing| {
        run.iter().find_map(|fact| match &fact.kind {
            FactKind::CommitTag { name, standing } if *standing == wanted => Some(name.clone()),
            _ => None,
        })
    };
    let shown = tag_that_is(Standing::Shown).filter(|_| !matches!(run[0].commit, Commit::Lie(_)));
    let listed = tag_that_is(Standing::Listed);
    let time = time(run, aged);
    let mut sources: Vec<Source> = run.iter().map(|fact| fact.kind.source()).collect();
    if matches!(time.kind, TimeKind::Built | TimeKind::Pushed) {
        sources.push(time.source);
    }
    sources.sort_by_key(|source| match source {
        Source::Registry => 0,
        Source::CommitTag => 1,
        Source::SeenHere => 2,
        Source::Imported => 3,
        Source::ImageLabel => 4,
    });
    sources.dedup();
    Entry {
        commit: run[0].commit.clone(),
        active: false,
        time,
        by: by(run, time),
        until: None,
        over_by: None,
        own_tag: shown.clone().or_else(|| listed.clone()),
        kept_by: shown,
        claimed_by: listed,
        contradicted: false,
        sources,
    }
}

/// Since when, by the best who can tell.
fn time(run: &[Fact], aged: &impl Fn(&Digest) -> Option<Age>) -> TimeFact {
    let beginning = run
        .iter()
        .filter(|fact| believed(fact, run))
        .min_by_key(|fact| (fact.kind.rank(), fact.at));
    let Some(beginning) = beginning else {
        let noticed = run
            .iter()
            .filter(|fact| !fact.kind.began())
            .min_by_key(|fact| (fact.at, fact.kind.rank()));
        return unknown_beginning(noticed.unwrap_or(&run[0]), aged);
    };
    TimeFact {
        at: beginning.at,
        kind: TimeKind::Since,
        source: beginning.kind.source(),
        after: None,
    }
}

/// It tells a beginning, and nobody whose word counts had seen the commit before that. Another computer's sight is
/// no reason to doubt what was done here or what a commit tag tells.
fn believed(fact: &Fact, run: &[Fact]) -> bool {
    let imported = matches!(fact.kind, FactKind::Imported { .. });
    let doubts = |other: &Fact| match other.kind {
        FactKind::SeenHere { .. } => true,
        FactKind::Imported { exact, .. } => imported && !exact,
        _ => false,
    };
    fact.kind.began() && !run.iter().any(|other| other.at < fact.at && doubts(other))
}

/// Who made it so: whoever did it when it began.
fn by(run: &[Fact], time: TimeFact) -> Option<Person> {
    if time.kind != TimeKind::Since {
        return None;
    }
    run.iter()
        .filter(|fact| believed(fact, run) && fact.at.abs_diff(time.at) <= ONE_EVENT.unsigned_abs())
        .filter_map(|fact| Some((fact, fact.kind.who()?)))
        .min_by_key(|(fact, who)| (fact.kind.rank(), fact.at, *who))
        .map(|(fact, who)| Person {
            name: who.to_owned(),
            you: matches!(fact.kind, FactKind::DoneHere { .. }),
            source: fact.kind.source(),
        })
}

/// When it was noticed, or, where nothing at all had been seen of the tag before, when it was pushed or built.
fn unknown_beginning(fact: &Fact, aged: &impl Fn(&Digest) -> Option<Age>) -> TimeFact {
    let first = matches!(
        fact.kind,
        FactKind::SeenHere { first: true } | FactKind::Imported { first: true, .. }
    );
    if let (true, Commit::Whole(digest)) = (first, &fact.commit)
        && let Some(age) = aged(digest)
    {
        return age.time();
    }
    TimeFact {
        at: fact.at,
        kind: TimeKind::By,
        source: fact.kind.source(),
        after: None,
    }
}
