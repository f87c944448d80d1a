//! A real engine with a data folder and a socket of its own: Docker's, or Podman's in its place.

mod bridge;
mod command;
mod containers;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::Method;
use tempfile::TempDir;

use super::http_client::{Answer, Http};
use super::process::Process;
use super::tls::Certificates;
use bridge::Bridge;
use command::{Places, command};

/// Which engine to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Debian's, with graph drivers.
    #[default]
    Debian,
    /// The newest, with the containerd image store, built with Go.
    Containerd,
    /// The one on this machine in a user namespace, for a person who is not root.
    Rootless,
    /// Podman's service, which speaks the same API.
    Podman,
}

/// A running engine, ended with its containerd and its mounts when dropped.
#[derive(Debug)]
pub struct Dockerd {
    // Fields drop in this order: first the process, then what it left, then the folder.
    process: Option<Process>,
    http: Http,
    socket: PathBuf,
    data: PathBuf,
    kind: Kind,
    tls: Option<EngineTls>,
    insecure: Vec<String>,
    bridge: Option<Bridge>,
    mirror: Option<String>,
    /// The proxy that it goes through to all but this computer, and the one authority that it trusts.
    behind: Option<(String, String)>,
    folder: Option<TempDir>,
}

/// An engine that also listens on a port of loopback, with TLS: who it lets in must show a certificate.
#[derive(Debug, Clone)]
pub struct EngineTls {
    /// The authority that vouches for the engine, and for its clients.
    pub certificates: Certificates,
    /// The port.
    pub port: u16,
}

impl Dockerd {
    /// Starts Debian's engine. Images are kept in `dir` when given, else in a temporary folder; sockets
    /// and state are always temporary.
    pub async fn start(dir: Option<&Path>) -> Result<Self> {
        Self::start_kind(Kind::Debian, dir).await
    }

    /// Starts an engine of the given kind.
    pub async fn start_kind(kind: Kind, dir: Option<&Path>) -> Result<Self> {
        Self::start_as(kind, dir, None).await
    }

