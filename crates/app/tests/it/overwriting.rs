//! The guard over an overwrite, in the cases between its promises: what is asked where nothing is overwritten, what is said
//! where the old commit can't be kept, and what is told of a commit tag that was on its way.

use crate::acts::{Desk, REPOSITORY, answered, scripted};
use crate::home::{load, scripted_with_engine};
use crate::rule_consent::plant_rule;
use app::view::active::ActiveOrder;
use app::view::keep::KeepRule;
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use app::view::tasks::{TaskOutcome, TaskState};
use testkit::scripted::Scripted;

/// `v1` points at the second of two commits.
async fn two_commits() -> (Desk, Scripted, String, String) {
    let (desk, registry) = scripted().await;
    let old = registry.push_image(REPOSITORY, "v1", "old");
    desk.see("v1").await;
    let new = registry.push_image(REPOSITORY, "v1", "new");
    desk.see("v1").await;
    (desk, registry, old, new)
}

/// Commit tags and what they point at.
fn kept(registry: &Scripted) -> Vec<String> {
    let tags = registry.tags(REPOSITORY).into_iter();
    let tags = tags.filter(|tag| tag.starts_with("_h."));
    tags.filter_map(|tag| registry.tagged(REPOSITORY, &tag))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_a_rule_of_this_computer_an_overwrite_goes_on_and_keeps() {
    let (desk, registry, old, new) = two_commits().await;
    desk.lab().set_keep(KeepRule::Overwrite, false).await;
    let order = desk.active_order("v1", &old, Some(&new), KeepAnswer::ByRule);
    let outcome = desk.home.app.make_active(order).await.unwrap();
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(old));
    assert_eq!((kept(&registry), outcome.notes), (vec![new], vec![]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planted_rule_holds_for_an_overwrite_where_its_sheet_was_ticked_and_stops_it_else() {
    let (desk, registry, old, new) = two_commits().await;
    plant_rule(&registry, REPOSITORY, &[("keep", "overwrite")]);
    let order = |keep: KeepAnswer, allows: Option<&str>, accept_loss: bool| ActiveOrder {
        allows: allows.map(str::to_owned),
        accept_loss,
        ..desk.active_order("v1", &old, Some(&new), keep)
    };
    for allows in [None, Some("keep=push")] {
        let order = order(KeepAnswer::ByRule, allows, false);
        let told = desk.home.app.make_active(order).await.unwrap_err();
        assert_eq!(told.code, Code::NotAsked, "{told:?}");
    }
    assert_eq!(registry.tagged(REPOSITORY, "v1").as_ref(), Some(&new));
    let ticked = order(KeepAnswer::ByRule, Some("keep=overwrite"), false);
    desk.home.app.make_active(ticked).await.unwrap();
    assert_eq!(registry.tagged(REPOSITORY, "v1").as_ref(), Some(&old));
    assert_eq!(kept(&registry), [new]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_can_not_be_kept_is_told_once_and_the_hint_is_of_the_act() {
    let (desk, registry, old, new) = two_commits().await;
    let order = |accept_loss| ActiveOrder {
        accept_loss,
        ..desk.active_order("v1", &old, Some(&new), KeepAnswer::EachOverwrite)
    };
    for (status, code) in [(403, Code::NotKept), (401, Code::SignIn)] {
        answered(&registry, status, "PUT", "/manifests/_h.");
        let told = desk.home.app.make_active(order(false)).await.unwrap_err();
        assert_eq!(told.code, code, "{told:?}");
        assert!(
            told.hints[0].starts_with("Go on without keeping it"),
            "{told:?}"
        );
        assert_eq!(registry.tagged(REPOSITORY, "v1").as_ref(), Some(&new));
    }
    // With the second yes it is said once that it was not kept.
    answered(&registry, 403, "PUT", "/manifests/_h.");
    let outcome = desk.home.app.make_active(order(true)).await.unwrap();
    let told: Vec<_> = outcome
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert!(
        told.len() == 1 && told[0].contains("as you agreed"),
        "{told:?}"
    );
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(old));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_that_overwrites_nothing_asks_nothing_about_a_planted_rule() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 1, 20_000).await;
    registry.push_image("lab/tool", "other", "other");
    plant_rule(&registry, "lab/tool", &[("keep", "overwrite")]);
    let lab = home.at(&id, "lab/tool");
    // A new tag, then the very same image once more: nobody ticked anything, and nothing is kept.
    let order = lab.push_order("v1", &images[0], None, KeepAnswer::ByRule);
    let task = home.app.start_push(order).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let digest = registry.tagged("lab/tool", "v1").unwrap();
    let order = lab.push_order("v1", &images[0], Some(&digest), KeepAnswer::ByRule);
    let task = home.app.start_push(order).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    assert_eq!(registry.tags("lab/tool"), ["_about", "other", "v1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_that_is_stopped_while_its_commit_tag_is_written_tells_of_it() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 1, 20_000).await;
    let old = registry.push_image("lab/tool", "v1", "old");
    let lab = home.at(&id, "lab/tool");
    let order = lab.push_order("v1", &images[0], Some(&old), KeepAnswer::JustThis);
    // The commit tag is written and its answer never comes; meanwhile the person stops.
    let (app, faults) = (home.app.clone(), registry.faults.clone());
    registry.before("PUT", "/manifests/_h.", move |_| {
        faults.lock().unwrap().lose_answers = 1;
        tokio::spawn(async move {
            let task = app.tasks().await.unwrap().remove(0).id;
            app.cancel_task(task).await.unwrap();
        });
    });
    let task = home.app.start_push(order).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Cancelled, "{ended:#?}");
    let outcome = ended.outcome.and_then(TaskOutcome::moved).unwrap();
    let name = outcome.commit_tag.expect("it was written");
    assert_eq!(registry.tagged("lab/tool", &name), Some(old.clone()));
    assert!(outcome.notes.iter().any(|note| note.text.contains(&name)));
    assert_eq!(registry.tagged("lab/tool", "v1"), Some(old));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_each_push_is_kept_a_push_tells_of_its_own_commit_tag_and_going_back_does_not() {
    let (desk, registry, old, new) = two_commits().await;
    let order = desk.active_order("v1", &old, Some(&new), KeepAnswer::EveryPush);
    let outcome = desk.home.app.make_active(order).await.unwrap();
    assert_eq!(kept(&registry).len(), 2);
    assert_eq!(outcome.notes, [], "it shows in the timeline itself");

    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 1, 20_000).await;
    let lab = home.at(&id, "lab/tool");
    let task = lab.push("v1", &images[0], KeepAnswer::EveryPush).await;
    let outcome = task.outcome.and_then(TaskOutcome::moved).unwrap();
    let pushed = outcome.digest.unwrap();
    assert_eq!(kept(&registry), std::slice::from_ref(&pushed));
    let told: Vec<_> = outcome
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert!(
        told.len() == 1 && told[0].starts_with(&format!("{} is kept as _h.v1.", &pushed[7..19])),
        "{told:?}"
    );
}

/// Behaviour (manifests): What a push overwrites though it looked like the very image that is pushed is kept after it.
/// Source: Docker writes a manifest anew; the same image under other bytes came from another tool.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_push_of_the_same_image_overwrites_all_the_same_is_kept_after_it() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 1, 20_000).await;
    let lab = home.at(&id, "lab/tool");
    let ours = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    let mut bytes = registry.manifest("lab/tool", &ours).unwrap();
    let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    bytes.push(b'\n');
    let kind = read["mediaType"].as_str().unwrap();
    let theirs = registry.put_manifest("lab/tool", Some("v1"), kind, &bytes);
    // As sheets go that show the same image: nothing is asked, and the rule holds.
    lab.set_keep(KeepRule::Overwrite, false).await;
    let order = lab.push_order("v1", &images[0], Some(&theirs), KeepAnswer::ByRule);
    let task = home.app.start_push(order).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let outcome = ended.outcome.and_then(TaskOutcome::moved).unwrap();
    assert_eq!(registry.tagged("lab/tool", "v1"), Some(ours));
    let name = outcome.commit_tag.expect("it is kept");
    assert_eq!(registry.tagged("lab/tool", &name), Some(theirs));
    assert_eq!(outcome.notes, [], "nothing was lost");
}
