//! Names and images of this computer are taken away as a sheet showed it, on each real engine: what has got a name or a
//! container since stays, and nothing is forced.

use crate::home::{Home, problem};
use crate::places::loaded;
use app::view::computer::{RemoveItem, RemoveOrder, RemoveRow};
use app::view::push::KeepAnswer;
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, EngineKind, Part, need};
use testkit::scripted::Scripted;

fn row(id: &str, name: Option<&str>) -> RemoveRow {
    RemoveRow {
        id: id.to_owned(),
        name: name.map(str::to_owned),
    }
}

/// What a sheet hands back of an item that it showed.
fn order(item: &RemoveItem) -> RemoveOrder {
    RemoveOrder {
        id: item.id.clone(),
        names: item.goes.clone(),
        whole: item.whole,
    }
}

async fn tagged(engine: &Dockerd, image: &str, repository: &str, tag: &str) {
    let path = format!("/images/{image}/tag?repo={repository}&tag={tag}");
    let (status, _, _) = engine.post(&path, "", &[]).await.unwrap();
    assert_eq!(status, 201);
}

#[allow(clippy::too_many_lines)] // one story, told in its order
async fn round(kind: EngineKind) {
    let engine = Dockerd::start_kind(kind, None).await.unwrap();
    let home = Home::with(Some(&engine));
    let spec = |seed| ImageSpec::of_sizes(seed, &[20_000]);
    let (one, two) = ("localhost/a/one", "localhost/a/two");
    let first = loaded(&engine, &spec(1), &format!("{one}:v1")).await;
    tagged(&engine, &format!("{one}:v1"), one, "v2").await;

    // One of two names: the image stays.
    let plan = home
        .app
        .plan_remove(vec![row(&first, Some(&format!("{one}:v2")))])
        .await
        .unwrap();
    let item = &plan.items[0];
    assert_eq!(
        (&item.goes, &item.stays, item.whole),
        (
            &vec![format!("{one}:v2")],
            &vec![format!("{one}:v1")],
            false
        )
    );
    assert_eq!(plan.frees, Some(0));
    home.app.remove_image(order(item)).await.unwrap();
    assert!(!engine.has_image(&format!("{one}:v2")).await.unwrap());
    assert!(engine.has_image(&format!("{one}:v1")).await.unwrap());
    // Once more: it is gone already.
    home.app.remove_image(order(item)).await.unwrap();
    // A name that has become the only one would take its image along.
    let alone = RemoveOrder {
        names: vec![format!("{one}:v1")],
        ..order(item)
    };
    let refused = problem(home.app.remove_image(alone).await);
    assert!(refused.message.contains("only name"), "{refused:?}");
    assert!(engine.has_image(&format!("{one}:v1")).await.unwrap());

    // The only name: the image goes. But it has got another one since.
    let only = vec![row(&first, Some(&format!("{one}:v1")))];
    let plan = home.app.plan_remove(only.clone()).await.unwrap();
    let item = &plan.items[0];
    assert!(
        item.whole && item.stays.is_empty() && item.used_by.names.is_empty(),
        "{item:?}"
    );
    if kind == EngineKind::Podman {
        assert_eq!(plan.frees, None);
    } else {
        assert!(plan.frees.is_some_and(|bytes| bytes >= 20_000), "{plan:?}");
    }
    tagged(&engine, &format!("{one}:v1"), two, "v1").await;
    let refused = problem(home.app.remove_image(order(item)).await);
    assert!(
        refused.message.contains(two) && refused.message.contains("so it stays"),
        "{refused:?}"
    );
    assert!(engine.has_image(&format!("{one}:v1")).await.unwrap());
    engine.delete(&format!("/images/{two}:v1")).await.unwrap();

    // Or a container.
    let container = engine
        .create_container("user", &format!("{one}:v1"), &["/bin/true"])
        .await
        .unwrap();
    let refused = problem(home.app.remove_image(order(item)).await);
    assert!(refused.message.contains("container user"), "{refused:?}");
    let told = home.app.plan_remove(only).await.unwrap();
    assert_eq!(told.items[0].used_by.names, ["user"]);
    assert_eq!(told.frees, Some(0), "what is used frees nothing");
    engine.remove_container(&container).await.unwrap();
    home.app.remove_image(order(item)).await.unwrap();
    assert!(!engine.has_image(&first).await.unwrap());
    // What is gone is no failure.
    home.app.remove_image(order(item)).await.unwrap();

    // What has lost its name is cleaned up, unless a container uses it.
    for seed in [2, 3, 4] {
        loaded(&engine, &spec(seed), &format!("{two}:latest")).await;
    }
    let dangling = |rows: Vec<app::view::engine::ImageRow>| -> Vec<String> {
        let rows = rows.into_iter().filter(|row| row.dangling);
        rows.map(|row| row.id).collect()
    };
    let left = dangling(home.app.images().await.unwrap());
    assert_eq!(left.len(), 2);
    engine
        .create_container("keeper", &left[0], &["/bin/true"])
        .await
        .unwrap();
    let plan = home.app.plan_clean_up().await.unwrap();
    let ids: Vec<&str> = plan.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, [left[1].as_str()]);
    for item in &plan.items {
        home.app.remove_image(order(item)).await.unwrap();
    }
    assert_eq!(
        dangling(home.app.images().await.unwrap()),
        [left[0].clone()]
    );
    assert!(engine.has_image(&format!("{two}:latest")).await.unwrap());
}

/// What is on its way to a registry stays, and frees nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_push_speaks_of_is_not_cleaned_up() {
    if !need(Part::Dockerd) {
        return;
    }
    let registry = Scripted::start().await.unwrap();
    let engine = Dockerd::start(None).await.unwrap();
    let home = Home::with(Some(&engine));
    let name = "localhost/a/one:latest";
    for seed in [1, 2, 3] {
        loaded(&engine, &ImageSpec::of_sizes(seed, &[20_000]), name).await;
    }
    let plan = home.app.plan_clean_up().await.unwrap();
    let [held, other] = plan.items.as_slice() else {
        panic!("{plan:#?}");
    };
    let account = home.anyone(&registry.host()).await;
    let lab = home.at(&account, "lab/tool");
    registry.set(|faults| faults.delay = std::time::Duration::from_secs(2));
    let push = lab.push_order("v1", &held.id, None, KeepAnswer::ByRule);
    let task = home.app.start_push(push).await.unwrap();
    let left = home.app.plan_clean_up().await.unwrap();
    assert_eq!(left.items, std::slice::from_ref(other));
    assert!(left.frees < plan.frees, "{left:?}");
    let refused = problem(home.app.remove_image(order(held)).await);
    assert!(refused.message.contains(&held.short), "{refused:?}");
    let whole = vec![row(&held.id, None), row(&other.id, None)];
    let rows = home.app.plan_remove(whole).await.unwrap();
    assert_eq!(rows.frees, left.frees);
    home.app.cancel_task(task.clone()).await.unwrap();
    home.ended(&task).await;
    assert_eq!(home.app.plan_clean_up().await.unwrap().items.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_sheet_showed_goes_and_nothing_else_with_docker() {
    if need(Part::Dockerd) {
        Box::pin(round(EngineKind::Debian)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_sheet_showed_goes_and_nothing_else_with_the_containerd_store() {
    if need(Part::NewDockerd) {
        Box::pin(round(EngineKind::Containerd)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_sheet_showed_goes_and_nothing_else_with_podman() {
    if need(Part::Podman) {
        Box::pin(round(EngineKind::Podman)).await;
    }
}
