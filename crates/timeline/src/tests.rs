//! What the merge promises, as properties and as the cases people asked about.

use super::*;
use oci::{CommitTag, Digest};
use proptest::prelude::*;

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

#[test]
fn a_b_a_is_three_entries() {
    let entries = merged(&[done(1, 10), done(2, 20), done(1, 30)], Some(1));
    assert_eq!(shorts(&entries), expect(&[1, 2, 1]));
    assert_eq!(
        entries
            .iter()
            .map(|e| (e.active, e.time.at, e.until))
            .collect::<Vec<_>>(),
        [
            (true, 30, None),
            (false, 20, Some(30)),
            (false, 10, Some(20)),
        ]
    );
}

#[test]
fn a_b_a_within_one_second_is_three_entries() {
    let at = |letter, order| Fact {
        order: Some(order),
        ..done(letter, 10)
    };
    let entries = merged(
        &[at(1, 1), at(2, 2), at(1, 3), kept(1, 10), kept(2, 10)],
        Some(1),
    );
    assert_eq!(shorts(&entries), expect(&[1, 2, 1]));
}

#[test]
fn two_commit_tags_of_one_event_are_one_entry() {
    let entries = merged(&[kept(1, 10), kept(1, 12), kept(2, 20)], None);
    assert_eq!(shorts(&entries), expect(&[2, 1]));
    assert_eq!(entries[1].own_tag, Some(name(1, 10)));
    assert_eq!(
        (entries[1].time.at, entries[1].time.kind),
        (10, TimeKind::Since)
    );
}

#[test]
fn what_was_done_here_beats_a_commit_tag_and_that_what_was_noticed() {
    let entries = merged(&[seen(1, 15, false), kept(1, 12), done(1, 11)], Some(1));
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 11,
            kind: TimeKind::Since,
            source: Source::SeenHere
        }
    );
    let entries = merged(&[seen(1, 15, false), kept(1, 12)], Some(1));
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 12,
            kind: TimeKind::Since,
            source: Source::CommitTag
        }
    );
    assert_eq!(
        entries[0].sources,
        [Source::Registry, Source::CommitTag, Source::SeenHere]
    );
}

#[test]
fn a_claim_later_than_what_was_seen_is_not_believed() {
    let entries = merged(&[seen(1, 10, false), kept(1, 12)], None);
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 10,
            kind: TimeKind::By,
            source: Source::SeenHere
        }
    );
}

#[test]
fn a_commit_tag_written_from_what_was_noticed_claims_no_more() {
    let entries = merged(&[seen(1, 10, true), kept(1, 10)], None);
    assert_eq!(
        (entries[0].time.at, entries[0].time.kind),
        (10, TimeKind::By)
    );
}

#[test]
fn the_first_one_ever_seen_is_told_as_built() {
    let entries = merge([seen(1, 10, true)], Some(&digest(1)), |_| Some(3));
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 3,
            kind: TimeKind::Built,
            source: Source::ImageLabel
        }
    );
    let entries = merge(
        [seen(1, 10, true), seen(2, 20, false)],
        Some(&digest(2)),
        |_| Some(3),
    );
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 20,
            kind: TimeKind::By,
            source: Source::SeenHere
        }
    );
}

#[test]
fn a_lying_commit_tag_stands_alone_and_keeps_nothing() {
    let lie = Fact {
        commit: Commit::Lie(name(1, 20)),
        ..kept(1, 20)
    };
    let entries = merged(&[done(1, 10), seen(1, 30, false), lie], Some(1));
    assert_eq!(shorts(&entries), expect(&[1, 1]));
    assert!(matches!(entries[1].commit, Commit::Lie(_)));
    assert_eq!(entries[0].kept_by, None);
}

#[test]
fn a_commit_is_kept_by_the_tag_of_its_other_entry() {
    let entries = merged(&[kept(1, 10), done(2, 20), done(1, 30)], Some(1));
    assert_eq!(
        (&entries[0].own_tag, &entries[0].kept_by),
        (&None, &Some(name(1, 10)))
    );
}

#[test]
fn a_commit_tag_that_was_removed_still_tells_but_keeps_nothing() {
    let removed = Fact {
        kind: FactKind::CommitTag {
            name: name(1, 10),
            there: false,
        },
        ..kept(1, 10)
    };
    let entries = merged(&[removed, done(2, 20)], Some(2));
    assert_eq!(shorts(&entries), expect(&[2, 1]));
    assert_eq!(
        (entries[1].time.at, &entries[1].own_tag, &entries[1].kept_by),
        (10, &None, &None)
    );
}

