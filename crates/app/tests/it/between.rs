//! What somebody else does in the very moment in which a tag is taken away or put back: never overwritten unseen.

use crate::acts::{Desk, REPOSITORY, scripted, short, tag};
use app::view::about::CreateOrder;
use app::view::keep::KeepRule;
use app::view::keep::{KeepOrder, Prune};
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use std::time::Duration;
use testkit::images::MANIFEST;
use testkit::scripted::{Clock, Scripted};

/// Long enough that a test comes between a request and its answer.
const SLOW: Duration = Duration::from_millis(150);

/// Waits until a request has come that is not answered yet.
async fn asked(registry: &Scripted, method: &str, part: &str) {
    let came = || {
        let mut seen = registry.requests().into_iter();
        seen.any(|seen| seen.method == method && seen.path.contains(part))
    };
    while !came() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// A desk whose sheet has shown that `v1` would go by way of a decoy.
async fn about_to_delete() -> (Desk, Scripted, String) {
    let (desk, registry) = scripted().await;
    registry.set(|faults| faults.delete_by_digest_only = true);
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.plan_delete(&[tag("v1")]).await;
    registry.set(|faults| faults.delay = SLOW);
    registry.forget_requests();
    (desk, registry, digest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_under_a_tag_before_its_decoy_stays() {
    let (desk, registry, digest) = about_to_delete().await;
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let app = desk.home.app.clone();
    let running = tokio::spawn(async move { app.delete(order).await });
    asked(&registry, "POST", "/blobs/uploads/").await;
    let theirs = registry.push_image(REPOSITORY, "v1", "theirs");
    let outcome = running.await.unwrap().unwrap();
    assert_eq!(outcome.failed[0].problem.code, Code::TagMoved);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(theirs));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_in_a_decoys_place_is_not_overwritten_by_giving_back() {
    let (desk, registry, digest) = about_to_delete().await;
    registry.set(|faults| faults.delete_fails = 100);
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let app = desk.home.app.clone();
    let running = tokio::spawn(async move { app.delete(order).await });
    asked(&registry, "DELETE", "/manifests/sha256:").await;
    let theirs = registry.push_image(REPOSITORY, "v1", "theirs");
    let outcome = running.await.unwrap().unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(theirs));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_under_a_tag_before_it_goes_back_is_not_overwritten_though_nothing_is_kept() {
    let (desk, registry) = scripted().await;
    let old = registry.push_image(REPOSITORY, "v1", "old");
    desk.see("v1").await;
    let new = registry.push_image(REPOSITORY, "v1", "new");
    desk.see("v1").await;
    registry.set(|faults| faults.delay = SLOW);
    registry.forget_requests();
    let order = desk.active_order("v1", &old, Some(&new), KeepAnswer::Off);
    let app = desk.home.app.clone();
    let running = tokio::spawn(async move { app.make_active(order).await });
    asked(&registry, "HEAD", "/manifests/_about").await;
    let theirs = registry.push_image(REPOSITORY, "v1", "theirs");
    let told = running.await.unwrap().unwrap_err();
    assert_eq!(told.code, Code::TagMoved, "{told:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(theirs));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_under_a_tag_before_it_is_put_back_is_not_overwritten() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let outcome = desk.delete(&[tag("v1")]).await;
    registry.set(|faults| faults.delay = SLOW);
    registry.forget_requests();
    let (app, undo) = (desk.home.app.clone(), outcome.undo.unwrap());
    let running = tokio::spawn(async move { app.undo_delete(undo).await });
    asked(&registry, "HEAD", &format!("/manifests/{digest}")).await;
    let theirs = registry.push_image(REPOSITORY, "v1", "theirs");
    let back = running.await.unwrap().unwrap();
    assert_eq!(back.failed[0].problem.code, Code::TagMoved, "{back:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(theirs));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_come_while_others_are_written_are_not_overwritten() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    registry.set(|faults| faults.delay = SLOW);
    let order = KeepOrder {
        account: desk.id.clone(),
        repository: REPOSITORY.into(),
        rule: KeepRule::Overwrite,
        prune: Prune::All,
        rescue: false,
        share: true,
    };
    let app = desk.home.app.clone();
    let running = tokio::spawn(async move { app.set_keep(order).await });
    asked(&registry, "HEAD", "/blobs/sha256:").await;
    let theirs = registry.push_image(REPOSITORY, "_about", "theirs");
    let told = running.await.unwrap().unwrap_err();
    assert_eq!(told.code, Code::Changed, "{told:?}");
    assert_eq!(registry.tagged(REPOSITORY, "_about"), Some(theirs));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_under_the_name_of_a_displaced_commit_is_not_overwritten() {
    let (desk, registry) = scripted().await;
    let old = registry.push_image(REPOSITORY, "v1", "old");
    desk.see("v1").await;
    let new = registry.push_image(REPOSITORY, "v1", "new");
    desk.see("v1").await;
    let at = "Wed, 21 Nov 2035 02:09:00 GMT".to_owned();
    registry.set(|faults| faults.clock = Clock::Fixed(at));
    desk.make_active("v1", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    let name = format!("_h.v1.20351121t020900z-{}", short(&old));
    let theirs = registry.push_image(REPOSITORY, &name, "theirs");
    registry.put_manifest(
        REPOSITORY,
        Some("v1"),
        MANIFEST,
        &registry.manifest(REPOSITORY, &new).unwrap(),
    );
    registry.forget_requests();
    desk.see("v1").await;
    assert!(registry.count("HEAD", &format!("/v2/{REPOSITORY}/manifests/{name}")) > 0);
    assert_eq!(registry.tagged(REPOSITORY, &name), Some(theirs));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_that_somebody_makes_in_the_same_moment_keeps_their_words() {
    let (desk, registry) = scripted().await;
    let order = |repository: &str, title: &str| CreateOrder {
        account: desk.id.clone(),
        repository: repository.into(),
        title: title.into(),
        description: String::new(),
        keep: None,
    };
    let theirs = order("lab/other", "Theirs");
    desk.home.app.create_repository(theirs).await.unwrap();
    let theirs = registry.tagged("lab/other", "_about").unwrap();
    let bytes = registry.manifest("lab/other", &theirs).unwrap();
    registry.set(|faults| faults.delay = SLOW);
    let (app, ours) = (desk.home.app.clone(), order(REPOSITORY, "Ours"));
    let running = tokio::spawn(async move { app.create_repository(ours).await });
    asked(
        &registry,
        "HEAD",
        &format!("/v2/{REPOSITORY}/manifests/_about"),
    )
    .await;
    registry.put_manifest(REPOSITORY, Some("_about"), MANIFEST, &bytes);
    let told = running.await.unwrap().unwrap_err();
    assert_eq!(told.code, Code::Changed, "{told:?}");
    assert_eq!(registry.tagged(REPOSITORY, "_about"), Some(theirs));
}
