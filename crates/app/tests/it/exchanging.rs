//! What one computer has seen, carried to another.

use crate::home::{Home, SECRET, USER};
use app::view::browse::{CommitRow, Person, Source};
use std::fs;
use testkit::scripted::{Auth, Clock, Scripted};

const REPOSITORY: &str = "lab/tool";

async fn computer(registry: &Scripted) -> (Home, String) {
    let home = Home::new();
    let id = home.sign_in(&registry.host()).await.id;
    (home, id)
}

async fn registry() -> Scripted {
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| {
        faults.auth = Auth::Basic;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    registry
}

/// Looks at a tag at some minute.
async fn see(home: &Home, id: &str, registry: &Scripted, minute: u8, tag: &str) {
    let lab = home.at(id, REPOSITORY);
    home.clock_is(&format!("2026-11-21T10:{minute:02}:00Z"));
    registry.set(|faults| {
        faults.clock = Clock::Fixed(format!("Sat, 21 Nov 2026 10:{minute:02}:00 GMT"));
    });
    lab.refresh_tags().await;
    lab.resolve(tag).await;
}

/// Three commits of v1 seen, one of v2.
async fn lived(registry: &Scripted) -> (Home, String) {
    let (home, id) = computer(registry).await;
    for (minute, tag, text) in [
        (0, "v1", "a"),
        (5, "v1", "b"),
        (7, "v2", "b"),
        (9, "v1", "a"),
    ] {
        registry.push_image(REPOSITORY, tag, text);
        see(&home, &id, registry, minute, tag).await;
    }
    (home, id)
}

async fn export(home: &Home) -> String {
    let written = home.app.export_seen(None, None).await.unwrap();
    fs::read_to_string(written.path).unwrap()
}

async fn commits(home: &Home, id: &str, tag: &str) -> Vec<CommitRow> {
    home.at(id, REPOSITORY).commits(tag).await
}

/// The lines without the header, which tells who wrote them and when.
fn facts(text: &str) -> Vec<&str> {
    text.lines().skip(1).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_computer_saw_another_shows_as_imported_and_passes_on() {
    let registry = registry().await;
    let (one, _) = lived(&registry).await;
    let text = export(&one).await;
    let header: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(
        (header["longshore"].as_str(), header["version"].as_u64()),
        (Some("seen"), Some(1))
    );
    assert_eq!(facts(&text).len(), 4);
    assert!(!text.contains(SECRET));

    let (other, id) = computer(&registry).await;
    see(&other, &id, &registry, 30, "v1").await;
    assert_eq!(commits(&other, &id, "v1").await.len(), 1);
    let told = other.app.import_seen(text.clone()).await.unwrap();
    assert_eq!(
        (told.added, told.known, told.repositories, told.unread_count),
        (4, 0, 1, 0)
    );
    assert!(other.events_text().contains("\"of\":\"tags\""));
    let rows = commits(&other, &id, "v1").await;
    assert_eq!(rows.len(), 3, "A, B, A");
    assert!(rows[0].active && rows[0].sources.contains(&Source::SeenHere));
    assert_eq!(rows[1].time.unwrap().source, Source::Imported);
    assert_eq!(rows[1].sources, [Source::Imported]);
    // When its first commit came nobody knows; when that was built the image tells.
    assert_eq!(rows[2].sources, [Source::Imported, Source::ImageLabel]);
    let lanes = other.at(&id, REPOSITORY).timeline().await;
    assert!(
        lanes
            .lanes
            .iter()
            .any(|lane| lane.tag.as_deref() == Some("v2"))
    );

    // A third one gets them from the second, with the source they had; and then nothing new from the first.
    let (third, third_id) = computer(&registry).await;
    let carried = export(&other).await;
    for line in facts(&text) {
        assert!(carried.contains(line), "{line}");
    }
    third.app.import_seen(carried).await.unwrap();
    let again = third.app.import_seen(text).await.unwrap();
    assert_eq!((again.added, again.known), (0, 4));
    assert_eq!(commits(&third, &third_id, "v1").await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twice_or_in_another_order_is_the_same_and_ones_own_changes_nothing() {
    let registry = registry().await;
    let (one, one_id) = lived(&registry).await;
    let early = export(&one).await;
    registry.push_image(REPOSITORY, "v1", "c");
    see(&one, &one_id, &registry, 20, "v1").await;
    let late = export(&one).await;
    assert_ne!(early, late);

    // Its own.
    let before = commits(&one, &one_id, "v1").await;
    for text in [&early, &late] {
        let told = one.app.import_seen(text.clone()).await.unwrap();
        assert_eq!((told.added, told.unread_count), (0, 0));
    }
    assert_eq!(commits(&one, &one_id, "v1").await, before);
    assert_eq!(facts(&export(&one).await), facts(&late));

    // Another's, in both orders, turned around, and again.
    let mut turned: Vec<&str> = late.lines().skip(1).collect();
    turned.reverse();
    let turned = format!(
        "{}\n{}\n",
        late.lines().next().unwrap(),
        turned.join("\r\n\r\n")
    );
    let mut told = Vec::new();
    for order in [
        vec![&early, &late],
        vec![&late, &early],
        vec![&turned, &turned, &early],
    ] {
        let (home, _) = computer(&registry).await;
        for text in order {
            assert_eq!(
                home.app
                    .import_seen(text.clone())
                    .await
                    .unwrap()
                    .unread_count,
                0
            );
        }
        told.push(export(&home).await);
    }
    assert!(
        told.iter().all(|text| facts(text) == facts(&late)),
        "{told:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_did_it_comes_along_and_is_not_you() {
    let registry = registry().await;
    let (home, id) = computer(&registry).await;
    let digest = registry.push_image(REPOSITORY, "v1", "a");
    let line = format!(
        r#"{{"host":"{}","repository":"{REPOSITORY}","tag":"v1","digest":"{digest}","firstSeen":"2026-11-20T10:00:00Z","lastSeen":"2026-11-20T10:00:00Z","exact":true,"who":"ben","origin":"ben-1","number":1}}"#,
        registry.host()
    );
    let text = format!("{{\"longshore\":\"seen\",\"version\":1}}\n{line}\n");
    assert_eq!(home.app.import_seen(text).await.unwrap().added, 1);
    see(&home, &id, &registry, 0, "v1").await;
    let rows = commits(&home, &id, "v1").await;
    assert_eq!(
        rows[0].by,
        Some(Person {
            name: "ben".into(),
            you: false,
            source: Source::Imported
        })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_overwrites_nothing_and_may_be_of_one_repository() {
    let registry = registry().await;
    let (home, id) = lived(&registry).await;
    registry.push_image("lab/other", "v1", "x");
    home.at(&id, "lab/other").resolve("v1").await;
    let first = home.app.export_seen(None, None).await.unwrap();
    let text = fs::read_to_string(&first.path).unwrap();
    let second = home
        .app
        .export_seen(Some(id.clone()), Some("lab/other".into()))
        .await
        .unwrap();
    assert_eq!((first.facts, second.facts), (5, 1));
    assert_ne!(first.path, second.path);
    assert!(second.path.ends_with("-2.jsonl"), "{}", second.path);
    assert_eq!(fs::read_to_string(&first.path).unwrap(), text);
    assert!(
        fs::read_to_string(&second.path)
            .unwrap()
            .contains("lab/other")
    );
    assert_eq!(home.app.export_seen(Some(id), None).await.unwrap().facts, 5);
    // A folder that can't be made is a sentence.
    let downloads = home.folder.path().join("downloads");
    fs::remove_dir_all(&downloads).unwrap();
    fs::write(&downloads, "in the way").unwrap();
    let told = home.app.export_seen(None, None).await.unwrap_err();
    assert!(told.message.contains("can’t be written"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_lines_are_told_and_cost_no_other() {
    let registry = registry().await;
    let (one, _) = lived(&registry).await;
    let text = export(&one).await;
    let good = facts(&text)[0];
    let change = |key: &str, value: serde_json::Value| {
        let mut line: serde_json::Value = serde_json::from_str(good).unwrap();
        line[key] = value;
        line.to_string()
    };
    let mut bad = vec![
        "x".repeat(5000),
        "not json".to_owned(),
        "null".to_owned(),
        "{}".to_owned(),
        format!("[{}", "[".repeat(4000)),
        "\u{0}".to_owned(),
        good.replacen("\"tag\"", "\"tag\":\"v9\",\"tag\"", 1),
        good[..good.len() - 3].to_owned(),
        change("digest", "sha256:short".into()),
        change("digest", serde_json::Value::Null),
        change("host", "no host/".into()),
        change("repository", "../etc".into()),
        change("tag", "v1\u{0}".into()),
        change("tag", "_h.v1.20261120t100000z-0123456789ab0000000000000000000000000000000000000000000000000000".into()),
        change("tag", "_about".into()),
        change("firstSeen", "tomorrow".into()),
        change("firstSeen", "1969-12-31T23:59:59Z".into()),
        change("lastSeen", "1999-01-01T00:00:00Z".into()),
        change("lastSeen", "9999-12-31T23:59:59Z".into()),
        change("endedAt", "2000-01-01T00:00:00Z".into()),
        change("who", "a\u{1b}[31m\u{0}".into()),
        change("who", "w".repeat(201).into()),
        change("origin", "".into()),
        change("origin", "a b".into()),
        change("number", 0.into()),
        change("number", 1.5.into()),
        change("exact", "yes".into()),
    ];
    // Last: another commit under the key of a line that is good.
    bad.push(change(
        "digest",
        format!("sha256:{}", "5".repeat(64)).into(),
    ));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.extend(bad.iter().cloned());
    let (other, _) = computer(&registry).await;
    let told = other.app.import_seen(lines.join("\n")).await.unwrap();
    assert_eq!((told.added, told.known), (4, 0));
    assert_eq!(told.unread_count as usize, bad.len());
    assert_eq!(told.unread.len(), 20);
    assert!(told.unread[0].starts_with("Line 6 "), "{:?}", told.unread);
    assert!(
        told.unread
            .iter()
            .all(|sentence| sentence.ends_with('.') && sentence.len() < 120)
    );
    assert_eq!(
        facts(&export(&other).await),
        facts(&text),
        "nothing is lost, nothing added"
    );

    let refused = async |text: String| {
        let told = other.app.import_seen(text).await.unwrap_err();
        assert!(!told.hints.is_empty());
        told.message
    };
    let rest = facts(&text).join("\n");
    assert!(refused(String::new()).await.contains("no export"));
    assert!(refused(rest.clone()).await.contains("no export"));
    assert!(
        refused(format!("{{\"longshore\":\"other\",\"version\":1}}\n{rest}"))
            .await
            .contains("no export")
    );
    assert!(
        refused(format!("{{\"longshore\":\"seen\",\"version\":2}}\n{rest}"))
            .await
            .contains("version 2")
    );
    let header = text.lines().next().unwrap();
    assert!(
        refused(format!("{header}\n{}", " ".repeat(33 << 20)))
            .await
            .contains("32 MiB")
    );
    assert!(
        refused(format!("{header}\n{}", "{}\n".repeat(200_000)))
            .await
            .contains("200 000")
    );
    assert_eq!(facts(&export(&other).await), facts(&text));
}
