//! Pulp: what it does by tasks, seconds after it said yes; what it keeps of a commit that was deleted; and blobs that nobody checked.
//!
//! On the real one, and on the one that is played where that tells the same.

use super::world::{On, System, is_own};
use super::{played, real};
use crate::acts::{Desk, REPOSITORY, commit, tag};
use crate::home::Home;
use app::view::kinds::{KindMeans, VendorId};
use app::view::push::KeepAnswer;
use http::Method;
use testkit::images::{MANIFEST, digest, put_manifest};

async fn desk<S: System>(system: &S) -> Desk {
    let home = Home::new();
    let id = system.account(&home).await;
    let app = &home.app;
    app.refresh_repositories(id.clone()).await.unwrap();
    let desk = Desk::of(home, id);
    desk.refresh().await;
    desk
}

/// Behaviour (vendors): A commit that Pulp deletes by a task counts as deleted once it is gone; *Undo* brings it back with its layers, which Pulp takes along.
/// Source: pulp-container 2.30.0: `DELETE /v2/…/manifests/DIGEST` 202, done 1 to 3 s later; then `PUT` of the manifest 400 BLOB_UNKNOWN; `POST …/add/`, `…/tag/`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_goes_by_a_task_and_comes_back_whole() {
    a_commit_goes::<real::Pulp>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_goes_later_on_the_played() {
    a_commit_goes::<played::Pulp>().await;
}

/// Behaviour (vendors): Pulp takes a tag away by its own interface; a commit tag, which that doesn't take, by a decoy.
/// Source: pulp-container 2.30.0: `POST …/untag/` 202, and 400 for a tag that begins with `_`; `DELETE /v2/…/manifests/TAG` 400.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_tag_goes_by_a_decoy() {
    a_commit_tag_goes::<real::Pulp>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_tag_goes_on_the_played() {
    a_commit_tag_goes::<played::Pulp>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_recognised() {
    is_recognised::<real::Pulp>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_recognised_where_it_is_played() {
    is_recognised::<played::Pulp>().await;
}

async fn a_commit_goes<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    let other = system.push(REPOSITORY, "other", "other").await;
    let one = system.push(REPOSITORY, "v1", "one").await;
    system.also(REPOSITORY, "v1", "latest").await;
    let desk = desk(&system).await;
    for name in ["v1", "latest", "other"] {
        desk.see(name).await;
    }
    let plan = desk.plan_delete(&[commit(&one)]).await;
    let item = &plan.items[0];
    let mut order = desk.delete_order(&[(commit(&one), item.digest.as_deref().unwrap())]);
    order.items[0].names = vec!["latest".into(), "v1".into()];
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    // It was waited for: nobody finds it there any more.
    for name in ["v1", "latest", &*one] {
        assert_eq!(system.tagged(REPOSITORY, name).await, None, "{name}");
    }
    assert_eq!(system.tagged(REPOSITORY, "other").await, Some(other));
    assert_eq!(desk.lab().moves().await.rows, [], "nobody else did it");
    system.forget();
    let undone = desk.undo(&outcome).await;
    assert_eq!((undone.done, undone.failed.len()), (1, 0), "{undone:?}");
    for name in ["v1", "latest"] {
        assert_eq!(system.tagged(REPOSITORY, name).await.as_ref(), Some(&one));
    }
    assert_eq!(desk.lab().moves().await.rows, []);
    if matches!(S::ON, On::Real(_)) {
        // The protocol can't: its layers were taken along.
        let asked = system.asked();
        let added = asked.iter().filter(|it| it.contains("/add/"));
        assert_eq!(added.count(), 1, "{asked:#?}");
    }
}

async fn a_commit_tag_goes<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    let old = system.push(REPOSITORY, "v1", "old").await;
    let desk = desk(&system).await;
    desk.see("v1").await;
    let new = system.push(REPOSITORY, "v1", "new").await;
    desk.refresh().await;
    desk.see("v1").await;
    let active = desk.make_active("v1", &old, KeepAnswer::EachOverwrite);
    active.await.unwrap();
    let rows = desk.commits("v1").await;
    let kept = rows.iter().find_map(|row| row.commit_tag.clone()).unwrap();
    assert_eq!(system.tagged(REPOSITORY, &kept).await, Some(new.clone()));
    system.forget();
    let outcome = desk.delete(&[tag(&kept)]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(system.tagged(REPOSITORY, &kept).await, None);
    assert_eq!(system.tagged(REPOSITORY, "v1").await.as_ref(), Some(&old));
    let asked = system.asked();
    assert!(!asked.iter().any(|request| is_own(request)), "{asked:#?}");
    assert!(system.tagged(REPOSITORY, &new).await.is_some());
    assert_eq!(system.violations(), [""; 0]);
}

async fn is_recognised<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    system.push(REPOSITORY, "v1", "one").await;
    let desk = desk(&system).await;
    let kind = desk.home.app.kind(desk.id.clone()).await.unwrap();
    assert_eq!(kind.recognised, Some(VendorId::Pulp));
    let native = kind
        .parts
        .iter()
        .filter(|part| part.means == KindMeans::Native);
    assert_eq!(native.count(), 6);
    let list = desk.home.app.repositories(desk.id.clone()).await.unwrap();
    assert_eq!((list.names, list.note), (vec![REPOSITORY.to_owned()], None));
}

/// Behaviour (vendors): What a blob holds is checked by whoever downloads it: Pulp takes one under any digest, and serves it under that.
/// Source: pulp-container 2.30.0: `PUT …/blobs/uploads/…?digest=` of other bytes 201; `GET` answers with that digest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_blob_that_nobody_checked_is_not_believed() {
    let Some(system) = real::Pulp::start().await else {
        return;
    };
    system.push(REPOSITORY, "right", "right").await;
    let right = system.pulp.manifest(REPOSITORY, "right").await.unwrap();
    let mut manifest: serde_json::Value = serde_json::from_slice(&right.unwrap().1).unwrap();
    let says = br#"{"architecture":"s390x","os":"plan9","rootfs":{"type":"layers","diff_ids":[]}}"#;
    let wrong = digest(b"something else");
    let uploads = format!("/v2/{REPOSITORY}/blobs/uploads/");
    let begun = system.pulp.send(Method::POST, &uploads, &[], "").await;
    let to = begun.unwrap().1["location"].to_str().unwrap().to_owned();
    let put = format!("{to}?digest={wrong}");
    let sent = system
        .pulp
        .send(Method::PUT, &put, &[], says.to_vec())
        .await;
    assert_eq!(sent.unwrap().0, 201, "nobody checks it");
    manifest["config"]["digest"] = wrong.into();
    manifest["config"]["size"] = says.len().into();
    let bytes = manifest.to_string().into_bytes();
    let put = put_manifest(&system.pulp, REPOSITORY, "wrong", MANIFEST, bytes).await;
    let pushed = put.unwrap();
    let desk = desk(&system).await;
    let row = desk.lab().resolve("wrong").await;
    assert_eq!(row.digest, Some(pushed));
    assert_eq!(row.platforms, [""; 0], "{row:?}");
    desk.see("right").await;
}
