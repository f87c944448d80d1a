//! Harbor: its list, its tags with what they point at, and the deletion of a tag by its own interface, beside the protocol.

use crate::acts::{Desk, REPOSITORY, also, tag, writes};
use crate::home::{Home, USER};
use app::view::about::Skill;
use app::view::browse::{Source, TimeKind};
use app::view::kinds::{KindOrder, VendorId};
use app::view::problem::Code;
use credentials::{SecretKey, SecretStore};
use secrecy::SecretString;
use std::time::Duration;
use testkit::scripted::{Answer, Hand};
use testkit::standins::harbor::Harbor;

async fn harbor() -> (Home, Harbor, String) {
    let harbor = Harbor::start().await.unwrap();
    let home = Home::new();
    let id = home.sign_in(&harbor.host()).await.id;
    (home, harbor, id)
}

/// Counts the questions to Harbor's own interface so far.
fn asked(harbor: &Harbor, part: &str) -> usize {
    let all = harbor.registry.requests();
    let of = |path: &str| path.starts_with("/api/") && path.contains(part);
    all.iter().filter(|seen| of(&seen.path)).count()
}

/// Fills a repository with so many tags, each on an image of its own.
fn fill(harbor: &Harbor, tags: usize) {
    for at in 0..tags {
        let name = format!("v{at:04}");
        harbor.registry.push_image("lab/tool", &name, &name);
    }
}

/// Behaviour (vendors): Harbor lists the repositories of who isn't its administrator by its own interface alone, with what each says of itself.
/// Source: Harbor 2.15.2: `GET /v2/_catalog` is the administrator's; `GET /api/v2.0/repositories` is everybody's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repositories_are_listed_that_the_catalog_hides() {
    let (home, harbor, id) = harbor().await;
    for at in 0..250 {
        let name = format!("lab/team/tool-{at:03}");
        harbor
            .registry
            .put_manifest(&name, Some("v1"), "any", b"{}");
    }
    harbor.describe("lab/team/tool-007", "Counts\u{202e} cells.\n");
    harbor.registry.forget_requests();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let list = home.app.repositories(id.clone()).await.unwrap();
    assert_eq!(
        (list.names.len(), list.note, list.refused),
        (250, None, false)
    );
    assert!(list.refreshed_at.is_some() && list.known.is_empty());
    let said: Vec<_> = list
        .marks
        .iter()
        .map(|mark| (mark.name.as_str(), mark.words.description.as_deref()))
        .collect();
    assert_eq!(said, [("lab/team/tool-007", Some("Counts cells."))]);
    assert_eq!(asked(&harbor, "/repositories"), 3, "pages of a hundred");
    assert_eq!(harbor.registry.count("GET", "/v2/_catalog?n=200"), 0);

    // What is gone from it is gone, and what is known of the vendor is asked once.
    harbor.registry.drop_repository("lab/team/tool-007");
    harbor.registry.forget_requests();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let list = home.app.repositories(id).await.unwrap();
    assert_eq!((list.names.len(), list.marks.len()), (249, 0));
    assert_eq!(asked(&harbor, "systeminfo"), 0);
    assert_eq!(harbor.violations(), [""; 0]);
    assert_eq!(writes(&harbor.registry), 0);
}

