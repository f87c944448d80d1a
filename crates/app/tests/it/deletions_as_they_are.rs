//! Deletions as the world's registries do them: later, by digest alone, or never.

use crate::acts::{REPOSITORY, commit, scripted, tag};
use std::time::{Duration, Instant};
use testkit::images::MANIFEST;
use testkit::scripted::Faults;

/// What a registry refuses of a manifest's form, switched on.
type Form = fn(&mut Faults);

/// Behaviour (deletions): A deletion that is accepted and done seconds later is waited for: the tag counts as gone, not as left.
/// Source: Pulp deletes by a task, two or three seconds after its 202.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_that_takes_its_time_is_waited_for() {
    let ways: [fn(&mut Faults); 2] = [|_| {}, |faults| faults.delete_by_digest_only = true];
    for way in ways {
        let (desk, registry) = scripted().await;
        registry.push_image(REPOSITORY, "v1", "one");
        let other = registry.push_image(REPOSITORY, "v2", "two");
        desk.refresh().await;
        desk.see("v1").await;
        desk.see("v2").await;
        registry.set(way);
        registry.set(|faults| faults.delete_takes = Duration::from_millis(1300));
        let outcome = desk.delete(&[tag("v1")]).await;
        assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
        assert_eq!(registry.tags(REPOSITORY), ["v2"]);
        let outcome = desk.delete(&[commit(&other)]).await;
        assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
        assert!(registry.tags(REPOSITORY).is_empty());
        assert_eq!(desk.lab().moves().await.rows, [], "nobody else did it");
    }
}

/// Behaviour (deletions): A deletion that is accepted and never done is told as such, and a tag that bore the decoy gets back what it
/// had.
/// Source: registries with deletion switched off behind a proxy that accepts it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_whose_deletion_is_never_done_gives_the_tag_back() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.refresh().await;
    desk.see("v1").await;
    registry.set(|faults| faults.delete_by_digest_only = true);
    desk.plan_delete(&[tag("v1")]).await;
    registry.set(|faults| faults.delete_is_a_lie = true);
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert!(
        outcome.failed[0].problem.message.contains("and yet has it"),
        "{outcome:?}"
    );
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(digest));
}

/// Behaviour (deletions): What a registry has accepted and does later than we ask counts as deleted from here, once.
/// Source: Pulp deletes by a task, which waits in a queue on a busy day.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_deleted_later_than_we_ask_is_nobody_elses_move() {
    for by_digest in [false, true] {
        let (desk, registry) = scripted().await;
        let digest = registry.push_image(REPOSITORY, "v1", "one");
        desk.refresh().await;
        desk.see("v1").await;
        let what = if by_digest {
            commit(&digest)
        } else {
            tag("v1")
        };
        desk.plan_delete(std::slice::from_ref(&what)).await;
        registry.set(|faults| faults.delete_is_a_lie = true);
        let order = desk.delete_order(&[(what, &digest)]);
        let outcome = desk.home.app.delete(order).await.unwrap();
        let told = &outcome.failed[0].problem;
        assert!(told.hints[0].contains("that was you"), "{told:?}");
        // Minutes later it goes.
        registry.drop_manifest(REPOSITORY, "v1");
        desk.home.later(Duration::from_mins(10));
        desk.refresh().await;
        let row = desk.lab().tags().await.rows.remove(0);
        assert!(row.deleted, "{row:?}");
        assert_eq!(desk.lab().moves().await.rows, [], "nobody else did it");
        // It is put there again, and goes without having been asked.
        registry.push_image(REPOSITORY, "v1", "one");
        desk.refresh().await;
        desk.see("v1").await;
        registry.drop_manifest(REPOSITORY, "v1");
        desk.refresh().await;
        assert_eq!(desk.lab().moves().await.rows.len(), 1);
    }
}

/// Behaviour (deletions): *Stop* ends the wait for a deletion that takes its time.
/// Source: a person's patience.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wait_for_a_deletion_ends_with_stop() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.refresh().await;
    desk.see("v1").await;
    desk.plan_delete(&[tag("v1")]).await;
    registry.set(|faults| faults.delete_is_a_lie = true);
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let id = desk.home.app.app.orders.delete(order).await.unwrap();
    while registry.count("DELETE", "/v2/lab/tool/manifests/v1") == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let began = Instant::now();
    desk.home.app.cancel_task(id.clone()).await.unwrap();
    desk.home.ended(&id).await;
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "{:?}",
        began.elapsed()
    );
}

/// Behaviour (deletions): A decoy has no type of its own, and is written in the form that the registry takes.
/// Source: GitLab's registry with its database; older Quay.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_is_written_in_the_form_that_passes() {
    let forms: [Form; 2] = [
        |faults| faults.refuse_unknown_artifact = true,
        |faults| faults.refuse_what_is_no_image = true,
    ];
    for form in forms {
        let (desk, registry) = scripted().await;
        let bytes = registry.push_image(REPOSITORY, "v1", "one");
        let bytes = registry.manifest(REPOSITORY, &bytes).unwrap();
        registry.put_manifest(REPOSITORY, Some("stage"), MANIFEST, &bytes);
        desk.refresh().await;
        desk.see("v1").await;
        registry.set(form);
        registry
            .set(|faults| (faults.delete_by_digest_only, faults.require_children) = (true, true));
        let outcome = desk.delete(&[tag("v1")]).await;
        assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
        assert_eq!(registry.tags(REPOSITORY), ["stage"]);
    }
}
