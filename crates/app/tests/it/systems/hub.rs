//! Docker Hub: its registry under its own name, and its interface at another, both played at one address of this computer.

use super::world::{On, Plays, Remembers, System};
use crate::acts::{Desk, REPOSITORY, tag, writes};
use crate::home::{Home, SECRET, USER, account};
use app::view::about::CreateOrder;
use app::view::accounts::NewAccount;
use app::view::browse::{Source, TimeKind};
use app::view::problem::{Code, Problem};
use serde_json::json;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use testkit::images::{INDEX, MANIFEST};
use testkit::scripted::{Answer, Scripted};
use testkit::standins::hub::{self as played, TOKEN};
use vendors::VendorId;

const HOST: &str = "docker.io";

/// Docker Hub, for an account whose organization has no audit log.
pub struct Hub(played::Hub);

/// Docker Hub, for an account whose organization pays for an audit log.
pub struct WithLog(Hub);

/// Adds an account, whose sign-in goes to where the tokens are given.
async fn add(home: &Home, hub: &played::Hub, secret: &str) -> Result<String, Problem> {
    let new = NewAccount {
        agreed: vec![format!("bearer {}", hub.address())],
        ..account(HOST, USER, secret)
    };
    Ok(home.app.add_account(new).await?.id)
}

impl System for Hub {
    const VENDOR: VendorId = VendorId::Hub;
    const ON: On = On::StandIn("Docker Hub, as its documentation says (November 2026)");
    const REMEMBERS: Remembers = Remembers::Untagged;

    async fn start() -> Option<Self> {
        Some(Self(played::Hub::start().await.unwrap()))
    }

    fn host(&self) -> String {
        HOST.to_owned()
    }

    fn home(&self) -> Home {
        Home::playing_hub(&self.0.address())
    }

    async fn account(&self, home: &Home) -> String {
        add(home, &self.0, SECRET).await.unwrap()
    }

    async fn described(&self, repository: &str) -> Option<String> {
        let (description, _) = self.0.described(repository)?;
        Some(description).filter(|text| !text.is_empty())
    }

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Hub {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        "/token"
    }
}

impl System for WithLog {
    const VENDOR: VendorId = VendorId::Hub;
    const ON: On = On::StandIn("Docker Hub, as its documentation says, with an audit log");
    const REMEMBERS: Remembers = Remembers::Tags;

    async fn start() -> Option<Self> {
        let hub = Hub::start().await?;
        hub.0.pay();
        Some(Self(hub))
    }

    fn host(&self) -> String {
        HOST.to_owned()
    }

    fn home(&self) -> Home {
        self.0.home()
    }

    async fn account(&self, home: &Home) -> String {
        self.0.account(home).await
    }

    /// Pushes in a second of its own: the log tells no less.
    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        tokio::time::sleep(Duration::from_millis(1050)).await;
        self.0.push(repository, tag, text).await
    }

    async fn described(&self, repository: &str) -> Option<String> {
        self.0.described(repository).await
    }

    fn scripted(&self) -> &Scripted {
        self.0.scripted()
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for WithLog {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        self.0.token_path()
    }
}

/// A desk with an account at Docker Hub.
async fn desk() -> (Desk, played::Hub) {
    let hub = played::Hub::start().await.unwrap();
    let home = Home::playing_hub(&hub.address());
    let id = add(&home, &hub, SECRET).await.unwrap();
    (Desk::of(home, id), hub)
}

/// Counts the questions to the interface so far.
fn own(hub: &played::Hub, part: &str) -> usize {
    hub.registry.count("GET", &format!("/v2/{part}"))
}

