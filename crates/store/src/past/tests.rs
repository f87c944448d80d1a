//! What of a told past is kept, and what counts as news.

use super::*;
use crate::testing::place;

fn digest(text: &str) -> Digest {
    Digest::sha256_of(text.as_bytes())
}

fn past(tag: &str, text: &str, began: i64, ended: Option<i64>) -> PastTag {
    PastTag {
        tag: tag.into(),
        digest: digest(text),
        began,
        ended,
        who: None,
        restorable_until: ended.map(|at| at + 100),
    }
}

#[test]
fn a_past_is_kept_once_and_its_end_is_learnt_later() {
    let store = Store::in_memory().unwrap();
    let first = [past("v1", "a", 10, Some(20)), past("v1", "b", 20, None)];
    assert_eq!(store.tell_past(&place(), &first, 25).unwrap(), 2);
    assert_eq!(store.tell_past(&place(), &first, 26).unwrap(), 0);
    let then = [past("v1", "b", 20, Some(30)), past("v1", "a", 30, None)];
    assert_eq!(store.tell_past(&place(), &then, 35).unwrap(), 2);
    let told = store.past_tags(&place(), None).unwrap();
    let [a, b] = first;
    let [b_over, a_again] = then;
    assert_ne!(b, b_over);
    assert_eq!(told["v1"], [a, b_over, a_again]);
    assert!(store.past_tags(&place(), Some(&["v2"])).unwrap().is_empty());
}

#[test]
fn of_a_long_past_the_latest_is_kept() {
    let store = Store::in_memory().unwrap();
    let count = MOST + 7;
    let all: Vec<PastTag> = (0..count)
        .map(|at| past("v1", &at.to_string(), at, Some(at + 1)))
        .collect();
    store.tell_past(&place(), &all, count).unwrap();
    let told = &store.past_tags(&place(), Some(&["v1"])).unwrap()["v1"];
    assert_eq!(told.len(), usize::try_from(MOST).unwrap() + 1);
    assert_eq!(told.last().unwrap().began, count - 1);
}

#[test]
fn commits_without_a_tag_are_those_of_the_last_list() {
    let store = Store::in_memory().unwrap();
    let one = |text: &str, pushed| Untagged {
        digest: digest(text),
        pushed,
        size: Some(7),
        platform: None,
        who: Some("ana".into()),
    };
    let both = [one("a", 10), one("b", 20)];
    assert!(store.set_untagged(&place(), &both, true, 30).unwrap());
    assert!(!store.set_untagged(&place(), &both, true, 31).unwrap());
    let told = store.untagged(&place()).unwrap();
    assert_eq!(told, [one("b", 20), one("a", 10)]);
    assert!(store.set_untagged(&place(), &both[..1], true, 32).unwrap());
    assert_eq!(store.untagged(&place()).unwrap(), [one("a", 10)]);
    // A list that broke off takes nothing away.
    let more = [one("c", 30)];
    assert!(store.set_untagged(&place(), &more, false, 33).unwrap());
    assert_eq!(
        store.untagged(&place()).unwrap(),
        [one("c", 30), one("a", 10)]
    );
}

#[test]
fn until_when_a_past_is_known_is_noted_for_each_tag_and_for_all() {
    let store = Store::in_memory().unwrap();
    let known = |tag| store.past_known_until(&place(), tag).unwrap();
    assert_eq!(known(Some("v1")), None);
    let walked = |walk, at| store.note_past_walk(&place(), &walk, at).unwrap();
    let v1 = || PastWalk::OfTag("v1".into());
    walked(v1(), 10);
    assert_eq!(
        (known(Some("v1")), known(Some("v2")), known(None)),
        (Some(10), None, None)
    );
    // One that told not all of it says nothing of a tag.
    walked(PastWalk::OfSome, 15);
    assert_eq!(
        (known(Some("v1")), known(Some("v2")), known(None)),
        (Some(10), None, Some(15))
    );
    walked(PastWalk::OfAll, 20);
    assert_eq!((known(Some("v1")), known(Some("v2"))), (Some(20), Some(20)));
    walked(v1(), 30);
    // Two walks may be on their way at once.
    walked(v1(), 25);
    assert_eq!((known(Some("v1")), known(None)), (Some(30), Some(20)));
    let told = [past("v1", "a", 10, Some(20))];
    store.tell_past(&place(), &told, 25).unwrap();
    assert_eq!(
        store.restorable_until(&place(), &digest("a")).unwrap(),
        Some(120)
    );
    assert_eq!(
        store.restorable_until(&place(), &digest("b")).unwrap(),
        None
    );
}
