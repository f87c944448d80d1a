//! Pulls that are not just the active commit of one platform.

use crate::home::{Home, failure};
use app::view::problem::Code;
use app::view::tasks::{ItemState, TaskState};
use testkit::images::{self, ImageSpec};
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, need};

async fn parts() -> Option<(Home, Registry, Dockerd, String)> {
    if !need(Part::Registry) || !need(Part::Dockerd) {
        return None;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let engine = Dockerd::start(None).await.unwrap();
    let home = Home::with(Some(&engine));
    let id = home.anyone(&registry.host()).await;
    Some((home, registry, engine, id))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_is_pulled_for_the_engines_platform_with_the_manifests_sizes() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let here = ImageSpec::of_sizes(1, &[50_000, 70_000]);
    let specs = [
        ImageSpec::of_sizes(2, &[10_000]).arch("s390x"),
        here.clone(),
    ];
    let index = images::push_index(&registry, "lab/multi", "v1", &specs)
        .await
        .unwrap();
    let task = home
        .app
        .start_pull(home.at(&id, "lab/multi").pull_order("v1", None))
        .await
        .unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let outcome = ended
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap();
    assert_eq!(outcome.digest.as_deref(), Some(index.as_str()));
    assert_eq!(outcome.name, format!("{}/lab/multi:v1", registry.host()));
    let image = engine.image(&outcome.name).await.unwrap().unwrap();
    assert_eq!(image["Id"].as_str().unwrap(), here.id().unwrap());
    // Sizes are the manifest's, compressed; every layer ended.
    let built = here.build().unwrap();
    let sizes: Vec<u64> = built
        .blobs
        .iter()
        .map(|(_, bytes)| bytes.len() as u64)
        .collect();
    assert_eq!(ended.items.len(), 2);
    assert!(
        ended
            .items
            .iter()
            .all(|item| sizes.contains(&item.total) && item.state == ItemState::Done)
    );
    assert_eq!(
        (ended.done, ended.short.as_str()),
        (ended.total, &index[7..19])
    );
    assert!(ended.total > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_known_only_by_its_commit_tag_is_completed_and_checked() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let old = images::push(
        &registry,
        "lab/tool",
        "v1",
        &ImageSpec::of_sizes(1, &[2_000]),
    )
    .await
    .unwrap();
    let kept = format!("_h.v1.20261120t100000z-{}", &old[7..]);
    images::retag(&registry, "lab/tool", "v1", &kept)
        .await
        .unwrap();
    images::retag(
        &registry,
        "lab/tool",
        "v1",
        "_h.v1.20261119t100000z-0123456789ab0000000000000000000000000000000000000000000000000000",
    )
    .await
    .unwrap();
    images::push(
        &registry,
        "lab/tool",
        "v1",
        &ImageSpec::of_sizes(2, &[2_000]),
    )
    .await
    .unwrap();
    let name = home.at(&id, "lab/tool").pulled("v1", Some(&kept)).await;
    assert_eq!(
        name,
        format!("{}/lab/tool:v1-{}", registry.host(), &old[7..19])
    );
    assert!(engine.has_image(&name).await.unwrap());

    let lie = home
        .at(&id, "lab/tool")
        .pull_order("v1", Some("_h.v1.20261119t100000z-0123456789ab0000000000000000000000000000000000000000000000000000"));
    let task = home.app.start_pull(lie).await.unwrap();
    let told = failure(&home.ended(&task).await, Code::Other);
    assert!(told.message.contains("not what it says"), "{told:?}");
    let gone = home
        .at(&id, "lab/tool")
        .pull_order("v1", Some("_h.v1.20261118t100000z-0123456789ab0000000000000000000000000000000000000000000000000000"));
    let task = home.app.start_pull(gone).await.unwrap();
    assert!(
        failure(&home.ended(&task).await, Code::Other)
            .message
            .contains("is gone")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_pull_leaves_no_name() {
    let Some((home, registry, engine, id)) = parts().await else {
        return;
    };
    let image = ImageSpec::of_sizes(3, &[60_000_000, 60_000_000]);
    images::push(&registry, "lab/big", "v1", &image)
        .await
        .unwrap();
    let task = home
        .app
        .start_pull(home.at(&id, "lab/big").pull_order("v1", None))
        .await
        .unwrap();
    home.until(&task, |view| view.done > 0 || view.finished_at.is_some())
        .await;
    home.app.cancel_task(task.clone()).await.unwrap();
    assert_eq!(home.ended(&task).await.state, TaskState::Cancelled);
    assert!(
        !engine
            .has_image(&format!("{}/lab/big:v1", registry.host()))
            .await
            .unwrap()
    );
}
