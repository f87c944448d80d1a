//! The engine's own images.

use engine::{Address, Engine, Error};
use testkit::images::ImageSpec;
use testkit::parts::EngineKind;

use crate::{Machine, nowhere};

#[tokio::test]
async fn images_of_a_graph_driver() {
    let Some(machine) = Machine::start(EngineKind::Debian).await else {
        return;
    };
    images(&machine).await;
    let info = machine.engine.info().await.unwrap();
    let sizes = machine.engine.layers("team/app:v1").await.unwrap();
    assert_eq!(
        sizes.iter().map(|layer| layer.size).collect::<Vec<_>>(),
        [40_000, 3_000],
        "{info:?}"
    );
}

#[tokio::test]
async fn images_of_the_containerd_store() {
    let Some(machine) = Machine::start(EngineKind::Containerd).await else {
        return;
    };
    images(&machine).await;
    // This store counts what the files take on the disk.
    let sizes = machine.engine.layers("team/app:v1").await.unwrap();
    assert!(
        matches!(sizes.as_slice(), [one, two] if one.size >= 40_000 && two.size >= 3_000),
        "{sizes:?}"
    );
}

async fn images(machine: &Machine) {
    let engine = &machine.engine;
    let info = engine.info().await.unwrap();
    assert_eq!(info.name, "Docker");
    assert_eq!(info.platform.os, "linux");
    assert_eq!(
        info.platform.architecture,
        oci::Platform::here().architecture
    );
    assert!(
        info.api.starts_with("1.") && !info.version.is_empty(),
        "{info:?}"
    );
    assert_eq!(engine.address().to_string(), machine.dockerd.docker_host());

    assert!(engine.images().await.unwrap().is_empty());
    let spec = ImageSpec::of_sizes(1, &[40_000, 3_000]).created("2026-10-01T10:20:30Z");
    machine
        .dockerd
        .load_tar(spec.save(&["team/app:v1"]).unwrap())
        .await
        .unwrap();
    let listed = engine.images().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].names, ["team/app:v1"]);
    assert_eq!(listed[0].created, Some(1_790_850_030));
    assert!(listed[0].size >= 43_000);

    let detail = engine.inspect("team/app:v1").await.unwrap().unwrap();
    assert_eq!(
        (&detail.id, &detail.names),
        (&listed[0].id, &listed[0].names)
    );
    assert_eq!(detail.created, listed[0].created);
    assert_eq!(detail.platform.unwrap().to_string(), "linux/amd64");
    assert_eq!(detail.diff_ids.len(), 2);
    assert_eq!(
        engine.inspect(&listed[0].id).await.unwrap().unwrap().id,
        listed[0].id
    );
    assert_eq!(engine.inspect("team/app:v2").await.unwrap(), None);

    // A name more, moved to another image, and taken away again.
    engine
        .tag(&listed[0].id, "127.0.0.1:5000/x/y", "a_1")
        .await
        .unwrap();
    assert!(
        machine
            .dockerd
            .has_image("127.0.0.1:5000/x/y:a_1")
            .await
            .unwrap()
    );
    let other = ImageSpec::of_sizes(2, &[1_000]);
    machine
        .dockerd
        .load_tar(other.save(&["team/other:v1"]).unwrap())
        .await
        .unwrap();
    engine
        .tag("team/other:v1", "127.0.0.1:5000/x/y", "a_1")
        .await
        .unwrap();
    let names = engine
        .inspect("team/other:v1")
        .await
        .unwrap()
        .unwrap()
        .names;
    assert_eq!(names.len(), 2, "{names:?}");
    engine.untag("127.0.0.1:5000/x/y:a_1").await.unwrap();
    assert!(
        !machine
            .dockerd
            .has_image("127.0.0.1:5000/x/y:a_1")
            .await
            .unwrap()
    );
    assert!(machine.dockerd.has_image("team/other:v1").await.unwrap());

    assert!(matches!(
        engine.tag("nothing", "a/b", "c").await,
        Err(Error::Refused { status: 404, .. })
    ));
    assert!(matches!(
        engine.tag("team/app:v1", "a/b", "not a tag").await,
        Err(Error::Refused { .. })
    ));
    assert!(matches!(
        engine.untag("nothing:v1").await,
        Err(Error::Refused { status: 404, .. })
    ));
    assert!(matches!(
        engine.layers("nothing").await,
        Err(Error::Refused { status: 404, .. })
    ));
}

#[tokio::test]
async fn the_first_engine_that_answers_is_taken() {
    let Some(machine) = Machine::start(EngineKind::Debian).await else {
        return;
    };
    let (_folder, path) = nowhere();
    let here = Address::parse(&machine.dockerd.docker_host());
    let candidates = [Address::Unix(path), Address::parse("fd://3"), here.clone()];
    assert_eq!(Engine::first(&candidates).await.unwrap().address(), &here);
}

