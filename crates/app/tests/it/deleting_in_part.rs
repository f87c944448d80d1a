//! Deletions that end before all has gone: a sign-in that lapses, a name that is refused, a registry that takes less or
//! more than it was told. What went can be undone, what stays is said, and nothing of it was somebody else's move.

use crate::acts::{
    Desk, REPOSITORY, also, answered, commit, nameless, scripted, short, tag, unreadable,
};
use app::view::delete::DeleteOutcome;
use app::view::problem::{Code, Problem};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use testkit::images::{INDEX, MANIFEST};
use testkit::scripted::{Answer, Scripted};

pub const DIGEST: &str = "/manifests/sha256:";

/// One commit under two names, which a sheet has shown.
pub async fn two_names() -> (Desk, Scripted, String) {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    also(&registry, &digest, "v2");
    desk.plan_delete(&[commit(&digest)]).await;
    (desk, registry, digest)
}

/// The same, where a tag can't be asked: the commit goes name by name.
async fn name_by_name() -> (Desk, Scripted, String) {
    let (desk, registry) = scripted().await;
    unreadable(&registry, "odd");
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    also(&registry, &digest, "v2");
    desk.plan_delete(&[commit(&digest)]).await;
    (desk, registry, digest)
}

/// Presses the button.
pub async fn press(desk: &Desk, digest: &str) -> Result<DeleteOutcome, Problem> {
    let order = desk.delete_order(&[(commit(digest), digest)]);
    desk.home.app.delete(order).await
}

/// How often it was asked for: a name, or a digest.
pub fn deletions(registry: &Scripted, part: &str) -> usize {
    registry.count("DELETE", &format!("/v2/{REPOSITORY}{part}"))
}

pub fn well_again(registry: &Scripted) {
    registry.set(|faults| faults.script = None);
}

/// What went is undone, and these tags are there then.
pub async fn undone(desk: &Desk, registry: &Scripted, outcome: &DeleteOutcome, tags: &[&str]) {
    well_again(registry);
    let back = desk.undo(outcome).await;
    assert_eq!(back.failed, [], "{back:?}");
    assert_eq!(registry.tags(REPOSITORY), tags);
    assert_eq!(
        desk.lab().moves().await.rows,
        [],
        "nobody else did anything"
    );
}

