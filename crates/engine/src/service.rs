//! A container that serves on a port of this computer: made, started, stopped, taken away; found again by its label; and the
//! last lines that it wrote.
//!
//! Not here: what is served, and which image it is of (a caller's), the list of all containers (`containers`). Grows by
//! another setting that such a container needs.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Method;
use serde::Deserialize;
use serde_json::json;

use crate::containers::{ContainerState, one_name};
use crate::images::in_query;
use crate::raw::Ask;
use crate::{Engine, Error};

/// How long a program has to end before the engine kills it (seconds).
const STOPPING: u32 = 10;
/// The most that is read of what a program wrote last (bytes).
const MOST_WRITTEN: usize = 1024 * 1024;
/// The most services of one label that are read.
const MOST: usize = 1000;

/// A container that serves, to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceOf {
    /// Its name in the engine.
    pub name: String,
    /// The image, by name or id: the engine has it.
    pub image: String,
    /// The label by which it is found again, and its value.
    pub label: (String, String),
    /// The port of this computer, of 127.0.0.1 alone.
    pub port: u16,
    /// The port that its program listens on.
    pub inner_port: u16,
    /// Variables, `NAME=value` each. Whoever may ask the engine can read them.
    pub env: Vec<String>,
    /// Folders of this computer that it is given.
    pub folders: Vec<ServiceFolder>,
    /// `user:group` that its program runs as; none: as its image has it.
    pub user: Option<String>,
    /// Its files are not labelled for containers, so a system that goes by that would refuse them.
    pub unlabelled: bool,
}

/// A folder of this computer that a container is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFolder {
    /// The whole path here; it must be there.
    pub source: String,
    /// The path in the container.
    pub target: String,
    /// It may only be read.
    pub read_only: bool,
}

/// A container that was found by its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The engine's id of it.
    pub id: String,
    /// The value of the label.
    pub value: String,
    /// How it stands.
    pub state: ContainerState,
}

/// How an engine keeps what it runs apart from the computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Apart {
    /// Users of its containers are not those of the computer: it runs as a person, or maps them.
    pub own_users: bool,
    /// Only files with a label of their own may be used (SELinux).
    pub labels: bool,
}

impl Engine {
    /// Asks how the engine keeps what it runs apart from the computer.
    pub async fn apart(&self) -> Result<Apart, Error> {
        #[derive(Deserialize)]
        struct About {
            #[serde(rename = "SecurityOptions")]
            options: Option<Vec<String>>,
        }
        let about: About = self.ask_json(Ask::get("/info")).await?;
        Ok(apart(&about.options.unwrap_or_default()))
    }

