//! What is kept of what was told, and what is left to be asked.

use super::*;
use crate::testing::{add_account, observed, place};

fn digest(text: &str) -> Digest {
    Digest::sha256_of(text.as_bytes())
}

fn told(tag: &str, text: &str, pushed: Option<i64>) -> ToldTag {
    ToldTag {
        tag: tag.into(),
        digest: digest(text),
        size: Some(7),
        platform: Some("linux/amd64".into()),
        pushed,
        exact: true,
        who: None,
    }
}

fn listing(names: &[&str]) -> Store {
    let store = Store::in_memory().unwrap();
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    store.add_tags(&place(), 0, &names).unwrap();
    store
}

#[test]
fn what_is_told_of_a_tag_is_as_if_it_had_been_looked_at() {
    let store = listing(&["v1", "v2"]);
    let taken = store.tell_tags(&place(), &[told("v1", "a", Some(50))], 100);
    assert_eq!(taken.unwrap().tags, ["v1"]);
    let (listed, _) = store.tags(&place()).unwrap();
    assert_eq!((listed[0].asked, listed[1].asked), (true, false));
    assert_eq!(listed[0].shown_at, Some(100));
    let periods = store.periods(&place(), "v1").unwrap();
    assert_eq!(
        (periods.len(), periods[0].first_seen, periods[0].exact),
        (1, 100, false)
    );
    let one = store.told_tags(&place(), Some(&["v1"])).unwrap();
    assert_eq!(one["v1"], told("v1", "a", Some(50)));
    let moments = store.told_moments(&place(), None).unwrap();
    assert_eq!(moments["v1"][0].began, 50);

    // Somebody moved it: a move, and both beginnings are known.
    let taken = store
        .tell_tags(&place(), &[told("v1", "b", Some(150))], 200)
        .unwrap();
    assert_eq!(taken.moved.len(), 1);
    assert_eq!(store.told_moments(&place(), None).unwrap()["v1"].len(), 2);
}

#[test]
fn what_is_known_better_here_is_left_to_be_asked() {
    let store = listing(&["v1", "v2", "v3"]);
    for tag in ["v1", "v2", "v3"] {
        store
            .observe(&place(), &observed(tag, &digest("new"), 100))
            .unwrap();
    }
    store.missed_tag(&place(), "v3", 120).unwrap();
    let page = [
        // An old word, one without a time, and one of a tag that was found gone.
        told("v1", "old", Some(90)),
        told("v2", "old", None),
        told("v3", "old", Some(110)),
        told("unlisted", "a", Some(110)),
    ];
    let taken = store.tell_tags(&place(), &page, 200).unwrap();
    assert_eq!(taken, Taken::default());
    // What was seen after the page was asked for is later than anything it says.
    let late = store.tell_tags(&place(), &[told("v1", "other", Some(99))], 99);
    assert_eq!(late.unwrap(), Taken::default());
    assert!(store.told_tags(&place(), None).unwrap().is_empty());
    assert_eq!(store.periods(&place(), "v1").unwrap().len(), 1);
    // The same is no contradiction, whenever it was pushed.
    let same = store
        .tell_tags(&place(), &[told("v1", "new", None)], 200)
        .unwrap();
    assert_eq!((same.tags.len(), same.moved.len()), (1, 0));
}

#[test]
fn what_was_not_told_of_an_image_is_not_made_up() {
    let store = listing(&["v1"]);
    let one = ToldTag {
        size: None,
        platform: None,
        ..told("v1", "a", Some(50))
    };
    store
        .tell_tags(&place(), std::slice::from_ref(&one), 100)
        .unwrap();
    assert_eq!(store.told_tags(&place(), None).unwrap()["v1"], one);
}

