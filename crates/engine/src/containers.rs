//! The engine's containers: listing, looking at one, and what changed in one since its image. Nothing here changes them.
//!
//! The types are our own and take what any engine says: Podman has states that Docker's API doesn't list. Not here:
//! committing one (`commit`). Grows by another question to one container.

use std::collections::HashSet;
use std::time::Duration;

use oci::UtcSeconds;
use serde::Deserialize;

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

/// One container, looked at more closely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerDetail {
    /// The engine's id of it, 64 hex digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The name its image was chosen by.
    pub image: String,
    /// The id of its image, `sha256:…`.
    pub image_id: String,
    /// Its program runs, held or not.
    pub running: bool,
    /// Its program is held.
    pub paused: bool,
    /// When it was started last.
    pub started: Option<i64>,
    /// When it ended last. `None` while it runs.
    pub finished: Option<i64>,
    /// The arguments it runs with.
    pub cmd: Vec<String>,
    /// The program it runs.
    pub entrypoint: Vec<String>,
    /// How many variables it is given.
    pub env_count: usize,
    /// Where volumes and folders of the computer lie in it: what is there is no part of its image.
    pub mounts: Vec<String>,
}

/// What changed in a container since its image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files and folders that are new.
    pub added: u64,
    /// Files that are others, and folders whose rights or owner are.
    pub modified: u64,
    /// Files and folders that are gone.
    pub deleted: u64,
    /// The first of them by path, as many as were asked for.
    pub first: Vec<FileChange>,
}

impl Changes {
    /// Returns how many there are.
    pub fn count(&self) -> u64 {
        self.added + self.modified + self.deleted
    }
}