/// Pushes to another repository before the next page, and so often again.
fn push_between(hand: &Hand, often: usize) {
    hand.push_image(&format!("lab/zz{often}"), "v1", "one");
    if often > 1 {
        hand.before("GET", "/api/v2.0/repositories", move |hand| {
            push_between(hand, often - 1);
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_changes_while_it_is_read_is_read_again_and_takes_nothing_away() {
    let (home, harbor, id) = harbor().await;
    for at in 0..150 {
        let name = format!("lab/tool-{at:03}");
        harbor
            .registry
            .put_manifest(&name, Some("v1"), "any", b"{}");
    }
    let list = async || {
        home.app.refresh_repositories(id.clone()).await.unwrap();
        home.app.repositories(id.clone()).await.unwrap()
    };
    let push = |often| {
        let part = "/api/v2.0/repositories";
        harbor.registry.before("GET", part, move |hand| {
            // After the first page.
            hand.before("GET", part, move |hand| push_between(hand, often));
        });
    };
    push(1);
    let once = list().await;
    assert_eq!((once.names.len(), once.note), (151, None));
    assert_eq!(asked(&harbor, "/repositories"), 4);
    push(9);
    let ever = list().await;
    assert!(ever.note.is_some() && ever.names.len() > 151, "{ever:?}");
    assert_eq!(harbor.violations(), [""; 0]);
}

/// Behaviour (vendors): What a thousand tags point at, its size, its platform and since when cost ten questions where a vendor tells a hundred at once; none of them is asked by itself.
/// Source: Harbor 2.15.2: `GET …/artifacts?with_tag=true&sort=-push_time`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tags_are_told_a_hundred_at_once() {
    let (home, harbor, id) = harbor().await;
    fill(&harbor, 1000);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    harbor.registry.forget_requests();
    let lab = home.at(&id, "lab/tool");
    lab.refresh_tags().await;
    // Ten pages of what they point at, which tell all names.
    assert_eq!(asked(&harbor, "/artifacts"), 10);
    assert_eq!(harbor.registry.count("GET", "/v2/lab/tool/tags/list"), 0);
    let requests = harbor.registry.requests();
    assert!(requests.iter().all(|seen| seen.method == "GET"));
    assert_eq!(requests.len(), 11, "and what the project is: {requests:#?}");
    let rows = lab.tags().await.rows;
    assert_eq!(rows.len(), 1000);
    for row in &rows {
        assert!(row.resolved && row.trouble.is_none(), "{row:?}");
        assert_eq!(row.digest, harbor.registry.tagged("lab/tool", &row.name));
        assert_eq!(row.platforms, ["linux/amd64"]);
        let time = row.time.unwrap();
        assert_eq!(
            (time.kind, time.source),
            (TimeKind::Since, Source::Registry)
        );
        assert_eq!(Some(time.at), harbor.pushed("lab/tool", &row.name));
    }
    // It is told of the same commit by its bytes: so much is its size.
    let before = rows[7].size;
    assert!(before.is_some());
    let commits = lab.commits(&rows[7].name).await;
    assert_eq!((commits.len(), commits[0].size), (1, before));
    assert_eq!(commits[0].sources, [Source::Registry, Source::SeenHere]);
    assert_eq!(harbor.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_vendor_does_not_tell_whole_is_asked_as_ever() {
    let (home, harbor, id) = harbor().await;
    fill(&harbor, 2);
    let one = harbor.registry.tagged("lab/tool", "v0001").unwrap();
    let size = harbor.registry.manifest("lab/tool", &one).unwrap().len();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": testkit::images::INDEX,
        "manifests": [{"mediaType": testkit::images::MANIFEST, "digest": one, "size": size,
            "platform": {"os": "linux", "architecture": "arm64"}}],
    });
    let index = index.to_string();
    harbor.registry.put_manifest(
        "lab/tool",
        Some("all"),
        testkit::images::INDEX,
        index.as_bytes(),
    );
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let lab = home.at(&id, "lab/tool");
    lab.refresh_tags().await;
    let rows = lab.tags().await.rows;
    let unasked: Vec<&str> = rows
        .iter()
        .filter(|row| !row.resolved)
        .map(|row| row.name.as_str())
        .collect();
    assert_eq!((rows.len(), unasked), (3, vec!["all"]));
    let row = lab.resolve("all").await;
    assert_eq!(row.platforms, ["linux/arm64"]);
    assert_eq!(row.digest, harbor.registry.tagged("lab/tool", "all"));
    assert_eq!(harbor.violations(), [""; 0]);
}

/// Behaviour (vendors): That somebody else moved a tag is found by what the vendor tells, as by a look; the commit before stays in the timeline with since when it was there.
/// Source: Harbor 2.15.2: a tag has a `push_time` of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_others_moved_is_a_move_and_both_beginnings_are_known() {
    let (home, harbor, id) = harbor().await;
    fill(&harbor, 3);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let lab = home.at(&id, "lab/tool");
    lab.refresh_tags().await;
    let old = harbor.registry.tagged("lab/tool", "v0001").unwrap();
    let first = harbor.pushed("lab/tool", "v0001").unwrap();
    // Pushed in a later second than it was last looked at.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let new = harbor.registry.push_image("lab/tool", "v0001", "another");
    harbor.registry.forget_requests();
    lab.refresh_tags().await;
    assert_eq!(harbor.registry.requests().len(), 1, "a page tells all");
    let rows = lab.commits("v0001").await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.digest.as_ref(), row.active))
        .collect();
    assert_eq!(told, [(Some(&new), true), (Some(&old), false)]);
    let since = |at: usize| rows[at].time.map(|time| (time.at, time.kind));
    assert_eq!(since(1), Some((first, TimeKind::Since)));
    assert_eq!(
        since(0).map(|(at, _)| Some(at)),
        Some(harbor.pushed("lab/tool", "v0001"))
    );
    assert_eq!(lab.moves().await.rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_robot_a_failure_and_nonsense_leave_all_as_it_is_by_the_protocol() {
    for broken in [
        None,
        Some(Answer::of(403)),
        Some(Answer::of(404)),
        Some(Answer::of(500)),
        Some(Answer::of(401)),
        Some(Answer::json("<html>").with("content-type", "text/html")),
        Some(Answer::json(r#"{"not":"a list"}"#)),
        Some(Answer::redirect(302, "http://127.0.0.1:1/")),
    ] {
        let (home, harbor, id) = harbor().await;
        let case = format!("{broken:?}");
        match broken {
            Some(answer) => harbor.break_interface(Some(answer)),
            None => harbor.make_robot(),
        }
        fill(&harbor, 3);
        home.app.refresh_repositories(id.clone()).await.unwrap();
        let list = home.app.repositories(id.clone()).await.unwrap();
        assert!(list.note.is_some() && list.refused, "{case}");
        let lab = home.at(&id, "lab/tool");
        lab.refresh_tags().await;
        let rows = lab.tags().await.rows;
        assert_eq!(
            (rows.len(), rows.iter().any(|row| row.resolved)),
            (3, false),
            "{case}"
        );
        let row = lab.resolve("v0001").await;
        assert_eq!(
            row.digest,
            harbor.registry.tagged("lab/tool", "v0001"),
            "{case}"
        );
        // Nobody is sent away to sign in anew for what the interface says.
        let account = home.app.accounts().await.unwrap().remove(0);
        assert_eq!(
            account.state,
            app::view::accounts::AccountState::SignedIn,
            "{case}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_is_never_shown_to_the_interface() {
    let (mut home, harbor, id) = harbor().await;
    fill(&harbor, 1);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    home.reopen();
    let key = SecretKey {
        host: harbor.host(),
        user: USER.to_owned(),
    };
    let wrong = SecretString::from("another-secret");
    home.keychain.set(&key, &wrong).unwrap();
    harbor.registry.forget_requests();
    let problem = home.app.refresh_repositories(id).await.unwrap_err();
    assert_eq!(problem.code, Code::SignIn);
    let requests = harbor.registry.requests();
    let sent = requests.iter().filter(|seen| seen.authorization == "Basic");
    // As ever: to the token service, which gives a token that is good for nothing, and is asked once more.
    assert!(
        sent.clone()
            .all(|seen| seen.path.starts_with("/service/token"))
            && sent.count() <= 2,
        "{requests:#?}"
    );
    assert_eq!(asked(&harbor, ""), 0);
}

/// Behaviour (vendors): Harbor deletes a tag by its own interface, and what it pointed at stays with its other tags.
/// Source: Harbor 2.15.2: `DELETE …/artifacts/DIGEST/tags/TAG` 200; `DELETE /v2/…/manifests/TAG` 400 UNSUPPORTED.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_tags_goes_alone_by_the_vendors_interface() {
    let harbor = Harbor::start().await.unwrap();
    let desk = Desk::signed_in_at(&harbor.host()).await;
    let digest = harbor.registry.push_image(REPOSITORY, "nightly", "one");
    also(&harbor.registry, &digest, "stage");
    desk.home
        .app
        .refresh_repositories(desk.id.clone())
        .await
        .unwrap();
    desk.refresh().await;
    let plan = desk.plan_delete(&[tag("nightly")]).await;
    assert_eq!(
        plan.how.as_deref(),
        Some(
            "Longshore deletes by the registry’s own interface, which takes a tag alone, so stage is not touched. \
             Where that refuses, the tag is pointed at an empty manifest first, and that is deleted."
        )
    );
    harbor.registry.forget_requests();
    let outcome = desk.delete(&[tag("nightly")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(harbor.registry.tags(REPOSITORY), ["stage"]);
    assert_eq!(
        harbor.registry.tagged(REPOSITORY, "stage").as_ref(),
        Some(&digest)
    );
    assert_eq!(
        harbor.registry.count("PUT", "/v2/"),
        0,
        "no decoy was needed"
    );
    assert_eq!(asked(&harbor, "/tags/nightly"), 1);
    assert_eq!(harbor.violations(), [""; 0]);
    // What can be undone is put back by the protocol.
    desk.undo(&outcome).await;
    assert_eq!(
        harbor.registry.tagged(REPOSITORY, "nightly").as_ref(),
        Some(&digest)
    );
    let about = desk.lab().about().await;
    let deletes = about
        .abilities
        .iter()
        .find(|ability| ability.what == Skill::DeletesTags);
    assert_eq!(deletes.unwrap().can, Some(true));
    let history = about
        .abilities
        .iter()
        .find(|ability| ability.what == Skill::History);
    assert!(
        history
            .unwrap()
            .why
            .starts_with("Its own interface tells of older commits")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_interface_refuses_a_deletion_the_tag_goes_as_ever() {
    let harbor = Harbor::start().await.unwrap();
    let desk = Desk::signed_in_at(&harbor.host()).await;
    let digest = harbor.registry.push_image(REPOSITORY, "nightly", "one");
    for name in ["stage", "fixed"] {
        also(&harbor.registry, &digest, name);
    }
    desk.home
        .app
        .refresh_repositories(desk.id.clone())
        .await
        .unwrap();
    desk.refresh().await;
    harbor.make_immutable("fixed");
    let outcome = desk.delete(&[tag("fixed")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert_eq!(
        harbor.registry.tagged(REPOSITORY, "fixed").as_ref(),
        Some(&digest)
    );
    harbor.make_robot();
    let outcome = desk.delete(&[tag("nightly")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(harbor.registry.tags(REPOSITORY), ["fixed", "stage"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_says_a_registry_is_counts_before_what_it_answers() {
    let (home, harbor, id) = harbor().await;
    fill(&harbor, 2);
    let kind = async |vendor| {
        let account = id.clone();
        home.app.choose_kind(KindOrder { account, vendor }).await
    };
    let plain = kind(Some(VendorId::Plain)).await.unwrap();
    assert_eq!(
        (plain.recognised, plain.chosen),
        (None, Some(VendorId::Plain))
    );
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(asked(&harbor, "/repositories"), 0);
    let known = home.app.kind(id.clone()).await.unwrap();
    assert_eq!(known.recognised, Some(VendorId::Harbor));
    // One whose interface is at a fixed address is believed at its own name alone.
    for fixed in [
        VendorId::Hub,
        VendorId::Ghcr,
        VendorId::Ecr,
        VendorId::EcrPublic,
        VendorId::Google,
    ] {
        let problem = kind(Some(fixed)).await.unwrap_err();
        assert!(
            problem.message.contains("one address of its own"),
            "{problem:?}"
        );
    }
    // It outlives a sign-in, and is taken back by nobody else.
    home.sign_in(&harbor.host()).await;
    assert_eq!(
        home.app.kind(id.clone()).await.unwrap().chosen,
        Some(VendorId::Plain)
    );
    kind(None).await.unwrap();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(asked(&harbor, "/repositories"), 1);
    let list = home.app.repositories(id).await.unwrap();
    assert_eq!((list.names.len(), list.refused), (1, false));
}