#[test]
fn a_deleted_tag_parts_what_was_before_from_what_comes_after() {
    let entries = merged(&[done(1, 10), gone(20), done(1, 30)], Some(1));
    assert_eq!(shorts(&entries), expect(&[1, 1]));
    let entries = merged(&[done(1, 10), gone(20)], None);
    assert_eq!(shorts(&entries), expect(&[1]));
    assert!(!entries[0].active);
}

#[test]
fn the_active_one_comes_first_whatever_a_clock_said() {
    let entries = merged(&[done(1, 10), kept(2, 99)], Some(1));
    assert_eq!(shorts(&entries), expect(&[1, 2]));
    assert!(entries[0].active && !entries[1].active);
}

#[test]
fn who_pushed_is_told_with_their_source() {
    let mine = merged(&[done(1, 10)], None).remove(0).by.unwrap();
    assert_eq!(
        (mine.name.as_str(), mine.you, mine.source),
        ("ana", true, Source::SeenHere)
    );
    let theirs = merged(&[imported(1, 10, true), seen(1, 30, false)], None).remove(0);
    assert_eq!(
        theirs.time,
        TimeFact {
            at: 10,
            kind: TimeKind::Since,
            source: Source::Imported
        }
    );
    let by = theirs.by.unwrap();
    assert_eq!(
        (by.name.as_str(), by.you, by.source),
        ("ben", false, Source::Imported)
    );
    // Someone who pushed the same once more, when it was there already, did not make it so.
    assert_eq!(
        merged(&[seen(1, 10, false), imported(1, 30, true)], None)[0].by,
        None
    );
    assert_eq!(
        merged(&[kept(1, 10), imported(1, 3000, true)], None)[0].by,
        None
    );
}

#[test]
fn a_commit_tag_and_the_push_it_was_written_after_are_one_event() {
    let entries = merged(
        &[kept(1, 12), imported(1, 10, true), seen(1, 40, false)],
        None,
    );
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].time.at, entries[0].time.source),
        (12, Source::CommitTag)
    );
    assert_eq!(entries[0].by.as_ref().unwrap().name, "ben");
    assert_eq!(
        entries[0].sources,
        [Source::CommitTag, Source::SeenHere, Source::Imported]
    );
}

#[test]
fn what_another_computer_saw_earlier_says_by_when() {
    let entries = merged(&[seen(1, 30, true), imported(1, 10, false)], Some(1));
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 10,
            kind: TimeKind::By,
            source: Source::Imported
        }
    );
    // It doubts nothing that was done here.
    let entries = merged(&[done(1, 30), imported(1, 10, false)], Some(1));
    assert_eq!(
        (entries[0].time.at, entries[0].time.kind),
        (30, TimeKind::Since)
    );
}

#[test]
fn what_another_computer_saw_in_between_parts_two_entries() {
    let entries = merged(
        &[done(1, 10), imported(2, 20, false), seen(1, 30, false)],
        Some(1),
    );
    assert_eq!(shorts(&entries), expect(&[1, 2, 1]));
}

#[test]
fn the_commit_tags_of_two_computers_for_one_event_are_one_entry() {
    // One pushed it, the other noticed it a few seconds later; both kept it before they moved the tag.
    let facts = [kept(1, 100), kept(1, 104), kept(2, 200), done(3, 300)];
    let entries = merged(&facts, Some(3));
    assert_eq!(shorts(&entries), expect(&[3, 2, 1]));
    assert_eq!(
        (entries[2].time.at, entries[2].own_tag.clone()),
        (100, Some(name(1, 100)))
    );
}

#[test]
fn a_commit_tag_of_the_second_in_which_the_next_push_came_makes_no_entry() {
    for (old, new) in [(1, 2), (2, 1)] {
        let entries = merged(&[done(old, 100), kept(old, 103), done(new, 103)], Some(new));
        assert_eq!(shorts(&entries), expect(&[new, old]));
    }
}

prop_compose! {
    fn any_fact()(letter in 1u8..5, at in 0i64..12, kind in 0u8..7) -> Fact {
        match kind {
            0 => done(letter, at),
            1 => seen(letter, at, false),
            2 => kept(letter, at),
            3 => imported(letter, at, true),
            4 => imported(letter, at, false),
            5 => seen(letter, at, true),
            _ => Fact { commit: Commit::Whole(digest(letter)), ..kept(letter, at) },
        }
    }
}

