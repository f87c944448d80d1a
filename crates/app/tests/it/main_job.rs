//! The main job, whole, on real parts.

use crate::home::{Home, guarded_registry, load};
use app::view::browse::{Source, TimeKind};
use app::view::engine::ImagePlace;
use app::view::push::{KeepAnswer, KeepPlan};
use std::time::Duration;
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryVersion, need};

pub type Parts = (Home, Registry, Dockerd, String);

pub async fn parts() -> Option<Parts> {
    started(EngineKind::Debian, RegistryVersion::Two).await
}

async fn started(kind: EngineKind, version: RegistryVersion) -> Option<Parts> {
    let (engine, registry) = match (kind, version) {
        (EngineKind::Containerd, RegistryVersion::Three) => (Part::NewDockerd, Part::NewRegistry),
        _ => (Part::Dockerd, Part::Registry),
    };
    if !need(registry) || !need(engine) {
        return None;
    }
    let registry = guarded_registry(version).await;
    let engine = Dockerd::start_kind(kind, None).await.unwrap();
    let home = Home::with(Some(&engine));
    let id = home.sign_in(&registry.host()).await.id;
    Some((home, registry, engine, id))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_pushes_with_each_overwrite_survive_a_clean_up() {
    if let Some(parts) = parts().await {
        Box::pin(three_pushes(parts)).await;
    }
}

/// The containerd store and distribution 3: what new installations have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_pushes_survive_a_clean_up_with_the_newest_engine_and_registry() {
    if let Some(parts) = started(EngineKind::Containerd, RegistryVersion::Three).await {
        Box::pin(three_pushes(parts)).await;
    }
}

