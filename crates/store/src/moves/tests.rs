//! Moves: what is one, what is told and answered, and what is rescued.

use super::*;
use crate::testing::{observed, place, with_account};

const KEPT: &str =
    "_h.v1.20261121t020900z-2e04bfa1e5762e04bfa1e5762e04bfa1e5762e04bfa1e5762e04bfa1e5762e04";

fn see(store: &Store, tag: &str, content: &str, at: i64, exact: bool) -> Option<i64> {
    let seen = Observation {
        exact,
        ..observed(tag, &digest(content), at)
    };
    store.observe_move(&place(), &seen).unwrap().moved
}

fn digest(content: &str) -> Digest {
    Digest::sha256_of(content.as_bytes())
}

#[test]
fn only_what_others_changed_is_a_move() {
    let (store, account) = with_account();
    assert_eq!(
        see(&store, "v1", "a", 10, false),
        None,
        "the first thing ever seen"
    );
    assert_eq!(see(&store, "v1", "a", 20, false), None);
    assert_eq!(see(&store, "v1", "b", 30, true), None, "done here");
    let moved = see(&store, "v1", "c", 40, false).unwrap();
    assert_eq!(see(&store, "v1", "c", 50, false), None, "once a change");
    let open = store.open_moves(&place(), 10).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(
        (open[0].id, &open[0].old, open[0].new.as_ref(), open[0].at),
        (moved, &digest("b"), Some(&digest("c")), 40)
    );
    for not_a_tag in ["_about", KEPT] {
        see(&store, not_a_tag, "a", 10, false);
        assert_eq!(see(&store, not_a_tag, "b", 20, false), None);
    }
    assert_eq!(
        store.moved_tags(&place()).unwrap(),
        HashMap::from([("v1".to_owned(), 40)])
    );
    store
        .add_repositories(account, &["lab/tool".into()])
        .unwrap();
    let moved_at = || {
        store
            .marks(account)
            .unwrap()
            .first()
            .and_then(|mark| mark.moved_at)
    };
    assert_eq!(moved_at(), None, "not watched");
    store.add_watch(&place(), Some("v1"), account, 60).unwrap();
    assert_eq!(moved_at(), Some(40));
    assert!(store.look_at_moves(&place(), 70).unwrap());
    assert!(!store.look_at_moves(&place(), 71).unwrap());
    assert_eq!(moved_at(), None);
}

#[test]
fn a_commit_that_is_back_needs_no_answer() {
    let (store, _) = with_account();
    see(&store, "v1", "a", 10, false);
    let first = see(&store, "v1", "b", 20, false).unwrap();
    see(&store, "v1", "a", 30, true);
    assert!(store.open_moves(&place(), 10).unwrap().is_empty());
    let (_, found) = store.find_move(first).unwrap().unwrap();
    assert_eq!(found.answered.as_deref(), Some("back"));
}

#[test]
fn what_was_noticed_before_it_was_recorded_as_done_here_is_forgotten() {
    let (store, _) = with_account();
    see(&store, "v1", "a", 10, false);
    assert!(see(&store, "v1", "b", 20, false).is_some());
    see(&store, "v1", "b", 20, true);
    assert!(store.open_moves(&place(), 10).unwrap().is_empty());
}

#[test]
fn a_deleted_tag_is_one_move_and_its_return_none() {
    let (store, _) = with_account();
    store
        .add_tags(&place(), 0, &["v1".into(), "v2".into()])
        .unwrap();
    see(&store, "v1", "a", 10, false);
    store
        .finish_tags(&place(), &["v1".into(), "v2".into()], 20)
        .unwrap();
    store.finish_tags(&place(), &["v1".into()], 30).unwrap();
    let open = store.open_moves(&place(), 10).unwrap();
    assert_eq!(open.len(), 1, "v2 was never seen: {open:?}");
    assert_eq!((open[0].new.as_ref(), open[0].at), (None, 20));
    assert_eq!(see(&store, "v1", "b", 40, false), None);
    assert_eq!(see(&store, "v1", "c", 50, false).map(|_| ()), Some(()));
}

