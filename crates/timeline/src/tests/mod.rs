//! What the merge promises: as cases people asked about, and as properties.

mod cases;
mod ends;
mod properties;

use super::*;
use oci::{Beginning, CommitTag, Digest};

fn digest(letter: u8) -> Digest {
    Digest::sha256_of(&[letter])
}

fn tag() -> oci::Tag {
    oci::Tag::parse("v1").unwrap()
}

fn name(letter: u8, at: i64) -> CommitTag {
    named(letter, at, Beginning::Since)
}

fn named(letter: u8, at: i64, beginning: Beginning) -> CommitTag {
    CommitTag::new(&tag(), oci::UtcSeconds(at), beginning, &digest(letter)).unwrap()
}

fn done(letter: u8, at: i64) -> Fact {
    Fact {
        at,
        commit: Commit::Whole(digest(letter)),
        kind: FactKind::DoneHere {
            who: Some("ana".into()),
        },
        order: Some(at),
    }
}

fn seen(letter: u8, at: i64, first: bool) -> Fact {
    Fact {
        at,
        commit: Commit::Whole(digest(letter)),
        kind: FactKind::SeenHere { first },
        order: Some(at),
    }
}

fn kept(letter: u8, at: i64) -> Fact {
    told_by(name(letter, at), Standing::Shown)
}

/// A commit tag of what was only noticed.
fn noticed(letter: u8, at: i64) -> Fact {
    told_by(named(letter, at, Beginning::Noticed), Standing::Shown)
}

/// A commit tag that nobody asked.
fn listed(letter: u8, at: i64) -> Fact {
    told_by(name(letter, at), Standing::Listed)
}

fn told_by(name: CommitTag, standing: Standing) -> Fact {
    Fact {
        at: name.at.0,
        commit: Commit::Start(name.digits.clone()),
        kind: FactKind::CommitTag { name, standing },
        order: None,
    }
}

/// What this computer saw from its first look to its last.
fn period(letter: u8, from: i64, to: i64) -> [Fact; 2] {
    let last = Fact {
        order: Some(from),
        ..seen(letter, to, false)
    };
    [seen(letter, from, false), last]
}

fn by_vendor(letter: u8, at: i64) -> Fact {
    Fact {
        at,
        commit: Commit::Whole(digest(letter)),
        kind: FactKind::Vendor { who: None },
        order: None,
    }
}

fn imported(letter: u8, at: i64, exact: bool) -> Fact {
    Fact {
        at,
        commit: Commit::Whole(digest(letter)),
        kind: FactKind::Imported {
            exact,
            first: false,
            who: exact.then(|| "ben".into()),
        },
        order: None,
    }
}

fn gone(at: i64) -> Fact {
    Fact {
        at,
        commit: Commit::Nothing,
        kind: FactKind::SeenHere { first: false },
        order: Some(at),
    }
}

fn merged(facts: &[Fact], active: Option<u8>) -> Vec<Entry> {
    merge(facts.iter().cloned(), active.map(digest).as_ref(), |_| None)
}

fn shorts(entries: &[Entry]) -> Vec<String> {
    entries
        .iter()
        .map(|entry| entry.short().to_owned())
        .collect()
}

fn expect(letters: &[u8]) -> Vec<String> {
    letters
        .iter()
        .map(|letter| digest(*letter).short().to_owned())
        .collect()
}