    /// Makes a container that serves, and returns its id. It does not run yet. The engine starts it again when it ends, and
    /// when the engine itself starts, unless it was stopped.
    pub async fn create_service(&self, of: &ServiceOf) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Made {
            #[serde(rename = "Id", alias = "ID", alias = "id")]
            id: String,
        }
        let ask = Ask {
            method: Method::POST,
            body: Some(Bytes::from(body(of).to_string())),
            ..Ask::get(format!("/containers/create?name={}", in_query(&of.name)))
        };
        let made: Made = self.ask_json(ask).await?;
        Ok(made.id)
    }

    /// Starts a container; one that runs already stays as it is.
    pub async fn start_service(&self, id: &str) -> Result<(), Error> {
        self.act(id, Method::POST, "/start").await
    }

    /// Stops a container: its program has ten seconds to end. One that doesn't run stays as it is.
    pub async fn stop_service(&self, id: &str) -> Result<(), Error> {
        let stop = format!("/stop?t={STOPPING}");
        self.act(id, Method::POST, &stop).await
    }

    /// Takes a container away that doesn't run, with the volumes that have no name. One that is gone is no failure.
    pub async fn remove_service(&self, id: &str) -> Result<(), Error> {
        match self.act(id, Method::DELETE, "?v=true").await {
            Err(Error::Refused { status: 404, .. }) => Ok(()),
            done => done,
        }
    }

    /// Finds the containers that have a label, whatever its value is.
    pub async fn services(&self, label: &str) -> Result<Vec<Service>, Error> {
        let filters = json!({"label": [label]}).to_string();
        let path = format!("/containers/json?all=true&filters={}", in_query(&filters));
        let rows: Option<Vec<Row>> = self.ask_json(Ask::get(path)).await?;
        let read = |row: Row| {
            // An engine that takes no filters lists all there are.
            let value = row.labels?.get(label)?.as_str()?.to_owned();
            Some(Service {
                id: row.id,
                value,
                state: ContainerState::read(row.state.as_deref().unwrap_or_default()),
            })
        };
        let rows = rows.unwrap_or_default().into_iter();
        Ok(rows.filter_map(read).take(MOST).collect())
    }

    /// Returns the last lines that a container wrote, on its output and its errors.
    pub async fn last_lines(&self, id: &str, lines: u32) -> Result<String, Error> {
        let path = format!(
            "/containers/{}/logs?stdout=true&stderr=true&tail={lines}",
            one_name(id)?
        );
        let written = self
            .ask(Ask {
                most: MOST_WRITTEN,
                ..Ask::get(path)
            })
            .await?;
        Ok(String::from_utf8_lossy(&unframed(&written)).into_owned())
    }

    /// Does something with a container. What is so already is no failure; what takes its time has it.
    async fn act(&self, id: &str, method: Method, act: &str) -> Result<(), Error> {
        let ask = Ask {
            method,
            patience: None,
            ..Ask::get(format!("/containers/{}{act}", one_name(id)?))
        };
        match self.ask(ask).await {
            Ok(_) | Err(Error::Refused { status: 304, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    id: String,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    labels: Option<BTreeMap<String, serde_json::Value>>,
}

/// Reads the options of an engine's own safety, `name=…` each.
fn apart(options: &[String]) -> Apart {
    let has = |wanted: &str| {
        let named = |option: &String| {
            let mut parts = option.split(',');
            parts.any(|part| part.strip_prefix("name=").unwrap_or(part) == wanted)
        };
        options.iter().any(named)
    };
    Apart {
        own_users: has("rootless") || has("userns"),
        labels: has("selinux"),
    }
}

/// Writes what the engine is to make.
fn body(of: &ServiceOf) -> serde_json::Value {
    let port = format!("{}/tcp", of.inner_port);
    let folder = |folder: &ServiceFolder| json!({"Type": "bind", "Source": folder.source, "Target": folder.target, "ReadOnly": folder.read_only});
    let folders: Vec<_> = of.folders.iter().map(folder).collect();
    let (label, value) = &of.label;
    let mut host = json!({
        "PortBindings": {&port: [{"HostIp": "127.0.0.1", "HostPort": of.port.to_string()}]},
        "Mounts": folders,
        "RestartPolicy": {"Name": "unless-stopped"},
    });
    if of.unlabelled {
        host["SecurityOpt"] = json!(["label=disable"]);
    }
    let mut body = json!({
        "Image": of.image,
        "Env": of.env,
        "Labels": {label: value},
        "ExposedPorts": {&port: {}},
        "HostConfig": host,
    });
    if let Some(user) = &of.user {
        body["User"] = json!(user);
    }
    body
}

/// Takes what a program wrote out of its frames: eight bytes each, which say whose it is and how long. Of a program with a
/// terminal there are none.
fn unframed(written: &[u8]) -> Vec<u8> {
    let mut rest = written;
    let mut text = Vec::new();
    while let [0..=2, 0, 0, 0, a, b, c, d, after @ ..] = rest {
        let length = u32::from_be_bytes([*a, *b, *c, *d]);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let (piece, after) = after.split_at(length.min(after.len()));
        text.extend_from_slice(piece);
        rest = after;
    }
    text.extend_from_slice(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> ServiceOf {
        ServiceOf {
            name: "longshore-registry-5000".to_owned(),
            image: "registry:3".to_owned(),
            label: ("dev.longshore.registry".to_owned(), "a1".to_owned()),
            port: 5001,
            inner_port: 5000,
            env: vec!["REGISTRY_LOG_LEVEL=warn".to_owned()],
            folders: vec![ServiceFolder {
                source: "/home/ana/a: b".to_owned(),
                target: "/var/lib/registry".to_owned(),
                read_only: false,
            }],
            user: None,
            unlabelled: false,
        }
    }

    #[test]
    fn its_port_is_this_computers_alone() {
        let mut of = service();
        let made = body(&of);
        let host = &made["HostConfig"];
        assert_eq!(
            host["PortBindings"],
            json!({"5000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "5001"}]})
        );
        assert_eq!(host["RestartPolicy"]["Name"], "unless-stopped");
        // No text is taken apart at a colon.
        assert_eq!(host["Mounts"][0]["Source"], "/home/ana/a: b");
        assert_eq!(made["Labels"], json!({"dev.longshore.registry": "a1"}));
        assert_eq!((made.get("User"), host.get("SecurityOpt")), (None, None));
        of.user = Some("1000:1000".to_owned());
        of.unlabelled = true;
        let made = body(&of);
        assert_eq!(made["User"], "1000:1000");
        assert_eq!(made["HostConfig"]["SecurityOpt"], json!(["label=disable"]));
    }

    #[test]
    fn whose_users_an_engine_has_is_told_by_its_options() {
        let of = |options: &[&str]| {
            let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
            apart(&options)
        };
        assert_eq!(of(&["name=seccomp,profile=default"]), Apart::default());
        assert!(of(&["name=seccomp,profile=builtin", "name=rootless"]).own_users);
        assert!(of(&["name=userns"]).own_users);
        assert!(of(&["name=selinux"]).labels);
        assert!(!of(&["name=selinux-not"]).labels);
    }

    #[test]
    fn what_was_written_comes_out_of_its_frames_whatever_they_say() {
        let mut framed = vec![2, 0, 0, 0, 0, 0, 0, 3];
        framed.extend(b"one");
        framed.extend([1, 0, 0, 0, 0, 0, 0, 4]);
        framed.extend(b" two");
        assert_eq!(unframed(&framed), b"one two");
        // It says more than there is.
        framed.extend([1, 0, 0, 0, 255, 255, 255, 255]);
        framed.extend(b" end");
        assert_eq!(unframed(&framed), b"one two end");
        assert_eq!(unframed(b"plain text"), b"plain text");
        assert_eq!(unframed(&[]), b"");
    }
}