/// Behaviour (vendors): Docker Hub lists the repositories of an account's own namespace and of each of its organizations by its own interface, with what each says of itself.
/// Source: documentation of the Hub API (`/v2/user/orgs/`, `/v2/namespaces/NS/repositories`); `/v2/_catalog` is nobody's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_own_namespace_and_organizations_are_listed_with_their_words() {
    let (desk, hub) = desk().await;
    for name in [
        "demo/own",
        "lab/tool",
        "genomics/reads",
        "others/hidden",
        "library/debian",
    ] {
        hub.registry.push_image(name, "v1", name);
    }
    hub.describe("lab/tool", "Counts\u{202e} cells.\n", "# At length");
    hub.registry.forget_requests();
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    let list = app.repositories(desk.id.clone()).await.unwrap();
    assert_eq!(list.names, ["demo/own", "genomics/reads", "lab/tool"]);
    assert_eq!((list.note, list.refused), (None, false));
    let said: Vec<_> = list
        .marks
        .iter()
        .map(|mark| (mark.name.as_str(), mark.words.description.as_deref()))
        .collect();
    assert_eq!(said, [("lab/tool", Some("Counts cells."))]);
    assert_eq!(own(&hub, "_catalog"), 0);
    assert_eq!((hub.violations(), writes_but_tokens(&hub)), (Vec::new(), 0));
}

/// Counts what was asked that may have changed something.
fn writes_but_tokens(hub: &played::Hub) -> usize {
    writes(&hub.registry) - hub.registry.count("POST", "/v2/auth/token")
}

/// Behaviour (vendors): What a thousand tags at Docker Hub point at, since when and by whom costs ten questions, and no pull.
/// Source: documentation of the Hub API: `…/tags?page_size=100`; a pull is counted by GET of a manifest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tags_are_told_a_hundred_at_once_and_cost_no_pull() {
    let (desk, hub) = desk().await;
    for at in 0..1000 {
        let name = format!("v{at:04}");
        hub.registry.push_image(REPOSITORY, &name, &name);
    }
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    hub.registry.forget_requests();
    desk.refresh().await;
    assert_eq!(own(&hub, "namespaces/lab/repositories/tool/tags"), 10);
    let requests = hub.registry.requests();
    assert!(requests.iter().all(|seen| seen.method == "GET"));
    assert!(
        requests
            .iter()
            .all(|seen| !seen.path.contains("/manifests/"))
    );
    // All names are told with that.
    assert_eq!(requests.len(), 10, "{requests:#?}");
    let rows = desk.lab().tags().await.rows;
    assert_eq!(rows.len(), 1000);
    for row in &rows {
        assert!(row.resolved && row.trouble.is_none(), "{row:?}");
        assert_eq!(row.digest, hub.registry.tagged(REPOSITORY, &row.name));
        let time = row.time.unwrap();
        assert_eq!(
            (time.kind, time.source),
            (TimeKind::Since, Source::Registry)
        );
        assert_eq!(Some(time.at), hub.pushed(REPOSITORY, &row.name));
    }
    assert_eq!(hub.violations(), [""; 0]);
}

/// Behaviour (vendors): Where an organization has an audit log, each push of a tag stands in the timeline with who and when, also those that nobody here saw.
/// Source: documentation of the Hub API: `/v2/auditlogs/NS?action=repo.tag.push`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_is_the_timeline() {
    let (desk, hub) = desk().await;
    hub.pay();
    let app = &desk.home.app;
    let mut pushed = Vec::new();
    for text in ["one", "two", "three"] {
        pushed.push(hub.registry.push_image(REPOSITORY, "v1", text));
        app.refresh_repositories(desk.id.clone()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1100)).await;
    }
    desk.refresh().await;
    desk.lab().refresh_timeline().await;
    pushed.reverse();
    let rows = desk.commits("v1").await;
    let digests: Vec<_> = rows.iter().filter_map(|row| row.digest.clone()).collect();
    assert_eq!(digests, pushed);
    for row in &rows {
        assert_eq!(
            row.by.as_ref().map(|by| by.name.as_str()),
            Some(USER),
            "{row:#?}"
        );
        let time = row.time.unwrap();
        assert_eq!(
            (time.kind, time.source),
            (TimeKind::Since, Source::Registry)
        );
    }
    assert_eq!(desk.lab().timeline().await.untagged, []);
    assert_eq!(hub.violations(), [""; 0]);
}

