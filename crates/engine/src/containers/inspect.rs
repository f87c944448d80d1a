//! One container, looked at more closely.
//!
//! Not here: the list (the module above). Grows by what else an engine tells of one.

use serde::Deserialize;

use super::{image_id, one_name, own_name, when};
use crate::raw::Ask;
use crate::{Engine, Error};

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

impl Engine {
    /// Looks at one container by id or name; `None` when the engine does not have it.
    pub async fn container(&self, id: &str) -> Result<Option<ContainerDetail>, Error> {
        let ask = Ask::get(format!("/containers/{}/json", one_name(id)?));
        match self.ask_json::<Inspected>(ask).await {
            Ok(inspected) => Ok(Some(inspected.read())),
            Err(Error::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
