//! Decoys on their way into a registry: refused, for one reason or another, or taken without a word.

use crate::acts::{Desk, REPOSITORY, answered, scripted, tag};
use app::view::delete::DeleteOutcome;
use testkit::scripted::{Hand, Scripted};

/// A registry that deletes by digest only, whose tag `v1` is shown in the sheet; its digest.
pub async fn by_decoy() -> (Desk, Scripted, String) {
    let (desk, registry) = scripted().await;
    registry.set(|faults| faults.delete_by_digest_only = true);
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.plan_delete(&[tag("v1")]).await;
    (desk, registry, digest)
}

pub async fn delete(desk: &Desk, digest: &str) -> DeleteOutcome {
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
        let lost = loses_answers(&registry);
        registry.before("PUT", "/manifests/v1", lost);
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_that_goes_without_an_answer_has_gone_with_its_tag() {
    let (desk, registry, digest) = by_decoy().await;
    let lost = loses_answers(&registry);
    registry.before("DELETE", "/manifests/sha256:", lost);
    registry.forget_requests();
    let outcome = delete(&desk, &digest).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), None);
    let put = format!("/v2/{REPOSITORY}/manifests/v1");
    assert_eq!(registry.count("PUT", &put), 1, "nothing is given back");
    assert_eq!(desk.undo(&outcome).await.done, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_a_decoy_stays_is_said_only_where_the_tag_bears_it() {
    for (arrives, words) in [
        (true, "refuses to delete"),
        (false, "an empty manifest now"),
    ] {
        let (desk, registry, digest) = by_decoy().await;
        answered(&registry, 409, "DELETE", "/manifests/sha256:");
        let lost = loses_answers(&registry);
        let faults = registry.faults.clone();
        registry.before("DELETE", "/manifests/sha256:", move |hand| {
            if arrives {
                hand.before("PUT", "/manifests/v1", lost);
            } else {
                faults.lock().unwrap().refuse_manifests = Some("v1");
            }
        });
        let outcome = delete(&desk, &digest).await;
        assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
        let told = &outcome.failed[0].problem;
        assert!(told.message.contains(words), "{told:?}");
        let bears = registry.tagged(REPOSITORY, "v1");
        assert_eq!(bears == Some(digest), arrives);
    }
}

/// What is asked from then on is done, and no answer says so, as often as it is sent.
fn loses_answers(registry: &Scripted) -> impl FnOnce(&Hand) + Send + 'static {
    let faults = registry.faults.clone();
    move |_| faults.lock().unwrap().lose_answers = 4
}
