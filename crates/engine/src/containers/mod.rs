//! The engine's containers: listing, looking at one, and what changed in one since its image. Nothing here changes them.
//!
//! The types are our own and take what any engine says: Podman has states that Docker's API doesn't list. Not here:
//! committing one (`commit`), one that serves (`service`). Grows by another question to one container.

mod changes;
mod inspect;

pub use changes::{ChangeKind, Changes, FileChange};
pub use inspect::ContainerDetail;

use oci::UtcSeconds;
use serde::Deserialize;
use std::collections::HashMap;

use crate::images::{in_path, known_time};
use crate::raw::Ask;
use crate::{Engine, Error};

/// One container, as the engine's list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalContainer {
    /// The engine's id of it, 64 hex digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The image as the engine calls it: the name it was made from or, where that name has moved on, an id.
    pub image: String,
    /// The id of its image, `sha256:…`.
    pub image_id: String,
    /// How it stands.
    pub state: ContainerState,
    /// When it was made, in seconds since 1970.
    pub created: Option<i64>,
    /// The compose files that it was made from, as its labels name them: paths on the computer where it was made. Whoever
    /// makes a container writes its labels, so they may be anything.
    pub compose_files: Vec<String>,
}

/// How a container stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerState {
    /// Made, and never started.
    Created,
    /// Its program runs.
    Running,
    /// Its program is held.
    Paused,
    /// It is started again by the engine.
    Restarting,
    /// Its program has ended.
    Stopped,
    /// It is being taken away.
    Removing,
    /// It could not be taken away.
    Dead,
    /// Something that this version doesn't know.
    Other,
}

impl Engine {
    /// Lists all containers of the engine, whether they run or not.
    pub async fn containers(&self) -> Result<Vec<LocalContainer>, Error> {
        let rows: Option<Vec<Row>> = self.ask_json(Ask::get("/containers/json?all=true")).await?;
        Ok(rows
            .unwrap_or_default()
            .into_iter()
            .map(Row::read)
            .collect())
    }
}

/// Writes the id or name of a container as it stands in a path.
pub(crate) fn one_name(id: &str) -> Result<String, Error> {
    let text = in_path(id)?;
    if text.contains('/') {
        return Err(Error::Refused {
            status: 400,
            message: format!("“{id}” is not the name of a container."),
        });
    }
    Ok(text)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    id: String,
    #[serde(default)]
    names: Option<Vec<String>>,
    #[serde(default)]
    image: Option<String>,
    #[serde(default, rename = "ImageID")]
    image_id: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    created: Option<serde_json::Value>,
    #[serde(default)]
    labels: Option<HashMap<String, serde_json::Value>>,
}

/// The label of Docker Compose and podman-compose that names a project's files, parted by commas.
const COMPOSE_FILES: &str = "com.docker.compose.project.config_files";
/// How many files of one container are read.
const MOST_FILES: usize = 16;

impl Row {
    fn read(self) -> LocalContainer {
        LocalContainer {
            name: own_name(&self.names.unwrap_or_default(), &self.id),
            image: self.image.unwrap_or_default(),
            image_id: image_id(self.image_id.as_deref().unwrap_or_default()),
            state: ContainerState::read(self.state.as_deref().unwrap_or_default()),
            created: self.created.as_ref().and_then(time),
            compose_files: compose_files(self.labels.as_ref()),
            id: self.id,
        }
    }
}

impl ContainerState {
    pub(crate) fn read(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "created" | "configured" | "initialized" => Self::Created,
            "running" => Self::Running,
            "paused" => Self::Paused,
            "restarting" => Self::Restarting,
            "exited" | "stopped" | "stopping" => Self::Stopped,
            "removing" => Self::Removing,
            "dead" => Self::Dead,
            _ => Self::Other,
        }
    }
}

/// Returns the compose files that labels name.
fn compose_files(labels: Option<&HashMap<String, serde_json::Value>>) -> Vec<String> {
    let named = labels.and_then(|labels| labels.get(COMPOSE_FILES)?.as_str());
    let files = named.unwrap_or_default().split(',');
    let files = files.filter(|file| !file.is_empty()).take(MOST_FILES);
    files.map(str::to_owned).collect()
}