/// What happened to a tag stands on the second page of the log, below what happened to others since.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_below_others_news_are_found() {
    let (desk, hub) = desk().await;
    hub.pay();
    let app = &desk.home.app;
    let list = async || app.refresh_repositories(desk.id.clone()).await.unwrap();
    let mut pushed = vec![hub.registry.push_image(REPOSITORY, "v1", "one")];
    list().await;
    desk.refresh().await;
    desk.lab().refresh_commits("v1").await;
    for text in ["two", "three"] {
        pushed.push(hub.registry.push_image(REPOSITORY, "v1", text));
        list().await;
        tokio::time::sleep(Duration::from_millis(1100)).await;
    }
    for other in 0..120 {
        let (tag, text) = (format!("t{other:03}"), other.to_string());
        hub.registry.push_image(REPOSITORY, &tag, &text);
    }
    list().await;
    desk.refresh().await;
    desk.lab().refresh_commits("v1").await;
    pushed.reverse();
    assert_eq!(desk.lab().digests("v1").await, pushed);
    // And no page is asked for but those it takes to come to what was known.
    hub.registry.forget_requests();
    desk.lab().refresh_commits("v1").await;
    assert_eq!(own(&hub, "auditlogs"), 2);
    assert_eq!(hub.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_description_is_changed_and_the_long_text_stays() {
    let (desk, hub) = desk().await;
    hub.registry.push_image(REPOSITORY, "v1", "one");
    hub.describe(REPOSITORY, "Before.", "# At length");
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    desk.refresh().await;
    desk.lab().refresh_about().await;
    let shown = desk.lab().describe("Aligns reads.").await;
    assert_eq!(shown.words.description.as_deref(), Some("Aligns reads."));
    let kept = ("Aligns reads.".to_owned(), "# At length".to_owned());
    assert_eq!(hub.described(REPOSITORY), Some(kept));
    assert_eq!(
        hub.registry.tags(REPOSITORY),
        ["v1"],
        "no manifest was written"
    );
    assert_eq!(hub.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_are_refused_are_not_written_elsewhere() {
    let (desk, hub) = desk().await;
    hub.registry.push_image(REPOSITORY, "v1", "one");
    hub.describe(REPOSITORY, "Before.", "");
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    desk.refresh().await;
    desk.lab().refresh_about().await;
    for (answer, said) in [
        (Answer::of(403), "doesn’t let you"),
        (
            Answer::json(json!({"message": "no emoji here"})).with_status(400),
            "no emoji here",
        ),
        (Answer::of(503), ""),
    ] {
        hub.refuse_words(Some(answer));
        let problem = desk.lab().try_describe("Aligns reads.").await.unwrap_err();
        let told = format!("{} {:?}", problem.message, problem.detail);
        assert!(told.contains(said), "{problem:?}");
        let order = CreateOrder {
            account: desk.id.clone(),
            repository: "lab/new".into(),
            title: String::new(),
            description: "New here.".into(),
            keep: None,
            private: Some(true),
        };
        app.create_repository(order).await.unwrap_err();
        assert_eq!(hub.registry.tags(REPOSITORY), ["v1"]);
        assert_eq!(hub.registry.tags("lab/new"), [""; 0]);
    }
    hub.refuse_words(None);
    // What can't be read just now is not written elsewhere either.
    hub.break_interface(Some(Answer::of(503)));
    desk.lab().try_describe("Aligns reads.").await.unwrap_err();
    hub.break_interface(None);
    assert_eq!(hub.registry.tags(REPOSITORY), ["v1"]);
    desk.lab().describe("Aligns reads.").await;
    let (description, _) = hub.described(REPOSITORY).unwrap();
    assert_eq!(description, "Aligns reads.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_since_the_sheet_was_filled_is_not_overwritten() {
    let (desk, hub) = desk().await;
    hub.registry.push_image(REPOSITORY, "v1", "one");
    hub.describe(REPOSITORY, "Before.", "");
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    desk.refresh().await;
    desk.lab().refresh_about().await;
    let sheet = desk.lab().about().await;
    hub.describe(REPOSITORY, "Theirs.", "");
    // It is seen here, behind the open sheet.
    desk.lab().refresh_about().await;
    let tried = desk.lab().try_describe_from(&sheet, "Mine.").await;
    assert_eq!(tried.unwrap_err().code, Code::Changed);
    assert_eq!(hub.described(REPOSITORY).unwrap().0, "Theirs.");
    let sheet = desk.lab().about().await;
    let done = desk.lab().try_describe_from(&sheet, "Mine.").await;
    assert_eq!(done.unwrap().words.description.as_deref(), Some("Mine."));
    assert_eq!(hub.described(REPOSITORY).unwrap().0, "Mine.");
}

/// Behaviour (vendors): A repository is made at Docker Hub by its own interface, private where that is said, and is there before anything is pushed.
/// Source: documentation of the Hub API: `POST /v2/namespaces/NS/repositories` 201.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_is_made_before_anything_is_pushed() {
    let (desk, hub) = desk().await;
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    let order = CreateOrder {
        account: desk.id.clone(),
        repository: "lab/new".into(),
        title: String::new(),
        description: "New here.".into(),
        keep: None,
        private: Some(true),
    };
    let made = app.create_repository(order).await.unwrap();
    assert_eq!(made.words.description.as_deref(), Some("New here."));
    assert!(hub.is_private("lab/new"));
    assert_eq!(hub.described("lab/new").unwrap().0, "New here.");
    assert_eq!(hub.registry.tags("lab/new"), [""; 0]);
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    let list = app.repositories(desk.id.clone()).await.unwrap();
    assert_eq!(list.names, ["lab/new"]);
    assert_eq!(hub.violations(), [""; 0]);
}

/// Behaviour (waiting): How many pulls are left at Docker Hub stands beside its account; looking at tags costs none of them.
/// Source: Docker Hub's documentation of pull limits: `ratelimit-remaining` on manifests; HEAD is free.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pulls_that_are_left_stand_beside_the_account() {
    let (desk, hub) = desk().await;
    let image = hub.registry.push_image(REPOSITORY, "one", "one");
    let size = hub.registry.manifest(REPOSITORY, &image).unwrap().len();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [{"mediaType": MANIFEST, "digest": image, "size": size,
            "platform": {"os": "linux", "architecture": "arm64"}}],
    });
    hub.registry
        .put_manifest(REPOSITORY, Some("all"), INDEX, index.to_string().as_bytes());
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    desk.refresh().await;
    let limit = async || app.accounts().await.unwrap()[0].limit;
    assert_eq!(limit().await, None, "nothing was asked of a manifest");
    // What an index holds is for its manifest to say.
    desk.see("all").await;
    let told = limit().await.unwrap();
    assert!(told.pulls && !told.low);
    assert_eq!((told.of, told.window), (200, Some(21_600)));
    assert!(told.left < 200 && told.left >= 197, "{told:?}");
    assert_eq!(hub.violations(), [""; 0]);
}

