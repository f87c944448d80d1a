//! GitLab's registry: its tags with what they point at by its own interface, where it has a database; what it refuses; and what is left
//! of it all where it has none.

use super::own_tokens::Gitlab as System;
use super::world::System as _;
use crate::acts::{Desk, REPOSITORY};
use crate::home::Home;
use app::view::about::CreateOrder;
use app::view::browse::{Source, TimeKind};
use app::view::kinds::{SecondOrder, SecondState};
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use secrecy::SecretString;
use testkit::images::{INDEX, MANIFEST};
use testkit::scripted::Answer;
use testkit::standins::gitlab::{Gitlab, TOKEN};

/// An account of a namespace of it, whose repositories were listed.
async fn gitlab() -> (Desk, Gitlab) {
    let system = System(Gitlab::start().await.unwrap());
    let home = Home::new();
    let id = system.account(&home).await;
    (Desk::of(home, id), system.0)
}

async fn list(desk: &Desk) -> Vec<String> {
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    app.repositories(desk.id.clone()).await.unwrap().names
}

/// Counts the questions to its own interface so far.
fn asked(gitlab: &Gitlab) -> usize {
    gitlab.registry.count("GET", "/gitlab/")
}

/// Behaviour (vendors): What a thousand tags point at, and since when, costs eight requests, a token included, where GitLab's registry has a database; what one of them is, is read by its digest once it is seen.
/// Source: GitLab's registry 4.39.0: `GET /gitlab/v1/repositories/N/tags/list/?sort=-published_at` takes the token that pulls, up to 1000 at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tags_are_told_without_a_look_at_any() {
    let (desk, gitlab) = gitlab().await;
    for at in 0..1000 {
        let name = format!("v{at:04}");
        gitlab.registry.push_image(REPOSITORY, &name, &name);
    }
    list(&desk).await;
    gitlab.registry.forget_requests();
    desk.refresh().await;
    assert_eq!(asked(&gitlab), 5, "pages of two hundred");
    assert_eq!(gitlab.registry.count("GET", "/v2/lab/tool/tags/list"), 2);
    let requests = gitlab.registry.requests();
    assert!(requests.len() <= 8, "and a token: {requests:#?}");
    let rows = desk.lab().tags().await.rows;
    assert_eq!(rows.len(), 1000);
    for row in &rows {
        let digest = gitlab.registry.tagged(REPOSITORY, &row.name);
        assert_eq!((&row.digest, row.size.is_some()), (&digest, true));
        let time = row.time.unwrap();
        let told = (time.kind, time.source, Some(time.at));
        let since = gitlab.pushed(REPOSITORY, &row.name);
        assert_eq!(told, (TimeKind::Since, Source::Registry, since));
        // What it runs on isn't told.
        assert_eq!((row.resolved, row.platforms.len()), (false, 0));
    }
    gitlab.registry.forget_requests();
    let row = desk.lab().resolve("v0007").await;
    assert!(row.resolved && row.trouble.is_none(), "{row:?}");
    assert_eq!(
        (row.platforms, row.size),
        (vec!["linux/amd64".into()], rows[7].size)
    );
    let requests = gitlab.registry.requests();
    let by_tag = requests.iter().filter(|seen| seen.path.contains("v0007"));
    assert_eq!(
        (requests.len(), by_tag.count()),
        (2, 0),
        "its manifest and its config"
    );
    // It is known from now on, and a look is a look again.
    gitlab.registry.forget_requests();
    assert!(desk.lab().resolve("v0007").await.resolved);
    let requests = gitlab.registry.requests();
    assert_eq!((requests.len(), requests[0].method.as_str()), (1, "HEAD"));
    assert_eq!(gitlab.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_is_told_without_its_size_and_what_holds_nothing_is_left_to_a_look() {
    let (desk, gitlab) = gitlab().await;
    let one = gitlab.registry.push_image(REPOSITORY, "v1", "one");
    let size = gitlab.registry.manifest(REPOSITORY, &one).unwrap().len();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [{"mediaType": MANIFEST, "digest": one, "size": size,
            "platform": {"os": "linux", "architecture": "arm64"}}],
    });
    let index = index.to_string();
    gitlab
        .registry
        .put_manifest(REPOSITORY, Some("all"), INDEX, index.as_bytes());
    let empty = gitlab.registry.put_blob(REPOSITORY, b"{}");
    let kind = "application/vnd.oci.empty.v1+json";
    let blob = serde_json::json!({"mediaType": kind, "digest": empty, "size": 2});
    let holds_nothing = serde_json::json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": blob, "layers": [blob],
    });
    let bytes = holds_nothing.to_string();
    gitlab
        .registry
        .put_manifest(REPOSITORY, Some("words"), MANIFEST, bytes.as_bytes());
    list(&desk).await;
    desk.refresh().await;
    let rows = desk.lab().tags().await.rows;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.name.as_str(), row.digest.is_some(), row.size.is_some()))
        .collect();
    let wanted = [
        ("all", true, false),
        ("v1", true, true),
        ("words", false, false),
    ];
    assert_eq!(told, wanted);
    gitlab.registry.forget_requests();
    let row = desk.lab().resolve("all").await;
    assert_eq!(
        (row.platforms, row.resolved),
        (vec!["linux/arm64".into()], true)
    );
    assert_eq!(
        gitlab.registry.count("HEAD", "/v2/lab/tool/manifests/all"),
        0
    );
    desk.see("words").await;
    assert_eq!(
        gitlab
            .registry
            .count("HEAD", "/v2/lab/tool/manifests/words"),
        1
    );
    assert_eq!(gitlab.violations(), [""; 0]);
}