#[test]
fn a_rescue_is_ordered_once_a_move_and_anew_where_the_commit_is_displaced_again() {
    let (store, _) = with_account();
    see(&store, "v1", "a", 10, false);
    let first = see(&store, "v1", "b", 20, false).unwrap();
    assert!(store.order_rescue(first).unwrap());
    assert!(!store.order_rescue(first).unwrap());
    assert!(store.end_rescue(first, None).unwrap());
    assert!(!store.end_rescue(first, None).unwrap());
    assert!(!store.order_rescue(first).unwrap());
    // What kept it may be gone by now: that is for whoever carries it out to ask.
    see(&store, "v1", "a", 30, false).unwrap();
    let again = see(&store, "v1", "b", 40, false).unwrap();
    assert!(store.order_rescue(again).unwrap());
    let waiting: Vec<i64> = store
        .to_rescue(&place(), 10)
        .unwrap()
        .iter()
        .map(|moved| moved.id)
        .collect();
    assert_eq!(waiting, [again]);
    // While it waits, and once it is over, the same move is not ordered a second time.
    assert!(!store.order_rescue(again).unwrap());
    assert!(store.end_rescue(again, None).unwrap());
    assert!(!store.order_rescue(again).unwrap());
    assert!(store.to_rescue(&place(), 10).unwrap().is_empty());
    assert!(store.tell_move(again).unwrap());
    assert!(!store.tell_move(again).unwrap());
}

#[test]
fn a_place_is_to_rescue_once_and_as_long_as_an_open_move_waits_there() {
    let (store, _) = with_account();
    let elsewhere = Place {
        repository: oci::RepositoryName::parse("lab/other").unwrap(),
        ..place()
    };
    let move_at = |place: &Place, tag: &str| {
        let observed = |content, at| observed(tag, &digest(content), at);
        store.observe_move(place, &observed("a", 10)).unwrap();
        let news = store.observe_move(place, &observed("b", 20)).unwrap();
        news.moved.unwrap()
    };
    let places = || {
        let mut places = store.places_to_rescue().unwrap();
        places.sort();
        places
    };
    let (one, two) = (move_at(&place(), "v1"), move_at(&place(), "v2"));
    let other = move_at(&elsewhere, "v1");
    assert!(places().is_empty(), "nothing is ordered yet");
    for id in [one, two, other] {
        assert!(store.order_rescue(id).unwrap());
    }
    assert_eq!(places(), [elsewhere.clone(), place()]);
    store.end_rescue(one, None).unwrap();
    store.end_rescue(other, None).unwrap();
    assert_eq!(places(), [place()], "v2 still waits there");
    // The person's answer comes first: nothing is kept for a move that was answered.
    store.answer_move(two, "dismissed").unwrap();
    assert!(places().is_empty());
}

#[test]
fn what_others_did_long_before_stays_when_the_same_is_done_here() {
    let (store, _) = with_account();
    see(&store, "v1", "a", 10, false);
    see(&store, "v1", "b", 20, false);
    see(&store, "v1", "b", 3000, true);
    assert_eq!(store.open_moves(&place(), 10).unwrap().len(), 1);
}

#[test]
fn what_is_deleted_here_is_nobody_elses_move() {
    let (store, _) = with_account();
    see(&store, "v1", "a", 10, false);
    // A refresh finds it gone before the deletion is recorded.
    assert!(store.missed_tag(&place(), "v1", 20).unwrap().is_some());
    store
        .change_tag(&place(), "v1", &crate::TagChange::Gone(21))
        .unwrap();
    assert!(store.open_moves(&place(), 10).unwrap().is_empty());
    assert_eq!(store.missed_tag(&place(), "v1", 30).unwrap(), None);
}

#[test]
fn why_a_commit_could_not_be_kept_is_remembered_until_it_is() {
    let (store, _) = with_account();
    see(&store, "v1", "a", 10, false);
    let moved = see(&store, "v1", "b", 20, false).unwrap();
    assert!(store.order_rescue(moved).unwrap());
    let stands = || {
        let (_, moved) = store.find_move(moved).unwrap().unwrap();
        (moved.to_rescue, moved.trouble)
    };
    store.delay_rescue(moved, "later").unwrap();
    assert_eq!(stands(), (true, Some("later".into())));
    assert!(store.end_rescue(moved, Some("never")).unwrap());
    assert_eq!(stands(), (false, Some("never".into())));
    // What is over is over.
    store.delay_rescue(moved, "again").unwrap();
    assert!(!store.end_rescue(moved, None).unwrap());
    assert_eq!(stands(), (false, Some("never".into())));
    // Once it is kept there is no trouble left.
    see(&store, "v2", "a", 10, false);
    let other = see(&store, "v2", "b", 20, false).unwrap();
    assert!(store.order_rescue(other).unwrap());
    store.delay_rescue(other, "later").unwrap();
    assert!(store.end_rescue(other, None).unwrap());
    assert_eq!(store.find_move(other).unwrap().unwrap().1.trouble, None);
}
