//! The timeline of a whole repository, and asking for what one sees of it.

use crate::home::{Home, SECRET, USER, load, scripted};
use app::view::browse::{CommitRow, Person, Reach, Source, TimeKind};
use app::view::push::KeepAnswer;
use app::view::timeline::{RepositoryTimeline, TimelineRow};
use std::collections::BTreeSet;
use testkit::images::{ImageSpec, push_index, retag};
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, need};
use testkit::scripted::{Auth, Clock, Scripted};

const REPOSITORY: &str = "lab/tool";

fn at(home: &Home, registry: &Scripted, minute: u8) {
    home.clock_is(&format!("2026-11-21T10:{minute:02}:00Z"));
    registry.set(|faults| {
        faults.clock = Clock::Fixed(format!("Sat, 21 Nov 2026 10:{minute:02}:00 GMT"));
    });
}

async fn look(home: &Home, id: &str, tags: &[&str]) {
    let lab = home.at(id, REPOSITORY);
    lab.refresh_tags().await;
    for tag in tags {
        lab.resolve(tag).await;
    }
}

async fn timeline(home: &Home, id: &str) -> RepositoryTimeline {
    home.at(id, REPOSITORY).timeline().await
}

async fn ask(home: &Home, id: &str, commits: &[&str]) {
    let commits = commits.iter().map(|commit| (*commit).to_owned()).collect();
    home.at(id, REPOSITORY).ask_commits(commits).await;
}

