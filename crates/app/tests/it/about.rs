//! What a repository says of itself: written once, seen by everyone, left alone where it is somebody else's.

use crate::home::{Home, SECRET, USER, account, guarded_registry, problem, scripted};
use app::view::about::{AboutView, AboutWords, CreateOrder, DescribeOrder, Skill};
use app::view::active::ActiveOrder;
use app::view::keep::KeepRule;
use app::view::keep::RuleFrom;
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use serde_json::Value;
use testkit::images::{MANIFEST, put_manifest};
use testkit::parts::{Part, RegistryVersion, need};
use testkit::scripted::{Auth, Faults, Scripted};

const ABOUT: &str = "/v2/lab/tool/manifests/_about";

fn create(account: &str, title: &str, description: &str) -> CreateOrder {
    CreateOrder {
        account: account.into(),
        repository: "lab/tool".into(),
        title: title.into(),
        description: description.into(),
        keep: None,
        private: None,
    }
}

fn describe(account: &str, title: &str, expected: Option<String>) -> DescribeOrder {
    DescribeOrder {
        account: account.into(),
        repository: "lab/tool".into(),
        title: title.into(),
        description: String::new(),
        expected,
        shown: String::new(),
    }
}

async fn about(home: &Home, id: &str) -> AboutView {
    home.at(id, "lab/tool").about().await
}

async fn refreshed(home: &Home, id: &str) -> AboutView {
    let lab = home.at(id, "lab/tool");
    lab.refresh_about().await;
    about(home, id).await
}

