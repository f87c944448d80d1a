//! Lists: from the cache at once, filled in behind, nothing fetched twice that can't change.

use crate::home::{Home, SECRET, USER, account, scripted};
use crate::sign_in_ways::guarded;
use app::view::browse::{LocalMark, Reach, Source, TimeKind};
use app::view::problem::Code;
use testkit::images::{INDEX, ImageSpec};
use testkit::parts::{Part, Registry, RegistryOptions, need};
use testkit::scripted::{Answer, Auth, Clock, Scripted};

/// A fixed time of the registry's clock, and this computer's about the same.
fn at(home: &Home, registry: &Scripted, minute: u8) {
    home.clock_is(&format!("2026-11-21T10:{minute:02}:00Z"));
    registry.set(|faults| {
        faults.clock = Clock::Fixed(format!("Sat, 21 Nov 2026 10:{minute:02}:00 GMT"));
    });
}

/// Writes it as a commit tag's time and as seconds.
const TEN: i64 = 1_795_255_200;

async fn resolve(home: &Home, id: &str, tag: &str) -> app::view::browse::TagRow {
    home.at(id, "lab/tool").resolve(tag).await
}

async fn refresh(home: &Home, id: &str) -> Vec<app::view::browse::TagRow> {
    let lab = home.at(id, "lab/tool");
    lab.refresh_tags().await;
    lab.tags().await.rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repositories_come_in_pages_and_stay_in_the_cache() {
    let (mut home, registry, id) = scripted().await;
    for number in 0..25 {
        registry.push_image(&format!("lab/tool{number:02}"), "v1", "x");
    }
    registry.set(|faults| faults.page = Some(10));
    assert_eq!(
        home.app
            .repositories(id.clone())
            .await
            .unwrap()
            .refreshed_at,
        None
    );
    registry.forget_requests();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(registry.count("GET", "/v2/_catalog"), 3);
    let list = home.app.repositories(id.clone()).await.unwrap();
    assert_eq!(list.names.len(), 25);
    assert!(list.refreshed_at.is_some());
    home.reopen();
    registry.forget_requests();
    assert_eq!(home.app.repositories(id).await.unwrap().names.len(), 25);
    assert!(registry.requests().is_empty(), "the cache asks nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_does_not_list_is_no_failure() {
    let (home, registry, id) = scripted().await;
    registry.set(|faults| faults.no_catalog = true);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let told = home.app.repositories(id).await.unwrap();
    assert!(told.refused && told.refreshed_at.is_none());
    let note = told.note.unwrap();
    assert!(note.contains("doesn’t list its repositories"), "{note}");
}

/// Behaviour (lists): A catalog that is for administrators alone is no wrong password, though the registry says 401.
/// Source: Harbor (`401`, `Basic realm="harbor"`, for whoever is no administrator).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_catalog_for_administrators_is_no_wrong_password() {
    let (mut home, registry) = (Home::new(), guarded(Auth::Basic).await);
    let id = home
        .app
        .add_account(account(&registry.host(), USER, SECRET));
    let id = id.await.unwrap().id;
    registry.script(|asked| {
        let challenge = || Answer::of(401).with("www-authenticate", "Basic realm=\"harbor\"");
        asked.path.ends_with("/_catalog").then(challenge)
    });
    for _ in 0..2 {
        home.app.refresh_repositories(id.clone()).await.unwrap();
        let note = home.app.repositories(id.clone()).await.unwrap().note;
        let note = note.unwrap();
        assert!(note.contains("doesn’t list its repositories"), "{note}");
        home.reopen();
    }

    // One whose sign-in is wrong by now is told so.
    registry.set(|faults| faults.sign_in = Some((USER.into(), "another".into())));
    let told = home.app.refresh_repositories(id).await.unwrap_err();
    assert_eq!(told.code, Code::SignIn, "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_several_tags_point_at_is_fetched_once_though_all_are_asked_at_once() {
    let (home, registry, id) = scripted().await;
    for tag in ["v1", "v1.2", "latest"] {
        registry.push_image("lab/tool", tag, "one");
    }
    // Long enough for the three to meet.
    registry.set(|faults| faults.delay = std::time::Duration::from_millis(150));
    tokio::join!(
        resolve(&home, &id, "v1"),
        resolve(&home, &id, "v1.2"),
        resolve(&home, &id, "latest")
    );
    for (method, path) in [
        ("HEAD", "/v2/lab/tool/manifests/v1"),
        ("GET", "/v2/lab/tool/manifests/"),
        ("GET", "/v2/lab/tool/blobs/"),
    ] {
        let times = if method == "HEAD" { 2 } else { 1 };
        assert_eq!(registry.count(method, path), times, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_is_dated_with_one_head_once_its_manifest_was_seen() {
    let (home, registry, id) = scripted().await;
    let digest = registry.push_image("lab/tool", "v1", "one");
    registry.push_image("lab/tool", "v2", "one");
    let rows = refresh(&home, &id).await;
    assert_eq!(
        rows.iter()
            .map(|r| (r.name.as_str(), r.digest.is_none(), r.resolved))
            .collect::<Vec<_>>(),
        [("v1", true, false), ("v2", true, false)]
    );
    let row = resolve(&home, &id, "v1").await;
    assert_eq!(row.digest.as_deref(), Some(digest.as_str()));
    assert!(row.resolved && row.size.is_some() && row.local == LocalMark::Unknown);
    registry.forget_requests();
    let row = resolve(&home, &id, "v2").await;
    assert_eq!(
        (row.commits, row.digest.as_deref()),
        (1, Some(digest.as_str()))
    );
    let asked: Vec<String> = registry
        .requests()
        .iter()
        .map(|seen| format!("{} {}", seen.method, seen.path))
        .collect();
    assert_eq!(asked, ["HEAD /v2/lab/tool/manifests/v2"]);
    assert!(
        refresh(&home, &id)
            .await
            .iter()
            .all(|row| !row.resolved && row.digest.is_some())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commit_tags_are_folded_into_their_tag() {
    let (home, registry, id) = scripted().await;
    let lab = home.at(&id, "lab/tool");
    let old = registry.push_image("lab/tool", "v1", "old");
    let kept = format!("_h.v1.20261120t100000z-{}", &old[7..]);
    let lying =
        "_h.v1.20261119t100000z-0123456789ab0000000000000000000000000000000000000000000000000000";
    let orphan = format!("_h.gone.20261120t100000z-{}", &old[7..]);
    for name in [kept.as_str(), lying, &orphan, "_about"] {
        registry.push_image("lab/tool", name, "old");
    }
    let new = registry.push_image("lab/tool", "v1", "new");
    at(&home, &registry, 0);
    let rows = refresh(&home, &id).await;
    assert_eq!(
        rows.iter()
            .map(|r| (r.name.as_str(), r.commits, r.deleted))
            .collect::<Vec<_>>(),
        [("v1", 2, false), ("gone", 1, true)]
    );
    resolve(&home, &id, "v1").await;
    lab.refresh_commits("v1").await;
    let rows = lab.commits("v1").await;
    let path = format!("{}/lab/tool", registry.host());
    assert_eq!(rows.len(), 3);
    assert!(rows[0].active && rows[0].digest.as_deref() == Some(&new));
    assert_eq!(rows[0].tag_path, Some(format!("{path}:v1")));
    assert_eq!(rows[1].digest.as_deref(), Some(old.as_str()));
    assert_eq!(rows[1].commit_tag.as_deref(), Some(kept.as_str()));
    assert_eq!(rows[1].tag_path, Some(format!("{path}:{kept}")));
    assert_eq!(rows[1].digest_path, Some(format!("{path}@{old}")));
    assert!(matches!(rows[1].reach, Reach::Pullable { .. }) && rows[1].size.is_some());
    let time = rows[1].time.unwrap();
    assert_eq!(
        (time.kind, time.source),
        (TimeKind::Since, Source::CommitTag)
    );
    assert!(rows[2].mismatch && rows[2].digest.is_none() && rows[2].short == "0123456789ab");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_moved_by_someone_else_is_noticed_by_the_registrys_clock() {
    let (home, registry, id) = scripted().await;
    at(&home, &registry, 0);
    let first = registry.push_image("lab/tool", "v1", "one");
    refresh(&home, &id).await;
    let row = resolve(&home, &id, "v1").await;
    assert_ne!(
        row.time.unwrap().kind,
        TimeKind::Since,
        "when the first one was pushed nobody knows"
    );
    at(&home, &registry, 7);
    registry.push_image("lab/tool", "v1", "two");
    let row = resolve(&home, &id, "v1").await;
    let time = row.time.unwrap();
    assert_eq!(
        (time.at, time.kind, time.source),
        (TEN + 7 * 60, TimeKind::By, Source::SeenHere)
    );
    assert_eq!(row.commits, 2);
    // A, B, A: three.
    at(&home, &registry, 9);
    registry.push_image("lab/tool", "v1", "one");
    assert_eq!(resolve(&home, &id, "v1").await.commits, 3);
    let rows = home.at(&id, "lab/tool").commits("v1").await;
    assert_eq!(
        rows.iter()
            .filter(|row| row.digest.as_deref() == Some(&first))
            .count(),
        2
    );
    let keys: std::collections::HashSet<&String> = rows.iter().map(|row| &row.key).collect();
    assert_eq!(keys.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_shows_its_platforms_and_the_size_of_ours() {
    let (home, registry, id) = scripted().await;
    let mut entries = Vec::new();
    for architecture in ["arm64", "amd64"] {
        let digest = registry.push_image("lab/tool", architecture, architecture);
        let bytes = registry.manifest("lab/tool", &digest).unwrap();
        entries.push(serde_json::json!({
            "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest, "size": bytes.len(),
            "platform": {"os": "linux", "architecture": architecture},
        }));
    }
    let index = serde_json::json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries});
    registry.put_manifest(
        "lab/tool",
        Some("multi"),
        INDEX,
        index.to_string().as_bytes(),
    );
    refresh(&home, &id).await;
    let row = resolve(&home, &id, "multi").await;
    assert_eq!(row.platforms, ["linux/arm64", "linux/amd64"]);
    assert_eq!(row.size, resolve(&home, &id, "amd64").await.size);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_appears_while_the_list_is_fetched_is_not_taken_for_deleted() {
    let (home, registry, id) = scripted().await;
    registry.push_image("lab/tool", "v1", "one");
    // The list is asked for before v2 is there, and answered after it was seen.
    registry.set(|faults| {
        faults.page = Some(1);
        faults.delay = std::time::Duration::from_millis(300);
    });
    for tag in ["a1", "a2", "a3"] {
        registry.push_image("lab/tool", tag, "one");
    }
    let meanwhile = async {
        while registry.count("GET", "/v2/lab/tool/tags/list") < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        // It sorts before the pages that are still to come.
        registry.push_image("lab/tool", "a0", "new");
        resolve(&home, &id, "a0").await
    };
    let (rows, row) = tokio::join!(refresh(&home, &id), meanwhile);
    assert!(!row.deleted);
    let row = rows.iter().find(|row| row.name == "a0").unwrap();
    assert!(!row.deleted && row.commits == 1, "{row:#?}");
    // The next list has it.
    assert!(refresh(&home, &id).await.iter().all(|row| !row.deleted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_null_is_empty_and_a_missing_repository_too() {
    let (home, registry, id) = scripted().await;
    let new = home.at(&id, "lab/new");
    registry.push_image("lab/tool", "v1", "one");
    assert_eq!(refresh(&home, &id).await.len(), 1);
    registry.set(|faults| faults.null_tags = true);
    let rows = refresh(&home, &id).await;
    assert!(
        rows.len() == 1 && rows[0].deleted,
        "the deleted tag keeps its row"
    );
    new.refresh_tags().await;
    assert!(new.tags().await.rows.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_a_clean_up_took_is_gone_since() {
    if !need(Part::Registry) {
        return;
    }
    let mut registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    let lab = home.at(&id, "lab/tool");
    let mut pushed = Vec::new();
    for seed in 1..=2 {
        let image = ImageSpec::of_sizes(seed, &[2000]);
        pushed.push(
            testkit::images::push(&registry, "lab/tool", "v1", &image)
                .await
                .unwrap(),
        );
        refresh(&home, &id).await;
        resolve(&home, &id, "v1").await;
    }
    let reach = async || {
        lab.refresh_commits("v1").await;
        let rows = lab.commits("v1").await;
        let digests: Vec<String> = rows.iter().filter_map(|row| row.digest.clone()).collect();
        assert_eq!(
            digests,
            [pushed[1].clone(), pushed[0].clone()],
            "no commit is ever forgotten"
        );
        rows[1].reach
    };
    assert!(matches!(reach().await, Reach::Pullable { .. }));
    registry.garbage_collect(true).await.unwrap();
    assert!(matches!(reach().await, Reach::Gone { .. }));
}
