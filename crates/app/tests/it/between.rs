//! What somebody else does in the very moment in which a tag is taken away or put back: never overwritten unseen.

use crate::acts::{Desk, REPOSITORY, scripted, short, tag};
use crate::decoys::{by_decoy, delete};
use app::view::about::CreateOrder;
use app::view::keep::KeepRule;
use app::view::keep::{KeepOrder, Prune};
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use testkit::images::MANIFEST;
use testkit::scripted::{Answer, Clock, Scripted};

/// Pushes as somebody else under this tag, in the moment before such a request is answered; then tells what was pushed.
fn slips_in(registry: &Scripted, method: &str, part: &str, tag: &'static str) -> Receiver<String> {
    let (tells, pushed) = channel();
    registry.before(method, part, move |hand| {
        tells
            .send(hand.push_image(REPOSITORY, tag, "theirs"))
            .unwrap();
    });
    pushed
}

/// A desk whose sheet has shown that `v1` would go by way of a decoy.
async fn about_to_delete() -> (Desk, Scripted, String) {
    let (desk, registry) = scripted().await;
    registry.set(|faults| faults.delete_by_digest_only = true);
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.plan_delete(&[tag("v1")]).await;
    (desk, registry, digest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_under_a_tag_before_its_decoy_stays() {
    let (desk, registry, digest) = about_to_delete().await;
    let theirs = slips_in(&registry, "POST", "/blobs/uploads/", "v1");
    let outcome = delete(&desk, &digest).await;
    assert_eq!(outcome.failed[0].problem.code, Code::TagMoved);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), theirs.try_recv().ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_in_a_decoys_place_is_not_overwritten_by_giving_back() {
    let (desk, registry, digest) = about_to_delete().await;
    registry.set(|faults| faults.delete_fails = 100);
    let theirs = slips_in(&registry, "DELETE", "/manifests/sha256:", "v1");
    let outcome = delete(&desk, &digest).await;
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), theirs.try_recv().ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_under_a_tag_before_it_goes_back_is_not_overwritten_though_nothing_is_kept() {
    let (desk, registry) = scripted().await;
    let old = registry.push_image(REPOSITORY, "v1", "old");
    desk.see("v1").await;
    let new = registry.push_image(REPOSITORY, "v1", "new");
    desk.see("v1").await;
    let theirs = slips_in(&registry, "HEAD", "/manifests/_about", "v1");
    let order = desk.active_order("v1", &old, Some(&new), KeepAnswer::Off);
    let told = desk.home.app.make_active(order).await.unwrap_err();
    assert_eq!(told.code, Code::TagMoved, "{told:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), theirs.try_recv().ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_under_a_tag_before_it_is_put_back_is_not_overwritten() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let outcome = desk.delete(&[tag("v1")]).await;
    let theirs = slips_in(&registry, "HEAD", &format!("/manifests/{digest}"), "v1");
    let undo = outcome.undo.unwrap();
    let back = desk.home.app.undo_delete(undo).await.unwrap();
    assert_eq!(back.failed[0].problem.code, Code::TagMoved, "{back:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), theirs.try_recv().ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_come_while_others_are_written_are_not_overwritten() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    let theirs = slips_in(&registry, "HEAD", "/blobs/sha256:", "_about");
    let order = KeepOrder {
        account: desk.id.clone(),
        repository: REPOSITORY.into(),
        rule: KeepRule::Overwrite,
        prune: Prune::All,
        rescue: false,
        share: true,
    };
    let told = desk.home.app.set_keep(order).await.unwrap_err();
    assert_eq!(told.code, Code::Changed, "{told:?}");
    let theirs = theirs.try_recv().unwrap();
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
    desk.home.clock_is("2035-11-21T02:09:00Z");
    desk.make_active("v1", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    let name = format!("_h.v1.20351121t020900z-{}", &old[7..]);
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
    // Theirs is left alone, and the commit is kept all the same.
    let next = name.replace("020900z", "020901z");
    assert_eq!(registry.tagged(REPOSITORY, &next), Some(old));
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
        private: None,
    };
    let theirs = order("lab/other", "Theirs");
    desk.home.app.create_repository(theirs).await.unwrap();
    let theirs = registry.tagged("lab/other", "_about").unwrap();
    let bytes = registry.manifest("lab/other", &theirs).unwrap();
    let looks = format!("/v2/{REPOSITORY}/manifests/_about");
    registry.before("HEAD", &looks, move |hand| {
        hand.put_manifest(REPOSITORY, Some("_about"), MANIFEST, &bytes);
    });
    let ours = order(REPOSITORY, "Ours");
    let told = desk.home.app.create_repository(ours).await.unwrap_err();
    assert_eq!(told.code, Code::Changed, "{told:?}");
    assert_eq!(registry.tagged(REPOSITORY, "_about"), Some(theirs));
}

/// Behaviour (deletions): What somebody pushes right after a decoy took a tag's place stays, and is told; the decoy goes.
/// Source: distribution 2.8, which deletes by digest only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_right_after_a_decoy_stays_and_the_decoy_goes() {
    let (desk, registry, digest) = by_decoy().await;
    let decoy = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&decoy);
    registry.before("PUT", "/manifests/v1", move |hand| {
        hand.before("HEAD", "/manifests/v1", move |hand| {
            *seen.lock().unwrap() = hand.manifest_of(REPOSITORY, "v1");
            hand.push_image(REPOSITORY, "v1", "theirs");
        });
    });
    let outcome = delete(&desk, &digest).await;
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert_eq!(outcome.failed[0].problem.code, Code::TagMoved);
    let theirs = registry.tagged(REPOSITORY, "v1").unwrap();
    let (decoy, _) = decoy.lock().unwrap().take().unwrap();
    assert!(theirs != decoy && theirs != digest);
    assert_eq!(registry.manifest(REPOSITORY, &decoy), None);
    assert!(registry.manifest(REPOSITORY, &theirs).is_some());
}

/// Behaviour (deletions): What somebody pushes between the last look and the decoy is told where any look saw it.
/// Source: distribution 2.8, which has no conditional PUT.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_slips_in_before_a_decoy_is_told_where_a_look_saw_it() {
    let (desk, registry, digest) = by_decoy().await;
    // Another part of the app looks in the same moment, while the decoy is on its way.
    let mut decoy = registry.hold("PUT", "/manifests/v1");
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let app = desk.home.app.clone();
    let running = tokio::spawn(async move { app.delete(order).await });
    decoy.came().await;
    let theirs = registry.push_image(REPOSITORY, "v1", "theirs");
    desk.see("v1").await;
    drop(decoy);
    let outcome = running.await.unwrap().unwrap();
    assert_eq!(registry.tagged(REPOSITORY, "v1"), None);
    let notes = format!("{:?}", outcome.notes);
    assert!(
        notes.contains(short(&theirs)) && notes.contains("very moment"),
        "{notes}"
    );
    // It is an entry of the tag, and can be put back from there.
    assert!(desk.lab().digests("v1").await.contains(&theirs));
}

/// Behaviour (deletions): A decoy that goes between the HEAD and the GET of another computer is nobody's commit.
/// Source: distribution 2.8, deleted from by two computers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_that_goes_between_head_and_get_is_nobodys_commit() {
    for again in [None, Some("theirs")] {
        let (desk, registry, digest) = by_decoy().await;
        let caught = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&caught);
        registry.before("DELETE", "/manifests/sha256:", move |hand| {
            *seen.lock().unwrap() = hand.manifest_of(REPOSITORY, "v1");
        });
        let outcome = delete(&desk, &digest).await;
        assert_eq!(outcome.done, 1, "{outcome:?}");
        let (decoy, bytes) = caught.lock().unwrap().take().unwrap();

        // The same stands there while another computer looks.
        let other = Desk::at(&registry.host()).await;
        registry.put_manifest(REPOSITORY, Some("v1"), MANIFEST, &bytes);
        let gone = decoy.clone();
        registry.before("GET", &format!("/manifests/{decoy}"), move |hand| {
            hand.drop_manifest(REPOSITORY, &gone);
            if let Some(text) = again {
                hand.push_image(REPOSITORY, "v1", text);
            }
        });
        registry.forget_requests();
        other.lab().resolve("v1").await;
        assert_eq!(
            registry.count("GET", &format!("/v2/{REPOSITORY}/manifests/{decoy}")),
            1
        );
        // Asked again, as its manifest was not there any more; not for ever.
        let asked = registry.count("HEAD", &format!("/v2/{REPOSITORY}/manifests/v1"));
        assert!((2..=3).contains(&asked), "{asked}");
        let theirs: Vec<String> = registry.tagged(REPOSITORY, "v1").into_iter().collect();
        assert_eq!(theirs.len(), usize::from(again.is_some()));
        assert_eq!(other.lab().digests("v1").await, theirs);
        assert!(other.lab().moves().await.rows.is_empty());
    }
}

