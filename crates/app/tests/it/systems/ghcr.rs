//! GitHub's registry: its packages, tags and commits without a tag by `api.github.com`, and the deletion of a commit, as no tag goes
//! alone there.

use super::played_ghcr::{HOST, of};
use crate::acts::{Desk, REPOSITORY, also, commit, tag, writes};
use crate::home::Home;
use app::view::about::Skill;
use app::view::browse::TimeKind;
use app::view::connection::ImpossibleAct;
use testkit::images::{INDEX, MANIFEST};
use testkit::scripted::Answer;
use testkit::standins::ghcr::Ghcr;

/// A desk with an account at GitHub, for all of it or for a namespace.
async fn desk_of(namespace: Option<&str>) -> (Desk, Ghcr) {
    let ghcr = Ghcr::start().await.unwrap();
    let home = Home::playing_ghcr(&ghcr.address());
    let id = home.app.add_account(of(&ghcr, namespace)).await.unwrap().id;
    (Desk::of(home, id), ghcr)
}

async fn desk() -> (Desk, Ghcr) {
    desk_of(None).await
}

async fn list(desk: &Desk) -> Vec<String> {
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    app.repositories(desk.id.clone()).await.unwrap().names
}

/// Counts the questions to the interface so far.
fn own(ghcr: &Ghcr) -> usize {
    let begins = ["/user/", "/users/", "/orgs/"];
    let count = |begin: &&str| ghcr.registry.count("GET", begin);
    begins.iter().map(count).sum()
}

const VERSIONS: &str = "/orgs/lab/packages/container/tool/versions";

/// Behaviour (vendors): GitHub lists the packages of an account's user and of each of their organisations by its own interface, with what the source of each says.
/// Source: GitHub's OpenAPI description: `/user/packages`, `/user/orgs`, `/orgs/O/packages`; `/v2/_catalog` is nobody's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_users_packages_and_their_organisations_are_listed() {
    let (desk, ghcr) = desk().await;
    let names = [
        "demo/own",
        "genomics-lab/reads",
        "lab/deep/tool",
        "lab/tool",
    ];
    for name in names.into_iter().chain(["others/hidden", "ana/x"]) {
        ghcr.registry.push_image(name, "v1", name);
    }
    ghcr.describe("lab/tool", "Counts\u{202e} cells.");
    ghcr.registry.forget_requests();
    assert_eq!(list(&desk).await, names);
    assert_eq!((own(&ghcr), ghcr.registry.count("GET", "/v2/_cat")), (4, 0));
    let app = &desk.home.app;
    let told = app.repositories(desk.id.clone()).await.unwrap();
    assert_eq!((told.note, told.refused), (None, false));
    let said: Vec<_> = told
        .marks
        .iter()
        .map(|mark| (mark.name.as_str(), mark.words.description.as_deref()))
        .collect();
    assert_eq!(said, [("lab/tool", Some("Counts cells."))]);
    let kind = app.kind(desk.id.clone()).await.unwrap();
    assert_eq!(kind.recognised, Some(app::view::kinds::VendorId::Ghcr));
    assert_eq!(ghcr.violations(), [""; 0]);
}

