//! Gitea and Forgejo: since when a tag points where it does, by their own interface; commits that go with their last tag; tags in small
//! letters.

use crate::acts::{Desk, REPOSITORY, also, tag};
use crate::home::{SECRET, USER};
use app::view::accounts::AccountState;
use app::view::browse::{CommitRow, Source, TimeKind};
use app::view::kinds::VendorId;
use app::view::problem::Code;
use credentials::{SecretKey, SecretStore};
use secrecy::SecretString;
use std::time::Duration;
use testkit::scripted::Answer;
use testkit::standins::gitea::{Gitea, PUSHER};

/// A computer that has listed the repositories of a Gitea, and so knows what it is.
async fn gitea() -> (Desk, Gitea) {
    let gitea = Gitea::start().await.unwrap();
    gitea.registry.push_image(REPOSITORY, "v1", "one");
    let desk = Desk::signed_in_at(&gitea.host()).await;
    list(&desk).await;
    gitea.registry.forget_requests();
    (desk, gitea)
}

async fn list(desk: &Desk) {
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
}

/// Counts the questions to the interface so far.
fn asked(gitea: &Gitea) -> usize {
    let all = gitea.registry.requests();
    all.iter()
        .filter(|seen| seen.path.starts_with("/api/v1/packages/"))
        .count()
}

/// A later second, by every clock.
async fn later() {
    tokio::time::sleep(Duration::from_millis(1100)).await;
}

fn since(row: &CommitRow) -> Option<(i64, Source)> {
    let time = row.time.filter(|time| time.kind == TimeKind::Since)?;
    Some((time.at, time.source))
}

