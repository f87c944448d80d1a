//! An image is made of a container as it is, on each real engine: of one that never ran, and of one that runs.

use engine::{CommitOf, Error};
use serde_json::Value;
use testkit::images::{ImageSpec, sleeper};
use testkit::parts::EngineKind;

use crate::Machine;

#[tokio::test]
async fn a_container_becomes_an_image_of_a_graph_driver() {
    committing(EngineKind::Debian).await;
}

#[tokio::test]
async fn a_container_becomes_an_image_of_the_containerd_store() {
    committing(EngineKind::Containerd).await;
}

/// Podman holds no container unless it is told to, wants a body, and tells an id without its kind.
#[tokio::test]
async fn a_container_becomes_an_image_with_podman() {
    committing(EngineKind::Podman).await;
}

/// What an image says of itself.
async fn told(machine: &Machine, id: &str) -> Value {
    machine.dockerd.image(id).await.unwrap().unwrap()
}

/// What a file of an image holds.
async fn file(machine: &Machine, image: &str, path: &str) -> Option<Vec<u8>> {
    let dockerd = &machine.dockerd;
    let id = dockerd
        .create_container("look", image, &["/bin/sleeper"])
        .await
        .unwrap();
    let found = dockerd.file_of(&id, path).await.unwrap();
    dockerd.remove_container(&id).await.unwrap();
    found
}

async fn committing(kind: EngineKind) {
    let Some(machine) = Machine::start(kind).await else {
        return;
    };
    let (engine, dockerd) = (&machine.engine, &machine.dockerd);
    let spec = ImageSpec::of_sizes(1, &[4_000])
        .layer("etc/old", "old")
        .layer("bin/sleeper", sleeper());
    let tar = spec.save(&["localhost/team/app:v1"]).unwrap();
    dockerd.load_tar(tar).await.unwrap();
    let id = dockerd
        .create_container("notebook", "localhost/team/app:v1", &["/bin/sleeper"])
        .await
        .unwrap();
    let of = |of: CommitOf| CommitOf {
        container: id.clone(),
        ..of
    };

    // One that never ran, changed, with all there is to say.
    dockerd.put_file(&id, "etc/new", b"new").await.unwrap();
    let lines = engine.commit_lines();
    assert_eq!(
        lines.contains(&"HEALTHCHECK"),
        kind != EngineKind::Podman,
        "{lines:?}"
    );
    let made = engine
        .commit(&of(CommitOf {
            author: "Ana <ana@example.org>".to_owned(),
            message: "100 % of 3 & more: ümlaut".to_owned(),
            lines: [
                r#"CMD ["/bin/sleeper", "two words"]"#,
                "ENV A=b=c",
                "LABEL lab=yes",
                "WORKDIR /etc",
                "USER 1000",
                "EXPOSE 80/tcp",
                "VOLUME /data",
            ]
            .map(str::to_owned)
            .to_vec(),
            ..CommitOf::default()
        }))
        .await
        .unwrap();
    assert!(made.starts_with("sha256:"), "{made}");
    let image = engine.inspect(&made).await.unwrap().unwrap();
    assert_eq!(image.id, made);
    assert!(image.names.is_empty(), "{image:?}");
    assert_eq!(image.diff_ids.len(), 4);
    let json = told(&machine, &made).await;
    assert_eq!(json["Author"], "Ana <ana@example.org>");
    assert_eq!(json["Comment"], "100 % of 3 & more: ümlaut");
    let config = &json["Config"];
    assert_eq!(
        config["Cmd"],
        serde_json::json!(["/bin/sleeper", "two words"])
    );
    let env = config["Env"].as_array().unwrap();
    assert!(env.contains(&Value::from("A=b=c")), "{env:?}");
    assert_eq!(config["Labels"]["lab"], "yes");
    assert_eq!(
        (&config["WorkingDir"], &config["User"]),
        (&Value::from("/etc"), &Value::from("1000"))
    );
    assert!(config["ExposedPorts"].get("80/tcp").is_some(), "{config}");
    assert!(config["Volumes"].get("/data").is_some(), "{config}");
    assert_eq!(
        file(&machine, &made, "/etc/new").await.as_deref(),
        Some(&b"new"[..])
    );

    // It runs: it is held while it is read, or not, and runs on.
    dockerd.container_act(&id, "start").await.unwrap();
    dockerd.put_file(&id, "etc/old", b"other").await.unwrap();
    for pause in [true, false] {
        let made = engine
            .commit(&of(CommitOf {
                pause,
                ..CommitOf::default()
            }))
            .await
            .unwrap();
        assert_eq!(
            file(&machine, &made, "/etc/old").await.as_deref(),
            Some(&b"other"[..])
        );
        let detail = engine.container(&id).await.unwrap().unwrap();
        assert_eq!((detail.running, detail.paused), (true, false));
    }
    refused(&machine, &id).await;
    dockerd.remove_container(&id).await.unwrap();
}

/// What can't be made is told in the engine's words.
async fn refused(machine: &Machine, id: &str) {
    let commit = async |container: &str, line: &str| {
        let of = CommitOf {
            container: container.to_owned(),
            lines: vec![line.to_owned()],
            ..CommitOf::default()
        };
        machine.engine.commit(&of).await.unwrap_err()
    };
    let gone = commit(&"0".repeat(64), "USER 1").await;
    assert!(
        matches!(gone, Error::Refused { status: 404, .. }),
        "{gone:?}"
    );
    let bad = commit(id, "RUN make").await;
    assert!(matches!(bad, Error::Refused { .. }), "{bad:?}");
}
