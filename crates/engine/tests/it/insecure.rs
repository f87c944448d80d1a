//! The registries that an engine may reach without TLS, as a real one tells them.

use engine::{Address, Engine};
use testkit::parts::{Dockerd, Part, need};

#[tokio::test]
async fn a_real_engine_tells_what_it_was_started_with() {
    if !need(Part::Dockerd) {
        return;
    }
    let dockerd = Dockerd::start_insecure(&["lab.example:5000", "10.1.0.0/16"])
        .await
        .unwrap();
    let engine = Engine::connect(&Address::parse(&dockerd.docker_host()))
        .await
        .unwrap();
    let insecure = engine.info().await.unwrap().insecure;
    assert_eq!(
        insecure.beyond_loopback(),
        ["lab.example:5000", "10.1.0.0/16"]
    );
    for (host, is_covered) in [
        ("lab.example:5000", true),
        ("other.example:5000", false),
        ("10.1.7.7:443", true),
        ("10.2.0.1", false),
        ("127.0.0.1:5000", true),
        ("docker.io", false),
    ] {
        let host = oci::Host::parse(host).unwrap();
        assert_eq!(insecure.covers(&host), is_covered, "{host}");
    }
}