/// Behaviour (sign-in): With a second factor Docker Hub takes no password, and an access token as ever: for its registry and for its interface.
/// Source: Docker Hub's documentation of two-factor authentication.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_token_is_good_where_a_password_alone_is_not() {
    let hub = played::Hub::start().await.unwrap();
    hub.want_two_factors();
    hub.registry.push_image(REPOSITORY, "v1", "one");
    let home = Home::playing_hub(&hub.address());
    let refused = add(&home, &hub, SECRET).await.unwrap_err();
    assert_eq!(refused.code, Code::SignIn);
    assert!(
        refused.hints.concat().contains("access token"),
        "{refused:?}"
    );
    assert_eq!(own(&hub, "namespaces"), 0);
    let id = add(&home, &hub, TOKEN).await.unwrap();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(home.app.repositories(id).await.unwrap().names, [REPOSITORY]);
    assert_eq!(hub.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_interface_refuses_goes_by_the_protocol() {
    for broken in [
        Answer::of(401),
        Answer::of(403),
        Answer::of(404),
        Answer::of(500),
        Answer::json("<html>").with("content-type", "text/html"),
        Answer::json(r#"{"results":7,"logs":7,"manifests":7}"#),
        Answer::redirect(302, "http://127.0.0.1:1/"),
    ] {
        let (desk, hub) = desk().await;
        let case = format!("{broken:?}");
        hub.registry.push_image(REPOSITORY, "v1", "one");
        hub.break_interface(Some(broken));
        let app = &desk.home.app;
        // It has no catalog: what is opened by its path is all there is.
        app.refresh_repositories(desk.id.clone()).await.unwrap();
        desk.refresh().await;
        let row = desk.lab().resolve("v1").await;
        assert_eq!(row.digest, hub.registry.tagged(REPOSITORY, "v1"), "{case}");
        desk.lab().refresh_timeline().await;
        desk.lab().refresh_about().await;
        let account = app.accounts().await.unwrap().remove(0);
        let state = app::view::accounts::AccountState::SignedIn;
        assert_eq!(account.state, state, "{case}");
    }
}

/// Behaviour (waiting): Where Docker Hub's interface is asked too much, it is asked again at the moment that it names.
/// Source: documentation of the Hub API: 429 with `X-Retry-After`, a Unix time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_questions_wait_until_the_moment_that_is_named() {
    let (desk, hub) = desk().await;
    hub.registry.push_image(REPOSITORY, "v1", "one");
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let again = (now.as_secs() + 1).to_string();
    hub.registry.set(|faults| {
        faults.over_script = true;
        faults.too_many = 1;
        faults.busy_headers = vec![("x-retry-after", again)];
    });
    hub.registry.forget_requests();
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    let list = app.repositories(desk.id.clone()).await.unwrap();
    assert_eq!(
        (list.names.as_slice(), list.note),
        (&[REPOSITORY.to_owned()][..], None)
    );
    assert_eq!(own(&hub, "user/orgs/"), 2);
    assert_eq!(hub.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_whoever_plays_docker_hub_under_another_name_has_nothing_asked_of_it() {
    let (real, other) = (
        played::Hub::start().await.unwrap(),
        played::Hub::start().await.unwrap(),
    );
    other.registry.push_image(REPOSITORY, "v1", "one");
    let home = Home::playing_hub(&real.address());
    let id = home.sign_in(&other.registry.host()).await.id;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    lab.refresh_timeline().await;
    assert_eq!(real.registry.requests(), []);
    assert_eq!(other.registry.count("POST", ""), 0);
    assert_eq!(own(&other, "namespaces"), 0);
}

/// Behaviour (vendors): One of two tags at Docker Hub goes alone, and its commit stays.
/// Source: Docker Hub: `DELETE /v2/repositories/NS/R/tags/T/` 204; `DELETE /v2/…/manifests/DIGEST` 403 while it has a tag.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_last_tag_goes_and_its_commit_stays() {
    let (desk, hub) = desk().await;
    let digest = hub.registry.push_image(REPOSITORY, "v1", "one");
    hub.registry.push_image(REPOSITORY, "v2", "two");
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    desk.refresh().await;
    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(hub.registry.tags(REPOSITORY), ["v2"]);
    assert!(hub.registry.manifest(REPOSITORY, &digest).is_some());
    desk.lab().refresh_timeline().await;
    let bare = desk.lab().timeline().await;
    let known = bare.untagged.iter().filter_map(|row| row.digest.as_ref());
    let in_lanes = bare
        .rows
        .iter()
        .filter_map(|row| row.commit.digest.as_ref());
    assert!(known.chain(in_lanes).any(|it| *it == digest), "{bare:#?}");
    assert_eq!(desk.undo(&outcome).await.done, 1);
    assert_eq!(
        hub.registry.tagged(REPOSITORY, "v1").as_ref(),
        Some(&digest)
    );
    assert_eq!(hub.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_event_holds_the_secret_or_a_token() {
    let (desk, hub) = desk().await;
    hub.registry.push_image(REPOSITORY, "v1", "one");
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    desk.refresh().await;
    let events = desk.home.events_text();
    for secret in [SECRET, "jwt-0", "registry-0"] {
        assert!(!events.contains(secret), "{secret}");
    }
}
