//! One story on three real registries: distribution 2.8, distribution 3, and crane's.
//!
//! What each does differently is in [`Ways`]. Not here: faults, and what a window shows in between. It grows by a registry,
//! or by a chapter that all of them go through.

use crate::acts::{Desk, REPOSITORY, commit, tag};
use crate::home::{Home, USER, account, guarded_registry, problem};
use crate::watching::{a_round, changes, moves, watch};
use app::view::about::DescribeOrder;
use app::view::browse::{CommitRow, Reach};
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use testkit::images::{ImageSpec, push, retag};
use testkit::parts::{Registry, RegistryOptions, RegistryVersion, need};

/// What is not alike.
struct Ways {
    version: RegistryVersion,
    /// It asks for a sign-in.
    guarded: bool,
    /// It has a clean-up, which takes what has no tag.
    cleans_up: bool,
    /// A tag can be deleted by its name; where not, a decoy is used.
    deletes_by_name: bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_on_distribution() {
    story(Ways {
        version: RegistryVersion::Two,
        guarded: true,
        cleans_up: true,
        deletes_by_name: false,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_on_distribution_three() {
    story(Ways {
        version: RegistryVersion::Three,
        guarded: true,
        cleans_up: true,
        deletes_by_name: true,
    })
    .await;
}

/// crane's registry lets everyone in, so there is no wrong secret; it has no clean-up, so another client deletes the digest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_on_cranes_registry() {
    story(Ways {
        version: RegistryVersion::Crane,
        guarded: false,
        cleans_up: false,
        deletes_by_name: true,
    })
    .await;
}

async fn story(ways: Ways) {
    if !need(ways.version.part()) {
        return;
    }
    let mut registry = if ways.guarded {
        guarded_registry(ways.version).await
    } else {
        let options = RegistryOptions {
            version: ways.version,
            ..RegistryOptions::default()
        };
        Registry::start(options).await.unwrap()
    };
    let desk = signs_in(&registry, &ways).await;
    let commits = three_plain_pushes(&desk, &registry).await;
    kept_and_gone(&desk, &mut registry, &ways, &commits).await;
    made_active(&desk, &registry, &commits).await;
    one_of_two_tags(&desk, &registry, &ways, &commits[0]).await;
    with_all_its_names(&desk, &registry, &commits[2]).await;
    described(&desk, &registry, &ways).await;
}

/// A wrong secret is told where there is one.
async fn signs_in(registry: &Registry, ways: &Ways) -> Desk {
    let home = Home::new();
    let host = registry.host();
    if !ways.guarded {
        let id = home.anyone(&host).await;
        return Desk::of(home, id);
    }
    let wrong = home.app.add_account(account(&host, USER, "wrong")).await;
    let told = problem(wrong);
    assert_eq!(told.code, Code::SignIn);
    let said = &told.message;
    assert!(
        said.contains("didn’t accept this user and secret"),
        "{said}"
    );
    assert!(home.app.accounts().await.unwrap().is_empty());
    let id = home.sign_in(&host).await.id;
    Desk::of(home, id)
}

/// Another client pushes three times under one tag; the watch sees each.
async fn three_plain_pushes(desk: &Desk, registry: &Registry) -> [String; 3] {
    let put = async |seed: u64| {
        let image = ImageSpec::of_sizes(seed, &[2_000]);
        push(registry, REPOSITORY, "prod", &image).await.unwrap()
    };
    let (home, id) = (&desk.home, &desk.id);
    let first = put(1).await;
    watch(home, id, REPOSITORY, Some("prod")).await;
    let second = put(2).await;
    a_round(home).await;
    let third = put(3).await;
    a_round(home).await;

    let seen = moves(home, id, REPOSITORY).await;
    assert_eq!(
        changes(&seen.rows),
        [
            (second.clone(), Some(third.clone())),
            (first.clone(), Some(second.clone())),
        ]
    );
    assert_eq!(home.told().len(), 2);
    let commits = [first, second, third];
    let newest_first: Vec<String> = commits.iter().rev().cloned().collect();
    assert_eq!(desk.lab().digests("prod").await, newest_first);
    let timeline = desk.lab().timeline().await;
    let woven: Vec<Option<String>> = timeline
        .rows
        .into_iter()
        .map(|row| row.commit.digest)
        .collect();
    assert_eq!(
        woven,
        newest_first.into_iter().map(Some).collect::<Vec<_>>()
    );
    commits
}

/// The tag's commits after a refresh.
async fn looked_at(desk: &Desk) -> Vec<CommitRow> {
    desk.lab().refresh_tags().await;
    desk.lab().resolve("prod").await;
    desk.lab().refresh_commits("prod").await;
    desk.lab().commits("prod").await
}

fn row<'a>(rows: &'a [CommitRow], digest: &str) -> &'a CommitRow {
    let found = rows
        .iter()
        .find(|row| row.digest.as_deref() == Some(digest));
    found.unwrap_or_else(|| panic!("{digest} is not listed: {rows:#?}"))
}

/// The first commit is kept; what nothing keeps goes, and that is shown.
async fn kept_and_gone(
    desk: &Desk,
    registry: &mut Registry,
    ways: &Ways,
    [first, second, third]: &[String; 3],
) {
    let kept = desk.lab().keep("prod", first).await;
    let stored = registry.manifest(REPOSITORY, &kept).await.unwrap();
    assert_eq!(stored.unwrap().0, *first);
    if ways.cleans_up {
        registry.garbage_collect(true).await.unwrap();
    } else {
        assert_eq!(registry.delete(REPOSITORY, second).await.unwrap(), 202);
    }
    for (digest, is_there) in [(first, true), (second, false), (third, true)] {
        let found = registry.manifest(REPOSITORY, digest).await.unwrap();
        assert_eq!(found.is_some(), is_there, "{digest}");
    }
    let rows = looked_at(desk).await;
    let reach = |digest: &str| row(&rows, digest).reach;
    assert!(matches!(reach(first), Reach::Pullable { .. }), "{rows:#?}");
    assert!(matches!(reach(second), Reach::Gone { .. }), "{rows:#?}");
    assert_eq!(row(&rows, first).commit_tag, Some(kept));
    assert!(row(&rows, third).active, "{rows:#?}");
}

/// Back to the first; the third is kept by the answer in the sheet.
async fn made_active(desk: &Desk, registry: &Registry, [first, _, third]: &[String; 3]) {
    desk.make_active("prod", first, KeepAnswer::JustThis)
        .await
        .unwrap();
    let active = registry.manifest(REPOSITORY, "prod").await.unwrap();
    assert_eq!(active.unwrap().0, *first);
    let rows = looked_at(desk).await;
    assert!(rows[0].active && rows[0].digest.as_ref() == Some(first));
    let kept = row(&rows, third).commit_tag.clone().unwrap();
    let stored = registry.manifest(REPOSITORY, &kept).await.unwrap();
    assert_eq!(stored.unwrap().0, *third);
}

/// One of two tags of a digest goes alone, and comes back.
async fn one_of_two_tags(desk: &Desk, registry: &Registry, ways: &Ways, digest: &str) {
    retag(registry, REPOSITORY, "prod", "stage").await.unwrap();
    desk.refresh().await;
    let plan = desk.plan_delete(&[tag("stage")]).await;
    assert_eq!(plan.how.is_none(), ways.deletes_by_name, "{plan:#?}");
    let outcome = desk.delete(&[tag("stage")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    let at = async |tag: &str| {
        let found = registry.manifest(REPOSITORY, tag).await.unwrap();
        found.map(|(digest, _)| digest)
    };
    assert_eq!(at("stage").await, None);
    assert_eq!(at("prod").await.as_deref(), Some(digest));
    let by_name = format!("DELETE /v2/{REPOSITORY}/manifests/stage");
    let log = registry.access_log();
    let went = log
        .iter()
        .any(|line| line.starts_with(&by_name) && !line.ends_with(" 400"));
    assert_eq!(went, ways.deletes_by_name, "{log:#?}");

    assert_eq!(desk.undo(&outcome).await.done, 1);
    assert_eq!(at("stage").await.as_deref(), Some(digest));
}

/// A commit goes with every name it has, and comes back with them.
async fn with_all_its_names(desk: &Desk, registry: &Registry, digest: &str) {
    desk.refresh().await;
    let mut before = registry.tags(REPOSITORY).await.unwrap();
    before.sort();
    let plan = desk.plan_delete(&[commit(digest)]).await;
    let names = plan.items[0].names.clone();
    assert!(!names.is_empty(), "{plan:#?}");
    let outcome = desk.delete(&[commit(digest)]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    for name in names.iter().map(String::as_str).chain([digest]) {
        let found = registry.manifest(REPOSITORY, name).await.unwrap();
        assert!(found.is_none(), "{name} is still there");
    }
    assert_eq!(desk.undo(&outcome).await.done, 1);
    for name in &names {
        let found = registry.manifest(REPOSITORY, name).await.unwrap();
        assert_eq!(found.unwrap().0, digest, "{name}");
    }
    let mut after = registry.tags(REPOSITORY).await.unwrap();
    after.sort();
    assert_eq!(after, before);
}

/// What is said of the repository is seen from another computer.
async fn described(desk: &Desk, registry: &Registry, ways: &Ways) {
    let order = DescribeOrder {
        account: desk.id.clone(),
        repository: REPOSITORY.into(),
        title: "Tool".into(),
        description: "Aligns reads.".into(),
        expected: None,
        shown: String::new(),
    };
    desk.home.app.describe_repository(order).await.unwrap();
    let there = Home::new();
    let id = if ways.guarded {
        there.sign_in(&registry.host()).await.id
    } else {
        there.anyone(&registry.host()).await
    };
    let lab = there.at(&id, REPOSITORY);
    lab.refresh_about().await;
    let words = lab.about().await.words;
    assert_eq!(words.title.as_deref(), Some("Tool"));
    assert_eq!(words.description.as_deref(), Some("Aligns reads."));
    // It is none of the tags.
    lab.refresh_tags().await;
    let rows = lab.tags().await.rows;
    let mut names: Vec<String> = rows.into_iter().map(|row| row.name).collect();
    // distribution 2.8 lists them in no order.
    names.sort();
    assert_eq!(names, ["prod", "stage"]);
}
