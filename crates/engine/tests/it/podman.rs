//! What Podman does differently: it counts no bytes, tells no digest of a pull, and lists a config among the layers.

use engine::{Error, Event, ImageStoreKind, LayerState, RegistryAuth};
use futures_util::StreamExt;
use testkit::images::ImageSpec;
use testkit::parts::EngineKind;

use crate::door::Door;
use crate::{Machine, digests, ends, events, failure};

#[tokio::test]
async fn there_and_back_with_podman() {
    let Some(machine) = Machine::start(EngineKind::Podman).await else {
        return;
    };
    let engine = &machine.engine;
    let info = engine.info().await.unwrap();
    assert_eq!(
        (info.name.as_str(), info.store),
        ("Podman", ImageStoreKind::GraphDriver)
    );
    let repository = machine.name("team/app");
    let name = format!("{repository}:v1");
    let spec = ImageSpec::of_sizes(11, &[300_000, 5_000]);
    machine
        .dockerd
        .load_tar(spec.save(&[&name]).unwrap())
        .await
        .unwrap();
    let listed = engine.images().await.unwrap();
    assert_eq!(listed[0].names, [name.as_str()]);
    let detail = engine.inspect(&name).await.unwrap().unwrap();
    assert_eq!((detail.id, detail.diff_ids.len()), (spec.id().unwrap(), 2));
    assert_eq!(engine.layers(&name).await.unwrap().len(), 2);
    assert_eq!(
        engine.inspect(&format!("{repository}:v9")).await.unwrap(),
        None
    );

    let pushed = events(engine.push(&repository, "v1", &machine.auth())).await;
    let (digest, _) = machine
        .registry
        .manifest("team/app", "v1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(digests(&pushed), [digest.as_str()]);

    machine.dockerd.remove_image(&name).await.unwrap();
    let pulled = events(engine.pull(&repository, &digest, &machine.auth())).await;
    assert!(
        machine
            .dockerd
            .has_image(&format!("{repository}@{digest}"))
            .await
            .unwrap()
    );
    let ends = ends(&pulled);
    assert_eq!(ends.len(), 3, "two layers and the config: {pulled:?}");
    assert!(
        ends.iter().all(|(_, state)| *state == LayerState::Moved),
        "{pulled:?}"
    );
    engine
        .tag(&format!("{repository}@{digest}"), &repository, "v2")
        .await
        .unwrap();
    assert!(
        machine
            .dockerd
            .has_image(&format!("{repository}:v2"))
            .await
            .unwrap()
    );
    engine.untag(&format!("{repository}:v2")).await.unwrap();
    assert!(
        !machine
            .dockerd
            .has_image(&format!("{repository}:v2"))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn refusals_with_podman() {
    let Some(machine) = Machine::start(EngineKind::Podman).await else {
        return;
    };
    let engine = &machine.engine;
    let repository = machine.name("team/app");
    let spec = ImageSpec::of_sizes(3, &[20_000]);
    let name = format!("{repository}:v1");
    machine
        .dockerd
        .load_tar(spec.save(&[&name]).unwrap())
        .await
        .unwrap();
    for auth in [machine.auth_with("wrong"), RegistryAuth::None] {
        let push = failure(engine.push(&repository, "v1", &auth)).await;
        assert!(
            matches!(push, Error::InStream(_)) && push.is_sign_in(),
            "{push:?}"
        );
        let pull = failure(engine.pull(&repository, "v1", &auth)).await;
        assert!(
            matches!(pull, Error::InStream(_)) && pull.is_sign_in(),
            "{pull:?}"
        );
    }
    let push = failure(engine.push(&repository, "v9", &machine.auth())).await;
    assert!(
        matches!(&push, Error::Refused { status: 404, message } if message.contains("v9")),
        "{push:?}"
    );
    let pull = failure(engine.pull(&repository, "v9", &machine.auth())).await;
    assert!(
        matches!(&pull, Error::InStream(text) if text.contains("unknown")),
        "{pull:?}"
    );
}

#[tokio::test]
async fn a_push_by_podman_is_cancelled_by_dropping_it() {
    let Some(machine) = Machine::start(EngineKind::Podman).await else {
        return;
    };
    let door = Door::before(machine.registry.host(), 1_000_000).await;
    let repository = format!("{}/team/app", door.host);
    let spec = ImageSpec::of_sizes(5, &[8_000_000]);
    let tar = spec.save(&[&format!("{repository}:v1")]).unwrap();
    machine.dockerd.load_tar(tar).await.unwrap();
    let mut push = machine
        .engine
        .push(&repository, "v1", &Machine::auth_for(&door.host));
    assert!(matches!(push.next().await, Some(Ok(Event::Status(_)))));
    // It tells nothing of its bytes: the door does.
    tokio::select! {
        () = door.used_up() => {}
        event = push.next() => panic!("{event:?}"),
    }
    drop(push);
    door.deserted().await;
    assert!(
        machine
            .registry
            .manifest("team/app", "v1")
            .await
            .unwrap()
            .is_none()
    );
}