/// Behaviour (sign-in): A sign-in that lapses in the midst of a deletion ends it: what is left is counted, what went can be undone.
/// Source: tokens that are revoked, and robot accounts that expire.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_lapses_in_the_midst_ends_the_deletion_and_counts_what_is_left() {
    for (at, notes) in [
        (1, Some("The sign-in ended: 2 left alone.")),
        (2, Some("The sign-in ended: 1 left alone.")),
        (3, None),
    ] {
        let (desk, registry) = scripted().await;
        let names = ["v0", "v1", "v2", "v3"];
        let digests = names.map(|name| registry.push_image(REPOSITORY, name, name));
        desk.plan_delete(&names.map(tag)).await;
        answered(&registry, 401, "DELETE", format!("/manifests/v{at}"));
        let items: Vec<_> = names
            .iter()
            .zip(&digests)
            .map(|(name, digest)| (tag(name), digest.as_str()))
            .collect();
        let outcome = desk
            .home
            .app
            .delete(desk.delete_order(&items))
            .await
            .unwrap();
        assert_eq!(
            (outcome.done as usize, outcome.failed.len()),
            (at, 1),
            "{outcome:?}"
        );
        assert_eq!(outcome.failed[0].name, names[at]);
        let told: Vec<_> = outcome
            .notes
            .iter()
            .map(|note| note.text.as_str())
            .collect();
        assert_eq!(told, notes.into_iter().collect::<Vec<_>>());
        assert_eq!(registry.tags(REPOSITORY), names[at..]);
        undone(&desk, &registry, &outcome, &names).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_lapsed_before_anything_went_is_asked_for_in_place() {
    let (desk, registry) = scripted().await;
    let digests = ["v1", "v2"].map(|name| registry.push_image(REPOSITORY, name, name));
    desk.plan_delete(&[tag("v1"), tag("v2")]).await;
    let order = desk.delete_order(&[(tag("v1"), &digests[0]), (tag("v2"), &digests[1])]);
    answered(&registry, 401, "DELETE", "/manifests/v");
    let told = desk.home.app.delete(order.clone()).await.unwrap_err();
    assert_eq!(told.code, Code::SignIn, "{told:?}");
    assert_eq!(deletions(&registry, "/manifests/v2"), 0);
    // Where something has been told already, it is told with it.
    registry.script(|asked| {
        let path = (asked.method == "DELETE").then_some(asked.path)?;
        let ends = |name: &str| path.ends_with(name);
        (ends("/v1").then_some(403))
            .or(ends("/v2").then_some(401))
            .map(Answer::of)
    });
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 2), "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY), ["v1", "v2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_goes_by_one_deletion_of_its_digest_where_all_was_asked() {
    let (desk, registry, digest) = two_names().await;
    registry.forget_requests();
    assert_eq!(press(&desk, &digest).await.unwrap().done, 1);
    assert_eq!(registry.tags(REPOSITORY), Vec::<String>::new());
    assert_eq!(
        (
            deletions(&registry, DIGEST),
            deletions(&registry, "/manifests/v")
        ),
        (1, 0)
    );

    // Where that is not allowed, no name goes in its place.
    let (desk, registry, digest) = two_names().await;
    answered(&registry, 403, "DELETE", DIGEST);
    let outcome = press(&desk, &digest).await.unwrap();
    assert_eq!(
        (outcome.done, outcome.failed.len(), outcome.undo),
        (0, 1, None)
    );
    assert_eq!(deletions(&registry, "/manifests/v"), 0);
    assert_eq!(registry.tags(REPOSITORY), ["v1", "v2"]);
}

/// A registry that refuses to delete a digest while so many of its tags have not gone.
pub fn refuses_while_named(registry: &Scripted, names: usize, refused: Option<&'static str>) {
    let went = AtomicUsize::new(0);
    registry.script(move |asked| {
        let path = (asked.method == "DELETE").then_some(asked.path)?;
        if path.contains(DIGEST) {
            return (went.load(Ordering::SeqCst) < names).then(|| Answer::of(409));
        }
        if refused.is_some_and(|name| path.ends_with(name)) {
            return Some(Answer::of(409));
        }
        went.fetch_add(1, Ordering::SeqCst);
        None
    });
}

/// Behaviour (deletions): Where a digest is deleted only once no tag points at it, the tags go first, then the digest.
/// Source: Google's registry answers 400 `GOOGLE_MANIFEST_DANGLING_TAG` (genuinetools/reg, issue 136).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_refused_while_it_has_names_goes_after_them() {
    let (desk, registry, digest) = two_names().await;
    refuses_while_named(&registry, 2, None);
    let outcome = press(&desk, &digest).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(registry.manifest(REPOSITORY, &digest), None);
    undone(&desk, &registry, &outcome, &["v1", "v2"]).await;
    assert!(registry.manifest(REPOSITORY, &digest).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_somebody_moves_while_names_go_one_by_one_is_left_alone_and_ends_it() {
    for (moved, left) in [("v1", vec!["v1", "v2"]), ("v2", vec!["v2"])] {
        let (desk, registry, digest) = two_names().await;
        refuses_while_named(&registry, 2, None);
        // After every tag was asked, in the moment before the first one goes, or the second.
        let before = if moved == "v1" {
            DIGEST
        } else {
            "/manifests/v1"
        };
        registry.before("DELETE", before, move |hand| {
            hand.push_image(REPOSITORY, moved, "theirs");
        });
        let outcome = press(&desk, &digest).await.unwrap();
        let theirs = registry.tagged(REPOSITORY, moved).unwrap();
        assert_ne!(theirs, digest);
        assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
        let told = &outcome.failed[0].problem;
        assert_eq!(told.code, Code::TagMoved, "{told:?}");
        assert!(
            told.message.contains(short(&theirs)) && told.message.contains("left alone"),
            "{told:?}"
        );
        assert_eq!(registry.tags(REPOSITORY), left);
        assert!(registry.manifest(REPOSITORY, &digest).is_some());
        assert_eq!(outcome.undo.is_some(), moved == "v2", "{outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_went_before_one_was_refused_or_their_commit_stayed_can_be_undone() {
    for (names, refused, left) in [
        (2, Some("/v2"), vec!["v2"]),
        (2, Some("/v1"), vec!["v1", "v2"]),
        // The digest is refused for ever.
        (3, None, vec![]),
    ] {
        let (desk, registry, digest) = two_names().await;
        refuses_while_named(&registry, names, refused);
        let outcome = press(&desk, &digest).await.unwrap();
        assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
        assert!(
            outcome.failed[0]
                .problem
                .message
                .contains("refuses to delete")
        );
        assert_eq!(registry.tags(REPOSITORY), left);
        assert!(registry.manifest(REPOSITORY, &digest).is_some());
        desk.refresh().await;
        assert_eq!(desk.lab().moves().await.rows, [], "nobody else did it");
        // Where nothing went there is nothing to undo.
        assert_eq!(outcome.undo.is_some(), left.len() < 2, "{outcome:?}");
        if outcome.undo.is_some() {
            undone(&desk, &registry, &outcome, &["v1", "v2"]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_went_can_be_undone_though_the_registry_has_yet_to_delete_their_commit() {
    let (desk, registry, digest) = two_names().await;
    let asked_before = AtomicBool::new(false);
    registry.script(move |asked| {
        if asked.method != "DELETE" || !asked.path.contains(DIGEST) {
            return None;
        }
        let again = asked_before.swap(true, Ordering::SeqCst);
        Some(Answer::of(if again { 202 } else { 409 }))
    });
    let app = desk.home.app.clone();
    registry.before("DELETE", "/manifests/v2", move |hand| {
        hand.before("DELETE", DIGEST, move |_| {
            tokio::spawn(async move { app.stop_deleting().await });
        });
    });
    let outcome = press(&desk, &digest).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert!(outcome.failed[0].problem.message.contains("and yet has it"));
    assert_eq!(registry.tags(REPOSITORY), Vec::<String>::new());
    undone(&desk, &registry, &outcome, &["v1", "v2"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_names_that_go_one_by_one_those_that_went_can_be_undone() {
    let (desk, registry, digest) = name_by_name().await;
    let outcome = press(&desk, &digest).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(deletions(&registry, DIGEST), 0);
    let told = &outcome.notes[0].text;
    assert!(
        told.contains("was not deleted by its digest") && told.contains("one by one: 2"),
        "{told}"
    );
    undone(&desk, &registry, &outcome, &["odd", "v1", "v2"]).await;

    for (refused, left) in [("/v2", vec!["odd", "v2"]), ("/v1", vec!["odd", "v1", "v2"])] {
        let (desk, registry, digest) = name_by_name().await;
        answered(&registry, 403, "DELETE", format!("/manifests{refused}"));
        let outcome = press(&desk, &digest).await.unwrap();
        assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
        assert_eq!(registry.tags(REPOSITORY), left);
        assert_eq!(outcome.undo.is_some(), refused == "/v2", "{outcome:?}");
        if outcome.undo.is_some() {
            undone(&desk, &registry, &outcome, &["odd", "v1", "v2"]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_lapses_between_two_names_ends_the_deletion_and_the_first_can_be_undone() {
    let (desk, registry, digest) = name_by_name().await;
    answered(&registry, 401, "DELETE", "/manifests/v1");
    let told = press(&desk, &digest).await.unwrap_err();
    assert_eq!(told.code, Code::SignIn, "nothing went: {told:?}");

    let (desk, registry, digest) = name_by_name().await;
    let other = registry.push_image(REPOSITORY, "v3", "three");
    answered(&registry, 401, "DELETE", "/manifests/v2");
    let order = desk.delete_order(&[(commit(&digest), &digest), (tag("v3"), &other)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert!(
        outcome.notes[0]
            .text
            .contains("The sign-in ended: 1 left alone"),
        "{outcome:?}"
    );
    assert_eq!(registry.tags(REPOSITORY), ["odd", "v2", "v3"]);
    undone(&desk, &registry, &outcome, &["odd", "v1", "v2", "v3"]).await;
}

/// What is deleted while it can't be read offers no *Undo*: there is nothing that could be written again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_read_before_it_went_offers_no_undo() {
    let (desk, registry) = scripted().await;
    unreadable(&registry, "odd");
    let unread = registry.push_image(REPOSITORY, "v1", "one");
    answered(&registry, 403, "GET", format!("/manifests/{unread}"));
    let outcome = desk.delete(&[commit(&unread)]).await;
    assert_eq!((outcome.done, outcome.undo), (1, None), "name by name");
    let unread = registry.push_image(REPOSITORY, "v1", "one");
    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!((outcome.done, outcome.undo), (1, None), "{unread}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_is_undone_without_a_platform_that_was_gone_but_not_without_one_that_was_unread() {
    for (status, can_undo) in [(403, false), (404, true)] {
        let (desk, registry) = scripted().await;
        let platform = nameless(&registry, "arm64");
        let index = serde_json::json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [
            {"mediaType": MANIFEST, "digest": platform, "size": 2,
                "platform": {"os": "linux", "architecture": "arm64"}}]});
        let index = registry.put_manifest(
            REPOSITORY,
            Some("multi"),
            INDEX,
            index.to_string().as_bytes(),
        );
        answered(&registry, status, "GET", format!("/manifests/{platform}"));
        desk.plan_delete(&[tag("multi")]).await;
        let order = desk.delete_order(&[(tag("multi"), &index)]);
        let outcome = desk.home.app.delete(order).await.unwrap();
        assert_eq!(
            (outcome.done, outcome.undo.is_some()),
            (1, can_undo),
            "{status}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_a_name_that_is_refused_is_not_asked_to_go_again() {
    let (desk, registry) = scripted().await;
    let digest = nameless(&registry, "one");
    desk.plan_delete(&[commit(&digest)]).await;
    registry.forget_requests();
    // It would be accepted the second time, and done later: there would be nothing by which it could be undone.
    let asked_before = AtomicBool::new(false);
    registry.script(move |asked| {
        let deletion = asked.method == "DELETE" && asked.path.contains(DIGEST);
        deletion.then(|| {
            let again = asked_before.swap(true, Ordering::SeqCst);
            Answer::of(if again { 202 } else { 409 })
        })
    });
    let outcome = press(&desk, &digest).await.unwrap();
    assert_eq!(
        (outcome.done, outcome.failed.len(), outcome.undo),
        (0, 1, None)
    );
    let told = &outcome.failed[0].problem;
    assert!(told.message.contains("refuses to delete"), "{told:?}");
    assert_eq!(deletions(&registry, DIGEST), 1);
}