/// Behaviour (vendors): A token that may not tell its organisations takes nothing away from the list of repositories: that ends in doubt, and what is known of is listed with it.
/// Source: GitHub's OpenAPI description: `/user/orgs` wants `read:org` or `user`, else 403.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_stays_where_organisations_are_not_told() {
    let (desk, ghcr) = desk().await;
    for name in ["demo/own", "genomics-lab/reads", "lab/tool"] {
        ghcr.registry.push_image(name, "v1", name);
    }
    assert_eq!(list(&desk).await.len(), 3);
    ghcr.hide_organisations();
    ghcr.registry.push_image("lab/new", "v1", "new");
    let names = list(&desk).await;
    assert_eq!(
        names,
        ["demo/own", "genomics-lab/reads", "lab/new", "lab/tool"]
    );
    let told = desk.home.app.repositories(desk.id.clone()).await.unwrap();
    assert!(told.note.is_some());
    assert_eq!(ghcr.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_of_a_namespace_asks_for_that_alone() {
    let (desk, ghcr) = desk_of(Some("lab")).await;
    for name in ["demo/own", "lab/tool"] {
        ghcr.registry.push_image(name, "v1", name);
    }
    ghcr.registry.forget_requests();
    assert_eq!(list(&desk).await, ["lab/tool"]);
    assert_eq!(
        (own(&ghcr), ghcr.registry.count("GET", "/orgs/lab/")),
        (1, 1)
    );
    assert_eq!(ghcr.violations(), [""; 0]);
}

/// Behaviour (vendors): What a thousand tags at GitHub point at costs ten questions; the time it tells is that of the commit's push, and no tag's.
/// Source: GitHub's OpenAPI description: `…/packages/container/N/versions?per_page=100`: a version is a commit, with its tags and `created_at`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tags_are_told_a_hundred_at_once() {
    let (desk, ghcr) = desk().await;
    for at in 0..1000 {
        let name = format!("v{at:04}");
        ghcr.registry.push_image(REPOSITORY, &name, &name);
    }
    list(&desk).await;
    ghcr.registry.forget_requests();
    desk.refresh().await;
    assert_eq!(ghcr.registry.count("GET", VERSIONS), 10);
    let requests = ghcr.registry.requests();
    assert!(requests.iter().all(|seen| seen.method == "GET"));
    // All names are told with that.
    assert_eq!(requests.len(), 10, "{requests:#?}");
    let rows = desk.lab().tags().await.rows;
    assert_eq!(rows.len(), 1000);
    for row in &rows {
        assert_eq!(row.digest, ghcr.registry.tagged(REPOSITORY, &row.name));
        assert!(row.time.is_none_or(|time| time.kind != TimeKind::Since));
    }
    ghcr.registry.forget_requests();
    let row = desk.lab().resolve("v0007").await;
    assert_eq!(
        (row.resolved, row.platforms),
        (true, vec!["linux/amd64".into()])
    );
    assert_eq!(ghcr.registry.count("HEAD", "/v2/"), 0);
    assert_eq!(ghcr.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_and_a_token_without_the_right_go_by_the_protocol() {
    let ghcr = Ghcr::start().await.unwrap();
    let digest = ghcr.registry.push_image(REPOSITORY, "v1", "one");
    ghcr.publish(REPOSITORY);
    let home = Home::playing_ghcr(&ghcr.address());
    let id = home.anyone(HOST).await;
    let nobody = Desk::of(home, id);
    nobody.refresh().await;
    let row = nobody.lab().resolve("v1").await;
    assert_eq!(row.digest.as_ref(), Some(&digest));
    assert_eq!(own(&ghcr), 0);
    assert_eq!(ghcr.violations(), [""; 0]);

    let (desk, ghcr) = desk().await;
    let digest = ghcr.registry.push_image(REPOSITORY, "v1", "one");
    ghcr.hide_packages();
    list(&desk).await;
    desk.refresh().await;
    let row = desk.lab().resolve("v1").await;
    assert_eq!(row.digest, Some(digest));
    // What it may not is not asked again at every look at the list.
    ghcr.registry.forget_requests();
    list(&desk).await;
    assert_eq!(ghcr.registry.count("GET", "/user/"), 0);
    assert_eq!(ghcr.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_interface_refuses_goes_by_the_protocol() {
    for broken in [
        Answer::of(401),
        Answer::of(404),
        Answer::of(500),
        Answer::json("<html>").with("content-type", "text/html"),
        Answer::json(r#"{"message":7}"#),
        Answer::redirect(302, "http://127.0.0.1:1/"),
    ] {
        let (desk, ghcr) = desk().await;
        let case = format!("{broken:?}");
        ghcr.registry.push_image(REPOSITORY, "v1", "one");
        ghcr.break_interface(Some(broken));
        list(&desk).await;
        desk.refresh().await;
        let row = desk.lab().resolve("v1").await;
        assert_eq!(row.digest, ghcr.registry.tagged(REPOSITORY, "v1"), "{case}");
        desk.lab().refresh_timeline().await;
        let account = desk.home.app.accounts().await.unwrap().remove(0);
        let state = app::view::accounts::AccountState::SignedIn;
        assert_eq!(account.state, state, "{case}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_that_was_reached_is_asked_again_when_it_begins_anew() {
    let (desk, ghcr) = desk().await;
    ghcr.registry.push_image(REPOSITORY, "v1", "one");
    let spent = Answer::json(r#"{"message":"API rate limit exceeded"}"#).with_status(403);
    let spent = spent
        .with("x-ratelimit-remaining", "0")
        .with("x-ratelimit-reset", "4000000000");
    ghcr.break_interface(Some(spent));
    list(&desk).await;
    ghcr.break_interface(None);
    // What is refused for good is not asked again until the account is opened anew; this is.
    assert_eq!(list(&desk).await, [REPOSITORY]);
    assert_eq!(ghcr.violations(), [""; 0]);
}

/// Behaviour (vendors): GitHub takes no single tag away, and says so; a commit goes by its own interface with the tags that the sheet showed, and can be undone.
/// Source: reports of GHCR: `DELETE /v2/…` 405; GitHub's OpenAPI description: `DELETE …/versions/ID` 204.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_goes_with_its_tags_and_no_tag_alone() {
    let (desk, ghcr) = desk().await;
    let digest = ghcr.registry.push_image(REPOSITORY, "nightly", "one");
    also(&ghcr.registry, &digest, "stage");
    ghcr.registry.push_image(REPOSITORY, "v1", "other");
    list(&desk).await;
    desk.refresh().await;
    let plan = desk.plan_delete(&[tag("nightly")]).await;
    let why = plan.impossible.unwrap();
    assert!(why.contains("Delete its commit"), "{why}");
    let outcome = desk.delete(&[tag("nightly")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert_eq!(ghcr.registry.tags(REPOSITORY), ["nightly", "stage", "v1"]);
    assert_eq!(ghcr.registry.count("DELETE", "/orgs/"), 0);
    let impossible = desk.home.app.impossible(desk.id.clone()).await.unwrap();
    let acts: Vec<ImpossibleAct> = impossible.iter().map(|one| one.act).collect();
    assert_eq!(acts, [ImpossibleAct::Delete]);

    let plan = desk.plan_delete(&[commit(&digest)]).await;
    assert_eq!((plan.impossible, plan.can_undo), (None, true));
    assert_eq!(plan.items[0].names, ["nightly", "stage"]);
    let outcome = desk.delete(&[commit(&digest)]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(ghcr.registry.tags(REPOSITORY), ["v1"]);
    assert_eq!(ghcr.registry.count("DELETE", VERSIONS), 1);
    assert_eq!(writes(&ghcr.registry), 0, "nothing is put in its place");
    let about = desk.lab().about().await;
    let can = |what| {
        let mut all = about.abilities.iter();
        all.find(|it| it.what == what).unwrap().can
    };
    assert_eq!(
        (can(Skill::Deletes), can(Skill::DeletesTags)),
        (Some(true), Some(false))
    );
    assert_eq!(desk.lab().moves().await.rows, []);
    assert_eq!(desk.undo(&outcome).await.done, 1);
    for name in ["nightly", "stage"] {
        assert_eq!(
            ghcr.registry.tagged(REPOSITORY, name).as_ref(),
            Some(&digest)
        );
    }
    assert_eq!(ghcr.violations(), [""; 0]);
}

/// Behaviour (vendors): The last commit of a package at GitHub, and a public one of many downloads, stays: that is said in a sentence, and nothing is put in its place.
/// Source: GitHub's OpenAPI description, and its documents: a version of a public package with more than 5,000 downloads; the last version goes with the package alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_github_keeps_is_said_in_a_sentence() {
    let (desk, ghcr) = desk().await;
    let digest = ghcr.registry.push_image(REPOSITORY, "v1", "one");
    list(&desk).await;
    desk.refresh().await;
    let refused = async || {
        let outcome = desk.delete(&[commit(&digest)]).await;
        assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
        let problem = outcome.failed[0].problem.clone();
        assert!(
            problem.message.starts_with("GitHub refuses to delete"),
            "{problem:?}"
        );
        assert!(
            problem.hints.concat().contains("last commit"),
            "{problem:?}"
        );
        problem.detail.unwrap()
    };
    assert!(refused().await.contains("the last version"));
    ghcr.registry.push_image(REPOSITORY, "v2", "two");
    ghcr.publish(REPOSITORY);
    ghcr.download(&digest);
    assert!(refused().await.contains("5000 downloads"));
    assert_eq!(ghcr.registry.tags(REPOSITORY), ["v1", "v2"]);
    assert_eq!(ghcr.registry.count("PUT", "/v2/"), 0);
    assert_eq!(ghcr.violations(), [""; 0]);
}

/// Behaviour (vendors): Whoever may not delete at GitHub is told so, although it answers that there is no such version; nothing else is tried.
/// Source: apalache-mc/apalache#2056: 404 `Package not found.` to a token that doesn't administer the package.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_that_is_not_allowed_is_told_as_that() {
    let (desk, ghcr) = desk().await;
    let digest = ghcr.registry.push_image(REPOSITORY, "v1", "one");
    ghcr.registry.push_image(REPOSITORY, "v2", "two");
    list(&desk).await;
    desk.refresh().await;
    ghcr.forbid_deletion();
    let outcome = desk.delete(&[commit(&digest)]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    let problem = &outcome.failed[0].problem;
    assert!(
        problem.hints.concat().contains("right to delete"),
        "{problem:?}"
    );
    let by_protocol = format!("/v2/{REPOSITORY}/manifests/{digest}");
    assert_eq!(ghcr.registry.count("DELETE", &by_protocol), 0);
    assert_eq!(ghcr.registry.tags(REPOSITORY), ["v1", "v2"]);
    assert_eq!(ghcr.violations(), [""; 0]);
}

/// Behaviour (vendors): A part of a tagged index stands at GitHub among what has no tag; once the index was read, it is no commit here, and is never deleted for one.
/// Source: facts 4.4: its list of versions has the children of indexes, and no media type.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_of_a_tagged_commit_is_not_deleted_for_a_commit() {
    let (desk, ghcr) = desk().await;
    let part = ghcr.registry.push_image(REPOSITORY, "part", "one");
    let size = ghcr.registry.manifest(REPOSITORY, &part).unwrap().len();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [{"mediaType": MANIFEST, "digest": part, "size": size,
            "platform": {"os": "linux", "architecture": "amd64"}}],
    });
    let index = index.to_string();
    ghcr.registry
        .put_manifest(REPOSITORY, Some("v1"), INDEX, index.as_bytes());
    ghcr.registry.drop_manifest(REPOSITORY, "part");
    list(&desk).await;
    desk.refresh().await;
    desk.lab().refresh_timeline().await;
    let bare = async || {
        let rows = desk.lab().timeline().await.untagged.into_iter();
        rows.filter_map(|row| row.digest).collect::<Vec<_>>()
    };
    assert_eq!(bare().await, std::slice::from_ref(&part));
    let plan = desk.plan_delete(&[commit(&part)]).await;
    let refused = plan.items[0].refused.clone().unwrap();
    assert!(refused.contains("is a part of a commit"), "{refused}");
    desk.see("v1").await;
    assert_eq!(bare().await, [""; 0]);
    assert_eq!(ghcr.violations(), [""; 0]);
}

/// Behaviour (vendors): Where the layers of a deleted commit are gone too, Undo has GitHub put it back, and its tag with it.
/// Source: GitHub's OpenAPI description: `POST …/versions/ID/restore` 204, within 30 days.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn undo_has_github_put_back_what_is_gone_with_its_layers() {
    let (desk, ghcr) = desk().await;
    let digest = ghcr.registry.push_image(REPOSITORY, "v1", "one");
    ghcr.registry.push_image(REPOSITORY, "v2", "two");
    list(&desk).await;
    desk.refresh().await;
    let bytes = ghcr.registry.manifest(REPOSITORY, &digest).unwrap();
    let outcome = desk.delete(&[commit(&digest)]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let layer = manifest["layers"][0]["digest"].as_str().unwrap();
    ghcr.registry.drop_blob(REPOSITORY, layer);
    // They come back as GitHub puts the version back.
    let of = digest.clone();
    ghcr.registry.before("POST", "/restore", move |hand| {
        hand.push_image(REPOSITORY, "back", "one");
        hand.drop_manifest(REPOSITORY, &of);
    });
    assert_eq!(desk.undo(&outcome).await.done, 1);
    assert_eq!(ghcr.registry.count("POST", VERSIONS), 1);
    assert_eq!(
        ghcr.registry.tagged(REPOSITORY, "v1").as_ref(),
        Some(&digest)
    );
    assert_eq!(ghcr.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_whoever_plays_github_under_another_name_has_nothing_asked_of_it() {
    let (real, other) = (Ghcr::start().await.unwrap(), Ghcr::start().await.unwrap());
    other.registry.push_image(REPOSITORY, "v1", "one");
    let home = Home::playing_ghcr(&real.address());
    let id = home.sign_in(&other.registry.host()).await.id;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    lab.refresh_timeline().await;
    assert_eq!(real.registry.requests(), []);
    assert_eq!(own(&other), 0);
}