/// Behaviour (vendors): Gitea tells when a tag was pushed last, and by whom, and not what: what was seen there after that and before it was told is there since then.
/// Source: Gitea 1.28-dev: `GET /api/v1/packages/OWNER?type=container`, a row a tag, `created_at` new with every push, no digest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn since_when_is_known_once_what_was_pushed_was_seen() {
    let (desk, gitea) = gitea().await;
    desk.refresh().await;
    assert_eq!(asked(&gitea), 1);
    let row = desk.lab().tags().await.rows.remove(0);
    assert!(!row.resolved && row.time.is_none(), "{row:?}");
    desk.see("v1").await;
    assert_eq!(since(&desk.commits("v1").await[0]), None);
    later().await;
    desk.refresh().await;
    let pushed = gitea.pushed(REPOSITORY, "v1").unwrap();
    let row = desk.commits("v1").await.remove(0);
    assert_eq!(since(&row), Some((pushed, Source::Registry)));
    let by = row.by.unwrap();
    assert_eq!((by.name.as_str(), by.you), (PUSHER, false));

    // Somebody moves it: nothing is known of the new commit until it was seen, and the old one keeps its beginning.
    let old = row.digest.unwrap();
    let new = gitea.registry.push_image(REPOSITORY, "v1", "two");
    desk.refresh().await;
    let moved = gitea.pushed(REPOSITORY, "v1").unwrap();
    let rows = desk.commits("v1").await;
    assert_eq!(
        (rows.len(), since(&rows[0])),
        (1, Some((pushed, Source::Registry)))
    );
    later().await;
    desk.see("v1").await;
    later().await;
    desk.refresh().await;
    let rows = desk.commits("v1").await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.digest.clone(), since(row).map(|(at, _)| at)))
        .collect();
    assert_eq!(told, [(Some(new), Some(moved)), (Some(old), Some(pushed))]);
    assert_eq!(gitea.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_bytes_pushed_again_change_no_beginning() {
    let (desk, gitea) = gitea().await;
    desk.refresh().await;
    desk.see("v1").await;
    later().await;
    desk.refresh().await;
    let pushed = gitea.pushed(REPOSITORY, "v1").unwrap();
    gitea.push_again(REPOSITORY, "v1");
    assert!(gitea.pushed(REPOSITORY, "v1").unwrap() > pushed);
    for _ in 0..2 {
        later().await;
        desk.see("v1").await;
        later().await;
        desk.refresh().await;
        let rows = desk.commits("v1").await;
        assert_eq!(rows.len(), 1, "{rows:#?}");
        assert_eq!(since(&rows[0]), Some((pushed, Source::Registry)));
    }
    assert_eq!(desk.lab().moves().await.rows, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_others_and_of_digests_are_none_of_its_tags() {
    let (desk, gitea) = gitea().await;
    for at in 0..120 {
        gitea
            .registry
            .push_image("lab/tool-box", &format!("v{at}"), "other");
    }
    gitea.registry.push_image("lab/team/tool", "v1", "another");
    gitea.push_by_digest(REPOSITORY, "untagged");
    gitea.registry.push_image(REPOSITORY, "v2", "two");
    desk.refresh().await;
    // 124 rows have its name in theirs, fifty at most come at once.
    assert_eq!(asked(&gitea), 3);
    // A look counts where it was in a later second than the push.
    later().await;
    for name in ["v1", "v2"] {
        desk.see(name).await;
    }
    later().await;
    desk.refresh().await;
    for row in desk.lab().tags().await.rows {
        let time = row.time.unwrap();
        let pushed = gitea.pushed(REPOSITORY, &row.name);
        assert_eq!((time.kind, Some(time.at)), (TimeKind::Since, pushed));
    }
    assert_eq!(desk.lab().tags().await.rows.len(), 2);
    assert_eq!(gitea.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_its_interface_says_nothing_all_is_as_ever() {
    for broken in [
        Answer::of(404),
        Answer::of(403),
        Answer::json(r#"{"message":"token is required"}"#).with_status(401),
        Answer::of(500),
        Answer::json(r#"{"not":"a list"}"#),
        Answer::json(
            r#"[null,{"type":"container","name":"tool","version":"v1","created_at":"soon"}]"#,
        ),
        Answer::json("[]").with(
            "link",
            "<http://127.0.0.1:1/api/v1/packages/lab?page=2>; rel=\"next\"",
        ),
        Answer::json("<html>").with("content-type", "text/html"),
        Answer::redirect(302, "http://127.0.0.1:1/"),
    ] {
        let case = format!("{broken:?}");
        let (desk, gitea) = gitea().await;
        let known = desk.home.app.kind(desk.id.clone()).await.unwrap();
        assert_eq!(known.recognised, Some(VendorId::Gitea));
        gitea.break_interface(Some(broken));
        desk.refresh().await;
        desk.see("v1").await;
        later().await;
        desk.refresh().await;
        let row = desk.lab().tags().await.rows.remove(0);
        assert_eq!(
            row.digest,
            gitea.registry.tagged(REPOSITORY, "v1"),
            "{case}"
        );
        assert_ne!(row.time.unwrap().kind, TimeKind::Since, "{case}");
        let account = desk.home.app.accounts().await.unwrap().remove(0);
        assert_eq!(account.state, AccountState::SignedIn, "{case}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_is_told_in_both_shapes_and_never_shown_to_the_interface() {
    for is_old in [false, true] {
        let (mut desk, gitea) = gitea().await;
        if is_old {
            gitea.is_old();
        }
        desk.refresh().await;
        desk.home.reopen();
        let key = SecretKey {
            host: gitea.host(),
            user: USER.to_owned(),
        };
        let wrong = SecretString::from("another-secret");
        desk.home.keychain.set(&key, &wrong).unwrap();
        gitea.registry.forget_requests();
        let app = &desk.home.app;
        let refused = app.refresh_tags(desk.id.clone(), REPOSITORY.into()).await;
        assert_eq!(refused.unwrap_err().code, Code::SignIn, "{is_old}");
        assert_eq!(asked(&gitea), 0);
        let right = SecretString::from(SECRET);
        desk.home.keychain.set(&key, &right).unwrap();
        desk.home.reopen();
        desk.refresh().await;
        assert_eq!(asked(&gitea), 1);
        assert_eq!(gitea.violations(), [""; 0]);
    }
}

/// Behaviour (vendors): Deleting the last tag of a commit on Gitea takes the commit with it, which the sheet says before; another tag keeps it.
/// Source: Gitea 1.28-dev: after `DELETE …/manifests/TAG` 202 the digest is 404 where no other tag has it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_goes_with_its_last_tag_and_the_sheet_says_so() {
    let (desk, gitea) = gitea().await;
    let digest = gitea.registry.tagged(REPOSITORY, "v1").unwrap();
    also(&gitea.registry, &digest, "stage");
    desk.refresh().await;
    let plan = desk.plan_delete(&[tag("v1")]).await;
    let notes = |plan: &app::view::delete::DeletePlan| -> Vec<String> {
        plan.goes.iter().filter_map(|it| it.note.clone()).collect()
    };
    assert_eq!((notes(&plan), plan.how.clone()), (Vec::new(), None));
    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    desk.refresh().await;
    assert!(gitea.registry.manifest(REPOSITORY, &digest).is_some());

    let plan = desk.plan_delete(&[tag("stage")]).await;
    assert_eq!(
        notes(&plan),
        ["loses its last name, and this registry lets go of it at once"]
    );
    let outcome = desk.delete(&[tag("stage")]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    desk.refresh().await;
    assert_eq!(gitea.registry.manifest(REPOSITORY, &digest), None);
    assert_eq!(desk.undo(&outcome).await.done, 1);
    assert_eq!(
        gitea.registry.tagged(REPOSITORY, "stage").as_ref(),
        Some(&digest)
    );
    assert_eq!(gitea.violations(), [""; 0]);
}

/// Behaviour (vendors): A tag that was typed in capitals is the one that Gitea lists in small letters: one row, with what was seen of both.
/// Source: Gitea 1.28-dev lower-cases tags: push `B`, the list says `b`, HEAD of either works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_is_typed_in_capitals_is_the_one_that_is_listed() {
    let (desk, gitea) = gitea().await;
    let old = gitea.registry.push_image(REPOSITORY, "rc-b", "one");
    desk.see("rc-b").await;
    let new = gitea.registry.push_image(REPOSITORY, "rc-b", "two");
    desk.see("RC-B").await;
    desk.refresh().await;
    let names: Vec<String> = desk
        .lab()
        .tags()
        .await
        .rows
        .into_iter()
        .map(|row| row.name)
        .collect();
    assert_eq!(names, ["rc-b", "v1"]);
    assert_eq!(desk.lab().digests("rc-b").await, [new.clone(), old]);
    let row = desk.lab().resolve("rc-b").await;
    assert_eq!((row.digest, row.deleted), (Some(new), false));
    assert_eq!(desk.lab().moves().await.rows, []);
    let outcome = desk.delete(&[tag("rc-b")]).await;
    assert_eq!((outcome.done, outcome.notes.len()), (1, 0), "{outcome:?}");
    assert_eq!(gitea.registry.tags(REPOSITORY), ["v1"]);
    assert_eq!(gitea.violations(), [""; 0]);
}