fn tags_of(row: &TimelineRow) -> Vec<&str> {
    row.marks.iter().map(|mark| mark.tag.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tags_that_move_together_share_a_row() {
    let (home, registry, id) = scripted().await;
    for (minute, text, tags) in [
        (0, "one", &["v1", "latest"][..]),
        (20, "two", &["v2", "latest"]),
        (40, "three", &["v3"]),
    ] {
        for tag in tags {
            registry.push_image(REPOSITORY, tag, text);
        }
        at(&home, &registry, minute);
        look(&home, &id, tags).await;
    }
    let told = timeline(&home, &id).await;
    let lanes: Vec<Option<&str>> = told.lanes.iter().map(|lane| lane.tag.as_deref()).collect();
    // Of each tag's first commit only the build is known, which lies before all of this.
    assert_eq!(lanes[0], Some("latest"));
    assert_eq!(lanes.len(), 4);
    assert!(told.lanes.iter().all(|lane| !lane.deleted));
    let marks: usize = told.rows.iter().map(|row| row.marks.len()).sum();
    assert_eq!(marks, 5);
    let joined = told.rows.iter().find(|row| row.marks.len() == 2).unwrap();
    assert_eq!(tags_of(joined), ["latest", "v1"]);
    assert_eq!(joined.marks[0].lane, 0);
    assert!(!joined.marks[0].active && joined.marks[1].active);
    assert_eq!(joined.commit.time.unwrap().kind, TimeKind::Built);
    // Each row's commit is the one its first tag's own list shows.
    for row in &told.rows {
        let list = home.at(&id, REPOSITORY).commits(&row.marks[0].tag).await;
        let own = list.iter().find(|own| own.key == row.marks[0].key).unwrap();
        let commit = CommitRow {
            time: own.time,
            ..row.commit.clone()
        };
        assert_eq!(commit, *own);
    }
    // A tag that is deleted keeps its lane, and points at nothing.
    delete(&registry, "v3").await;
    look(&home, &id, &[]).await;
    let after = timeline(&home, &id).await;
    for lane in &after.lanes {
        assert_eq!(lane.deleted, lane.tag.as_deref() == Some("v3"));
    }
    let marks = after.rows.iter().flat_map(|row| &row.marks);
    let active: BTreeSet<&str> = marks
        .filter(|mark| mark.active)
        .map(|mark| mark.tag.as_str())
        .collect();
    assert_eq!(active, BTreeSet::from(["latest", "v1", "v2"]));
    let keys: BTreeSet<&str> = told.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(keys.len(), told.rows.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_are_asked_for_with_one_head_each_and_told_in_one_event() {
    let (home, registry, id) = scripted().await;
    let old = registry.push_image(REPOSITORY, "v1", "old");
    let kept = format!("_h.v1.20261120t100000z-{}", &old[7..]);
    let lying =
        "_h.v1.20261119t100000z-0123456789ab0000000000000000000000000000000000000000000000000000";
    let gone =
        "_h.v1.20261118t100000z-ba98765432100000000000000000000000000000000000000000000000000000";
    for name in [kept.as_str(), lying, gone] {
        registry.push_image(REPOSITORY, name, "old");
    }
    let new = registry.push_image(REPOSITORY, "v1", "new");
    look(&home, &id, &["v1"]).await;
    let before = timeline(&home, &id).await;
    assert_eq!(before.rows.len(), 4);
    assert!(before.rows[1].commit.digest.is_none() && !before.rows[1].commit.mismatch);
    assert_eq!(before.rows[1].commit.reach, Reach::Unknown);

    delete(&registry, gone).await;
    registry.forget_requests();
    let nowhere = format!("sha256:{}", "0".repeat(64));
    ask(&home, &id, &[&new, &kept, lying, gone, &nowhere, &kept]).await;

    let heads: Vec<String> = registry
        .requests()
        .into_iter()
        .filter(|seen| seen.method == "HEAD")
        .map(|seen| seen.path)
        .collect();
    assert_eq!(heads.len(), 5, "{heads:?}");
    let told = home.reached();
    assert_eq!(told.len(), 1);
    let of = |of: &str| told[0].iter().find(|fact| fact.of == of).unwrap().clone();
    assert!(matches!(of(&new).reach, Reach::Pullable { .. }) && of(&new).size.is_some());
    assert_eq!(of(&kept).digest.as_deref(), Some(old.as_str()));
    assert!(!of(&kept).mismatch && !of(&kept).platforms.is_empty());
    assert!(of(lying).mismatch && of(lying).digest.is_none());
    assert!(matches!(of(gone).reach, Reach::Gone { .. }));
    assert!(matches!(of(&nowhere).reach, Reach::Gone { .. }) && of(&nowhere).size.is_none());

    // The cache says the same afterwards, and nothing else was told to be read again.
    let after = timeline(&home, &id).await;
    let row = |short: &str| {
        let mut rows = after.rows.iter().filter(|row| row.commit.short == short);
        rows.next().unwrap().commit.clone()
    };
    assert_eq!(row(&old[7..19]).digest.as_deref(), Some(old.as_str()));
    assert_eq!(row(&old[7..19]).reach, of(&kept).reach);
    assert!(row("0123456789ab").mismatch);
    assert_eq!(row("ba9876543210").reach, of(gone).reach);
    let stale = home
        .events_text()
        .matches("\"kind\":\"stale\",\"what\":{\"of\":\"commits\"")
        .count();
    assert_eq!(stale, 0);

    // What can't change is not fetched again; what is no commit is not asked for at all.
    registry.forget_requests();
    ask(&home, &id, &[&new, &kept]).await;
    assert!(registry.requests().iter().all(|seen| seen.method == "HEAD"));
    registry.forget_requests();
    let refused = home
        .app
        .ask_commits(id.clone(), REPOSITORY.into(), vec!["v1".into()])
        .await
        .unwrap_err();
    assert!(
        refused
            .message
            .contains("neither a digest nor a commit tag")
    );
    assert!(registry.requests().is_empty());
    let many = (0..300)
        .map(|number| format!("sha256:{number:064}"))
        .collect();
    home.at(&id, REPOSITORY).ask_commits(many).await;
    assert_eq!(registry.requests().len(), 200);
}

/// Someone else deletes a tag.
async fn delete(at: &Scripted, tag: &str) {
    let endpoint = registry::Endpoint {
        scheme: registry::Scheme::Http,
        host: oci::Host::parse(&at.host()).unwrap(),
    };
    let open = registry::Registry::new(endpoint, registry::SignIn::Anonymous).unwrap();
    open.repository(oci::RepositoryName::parse(REPOSITORY).unwrap())
        .delete(&registry::At::Tag(oci::Tag::parse(tag).unwrap()))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_fails_takes_nothing_away_from_what_was_told() {
    let (home, registry, id) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    look(&home, &id, &["v1"]).await;
    registry.set(|faults| faults.status = Some(403));
    let refused = home
        .app
        .ask_commits(id.clone(), REPOSITORY.into(), vec![digest.clone()])
        .await;
    assert!(refused.is_err());
    assert!(home.reached().is_empty());
    let rows = timeline(&home, &id).await.rows;
    assert!(
        matches!(rows[0].commit.reach, Reach::Pullable { .. }),
        "no answer is no absence"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_clean_up_took_is_gone_since_on_a_real_registry() {
    if !need(Part::Registry) {
        return;
    }
    let mut registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    let mut pushed = Vec::new();
    for seed in 1..=2 {
        let image = ImageSpec::of_sizes(seed, &[2000]);
        pushed.push(
            testkit::images::push(&registry, REPOSITORY, "v1", &image)
                .await
                .unwrap(),
        );
        look(&home, &id, &["v1"]).await;
    }
    ask(&home, &id, &[&pushed[0], &pushed[1]]).await;
    assert!(
        home.reached()[0]
            .iter()
            .all(|fact| matches!(fact.reach, Reach::Pullable { .. }))
    );
    registry.garbage_collect(true).await.unwrap();
    ask(&home, &id, &[&pushed[0], &pushed[1]]).await;
    let told = home.reached()[1].clone();
    let of = |digest: &str| told.iter().find(|fact| fact.of == digest).unwrap().clone();
    assert!(matches!(of(&pushed[0]).reach, Reach::Gone { .. }));
    assert!(of(&pushed[0]).size.is_some(), "what was known of it stays");
    assert!(matches!(of(&pushed[1]).reach, Reach::Pullable { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_pushed_here_is_told_with_the_sign_in_it_was_done_with() {
    if !need(Part::Dockerd) {
        return;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let (home, registry) = (Home::with(Some(&engine)), Scripted::start().await.unwrap());
    registry.set(|faults| {
        faults.auth = Auth::Basic;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    registry.push_image(REPOSITORY, "v1", "someone else's");
    let id = home.sign_in(&registry.host()).await.id;
    look(&home, &id, &["v1"]).await;
    let image = load(&engine, 1, 3000).await.remove(0);
    home.at(&id, REPOSITORY)
        .pushed("v1", &image, KeepAnswer::NotThis)
        .await;
    let rows = timeline(&home, &id).await.rows;
    let by: Vec<Option<Person>> = rows.into_iter().map(|row| row.commit.by).collect();
    let you = Person {
        name: USER.into(),
        you: true,
        source: Source::SeenHere,
    };
    assert_eq!(by, [Some(you), None]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_without_its_platforms_is_gone_for_one_who_never_saw_it() {
    if !need(Part::Registry) {
        return;
    }
    let mut registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let of = |seed: u64| {
        [
            ImageSpec::of_sizes(seed, &[700]),
            ImageSpec::of_sizes(seed + 1, &[600]).arch("arm64"),
        ]
    };
    let old = push_index(&registry, REPOSITORY, "v1", &of(10))
        .await
        .unwrap();
    let kept = format!("_h.v1.20261101t100000z-{}", &old[7..]);
    retag(&registry, REPOSITORY, "v1", &kept).await.unwrap();
    push_index(&registry, REPOSITORY, "v1", &of(20))
        .await
        .unwrap();
    // 2.8 takes the platforms of an index, tagged or not; the index itself goes on answering.
    registry.garbage_collect(true).await.unwrap();
    assert!(registry.manifest(REPOSITORY, &old).await.unwrap().is_some());

    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    look(&home, &id, &[]).await;
    ask(&home, &id, &[&kept]).await;
    let facts = home.reached();
    let fact = facts.iter().flatten().find(|fact| fact.of == kept).unwrap();
    assert!(matches!(fact.reach, Reach::Gone { .. }), "{fact:#?}");
}
