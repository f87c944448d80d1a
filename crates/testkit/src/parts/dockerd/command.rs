//! How each kind of engine is started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Kind;
use crate::parts::Part;

/// The folders and files one engine uses.
pub(super) struct Places<'a> {
    /// Sockets and state; always temporary.
    pub base: &'a Path,
    /// Images.
    pub data: &'a Path,
    pub socket: &'a Path,
    /// The network of its containers; `none`: they have none.
    pub bridge: &'a str,
}

pub(super) fn command(kind: Kind, places: &Places<'_>) -> Result<Command> {
    match kind {
        Kind::Debian => {
            let program = Part::Dockerd.program("dockerd");
            dockerd(&program.context("dockerd is missing")?, places)
        }
        Kind::Containerd => {
            let program = Part::NewDockerd.program("dockerd");
            let program = program.context("dockerd is missing")?;
            let mut command = dockerd(&program, places)?;
            command.arg("--ip6tables=false");
            // The system's runc, which starts its containers, is older than they are.
            command.arg("--feature=time-namespaces=false");
            // Its own containerd, not the system's.
            let own = program.parent().map(Path::to_owned);
            let path = std::env::var_os("PATH").unwrap_or_default();
            let path = own.into_iter().chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(path)?);
            Ok(command)
        }
        Kind::Rootless => rootless(places),
        Kind::Podman => podman(places),
    }
}

fn dockerd(program: &Path, places: &Places<'_>) -> Result<Command> {
    let config = places.base.join("daemon.json");
    fs::write(&config, "{}")?;
    let mut command = Command::new(program);
    command
        .arg("--data-root")
        .arg(places.data)
        .arg("--exec-root")
        .arg(places.base.join("exec"))
        .arg("--pidfile")
        .arg(places.base.join("pid"))
        // Never the machine's own settings.
        .arg("--config-file")
        .arg(config)
        .arg("--host")
        .arg(format!("unix://{}", places.socket.display()))
        .args(["--iptables=false", "--ip-forward=false", "--ip-masq=false"])
        .arg(format!("--bridge={}", places.bridge))
        .env("HOME", places.base)
        .env_remove("DOCKER_HOST");
    Ok(command)
}

/// Starts the engine in a user namespace. It shares the host's network: a registry on 127.0.0.1 is reached as usual.
fn rootless(places: &Places<'_>) -> Result<Command> {
    let program = Part::RootlessDockerd.program("dockerd-rootless.sh");
    let mut command = dockerd(&program.context("dockerd-rootless.sh is missing")?, places)?;
    command
        .env("XDG_RUNTIME_DIR", runtime(places)?)
        .env("DOCKERD_ROOTLESS_ROOTLESSKIT_NET", "host")
        .env("DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER", "none");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let daemons = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    let path = std::env::split_paths(&path).chain(daemons);
    command.env("PATH", std::env::join_paths(path)?);
    Ok(command)
}

/// Starts Podman's service, which speaks the engine's API.
fn podman(places: &Places<'_>) -> Result<Command> {
    let program = Part::Podman
        .program("podman")
        .context("podman is missing")?;
    let registries = places.base.join("registries.conf");
    // Unlike Docker it wants TLS even on loopback, unless told.
    let local = "[[registry]]\nlocation = \"127.0.0.1\"\nprefix = \"127.0.0.1\"\ninsecure = true\n";
    fs::write(&registries, local)?;
    // What happens in it is written down for it alone: else all Podmans of a computer share one file, and hear each other.
    let settings = places.base.join("containers.conf");
    let events = places.base.join("events.log");
    fs::write(
        &settings,
        format!(
            "[engine]\nevents_logger = \"file\"\nevents_logfile_path = \"{}\"\n",
            events.display()
        ),
    )?;
    let policy = places.base.join(".config/containers");
    fs::create_dir_all(&policy)?;
    fs::write(
        policy.join("policy.json"),
        r#"{"default": [{"type": "insecureAcceptAnything"}]}"#,
    )?;
    let mut command = Command::new(program);
    command
        .args(["--storage-driver", "vfs", "--cgroup-manager", "cgroupfs"])
        .arg("--root")
        .arg(places.data)
        .arg("--runroot")
        .arg(places.base.join("exec"))
        .args(["system", "service", "-t", "0"])
        .arg(format!("unix://{}", places.socket.display()))
        .env("HOME", places.base)
        .env("XDG_RUNTIME_DIR", runtime(places)?)
        .env("CONTAINERS_CONF", settings)
        .env("CONTAINERS_REGISTRIES_CONF", registries)
        .env_remove("DOCKER_HOST");
    Ok(command)
}

fn runtime(places: &Places<'_>) -> Result<PathBuf> {
    let folder = places.base.join("run");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
