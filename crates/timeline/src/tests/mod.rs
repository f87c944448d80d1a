//! What the merge promises: as cases people asked about, and as properties.

mod cases;
mod properties;

use super::*;
use oci::{CommitTag, Digest};

fn digest(letter: u8) -> Digest {
    Digest::sha256_of(&[letter])
}

fn tag() -> oci::Tag {
    oci::Tag::parse("v1").unwrap()
}

fn name(letter: u8, at: i64) -> CommitTag {
    CommitTag::new(&tag(), oci::UtcSeconds(at), &digest(letter)).unwrap()
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
    let name = name(letter, at);
    Fact {
        at,
        commit: Commit::Start(name.digest_start.clone()),
        kind: FactKind::CommitTag { name, there: true },
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