proptest! {
    #[test]
    fn the_order_of_sources_does_not_matter(facts in prop::collection::vec(any_fact(), 0..12), seed in any::<u64>()) {
        let mut other = facts.clone();
        let mut state = seed | 1;
        for index in (1..other.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            other.swap(index, usize::try_from(state >> 33).unwrap() % (index + 1));
        }
        prop_assert_eq!(merged(&facts, Some(1)), merged(&other, Some(1)));
    }

    #[test]
    fn merging_twice_changes_nothing(facts in prop::collection::vec(any_fact(), 0..12)) {
        let twice: Vec<Fact> = facts.iter().chain(&facts).cloned().collect();
        prop_assert_eq!(merged(&facts, Some(2)), merged(&twice, Some(2)));
    }

    #[test]
    fn no_digest_is_ever_dropped_and_none_invented(facts in prop::collection::vec(any_fact(), 0..12)) {
        let told: std::collections::BTreeSet<String> = merged(&facts, None).iter().map(|e| e.short().to_owned()).collect();
        let given: std::collections::BTreeSet<String> = facts.iter().map(|fact| match &fact.commit {
            Commit::Whole(digest) => digest.short().to_owned(),
            Commit::Start(start) => start.clone(),
            _ => unreachable!(),
        }).collect();
        prop_assert_eq!(told, given);
    }

    #[test]
    fn neighbours_differ_and_at_most_one_is_active(facts in prop::collection::vec(any_fact(), 0..12), active in 1u8..5) {
        let entries = merged(&facts, None);
        prop_assert!(entries.windows(2).all(|pair| pair[0].commit != pair[1].commit));
        prop_assert!(merged(&facts, Some(active)).iter().skip(1).all(|entry| !entry.active));
    }

    #[test]
    fn every_time_is_one_that_was_told_of_this_very_commit(facts in prop::collection::vec(any_fact(), 0..12)) {
        let built = |digest: &Digest| i64::from(digest.as_str().ends_with(|c: char| c.is_ascii_digit())) * 1000;
        for entry in merge(facts.clone(), None, |digest| Some(built(digest))) {
            let told = facts.iter().any(|fact| {
                let same = match &fact.commit {
                    Commit::Whole(digest) => digest.short() == entry.short(),
                    Commit::Start(start) => start == entry.short(),
                    _ => false,
                };
                same && fact.at == entry.time.at && fact.kind.source() == entry.time.source
            });
            match (&entry.time.kind, &entry.commit) {
                (TimeKind::Built, Commit::Whole(digest)) => prop_assert_eq!(entry.time.at, built(digest)),
                (TimeKind::Built, _) => prop_assert!(false, "built by nobody"),
                _ => prop_assert!(told, "{:?} of {:?}", entry.time, facts),
            }
        }
    }

    #[test]
    fn facts_of_a_better_source_win(facts in prop::collection::vec(any_fact(), 1..12)) {
        // All of one commit, so that they are one entry.
        let facts: Vec<Fact> = facts.into_iter().map(|fact| {
            let commit = match &fact.commit {
                Commit::Start(_) => Commit::Start(digest(1).short().to_owned()),
                _ => Commit::Whole(digest(1)),
            };
            Fact { commit, ..fact }
        }).collect();
        let entries = merged(&facts, None);
        prop_assert_eq!(entries.len(), 1);
        let earliest = |wanted: fn(&FactKind) -> bool| facts.iter().filter(|fact| wanted(&fact.kind)).map(|fact| fact.at).min();
        let seen = earliest(|kind| matches!(kind, FactKind::SeenHere { .. }));
        let believed = |at: &i64| seen.is_none_or(|seen| *at <= seen);
        let done = earliest(|kind| matches!(kind, FactKind::DoneHere { .. })).filter(believed);
        let tag = earliest(|kind| matches!(kind, FactKind::CommitTag { .. })).filter(believed);
        let time = entries[0].time;
        match (done, tag) {
            (Some(at), _) => prop_assert_eq!((time.at, time.kind, time.source), (at, TimeKind::Since, Source::SeenHere)),
            (None, Some(at)) => prop_assert_eq!((time.at, time.source), (at, Source::CommitTag)),
            (None, None) => prop_assert!(time.source != Source::CommitTag),
        }
    }

    #[test]
    fn who_did_it_is_someone_who_said_so(facts in prop::collection::vec(any_fact(), 0..12)) {
        for entry in merged(&facts, Some(1)) {
            let short = entry.short().to_owned();
            let Some(by) = entry.by else { continue };
            prop_assert_eq!(entry.time.kind, TimeKind::Since);
            prop_assert_eq!(by.you, by.source == Source::SeenHere);
            prop_assert!(facts.iter().any(|fact| matches!(&fact.commit, Commit::Whole(digest) if digest.short() == short)
                && fact.kind.who() == Some(by.name.as_str()) && fact.kind.source() == by.source));
        }
    }
}
