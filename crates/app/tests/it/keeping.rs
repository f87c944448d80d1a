//! Keeping where it can't be done: nothing is overwritten without a second yes.

use crate::home::{Home, failure, load, scripted_with_engine};
use app::view::problem::Code;
use app::view::push::{KeepAnswer, KeepPlan};
use app::view::tasks::TaskState;
use testkit::images::{ImageSpec, push_index};
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, need};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_refuses_commit_tags_is_not_overwritten_without_a_second_yes() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    registry.set(|faults| faults.refuse_underscore_tags = true);
    let images = load(&engine, 2, 30_000).await;
    let old = registry.push_image("lab/tool", "v1", "someone else’s");

    let task = lab.push("v1", &images[0], KeepAnswer::EachOverwrite).await;
    let told = failure(&task, Code::NotKept);
    assert!(told.message.contains("nothing was overwritten"), "{told:?}");
    assert_eq!(
        registry.tagged("lab/tool", "v1").as_deref(),
        Some(old.as_str())
    );

    let mut agreed = lab.push_order("v1", &images[0], Some(&old), KeepAnswer::ByRule);
    agreed.accept_loss = true;
    let task = home.app.start_push(agreed).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let outcome = ended
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap();
    assert_eq!(
        (outcome.commit_tag, outcome.previous.as_deref()),
        (None, Some(old.as_str()))
    );
    assert!(
        outcome
            .notes
            .iter()
            .any(|note| note.text.contains("not kept")),
        "{:?}",
        outcome.notes
    );
    assert_ne!(registry.tagged("lab/tool", "v1").unwrap(), old);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_too_long_to_keep_is_said_before() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 1, 30_000).await;
    let long = "v".repeat(76);
    let old = registry.push_image("lab/tool", &long, "old");
    let plan = lab.plan_push(&long, &images[0]).await;
    assert!(
        matches!(&plan.keep, KeepPlan::Impossible { why } if why.contains("75")),
        "{plan:#?}"
    );
    let task = lab.push(&long, &images[0], KeepAnswer::EachOverwrite).await;
    failure(&task, Code::NotKept);
    assert_eq!(
        registry.tagged("lab/tool", &long).as_deref(),
        Some(old.as_str())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_moved_since_the_sheet_stops_the_push() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 1, 30_000).await;
    let shown = registry.push_image("lab/tool", "v1", "shown in the sheet");
    let now = registry.push_image("lab/tool", "v1", "moved since");
    for expected in [Some(shown), None] {
        let task = lab.push_order(
            "v1",
            &images[0],
            expected.as_deref(),
            KeepAnswer::EachOverwrite,
        );
        let task = home.app.start_push(task).await.unwrap();
        let told = failure(&home.ended(&task).await, Code::TagMoved);
        assert!(told.message.contains(&now[7..19]), "{told:?}");
    }
    assert_eq!(registry.tags("lab/tool"), ["v1"], "nothing was written");
    assert_eq!(registry.tagged("lab/tool", "v1"), Some(now));
    assert_eq!(lab.tags().await.keep, None, "and no rule was stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_request_keeps_only_what_was_ticked() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 3, 30_000).await;
    let first = registry.push_image("lab/tool", "v1", "first");
    lab.pushed("v1", &images[0], KeepAnswer::JustThis).await;
    assert_eq!(registry.tags("lab/tool").len(), 2);
    assert!(
        registry
            .tags("lab/tool")
            .iter()
            .any(|tag| tag.ends_with(&first[7..]))
    );
    lab.pushed("v1", &images[1], KeepAnswer::ByRule).await;
    lab.pushed("v1", &images[2], KeepAnswer::NotThis).await;
    assert_eq!(registry.tags("lab/tool").len(), 2);
    let rule = lab.tags().await.keep;
    assert_eq!(rule, Some(app::view::keep::KeepRule::OnRequest));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_old_commit_is_kept_before_a_registry_drops_it() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    registry.set(|faults| faults.drop_overwritten = true);
    let images = load(&engine, 1, 30_000).await;
    let old = registry.push_image("lab/tool", "v1", "old");
    home.at(&id, "lab/tool")
        .pushed("v1", &images[0], KeepAnswer::EachOverwrite)
        .await;
    assert!(registry.manifest("lab/tool", &old).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_is_kept_before_the_one_platform_that_is_here_overwrites_it() {
    if !need(Part::Dockerd) || !need(Part::Registry) {
        return;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let home = Home::with(Some(&engine));
    let id = home.anyone(&registry.host()).await;
    let lab = home.at(&id, "lab/tool");
    let images = ["amd64", "arm64"].map(|arch| ImageSpec::of_sizes(3, &[20_000]).arch(arch));
    let index = push_index(&registry, "lab/tool", "v1", &images)
        .await
        .unwrap();
    lab.pulled("v1", None).await;
    let image = images[0].id().unwrap();

    // The engine bears the index's digest, and yet would push one platform only.
    let plan = lab.plan_push("v1", &image).await;
    assert!(!plan.target.unwrap().same_image);
    assert_eq!(plan.warnings, ["amd64 only, arm64 is lost"]);
    let expected = Some(index.clone());
    let unasked = lab.push_order("v1", &image, expected.as_deref(), KeepAnswer::ByRule);
    let task = home.app.start_push(unasked).await.unwrap();
    failure(&home.ended(&task).await, Code::NotAsked);

    lab.pushed("v1", &image, KeepAnswer::EachOverwrite).await;
    let writes: Vec<String> = registry
        .access_log()
        .into_iter()
        .filter(|line| line.contains("PUT") && line.contains("/manifests/"))
        .collect();
    let [.., kept, moved] = writes.as_slice() else {
        panic!("{writes:#?}")
    };
    assert!(kept.contains("/manifests/_h.v1."), "{writes:#?}");
    assert!(moved.contains("/manifests/v1"), "{writes:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_commit_tag_planted_before_a_push_is_left_alone_and_the_commit_kept_beside_it() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 1, 30_000).await;
    let old = registry.push_image("lab/tool", "v1", "old");
    let plan = lab.plan_push("v1", &images[0]).await;
    let KeepPlan::Ask { commit_tag, .. } = plan.keep else {
        panic!("{plan:#?}")
    };
    let other = registry.push_image("lab/tool", &commit_tag, "somebody’s");
    // The list tells of the name now; what it points at is nobody's word yet.
    lab.refresh_tags().await;
    let task = lab.push("v1", &images[0], KeepAnswer::EachOverwrite).await;
    let moved = task.outcome.and_then(app::view::tasks::TaskOutcome::moved);
    let kept = moved.unwrap().commit_tag.unwrap();
    assert_ne!(kept, commit_tag);
    assert_eq!(registry.tagged("lab/tool", &kept), Some(old.clone()));
    assert_eq!(registry.tagged("lab/tool", &commit_tag), Some(other));
    assert_ne!(registry.tagged("lab/tool", "v1"), Some(old));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_writes_in_lower_case_is_told_after_a_push_too() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    registry.set(|faults| faults.fold_case = true);
    let images = load(&engine, 1, 30_000).await;
    let old = registry.push_image("lab/tool", "rc-a", "old");
    let ended = home
        .at(&id, "lab/tool")
        .push("RC-A", &images[0], KeepAnswer::EveryPush)
        .await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let outcome = ended
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap();
    let kept = outcome.commit_tag.unwrap();
    assert!(kept.starts_with("_h.rc-a."), "{kept}");
    assert_eq!(registry.tagged("lab/tool", &kept), Some(old));
    let notes = outcome.notes.iter();
    let told = notes.filter(|note| note.text.contains("kept as _h.rc-a."));
    assert_eq!(
        told.count(),
        2,
        "the old one and the new one: {:?}",
        outcome.notes
    );
}
