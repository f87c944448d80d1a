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

    /// The folder of a PATH in which a test's programs are.
    pub fn bin(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    /// Installs a program that does nothing, so that it is there.
    pub fn has_program(&self, name: &str) {
        self.has_program_that(name, "exit 0");
    }

    /// Installs a program that does this.
    pub fn has_program_that(&self, name: &str, script: &str) {
        install(&self.folder.path().join("bin"), name, script);
    }

    /// Installs the helper `lab`, which keeps one sign-in.
    pub fn helper_keeps(&self) {
        let kept = self.folder.path().join("lab.kept");
        let kept = kept.display();
        install(
            &self.folder.path().join("bin"),
            "docker-credential-lab",
            &format!(
                r#"case "$1" in
                list) echo '{{}}' ;;
                store) cat > '{kept}' ;;
                get) cat '{kept}' 2>/dev/null || {{ echo 'credentials not found in native keychain'; exit 1; }} ;;
                erase) rm -f '{kept}' ;;
                esac"#
            ),
        );
    }

    /// What the helper `lab` keeps.
    pub fn helper_has(&self) -> Option<String> {
        std::fs::read_to_string(self.folder.path().join("lab.kept")).ok()
    }

    /// What stands in Docker's file.
    pub fn docker_file(&self) -> Option<String> {
        std::fs::read_to_string(self.folder.path().join("docker-config/config.json")).ok()
    }

    /// Installs the helper `lab`, which gives this sign-in and notes each call.
    pub fn helper_gives(&self, user: &str, secret: &str) {
        let folder = self.folder.path();
        let answer = json!({"ServerURL": "", "Username": user, "Secret": secret});
        let notes = folder.join("calls").display().to_string();
        let script = format!("echo \"$1 $(cat)\" >> '{notes}'\necho '{answer}'");
        install(&folder.join("bin"), "docker-credential-lab", &script);
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
        let others = ["docker-config", "containers", "bin", "lab.kept", "calls"];
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

/// Another process writes it: what this one holds open for writing, none that it starts meanwhile could run.
fn install(bin: &Path, name: &str, script: &str) {
    std::fs::create_dir_all(bin).unwrap();
    let text = bin.join(format!("{name}.text"));
    std::fs::write(&text, format!("#!/bin/sh\n{script}\n")).unwrap();
    let mut install = Command::new("install");
    let installed = install.args(["-m", "755"]).arg(text).arg(bin.join(name));
    assert!(installed.status().unwrap().success());
}

fn write(path: &Path, config: &Value) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, config.to_string()).unwrap();
}