async fn seen_by_everyone(version: RegistryVersion) {
    let registry = guarded_registry(version).await;
    let (one, other) = (Home::new(), Home::new());
    let id = one.sign_in(&registry.host()).await.id;
    let order = CreateOrder {
        keep: Some(KeepRule::Overwrite),
        ..create(&id, " Tool\u{7} ", "Aligns reads.\nFast.")
    };
    let made = one.app.create_repository(order).await.unwrap();
    assert_eq!(made.words.title.as_deref(), Some("Tool"));
    assert_eq!(registry.tags("lab/tool").await.unwrap(), ["_about"]);
    let (digest, bytes) = registry
        .manifest("lab/tool", "_about")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(made.digest, Some(digest));
    let manifest: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(manifest["artifactType"], Value::Null);
    assert_eq!(manifest["annotations"]["dev.longshore.about"], "v1");
    assert_eq!(manifest["annotations"]["dev.longshore.keep"], "overwrite");
    assert_eq!(one.app.repositories(id).await.unwrap().names, ["lab/tool"]);

    // Someone else, who has never been here: the catalog lists it, and its words stand beside it.
    let id = other.sign_in(&registry.host()).await.id;
    let lab = other.at(&id, "lab/tool");
    other.app.refresh_repositories(id.clone()).await.unwrap();
    assert!(!about(&other, &id).await.asked);
    other
        .app
        .ask_abouts(id.clone(), vec!["lab/tool".into()])
        .await
        .unwrap();
    let list = other.app.repositories(id.clone()).await.unwrap();
    assert_eq!(list.names, ["lab/tool"]);
    let seen = about(&other, &id).await;
    assert_eq!(list.marks[0].words, seen.words);
    assert_eq!(
        seen.words.description.as_deref(),
        Some("Aligns reads.\nFast.")
    );
    assert_eq!(seen.words.authors.as_deref(), Some(USER));
    assert!(seen.asked && seen.words.created.is_some());
    assert_eq!(seen.keep.rule, Some(KeepRule::Overwrite));
    assert_eq!(
        seen.keep.set_by,
        RuleFrom::Repository {
            author: Some(USER.into())
        }
    );
    // It is none of the repository's tags.
    lab.refresh_tags().await;
    let tags = lab.tags().await;
    assert_eq!((tags.rows.len(), tags.keep), (0, Some(KeepRule::Overwrite)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_with_its_words_is_seen_by_someone_else() {
    if need(Part::Registry) {
        seen_by_everyone(RegistryVersion::Two).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_with_its_words_is_seen_by_someone_else_on_the_newest_registry() {
    if need(Part::NewRegistry) {
        seen_by_everyone(RegistryVersion::Three).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn editing_leaves_what_others_wrote_and_stops_where_someone_was_faster() {
    if !need(Part::Registry) {
        return;
    }
    let registry = guarded_registry(RegistryVersion::Two).await;
    let home = Home::new();
    let id = home.sign_in(&registry.host()).await.id;
    let first = home
        .app
        .create_repository(create(&id, "Tool", "First."))
        .await
        .unwrap();

    // Somebody adds a note of their own and another author, by other means.
    let (_, bytes) = registry
        .manifest("lab/tool", "_about")
        .await
        .unwrap()
        .unwrap();
    let mut manifest: Value = serde_json::from_slice(&bytes).unwrap();
    manifest["annotations"]["com.example.owner"] = "team seven".into();
    manifest["annotations"]["org.opencontainers.image.authors"] = "The Lab".into();
    manifest["annotations"]["org.opencontainers.image.created"] = "2020-01-02T03:04:05Z".into();
    let bytes = manifest.to_string().into_bytes();
    put_manifest(&registry, "lab/tool", "_about", MANIFEST, bytes)
        .await
        .unwrap();
    let theirs = registry
        .manifest("lab/tool", "_about")
        .await
        .unwrap()
        .unwrap();

    let stale = describe(&id, "Mine", first.digest);
    let told = problem(home.app.describe_repository(stale).await);
    assert_eq!(told.code, Code::Changed, "{told:?}");
    let none = describe(&id, "Mine", None);
    let told = problem(home.app.describe_repository(none).await);
    assert_eq!(told.code, Code::Changed, "{told:?}");
    let now = registry
        .manifest("lab/tool", "_about")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(now, theirs);

    let view = refreshed(&home, &id).await;
    assert_eq!(view.digest.as_ref(), Some(&theirs.0));
    let mine = describe(&id, "Mine", view.digest);
    let view = home.app.describe_repository(mine).await.unwrap();
    let (digest, bytes) = registry
        .manifest("lab/tool", "_about")
        .await
        .unwrap()
        .unwrap();
    let manifest: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(
        manifest["annotations"],
        serde_json::json!({
            "com.example.owner": "team seven",
            "dev.longshore.about": "v1",
            "org.opencontainers.image.authors": "The Lab",
            "org.opencontainers.image.created": "2020-01-02T03:04:05Z",
            "org.opencontainers.image.title": "Mine",
        })
    );
    assert_eq!(view.digest, Some(digest.clone()));
    assert_eq!(view.words.authors.as_deref(), Some("The Lab"));

    // Emptied, it is still a manifest, and everything else stays.
    let empty = describe(&id, " ", Some(digest));
    let view = home.app.describe_repository(empty).await.unwrap();
    assert_eq!((view.words.title, view.words.description), (None, None));
    assert!(view.digest.is_some() && view.words.created.is_some());
    assert_eq!(refreshed(&home, &id).await.words.title, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_that_has_tags_is_not_made_again() {
    let (home, registry, id) = scripted().await;
    registry.push_image("lab/tool", "v1", "one");
    let told = problem(home.app.create_repository(create(&id, "Tool", "")).await);
    assert!(told.message.contains("is there already"), "{told:?}");
    assert_eq!(registry.tags("lab/tool"), ["v1"]);
    let order = CreateOrder {
        repository: "Lab/Tool".into(),
        ..create(&id, "Tool", "")
    };
    let told = problem(home.app.create_repository(order).await);
    assert!(told.message.contains("Lab/Tool"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn something_else_under_the_tag_is_neither_read_nor_overwritten() {
    let (home, registry, id) = scripted().await;
    registry.push_image("lab/tool", "v1", "one");
    let theirs = registry.push_image("lab/tool", "_about", "an image of somebody’s");
    let view = refreshed(&home, &id).await;
    assert!(view.asked);
    assert_eq!((view.digest, view.words), (None, AboutWords::default()));
    let told = problem(
        home.app
            .describe_repository(describe(&id, "Mine", None))
            .await,
    );
    assert!(told.message.contains("left alone"), "{told:?}");
    assert_eq!(registry.tagged("lab/tool", "_about"), Some(theirs));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_asked_for_seldom_and_fetched_once() {
    let (home, registry, id) = scripted().await;
    registry.push_image("lab/tool", "v1", "one");
    home.app
        .describe_repository(describe(&id, "Tool", None))
        .await
        .unwrap();
    let elsewhere = Home::new();
    let id = elsewhere
        .app
        .add_account(account(&registry.host(), "", ""))
        .await
        .unwrap()
        .id;
    let none = elsewhere.at(&id, "lab/none");
    registry.forget_requests();
    for _ in 0..2 {
        elsewhere
            .app
            .ask_abouts(
                id.clone(),
                vec!["lab/tool".into(), "lab/none".into(), "No Name".into()],
            )
            .await
            .unwrap();
    }
    let asked = |method: &str| registry.count(method, ABOUT);
    assert_eq!(asked("HEAD"), 1);
    assert_eq!(registry.count("HEAD", "/v2/lab/none/manifests/_about"), 1);
    let fetched = || registry.count("GET", "/v2/lab/tool/manifests/");
    assert_eq!(fetched(), 1);
    // The person's own refresh asks again, by one HEAD; what didn't change is not fetched again.
    refreshed(&elsewhere, &id).await;
    elsewhere.at(&id, "lab/tool").refresh_tags().await;
    assert_eq!((asked("HEAD"), fetched()), (3, 1));
    // Where it is neither listed nor known nobody asks, and that there is none is known.
    registry.push_image("lab/none", "v1", "one");
    none.refresh_tags().await;
    assert_eq!(registry.count("HEAD", "/v2/lab/none/manifests/_about"), 1);
    assert!(none.about().await.asked);
    // What fails is asked no sooner, and nobody is told.
    registry.set(|faults| faults.status500 = true);
    for _ in 0..2 {
        elsewhere
            .app
            .ask_abouts(id.clone(), vec!["lab/ill".into()])
            .await
            .unwrap();
    }
    assert_eq!(registry.count("HEAD", "/v2/lab/ill/manifests/_about"), 1);
}

/// One way of refusing, switched on.
type Switch = fn(&mut Faults);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_refuses_says_so_in_a_sentence() {
    let switches: [(Switch, &str); 4] = [
        (
            |faults| faults.refuse_underscore_tags = true,
            "refuses the tag _about",
        ),
        (
            |faults| faults.refuse_manifests = Some("_about"),
            "refuses what would be stored as _about",
        ),
        (|faults| faults.read_only = true, "may not push to lab/tool"),
        (
            |faults| {
                faults.auth = Auth::TokenGet;
                faults.never_granted = vec!["push".into()];
            },
            "may not push to lab/tool",
        ),
    ];
    for (switch, words) in switches {
        let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
        registry.set(|faults| faults.sign_in = Some((USER.into(), SECRET.into())));
        registry.set(switch);
        let id = home.sign_in(&registry.host()).await.id;
        let told = problem(home.app.create_repository(create(&id, "Tool", "")).await);
        assert!(told.message.contains(words), "{words}: {told:?}");
        assert_eq!(registry.tags("lab/tool"), [""; 0], "{words}");
        assert!(home.app.repositories(id).await.unwrap().names.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_registry_can_do_is_told_with_how_it_is_known() {
    let (home, registry, id) = scripted().await;
    let lab = home.at(&id, "lab/tool");
    registry.push_image("lab/tool", "v1", "one");
    let can = async |what: Skill| {
        let all = about(&home, &id).await.abilities;
        let found = all
            .into_iter()
            .find(|ability| ability.what == what)
            .unwrap();
        assert!(found.why.ends_with('.'), "{found:?}");
        found.can
    };
    assert_eq!(can(Skill::Catalog).await, None);
    registry.set(|faults| faults.no_catalog = true);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(can(Skill::Catalog).await, Some(false));
    registry.set(|faults| faults.no_catalog = false);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(can(Skill::Catalog).await, Some(true));
    assert_eq!(can(Skill::KeepsOverwritten).await, None);
    assert_eq!(can(Skill::History).await, Some(false));
    assert_eq!(can(Skill::Referrers).await, None);

    // Seen to let go of what was overwritten.
    let see = async || {
        lab.resolve("v1").await;
        lab.refresh_commits("v1").await;
    };
    see().await;
    registry.set(|faults| faults.drop_overwritten = true);
    overwrite(&registry).await;
    see().await;
    assert_eq!(can(Skill::KeepsOverwritten).await, Some(false));
    assert_eq!(about(&home, &id).await.keep.fitting, KeepRule::Push);
}

/// A colleague moves the tag without keeping anything.
async fn overwrite(registry: &Scripted) {
    let other = Home::new();
    let account = account(&registry.host(), "", "");
    let id = other.app.add_account(account).await.unwrap().id;
    let digest = registry.push_image("lab/tool", "v2", "two");
    let order = ActiveOrder {
        account: id,
        repository: "lab/tool".into(),
        tag: "v1".into(),
        digest,
        expected: registry.tagged("lab/tool", "v1"),
        keep: KeepAnswer::Off,
        share_rule: false,
        allows: None,
        accept_loss: false,
    };
    other.app.make_active(order).await.unwrap();
}
