//! The places where a sign-in may be kept.
//!
//! Not here: how each is read (`sources`, `helper`, `files`). Grows by a place.

use serde::{Deserialize, Serialize};

use crate::helper::HelperName;

/// Where a sign-in is kept, as an account remembers it. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Place {
    /// Our own item in the system's keychain.
    Keychain,
    /// The memory of the running app.
    Session,
    /// A file of Docker's or Podman's: the entry itself, or the helper that the file names for it. What the file says is
    /// read at each use, so it is followed where the person signs in anew.
    File {
        /// Which file.
        file: FileRef,
        /// The registry as the file's own program asks for it; with Podman, a path may follow.
        key: String,
    },
    /// A credential helper, whatever any file says.
    Helper {
        /// Its name, behind `docker-credential-`.
        name: HelperName,
        /// The registry as the helper knows it.
        server: String,
    },
    /// The variable `DOCKER_AUTH_CONFIG`.
    Environment {
        /// The registry as it stands there.
        key: String,
    },
}

/// One of the files in which Docker and Podman note sign-ins. Where it lies is found at each use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FileRef {
    /// Docker's `config.json`.
    Docker,
    /// Podman's first file: `$REGISTRY_AUTH_FILE`, or the one that goes when the person logs out of the computer.
    PodmanRun,
    /// Podman's `auth.json` in the home.
    PodmanHome,
    /// Docker's old `.dockercfg`.
    Dockercfg,
}