#[allow(clippy::too_many_lines)] // one story, told in its order
async fn three_pushes((mut home, mut registry, engine, id): Parts) {
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 3, 300_000).await;
    let path = format!("{}/lab/tool", registry.host());

    // The first one: a new tag, nothing to keep.
    let plan = lab.plan_push("v1", &images[0]).await;
    assert!(
        plan.new_repository && plan.target.is_none() && plan.keep == KeepPlan::Nothing,
        "{plan:#?}"
    );
    assert_eq!(plan.new_layers, 2);
    assert!(plan.at_most.unwrap() >= 320_000);
    let first = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    assert_eq!(
        registry
            .manifest("lab/tool", "v1")
            .await
            .unwrap()
            .unwrap()
            .0,
        first
    );
    assert_eq!(
        home.app.repositories(id.clone()).await.unwrap().names,
        ["lab/tool"]
    );

    // Commit tags tell whole seconds: of two that began within one, nobody else could tell the order.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    // The second one moves the tag: it asks, with the fitting answer.
    let plan = lab.plan_push("v1", &images[1]).await;
    let KeepPlan::Ask { commit_tag, .. } = &plan.keep else {
        panic!("{plan:#?}")
    };
    assert!(
        commit_tag.starts_with("_h.v1.") && commit_tag.ends_with(&first[7..]),
        "{commit_tag}"
    );
    assert_eq!(plan.new_layers, 1, "the lower layer is known to be there");
    assert!(plan.at_most.unwrap() < 320_000);
    let target = plan.target.clone().unwrap();
    assert_eq!(
        (target.digest.as_str(), target.same_image),
        (first.as_str(), false)
    );
    assert_eq!(
        target.time.map(|time| (time.kind, time.source)),
        Some((TimeKind::Since, Source::SeenHere))
    );
    let commit_tag = commit_tag.clone();
    let second = lab
        .pushed("v1", &images[1], KeepAnswer::EachOverwrite)
        .await;
    assert_eq!(
        registry
            .manifest("lab/tool", &commit_tag)
            .await
            .unwrap()
            .unwrap()
            .0,
        first
    );

    tokio::time::sleep(Duration::from_millis(1100)).await;
    // The third one follows the rule.
    let plan = lab.plan_push("v1", &images[2]).await;
    assert!(
        matches!(
            plan.keep,
            KeepPlan::Rule {
                already_kept: false,
                ..
            }
        ),
        "{plan:#?}"
    );
    let third = lab.pushed("v1", &images[2], KeepAnswer::ByRule).await;
    assert_eq!(registry.tags("lab/tool").await.unwrap().len(), 3);

    // Closed, opened, seen by someone who only has the registry: the same timeline.
    home.reopen();
    let lab = home.at(&id, "lab/tool");
    let rows = lab.commits("v1").await;
    let digests: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.digest.as_deref())
        .collect();
    assert_eq!(digests, [third.as_str(), second.as_str(), first.as_str()]);
    assert!(
        rows[0].active
            && rows[1..]
                .iter()
                .all(|row| row.commit_tag.is_some() && !row.active)
    );
    let elsewhere = Home::with(Some(&engine));
    let other = elsewhere.sign_in(&registry.host()).await.id;
    let theirs = elsewhere.at(&other, "lab/tool");
    theirs.refresh_tags().await;
    theirs.resolve("v1").await;
    theirs.refresh_commits("v1").await;
    let rows = theirs.commits("v1").await;
    let digests: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.digest.as_deref())
        .collect();
    assert_eq!(digests, [third.as_str(), second.as_str(), first.as_str()]);

    // A clean-up of untagged images, then the oldest by one click.
    registry.garbage_collect(true).await.unwrap();
    for image in &images {
        engine
            .delete(&format!("/images/{image}?force=true"))
            .await
            .unwrap();
    }
    assert!(!engine.has_image(&images[0]).await.unwrap());
    let name = theirs.pulled("v1", Some(&first)).await;
    assert_eq!(name, format!("{path}:v1-{}", &first[7..19]));
    assert!(engine.has_image(&name).await.unwrap());
    // And the active one bears its own name.
    assert_eq!(lab.pulled("v1", None).await, format!("{path}:v1"));
    let rows = home.app.images().await.unwrap();
    let active = rows
        .iter()
        .find(|row| row.name.as_deref() == Some(&format!("{path}:v1")))
        .unwrap();
    assert_eq!(
        active.place,
        ImagePlace::Active {
            repository: path.clone(),
            tag: "v1".into()
        }
    );
    let older = rows
        .iter()
        .find(|row| row.name.as_deref() == Some(&name))
        .unwrap();
    // Both were pushed here, so how long ago is known; the row of the tag says the same.
    let ImagePlace::Older { behind, .. } = older.place else {
        panic!("{:?}", older.place);
    };
    assert!(behind.is_some_and(|seconds| seconds > 0), "{behind:?}");
    assert_eq!(
        older.place,
        ImagePlace::Older {
            repository: path,
            tag: "v1".into(),
            position: 3,
            of: 3,
            behind,
        }
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_off_no_other_tag_is_ever_written() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 3, 30_000).await;
    lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    lab.pushed("v1", &images[1], KeepAnswer::Off).await;
    let plan = lab.plan_push("v1", &images[2]).await;
    assert!(
        matches!(
            plan.keep,
            KeepPlan::Rule {
                rule: app::view::keep::KeepRule::Off,
                ..
            }
        ),
        "{plan:#?}"
    );
    lab.pushed("v1", &images[2], KeepAnswer::ByRule).await;
    lab.refresh_tags().await;
    lab.refresh_commits("v1").await;
    assert_eq!(registry.tags("lab/tool").await.unwrap(), ["v1"]);
    let written: Vec<String> = registry
        .access_log()
        .into_iter()
        .filter(|line| line.contains("PUT ") && line.contains("/manifests/"))
        .collect();
    assert_eq!(written.len(), 3, "{written:?}");
    assert!(
        written.iter().all(|line| line.contains("/manifests/v1 ")),
        "{written:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn going_back_and_forth_is_an_entry_each_time() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let lab = home.at(&id, "lab/tool");
    let images = load(&engine, 2, 30_000).await;
    let first = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    let second = lab
        .pushed("v1", &images[1], KeepAnswer::EachOverwrite)
        .await;
    let again = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    assert_eq!(first, again);
    let rows = lab.commits("v1").await;
    let digests: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.digest.as_deref())
        .collect();
    assert_eq!(digests, [first.as_str(), second.as_str(), first.as_str()]);
    assert_eq!(rows.iter().filter(|row| row.active).count(), 1);
    // Each of the two commits has its commit tag, and there is no third.
    assert_eq!(registry.tags("lab/tool").await.unwrap().len(), 3);

    // The same image once more: nothing moves, nothing is kept, and the sheet says so.
    let plan = lab.plan_push("v1", &images[0]).await;
    assert!(plan.target.unwrap().same_image && !plan.warnings.is_empty());
    lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    assert_eq!(registry.tags("lab/tool").await.unwrap().len(), 3);
    assert_eq!(lab.commits("v1").await.len(), 3);
}
