//! Exports in any order, as often as one likes.

use super::*;
use crate::testing::{observed, place, place_at};
use proptest::prelude::*;

fn told(store: &Store) -> Vec<(Place, Record)> {
    store.records(None, None, 1000).unwrap()
}

/// Makes a record whose beginning follows from its key, as with a real period; how far it had come does not.
fn any_record() -> impl Strategy<Value = (Place, Record)> {
    (
        0_i64..4,
        0_u8..2,
        0_u8..2,
        0_u8..2,
        0_i64..20,
        prop::option::of(0_i64..5),
    )
        .prop_map(|(number, origin, tag, repository, length, ended)| {
            let first_seen = 100 + number * 50;
            let last_seen = first_seen + length;
            let record = Record {
                origin: format!("computer{origin}"),
                number,
                tag: format!("v{tag}"),
                digest: Digest::sha256_of(&[u8::try_from(number).unwrap(), origin, tag]),
                first_seen,
                last_seen,
                exact: number % 2 == 0,
                ended_at: ended.map(|after| last_seen + after),
                who: (number % 2 == 0).then(|| "ben".to_owned()),
            };
            (
                place_at("registry.example", &format!("lab/tool{repository}")),
                record,
            )
        })
}

proptest! {
    #[test]
    fn neither_order_nor_repetition_matters(records in prop::collection::vec(any_record(), 0..12), cut in 0_usize..12, turn in 0_usize..12) {
        let (one, other) = (Store::in_memory().unwrap(), Store::in_memory().unwrap());
        one.take_in("own", &records).unwrap();
        let mut turned = records.clone();
        turned.reverse();
        let turn = turn % turned.len().max(1);
        turned.rotate_left(turn);
        let (first, second) = turned.split_at(cut.min(turned.len()));
        other.take_in("own", second).unwrap();
        other.take_in("own", first).unwrap();
        prop_assert_eq!(told(&one), told(&other));
        let again = one.take_in("own", &records).unwrap();
        prop_assert!(again.iter().all(|taken| *taken == ImportOutcome::Known));
        prop_assert_eq!(told(&one), told(&other));
        // What went through another computer is the same facts, with the sources they had.
        let third = Store::in_memory().unwrap();
        third.take_in("third", &told(&one)).unwrap();
        prop_assert_eq!(told(&one), told(&third));
        // Nothing is lost but an end that a later sighting of the same period denies.
        for (place, record) in &records {
            let kept = third.imported(place, &record.tag).unwrap();
            prop_assert!(kept.iter().any(|kept| kept.origin == record.origin && kept.number == record.number
                && kept.digest == record.digest && kept.last_seen >= record.last_seen
                && (kept.ended_at >= record.ended_at || record.ended_at.is_some_and(|ended| kept.last_seen > ended))));
        }
    }
}

fn see(store: &Store, content: &str, at: i64) {
    let seen = crate::Observation {
        exact: true,
        who: Some("ana".into()),
        ..observed("v1", &Digest::sha256_of(content.as_bytes()), at)
    };
    store.observe(&place(), &seen).unwrap();
}

#[test]
fn ones_own_export_changes_nothing() {
    let store = Store::in_memory().unwrap();
    see(&store, "a", 10);
    let early = told(&store);
    see(&store, "b", 20);
    let before = told(&store);
    let own = store.origin().unwrap();
    for export in [&early, &before] {
        let taken = store.take_in(&own, export).unwrap();
        assert!(
            taken.iter().all(|taken| *taken == ImportOutcome::Known),
            "{taken:?}"
        );
    }
    assert_eq!(told(&store), before);
    assert!(store.all_imported(&place()).unwrap().is_empty());
    assert_eq!(store.origin().unwrap(), own);
}

#[test]
fn a_deletion_that_was_undone_is_undone_for_whoever_imported_it() {
    let digest = Digest::sha256_of(b"a");
    let home = Store::in_memory().unwrap();
    see(&home, "a", 10);
    home.add_tags(&place(), 0, &["v1".to_owned()]).unwrap();
    home.finish_tags(&place(), &[], 5).unwrap();
    home.finish_tags(&place(), &["v1".to_owned()], 20).unwrap();
    let ended = told(&home);
    home.resume(&place(), "v1", &digest).unwrap();
    see(&home, "a", 30);
    let resumed = told(&home);
    for exports in [[&ended, &resumed], [&resumed, &ended]] {
        let other = Store::in_memory().unwrap();
        for export in exports {
            other.take_in("other", export).unwrap();
        }
        let ends: Vec<_> = other
            .imported(&place(), "v1")
            .unwrap()
            .iter()
            .map(|kept| kept.ended_at)
            .collect();
        assert_eq!(ends, [None]);
        // One's own earlier export brings the end back neither.
        home.take_in(&home.origin().unwrap(), &ended).unwrap();
        assert!(home.all_imported(&place()).unwrap().is_empty());
    }
}

#[test]
fn what_a_data_folder_put_back_has_forgotten_comes_again() {
    let store = Store::in_memory().unwrap();
    see(&store, "a", 10);
    let earlier = told(&store);
    see(&store, "b", 20);
    let export = told(&store);
    // The same computer, as it was before it saw b.
    let restored = Store::in_memory().unwrap();
    restored
        .set_preference(ORIGIN, &store.origin().unwrap())
        .unwrap();
    see(&restored, "a", 10);
    assert_eq!(told(&restored), earlier);
    restored
        .take_in(&restored.origin().unwrap(), &export)
        .unwrap();
    let kept = restored.imported(&place(), "v1").unwrap();
    assert!(
        kept.iter()
            .any(|kept| kept.digest == Digest::sha256_of(b"b"))
    );
}

#[test]
fn another_commit_under_a_known_key_is_refused() {
    let store = Store::in_memory().unwrap();
    see(&store, "a", 10);
    let records = told(&store);
    let there = Store::in_memory().unwrap();
    there.take_in("there", &records).unwrap();
    let mut forged = records.clone();
    forged[0].1.digest = Digest::sha256_of(b"forged");
    assert_eq!(
        there.take_in("there", &forged).unwrap(),
        [ImportOutcome::Refused]
    );
    assert_eq!(told(&there), records);
}

#[test]
fn hostile_a_tag_takes_no_more_than_it_has_room_for_and_others_still_do() {
    let store = Store::in_memory().unwrap();
    let record = |number: i64, tag: &str| Record {
        origin: "other".into(),
        number,
        tag: tag.into(),
        digest: Digest::sha256_of(&number.to_be_bytes()),
        first_seen: number,
        last_seen: number,
        exact: false,
        ended_at: None,
        who: None,
    };
    let many: Vec<_> = (1..=i64::from(MOST_OF_TAG) + 5)
        .map(|number| (place(), record(number, "v1")))
        .collect();
    let full = |told: &[ImportOutcome]| {
        told.iter()
            .filter(|told| **told == ImportOutcome::Full)
            .count()
    };
    assert_eq!(full(&store.take_in("own", &many).unwrap()), 5);
    assert_eq!(
        full(&store.take_in("own", &many).unwrap()),
        5,
        "again the same"
    );
    let grown = Record {
        last_seen: 9,
        ..record(3, "v1")
    };
    let told = store
        .take_in("own", &[(place(), grown), (place(), record(1, "v2"))])
        .unwrap();
    assert_eq!(
        told,
        [ImportOutcome::New; 2],
        "what is known grows, and another tag has its own room"
    );
}