/// Behaviour (vendors): Where GitLab's registry runs without its database it has no interface of its own; that is found out once, and nobody is told.
/// Source: GitLab's registry 4.39.0 without PostgreSQL: `/gitlab/v1/…` 404 without a word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_all_goes_by_the_protocol() {
    let (desk, gitlab) = gitlab().await;
    gitlab.without_database();
    for name in [REPOSITORY, "lab/other", "elsewhere/tool"] {
        gitlab.registry.push_image(name, "v1", "one");
    }
    assert_eq!(list(&desk).await, ["lab/other", REPOSITORY]);
    desk.refresh().await;
    desk.refresh().await;
    let rows = desk.lab().tags().await.rows;
    assert_eq!(
        (rows.len(), rows[0].resolved, &rows[0].digest),
        (1, false, &None)
    );
    assert_eq!(asked(&gitlab), 2, "once for the list, once for the tags");
    let row = desk.lab().resolve("v1").await;
    assert_eq!(row.digest, gitlab.registry.tagged(REPOSITORY, "v1"));
    assert_eq!(gitlab.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_its_token_service_gives_to_nobody_is_not_missed() {
    let (desk, gitlab) = gitlab().await;
    gitlab.narrow();
    gitlab.registry.push_image(REPOSITORY, "v1", "one");
    let app = &desk.home.app;
    for _ in 0..2 {
        app.refresh_repositories(desk.id.clone()).await.unwrap();
        let list = app.repositories(desk.id.clone()).await.unwrap();
        assert!(list.refused && list.note.is_some(), "{list:?}");
    }
    assert!(
        asked(&gitlab) <= 2,
        "with the token it has, and with another"
    );
    // A name that is typed opens, and its tags are told.
    desk.refresh().await;
    let rows = desk.lab().tags().await.rows;
    assert_eq!(rows[0].digest, gitlab.registry.tagged(REPOSITORY, "v1"));
    assert_eq!(gitlab.violations(), [""; 0]);
}

/// Behaviour (vendors): Where GitLab's registry lists nothing to an account, GitLab itself does with an access token that a person gives for it; the account's sign-in is never shown there, and a wrong token is sent once.
/// Source: GitLab's `doc/api/container_registry.md`: `GET /api/v4/groups/NAMESPACE/registry/repositories` with `PRIVATE-TOKEN`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gitlab_itself_lists_with_a_token_what_its_registry_does_not() {
    let (desk, gitlab) = gitlab().await;
    gitlab.narrow();
    for name in [REPOSITORY, "lab/deep/app", "elsewhere/tool"] {
        gitlab.registry.push_image(name, "v1", "one");
    }
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    assert!(app.repositories(desk.id.clone()).await.unwrap().refused);
    let second = app.second_sign_in(desk.id.clone()).await.unwrap().unwrap();
    let host = gitlab.host();
    let named = host.split(':').next().unwrap();
    assert!(second.host.starts_with(named), "{second:?}");
    assert_eq!(
        (second.state, second.wants_user),
        (SecondState::Absent, false)
    );
    let give = async |secret: &str| {
        let order = SecondOrder {
            account: desk.id.clone(),
            user: String::new(),
            secret: SecretString::from(secret),
        };
        app.give_second(order).await
    };
    gitlab.registry.forget_requests();
    let problem = give("glpat-wrong").await.unwrap_err();
    assert_eq!(problem.code, Code::SecondSignIn);
    assert_eq!(gitlab.registry.count("GET", "/api/v4/"), 1);
    let given = give(TOKEN).await.unwrap().unwrap();
    assert_eq!(given.state, SecondState::Given);
    assert_eq!(list(&desk).await, ["lab/deep/app", REPOSITORY]);
    let told = app.repositories(desk.id.clone()).await.unwrap();
    assert_eq!((told.note, told.refused), (None, false));
    let requests = gitlab.registry.requests();
    let own = requests
        .iter()
        .filter(|seen| seen.path.starts_with("/api/"));
    assert!(own.clone().all(|seen| !seen.has_authorization));
    assert!(own.count() >= 3);
    assert!(!desk.home.events_text().contains(TOKEN));
    assert_eq!(gitlab.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_nonsense_of_the_interface_leaves_all_as_it_is_by_the_protocol() {
    let turning = |link: &str| Answer::json("[]").with("link", link);
    let tag = |name: &str, digest: &str| {
        Answer::json(serde_json::json!([{"name": name, "digest": digest, "media_type": INDEX}]))
    };
    for broken in [
        Answer::of(401),
        Answer::of(403),
        Answer::of(404),
        Answer::of(500),
        Answer::json("<html>").with("content-type", "text/html"),
        Answer::json(r#"{"not":"a list"}"#),
        Answer::json(r#"[1, null, {"name": 7}, {"name": "v1", "digest": "sha256:0"}]"#),
        Answer::redirect(302, "http://127.0.0.1:1/"),
        turning("</elsewhere>; rel=\"next\""),
        tag("../v1", &format!("sha256:{}", "0".repeat(64))),
        tag("v9", &format!("sha256:{}", "0".repeat(64))),
    ] {
        let case = format!("{broken:?}");
        let (desk, gitlab) = gitlab().await;
        gitlab.registry.push_image(REPOSITORY, "v1", "one");
        desk.home
            .app
            .refresh_repositories(desk.id.clone())
            .await
            .unwrap();
        gitlab.break_interface(Some(broken));
        desk.refresh().await;
        let rows = desk.lab().tags().await.rows;
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.name.as_str(), row.resolved))
            .collect();
        assert_eq!(told, [("v1", false)], "{case}");
        let row = desk.lab().resolve("v1").await;
        assert_eq!(
            row.digest,
            gitlab.registry.tagged(REPOSITORY, "v1"),
            "{case}"
        );
        let account = desk.home.app.accounts().await.unwrap().remove(0);
        let state = app::view::accounts::AccountState::SignedIn;
        assert_eq!(account.state, state, "{case}");
    }
}

/// Behaviour (vendors): Commit tags, the words of a repository and a new one are taken by GitLab's registry with its database, which refuses every type of one's own.
/// Source: GitLab's registry 4.39.0 with PostgreSQL: 400 MANIFEST_INVALID `unknown media type`, on `artifactType` and on the config's type.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_longshore_writes_has_no_type_of_its_own() {
    let (desk, gitlab) = gitlab().await;
    list(&desk).await;
    let order = CreateOrder {
        account: desk.id.clone(),
        repository: REPOSITORY.into(),
        title: "Tool".into(),
        description: "Counts cells.".into(),
        keep: None,
        private: None,
    };
    let made = desk.home.app.create_repository(order).await.unwrap();
    assert_eq!(made.words.title.as_deref(), Some("Tool"));
    let about = "/v2/lab/tool/manifests/_about";
    assert_eq!(
        gitlab.registry.count("PUT", about),
        1,
        "the first form was taken"
    );
    let old = gitlab.registry.push_image(REPOSITORY, "v1", "old");
    desk.refresh().await;
    desk.see("v1").await;
    let new = gitlab.registry.push_image(REPOSITORY, "v1", "new");
    desk.refresh().await;
    desk.see("v1").await;
    desk.make_active("v1", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    assert_eq!(
        gitlab.registry.tagged(REPOSITORY, "v1").as_ref(),
        Some(&old)
    );
    let tags = gitlab.registry.tags(REPOSITORY);
    let kept = tags.iter().find(|tag| tag.starts_with("_h.v1.")).unwrap();
    assert_eq!(gitlab.registry.tagged(REPOSITORY, kept), Some(new));
    assert_eq!(gitlab.violations(), [""; 0]);
}