    /// Starts a Docker engine that also listens with TLS.
    pub async fn start_with_tls(kind: Kind) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let certificates = Certificates::for_loopback()?;
        Self::start_as(kind, None, Some(EngineTls { certificates, port })).await
    }

    /// Returns how it listens with TLS, where it does.
    pub fn tls(&self) -> Option<&EngineTls> {
        self.tls.as_ref()
    }

    /// Starts Debian's, which may speak to these registries without TLS (`--insecure-registry`).
    pub async fn start_insecure(registries: &[&str]) -> Result<Self> {
        let mut engine = Self::prepared(Kind::Debian, None, None)?;
        engine.insecure = registries.iter().map(|&one| one.to_owned()).collect();
        engine.run_there().await?;
        Ok(engine)
    }

    /// Starts Debian's, whose containers have a network: ports of theirs can be given to this computer.
    pub async fn start_with_network() -> Result<Self> {
        let mut engine = Self::prepared(Kind::Debian, None, None)?;
        engine.bridge = Some(Bridge::make()?);
        engine.run_there().await?;
        Ok(engine)
    }

    /// Starts the same, for which a registry of this computer stands in for Docker Hub; nobody else is reached by it.
    pub async fn start_with_mirror(mirror: &str) -> Result<Self> {
        let mut engine = Self::prepared(Kind::Debian, None, None)?;
        engine.bridge = Some(Bridge::make()?);
        engine.mirror = Some(mirror.to_owned());
        engine.run_there().await?;
        Ok(engine)
    }

    /// Starts Debian's, which goes through this proxy to all but this computer, and trusts this authority alone (PEM).
    pub async fn start_behind(proxy: &str, authority: &str) -> Result<Self> {
        let mut engine = Self::prepared(Kind::Debian, None, None)?;
        engine.behind = Some((proxy.to_owned(), authority.to_owned()));
        engine.run_there().await?;
        Ok(engine)
    }

    async fn start_as(kind: Kind, dir: Option<&Path>, tls: Option<EngineTls>) -> Result<Self> {
        let mut engine = Self::prepared(kind, dir, tls)?;
        engine.run_there().await?;
        Ok(engine)
    }

    /// Makes the places of one that is not run yet.
    fn prepared(kind: Kind, dir: Option<&Path>, tls: Option<EngineTls>) -> Result<Self> {
        // Short: containerd's own sockets go below it, and a socket's path may hold 107 bytes.
        let folder = tempfile::Builder::new()
            .prefix("longshore-engine-")
            .tempdir()?;
        let base = folder.path().to_owned();
        let data = dir.map_or_else(|| base.join("data"), Path::to_owned);
        fs::create_dir_all(&data)?;
        let socket = base.join("docker.sock");
        Ok(Self {
            process: None,
            http: Http::unix(&socket)?,
            socket,
            data,
            kind,
            tls,
            insecure: Vec::new(),
            bridge: None,
            mirror: None,
            behind: None,
            folder: Some(folder),
        })
    }

    async fn run_there(&mut self) -> Result<()> {
        let folder = self.folder.as_ref().context("it was stopped")?;
        let base = folder.path().to_owned();
        self.run(&base).await
    }

    /// Runs it until it answers.
    async fn run(&mut self, base: &Path) -> Result<()> {
        let places = Places {
            base,
            data: &self.data,
            socket: &self.socket,
            bridge: self.bridge.as_ref().map_or("none", Bridge::name),
        };
        let mut command = command(self.kind, &places)?;
        if let Some(EngineTls { certificates, port }) = &self.tls {
            for (name, text) in [
                ("ca", &certificates.ca),
                ("cert", &certificates.certificate),
                ("key", &certificates.key),
            ] {
                let path = base.join(format!("{name}.pem"));
                fs::write(&path, text)?;
                let option = if name == "ca" { "cacert" } else { name };
                command.arg(format!("--tls{option}")).arg(path);
            }
            command.arg("--tlsverify");
            command.arg("--host").arg(format!("tcp://127.0.0.1:{port}"));
        }
        if let Some((proxy, authority)) = &self.behind {
            let file = base.join("authority.pem");
            fs::write(&file, authority)?;
            command
                .env("HTTPS_PROXY", format!("http://{proxy}"))
                .env("NO_PROXY", "127.0.0.1,localhost")
                .env("SSL_CERT_FILE", file);
        }
        for registry in &self.insecure {
            command.arg("--insecure-registry").arg(registry);
        }
        if let Some(mirror) = &self.mirror {
            command.arg("--registry-mirror").arg(mirror);
            // What the mirror doesn't have is asked for nowhere else.
            for name in ["HTTP_PROXY", "HTTPS_PROXY"] {
                command.env(name, "http://127.0.0.1:1");
            }
            command.env("NO_PROXY", "127.0.0.1");
        }
        let asked = self.http.clone();
        let process = self
            .process
            .insert(Process::start(command, &base.join("log"))?);
        process
            .until(Duration::from_mins(1), async |_: &Process| {
                let answer = asked.send(Method::GET, "/_ping", &[], Bytes::new()).await;
                answer.ok().filter(|(status, _, _)| *status == 200)
            })
            .await?;
        Ok(())
    }

    /// Kills it, as a crash would: its socket is gone, its images stay.
    pub fn kill(&mut self) {
        let id = self.process.as_ref().and_then(Process::id);
        if let Some(id) = id.and_then(|id| i32::try_from(id).ok()) {
            kill(id);
        }
        self.process = None;
        if let Some(folder) = &self.folder {
            end_leftovers(folder.path());
            // Who was killed may not have been reaped yet, and would count as running.
            for of in ["pid", "exec/containerd/containerd.pid"] {
                let _ = fs::remove_file(folder.path().join(of));
            }
        }
        let _ = fs::remove_file(&self.socket);
    }

    /// Runs it again where it was, with the images it had.
    pub async fn revive(&mut self) -> Result<()> {
        self.run_there().await
    }

    /// Returns the path of its socket.
    pub fn socket(&self) -> PathBuf {
        self.socket.clone()
    }

    /// Returns what `DOCKER_HOST` must be.
    pub fn docker_host(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Returns what it has printed.
    pub fn log(&self) -> String {
        self.process.as_ref().map(Process::log).unwrap_or_default()
    }

    /// Sends a GET to its API.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.http.send(Method::GET, path, &[], Bytes::new()).await
    }

    /// Sends a POST to its API.
    pub async fn post(
        &self,
        path: &str,
        body: impl Into<Bytes>,
        headers: &[(&str, &str)],
    ) -> Result<Answer> {
        self.http.send(Method::POST, path, headers, body).await
    }

    /// Sends a DELETE to its API.
    pub async fn delete(&self, path: &str) -> Result<Answer> {
        self.http
            .send(Method::DELETE, path, &[], Bytes::new())
            .await
    }

    /// Loads a `docker save` archive.
    pub async fn load_tar(&self, tar: impl Into<Bytes>) -> Result<()> {
        let headers = [("content-type", "application/x-tar")];
        let (status, _, body) = self.post("/images/load?quiet=1", tar, &headers).await?;
        let said = String::from_utf8_lossy(&body);
        if status != 200 || said.contains("errorDetail") {
            bail!("the engine did not load the image: {status} {said}");
        }
        Ok(())
    }

    /// Tells whether it holds an image of that name or id.
    pub async fn has_image(&self, name: &str) -> Result<bool> {
        Ok(self.image(name).await?.is_some())
    }

    /// Asks what it says about an image, if it holds it.
    pub async fn image(&self, name: &str) -> Result<Option<serde_json::Value>> {
        let (status, _, body) = self.get(&format!("/images/{name}/json")).await?;
        match status {
            200 => Ok(Some(serde_json::from_slice(&body)?)),
            404 => Ok(None),
            other => bail!("inspect {name}: {other} {}", String::from_utf8_lossy(&body)),
        }
    }

    /// Removes a name, or the image when it was the last.
    pub async fn remove_image(&self, name: &str) -> Result<()> {
        let (status, _, body) = self.delete(&format!("/images/{name}?force=1")).await?;
        if status != 200 {
            bail!("remove {name}: {status} {}", String::from_utf8_lossy(&body));
        }
        Ok(())
    }

    /// Ends it and everything it started.
    pub fn stop(&mut self) {
        self.process = None;
        let Some(folder) = self.folder.take() else {
            return;
        };
        end_leftovers(folder.path());
        end_pause(folder.path());
        // Mounts must go first, or removing the folder would fail or reach into them.
        unmount_below(folder.path());
        unmount_below(&self.data);
        self.bridge = None;
    }
}

