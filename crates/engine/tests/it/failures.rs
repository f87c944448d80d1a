//! Transfers that fail or are cancelled, on real engines.

use std::time::Duration;

use engine::{Error, Event, LayerState, RegistryAuth, Transfer};
use futures_util::StreamExt;
use testkit::images::ImageSpec;
use testkit::parts::EngineKind;

use crate::door::Door;
use crate::{Machine, failure};

#[tokio::test]
async fn refusals_with_graph_drivers() {
    let Some(machine) = Machine::start(EngineKind::Debian).await else {
        return;
    };
    refusals(&machine).await;
}

#[tokio::test]
async fn refusals_with_the_containerd_store() {
    let Some(machine) = Machine::start(EngineKind::Containerd).await else {
        return;
    };
    refusals(&machine).await;
}

async fn refusals(machine: &Machine) {
    let engine = &machine.engine;
    let repository = machine.name("team/app");
    let names = [
        format!("{repository}:v1"),
        "127.0.0.1:1/team/app:v1".to_owned(),
    ];
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let spec = ImageSpec::of_sizes(3, &[20_000]);
    machine
        .dockerd
        .load_tar(spec.save(&names).unwrap())
        .await
        .unwrap();

    // A registry that is not there: the engine answers 200 and says so later.
    let error = failure(engine.push("127.0.0.1:1/team/app", "v1", &RegistryAuth::None)).await;
    assert!(
        matches!(&error, Error::InStream(text) if text.contains("refused")),
        "{error:?}"
    );
    assert!(!error.is_sign_in());
    let error = failure(engine.pull("127.0.0.1:1/team/app", "v1", &RegistryAuth::None)).await;
    assert!(
        matches!(&error, Error::Refused { message, .. } if message.contains("refused")),
        "{error:?}"
    );

    // A wrong secret, and none.
    for auth in [machine.auth_with("wrong"), RegistryAuth::None] {
        let push = failure(engine.push(&repository, "v1", &auth)).await;
        assert!(
            matches!(&push, Error::InStream(_)) && push.is_sign_in(),
            "{push:?}"
        );
        let pull = failure(engine.pull(&repository, "v1", &auth)).await;
        assert!(
            matches!(&pull, Error::Refused { .. }) && pull.is_sign_in(),
            "{pull:?}"
        );
    }
    assert!(
        machine
            .registry
            .manifest("team/app", "v1")
            .await
            .unwrap()
            .is_none()
    );

    // What is not there.
    let error = failure(engine.pull(&repository, "v9", &machine.auth())).await;
    assert!(
        matches!(&error, Error::Refused { status: 404, .. }),
        "{error:?}"
    );
    let error = failure(engine.push(&repository, "v9", &machine.auth())).await;
    assert!(
        matches!(&error, Error::InStream(text) if text.contains("v9")),
        "{error:?}"
    );

    // Without a tag an engine would take all of them.
    for transfer in [
        engine.push(&repository, "", &machine.auth()),
        engine.pull(&repository, "", &machine.auth()),
    ] {
        assert!(matches!(
            failure(transfer).await,
            Error::Refused { status: 400, .. }
        ));
    }
    let error = failure(engine.push("../containers", "v1", &machine.auth())).await;
    assert!(matches!(error, Error::Refused { status: 400, .. }));
}

const LAYER: usize = 8_000_000;
const LET_THROUGH: usize = 1_000_000;

/// Reads until bytes of a layer are surely on the way.
async fn under_way(transfer: &mut Transfer) {
    let moving = async |event: Result<Event, Error>| match event.unwrap() {
        Event::Layer {
            state: LayerState::Moving { done, .. },
            ..
        } if done > 0 => Some(()),
        _ => None,
    };
    let mut begun = std::pin::pin!(transfer.filter_map(moving));
    // Far longer than it takes: a test that fails must not hang.
    let begun = tokio::time::timeout(Duration::from_mins(1), begun.next());
    begun
        .await
        .expect("nothing moved")
        .expect("the transfer ended");
}

/// A machine, a door before its registry, and an image named through the door.
async fn behind_a_door(kind: EngineKind) -> Option<(Machine, Door, String)> {
    let machine = Machine::start(kind).await?;
    let door = Door::before(machine.registry.host(), LET_THROUGH).await;
    let repository = format!("{}/team/app", door.host);
    let spec = ImageSpec::of_sizes(5, &[LAYER]);
    let names = [format!("{repository}:v1"), machine.name("team/app:v1")];
    machine
        .dockerd
        .load_tar(spec.save(&[&names[0], &names[1]]).unwrap())
        .await
        .unwrap();
    Some((machine, door, repository))
}

#[tokio::test]
async fn a_push_is_cancelled_by_dropping_it() {
    for kind in [EngineKind::Debian, EngineKind::Containerd] {
        let Some((machine, door, repository)) = behind_a_door(kind).await else {
            continue;
        };
        let mut push = machine
            .engine
            .push(&repository, "v1", &Machine::auth_for(&door.host));
        under_way(&mut push).await;
        assert!(!door.is_deserted());
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
        assert!(
            machine
                .engine
                .inspect(&format!("{repository}:v1"))
                .await
                .unwrap()
                .is_some()
        );
    }
}

#[tokio::test]
async fn a_pull_is_cancelled_by_dropping_it() {
    for kind in [EngineKind::Debian, EngineKind::Containerd] {
        let Some((machine, door, repository)) = behind_a_door(kind).await else {
            continue;
        };
        let direct = machine.name("team/app");
        machine
            .engine
            .push(&direct, "v1", &machine.auth())
            .for_each(async |event| drop(event.unwrap()))
            .await;
        for name in [&repository, &direct] {
            machine
                .dockerd
                .remove_image(&format!("{name}:v1"))
                .await
                .unwrap();
        }
        let mut pull = machine
            .engine
            .pull(&repository, "v1", &Machine::auth_for(&door.host));
        under_way(&mut pull).await;
        assert!(!door.is_deserted());
        drop(pull);
        door.deserted().await;
        assert!(
            !machine
                .dockerd
                .has_image(&format!("{repository}:v1"))
                .await
                .unwrap()
        );
    }
}

#[tokio::test]
async fn an_engine_that_dies_breaks_the_transfer() {
    let Some((mut machine, _door, repository)) = behind_a_door(EngineKind::Debian).await else {
        return;
    };
    let mut push = machine.engine.push(&repository, "v1", &machine.auth());
    under_way(&mut push).await;
    machine.dockerd.stop();
    let error = failure(push).await;
    assert!(matches!(error, Error::Broken(_)), "{error:?}");
    assert!(machine.engine.images().await.unwrap_err().is_absent());
}
