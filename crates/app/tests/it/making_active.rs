//! Going back: a tag points at a commit of its past again, nothing is pulled, nothing is lost.

use crate::acts::{Desk, REPOSITORY, scripted, short, writes};
use app::view::active::ActivePlan;
use app::view::problem::Code;
use app::view::push::{KeepAnswer, KeepPlan};
use std::sync::mpsc::{Receiver, channel};
use testkit::images::{ImageSpec, push, push_index};
use testkit::parts::{Part, Registry, RegistryOptions, need};
use testkit::scripted::Scripted;

/// `v1` pointed at one commit and points at another; both were seen.
async fn two_commits() -> (Desk, Scripted, String, String) {
    let (desk, registry) = scripted().await;
    let old = registry.push_image(REPOSITORY, "v1", "old");
    desk.see("v1").await;
    let new = registry.push_image(REPOSITORY, "v1", "new");
    desk.see("v1").await;
    registry.forget_requests();
    (desk, registry, old, new)
}

fn digests(rows: &[app::view::browse::CommitRow]) -> Vec<&str> {
    rows.iter()
        .map(|row| row.digest.as_deref().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_goes_back_and_what_it_left_is_kept() {
    let (desk, registry, old, new) = two_commits().await;
    let plan: ActivePlan = desk.plan_active("v1", &old).await.unwrap();
    let from = plan.from.unwrap();
    assert_eq!((from.digest, plan.to.digest), (new.clone(), old.clone()));
    assert!(plan.to.time.is_some() && plan.to.size.is_some() && from.size.is_some());
    assert_eq!(plan.to.platforms, ["linux/amd64"]);
    assert!(plan.warnings.is_empty(), "{:?}", plan.warnings);
    let KeepPlan::Ask { commit_tag, .. } = plan.keep else {
        panic!("{:?}", plan.keep)
    };
    assert_eq!(writes(&registry), 0, "a plan only asks");

    let outcome = desk
        .make_active("v1", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    assert_eq!(outcome.commit_tag.as_deref(), Some(commit_tag.as_str()));
    assert_eq!(outcome.previous.as_deref(), Some(new.as_str()));
    assert_eq!(registry.tagged(REPOSITORY, "v1").as_ref(), Some(&old));
    assert_eq!(
        registry.tagged(REPOSITORY, &commit_tag).as_ref(),
        Some(&new)
    );
    assert_eq!(registry.tags(REPOSITORY).len(), 2, "and nothing else");
    assert_eq!(writes(&registry), 2, "two manifests, no blob");

    let rows = desk.commits("v1").await;
    assert_eq!(digests(&rows), [&old, &new, &old], "A, B, A are three");
    assert!(rows[0].active && !rows[2].active);
    assert_eq!(rows[1].commit_tag.as_deref(), Some(commit_tag.as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn back_and_forth_is_an_entry_each_time() {
    let (desk, registry, old, new) = two_commits().await;
    for (digest, keep) in [
        (&old, KeepAnswer::EachOverwrite),
        (&new, KeepAnswer::ByRule),
        (&old, KeepAnswer::ByRule),
    ] {
        desk.make_active("v1", digest, keep).await.unwrap();
        // A commit tag tells whole seconds, and so do the answers of a registry.
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    }
    let rows = desk.commits("v1").await;
    assert_eq!(digests(&rows), [&old, &new, &old, &new, &old]);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(old));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_sheet_did_not_show_is_not_moved() {
    let (desk, registry, old, new) = two_commits().await;
    let third = registry.push_image(REPOSITORY, "v1", "someone else’s");
    for expected in [Some(new.as_str()), None] {
        let order = desk.active_order("v1", &old, expected, KeepAnswer::EachOverwrite);
        let told = desk.home.app.make_active(order).await.unwrap_err();
        assert_eq!(told.code, Code::TagMoved, "{told:?}");
        assert!(told.message.contains(short(&third)), "{told:?}");
    }
    assert_eq!(writes(&registry), 0);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(third));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_moves_before_somebody_said_how_it_is_kept() {
    let (desk, registry, old, new) = two_commits().await;
    let told = desk
        .make_active("v1", &old, KeepAnswer::ByRule)
        .await
        .unwrap_err();
    assert_eq!(told.code, Code::NotAsked, "{told:?}");
    assert_eq!(
        (writes(&registry), registry.tagged(REPOSITORY, "v1")),
        (0, Some(new))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_at_once_one_is_told_that_the_tag_moved() {
    let (desk, registry, old, new) = two_commits().await;
    let third = registry.push_image(REPOSITORY, "other", "third");
    let orders =
        [&old, &third].map(|to| desk.active_order("v1", to, Some(&new), KeepAnswer::EachOverwrite));
    let [one, other] = orders;
    let app = &desk.home.app;
    let (one, other) = tokio::join!(app.make_active(one), app.make_active(other));
    let (won, lost) = match (one, other) {
        (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
        both => panic!("{both:?}"),
    };
    assert_eq!(lost.code, Code::TagMoved);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), won.digest);
    assert!(
        registry
            .tags(REPOSITORY)
            .iter()
            .any(|tag| tag.ends_with(&new[7..]))
    );
}

/// Pushes `v1` as somebody else, in the moment of the first look at it after such a request; then tells what was pushed.
fn pushed_after(registry: &Scripted, method: &str, part: &str) -> Receiver<String> {
    let (tells, pushed) = channel();
    registry.before(method, part, move |hand| {
        hand.before("HEAD", "/manifests/v1", move |hand| {
            tells
                .send(hand.push_image(REPOSITORY, "v1", "just now"))
                .unwrap();
        });
    });
    pushed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_under_the_tag_while_the_old_commit_is_kept_is_not_overwritten() {
    let (desk, registry, old, new) = two_commits().await;
    let third = pushed_after(&registry, "PUT", "/manifests/_h.v1.");
    let order = desk.active_order("v1", &old, Some(&new), KeepAnswer::EachOverwrite);
    let told = desk.home.app.make_active(order).await.unwrap_err();
    assert_eq!(told.code, Code::TagMoved, "{told:?}");
    let stays = told
        .hints
        .iter()
        .any(|hint| hint.contains("was already written and stays"));
    assert!(stays, "{told:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), third.try_recv().ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_displaced_right_after_is_told_and_kept() {
    let (desk, registry, old, new) = two_commits().await;
    let third = pushed_after(&registry, "PUT", "/manifests/v1");
    let order = desk.active_order("v1", &old, Some(&new), KeepAnswer::EachOverwrite);
    let outcome = desk.home.app.make_active(order).await.unwrap();
    let third = third.try_recv().unwrap();
    assert!(outcome.notes[0].text.contains(short(&third)), "{outcome:?}");
    let tags = registry.tags(REPOSITORY);
    for digest in [&old, &new] {
        assert!(
            tags.iter().any(|tag| tag.ends_with(&digest[7..])),
            "{tags:?}"
        );
    }
    let rows = desk.commits("v1").await;
    assert_eq!(digests(&rows), [&third, &old, &new, &old]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_tag_is_put_back() {
    let (desk, registry, _, new) = two_commits().await;
    registry.drop_manifest(REPOSITORY, "v1");
    desk.refresh().await;
    let plan = desk.plan_active("v1", &new).await.unwrap();
    assert_eq!((plan.from, plan.keep), (None, KeepPlan::Nothing));
    // Nothing is overwritten, so nobody has to have said how this repository keeps.
    let outcome = desk
        .make_active("v1", &new, KeepAnswer::ByRule)
        .await
        .unwrap();
    assert_eq!((outcome.previous, outcome.commit_tag), (None, None));
    assert_eq!(registry.tagged(REPOSITORY, "v1").as_ref(), Some(&new));
    let rows = desk.commits("v1").await;
    assert!(
        rows[0].active && rows[0].digest.as_ref() == Some(&new),
        "{rows:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manifest_that_was_let_go_is_put_back_while_its_layers_are_there() {
    let (desk, registry, old, new) = two_commits().await;
    registry.set(|faults| faults.require_children = true);
    let bytes = registry.manifest(REPOSITORY, &old).unwrap();
    registry.drop_manifest(REPOSITORY, &old);
    let plan = desk.plan_active("v1", &old).await.unwrap();
    assert!(
        plan.warnings[0].contains("puts it back"),
        "{:?}",
        plan.warnings
    );
    desk.make_active("v1", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    assert_eq!(registry.manifest(REPOSITORY, &old), Some(bytes.clone()));

    desk.make_active("v1", &new, KeepAnswer::NotThis)
        .await
        .unwrap();
    registry.drop_manifest(REPOSITORY, &old);
    let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    registry.drop_blob(REPOSITORY, read["layers"][0]["digest"].as_str().unwrap());
    registry.forget_requests();
    let order = desk.active_order("v1", &old, Some(&new), KeepAnswer::EachOverwrite);
    let asked = desk.plan_active("v1", &old).await.unwrap_err();
    let told = desk.home.app.make_active(order).await.unwrap_err();
    assert!(
        told.message.contains("one of its layers is gone"),
        "{told:?}"
    );
    assert_eq!(asked.message, told.message);
    assert_eq!(
        (writes(&registry), registry.tagged(REPOSITORY, "v1")),
        (0, Some(new))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_everywhere_is_a_sentence() {
    let (desk, registry, _, new) = two_commits().await;
    let nobodys = format!("sha256:{}", "0".repeat(64));
    let told = desk.plan_active("v1", &nobodys).await.unwrap_err();
    assert!(
        told.message.contains("no longer has 000000000000"),
        "{told:?}"
    );
    let order = desk.active_order("v1", &nobodys, Some(&new), KeepAnswer::EachOverwrite);
    let again = desk.home.app.make_active(order).await.unwrap_err();
    assert_eq!(again.message, told.message);
    assert_eq!(
        (writes(&registry), registry.tagged(REPOSITORY, "v1")),
        (0, Some(new))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_push_the_new_commit_is_kept_too() {
    let (desk, registry, old, new) = two_commits().await;
    desk.make_active("v1", &old, KeepAnswer::EveryPush)
        .await
        .unwrap();
    let tags = registry.tags(REPOSITORY);
    for digest in [&old, &new] {
        let kept = |tag: &&String| tag.starts_with("_h.v1.") && tag.ends_with(&digest[7..]);
        assert_eq!(tags.iter().filter(kept).count(), 1, "{tags:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_known_by_its_commit_tag_alone() {
    let (desk, registry) = scripted().await;
    let old = registry.push_image(REPOSITORY, "v0", "old");
    let kept = format!("_h.v1.20261101t120000z-{}", &old[7..]);
    let bytes = registry.manifest(REPOSITORY, &old).unwrap();
    registry.put_manifest(REPOSITORY, Some(&kept), testkit::images::MANIFEST, &bytes);
    registry.push_image(REPOSITORY, "v1", "new");
    desk.refresh().await;
    desk.make_active("v1", &kept, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(old));

    let lie =
        "_h.v1.20261102t120000z-0000000000000000000000000000000000000000000000000000000000000000";
    registry.put_manifest(REPOSITORY, Some(lie), testkit::images::MANIFEST, &bytes);
    let told = desk.plan_active("v1", lie).await.unwrap_err();
    assert!(told.message.contains("not what it says"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_commit_is_a_sentence_and_no_write() {
    let (desk, registry, _, new) = two_commits().await;
    let plan = desk.plan_active("v1", &new).await.unwrap();
    assert_eq!(plan.warnings, ["v1 already points at this commit."]);
    assert_eq!(plan.keep, KeepPlan::Nothing);
    let outcome = desk
        .make_active("v1", &new, KeepAnswer::ByRule)
        .await
        .unwrap();
    assert!(
        outcome.notes[0].text.contains("already points at"),
        "{outcome:?}"
    );
    assert_eq!((writes(&registry), desk.commits("v1").await.len()), (0, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_on_a_real_registry_made_active_and_back() {
    if !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let desk = Desk::at(&registry.host()).await;
    let platforms = ["amd64", "arm64"].map(|arch| ImageSpec::of_sizes(5, &[20_000]).arch(arch));
    let index = push_index(&registry, REPOSITORY, "v1", &platforms)
        .await
        .unwrap();
    desk.see("v1").await;
    let single = ImageSpec::of_sizes(6, &[20_000]);
    let single = push(&registry, REPOSITORY, "v1", &single).await.unwrap();
    desk.see("v1").await;

    let now = async || {
        registry
            .manifest(REPOSITORY, "v1")
            .await
            .unwrap()
            .unwrap()
            .0
    };
    desk.make_active("v1", &index, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    assert_eq!(now().await, index);
    let plan = desk.plan_active("v1", &single).await.unwrap();
    assert_eq!(plan.warnings, ["amd64 only, arm64 is lost"]);
    desk.make_active("v1", &single, KeepAnswer::ByRule)
        .await
        .unwrap();
    assert_eq!(now().await, single);
    let tags = registry.tags(REPOSITORY).await.unwrap();
    assert!(
        tags.iter().any(|tag| tag.ends_with(&index[7..])),
        "{tags:?}"
    );
    let rows = desk.commits("v1").await;
    assert_eq!(digests(&rows), [&single, &index, &single, &index]);

    // A platform that this computer never fetched is deleted: the index can't be made active any more.
    let arm = platforms[1].build().unwrap().digest;
    assert_eq!(registry.delete(REPOSITORY, &arm).await.unwrap(), 202);
    let told = desk.plan_active("v1", &index).await.unwrap_err();
    assert!(
        told.message.contains("its image for linux/arm64 is gone"),
        "{told:?}"
    );
    let order = desk.active_order("v1", &index, Some(&single), KeepAnswer::ByRule);
    desk.home.app.make_active(order).await.unwrap_err();
    assert_eq!(now().await, single);
}
