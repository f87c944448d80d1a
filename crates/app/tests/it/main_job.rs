//! The main job, whole, on real parts.

use crate::home::{Home, SECRET, USER, failure, load, order, question};
use app::view::browse::{Source, TimeKind};
use app::view::engine::ImagePlace;
use app::view::problem::Code;
use app::view::push::{KeepAnswer, KeepPlan};
use app::view::tasks::TaskState;
use std::time::Duration;
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryOptions, RegistryVersion, need};

type Parts = (Home, Registry, Dockerd, String);

async fn parts() -> Option<Parts> {
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
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        version,
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let engine = Dockerd::start_kind(kind, None).await.unwrap();
    let home = Home::with(Some(&engine));
    let id = home.sign_in(&registry.host()).await.id;
    Some((home, registry, engine, id))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_pushes_with_each_overwrite_survive_a_clean_up() {
    if let Some(parts) = parts().await {
        three_pushes(parts).await;
    }
}

/// The containerd store and distribution 3: what new installations have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_pushes_survive_a_clean_up_with_the_newest_engine_and_registry() {
    if let Some(parts) = started(EngineKind::Containerd, RegistryVersion::Three).await {
        three_pushes(parts).await;
    }
}

#[allow(clippy::too_many_lines)] // one story, told in its order
async fn three_pushes((mut home, mut registry, engine, id): Parts) {
    let images = load(&engine, 3, 300_000).await;
    let path = format!("{}/lab/tool", registry.host());

    // The first one: a new tag, nothing to keep.
    let plan = home
        .app
        .plan_push(question(&id, "lab/tool", "v1", &images[0]))
        .await
        .unwrap();
    assert!(
        plan.new_repository && plan.target.is_none() && plan.keep == KeepPlan::Nothing,
        "{plan:#?}"
    );
    assert_eq!(plan.new_layers, 2);
    assert!(plan.at_most.unwrap() >= 320_000);
    let first = home
        .pushed(&id, "lab/tool", "v1", &images[0], KeepAnswer::ByRule)
        .await;
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
    let plan = home
        .app
        .plan_push(question(&id, "lab/tool", "v1", &images[1]))
        .await
        .unwrap();
    let KeepPlan::Ask { commit_tag, .. } = &plan.keep else {
        panic!("{plan:#?}")
    };
    assert!(
        commit_tag.starts_with("_h.v1.") && commit_tag.ends_with(&first[7..19]),
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
    let second = home
        .pushed(&id, "lab/tool", "v1", &images[1], KeepAnswer::EachOverwrite)
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
    let plan = home
        .app
        .plan_push(question(&id, "lab/tool", "v1", &images[2]))
        .await
        .unwrap();
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
    let third = home
        .pushed(&id, "lab/tool", "v1", &images[2], KeepAnswer::ByRule)
        .await;
    assert_eq!(registry.tags("lab/tool").await.unwrap().len(), 3);

    // Closed, opened, seen by someone who only has the registry: the same timeline.
    home.reopen();
    let rows = home
        .app
        .commits(id.clone(), "lab/tool".into(), "v1".into())
        .await
        .unwrap()
        .rows;
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
    elsewhere
        .app
        .refresh_tags(other.clone(), "lab/tool".into())
        .await
        .unwrap();
    elsewhere
        .app
        .resolve_tag(other.clone(), "lab/tool".into(), "v1".into())
        .await
        .unwrap();
    elsewhere
        .app
        .refresh_commits(other.clone(), "lab/tool".into(), "v1".into())
        .await
        .unwrap();
    let rows = elsewhere
        .app
        .commits(other.clone(), "lab/tool".into(), "v1".into())
        .await
        .unwrap()
        .rows;
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
    let name = elsewhere
        .pulled(&other, "lab/tool", "v1", Some(&first))
        .await;
    assert_eq!(name, format!("{path}:v1-{}", &first[7..19]));
    assert!(engine.has_image(&name).await.unwrap());
    // And the active one bears its own name.
    assert_eq!(
        home.pulled(&id, "lab/tool", "v1", None).await,
        format!("{path}:v1")
    );
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
    assert_eq!(
        older.place,
        ImagePlace::Older {
            repository: path,
            tag: "v1".into(),
            position: 3,
            of: 3
        }
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_off_no_other_tag_is_ever_written() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let images = load(&engine, 3, 30_000).await;
    home.pushed(&id, "lab/tool", "v1", &images[0], KeepAnswer::ByRule)
        .await;
    home.pushed(&id, "lab/tool", "v1", &images[1], KeepAnswer::Off)
        .await;
    let plan = home
        .app
        .plan_push(question(&id, "lab/tool", "v1", &images[2]))
        .await
        .unwrap();
    assert!(
        matches!(
            plan.keep,
            KeepPlan::Rule {
                rule: app::view::browse::KeepRule::Off,
                ..
            }
        ),
        "{plan:#?}"
    );
    home.pushed(&id, "lab/tool", "v1", &images[2], KeepAnswer::ByRule)
        .await;
    home.app
        .refresh_tags(id.clone(), "lab/tool".into())
        .await
        .unwrap();
    home.app
        .refresh_commits(id, "lab/tool".into(), "v1".into())
        .await
        .unwrap();
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
    let images = load(&engine, 2, 30_000).await;
    let first = home
        .pushed(&id, "lab/tool", "v1", &images[0], KeepAnswer::ByRule)
        .await;
    let second = home
        .pushed(&id, "lab/tool", "v1", &images[1], KeepAnswer::EachOverwrite)
        .await;
    let again = home
        .pushed(&id, "lab/tool", "v1", &images[0], KeepAnswer::ByRule)
        .await;
    assert_eq!(first, again);
    let rows = home
        .app
        .commits(id.clone(), "lab/tool".into(), "v1".into())
        .await
        .unwrap()
        .rows;
    let digests: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.digest.as_deref())
        .collect();
    assert_eq!(digests, [first.as_str(), second.as_str(), first.as_str()]);
    assert_eq!(rows.iter().filter(|row| row.active).count(), 1);
    // Each of the two commits has its commit tag, and there is no third.
    assert_eq!(registry.tags("lab/tool").await.unwrap().len(), 3);

    // The same image once more: nothing moves, nothing is kept, and the sheet says so.
    let plan = home
        .app
        .plan_push(question(&id, "lab/tool", "v1", &images[0]))
        .await
        .unwrap();
    assert!(plan.target.unwrap().same_image && !plan.warnings.is_empty());
    home.pushed(&id, "lab/tool", "v1", &images[0], KeepAnswer::ByRule)
        .await;
    assert_eq!(registry.tags("lab/tool").await.unwrap().len(), 3);
    assert_eq!(
        home.app
            .commits(id, "lab/tool".into(), "v1".into())
            .await
            .unwrap()
            .rows
            .len(),
        3
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_push_leaves_the_commit_tag_and_says_so() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let images = load(&engine, 1, 30_000).await;
    let first = home
        .pushed(&id, "lab/tool", "v1", &images[0], KeepAnswer::ByRule)
        .await;
    // Large enough to be caught on its way.
    let big = testkit::images::ImageSpec::of_sizes(99, &[60_000_000, 60_000_000]);
    engine
        .load_tar(big.save(&["local/big:1"]).unwrap())
        .await
        .unwrap();
    let task = order(
        &id,
        "lab/tool",
        "v1",
        &big.id().unwrap(),
        Some(first.clone()),
        KeepAnswer::EachOverwrite,
    );
    let task = home.app.start_push(task).await.unwrap();
    home.until(&task, |view| view.done > 0 || view.finished_at.is_some())
        .await;
    home.app.cancel_task(task.clone()).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Cancelled, "{ended:#?}");
    let outcome = ended.outcome.unwrap();
    let commit_tag = outcome.commit_tag.unwrap();
    assert!(
        outcome.notes.iter().any(|note| note.contains(&commit_tag)),
        "{:?}",
        outcome.notes
    );
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
        registry
            .manifest("lab/tool", &commit_tag)
            .await
            .unwrap()
            .unwrap()
            .0,
        first
    );
    // The name the push lent it is the former image's again.
    let name = format!("{}/lab/tool:v1", registry.host());
    let image = engine.image(&name).await.unwrap().unwrap();
    assert_eq!(image["Id"].as_str().unwrap(), images[0]);

    // At most ten a second; the first and the last are always told.
    let events = home.events_of(&task);
    assert_eq!(events.first().unwrap().1.state, TaskState::Waiting);
    assert_eq!(events.last().unwrap().1.state, TaskState::Cancelled);
    let took = events.last().unwrap().0.duration_since(events[0].0);
    let most =
        usize::try_from(took.as_millis() / Duration::from_millis(100).as_millis()).unwrap() + 6;
    assert!(events.len() <= most, "{} events in {took:?}", events.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_local_name_is_never_moved_without_asking() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let images = load(&engine, 2, 30_000).await;
    let name = format!("{}/lab/tool:v1", registry.host());
    let first = home
        .pushed(&id, "lab/tool", "v1", &images[0], KeepAnswer::ByRule)
        .await;

    let plan = home
        .app
        .plan_push(question(&id, "lab/tool", "v1", &images[1]))
        .await
        .unwrap();
    assert_eq!(plan.name_taken.as_deref(), Some(name.as_str()));
    let mut careful = order(
        &id,
        "lab/tool",
        "v1",
        &images[1],
        Some(first.clone()),
        KeepAnswer::EachOverwrite,
    );
    careful.move_name = false;
    let task = home.app.start_push(careful).await.unwrap();
    failure(&home.ended(&task).await, Code::NameTaken);
    assert_eq!(
        registry.tags("lab/tool").await.unwrap(),
        ["v1"],
        "nothing was written"
    );

    let second = home
        .pushed(&id, "lab/tool", "v1", &images[1], KeepAnswer::EachOverwrite)
        .await;
    // Someone gave the name to another image: a pull asks too, and then moves it.
    let tag = format!(
        "/images/{}/tag?repo={}/lab/tool&tag=v1",
        images[0],
        registry.host()
    );
    engine.post(&tag, "", &[]).await.unwrap();
    let task = home
        .app
        .start_pull(crate::home::pull(&id, "lab/tool", "v1", None))
        .await
        .unwrap();
    failure(&home.ended(&task).await, Code::NameTaken);
    assert_eq!(
        engine.image(&name).await.unwrap().unwrap()["Id"]
            .as_str()
            .unwrap(),
        images[0]
    );
    let mut agreed = crate::home::pull(&id, "lab/tool", "v1", None);
    agreed.move_name = true;
    let task = home.app.start_pull(agreed).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    assert_eq!(ended.outcome.unwrap().digest, Some(second));
    assert_eq!(
        engine.image(&name).await.unwrap().unwrap()["Id"]
            .as_str()
            .unwrap(),
        images[1]
    );
}
