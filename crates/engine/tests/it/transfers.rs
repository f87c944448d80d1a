//! Push and pull that succeed: the registry and the engine are asked afterwards, not through our code.

use engine::{Event, ImageStoreKind, LayerState};
use testkit::images::ImageSpec;
use testkit::parts::EngineKind;

use crate::{Machine, digests, ends, events};

const SIZES: [usize; 3] = [6_000_000, 300_000, 5_000];

#[tokio::test]
async fn there_and_back_with_graph_drivers() {
    let Some(machine) = Machine::start(EngineKind::Debian).await else {
        return;
    };
    assert_eq!(
        machine.engine.info().await.unwrap().store,
        ImageStoreKind::GraphDriver
    );
    there_and_back(&machine).await;
}

#[tokio::test]
async fn there_and_back_with_the_containerd_store() {
    let Some(machine) = Machine::start(EngineKind::Containerd).await else {
        return;
    };
    assert_eq!(
        machine.engine.info().await.unwrap().store,
        ImageStoreKind::Containerd
    );
    there_and_back(&machine).await;
}

async fn there_and_back(machine: &Machine) {
    let repository = machine.name("team/app");
    let name = format!("{repository}:v1");
    let spec = ImageSpec::of_sizes(11, &SIZES);
    machine
        .dockerd
        .load_tar(spec.save(&[&name]).unwrap())
        .await
        .unwrap();

    // The first push moves every layer.
    let first = events(machine.engine.push(&repository, "v1", &machine.auth())).await;
    let (digest, _) = machine
        .registry
        .manifest("team/app", "v1")
        .await
        .unwrap()
        .expect("the registry has it");
    assert_eq!(digests(&first), [digest.as_str()]);
    let pushed = ends(&first);
    assert_eq!(pushed.len(), SIZES.len());
    assert!(
        pushed.iter().all(|(_, state)| *state == LayerState::Done),
        "{pushed:?}"
    );
    in_bounds(&first);
    let mut names: Vec<String> = pushed.into_iter().map(|(id, _)| id).collect();
    let mut known: Vec<String> = machine
        .engine
        .layers(&name)
        .await
        .unwrap()
        .into_iter()
        .map(|layer| layer.id)
        .collect();
    names.sort();
    known.sort();
    assert_eq!(
        names, known,
        "the layers of the stream are those of the image"
    );

    // The second finds them all there.
    let second = events(machine.engine.push(&repository, "v1", &machine.auth())).await;
    assert!(
        ends(&second)
            .iter()
            .all(|(_, state)| *state == LayerState::Exists),
        "{second:?}"
    );
    assert_eq!(digests(&second), [digest.as_str()]);
    let detail = machine.engine.inspect(&name).await.unwrap().unwrap();
    assert_eq!(detail.digests, [format!("{repository}@{digest}")]);

    // Pulled by tag, then, once more, by digest alone.
    machine.dockerd.remove_image(&name).await.unwrap();
    assert!(!machine.dockerd.has_image(&name).await.unwrap());
    let pulled = events(machine.engine.pull(&repository, "v1", &machine.auth())).await;
    assert!(machine.dockerd.has_image(&name).await.unwrap());
    pulled_whole(&pulled, &digest);
    machine.dockerd.remove_image(&name).await.unwrap();
    let by_digest = format!("{repository}@{digest}");
    let pulled = events(machine.engine.pull(&repository, &digest, &machine.auth())).await;
    assert!(machine.dockerd.has_image(&by_digest).await.unwrap());
    pulled_whole(&pulled, &digest);

    // And a third time: nothing to do, and the digest is told all the same.
    let again = events(machine.engine.pull(&repository, &digest, &machine.auth())).await;
    assert_eq!(digests(&again), [digest.as_str()]);
    assert!(
        ends(&again)
            .iter()
            .all(|(_, state)| *state == LayerState::Exists),
        "{again:?}"
    );
}

fn pulled_whole(events: &[Event], digest: &str) {
    let ends = ends(events);
    assert_eq!(ends.len(), SIZES.len(), "{events:?}");
    assert!(
        ends.iter().all(|(_, state)| *state == LayerState::Done),
        "{ends:?}"
    );
    assert_eq!(digests(events), [digest]);
    in_bounds(events);
}

fn in_bounds(events: &[Event]) {
    for event in events {
        if let Event::Layer {
            state: LayerState::Moving { done, total } | LayerState::Unpacking { done, total },
            ..
        } = event
        {
            assert!(done <= total, "{event:?}");
        }
    }
}
