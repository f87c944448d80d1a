//! The engine's search for public images, on each real engine: a registry of the test is searched, by naming it.

use testkit::parts::EngineKind;
use testkit::scripted::Scripted;
use testkit::standins::hub::search::{Public, answers};

use crate::Machine;

/// Behaviour (search): an engine finds repositories at a registry that the term names; nothing found is an empty list.
/// Source: moby `daemon/pkg/registry/search.go` (`/v1/search`); containers/image `docker.SearchRegistry`.
#[tokio::test]
async fn debians_docker_searches() {
    searches(EngineKind::Debian).await;
}

#[tokio::test]
async fn the_containerd_engine_searches() {
    searches(EngineKind::Containerd).await;
}

#[tokio::test]
async fn podman_searches() {
    searches(EngineKind::Podman).await;
}

async fn searches(kind: EngineKind) {
    let Some(machine) = Machine::start(kind).await else {
        return;
    };
    let hub = Scripted::start().await.unwrap();
    let mut tool = Public::new("team/tool", "A tool \u{202e}of ours", 12);
    tool.official = true;
    hub.script(answers(vec![tool, Public::new("other", "", 0)]));
    let term = |what: &str| format!("{}/{what}", hub.host());
    let found = machine.engine.search(&term("tool"), 25).await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    let found = &found[0];
    assert_eq!(found.name, "team/tool");
    assert_eq!(found.host.as_deref(), Some(hub.host().as_str()));
    assert_eq!((found.stars, found.official), (12, true));
    assert!(found.description.starts_with("A tool"), "{found:?}");
    let none = machine.engine.search(&term("nothing"), 25).await.unwrap();
    assert!(none.is_empty(), "{none:?}");
}
