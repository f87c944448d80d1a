//! What a pruning asks before it takes anything, and what becomes of commit tags whose registry takes a commit with any of
//! its tags.

use crate::acts::{Desk, REPOSITORY, scripted};
use app::view::keep::Prune;
use testkit::scripted::{Clock, Scripted};

/// `v1` went through these commits, one an hour, all of them kept; their commit tags, oldest first.
async fn kept(texts: &[&str]) -> (Desk, Scripted, Vec<String>) {
    let (desk, registry) = scripted().await;
    let mut kept = Vec::new();
    for (hour, text) in texts.iter().enumerate() {
        desk.home.clock_is(&format!("2035-11-21T0{hour}:00:00Z"));
        let now = format!("Wed, 21 Nov 2035 0{hour}:00:00 GMT");
        registry.set(|faults| faults.clock = Clock::Fixed(now));
        let digest = registry.push_image(REPOSITORY, "v1", text);
        desk.see("v1").await;
        kept.push(desk.lab().keep("v1", &digest).await);
    }
    (desk, registry, kept)
}

/// Another computer, on the same day.
async fn another(registry: &Scripted) -> Desk {
    let desk = Desk::at(&registry.host()).await;
    desk.home.clock_is("2035-11-21T09:00:00Z");
    desk.refresh().await;
    desk
}

/// How often a tag was asked for.
fn asked(registry: &Scripted, name: &str) -> usize {
    registry.count("HEAD", &format!("/v2/{REPOSITORY}/manifests/{name}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_computer_asks_what_each_commit_tag_keeps_before_a_rule_shows_what_goes() {
    let (_, registry, names) = kept(&["one", "two", "three", "four"]).await;
    let desk = another(&registry).await;
    registry.forget_requests();
    // Where all stays, nothing has to be asked.
    let plan = desk.lab().plan_prune(Prune::All).await;
    assert_eq!((plan.goes.len(), plan.stays), (0, 4));
    assert_eq!(asked(&registry, "_h."), 0);
    let plan = desk.lab().plan_prune(Prune::Last { commits: 1 }).await;
    assert!(asked(&registry, "_h.") >= 4);
    let goes: Vec<_> = plan.goes.iter().map(|row| row.commit_tag.clone()).collect();
    assert_eq!((&goes[..], plan.stays), (&names[..2], 2));
    // Another took the place of each of them, and when is known.
    assert!(plan.goes.iter().all(|row| row.until.is_some()), "{plan:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pruning_asks_what_was_never_asked_and_nothing_twice() {
    let (desk, registry, names) = kept(&["one", "two"]).await;
    registry.push_image(REPOSITORY, "known", "known");
    registry.push_image(REPOSITORY, "gone", "gone");
    registry.push_image(REPOSITORY, "unasked", "unasked");
    desk.refresh().await;
    desk.see("known").await;
    registry.drop_manifest(REPOSITORY, "gone");
    desk.refresh().await;
    registry.forget_requests();
    let order = desk.lab().prune_order(vec![names[0].clone()]);
    let outcome = desk.home.app.prune(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    let counts = ["known", "gone", "unasked"].map(|name| asked(&registry, name));
    assert_eq!(counts, [0, 0, 1]);
}

/// Behaviour (deletions): Commit tags that a registry takes along are put back all of them, or offered to *Undo*.
/// Source: registries whose DELETE of a tag deletes its manifest (older Quay and Nexus, as their users report).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_pruning_put_back_needs_no_undo_and_what_it_lost_has_one() {
    for lost in [false, true] {
        let (desk, registry, names) = kept(&["one", "two"]).await;
        let digest = registry.tagged(REPOSITORY, &names[0]).unwrap();
        crate::acts::also(&registry, &digest, "stable");
        desk.see("stable").await;
        registry.set(|faults| faults.delete_takes_siblings = true);
        let manifest = registry.manifest(REPOSITORY, &digest).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
        let layer = manifest["layers"][0]["digest"].as_str().unwrap();
        if lost {
            registry.drop_blob(REPOSITORY, layer);
        }
        let before = registry.tags(REPOSITORY);
        let order = desk.lab().prune_order(vec![names[0].clone()]);
        let outcome = desk.home.app.prune(order).await.unwrap();
        assert_eq!((outcome.done, outcome.failed.len()), (0, 0), "{outcome:?}");
        assert_eq!(outcome.undo.is_some(), lost, "{outcome:?}");
        let told = &outcome.notes[0].text;
        assert_eq!(told.contains("could not be put back"), lost, "{told}");
        if lost {
            assert!(!registry.tags(REPOSITORY).contains(&"stable".to_owned()));
            registry.put_blob(REPOSITORY, b"one");
            assert_eq!(desk.undo(&outcome).await.failed, []);
        }
        assert_eq!(registry.tags(REPOSITORY), before);
        assert_eq!(registry.tagged(REPOSITORY, "stable"), Some(digest));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_read_and_was_lost_offers_no_undo() {
    let (_, registry, names) = kept(&["one", "two"]).await;
    // Another computer, that never read what the commit tag keeps, and may not.
    let digest = registry.tagged(REPOSITORY, &names[0]).unwrap();
    crate::acts::also(&registry, &digest, "stable");
    let desk = another(&registry).await;
    crate::acts::answered(&registry, 403, "GET", format!("/manifests/{digest}"));
    registry.set(|faults| faults.delete_takes_siblings = true);
    let order = desk.lab().prune_order(vec![names[0].clone()]);
    let outcome = desk.home.app.prune(order).await.unwrap();
    assert!(
        outcome.notes[0].text.contains("could not be put back"),
        "{outcome:?}"
    );
    assert_eq!(outcome.undo, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_another_computer_days_count_from_when_it_was_noticed_that_a_commit_lost_its_place() {
    let (_, registry, _) = kept(&["one"]).await;
    // Nobody knows when somebody pushed this; it was there when this computer first looked.
    registry.push_image(REPOSITORY, "v1", "two");
    let desk = Desk::at(&registry.host()).await;
    let day = |day: u32| {
        desk.home
            .clock_is(&format!("2036-{:02}-{:02}T09:00:00Z", day / 100, day % 100));
    };
    day(105);
    desk.refresh().await;
    desk.see("v1").await;
    let goes = async || {
        let plan = desk.lab().plan_prune(Prune::Days { days: 30 }).await;
        (plan.goes.len(), plan.stays)
    };
    assert_eq!(goes().await, (0, 1));
    day(203);
    assert_eq!(goes().await, (0, 1));
    day(205);
    assert_eq!(goes().await, (1, 0));
}