impl Drop for Dockerd {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Ends what names our folder in its arguments: containerd and its shims live in sessions of their own and
/// survive an engine that was killed.
fn end_leftovers(folder: &Path) {
    let needle = folder.to_string_lossy().into_owned();
    for _ in 0..50 {
        let found: Vec<i32> = fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().to_string_lossy().parse::<i32>().ok())
            .filter(|id| {
                let arguments = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
                let text = String::from_utf8_lossy(&arguments);
                let program = text.split('\0').next().unwrap_or_default();
                program.contains("containerd") && text.contains(&needle)
            })
            .collect();
        if found.is_empty() {
            return;
        }
        for id in found {
            kill(id);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Ends the process that Podman without root leaves: it holds the namespace, and Podman writes down which it is.
fn end_pause(folder: &Path) {
    let written = fs::read_to_string(folder.join("run/libpod/tmp/pause.pid"));
    if let Some(id) = written.ok().and_then(|text| text.trim().parse().ok()) {
        kill(id);
    }
}

#[cfg(unix)]
fn kill(id: i32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(pid) = Pid::from_raw(id) {
        let _ = kill_process(pid, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill(_id: i32) {}

fn unmount_below(folder: &Path) {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let prefix = format!("{}/", folder.display());
    let mut points: Vec<&str> = mounts
        .lines()
        .filter_map(|line| line.split(' ').nth(4))
        .filter(|point| point.starts_with(&prefix))
        .collect();
    points.reverse();
    for point in points {
        let _ = Command::new("umount").arg("--lazy").arg(point).output();
    }
}
