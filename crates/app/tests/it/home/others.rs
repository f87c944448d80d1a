//! What other programs keep on a test's computer: Docker's and Podman's files, and one credential helper.

use super::{Home, account};
use app::view::accounts::{FoundRegistry, NewAccount};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A configuration with this sign-in in it.
pub fn with_entry(host: &str, user: &str, secret: &str) -> Value {
    json!({"auths": {host: {"auth": in_file(user, secret)}}})
}

/// A configuration whose sign-in at this host the helper `lab` keeps.
pub fn with_helper(host: &str) -> Value {
    json!({"credHelpers": {host: "lab"}})
}

/// User and secret as such a file has them.
pub fn in_file(user: &str, secret: &str) -> String {
    STANDARD.encode(format!("{user}:{secret}"))
}

/// What a sheet says where a sign-in was picked; the ways are still to be agreed to.
pub fn picking(found: &FoundRegistry) -> NewAccount {
    NewAccount {
        from: found.from.clone(),
        ..account(&found.host, "", "")
    }
}

impl Home {
    /// Docker writes its configuration.
    pub fn docker_has(&self, config: &Value) {
        write(
            &self.folder.path().join("docker-config/config.json"),
            config,
        );
    }

    /// Podman writes its file.
    pub fn podman_has(&self, config: &Value) {
        write(&self.folder.path().join("containers/auth.json"), config);
    }

    /// Installs the helper `lab`, which gives this sign-in and notes each call.
    pub fn helper_gives(&self, user: &str, secret: &str) {
        let (text, folder) = (self.folder.path().join("lab.sh"), self.folder.path());
        let answer = json!({"ServerURL": "", "Username": user, "Secret": secret});
        let notes = folder.join("calls").display().to_string();
        let script = format!("#!/bin/sh\necho \"$1 $(cat)\" >> '{notes}'\necho '{answer}'\n");
        std::fs::write(&text, script).unwrap();
        std::fs::create_dir_all(folder.join("bin")).unwrap();
        // Another process writes it: what this one holds open for writing, none that it starts meanwhile could run.
        let mut install = Command::new("install");
        install.args(["-m", "755"]).arg(text);
        let installed = install
            .arg(folder.join("bin/docker-credential-lab"))
            .status();
        assert!(installed.unwrap().success());
    }

    /// The calls of that helper so far, each with what it was asked for.
    pub fn helper_calls(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.folder.path().join("calls"));
        let calls = calls.unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    /// The one sign-in that is found on this computer.
    pub async fn found(&self) -> FoundRegistry {
        let mut found = self.app.found_registries().await.unwrap();
        assert_eq!(found.len(), 1, "{found:#?}");
        found.remove(0)
    }

    /// The files of the data folder that hold a text, and how many there are; those of other programs are none of it.
    pub fn files_with(&self, text: &str) -> (Vec<PathBuf>, usize) {
        let (mut with, mut files, mut left) = (Vec::new(), 0, vec![self.folder.path().to_owned()]);
        let others = ["docker-config", "containers", "bin", "lab.sh", "calls"];
        let others = others.map(|name| self.folder.path().join(name));
        while let Some(entry) = left.pop() {
            if others.contains(&entry) {
                continue;
            }
            if entry.is_dir() {
                let inside = std::fs::read_dir(entry).unwrap();
                left.extend(inside.map(|entry| entry.unwrap().path()));
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&entry).unwrap();
            if bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
            {
                with.push(entry);
            }
        }
        (with, files)
    }
}

fn write(path: &Path, config: &Value) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, config.to_string()).unwrap();
}
