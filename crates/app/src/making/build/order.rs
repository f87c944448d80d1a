//! A build as it is ordered and stored.

use crate::making::naming::Naming;
use crate::view::making::{BuildOrder, BuildSecret, BuildValue, ThenPush};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A build as it is stored, to be repeated. Its arguments are no secrets: they stay readable in the image.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Building {
    pub folder: String,
    pub dockerfile: String,
    pub target: Option<String>,
    pub args: Vec<BuildValue>,
    /// Files by their paths; what is in them is stored nowhere.
    #[serde(default)]
    pub secrets: Vec<BuildSecret>,
    #[serde(default)]
    pub engine_builder: bool,
    pub platform: Option<String>,
    pub no_cache: bool,
    #[serde(flatten)]
    pub naming: Naming,
    pub then: Option<ThenPush>,
}

impl Building {
    /// Returns what a person calls it: the folder's own name.
    pub fn called(&self) -> String {
        called(&self.folder)
    }

    /// Returns it as the engine takes it.
    pub(super) fn of(&self) -> engine::BuildOf {
        engine::BuildOf {
            folder: self.folder.clone().into(),
            dockerfile: self.dockerfile.clone(),
            target: self.target.clone(),
            args: self
                .args
                .iter()
                .map(|arg| (arg.name.clone(), arg.value.clone()))
                .collect(),
            platform: self.platform.clone(),
            no_cache: self.no_cache,
            // It is given once the image is there.
            name: None,
            secrets: self
                .secrets
                .iter()
                .map(|secret| (secret.id.clone(), secret.file.clone().into()))
                .collect(),
        }
    }
}

impl From<BuildOrder> for Building {
    fn from(order: BuildOrder) -> Self {
        Self {
            folder: order.folder,
            dockerfile: order.dockerfile,
            target: order.target,
            args: order.args,
            secrets: order.secrets,
            engine_builder: order.engine_builder,
            platform: order.platform,
            no_cache: order.no_cache,
            naming: Naming::ordered(order.name, order.move_name),
            then: order.then,
        }
    }
}

/// Returns a folder's own name; the whole path where it has none.
pub(super) fn called(folder: &str) -> String {
    let name = Path::new(folder).file_name();
    name.map_or_else(
        || folder.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}