/// Returns a container's own name. Others are names it has for other containers, `/other/alias`.
fn own_name(names: &[String], id: &str) -> String {
    let bare = |name: &String| name.trim_start_matches('/').to_owned();
    let own = names.iter().map(bare).find(|name| !name.contains('/'));
    own.filter(|name| !name.is_empty())
        .unwrap_or_else(|| oci::short_id(id).to_owned())
}

/// Writes an image's id as lists of images have it; not all engines say what kind of digest it is.
pub(crate) fn image_id(text: &str) -> String {
    let is_bare = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_bare {
        format!("sha256:{text}")
    } else {
        text.to_owned()
    }
}

/// Reads a time: seconds, or RFC 3339.
fn time(value: &serde_json::Value) -> Option<i64> {
    match value {
        serde_json::Value::Number(number) => number.as_i64().and_then(known_time),
        serde_json::Value::String(text) => when(text),
        _ => None,
    }
}

fn when(text: &str) -> Option<i64> {
    UtcSeconds::parse_rfc3339(text).and_then(|time| known_time(time.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> LocalContainer {
        serde_json::from_str::<Row>(text).unwrap().read()
    }

    #[test]
    fn whatever_an_engine_says_of_a_container_is_read() {
        let docker = listed(
            r#"{"Id":"ab12","Names":["/web/db","/db"],"Image":"postgres:16","ImageID":"sha256:77",
                "Labels":{"com.docker.compose.project.config_files":"/srv/a.yml,/srv/b.yml","x":1},
                "Created":1790850030,"State":"exited","Status":"Exited (0)","HostConfig":{"NetworkMode":"none"}}"#,
        );
        assert_eq!(
            (docker.name.as_str(), docker.image.as_str()),
            ("db", "postgres:16")
        );
        assert_eq!(docker.compose_files, ["/srv/a.yml", "/srv/b.yml"]);
        assert_eq!(docker.state, ContainerState::Stopped);
        assert_eq!(docker.created, Some(1_790_850_030));
        let bare = "a".repeat(64);
        let podman = listed(&format!(
            r#"{{"Id":"ab12","Names":["/x"],"ImageID":"{bare}","Created":"2026-10-01T10:20:30.5Z","State":"stopped"}}"#
        ));
        assert_eq!(podman.image_id, format!("sha256:{bare}"));
        assert_eq!(podman.created, Some(1_790_850_030));
        assert_eq!(podman.state, ContainerState::Stopped);
        // What nobody has said yet, and what nobody says.
        let least = listed(
            r#"{"Id":"0123456789abcdef","Names":null,"State":"dreaming","Created":-5,"Labels":null}"#,
        );
        assert_eq!(
            (least.name.as_str(), least.image.as_str()),
            ("0123456789ab", "")
        );
        assert_eq!((least.state, least.created), (ContainerState::Other, None));
    }

    #[test]
    fn every_state_is_one_of_ours() {
        use ContainerState::{
            Created, Dead, Other, Paused, Removing, Restarting, Running, Stopped,
        };
        for (said, is) in [
            ("created", Created),
            ("configured", Created),
            ("initialized", Created),
            ("running", Running),
            ("Paused", Paused),
            ("restarting", Restarting),
            ("exited", Stopped),
            ("stopped", Stopped),
            ("stopping", Stopped),
            ("removing", Removing),
            ("dead", Dead),
            ("unknown", Other),
            ("", Other),
        ] {
            assert_eq!(ContainerState::read(said), is, "{said}");
        }
    }

    #[test]
    fn no_name_leads_to_another_path() {
        assert_eq!(one_name("a_b-1.c").unwrap(), "a_b-1.c");
        for bad in ["", "..", "a/json", "a/../images", "."] {
            assert!(one_name(bad).is_err(), "{bad}");
        }
    }
}
