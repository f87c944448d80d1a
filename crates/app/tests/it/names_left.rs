//! Names that stay, or come, though a registry has accepted their deletion: what still brings the commit goes by its name,
//! what somebody pushed stays, and what goes later went from here.

use crate::acts::{REPOSITORY, commit, scripted, short, tag};
use crate::deleting_in_part::{
    DIGEST, deletions, press, refuses_while_named, two_names, undone, well_again,
};
use app::view::problem::Code;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use testkit::scripted::{Answer, Scripted};

/// A registry that takes the digest alone: its tags bring the commit still. Names that end so are answered with this
/// status.
fn takes_the_digest_alone(registry: &Scripted, digest: &str, refused: Option<(&'static str, u16)>) {
    let (digest, gone) = (digest.to_owned(), AtomicBool::new(false));
    registry.script(move |asked| {
        let is_digest = asked.path.contains(&digest);
        match asked.method {
            "DELETE" if is_digest => {
                gone.store(true, Ordering::SeqCst);
                Some(Answer::of(202))
            }
            "DELETE" => refused
                .filter(|(name, _)| asked.path.ends_with(name))
                .map(|(_, status)| Answer::of(status)),
            "GET" | "HEAD" if is_digest && gone.load(Ordering::SeqCst) => Some(Answer::of(404)),
            _ => None,
        }
    });
}

/// Behaviour (deletions): Tags that a deletion of their digest leaves behind are deleted by their names.
/// Source: NORA kept a file for each tag (getnora-io/nora, issue 658); newer Nexus leaves the tags (nexus-public, issue 925).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_still_bring_a_commit_that_has_gone_go_by_their_names() {
    let (desk, registry, digest) = two_names().await;
    takes_the_digest_alone(&registry, &digest, None);
    let outcome = press(&desk, &digest).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY), Vec::<String>::new());
    desk.refresh().await;
    assert_eq!(desk.lab().moves().await.rows, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_pushes_to_a_name_whose_commit_has_just_gone_stays() {
    let (desk, registry, digest) = two_names().await;
    registry.before("DELETE", DIGEST, |hand| {
        hand.before("HEAD", "/manifests/v1", |hand| {
            hand.push_image(REPOSITORY, "v1", "theirs");
        });
    });
    let outcome = press(&desk, &digest).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY), ["v1"]);
    assert_eq!(deletions(&registry, "/manifests/v"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_stays_though_its_commit_has_gone_is_told_and_what_goes_later_went_from_here() {
    for (status, words) in [
        (403, "may not delete"),
        (202, "and yet has it"),
        (504, "a problem of its own"),
    ] {
        let (desk, registry, digest) = two_names().await;
        takes_the_digest_alone(&registry, &digest, Some(("/v1", status)));
        desk.stop_at(&registry, "DELETE", "/manifests/v1");
        let outcome = press(&desk, &digest).await.unwrap();
        assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
        let told = &outcome.failed[0].problem;
        assert!(told.message.contains(words), "{told:?}");
        assert_eq!(registry.tags(REPOSITORY), ["v1", "v2"]);
        // The other was not asked any more; it went with the commit, or goes later. So does the first where it was promised.
        well_again(&registry);
        registry.drop_manifest(REPOSITORY, "v2");
        if status != 403 {
            registry.drop_manifest(REPOSITORY, "v1");
        }
        desk.refresh().await;
        assert_eq!(desk.lab().moves().await.rows, [], "nobody else did it");
        undone(&desk, &registry, &outcome, &["v1", "v2"]).await;
    }
}

/// Behaviour (deletions): What a registry has accepted and not done yet is asked again; what goes after *Stop* went from here.
/// Source: Pulp deletes by a task, which waits in a queue on a busy day.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_that_was_accepted_is_waited_for_and_goes_from_here_even_after_stop() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let other = registry.push_image(REPOSITORY, "v2", "two");
    desk.plan_delete(&[tag("v1"), tag("v2")]).await;
    registry.set(|faults| faults.delete_takes = Duration::from_millis(40));
    let order = desk.delete_order(&[(tag("v2"), &other)]);
    assert_eq!(desk.home.app.delete(order).await.unwrap().done, 1);

    registry.set(|faults| faults.delete_is_a_lie = true);
    registry.set(|faults| faults.delete_takes = Duration::ZERO);
    desk.stop_at(&registry, "DELETE", "/manifests/v1");
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    let told = &outcome.failed[0].problem;
    assert!(told.message.contains("and yet has it"), "{told:?}");
    assert!(told.hints[0].contains("that was you"), "{told:?}");
    registry.drop_manifest(REPOSITORY, "v1");
    desk.refresh().await;
    assert_eq!(desk.lab().moves().await.rows, [], "nobody else did it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_under_a_tag_right_after_it_went_stays_and_is_told() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.plan_delete(&[tag("v1")]).await;
    registry.before("DELETE", "/manifests/v1", |hand| {
        hand.before("HEAD", "/manifests/v1", |hand| {
            hand.push_image(REPOSITORY, "v1", "theirs");
        });
    });
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    let told = &outcome.failed[0].problem;
    let theirs = registry.tagged(REPOSITORY, "v1").unwrap();
    assert_eq!((outcome.done, told.code), (0, Code::TagMoved));
    assert!(told.message.contains(short(&theirs)), "{told:?}");
}

/// Behaviour (deletions): A deletion that no answer tells of is done where nothing is left of what it was to take.
/// Source: gateways that give up (504) on what the registry behind them does all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_without_an_answer_is_done_where_nothing_is_left() {
    for (whole, part, left) in [(true, DIGEST, vec![]), (false, "/manifests/v1", vec!["v2"])] {
        let (desk, registry, digest) = two_names().await;
        loses_answers(&registry, part);
        let goes = if whole { commit(&digest) } else { tag("v1") };
        let order = desk.delete_order(&[(goes, &digest)]);
        let outcome = desk.home.app.delete(order).await.unwrap();
        assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
        assert_eq!(registry.tags(REPOSITORY), left);
        undone(&desk, &registry, &outcome, &["v1", "v2"]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_without_an_answer_is_gone_where_a_commit_goes_after_its_names() {
    let (desk, registry, digest) = two_names().await;
    refuses_while_named(&registry, 2, None);
    loses_answers(&registry, "/manifests/v1");
    let outcome = press(&desk, &digest).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(registry.manifest(REPOSITORY, &digest), None);
    undone(&desk, &registry, &outcome, &["v1", "v2"]).await;
}

/// Behaviour (deletions): What goes after a deletion of which no answer came went from here; where nothing can be asked, nothing counts as gone.
/// Source: gateways that give up (504) on what the registry behind them does all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_after_a_deletion_without_an_answer_went_from_here() {
    for (whole, part) in [(true, DIGEST), (false, "/manifests/v1")] {
        for silent in ["DELETE", "DELETE, HEAD, GET"] {
            let (desk, registry, digest) = two_names().await;
            // From the deletion on.
            let begun = AtomicBool::new(false);
            registry.script(move |asked| {
                let is_it = asked.method == "DELETE" && asked.path.contains(part);
                let begun = begun.fetch_or(is_it, Ordering::SeqCst) || is_it;
                (begun && silent.contains(asked.method)).then(|| Answer::of(504))
            });
            let goes = if whole { commit(&digest) } else { tag("v1") };
            let order = desk.delete_order(&[(goes, &digest)]);
            let outcome = desk.home.app.delete(order).await.unwrap();
            assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
            assert_eq!(outcome.failed[0].problem.code, Code::NoAnswer);
            assert_eq!(outcome.undo, None);
            well_again(&registry);
            desk.refresh().await;
            assert!(!desk.commits("v1").await.is_empty());
            let gone = if whole { &digest } else { "v1" };
            registry.drop_manifest(REPOSITORY, gone);
            desk.refresh().await;
            assert_eq!(desk.lab().moves().await.rows, [], "nobody else did it");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_of_which_no_answer_came_went_from_here_where_its_commit_goes_after_it() {
    let (desk, registry, digest) = two_names().await;
    registry.script(|asked| {
        let path = (asked.method == "DELETE").then_some(asked.path)?;
        (path.contains(DIGEST).then_some(409))
            .or(path.ends_with("/v2").then_some(504))
            .map(Answer::of)
    });
    let outcome = press(&desk, &digest).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY), ["v2"]);
    well_again(&registry);
    registry.drop_manifest(REPOSITORY, "v2");
    desk.refresh().await;
    assert_eq!(desk.lab().moves().await.rows, [], "nobody else did it");
    let back = desk.undo(&outcome).await;
    assert_eq!((back.done, back.failed.len()), (1, 0), "{back:?}");
    assert_eq!(registry.tags(REPOSITORY), ["v1"]);
}

/// Deletions of this are done, and no answer says so, as often as they are sent.
fn loses_answers(registry: &Scripted, part: &str) {
    let faults = registry.faults.clone();
    registry.before("DELETE", part, move |_| {
        faults.lock().unwrap().lose_answers = 4;
    });
}
