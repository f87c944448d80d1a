//! "You are here": which commit each image of this computer is, and each container runs, on each real engine.

use crate::home::{Home, guarded_registry};
use app::view::containers::{ContainerRow, ContainerState};
use app::view::engine::{ImagePlace, ImageRow, UsedBy};
use app::view::push::KeepAnswer;
use std::time::Duration;
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, EngineKind, Part, RegistryVersion, need};

/// Loads an image under a name; its id, as the engine says it.
pub async fn loaded(engine: &Dockerd, spec: &ImageSpec, name: &str) -> String {
    engine.load_tar(spec.save(&[name]).unwrap()).await.unwrap();
    let image = engine.image(name).await.unwrap().unwrap();
    image["Id"].as_str().unwrap().to_owned()
}

fn row<'a>(rows: &'a [ImageRow], name: &str) -> &'a ImageRow {
    rows.iter()
        .find(|row| row.name.as_deref() == Some(name))
        .unwrap_or_else(|| panic!("{name}: {rows:#?}"))
}

fn runs<'a>(rows: &'a [ContainerRow], name: &str) -> &'a ContainerRow {
    rows.iter().find(|row| row.name == name).unwrap()
}

#[allow(clippy::too_many_lines)] // one story, told in its order
async fn round(kind: EngineKind) {
    let registry = guarded_registry(RegistryVersion::Two).await;
    let engine = Dockerd::start_kind(kind, None).await.unwrap();
    let home = Home::with(Some(&engine));
    let id = home.sign_in(&registry.host()).await.id;
    let lab = home.at(&id, "lab/tool");
    let path = format!("{}/lab/tool", registry.host());
    let spec = |seed: u64, built: &str| ImageSpec::of_sizes(seed, &[20_000]).created(built);

    let first = loaded(
        &engine,
        &spec(1, "2026-10-01T00:00:00Z"),
        "localhost/a/tool:1",
    )
    .await;
    lab.pushed("v1", &first, KeepAnswer::ByRule).await;
    // It keeps the name it was pushed under, so that a container can be made of that.
    let pushed = format!("{path}:v1");
    engine
        .post(
            &format!("/images/localhost/a/tool:1/tag?repo={path}&tag=v1"),
            "",
            &[],
        )
        .await
        .unwrap();
    let before = engine
        .create_container("before", &pushed, &["/bin/true"])
        .await
        .unwrap();

    let active = ImagePlace::Active {
        repository: path.clone(),
        tag: "v1".into(),
    };
    let images = home.app.images().await.unwrap();
    assert_eq!(row(&images, &pushed).place, active);
    assert!(!row(&images, &pushed).digests.is_empty());
    let used = UsedBy {
        names: vec!["before".into()],
        more: 0,
    };
    assert_eq!(row(&images, &pushed).used_by, Some(used));
    let containers = home.app.containers().await.unwrap();
    assert_eq!(containers.len(), 1);
    assert_eq!(
        (&containers[0].id, containers[0].image.as_str()),
        (&before, pushed.as_str())
    );
    assert_eq!(containers[0].state, ContainerState::Created);
    assert_eq!(containers[0].place, Some(active.clone()));

    // Another one is built under that name: newer than what the registry has. The container's image is still that commit.
    let second = loaded(&engine, &spec(2, "2026-10-02T00:00:00Z"), &pushed).await;
    let images = home.app.images().await.unwrap();
    assert_eq!(
        row(&images, &pushed).place,
        ImagePlace::Newer {
            repository: path.clone(),
            tag: "v1".into()
        },
    );
    let containers = home.app.containers().await.unwrap();
    let before = runs(&containers, "before");
    assert_eq!(before.image, oci::short_id(&before.image_id));
    assert_eq!(before.place, Some(active.clone()));

    // It is pushed: what was active is older now, for the image and for the container.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    lab.pushed("v1", &second, KeepAnswer::Off).await;
    let images = home.app.images().await.unwrap();
    assert_eq!(row(&images, &pushed).place, active);
    let containers = home.app.containers().await.unwrap();
    assert!(
        matches!(
            &runs(&containers, "before").place,
            Some(ImagePlace::Older { position: 2, of: 2, behind: Some(seconds), .. }) if *seconds > 0
        ),
        "{containers:#?}"
    );

    // One that was built before it is no newer one, and one of another repository says nothing.
    let older = spec(3, "2026-09-01T00:00:00Z");
    loaded(&engine, &older, &format!("{path}:v1")).await;
    loaded(&engine, &spec(4, "2026-11-01T00:00:00Z"), "localhost/b:v1").await;
    let images = home.app.images().await.unwrap();
    assert_eq!(row(&images, &pushed).place, ImagePlace::NotPushed);
    assert_eq!(row(&images, "localhost/b:v1").place, ImagePlace::NotPushed);
    assert!(images.iter().all(|row| row.dangling == row.name.is_none()));

    told_of_those_asked_for(&home, &images, &containers, &pushed).await;
}

/// Checks that what costs the engine is told of those rows that are asked for.
async fn told_of_those_asked_for(
    home: &Home,
    images: &[ImageRow],
    containers: &[ContainerRow],
    pushed: &str,
) {
    let id = row(images, pushed).id.clone();
    let facts = home
        .app
        .image_facts(vec![id.clone(), id.clone(), "sha256:none".into()])
        .await
        .unwrap();
    assert_eq!(facts.len(), 1);
    assert_eq!(
        (&facts[0].id, facts[0].platforms.as_slice()),
        (&id, ["linux/amd64".to_owned()].as_slice())
    );
    let container = runs(containers, "before").id.clone();
    let told = home
        .app
        .container_facts(vec![container.clone(), "none".into()])
        .await
        .unwrap();
    assert_eq!((told.len(), told[0].started), (1, None));
    let changed = told[0].changed.clone().unwrap();
    assert_eq!((changed.added, changed.first.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn images_and_containers_say_which_commit_they_are_with_docker() {
    if need(Part::Dockerd) && need(Part::Registry) {
        Box::pin(round(EngineKind::Debian)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn images_and_containers_say_which_commit_they_are_with_the_containerd_store() {
    if need(Part::NewDockerd) && need(Part::Registry) {
        Box::pin(round(EngineKind::Containerd)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn images_and_containers_say_which_commit_they_are_with_podman() {
    if need(Part::Podman) && need(Part::Registry) {
        Box::pin(round(EngineKind::Podman)).await;
    }
}
