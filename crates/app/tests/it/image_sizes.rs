//! How images' sizes are made up: as each real engine tells it, once for the images that there are.

use crate::home::Home;
use crate::places::loaded;
use app::view::computer::RemoveRow;
use app::view::engine::ImageSize;
use testkit::images::ImageSpec;
use testkit::parts::{EngineKind, Part, need};
use testkit::played::{Holds, PlayedEngine};

const BASE: u64 = 400_000;
const OWN: u64 = 300_000;

async fn round(kind: EngineKind) {
    let engine = testkit::parts::Dockerd::start_kind(kind, None)
        .await
        .unwrap();
    let home = Home::with(Some(&engine));
    let base = ImageSpec::of_sizes(1, &[400_000]);
    let (big, small) = ("localhost/a/big:v1", "localhost/a/small:v1");
    let big_id = loaded(&engine, &base.clone().layer("big", vec![7; 300_000]), big).await;

    // Alone, all of it is its own.
    assert_eq!(home.app.images().await.unwrap().len(), 1);
    let alone = home.app.image_sizes().await.unwrap();
    if kind == EngineKind::Podman {
        // What it says of shared bytes is not what they are: it isn't told.
        assert_eq!(alone, []);
        return;
    }
    let of = |sizes: &[ImageSize], id: &str| {
        let found = sizes.iter().find(|size| size.id == id);
        found.unwrap_or_else(|| panic!("{id}: {sizes:?}")).clone()
    };
    assert_eq!(alone.len(), 1);
    assert_eq!(of(&alone, &big_id).shared, 0);
    assert!(of(&alone, &big_id).unique >= BASE + OWN, "{alone:?}");

    // Once another one has the same base, that part is both's; it is told of the list that was read last.
    let small_id = loaded(&engine, &base.layer("small", vec![8; 20_000]), small).await;
    assert_eq!(home.app.image_sizes().await.unwrap(), alone);
    let rows = home.app.images().await.unwrap();
    let both = home.app.image_sizes().await.unwrap();
    assert_eq!(both.len(), 2);
    for row in &rows {
        let size = of(&both, &row.id);
        assert!(size.shared >= BASE, "{size:?}");
        assert!(size.shared + size.unique >= row.size, "{size:?} {row:?}");
    }
    assert!(of(&both, &big_id).unique >= OWN && of(&both, &small_id).unique < OWN);

    // The sheet that removes tells the same bytes, and where the other one is gone all is its own again.
    let row = RemoveRow {
        id: small_id.clone(),
        name: Some(small.to_owned()),
    };
    let plan = home.app.plan_remove(vec![row]).await.unwrap();
    assert_eq!(plan.frees, Some(of(&both, &small_id).unique));
    engine.delete(&format!("/images/{small}")).await.unwrap();
    assert_eq!(home.app.images().await.unwrap().len(), 1);
    let left = home.app.image_sizes().await.unwrap();
    assert_eq!(of(&left, &big_id).shared, 0);
    assert!(of(&left, &big_id).unique >= BASE + OWN, "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_image_shares_is_told_with_docker() {
    if need(Part::Dockerd) {
        Box::pin(round(EngineKind::Debian)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_image_shares_is_told_with_the_containerd_store() {
    if need(Part::NewDockerd) {
        Box::pin(round(EngineKind::Containerd)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_image_shares_is_not_known_with_podman() {
    if need(Part::Podman) {
        Box::pin(round(EngineKind::Podman)).await;
    }
}

/// Returns how often the engine was asked to add up sizes since this was called last.
fn added_up(engine: &PlayedEngine) -> usize {
    let asked = engine.asked();
    asked
        .iter()
        .filter(|path| path.contains("/system/df"))
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_adds_up_sizes_once_for_the_images_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let images = r#"[{"Id":"sha256:01","RepoTags":["a:1"],"Size":100,"SharedSize":-1},
        {"Id":"sha256:02","RepoTags":["b:1"],"Size":70,"SharedSize":-1}]"#;
    let played = PlayedEngine::start(
        folder.path(),
        Holds {
            images: images.to_owned(),
            containers: "[]".to_owned(),
            usage: Some(format!(
                r#"{{"Images":{}}}"#,
                images.replace(r#""SharedSize":-1"#, r#""SharedSize":60"#)
            )),
        },
    )
    .unwrap();
    let home = Home::at_engine(&played.docker_host());
    assert_eq!(home.app.images().await.unwrap().len(), 2);
    assert_eq!(added_up(&played), 0, "a list asks for no sizes");

    // Three that ask at once have one answer.
    let ask = || home.app.image_sizes();
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    let mut told = one.unwrap();
    told.sort_by(|a, b| a.id.cmp(&b.id));
    let own: Vec<(&str, u64, u64)> = told
        .iter()
        .map(|size| (size.id.as_str(), size.shared, size.unique))
        .collect();
    assert_eq!(own, [("sha256:01", 60, 40), ("sha256:02", 60, 10)]);
    assert_eq!((two.unwrap().len(), three.unwrap().len()), (2, 2));
    assert_eq!(added_up(&played), 1);

    // Nor is it asked again while the same images are there, by the list or by a sheet.
    home.app.images().await.unwrap();
    assert_eq!(home.app.image_sizes().await.unwrap().len(), 2);
    let row = RemoveRow {
        id: "sha256:02".to_owned(),
        name: Some("b:1".to_owned()),
    };
    let plan = home.app.plan_remove(vec![row]).await.unwrap();
    assert_eq!(plan.frees, Some(10));
    assert_eq!(added_up(&played), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_refuses_to_add_up_sizes_is_none_that_never_tells() {
    let folder = tempfile::tempdir().unwrap();
    let holds = Holds {
        images: r#"[{"Id":"sha256:01","RepoTags":["a:1"],"Size":100}]"#.to_owned(),
        containers: "[]".to_owned(),
        usage: None,
    };
    let played = PlayedEngine::start(folder.path(), holds).unwrap();
    let home = Home::at_engine(&played.docker_host());
    home.app.images().await.unwrap();
    assert!(home.app.image_sizes().await.is_err());
    let row = RemoveRow {
        id: "sha256:01".to_owned(),
        name: Some("a:1".to_owned()),
    };
    let plan = home.app.plan_remove(vec![row]).await.unwrap();
    assert_eq!(plan.frees, None, "the sheet does without");
}
