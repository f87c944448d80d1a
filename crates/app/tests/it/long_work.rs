//! Deletions as tasks: counted, stopped alone, told after a restart; and two programs over one data folder.

use crate::acts::{Desk, REPOSITORY, scripted, tag};
use crate::home::{Home, open_beside};
use app::view::delete::DeleteOrder;
use app::view::tasks::{TaskKind, TaskOutcome, TaskState, TaskView, Unit};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use testkit::scripted::{Clock, Held, Scripted};

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const SLOW: Duration = Duration::from_millis(60);

/// A registry with so many tags of a repository, and the order to delete all of them.
async fn about_to_delete(tags: usize) -> (Desk, Scripted, DeleteOrder) {
    let (desk, registry) = scripted().await;
    let names: Vec<String> = (0..tags).map(|number| format!("v{number}")).collect();
    let digests: Vec<String> = names
        .iter()
        .map(|name| registry.push_image(REPOSITORY, name, name))
        .collect();
    let items: Vec<_> = names
        .iter()
        .zip(&digests)
        .map(|(name, digest)| (tag(name), digest.as_str()))
        .collect();
    let order = desk.delete_order(&items);
    (desk, registry, order)
}

/// Lets the fourth deletion wait; the first may only ask whether a tag goes alone.
fn hold_the_fourth(registry: &Scripted) -> Receiver<Held> {
    let (tells, held) = channel();
    registry.before("DELETE", "/manifests/", move |hand| {
        hand.before("DELETE", "/manifests/", move |hand| {
            hand.before("DELETE", "/manifests/", move |hand| {
                // Nobody waits for it any more: then it isn't held.
                let _ = tells.send(hand.hold("DELETE", "/manifests/"));
            });
        });
    });
    held
}

