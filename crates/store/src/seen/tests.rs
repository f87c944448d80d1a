//! Periods, reach, and what stays after a restart or a removed account.

use super::*;
use crate::testing::{observed, place, with_account};

fn see(store: &Store, content: &str, at: i64, exact: bool) -> bool {
    let digest = Digest::sha256_of(content.as_bytes());
    store
        .observe(
            &place(),
            &Observation {
                exact,
                who: Some("ana".into()),
                ..observed("v1", &digest, at)
            },
        )
        .unwrap()
}

#[test]
fn a_b_a_is_three_periods() {
    let store = Store::in_memory().unwrap();
    assert!(see(&store, "a", 10, true));
    assert!(!see(&store, "a", 15, false));
    assert!(see(&store, "b", 20, false));
    assert!(see(&store, "a", 30, true));
    let periods = store.periods(&place(), "v1").unwrap();
    let told: Vec<_> = periods
        .iter()
        .map(|p| (p.first_seen, p.last_seen, p.exact, p.changed, p.ended_at))
        .collect();
    assert_eq!(
        told,
        [
            (10, 15, true, false, Some(20)),
            (20, 20, false, true, Some(30)),
            (30, 30, true, true, None)
        ]
    );
    let by: Vec<_> = periods.iter().map(|p| p.who.as_deref()).collect();
    assert_eq!(
        by,
        [Some("ana"), None, Some("ana")],
        "who only looks did nothing"
    );
}

#[test]
fn a_late_answer_is_no_news() {
    let store = Store::in_memory().unwrap();
    see(&store, "b", 20, false);
    assert!(!see(&store, "a", 19, false));
    assert_eq!(store.periods(&place(), "v1").unwrap().len(), 1);
}

#[test]
fn a_tag_that_is_no_longer_listed_ends_and_keeps_its_row() {
    let store = Store::in_memory().unwrap();
    let names = ["v1".to_owned(), "v2".to_owned()];
    store.add_tags(&place(), 0, &names).unwrap();
    store.finish_tags(&place(), &[], 5).unwrap();
    see(&store, "a", 10, false);
    store.finish_tags(&place(), &names[..1], 50).unwrap();
    store.finish_tags(&place(), &names[..1], 60).unwrap();
    let (tags, at) = store.tags(&place()).unwrap();
    assert_eq!(at, Some(60));
    assert_eq!(
        tags.iter()
            .map(|t| (t.name.as_str(), t.deleted_at))
            .collect::<Vec<_>>(),
        [("v1", Some(50)), ("v2", None)]
    );
    assert_eq!(store.periods(&place(), "v1").unwrap()[0].ended_at, Some(50));
    // It comes back: another period.
    store.add_tags(&place(), 0, &names).unwrap();
    assert!(see(&store, "a", 70, false));
    assert_eq!(store.periods(&place(), "v1").unwrap().len(), 2);
}

#[test]
fn gone_since_is_the_first_time() {
    let store = Store::in_memory().unwrap();
    let digest = Digest::sha256_of(b"a");
    for (at, there) in [(10, true), (20, false), (30, false)] {
        store.set_reach(&place(), &digest, at, there).unwrap();
    }
    assert_eq!(
        store.reaches(&place(), [&digest]).unwrap()[&digest],
        ReachRecord {
            asked_at: 30,
            gone_since: Some(20),
            lacks: false,
            restorable_until: None,
        }
    );
    store.set_reach(&place(), &digest, 40, true).unwrap();
    assert_eq!(
        store.reaches(&place(), [&digest]).unwrap()[&digest],
        ReachRecord {
            asked_at: 40,
            gone_since: None,
            lacks: false,
            restorable_until: None,
        }
    );
}

#[test]
fn everything_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("longshore.db");
    {
        let store = Store::open(&file).unwrap();
        see(&store, "a", 10, true);
        store
            .add_account(&crate::NewAccount {
                host: place().host,
                scheme: "https".into(),
                user: Some("ana".into()),
                state: "keychain".into(),
                ways: None,
                source: None,
                connection: None,
                namespace: None,
            })
            .unwrap();
        store.set_keep_rule(&place(), "off").unwrap();
    }
    let store = Store::open(&file).unwrap();
    // Whoever writes, it is another version then; and who only reads makes none.
    let version = store.version().unwrap();
    assert_eq!(store.periods(&place(), "v1").unwrap().len(), 1);
    assert_eq!(store.version().unwrap(), version);
    see(&Store::open(&file).unwrap(), "b", 20, true);
    let later = store.version().unwrap();
    assert_ne!(later, version);
    see(&store, "c", 30, true);
    assert_ne!(store.version().unwrap(), later);
    assert_eq!(store.accounts().unwrap()[0].user.as_deref(), Some("ana"));
    assert_eq!(store.keeping(&place()).unwrap().unwrap().rule, "off");
    assert_eq!(
        store.whereabouts(&Digest::sha256_of(b"a")).unwrap(),
        [(place(), "v1".to_owned())]
    );
}

#[test]
fn a_removed_account_takes_its_lists_and_leaves_what_was_seen() {
    let (store, id) = with_account();
    store
        .finish_repositories(id, &["lab/tool".into()], 1)
        .unwrap();
    store.add_tags(&place(), 0, &["v1".into()]).unwrap();
    see(&store, "a", 10, true);
    store.remove_account(id).unwrap();
    assert!(store.repositories(id).unwrap().0.is_empty());
    assert!(store.tags(&place()).unwrap().0.is_empty());
    assert_eq!(store.periods(&place(), "v1").unwrap().len(), 1);
}

#[test]
fn what_this_computer_undid_leaves_one_period() {
    let store = Store::in_memory().unwrap();
    see(&store, "a", 10, true);
    let digest = Digest::sha256_of(b"a");
    store.add_tags(&place(), 0, &["v1".to_owned()]).unwrap();
    store.finish_tags(&place(), &[], 5).unwrap();
    store.finish_tags(&place(), &["v1".to_owned()], 20).unwrap();
    assert!(store.periods(&place(), "v1").unwrap()[0].ended_at.is_some());
    store
        .resume(&place(), "v1", &Digest::sha256_of(b"b"))
        .unwrap();
    assert!(
        store.periods(&place(), "v1").unwrap()[0].ended_at.is_some(),
        "another commit resumes nothing"
    );
    store.resume(&place(), "v1", &digest).unwrap();
    see(&store, "a", 30, true);
    let periods = store.periods(&place(), "v1").unwrap();
    let told: Vec<_> = periods
        .iter()
        .map(|p| (p.first_seen, p.last_seen, p.ended_at))
        .collect();
    assert_eq!(told, [(10, 30, None)]);
}