/// Behaviour (deletions): What is not answered between the HEAD and the GET of another computer is noted as nobody's commit.
/// Source: distribution 2.8 behind a proxy, deleted from by two computers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_that_is_not_told_of_is_nobodys_commit() {
    let (desk, registry, digest) = by_decoy().await;
    let caught = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&caught);
    registry.before("DELETE", "/manifests/sha256:", move |hand| {
        *seen.lock().unwrap() = hand.manifest_of(REPOSITORY, "v1");
    });
    assert_eq!(delete(&desk, &digest).await.done, 1);
    let (decoy, bytes) = caught.lock().unwrap().take().unwrap();

    let other = Desk::at(&registry.host()).await;
    registry.put_manifest(REPOSITORY, Some("v1"), MANIFEST, &bytes);
    let silent = decoy.clone();
    registry.script(move |asked| {
        (asked.method == "GET" && asked.path.ends_with(&silent)).then(|| Answer::of(504))
    });
    let (id, repository) = (other.id.clone(), REPOSITORY.to_owned());
    let looked = other
        .home
        .app
        .app
        .repositories
        .resolve_tag(id, repository, "v1".to_owned());
    assert_eq!(looked.await.unwrap_err().code, Code::NoAnswer);
    assert!(registry.count("GET", &format!("/v2/{REPOSITORY}/manifests/{decoy}")) > 0);
    assert_eq!(other.lab().digests("v1").await, Vec::<String>::new());
}
