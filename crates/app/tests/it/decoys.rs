//! Decoys on their way into a registry: refused, for one reason or another, or taken without a word.

use crate::acts::{Desk, REPOSITORY, answered, scripted, tag};
use app::view::delete::DeleteOutcome;
use testkit::scripted::Scripted;

/// A registry that deletes by digest only, whose tag `v1` is shown in the sheet; its digest.
async fn by_decoy() -> (Desk, Scripted, String) {
    let (desk, registry) = scripted().await;
    registry.set(|faults| faults.delete_by_digest_only = true);
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.plan_delete(&[tag("v1")]).await;
    (desk, registry, digest)
}

async fn delete(desk: &Desk, digest: &str) -> DeleteOutcome {
    let order = desk.delete_order(&[(tag("v1"), digest)]);
    desk.home.app.delete(order).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_that_is_refused_for_what_it_is_is_told_as_such_and_any_other_no_as_it_is() {
    for (status, words) in [
        (400, "refuses the empty manifest"),
        (409, "refuses the empty manifest"),
        (403, "may not push to lab/tool"),
    ] {
        let (desk, registry, digest) = by_decoy().await;
        answered(&registry, status, "PUT", "/manifests/v1");
        let outcome = delete(&desk, &digest).await;
        assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
        let told = &outcome.failed[0].problem;
        assert!(told.message.contains(words), "{status}: {told:?}");
        assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(digest));
    }
}

/// Behaviour (deletions): A decoy that was taken though no answer said so is deleted as any other; where it can't be, the tag gets back what it had.
/// Source: gateways that give up (504) on what the registry behind them does all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_that_was_taken_without_an_answer_is_not_left_there() {
    for deleted in [true, false] {
        let (desk, registry, digest) = by_decoy().await;
        let faults = registry.faults.clone();
        registry.before("PUT", "/manifests/v1", move |_| {
            // As often as it is asked.
            faults.lock().unwrap().lose_answers = 4;
        });
        if !deleted {
            answered(&registry, 409, "DELETE", "/manifests/sha256:");
        }
        let outcome = delete(&desk, &digest).await;
        assert_eq!(registry.faults.lock().unwrap().lose_answers, 0);
        let done = usize::from(deleted);
        assert_eq!(
            (outcome.done as usize, outcome.failed.len()),
            (done, 1 - done),
            "{outcome:?}"
        );
        let left = (!deleted).then_some(digest);
        assert_eq!(registry.tagged(REPOSITORY, "v1"), left);
        desk.refresh().await;
        assert_eq!(desk.lab().moves().await.rows, [], "nobody else did it");
    }
}
