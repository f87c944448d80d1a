//! Helpers as they are, and as nobody would want them: each a shell script in a folder of its own.

#![cfg(unix)]

mod commands;
mod programs;
mod replies;
mod zoo;

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use tempfile::TempDir;

use super::*;

/// How long a helper that never ends is waited for here.
const SHORT: Duration = Duration::from_millis(300);

/// A folder with one helper called `x`, and nothing else of this computer's but its usual programs.
struct Zoo {
    folder: TempDir,
}

impl Zoo {
    fn new(script: &str) -> Self {
        let zoo = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        zoo.put("docker-credential-x", script);
        zoo
    }

    fn put(&self, name: &str, script: &str) {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn programs(&self) -> Programs {
        let folders = [self.folder.path(), Path::new("/usr/bin"), Path::new("/bin")];
        Programs {
            path: Some(std::env::join_paths(folders).unwrap()),
            besides: Vec::new(),
            env: vec![(OsString::from("HERE"), self.folder.path().into())],
        }
    }

    fn helper(&self) -> Helper {
        helper_of(self.programs())
    }

    /// One that is not waited for for long.
    fn hasty(&self) -> Helper {
        Helper {
            patience: SHORT,
            ..self.helper()
        }
    }

    /// Reads what a script has left.
    fn left(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }
}

fn helper_of(programs: Programs) -> Helper {
    Helper::new(HelperName::parse("x").unwrap(), Arc::new(programs))
}

fn credential(user: &str, secret: &str) -> Credential {
    Credential {
        user: user.to_owned(),
        secret: SecretString::from(secret),
    }
}

/// Returns user and secret.
fn told(found: Option<&Credential>) -> Option<(&str, &str)> {
    found.map(|found| (found.user.as_str(), found.secret.expose_secret()))
}
