//! A container that serves on a port of this computer, on a real engine: made, found again, stopped, started, taken away.

use std::fs;
use std::path::Path;

use engine::{Address, ContainerState, Engine, Error, Service, ServiceFolder, ServiceOf};
use testkit::images::registry;
use testkit::parts::{Dockerd, Part, need};

const LABEL: &str = "dev.longshore.registry";

fn service(port: u16, folder: &Path) -> ServiceOf {
    ServiceOf {
        name: format!("registry-{port}"),
        image: "registry:3".to_owned(),
        label: (LABEL.to_owned(), "one".to_owned()),
        port,
        inner_port: 5000,
        env: vec!["REGISTRY_LOG_LEVEL=error".to_owned()],
        folders: vec![ServiceFolder {
            source: folder.display().to_string(),
            target: "/var/lib/registry".to_owned(),
            read_only: false,
        }],
        user: None,
        unlabelled: false,
    }
}

async fn only(engine: &Engine) -> Option<Service> {
    let mut found = engine.services(LABEL).await.unwrap();
    assert!(found.len() < 2, "{found:?}");
    found.pop()
}

/// Asks what listens at a port of an address of this computer, as bare as can be.
fn answers(address: &str, port: u16) -> bool {
    use std::io::{Read, Write};
    let Ok(mut connection) = std::net::TcpStream::connect((address, port)) else {
        return false;
    };
    let asked = connection.write_all(b"GET /v2/ HTTP/1.0\r\n\r\n");
    let mut answer = String::new();
    asked
        .and_then(|()| connection.read_to_string(&mut answer))
        .is_ok_and(|_| answer.contains("registry/2.0"))
}

#[tokio::test]
async fn a_registry_is_made_found_again_stopped_and_taken_away() {
    if !need(Part::EngineNetwork) || !need(Part::Registry) {
        return;
    }
    let dockerd = Dockerd::start_with_network().await.unwrap();
    let image = registry().unwrap().save(&["registry:3"]).unwrap();
    dockerd.load_tar(image).await.unwrap();
    let address = Address::parse(&dockerd.docker_host());
    let engine = Engine::connect(&address).await.unwrap();
    assert_eq!(only(&engine).await, None);
    assert!(!engine.apart().await.unwrap().own_users);

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("a: folder, with letters");
    fs::create_dir(&data).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let id = engine.create_service(&service(port, &data)).await.unwrap();
    let made = only(&engine).await.unwrap();
    assert_eq!(
        (made.id.as_str(), made.value.as_str(), made.state),
        (id.as_str(), "one", ContainerState::Created)
    );
    engine.start_service(&id).await.unwrap();
    // Once more is no failure.
    engine.start_service(&id).await.unwrap();
    for _ in 0..200 {
        if answers("127.0.0.1", port) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(answers("127.0.0.1", port));
    // It is of that address alone.
    assert!(!answers("127.0.0.2", port));
    assert_eq!(only(&engine).await.unwrap().state, ContainerState::Running);

    // Who serves at a port has it.
    let mut second = service(port, &data);
    second.name = "another".to_owned();
    second.label.1 = "two".to_owned();
    let other = engine.create_service(&second).await.unwrap();
    let refused = engine.start_service(&other).await.unwrap_err();
    let Error::Refused { message, .. } = refused else {
        panic!("{refused:?}")
    };
    assert!(
        message.contains("allocated") || message.contains("in use"),
        "{message}"
    );
    engine.remove_service(&other).await.unwrap();

    // One that runs is not taken away by force.
    assert!(engine.remove_service(&id).await.is_err());
    engine.stop_service(&id).await.unwrap();
    engine.stop_service(&id).await.unwrap();
    assert_eq!(only(&engine).await.unwrap().state, ContainerState::Stopped);
    assert!(!answers("127.0.0.1", port));
    engine.remove_service(&id).await.unwrap();
    engine.remove_service(&id).await.unwrap();
    assert_eq!(only(&engine).await, None);
}

#[tokio::test]
async fn what_a_program_wrote_last_is_told() {
    if !need(Part::EngineNetwork) || !need(Part::Registry) {
        return;
    }
    let dockerd = Dockerd::start_with_network().await.unwrap();
    let spec = registry()
        .unwrap()
        .runs(&["/bin/registry", "serve", "/no/such.yml"]);
    dockerd
        .load_tar(spec.save(&["registry:3"]).unwrap())
        .await
        .unwrap();
    let address = Address::parse(&dockerd.docker_host());
    let engine = Engine::connect(&address).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let id = engine
        .create_service(&service(0, folder.path()))
        .await
        .unwrap();
    engine.start_service(&id).await.unwrap();
    let mut lines = String::new();
    for _ in 0..200 {
        // Enough for all of it: what went wrong (to one stream) and how it is used (to the other) come in either order.
        lines = engine.last_lines(&id, 100).await.unwrap();
        if lines.contains("/no/such.yml") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(lines.contains("/no/such.yml"), "{lines}");
    engine.stop_service(&id).await.unwrap();
    engine.remove_service(&id).await.unwrap();

    // A folder that isn't there, and an image that isn't, are refused.
    let mut of = service(0, Path::new("/no/such/folder"));
    let refused = engine.create_service(&of).await.unwrap_err();
    assert!(matches!(refused, Error::Refused { .. }), "{refused:?}");
    of = service(0, folder.path());
    of.image = "registry:none".to_owned();
    let refused = engine.create_service(&of).await.unwrap_err();
    assert!(
        matches!(refused, Error::Refused { status: 404, .. }),
        "{refused:?}"
    );
}
