//! The engine crate against real engines and real registries, and against answers no real engine gives.

#![allow(clippy::unwrap_used)] // a test that meets what it did not expect should fail there and then

mod archive;
mod building;
mod buildx;
mod committing;
mod containers;
mod door;
mod failures;
mod images;
mod insecure;
mod podman;
mod searching;
mod service;
#[cfg(unix)]
mod ssh;
#[cfg(unix)]
mod ssh_held;
mod strange;
mod tls;
mod transfers;

use std::path::PathBuf;

use engine::{Address, Engine, Error, Event, LayerState, RegistryAuth};
use futures_util::StreamExt;
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryOptions, need};

const USER: &str = "demo";
const SECRET: &str = "a secret: \"quoted\"";

/// A real engine beside a real registry that wants a sign-in.
struct Machine {
    dockerd: Dockerd,
    registry: Registry,
    engine: Engine,
}

impl Machine {
    /// `None` where the parts are not on this computer; that is said and counted.
    async fn start(kind: EngineKind) -> Option<Self> {
        let part = match kind {
            EngineKind::Debian => Part::Dockerd,
            EngineKind::Containerd => Part::NewDockerd,
            EngineKind::Rootless => Part::RootlessDockerd,
            EngineKind::Podman => Part::Podman,
        };
        if !need(part) || !need(Part::Registry) {
            return None;
        }
        let options = RegistryOptions {
            auth: Some((USER, SECRET)),
            ..RegistryOptions::default()
        };
        let registry = Registry::start(options).await.unwrap();
        let dockerd = Dockerd::start_kind(kind, None).await.unwrap();
        let engine = Engine::connect(&Address::parse(&dockerd.docker_host()))
            .await
            .unwrap();
        Some(Self {
            dockerd,
            registry,
            engine,
        })
    }

    fn name(&self, path: &str) -> String {
        format!("{}/{path}", self.registry.host())
    }

    fn auth(&self) -> RegistryAuth {
        self.auth_with(SECRET)
    }

    /// Signs in alike to the registry under another address. The containerd store sends it nowhere else.
    fn auth_for(host: &str) -> RegistryAuth {
        RegistryAuth::Basic {
            user: USER.to_owned(),
            secret: SECRET.into(),
            host: host.to_owned(),
        }
    }

    fn auth_with(&self, secret: &str) -> RegistryAuth {
        RegistryAuth::Basic {
            user: USER.to_owned(),
            secret: secret.into(),
            host: self.registry.host(),
        }
    }
}

/// All events of a transfer that is to succeed.
async fn events(transfer: engine::Transfer) -> Vec<Event> {
    transfer.map(|event| event.unwrap()).collect().await
}

/// The error a transfer ends with; nothing comes after it.
async fn failure(mut transfer: engine::Transfer) -> Error {
    while let Some(event) = transfer.next().await {
        if let Err(error) = event {
            assert!(transfer.next().await.is_none());
            return error;
        }
    }
    panic!("the transfer succeeded");
}

/// The last state of each layer, in the order the layers came.
fn ends(events: &[Event]) -> Vec<(String, LayerState)> {
    let mut ends: Vec<(String, LayerState)> = Vec::new();
    for event in events {
        if let Event::Layer { id, state } = event {
            match ends.iter_mut().find(|(known, _)| known == id) {
                Some(known) => known.1 = *state,
                None => ends.push((id.clone(), *state)),
            }
        }
    }
    ends
}

fn digests(events: &[Event]) -> Vec<String> {
    let digest = |event: &Event| match event {
        Event::Digest(digest) => Some(digest.to_string()),
        _ => None,
    };
    events.iter().filter_map(digest).collect()
}

/// A socket path where nothing is.
fn nowhere() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no.sock");
    (folder, path)
}
