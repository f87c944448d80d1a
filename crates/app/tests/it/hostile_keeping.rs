//! Commit tags that somebody planted: whoever may push may name anything, so a name keeps nothing before it was asked.

use crate::home::{Home, scripted};
use crate::watching::{a_round, moves, watch};
use app::NoticeAction;
use app::view::about::Skill;
use app::view::browse::{Source, TimeKind};
use app::view::keep::{KeepOrder, KeepRule, Prune};
use testkit::scripted::{Clock, Scripted};

const REPOSITORY: &str = "lab/tool";

/// Sets both clocks to a minute past ten.
fn at(home: &Home, registry: &Scripted, minute: u8) {
    home.clock_is(&format!("2026-11-21T10:{minute:02}:00Z"));
    let date = format!("Sat, 21 Nov 2026 10:{minute:02}:00 GMT");
    registry.set(|faults| faults.clock = Clock::Fixed(date));
}

async fn rescues(home: &Home, account: &str) {
    let order = KeepOrder {
        rescue: true,
        ..home.at(account, REPOSITORY).rule(KeepRule::Overwrite, true)
    };
    home.app.set_keep(order).await.unwrap();
}

/// Plants every name that this commit's commit tag may be given at ten o'clock, on another image.
fn plant(registry: &Scripted, tag: &str, digest: &str) -> Vec<String> {
    let names: Vec<String> = ["100000z", "100000n", "100001n"]
        .iter()
        .map(|time| format!("_h.{tag}.20261121t{time}-{}", &digest[7..]))
        .collect();
    for name in &names {
        registry.push_image(REPOSITORY, name, "mallory’s");
    }
    names
}

