//! The engine's containers, on each real engine.

use std::time::Duration;

use engine::{ChangeKind, Changes, ContainerState};
use testkit::images::ImageSpec;
use testkit::parts::EngineKind;

use crate::Machine;

/// Long enough for any engine to compare a small container.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn containers_of_a_graph_driver() {
    containers(EngineKind::Debian).await;
}

#[tokio::test]
async fn containers_of_the_containerd_store() {
    containers(EngineKind::Containerd).await;
}

#[tokio::test]
async fn containers_of_podman() {
    containers(EngineKind::Podman).await;
}

async fn containers(kind: EngineKind) {
    let Some(machine) = Machine::start(kind).await else {
        return;
    };
    let (engine, dockerd) = (&machine.engine, &machine.dockerd);
    assert!(engine.containers().await.unwrap().is_empty());
    assert_eq!(engine.container("nothing").await.unwrap(), None);

    let spec = ImageSpec::of_sizes(1, &[4_000]).layer("etc/old", "old");
    let tar = spec.save(&["localhost/team/app:v1"]).unwrap();
    dockerd.load_tar(tar).await.unwrap();
    let id = dockerd
        .create_container("notebook", "localhost/team/app:v1", &["/bin/true"])
        .await
        .unwrap();
    let listed = engine.containers().await.unwrap();
    assert_eq!(listed.len(), 1);
    let row = &listed[0];
    assert_eq!((&row.id, row.name.as_str()), (&id, "notebook"));
    assert_eq!(row.image, "localhost/team/app:v1");
    assert_eq!(row.state, ContainerState::Created);
    assert!(row.created.is_some());
    // Its image is told by the very id that the list of images has.
    let images = engine.images().await.unwrap();
    assert_eq!(row.image_id, images[0].id);

    let detail = engine.container(&id).await.unwrap().unwrap();
    assert_eq!((&detail.id, &detail.name), (&id, &row.name));
    assert_eq!(detail.image_id, images[0].id);
    assert_eq!((detail.running, detail.paused), (false, false));
    assert_eq!((detail.started, detail.finished), (None, None));
    assert_eq!(detail.cmd, ["/bin/true"]);

    // Nothing has changed; then a file is another, and two are new.
    assert_eq!(
        engine.changes(&id, 10, PATIENCE).await.unwrap(),
        Changes::default()
    );
    for path in ["etc/old", "etc/new", "first"] {
        dockerd.put_file(&id, path, b"another").await.unwrap();
    }
    let changes = engine.changes(&id, 2, PATIENCE).await.unwrap();
    assert_eq!(
        (changes.added, changes.modified, changes.deleted),
        (2, 1, 0),
        "{changes:?}"
    );
    let first: Vec<_> = changes
        .first
        .iter()
        .map(|change| (change.path.as_str(), change.kind))
        .collect();
    assert_eq!(
        first,
        [
            ("/etc/new", ChangeKind::Added),
            ("/etc/old", ChangeKind::Modified)
        ]
    );

    // The name of its image moves on: its image stays what it was made from.
    let other = ImageSpec::of_sizes(2, &[1_000]);
    let tar = other.save(&["localhost/team/app:v1"]).unwrap();
    dockerd.load_tar(tar).await.unwrap();
    let moved = &engine.containers().await.unwrap()[0];
    assert_eq!(moved.image_id, images[0].id);

    dockerd.remove_container(&id).await.unwrap();
    assert!(engine.containers().await.unwrap().is_empty());
    assert!(engine.changes(&id, 1, PATIENCE).await.is_err());
}