/// One file or folder that isn't as in the image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileChange {
    /// Its path in the container.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is another.
    Modified,
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
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

    /// Looks at one container by id or name; `None` when the engine does not have it.
    pub async fn container(&self, id: &str) -> Result<Option<ContainerDetail>, Error> {
        let ask = Ask::get(format!("/containers/{}/json", one_name(id)?));
        match self.ask_json::<Inspected>(ask).await {
            Ok(inspected) => Ok(Some(inspected.read())),
            Err(Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Tells what changed in a container since its image: all counted, the first `most` of them by path. The engine may
    /// compare every file for it, so it is waited for no longer than this.
    pub async fn changes(
        &self,
        id: &str,
        most: usize,
        patience: Duration,
    ) -> Result<Changes, Error> {
        let ask = Ask {
            patience: Some(patience),
            ..Ask::get(format!("/containers/{}/changes", one_name(id)?))
        };
        let rows: Option<Vec<Changed>> = self.ask_json(ask).await?;
        Ok(changes(rows.unwrap_or_default(), most))
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
}

impl Row {
    fn read(self) -> LocalContainer {
        LocalContainer {
            name: own_name(&self.names.unwrap_or_default(), &self.id),
            image: self.image.unwrap_or_default(),
            image_id: image_id(self.image_id.as_deref().unwrap_or_default()),
            state: ContainerState::read(self.state.as_deref().unwrap_or_default()),
            created: self.created.as_ref().and_then(time),
            id: self.id,
        }
    }
}

impl ContainerState {
    fn read(text: &str) -> Self {
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

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    image: Option<String>,
    #[serde(default)]
    state: Option<State>,
    #[serde(default)]
    config: Option<Config>,
    #[serde(default)]
    mounts: Option<Vec<Mount>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct State {
    running: bool,
    paused: bool,
    started_at: Option<String>,
    finished_at: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Config {
    image: Option<String>,
    cmd: Option<Vec<String>>,
    entrypoint: Option<OneOrMore>,
    env: Option<Vec<String>>,
}

/// An entrypoint: a list in Docker's words, one text in some of Podman's.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Mount {
    destination: String,
}

impl Inspected {
    fn read(self) -> ContainerDetail {
        let state = self.state.unwrap_or_default();
        let config = self.config.unwrap_or_default();
        let mounts = self.mounts.unwrap_or_default();
        ContainerDetail {
            name: own_name(self.name.as_slice(), &self.id),
            image: config.image.unwrap_or_default(),
            image_id: image_id(self.image.as_deref().unwrap_or_default()),
            running: state.running || state.paused,
            paused: state.paused,
            started: state.started_at.as_deref().and_then(when),
            finished: state
                .finished_at
                .as_deref()
                .filter(|_| !state.running)
                .and_then(when),
            cmd: config.cmd.unwrap_or_default(),
            entrypoint: match config.entrypoint {
                None => Vec::new(),
                Some(OneOrMore::One(one)) if one.is_empty() => Vec::new(),
                Some(OneOrMore::One(one)) => vec![one],
                Some(OneOrMore::More(more)) => more,
            },
            env_count: config.env.map_or(0, |env| env.len()),
            mounts: mounts.into_iter().map(|mount| mount.destination).collect(),
            id: self.id,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Changed {
    path: String,
    kind: u8,
}

/// Counts changes. A folder counts as changed to the engine when anything in it is: that says nothing by itself.
fn changes(rows: Vec<Changed>, most: usize) -> Changes {
    let with_something_in_it: HashSet<String> = rows
        .iter()
        .filter_map(|row| row.path.rsplit_once('/'))
        .map(|(folder, _)| folder.to_owned())
        .collect();
    let mut found = Changes::default();
    for Changed { path, kind } in rows {
        let kind = match kind {
            0 if with_something_in_it.contains(path.trim_end_matches('/')) => continue,
            0 => ChangeKind::Modified,
            1 => ChangeKind::Added,
            2 => ChangeKind::Deleted,
            _ => continue,
        };
        *match kind {
            ChangeKind::Modified => &mut found.modified,
            ChangeKind::Added => &mut found.added,
            ChangeKind::Deleted => &mut found.deleted,
        } += 1;
        found.first.push(FileChange { path, kind });
    }
    found.first.sort_unstable();
    found.first.truncate(most);
    found
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
                "Created":1790850030,"State":"exited","Status":"Exited (0)","HostConfig":{"NetworkMode":"none"}}"#,
        );
        assert_eq!(
            (docker.name.as_str(), docker.image.as_str()),
            ("db", "postgres:16")
        );
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
        let least =
            listed(r#"{"Id":"0123456789abcdef","Names":null,"State":"dreaming","Created":-5}"#);
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
    fn a_container_that_never_ran_has_no_times() {
        let text = r#"{"Id":"1","Name":"/x","Image":"sha256:1","State":{"Running":false,"StartedAt":"0001-01-01T00:00:00Z",
            "FinishedAt":"0001-01-01T00:00:00Z"},"Config":{"Image":"a:b","Cmd":null,"Entrypoint":"/bin/sh","Env":["A=1","B="]},
            "Mounts":[{"Type":"volume","Destination":"/data"},{}]}"#;
        let detail = serde_json::from_str::<Inspected>(text).unwrap().read();
        assert_eq!((detail.started, detail.finished), (None, None));
        assert_eq!(
            (detail.entrypoint, detail.cmd),
            (vec!["/bin/sh".to_owned()], vec![])
        );
        assert_eq!(
            (detail.env_count, detail.mounts),
            (2, vec!["/data".to_owned(), String::new()])
        );
    }

    #[test]
    fn a_folder_is_not_counted_for_what_lies_in_it() {
        let row = |path: &str, kind| Changed {
            path: path.to_owned(),
            kind,
        };
        let rows = vec![
            row("/data", 0),
            row("/data/new", 1),
            row("/data/new/file", 1),
            row("/etc", 0),
            row("/etc/hosts", 2),
            row("/bin/sh", 0),
            row("/srv", 0),
            row("/x", 9),
        ];
        let found = changes(rows, 2);
        assert_eq!((found.added, found.modified, found.deleted), (2, 2, 1));
        assert_eq!(found.count(), 5);
        let first: Vec<_> = found
            .first
            .iter()
            .map(|change| change.path.as_str())
            .collect();
        assert_eq!(first, ["/bin/sh", "/data/new"]);
        assert_eq!(changes(vec![], 5), Changes::default());
    }

    #[test]
    fn no_name_leads_to_another_path() {
        assert_eq!(one_name("a_b-1.c").unwrap(), "a_b-1.c");
        for bad in ["", "..", "a/json", "a/../images", "."] {
            assert!(one_name(bad).is_err(), "{bad}");
        }
    }
}
