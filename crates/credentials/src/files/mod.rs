//! The files in which Docker and Podman note sign-ins, and the variable that stands for one.
//!
//! What it is: which sign-ins they tell of ([`found`]), without a secret and without running anything, and what one of
//! them says now (`look`), as its own program would read it.
//!
//! Not here: running the helper that a file names (`sources`); JSON as Go reads it (`json`). Grows by a place where a
//! client of the Docker family notes a sign-in.

mod auth;
mod config;
mod dockercfg;
mod find;
mod group;
mod key;
mod look;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

pub use find::{Found, found};
#[cfg(any(test, fuzzing))]
pub(crate) use find::{in_docker, in_dockercfg, in_environment, in_podman};
pub(crate) use look::{
    Told, asked_by, docker, dockercfg, environment, podman, says_nothing, store_of_docker, user_of,
};

use crate::{FileRef, SourceError};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Where the files of this person are. Whoever opens the app says so; this crate reads no environment by itself.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Docker's `config.json`.
    pub docker: Option<PathBuf>,
    /// Podman's first file, which on Linux goes when the person logs out.
    pub podman_run: Option<PathBuf>,
    /// Podman's `auth.json` in the home.
    pub podman_home: Option<PathBuf>,
    /// Docker's old `.dockercfg`.
    pub dockercfg: Option<PathBuf>,
    /// The one file that Podman reads, where the person names it.
    pub podman_reads: Option<FileRef>,
    /// What stands in `DOCKER_AUTH_CONFIG`.
    pub environment: Option<SecretString>,
}

impl Files {
    /// Finds the files as Docker and Podman do, by these variables and this home. A home that is not absolute is none:
    /// what it means depends on where we happen to be. The XDG Base Directory Specification has it so for its folders too
    /// ("consider the path invalid and ignore it").
    pub fn of(env: impl Fn(&str) -> Option<OsString>, home: Option<&Path>) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let folder = |name: &str| set(name).map(PathBuf::from);
        let home = home.filter(|home| home.is_absolute());
        let xdg = |name: &str| folder(name).filter(|folder| folder.is_absolute());
        let in_home = |path: &str| home.map(|home| home.join(path));
        let docker = folder("DOCKER_CONFIG").or_else(|| in_home(".docker"));
        let config = xdg("XDG_CONFIG_HOME").or_else(|| in_home(".config"));
        // As containers/image has it: `getPathToAuthWithOS`.
        let run = if cfg!(any(target_os = "macos", windows)) {
            in_home(".config/containers/auth.json")
        } else {
            xdg("XDG_RUNTIME_DIR")
                .map(|folder| folder.join("containers/auth.json"))
                .or_else(run_of_this_user)
        };
        // containers/common `GetDefaultAuthFile`: a file that is named is the only one.
        let podman_reads = if set("REGISTRY_AUTH_FILE").is_some() {
            Some(FileRef::PodmanRun)
        } else {
            set("DOCKER_CONFIG").map(|_| FileRef::Docker)
        };
        Self {
            podman_reads,
            docker: docker.map(|folder| folder.join("config.json")),
            podman_run: folder("REGISTRY_AUTH_FILE").or(run),
            podman_home: config.map(|folder| folder.join("containers/auth.json")),
            dockercfg: in_home(".dockercfg"),
            environment: set("DOCKER_AUTH_CONFIG")
                .and_then(|text| text.into_string().ok())
                .map(SecretString::from),
        }
    }

    /// Returns where a file is.
    pub fn path(&self, file: FileRef) -> Option<&Path> {
        let path = match file {
            FileRef::Docker => &self.docker,
            FileRef::PodmanRun => &self.podman_run,
            FileRef::PodmanHome => &self.podman_home,
            FileRef::Dockercfg => &self.dockercfg,
        };
        path.as_deref()
    }

    /// Reads a file's text; wiped when dropped, since there may be passwords in it. `None` where there is no such file.
    pub(crate) fn text(&self, file: FileRef) -> Result<Option<Zeroizing<String>>, SourceError> {
        let Some(path) = self.path(file) else {
            return Ok(None);
        };
        let cannot = |why: &str| {
            SourceError::Unreadable(format!("{} cannot be read: {why}", path.display()))
        };
        match small_file(path) {
            Ok(bytes) => Ok(bytes.map(text)),
            Err(error) => Err(cannot(&error.to_string())),
        }
    }
}

/// Returns Podman's first file where nobody says which folder is the session's.
fn run_of_this_user() -> Option<PathBuf> {
    #[cfg(unix)]
    let user = Some(rustix::process::getuid().as_raw());
    #[cfg(not(unix))]
    let user: Option<u32> = None;
    user.map(|user| PathBuf::from(format!("/run/containers/{user}/auth.json")))
}

/// Reads an ordinary file of bounded size. Its bytes are wiped when dropped.
pub(crate) fn small_file(path: &Path) -> std::io::Result<Option<Zeroizing<Vec<u8>>>> {
    let there = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
        _ => Err(error),
    };
    // Opening a named pipe would wait for its other end.
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(error) => return there(error),
    };
    if !Metadata::is_file(&about) {
        return Err(std::io::Error::other("it is no file"));
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return there(error),
    };
    let room = usize::try_from(about.len().min(LARGEST)).unwrap_or_default() + 1;
    // All the room at once, so that growing leaves no copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(std::io::Error::other("it is far too large"));
    }
    Ok(Some(bytes))
}

/// Returns the text of bytes, with a sign of its own for what is none, as Go has it.
fn text(mut bytes: Zeroizing<Vec<u8>>) -> Zeroizing<String> {
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Zeroizing::new(text),
        Err(error) => {
            let bytes = Zeroizing::new(error.into_bytes());
            Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}