#[test]
fn a_commit_tag_has_no_timeline_and_moments_are_bounded() {
    let name = format!("{}v1.20261121t020900z-{}", oci::PREFIX, digest("a").hex());
    let name = name.as_str();
    let store = listing(&[name, "v1"]);
    store
        .tell_tags(&place(), &[told(name, "a", Some(5))], 10)
        .unwrap();
    assert!(store.periods(&place(), name).unwrap().is_empty());
    store
        .lock()
        .execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
             INSERT INTO told_moments(place, tag, digest, began, at)
               SELECT p.id, 'old', ?1, i, 1 FROM n, places p",
            [digest("x").as_str()],
        )
        .unwrap();
    store
        .tell_tags(&place(), &[told("v1", "b", Some(9000))], 9001)
        .unwrap();
    let kept: usize = store
        .told_moments(&place(), None)
        .unwrap()
        .values()
        .map(Vec::len)
        .sum();
    assert!(kept <= 5001, "{kept}");
    store.finish_tags(&place(), &[], 9002).unwrap();
    store
        .lock()
        .execute("DELETE FROM tags WHERE name = 'v1'", ())
        .unwrap();
    store.forget_untold(&place()).unwrap();
    assert_eq!(store.told_tags(&place(), None).unwrap().len(), 1);
}

#[test]
fn what_was_told_of_a_repository_shows_and_goes_with_a_list_that_lacks_it() {
    let store = Store::in_memory().unwrap();
    let id = add_account(&store, &place().host);
    let one = |name: &str, text: &str| ToldRepository {
        name: name.into(),
        id: None,
        description: Some(text.into()),
        created: None,
        created_by: None,
        updated: Some(5),
        tags: Some(3),
        private: None,
    };
    store
        .add_repositories(id, &["lab/tool".into(), "lab/other".into()])
        .unwrap();
    store
        .tell_repositories(id, &[one("lab/tool", "A tool.")], 10)
        .unwrap();
    store
        .tell_repositories(id + 1, &[one("lab/tool", "x")], 10)
        .unwrap();
    let marks = store.marks(id).unwrap();
    assert_eq!(marks.len(), 1);
    assert_eq!(marks[0].told.as_deref(), Some("A tool."));
    store.forget_told_before(id, 10).unwrap();
    assert_eq!(store.marks(id).unwrap().len(), 1);
    store.forget_told_before(id, 11).unwrap();
    assert!(store.marks(id).unwrap().is_empty());
}

#[test]
fn a_vendor_that_was_chosen_outlives_a_sign_in() {
    let store = Store::in_memory().unwrap();
    let id = add_account(&store, &place().host);
    assert_eq!(store.chosen_vendor(id).unwrap(), None);
    store.choose_vendor(id, Some("quay")).unwrap();
    store.change_learned(id, |_| Some("a".into())).unwrap();
    assert_eq!(add_account(&store, &place().host), id);
    assert_eq!(store.learned(id).unwrap(), None);
    assert_eq!(store.chosen_vendor(id).unwrap().as_deref(), Some("quay"));
    store.choose_vendor(id, None).unwrap();
    assert_eq!(store.chosen_vendor(id).unwrap(), None);
}

#[test]
fn since_when_alone_says_nothing_of_where_a_tag_points() {
    let store = listing(&["v1"]);
    let moment = |text: &str, began| ToldMoment {
        tag: "v1".into(),
        digest: digest(text),
        began,
        who: None,
    };
    let first = [moment("a", 50)];
    assert!(store.tell_moments(&place(), &first, 100).unwrap());
    assert!(
        !store.tell_moments(&place(), &first, 200).unwrap(),
        "it is known"
    );
    assert!(
        store
            .tell_moments(&place(), &[moment("b", 150)], 300)
            .unwrap()
    );
    assert_eq!(store.told_moments(&place(), None).unwrap()["v1"].len(), 2);
    let (listed, _) = store.tags(&place()).unwrap();
    assert!(
        !listed[0].asked,
        "what it points at is for the registry to say"
    );
    assert!(store.told_tags(&place(), None).unwrap().is_empty());
    assert!(store.periods(&place(), "v1").unwrap().is_empty());
}

#[test]
fn repositories_are_told_again_by_their_vendors_own_names() {
    let store = Store::in_memory().unwrap();
    let account = add_account(&store, &place().host);
    let one = |name: &str, id: Option<&str>| ToldRepository {
        name: name.into(),
        id: id.map(str::to_owned),
        description: Some("Counts.".into()),
        created: Some(1),
        created_by: None,
        updated: Some(2),
        tags: Some(3),
        private: Some(true),
    };
    let told = [one("lab/a", Some("syn1")), one("lab/b", None)];
    store.tell_repositories(account, &told, 10).unwrap();
    assert_eq!(store.told_repositories(account).unwrap(), told[..1]);
}
