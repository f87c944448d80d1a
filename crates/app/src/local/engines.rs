//! What is told of an engine: where it is, who says that there is one, and how it answered when it was last asked.
//!
//! Not here: which engines there are (`choosing`). Grows by another thing that is told of an engine.

use crate::ground::lock;
use crate::view::engine::{EngineOrigin, EnginePlace, EngineState, EngineWay, ImageStore};
use crate::words::engine as say;
use engine::{Address, Engine, ImageStoreKind, Info, Origin, Way};
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::timeout;

/// How long one may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one may take that is signed in to first.
const SIGNING_IN: Duration = Duration::from_secs(40);

/// How the engines answered that were asked, by their ids.
#[derive(Default)]
pub(super) struct Engines {
    pub states: Mutex<HashMap<String, EngineState>>,
    /// Those that were used in this run, by their ids: an order that names one goes there, listed or not.
    pub were_used: Mutex<HashMap<String, Address>>,
    /// They are being asked.
    pub asking: tokio::sync::Mutex<()>,
}

impl Engines {
    /// Returns how one answered.
    pub fn state(&self, id: &str) -> EngineState {
        let states = lock(&self.states);
        states.get(id).cloned().unwrap_or(EngineState::NotAsked)
    }
}

/// Asks an engine who it is.
pub(super) async fn ask(address: &Address) -> EngineState {
    let asked = async { Engine::connect(address).await?.info().await };
    let patience = match address.way() {
        Way::Ssh => SIGNING_IN,
        Way::Here | Way::Tls | Way::Plain => PATIENCE,
    };
    match timeout(patience, asked).await {
        Ok(Ok(info)) => answers(info),
        Ok(Err(error)) => EngineState::Silent {
            problem: say::of_engine(&error),
        },
        Err(_) => EngineState::Silent {
            problem: say::no_answer_yet(),
        },
    }
}

fn answers(info: Info) -> EngineState {
    EngineState::Answers {
        store: store(info.store),
        platform: info.platform.to_string(),
        name: info.name,
        version: oci::text::plain(&info.version, 100),
    }
}

/// Says how an engine keeps its images.
pub(crate) fn store(kind: ImageStoreKind) -> ImageStore {
    match kind {
        ImageStoreKind::GraphDriver => ImageStore::GraphDriver,
        ImageStoreKind::Containerd => ImageStore::Containerd,
    }
}

/// Says where an engine is.
pub(crate) fn place(address: &Address) -> EnginePlace {
    let way = match address.way() {
        Way::Here => None,
        Way::Ssh => Some(EngineWay::Ssh),
        Way::Tls => Some(EngineWay::Tls),
        Way::Plain => Some(EngineWay::Plain),
    };
    match (address.host(), way) {
        (Some(host), Some(way)) => EnginePlace::Other {
            host: oci::text::plain(host, 255),
            way,
        },
        _ => EnginePlace::Here {
            address: oci::text::plain(&address.to_string(), 4096),
        },
    }
}

/// Returns who says that there is an engine.
pub(super) fn origin(origin: &Origin) -> EngineOrigin {
    match origin {
        Origin::Variable => EngineOrigin::Variable,
        Origin::Context(_) => EngineOrigin::Context,
        Origin::Known(_) => EngineOrigin::Known,
        Origin::Typed => EngineOrigin::Set,
    }
}
