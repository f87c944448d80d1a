//! Undo: what a deletion took is there again, byte for byte, or a sentence says why not.

use crate::acts::{Desk, REPOSITORY, commit, nameless, scripted, short, tag, writes};
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use app::view::tasks::{TaskOutcome, TaskState};
use std::time::Duration;
use testkit::images::{ImageSpec, MANIFEST, push, push_index};
use testkit::parts::{Part, Registry, RegistryOptions, need};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_comes_back_with_every_name() {
    let (mut desk, registry) = scripted().await;
    registry.set(|faults| faults.require_children = true);
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let bytes = registry.manifest(REPOSITORY, &digest).unwrap();
    let kept = format!("_h.v1.20261101t120000z-{}", &digest[7..]);
    for name in ["latest", &kept] {
        registry.put_manifest(REPOSITORY, Some(name), MANIFEST, &bytes);
    }
    let outcome = desk.delete(&[commit(&digest)]).await;
    assert!(registry.tags(REPOSITORY).is_empty());
    // Also after the app was closed.
    desk.home.reopen();
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, back.failed.len(), back.undo), (1, 0, None));
    assert_eq!(registry.tags(REPOSITORY), [kept.as_str(), "latest", "v1"]);
    assert_eq!(registry.manifest(REPOSITORY, &digest), Some(bytes));
    let rows = desk.commits("v1").await;
    assert!(
        rows[0].active && rows[0].digest.as_ref() == Some(&digest),
        "{rows:#?}"
    );
    let again = desk.home.app.undo_delete(outcome.undo.unwrap()).await;
    assert!(again.unwrap_err().message.contains("any more"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_a_name_and_an_index_with_its_platforms_come_back() {
    let (desk, registry) = scripted().await;
    registry.set(|faults| faults.require_children = true);
    let untagged = registry.push_image(REPOSITORY, "v1", "old");
    desk.see("v1").await;
    registry.push_image(REPOSITORY, "v1", "new");
    desk.see("v1").await;
    let outcome = desk.delete(&[commit(&untagged)]).await;
    assert!(registry.manifest(REPOSITORY, &untagged).is_none());
    assert_eq!(desk.undo(&outcome).await.done, 1);
    assert!(registry.manifest(REPOSITORY, &untagged).is_some());

    let platform = registry.push_image(REPOSITORY, "platform", "amd64");
    let size = registry.manifest(REPOSITORY, &platform).unwrap().len();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": testkit::images::INDEX,
        "manifests": [{"mediaType": MANIFEST, "digest": platform, "size": size,
            "platform": {"os": "linux", "architecture": "amd64"}}],
    })
    .to_string();
    let index = registry.put_manifest(
        REPOSITORY,
        Some("multi"),
        testkit::images::INDEX,
        index.as_bytes(),
    );
    let outcome = desk.delete(&[tag("multi"), tag("platform")]).await;
    assert_eq!(outcome.done, 2, "{outcome:?}");
    // A clean-up took both manifests, but no layer yet.
    registry.drop_manifest(REPOSITORY, &index);
    registry.drop_manifest(REPOSITORY, &platform);
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, back.failed.len()), (2, 0), "{back:?}");
    assert_eq!(registry.tagged(REPOSITORY, "multi"), Some(index));
    assert_eq!(registry.tagged(REPOSITORY, "platform"), Some(platform));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_bears_something_else_meanwhile_is_left_alone() {
    let (desk, registry) = scripted().await;
    let digests = ["v1", "v2"].map(|name| registry.push_image(REPOSITORY, name, name));
    let outcome = desk.delete(&[tag("v1"), tag("v2")]).await;
    let theirs = registry.push_image(REPOSITORY, "v1", "someone else’s");
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, back.failed.len()), (1, 1));
    let failed = &back.failed[0];
    assert_eq!(
        (failed.name.as_str(), failed.problem.code),
        ("v1", Code::TagMoved)
    );
    assert!(
        failed.problem.message.contains(short(&theirs)),
        "{failed:?}"
    );
    assert_eq!(registry.tagged(REPOSITORY, "v1").as_ref(), Some(&theirs));
    assert_eq!(
        registry.tagged(REPOSITORY, "v2").as_ref(),
        Some(&digests[1])
    );
    // Once it is out of the way, the rest can still be undone.
    registry.drop_manifest(REPOSITORY, "v1");
    assert_eq!(desk.undo(&back).await.done, 1);
    assert_eq!(
        registry.tagged(REPOSITORY, "v1").as_ref(),
        Some(&digests[0])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_layers_nothing_is_put_back() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let bytes = registry.manifest(REPOSITORY, &digest).unwrap();
    let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let outcome = desk.delete(&[commit(&digest)]).await;
    // This registry would take a manifest without its layers.
    registry.drop_blob(REPOSITORY, read["layers"][0]["digest"].as_str().unwrap());
    registry.forget_requests();
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, writes(&registry)), (0, 0));
    let told = &back.failed[0].problem.message;
    assert!(told.contains("one of its layers is gone"), "{told}");
    assert!(registry.tags(REPOSITORY).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_distribution_a_clean_up_decides_what_can_be_undone() {
    if !need(Part::Registry) {
        return;
    }
    let mut registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let desk = Desk::at(&registry.host()).await;
    let both = ["amd64", "arm64"].map(|arch| ImageSpec::of_sizes(3, &[20_000]).arch(arch));
    let index = push_index(&registry, REPOSITORY, "multi", &both)
        .await
        .unwrap();
    let other = ImageSpec::of_sizes(9, &[1_000]);
    push(&registry, REPOSITORY, "stays", &other).await.unwrap();
    let outcome = desk.delete(&[commit(&index)]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY).await.unwrap(), ["stays"]);

    // One that keeps what no tag names takes the index back as it was.
    registry.garbage_collect(false).await.unwrap();
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, back.failed.len()), (1, 0), "{back:?}");
    let now = registry.manifest(REPOSITORY, "multi").await.unwrap();
    assert_eq!(now.unwrap().0, index);

    // One that removes untagged images takes the layers, and the sentence says so.
    let outcome = desk.delete(&[tag("multi")]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    registry.garbage_collect(true).await.unwrap();
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, back.failed.len()), (0, 1), "{back:?}");
    let told = &back.failed[0].problem.message;
    assert!(told.contains("of its layers are gone"), "{told}");
    assert_eq!(registry.tags(REPOSITORY).await.unwrap(), ["stays"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_undone_is_not_offered_again_after_a_reload() {
    let (mut desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    let outcome = desk.delete(&[tag("v1")]).await;
    let offered = async |desk: &Desk| {
        let tasks = desk.home.app.tasks().await.unwrap();
        let removed = tasks.into_iter().filter_map(|task| match task.outcome {
            Some(TaskOutcome::Removed(removed)) => removed.undo,
            _ => None,
        });
        removed.collect::<Vec<_>>()
    };
    desk.home.reopen();
    assert_eq!(
        offered(&desk).await,
        outcome.undo.clone().into_iter().collect::<Vec<_>>()
    );
    desk.undo(&outcome).await;
    desk.home.reopen();
    assert_eq!(offered(&desk).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undo_that_waits_for_its_turn_can_be_stopped_and_tried_again() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let outcome = desk.delete(&[tag("v1")]).await;
    // Something else has the tag's turn, and its registry does not answer.
    registry.set(|faults| faults.delay = Duration::from_hours(1));
    registry.forget_requests();
    let order = desk.active_order("v1", &digest, None, KeepAnswer::ByRule);
    let app = desk.home.app.clone();
    let holds = tokio::spawn(async move { app.make_active(order).await });
    while registry.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let undo = outcome.undo.clone().unwrap();
    let task = desk.home.app.app.orders.undo(&undo).await.unwrap();
    desk.home
        .until(&task, |task| task.state == TaskState::Running)
        .await;
    desk.home.app.cancel_task(task.clone()).await.unwrap();
    assert_eq!(desk.home.ended(&task).await.state, TaskState::Cancelled);
    holds.abort();
    let _ = holds.await;
    registry.set(|faults| faults.delay = Duration::ZERO);
    let back = desk.undo(&outcome).await;
    assert_eq!(
        (back.done, registry.tagged(REPOSITORY, "v1")),
        (1, Some(digest))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_bears_its_commit_again_meanwhile_is_undone_without_a_write() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!(registry.push_image(REPOSITORY, "v1", "one"), digest);
    registry.forget_requests();
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, &back.failed[..]), (1, &[][..]), "{back:?}");
    assert_eq!((writes(&registry), back.undo), (0, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_name_bears_something_else_is_not_put_back_without_it() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let outcome = desk.delete(&[commit(&digest)]).await;
    let theirs = registry.push_image(REPOSITORY, "v1", "theirs");
    registry.forget_requests();
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, back.failed.len()), (0, 1), "{back:?}");
    // It is the commit that was to come back, by whatever name.
    assert_eq!(back.failed[0].name, short(&digest));
    assert_eq!(back.failed[0].problem.code, Code::TagMoved);
    assert_eq!(writes(&registry), 0);
    assert_eq!(registry.manifest(REPOSITORY, &digest), None);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(theirs));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undo_that_is_stopped_between_two_leaves_the_second_for_later() {
    let (desk, registry) = scripted().await;
    let digests = ["one", "two"].map(|text| nameless(&registry, text));
    let outcome = desk
        .delete(&digests.clone().map(|digest| commit(&digest)))
        .await;
    assert_eq!(outcome.done, 2);
    let mut first = registry.hold("PUT", &format!("/manifests/{}", digests[0]));
    let undo = outcome.undo.clone().unwrap();
    let task = desk.home.app.app.orders.undo(&undo).await.unwrap();
    first.came().await;
    desk.home.app.cancel_task(task.clone()).await.unwrap();
    drop(first);
    let ended = desk.home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Cancelled);
    // The first was on its way.
    let there = || {
        digests
            .each_ref()
            .map(|digest| registry.manifest(REPOSITORY, digest).is_some())
    };
    assert_eq!(there(), [true, false]);
    let told = ended.outcome.and_then(TaskOutcome::removed).unwrap();
    assert_eq!((told.done, told.undo.as_ref()), (1, outcome.undo.as_ref()));
    assert_eq!(desk.undo(&told).await.done, 1);
    assert_eq!(there(), [true, true]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undo_that_the_app_was_closed_over_is_offered_again() {
    let (mut desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let outcome = desk.delete(&[tag("v1")]).await;
    let mut look = registry.hold("HEAD", "/manifests/v1");
    let undo = outcome.undo.clone().unwrap();
    let task = desk.home.app.app.orders.undo(&undo).await.unwrap();
    look.came().await;
    // As if it had been killed: nothing is told any more.
    desk.home.reopen();
    drop(look);
    let tasks = desk.home.app.tasks().await.unwrap();
    let left = tasks.into_iter().find(|left| left.id == task).unwrap();
    let told = left.outcome.and_then(TaskOutcome::removed).unwrap();
    assert_eq!((told.done, &told.undo), (0, &outcome.undo));
    assert_eq!(desk.undo(&told).await.done, 1);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(digest));
}