async fn under_way(desk: &Desk, order: DeleteOrder) -> (String, TaskView) {
    let id = desk.home.app.app.orders.delete(order).await.unwrap();
    let view = desk.home.until(&id, |task| task.done >= 2).await;
    (id, view)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_is_counted_and_asked_about_before_closing() {
    let (desk, registry, order) = about_to_delete(8).await;
    let held = hold_the_fourth(&registry);
    let (id, view) = under_way(&desk, order).await;
    assert_eq!(
        (view.kind, view.unit, view.state, view.total),
        (TaskKind::Delete, Unit::Items, TaskState::Running, 8)
    );
    assert!(!view.can_retry, "its sheet is opened again instead");
    assert_eq!(desk.home.app.running(), 1, "closing asks first");
    drop(held);
    let ended = desk.home.ended(&id).await;
    assert_eq!((ended.state, ended.done), (TaskState::Done, 8));
    // It is told as ended a moment before it is counted out. The limit is only there so that a fault ends the test.
    for _ in 0..200 {
        if desk.home.app.running() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(desk.home.app.running(), 0);
    assert!(registry.tags(REPOSITORY).is_empty());
    // Begun, counted, ended: the first and the last are always told.
    let told: Vec<TaskState> = desk
        .home
        .events_of(&id)
        .iter()
        .map(|(_, view)| view.state)
        .collect();
    assert_eq!(told.first(), Some(&TaskState::Waiting));
    assert_eq!(told.last(), Some(&TaskState::Done));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_went_before_the_app_was_closed_can_still_be_undone() {
    let (mut desk, registry, order) = about_to_delete(8).await;
    registry.set(|faults| faults.delay = SLOW);
    let (id, _) = under_way(&desk, order).await;
    desk.home.app.leave().await.unwrap();
    let left = registry.tags(REPOSITORY).len();
    assert!((1..8).contains(&left), "{left}");

    desk.home.reopen();
    let tasks = desk.home.app.tasks().await.unwrap();
    let task = tasks.iter().find(|task| task.id == id).unwrap();
    assert_eq!(task.state, TaskState::Interrupted);
    let outcome = task.outcome.clone().and_then(TaskOutcome::removed).unwrap();
    assert_eq!(outcome.done as usize + left, 8, "{outcome:?}");
    registry.set(|faults| faults.delay = Duration::ZERO);
    let refused = desk.home.app.retry_task(id).await.unwrap_err();
    assert!(refused.hints[0].contains("sheet"), "{refused:?}");
    assert_eq!(desk.undo(&outcome).await.done, outcome.done);
    assert_eq!(registry.tags(REPOSITORY).len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_one_deletion_leaves_the_others_alone() {
    let (desk, registry, order) = about_to_delete(6).await;
    let held = hold_the_fourth(&registry);
    let other = registry.push_image(REPOSITORY, "other", "other");
    let (first, _) = under_way(&desk, order).await;
    let order = desk.delete_order(&[(tag("other"), &other)]);
    let second = desk.home.app.app.orders.delete(order).await.unwrap();
    desk.home.app.cancel_task(first.clone()).await.unwrap();
    drop(held);
    assert_eq!(desk.home.ended(&first).await.state, TaskState::Cancelled);
    assert_eq!(desk.home.ended(&second).await.state, TaskState::Done);
    let left = registry.tags(REPOSITORY);
    assert!(!left.is_empty() && !left.contains(&"other".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_program_on_the_data_folder_interrupts_nothing() {
    let (desk, registry, order) = about_to_delete(8).await;
    let held = hold_the_fourth(&registry);
    let (id, _) = under_way(&desk, order).await;
    let other = open_beside(&desk.home);
    let seen = other.tasks().await.unwrap();
    assert_eq!(seen[0].state, TaskState::Running);
    let refused = other.cancel_task(id.clone()).await.unwrap_err();
    assert!(refused.message.contains("another Longshore"), "{refused:?}");
    assert_eq!(other.retry_task(id.clone()).await.unwrap_err(), refused);
    assert_eq!(other.dismiss_task(id.clone()).await.unwrap_err(), refused);
    drop(held);
    assert_eq!(desk.home.ended(&id).await.state, TaskState::Done);
    let seen = other.tasks().await.unwrap();
    assert_eq!(seen[0].state, TaskState::Done);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_is_nobodys_commit_on_another_computer_nor_after_a_restart() {
    let (mut desk, registry) = scripted().await;
    registry.set(|faults| faults.delete_by_digest_only = true);
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.see("v1").await;
    let other = Home::new();
    let id = other.anyone(&registry.host()).await;
    other.at(&id, REPOSITORY).resolve("v1").await;
    let (tells, decoy) = channel();
    registry.before("PUT", "/manifests/v1", move |hand| {
        hand.before("DELETE", "/manifests/sha256:", move |hand| {
            tells.send(hand.manifest_of(REPOSITORY, "v1")).unwrap();
        });
    });
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let task = desk.home.app.app.orders.delete(order).await.unwrap();
    assert_eq!(desk.home.ended(&task).await.state, TaskState::Done);
    let (stood, decoy) = decoy.try_recv().unwrap().unwrap();
    assert_ne!(stood, digest);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), None);

    // As if the app had been killed before it could delete the decoy.
    registry.put_manifest(REPOSITORY, Some("v1"), OCI_MANIFEST, &decoy);
    desk.home.reopen();
    for lab in [desk.lab(), other.at(&id, REPOSITORY)] {
        assert_eq!(lab.resolve("v1").await.trouble, None);
        assert_eq!(lab.digests("v1").await, std::slice::from_ref(&digest));
        assert!(lab.moves().await.rows.is_empty());
    }

    // Nobody deletes any more: the tag is as good as gone, can be put back, and the decoy goes with its tag.
    let later = Clock::Fixed("Tue, 01 Jan 2030 10:00:00 GMT".to_owned());
    registry.set(|faults| faults.clock = later.clone());
    for home in [&desk.home, &other] {
        home.clock_is("2030-01-01T10:00:00Z");
    }
    // It was done here, and by someone else as seen from there.
    for (lab, moves) in [(desk.lab(), 0), (other.at(&id, REPOSITORY), 1)] {
        assert!(lab.resolve("v1").await.deleted);
        assert_eq!(lab.digests("v1").await, std::slice::from_ref(&digest));
        assert_eq!(lab.moves().await.rows.len(), moves);
    }
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), None);
    assert_eq!(desk.undo(&outcome).await.done, 1);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(digest));
}
