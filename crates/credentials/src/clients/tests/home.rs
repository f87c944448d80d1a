//! A home with programs of its own: Docker, Podman, and helpers that are shell scripts.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::SecretString;
use tempfile::TempDir;

use crate::clients::Clients;
use crate::{Credential, Files, Programs};

/// Keeps one sign-in for each address, in a file.
pub(super) const KEEPS: &str = r#"read -r told
name() { printf %s "$1" | tr / _; }
case "$1" in
    list) echo '{}' ;;
    store) server=$(printf %s "$told" | sed 's/.*"ServerURL":"\([^"]*\)".*/\1/'); printf %s "$told" > "$KEPT/$(name "$server")" ;;
    get) cat "$KEPT/$(name "$told")" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;
    erase) rm -f "$KEPT/$(name "$told")" ;;
esac"#;

/// A home with programs.
pub(super) struct Home {
    pub(super) folder: TempDir,
}

impl Home {
    pub(super) fn new(helpers: &[(&str, &str)]) -> Self {
        let home = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for folder in ["bin", "kept", "docker", "podman", "run"] {
            fs::create_dir(home.path(folder)).unwrap();
        }
        fs::create_dir(home.path(".password-store")).unwrap();
        home.write(".password-store/.gpg-id", "ana");
        home.program("docker", "true");
        home.program("podman", "true");
        for (name, script) in helpers {
            home.program(&format!("docker-credential-{name}"), script);
            if *name == "pass" {
                home.program("pass", "true");
            }
        }
        home
    }

    pub(super) fn program(&self, name: &str, script: &str) {
        let text = self.path("script");
        fs::write(&text, format!("#!/bin/sh\n{script}\n")).unwrap();
        // Another process writes it: what this one holds open for writing, none that it starts meanwhile could run.
        let mut install = std::process::Command::new("install");
        let installed = install
            .args(["-m", "755"])
            .arg(text)
            .arg(self.path("bin").join(name));
        assert!(installed.status().unwrap().success());
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(super) fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path(name)).ok()
    }

    pub(super) fn clients(&self) -> Clients {
        let files = Files {
            docker: Some(self.path("docker/config.json")),
            podman_run: Some(self.path("run/auth.json")),
            podman_home: Some(self.path("podman/auth.json")),
            ..Files::default()
        };
        let bin = self.path("bin");
        // The system's own folders have what the scripts need; a real helper there would be a program of this computer.
        let tools = self.path("tools");
        fs::create_dir_all(&tools).unwrap();
        for tool in ["sh", "cat", "tr", "sed", "rm"] {
            let link = tools.join(tool);
            if !link.exists() {
                let found = ["/bin", "/usr/bin"].map(|folder| Path::new(folder).join(tool));
                let found = found.iter().find(|path| path.exists()).unwrap();
                std::os::unix::fs::symlink(found, link).unwrap();
            }
        }
        let programs = Programs {
            path: Some(std::env::join_paths([bin, tools]).unwrap()),
            besides: Vec::new(),
            env: vec![
                ("KEPT".into(), self.path("kept").into()),
                ("HOME".into(), self.folder.path().into()),
            ],
        };
        Clients::new(Arc::new(files), Arc::new(programs))
    }
}

pub(super) fn ana(secret: &str) -> Credential {
    Credential {
        user: "ana".to_owned(),
        secret: SecretString::from(secret),
    }
}
