//! Files as Docker, Podman and others write them.

mod docker;
mod lookup;
mod others;

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

/// Returns the files of somebody who has nothing but Docker's configuration.
fn docker_in(folder: &Path) -> Files {
    Files {
        docker: Some(folder.join("config.json")),
        ..Files::default()
    }
}

/// Lists what is found in a configuration of Docker's, host and user each.
fn found_in(text: impl AsRef<[u8]>) -> Vec<(String, Option<String>)> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.json"), text).unwrap();
    let found = found(&docker_in(folder.path()));
    assert!(found.iter().all(|found| found.namespace.is_none()));
    found
        .into_iter()
        .map(|found| (found.host, found.user))
        .collect()
}

fn one(key: &str, auth: &str) -> Vec<(String, Option<String>)> {
    found_in(format!(r#"{{"auths":{{"{key}":{{"auth":"{auth}"}}}}}}"#))
}

fn login(host: &str, user: Option<&str>) -> (String, Option<String>) {
    (host.to_owned(), user.map(str::to_owned))
}
