//! Registries that take more away than they were asked for, and repositories of which not all can be seen: what nobody
//! asked to go is there afterwards.

use crate::acts::{self, Desk, REPOSITORY, answered, commit, scripted, tag};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::scripted::{Answer, Links, Scripted};

/// Gives the commit of a tag another name, as anybody might.
fn also(registry: &Scripted, of: &str, name: &str) {
    let digest = registry.tagged(REPOSITORY, of).unwrap();
    acts::also(registry, &digest, name);
}

/// A registry that takes a commit with every name it has, and two commits, the first under two names.
async fn taking_siblings() -> (Desk, Scripted, String) {
    let (desk, registry) = scripted().await;
    registry.set(|faults| faults.delete_takes_siblings = true);
    let first = registry.push_image(REPOSITORY, "v1", "one");
    also(&registry, "v1", "stable");
    registry.push_image(REPOSITORY, "v2", "two");
    desk.refresh().await;
    (desk, registry, first)
}

/// Behaviour (deletions): A registry that takes a tag's siblings along gets them put back, and the run stops.
/// Source: registries whose DELETE of a tag deletes its manifest (older Quay and Nexus, as their users report).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sibling_that_went_along_is_put_back_and_the_run_stops() {
    let (desk, registry, first) = taking_siblings().await;
    let outcome = desk.delete(&[tag("v1"), tag("v2")]).await;
    assert_eq!(registry.tags(REPOSITORY), ["stable", "v2"]);
    assert_eq!(registry.tagged(REPOSITORY, "stable").as_ref(), Some(&first));
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    let notes = format!("{:?}", outcome.notes);
    for words in [
        "took stable along with v1",
        "They were put back",
        "one was left alone",
    ] {
        assert!(notes.contains(words), "{words}: {notes}");
    }
    // What was asked for is undone as ever.
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, back.failed.len()), (1, 0), "{back:?}");
    assert_eq!(registry.tags(REPOSITORY), ["stable", "v1", "v2"]);
    // It was nobody else's hand.
    assert!(desk.lab().moves().await.rows.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sibling_that_was_to_go_as_well_is_not_put_back() {
    let (desk, registry, _) = taking_siblings().await;
    let outcome = desk.delete(&[tag("v1"), tag("stable"), tag("v2")]).await;
    assert_eq!(registry.tags(REPOSITORY), Vec::<String>::new());
    assert_eq!((outcome.done, outcome.failed.len()), (3, 0), "{outcome:?}");
    desk.undo(&outcome).await;
    assert_eq!(registry.tags(REPOSITORY), ["stable", "v1", "v2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sibling_that_can_not_be_put_back_is_told_and_undone_with_the_others() {
    let (desk, registry, first) = taking_siblings().await;
    desk.plan_delete(&[tag("v1")]).await;
    let order = desk.delete_order(&[(tag("v1"), &first)]);
    let manifest: serde_json::Value =
        serde_json::from_slice(&registry.manifest(REPOSITORY, &first).unwrap()).unwrap();
    let layer = manifest["layers"][0]["digest"].as_str().unwrap().to_owned();
    registry.drop_blob(REPOSITORY, &layer);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!(registry.tags(REPOSITORY), ["v2"]);
    let notes = format!("{:?}", outcome.notes);
    assert!(notes.contains("stable could not be put back"), "{notes}");
    assert!(outcome.undo.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_vanishes_unasked_is_told_and_the_run_stops() {
    let (desk, registry, first) = taking_siblings().await;
    let second = registry.tagged(REPOSITORY, "v2").unwrap();
    // No sheet was shown: what `stable` points at was never asked.
    let order = desk.delete_order(&[(tag("v1"), &first), (tag("v2"), &second)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!(registry.tags(REPOSITORY), ["v2"]);
    let notes = format!("{:?}", outcome.notes);
    assert!(notes.contains("no longer lists stable"), "{notes}");
    assert!(notes.contains("one was left alone"), "{notes}");
    // Where nothing else vanished, the last name takes its commit as it should, and the run goes on.
    let lone = registry.push_image(REPOSITORY, "lone", "three");
    registry.push_image(REPOSITORY, "unasked", "four");
    desk.refresh().await;
    let order = desk.delete_order(&[(tag("lone"), &lone), (tag("v2"), &second)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!(
        (outcome.done, registry.tags(REPOSITORY)),
        (2, vec!["unasked".to_owned()])
    );
}

/// Behaviour (deletions): A commit is deleted by its digest only where every tag was asked; else it goes by its tags.
/// Source: distribution-spec, by which DELETE of a digest takes every tag of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_was_not_asked_does_not_go_with_its_commit() {
    for by_digest_only in [false, true] {
        let (desk, registry) = scripted().await;
        registry.set(|faults| faults.delete_by_digest_only = by_digest_only);
        let digest = registry.push_image(REPOSITORY, "a-known", "one");
        desk.see("a-known").await;
        for number in 0..500 {
            registry.push_image(REPOSITORY, &format!("m{number:03}"), "another");
        }
        // Beyond the tags that are asked.
        also(&registry, "a-known", "z-unasked");
        let plan = desk.plan_delete(&[commit(&digest)]).await;
        assert!(plan.how.unwrap().contains("by its tags, one by one"));
        assert!(!plan.unchecked.is_empty());
        let outcome = desk.delete(&[commit(&digest)]).await;
        assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
        assert!(format!("{:?}", outcome.notes).contains("was not deleted by its digest"));
        assert_eq!(registry.tagged(REPOSITORY, "a-known"), None);
        assert_eq!(registry.tagged(REPOSITORY, "z-unasked"), Some(digest));
        let back = desk.undo(&outcome).await;
        assert_eq!((back.done, back.failed.len()), (1, 0), "{back:?}");
        assert!(registry.tagged(REPOSITORY, "a-known").is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_no_asked_tag_names_is_left_alone_where_not_all_were_asked() {
    let (desk, registry) = scripted().await;
    for number in 0..501 {
        registry.push_image(REPOSITORY, &format!("m{number:03}"), "another");
    }
    let digest = registry.push_image(REPOSITORY, "z-unasked", "one");
    let plan = desk.plan_delete(&[commit(&digest)]).await;
    let refused = plan.items[0].refused.clone().unwrap();
    assert!(refused.contains("left alone"), "{refused}");
    // An order that came from elsewhere finds the same.
    let outcome = desk.delete(&[commit(&digest)]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert_eq!(registry.tagged(REPOSITORY, "z-unasked"), Some(digest));
}

/// A registry that takes a commit with its tag, and `unasked`, of which nobody asked what it points at.
async fn vanishing() -> (Desk, Scripted, String, Arc<AtomicUsize>) {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "a", "one");
    acts::also(&registry, &digest, "unasked");
    desk.refresh().await;
    registry.set(|faults| faults.delete_takes_siblings = true);
    // What the list answers from then on; nothing: the list.
    let list = Arc::new(AtomicUsize::new(0));
    let status = Arc::clone(&list);
    registry.script(move |asked| {
        let status = status.load(Ordering::SeqCst);
        let asked = status > 0 && asked.path.ends_with("/tags/list");
        asked.then(|| Answer::of(u16::try_from(status).unwrap_or_default()))
    });
    (desk, registry, digest, list)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_vanished_is_told_by_a_list_that_is_whole_or_by_there_being_none() {
    for (status, told) in [(0, true), (404, true), (403, false), (401, false)] {
        let (desk, registry, digest, list) = vanishing().await;
        list.store(status, Ordering::SeqCst);
        let order = desk.delete_order(&[(tag("a"), &digest)]);
        let outcome = desk.home.app.delete(order).await.unwrap();
        let notes: Vec<_> = outcome
            .notes
            .iter()
            .map(|note| note.text.as_str())
            .collect();
        assert_eq!(notes.len(), usize::from(told), "{status}: {notes:?}");
        assert!(
            notes
                .iter()
                .all(|note| note.contains("no longer lists unasked"))
        );
        assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
        assert_eq!(registry.tags(REPOSITORY), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_may_lack_some_says_of_none_that_it_vanished() {
    let (desk, registry, digest, _) = vanishing().await;
    // It points at something else, and stands on a page that is never shown.
    registry.push_image(REPOSITORY, "b", "two");
    registry.push_image(REPOSITORY, "unasked", "three");
    registry.set(|faults| {
        faults.page = Some(1);
        faults.links = Links::Circle;
    });
    let order = desk.delete_order(&[(tag("a"), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.notes), (1, vec![]));
    assert_eq!(registry.tags(REPOSITORY), ["b", "unasked"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_deletes_meanwhile_did_not_go_along() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    acts::also(&registry, &digest, "v2");
    registry.push_image(REPOSITORY, "unasked", "two");
    desk.refresh().await;
    desk.see("v1").await;
    desk.see("v2").await;
    registry.before("DELETE", "/manifests/v1", |hand| {
        hand.drop_manifest(REPOSITORY, "unasked");
    });
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!(
        (outcome.done, outcome.notes),
        (1, vec![]),
        "the commit is still there"
    );
    assert_eq!(registry.tags(REPOSITORY), ["v2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sibling_that_went_along_without_the_commit_is_put_back() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    acts::also(&registry, &digest, "stable");
    desk.plan_delete(&[tag("v1")]).await;
    registry.before("DELETE", "/manifests/v1", |hand| {
        hand.drop_manifest(REPOSITORY, "stable");
    });
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!(registry.tags(REPOSITORY), ["stable"]);
    let notes: Vec<_> = outcome
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    // It was the only one that was to go: nothing is left alone.
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("took stable along with v1") && notes[0].contains("put back"));
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0));
}

/// Behaviour (deletions): Names that were never asked and went with a commit that goes by its names are told, and the run stops.
/// Source: registries whose DELETE of a tag deletes its manifest (older Quay and Nexus, as their users report).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_vanish_with_a_commit_that_goes_name_by_name_are_told_and_the_run_stops() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    acts::also(&registry, &digest, "hidden");
    let other = registry.push_image(REPOSITORY, "v2", "two");
    desk.refresh().await;
    answered(&registry, 403, "HEAD, GET", "/manifests/hidden");
    desk.plan_delete(&[commit(&digest)]).await;
    registry.set(|faults| faults.delete_takes_siblings = true);
    let order = desk.delete_order(&[(commit(&digest), &digest), (tag("v2"), &other)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY), ["v2"]);
    let notes = format!("{:?}", outcome.notes);
    assert!(
        notes.contains("no longer lists hidden") && notes.contains("one was left alone"),
        "{notes}"
    );
    assert!(outcome.undo.is_some());
}