/// The tags that bear a commit, but for one.
fn bearing(registry: &Scripted, digest: &str, but: &str) -> Vec<String> {
    let mut tags = registry.tags(REPOSITORY);
    tags.retain(|tag| tag != but && registry.tagged(REPOSITORY, tag).as_deref() == Some(digest));
    tags
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_planted_commit_tag_ends_no_rescue() {
    let (home, registry, id) = scripted().await;
    at(&home, &registry, 0);
    let old = registry.push_image(REPOSITORY, "prod", "one");
    rescues(&home, &id).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    let planted = plant(&registry, "prod", &old);
    home.at(&id, REPOSITORY).refresh_tags().await;
    let mallorys = registry.push_image(REPOSITORY, "prod", "mallory’s");
    at(&home, &registry, 20);
    a_round(&home).await;

    // The old commit is kept all the same, beside the planted names, which are left as they are.
    let kept = bearing(&registry, &old, "prod");
    assert_eq!(
        kept,
        [format!("_h.prod.20261121t100002n-{}", &old[7..])],
        "{:?}",
        registry.tags(REPOSITORY)
    );
    for name in &planted {
        assert_eq!(registry.tagged(REPOSITORY, name).as_ref(), Some(&mallorys));
    }
    // And what is said of it is true.
    let told = home.told().remove(0);
    assert!(told.body.ends_with("The old one is kept."), "{told:#?}");
    let row = moves(&home, &id, REPOSITORY).await.rows.remove(0);
    assert!(row.kept && row.trouble.is_none(), "{row:#?}");
    // It is taken away again, and with it what was said.
    registry.drop_manifest(REPOSITORY, &kept[0]);
    home.at(&id, REPOSITORY).refresh_tags().await;
    assert!(!moves(&home, &id, REPOSITORY).await.rows[0].kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_planted_commit_tag_keeps_nothing_in_any_words() {
    let (home, registry, id) = scripted().await;
    let lab = home.at(&id, REPOSITORY);
    at(&home, &registry, 0);
    let old = registry.push_image(REPOSITORY, "prod", "one");
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    let planted = plant(&registry, "prod", &old);
    lab.refresh_tags().await;
    let now = registry.push_image(REPOSITORY, "prod", "mallory’s");
    at(&home, &registry, 20);
    a_round(&home).await;
    let told = home.told().remove(0);
    assert!(!told.body.contains("is kept"), "{told:#?}");
    assert!(
        told.actions
            .iter()
            .any(|(action, _)| *action == NoticeAction::Keep)
    );
    assert!(!moves(&home, &id, REPOSITORY).await.rows[0].kept);
    let row = |rows: Vec<app::view::browse::CommitRow>| {
        rows.into_iter()
            .find(|row| row.digest.as_ref() == Some(&old))
            .unwrap()
    };
    let claimed = row(lab.commits("prod").await);
    assert!(!claimed.kept && claimed.tag_path.is_none(), "{claimed:#?}");
    // Asked, they are lies, and no commit's.
    lab.refresh_commits("prod").await;
    let rows = lab.commits("prod").await;
    assert_eq!(rows.iter().filter(|row| row.mismatch).count(), 3);
    assert!(rows.iter().all(|row| !row.kept));
    // Kept by hand it is kept beside them.
    let kept = lab.keep("prod", &old).await;
    assert!(!planted.contains(&kept));
    assert_eq!(registry.tagged(REPOSITORY, &kept), Some(old.clone()));
    assert!(row(lab.commits("prod").await).kept);
    assert_eq!(registry.tagged(REPOSITORY, &planted[0]), Some(now));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_planted_commit_tags_push_no_kept_commit_out_when_pruning() {
    let (home, registry, id) = scripted().await;
    let lab = home.at(&id, REPOSITORY);
    let mut kept = Vec::new();
    for (minute, text) in [(0, "a"), (5, "b"), (10, "c"), (15, "d")] {
        at(&home, &registry, minute);
        let digest = registry.push_image(REPOSITORY, "prod", text);
        lab.resolve("prod").await;
        kept.push(lab.keep("prod", &digest).await);
    }
    for number in 0..9u8 {
        let digits = format!("{number}").repeat(64);
        let name = format!("_h.prod.20261121t1016{number:02}z-{digits}");
        registry.push_image(REPOSITORY, &name, "a");
    }
    lab.refresh_tags().await;
    let goes = |plan: app::view::keep::PrunePlan| -> Vec<String> {
        plan.goes.into_iter().map(|row| row.commit_tag).collect()
    };
    let plan = lab.plan_prune(Prune::Last { commits: 3 }).await;
    assert_eq!(goes(plan), [""; 0]);
    let plan = lab.plan_prune(Prune::Last { commits: 2 }).await;
    assert_eq!(goes(plan), [kept[0].clone()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_what_was_seen_here_stands_against_a_planted_time() {
    let (home, registry, id) = scripted().await;
    let lab = home.at(&id, REPOSITORY);
    let ours = registry.push_image(REPOSITORY, "prod", "ours");
    for minute in [0, 30] {
        at(&home, &registry, minute);
        lab.resolve("prod").await;
    }
    // Both are true images under honest digits; only the times are invented.
    let theirs = registry.push_image(REPOSITORY, "theirs", "theirs");
    let mut planted = Vec::new();
    for (minute, digest) in [(10, &theirs), (40, &theirs)] {
        let name = format!("_h.prod.20261121t10{minute}00z-{}", &digest[7..]);
        registry.push_image(REPOSITORY, &name, "theirs");
        planted.push(name);
    }
    lab.refresh_tags().await;
    at(&home, &registry, 50);
    lab.resolve("prod").await;
    let told = |rows: Vec<app::view::browse::CommitRow>| -> Vec<(String, bool, bool)> {
        rows.into_iter()
            .map(|row| {
                let whole = row.digest.or(row.claims).unwrap();
                (whole, row.active, row.contradicted)
            })
            .collect()
    };
    let wanted = [
        (ours.clone(), true, false),
        (theirs.clone(), false, true),
        (theirs.clone(), false, true),
    ];
    // Before anybody asked them, and after.
    assert_eq!(told(lab.commits("prod").await), wanted);
    lab.refresh_commits("prod").await;
    let rows = lab.commits("prod").await;
    assert!(rows[1].kept && rows[1].sources == [Source::CommitTag]);
    assert_eq!(told(rows), wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_list_tells_every_commit_whole_before_anything_is_asked() {
    let (home, registry, id) = scripted().await;
    let lab = home.at(&id, REPOSITORY);
    let old = registry.push_image(REPOSITORY, "prod", "old");
    let name = format!("_h.prod.20261109t164000n-{}", &old[7..]);
    registry.push_image(REPOSITORY, &name, "old");
    registry.push_image(REPOSITORY, "prod", "new");
    registry.forget_requests();
    lab.refresh_tags().await;
    let asked = |name: &str| registry.count("HEAD", &format!("/v2/{REPOSITORY}/manifests/{name}"));
    assert_eq!(asked(&name), 0);
    let row = lab.commits("prod").await.remove(0);
    assert_eq!((row.digest, row.claims.as_ref()), (None, Some(&old)));
    assert_eq!(row.commit_tag.as_deref(), Some(name.as_str()));
    assert!(!row.kept);
    // What was only noticed reads so on a computer that never saw it.
    let time = row.time.unwrap();
    assert_eq!((time.kind, time.source), (TimeKind::By, Source::CommitTag));
    lab.ask_commits(vec![name.clone()]).await;
    assert_eq!(asked(&name), 1);
    let row = lab.commits("prod").await.remove(0);
    assert_eq!((row.digest, row.claims, row.kept), (Some(old), None, true));
    assert_eq!(row.time, Some(time));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rescue_that_was_refused_is_told_and_the_next_one_is_done() {
    let (home, registry, id) = scripted().await;
    let old = registry.push_image(REPOSITORY, "prod", "one");
    rescues(&home, &id).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    let second = registry.push_image(REPOSITORY, "prod", "two");
    registry.set(|faults| faults.refuse_underscore_tags = true);
    a_round(&home).await;
    let told = home.told().remove(0);
    assert!(told.body.contains("could not be"), "{told:#?}");
    assert!(!told.body.contains("is kept"), "{told:#?}");
    let row = moves(&home, &id, REPOSITORY).await.rows.remove(0);
    let trouble = row.trouble.unwrap();
    assert!(trouble.contains("refuses the tag _h.prod."), "{trouble}");
    assert!(!row.kept);
    registry.set(|faults| faults.refuse_underscore_tags = false);
    a_round(&home).await;
    assert!(bearing(&registry, &old, "prod").is_empty(), "it is over");

    // It says nothing of the next one.
    registry.push_image(REPOSITORY, "prod", "three");
    home.at(&id, REPOSITORY).resolve("prod").await;
    let kept = bearing(&registry, &second, "prod");
    assert_eq!(kept.len(), 1);
    assert!(
        moves(&home, &id, REPOSITORY).await.rows[0]
            .trouble
            .is_none()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registrys_clock_that_is_days_off_is_not_believed_and_about_says_so() {
    let (home, registry, id) = scripted().await;
    let lab = home.at(&id, REPOSITORY);
    home.clock_is("2026-11-21T10:00:00Z");
    let now = oci::UtcSeconds::parse_rfc3339("2026-11-21T10:00:00Z").unwrap();
    let near = |at: i64| (0..60).contains(&(at - now.0));
    for (date, off) in [
        ("Sat, 28 Nov 2026 10:00:00 GMT", Some("days ahead of")),
        ("Thu, 01 Jan 1970 00:00:01 GMT", Some("days behind")),
        ("Sat, 21 Nov 2026 22:00:00 GMT", None),
    ] {
        registry.set(|faults| faults.clock = Clock::Fixed(date.to_owned()));
        registry.push_image(REPOSITORY, "v1", date);
        lab.resolve("v1").await;
        let line = lab.about().await.abilities;
        let line = line.iter().find(|line| line.what == Skill::Time);
        if let Some(words) = off {
            let line = line.unwrap();
            assert!(
                line.can == Some(false) && line.why.contains(words),
                "{line:?}"
            );
            let moved = lab.moves().await.rows;
            assert!(moved.iter().all(|moved| near(moved.at)), "{moved:#?}");
            continue;
        }
        assert_eq!(line, None);
        // Half a day off is believed: the registry tells its own times.
        let moved = lab.moves().await.rows.remove(0);
        assert_eq!(moved.at - now.0, 12 * 3600);
        // So is when a tag went: by the registry's clock, though nothing tells it.
        registry.drop_manifest(REPOSITORY, "v1");
        lab.resolve("v1").await;
        let gone = lab.moves().await.rows.remove(0);
        assert_eq!(gone.to, None);
        assert!(near(gone.at - 12 * 3600), "{gone:#?}");
    }
}