#[tokio::test]
async fn no_engine_is_said_in_a_sentence() {
    let (folder, path) = nowhere();
    let missing = Address::Unix(path);
    let plain = folder.path().join("plain");
    std::fs::write(&plain, "").unwrap();
    let said = |error: Error| {
        let text = error.to_string();
        assert!(error.is_absent() && text.ends_with('.'), "{error:?}");
        text
    };
    assert!(said(Engine::connect(&missing).await.unwrap_err()).contains("no.sock"));
    // One address was asked for: its own reason. Many were tried: one sentence for all, unless one of them is there.
    assert!(
        said(
            Engine::first(std::slice::from_ref(&missing))
                .await
                .unwrap_err()
        )
        .contains("no.sock")
    );
    let none = said(
        Engine::first(&[missing.clone(), missing.clone()])
            .await
            .unwrap_err(),
    );
    assert_eq!(none, "No container engine is running on this computer.");
    assert_eq!(said(Engine::first(&[]).await.unwrap_err()), none);
    assert!(said(Engine::connect(&Address::Unix(plain)).await.unwrap_err()).contains("plain"));
    let far = Address::parse("fd://3");
    assert!(
        matches!(Engine::connect(&far).await, Err(Error::Unsupported(text)) if text.contains("descriptor"))
    );
    assert!(
        matches!(Engine::first(&[missing, far]).await, Err(Error::Unsupported(text)) if text.contains("descriptor"))
    );
    #[cfg(unix)]
    assert!(matches!(
        Engine::connect(&Address::parse("npipe:////./pipe/x")).await,
        Err(Error::Unsupported(text)) if text.contains("Windows")
    ));
}

#[tokio::test]
async fn what_an_image_shares_and_what_goes_with_it_on_a_graph_driver() {
    sizes_and_removal(EngineKind::Debian).await;
}

#[tokio::test]
async fn what_an_image_shares_and_what_goes_with_it_on_the_containerd_store() {
    sizes_and_removal(EngineKind::Containerd).await;
}

#[tokio::test]
async fn what_an_image_shares_and_what_goes_with_it_on_podman() {
    sizes_and_removal(EngineKind::Podman).await;
}

async fn sizes_and_removal(kind: EngineKind) {
    let Some(machine) = Machine::start(kind).await else {
        return;
    };
    let (engine, dockerd) = (&machine.engine, &machine.dockerd);
    // Two that share a layer, each with one of its own.
    let base = ImageSpec::of_sizes(1, &[400_000]);
    let (big, small) = ("localhost/team/big:v1", "localhost/team/small:v1");
    for (name, spec) in [
        (big, base.clone().layer("big", vec![7; 300_000])),
        (small, base.layer("small", vec![8; 20_000])),
    ] {
        dockerd.load_tar(spec.save(&[name]).unwrap()).await.unwrap();
    }
    let listed = engine.images().await.unwrap();
    let of = |name: &str| {
        let found = listed.iter().find(|image| image.names == [name]);
        found.unwrap_or_else(|| panic!("{listed:?}")).clone()
    };
    let (one, other) = (of(big), of(small));
    assert!(!one.dangling && !other.dangling);
    let shares = engine.shares().await.unwrap();
    if kind == EngineKind::Podman {
        assert!(shares.is_empty(), "{shares:?}");
    } else {
        for image in [&one, &other] {
            let share = shares[&image.id];
            assert!(share.shared >= 400_000, "{share:?}");
            assert!(share.shared + share.unique >= image.size, "{share:?}");
        }
        assert!(shares[&one.id].unique >= 300_000 && shares[&other.id].unique < 300_000);
    }

    // A second name goes alone; of the last one the image goes too.
    engine.tag(big, "localhost/team/big", "v2").await.unwrap();
    let removed = engine.remove("localhost/team/big:v2", false).await.unwrap();
    assert!(removed.deleted.is_empty(), "{removed:?}");
    assert!(dockerd.has_image(big).await.unwrap());

    // What a container uses stays.
    let container = dockerd
        .create_container("user", big, &["/bin/true"])
        .await
        .unwrap();
    assert!(matches!(
        engine.remove(big, false).await,
        Err(Error::Refused { status: 409, .. })
    ));
    assert!(dockerd.has_image(big).await.unwrap());
    dockerd.remove_container(&container).await.unwrap();
    let removed = engine.remove(big, false).await.unwrap();
    assert!(!removed.deleted.is_empty(), "{removed:?}");
    assert!(!dockerd.has_image(&one.id).await.unwrap());
    assert!(dockerd.has_image(small).await.unwrap());
    assert!(matches!(
        engine.remove(big, false).await,
        Err(Error::Refused { status: 404, .. })
    ));

    // A name that another image takes leaves one without a name.
    let next = ImageSpec::of_sizes(9, &[1_000]);
    dockerd
        .load_tar(next.save(&[small]).unwrap())
        .await
        .unwrap();
    let listed = engine.images().await.unwrap();
    let dangling: Vec<_> = listed.iter().filter(|image| image.dangling).collect();
    match dangling.as_slice() {
        [left] => {
            assert_eq!(left.id, other.id);
            engine.remove(&left.id, false).await.unwrap();
            assert_eq!(engine.images().await.unwrap().len(), 1);
        }
        // The containerd store keeps none without a name that a load has left.
        [] => assert_eq!(kind, EngineKind::Containerd),
        more => panic!("{more:?}"),
    }
}
