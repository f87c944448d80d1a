//! The sandbox's registry as a container, for systems whose engine runs in a virtual machine.
//!
//! It is one container with a name of its own and its data in the sandbox's folder; it is removed at the end.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::Method;

use crate::parts::{Http, program};

const NAME: &str = "longshore-sandbox-registry";
const IMAGE: &str = "registry:3";

/// A running container.
pub(super) struct Container {
    program: PathBuf,
    port: u16,
}

impl Container {
    /// Returns the program that starts it, where that is the way: not on Linux, where a registry of one's own
    /// needs no container, and only while an engine answers.
    pub(super) fn program() -> Option<PathBuf> {
        if cfg!(target_os = "linux") {
            return None;
        }
        ["docker", "podman"].into_iter().find_map(|name| {
            let program = program(name)?;
            let answers = quiet(&program).arg("info").status();
            answers
                .is_ok_and(|status| status.success())
                .then_some(program)
        })
    }

    pub(super) async fn start(
        program: PathBuf,
        folder: &Path,
        user: &str,
        secret: &str,
        port: Option<u16>,
    ) -> Result<Self> {
        let data = folder.join("registry");
        let settings = folder.join("settings");
        fs::create_dir_all(&data)?;
        fs::create_dir_all(&settings)?;
        // A file, so that the secret is in nobody's list of processes.
        let line = format!("{user}:{}\n", bcrypt::hash(secret, 4)?);
        fs::write(settings.join("htpasswd"), line)?;
        let container = Self {
            program,
            port: free(port)?,
        };
        // One that a killed run left behind.
        container.remove();
        let output = Command::new(&container.program)
            .args(["run", "--detach", "--name", NAME])
            .args(["--publish", &format!("127.0.0.1:{}:5000", container.port)])
            .args(["--volume", &format!("{}:/var/lib/registry", data.display())])
            .args(["--volume", &format!("{}:/settings:ro", settings.display())])
            .args(["--env", "REGISTRY_AUTH=htpasswd"])
            .args(["--env", "REGISTRY_AUTH_HTPASSWD_REALM=longshore"])
            .args(["--env", "REGISTRY_AUTH_HTPASSWD_PATH=/settings/htpasswd"])
            .args(["--env", "REGISTRY_STORAGE_DELETE_ENABLED=true"])
            .arg(IMAGE)
            .output()
            .context("start the registry's container")?;
        if !output.status.success() {
            bail!(
                "{IMAGE} did not start: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        container.answers().await?;
        Ok(container)
    }

    pub(super) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    async fn answers(&self) -> Result<()> {
        let http = Http::tcp(&self.host(), None)?;
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(1) {
            if http
                .send(Method::GET, "/v2/", &[], Bytes::new())
                .await
                .is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("{IMAGE} does not answer on {}", self.host())
    }

    fn remove(&self) {
        let _ = quiet(&self.program).args(["rm", "--force", NAME]).status();
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.remove();
    }
}

fn quiet(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Finds a port: the wanted one if nobody has it, else one the system chooses.
fn free(wanted: Option<u16>) -> Result<u16> {
    let listener = match wanted.map(|port| TcpListener::bind(("127.0.0.1", port))) {
        Some(Ok(listener)) => listener,
        _ => TcpListener::bind("127.0.0.1:0")?,
    };
    Ok(listener.local_addr()?.port())
}
