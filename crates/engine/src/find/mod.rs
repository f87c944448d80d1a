//! Where an engine may be on this computer: a list of candidates, in the order they should be tried.
//!
//! Nothing is opened or asked here beyond small files and folders of the person's home; what is missing or malformed
//! is left out without a word.

use std::path::{Path, PathBuf};

use crate::Address;
use crate::contexts;

/// The variables of the environment that the search looks at. [`Env::of_process`] reads them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Env {
    /// `DOCKER_HOST`. When set, it is the only candidate.
    pub docker_host: Option<String>,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`, where rootless engines listen.
    pub xdg_runtime_dir: Option<PathBuf>,
    /// `DOCKER_CONFIG`, in place of `~/.docker`.
    pub docker_config: Option<PathBuf>,
    /// `DOCKER_CONTEXT`, in place of the current context.
    pub docker_context: Option<String>,
    /// Whether `DOCKER_TLS_VERIFY` is set to anything: then `DOCKER_HOST` over TCP means TLS.
    pub docker_tls: bool,
}

impl Env {
    /// Reads the environment of this process.
    pub fn of_process() -> Self {
        let text = |name: &str| {
            std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())
        };
        let path = |name: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        Self {
            docker_host: text("DOCKER_HOST"),
            home: std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
            xdg_runtime_dir: path("XDG_RUNTIME_DIR"),
            docker_config: path("DOCKER_CONFIG"),
            docker_context: text("DOCKER_CONTEXT"),
            docker_tls: std::env::var_os("DOCKER_TLS_VERIFY")
                .is_some_and(|value| !value.is_empty()),
        }
    }
}

/// Lists the addresses at which an engine may be, best first, each once.
pub fn find(env: &Env) -> Vec<Address> {
    if let Some(host) = env
        .docker_host
        .as_deref()
        .filter(|host| !host.trim().is_empty())
    {
        return vec![Address::parse(host, env.docker_tls)];
    }
    let mut found = Vec::new();
    let config = env
        .docker_config
        .clone()
        .or_else(|| env.home.as_ref().map(|home| home.join(".docker")));
    if let Some(config) = &config {
        found.extend(contexts::current(config, env.docker_context.as_deref()));
    }
    if cfg!(windows) {
        found.extend(
            [
                "docker_engine",
                "dockerDesktopLinuxEngine",
                "podman-machine-default",
            ]
            .map(|name| Address::Pipe(format!(r"\\.\pipe\{name}"))),
        );
    } else {
        found.extend(
            sockets(env, config.as_deref())
                .into_iter()
                .map(Address::Unix),
        );
    }
    let mut once = Vec::with_capacity(found.len());
    for address in found {
        if !once.contains(&address) {
            once.push(address);
        }
    }
    once
}

/// Lists the sockets of the engines we know, whether they are there or not.
fn sockets(env: &Env, config: Option<&Path>) -> Vec<PathBuf> {
    let runtime = env.xdg_runtime_dir.as_deref();
    let home = env.home.as_deref();
    let mut paths = vec![PathBuf::from("/var/run/docker.sock")];
    // Docker Desktop: macOS, then Linux.
    paths.extend(config.map(|config| config.join("run/docker.sock")));
    paths.extend(config.map(|config| config.join("desktop/docker.sock")));
    // Docker without root.
    paths.extend(runtime.map(|runtime| runtime.join("docker.sock")));
    if let Some(home) = home {
        // Colima: one folder a profile, in older versions none.
        let colima = home.join(".colima");
        paths.push(colima.join("default/docker.sock"));
        paths.extend(
            children(&colima)
                .into_iter()
                .map(|profile| profile.join("docker.sock"))
                .filter(|path| path.exists()),
        );
        paths.push(colima.join("docker.sock"));
        paths.push(home.join(".orbstack/run/docker.sock"));
        paths.push(home.join(".rd/docker.sock"));
        paths.extend(
            children(&home.join(".lima"))
                .into_iter()
                .map(|instance| instance.join("sock/docker.sock"))
                .filter(|path| path.exists()),
        );
    }
    paths.extend(runtime.map(|runtime| runtime.join("podman/podman.sock")));
    paths.push(PathBuf::from("/run/podman/podman.sock"));
    paths.extend(home.map(|home| home.join(".local/share/containers/podman/machine/podman.sock")));
    paths
}

/// Lists a bounded number of the entries of a folder, sorted.
fn children(folder: &Path) -> Vec<PathBuf> {
    const MOST: usize = 64;
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut children: Vec<PathBuf> = entries
        .take(MOST)
        .flatten()
        .map(|entry| entry.path())
        .collect();
    children.sort();
    children
}

#[cfg(test)]
mod tests;
