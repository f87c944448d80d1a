//! `record FOLDER`: records what real engines say while they push, pull, build and load, and what happens in them meanwhile; and
//! what BuildKit says through `docker buildx`, in those that have it.
//!
//! Each engine's streams are files of a folder of its own, as the engine wrote them; only ports and temporary folders are replaced,
//! by others of the same length, so that a new recording differs where the engine does. Tests read them back (`engine`). Not here:
//! what a stream means.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use bytes::Bytes;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryOptions, need, program};

/// The engines, and the folder of each.
const ENGINES: [(EngineKind, Part, &str); 3] = [
    (EngineKind::Debian, Part::Dockerd, "docker-20.10"),
    (EngineKind::Containerd, Part::NewDockerd, "moby-2"),
    (EngineKind::Podman, Part::Podman, "podman-4.3"),
];
/// How long is listened to what happens in an engine: longer than all that is done in it.
const LISTENED: u64 = 15;
/// A program that needs no library: what a step of a build runs.
const PROGRAM: &str = "docker-init";

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.context("usage: record FOLDER")?;
    ensure!(need(Part::Registry), "A registry is missing.");
    ensure!(need(Part::Buildx), "buildx is missing.");
    for (kind, part, name) in ENGINES {
        ensure!(need(part), "{name} is missing.");
        let recorder = Recorder::start(kind, folder.join(name)).await?;
        recorder
            .record()
            .await
            .with_context(|| format!("recording {name}"))?;
    }
    Ok(())
}

struct Recorder {
    engine: Dockerd,
    registry: Registry,
    /// One that lets nobody in with what is said here.
    guarded: Registry,
    folder: PathBuf,
    /// Its steps can run something: Debian's `runc` is too old for the newest engine.
    runs: bool,
    has_buildkit: bool,
}

impl Recorder {
    async fn start(kind: EngineKind, folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let guarded = RegistryOptions {
            auth: Some(("demo", "secret")),
            ..RegistryOptions::default()
        };
        Ok(Self {
            engine: Dockerd::start_kind(kind, None).await?,
            registry: Registry::start(RegistryOptions::default()).await?,
            guarded: Registry::start(guarded).await?,
            folder,
            runs: kind != EngineKind::Containerd,
            has_buildkit: kind != EngineKind::Podman,
        })
    }

    /// Does all that is recorded, while somebody listens to what happens.
    async fn record(&self) -> Result<()> {
        let path = format!("/events?until={}", seconds() + LISTENED);
        let (told, done) = tokio::join!(self.engine.get(&path), self.work());
        done?;
        let (status, _, told) = told?;
        ensure!(status == 200, "events: {status}");
        self.keep("events", &told)
    }

    async fn work(&self) -> Result<()> {
        // Whoever listens does so by now.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let spec = ImageSpec::of_sizes(1, &[20_000, 300_000]);
        let local = "docker.io/local/tool:v1";
        let tar = spec.save(&[local])?;
        let loaded = self.post("/images/load", tar, &[]).await?;
        self.keep("load", &loaded)?;

        for (file, registry) in [("push", &self.registry), ("push-refused", &self.guarded)] {
            let name = format!("{}/lab/tool", registry.host());
            let tag = format!("/images/{local}/tag?repo={name}&tag=v1");
            self.post(&tag, Bytes::new(), &[]).await?;
            let who = format!(
                r#"{{"username":"nobody","password":"none","serveraddress":"{}"}}"#,
                registry.host()
            );
            let who = URL_SAFE.encode(if file == "push" { "{}" } else { &who });
            let path = format!("/images/{name}/push?tag=v1");
            let said = self
                .post(&path, Bytes::new(), &[("x-registry-auth", &who)])
                .await?;
            self.keep(file, &said)?;
        }

        // Large enough that unpacking it is told.
        let other = ImageSpec::of_sizes(2, &[20_000, 30_000_000]);
        push(&self.registry, "lab/other", "v1", &other).await?;
        let from = format!("{}/lab/other", self.registry.host());
        let path = format!("/images/create?fromImage={from}&tag=v1");
        let pulled = self.post(&path, Bytes::new(), &[]).await?;
        self.keep("pull", &pulled)?;

        for (file, argument) in [("build", "--version"), ("build-failed", "/missing")] {
            let last = match (self.runs, file) {
                (true, _) => format!("RUN [\"/tool\", \"{argument}\"]"),
                (false, "build") => "ENV c=d".to_owned(),
                (false, _) => "COPY missing /".to_owned(),
            };
            let path =
                "/build?dockerfile=Dockerfile&rm=1&forcerm=1&networkmode=none&t=local/built:1";
            let said = self.post(path, build_folder(&last)?, &[]).await?;
            self.keep(file, &said)?;
        }

        let container = self
            .engine
            .create_container("notebook", local, &["/none"])
            .await?;
        self.engine.remove_container(&container).await?;

        if self.has_buildkit {
            for (file, argument) in [("buildx", "--version"), ("buildx-failed", "/missing")] {
                let said = self.buildx(argument).await?;
                self.keep(file, &said)?;
            }
        }
        Ok(())
    }

    /// Asks the engine for something, and returns its whole answer.
    async fn post(
        &self,
        path: &str,
        body: impl Into<Bytes>,
        headers: &[(&str, &str)],
    ) -> Result<Bytes> {
        let mut all = vec![("content-type", "application/x-tar")];
        all.extend_from_slice(headers);
        let (status, _, said) = self.engine.post(path, body, &all).await?;
        let text = String::from_utf8_lossy(&said);
        ensure!((200..300).contains(&status), "{path}: {status} {text}");
        Ok(said)
    }

    /// Has BuildKit build a folder, and returns what the program says of it.
    async fn buildx(&self, argument: &str) -> Result<Vec<u8>> {
        let program = Part::Buildx
            .program("buildx")
            .context("buildx is missing")?;
        let folder = tempfile::tempdir()?;
        let last = format!("RUN [\"/tool\", \"{argument}\"]");
        tar::Archive::new(build_folder(&last)?.as_slice()).unpack(folder.path())?;
        let state = tempfile::tempdir()?;
        let said = tokio::process::Command::new(program)
            .args(["build", "--builder", "default", "--progress", "rawjson"])
            .args(["--provenance=false", "--sbom=false", "--network", "none"])
            .args(["--tag", "local/built:2"])
            .arg(folder.path())
            .env("DOCKER_HOST", self.engine.docker_host())
            .env("BUILDX_CONFIG", state.path())
            .env("DOCKER_CONFIG", state.path())
            .output()
            .await?;
        ensure!(
            said.status.success() == (argument != "/missing"),
            "buildx: {}",
            String::from_utf8_lossy(&said.stderr)
        );
        Ok(said.stderr)
    }

    /// Writes a stream as it came, but for what is another each time by nobody's will.
    fn keep(&self, name: &str, said: &[u8]) -> Result<()> {
        let mut text = String::from_utf8(said.to_vec())?;
        for (registry, digit) in [(&self.registry, "5"), (&self.guarded, "6")] {
            let port = registry.port().to_string();
            text = text.replace(
                &registry.host(),
                &format!("127.0.0.1:{}", digit.repeat(port.len())),
            );
        }
        let socket = self.engine.socket();
        let place = socket.parent().and_then(Path::to_str).context("a folder")?;
        let known = place.rfind('-').map_or(place, |end| &place[..=end]);
        let hidden = format!("{known}{}", "x".repeat(place.len() - known.len()));
        let text = without_numbers(&text.replace(place, &hidden), "api_load.tar");
        let file = self.folder.join(format!("{name}.jsonl"));
        fs::write(&file, text).with_context(|| file.display().to_string())
    }
}

/// A folder with a program, whose build ends with this step.
fn build_folder(last: &str) -> Result<Vec<u8>> {
    let program = program(PROGRAM).with_context(|| format!("{PROGRAM} is missing"))?;
    let dockerfile =
        format!("FROM scratch AS first\nCOPY tool /tool\nFROM first\nLABEL a=b\n{last}\n");
    let files = [
        ("Dockerfile", dockerfile.into_bytes(), 0o644),
        ("tool", fs::read(program)?, 0o755),
    ];
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes, mode) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(mode);
        builder.append_data(&mut header, path, bytes.as_slice())?;
    }
    Ok(builder.into_inner()?)
}

/// Puts zeros in the place of the digits behind a mark: a temporary file's name.
fn without_numbers(text: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(mark) {
        let (before, behind) = rest.split_at(at + mark.len());
        let end = behind.find(|char: char| !char.is_ascii_digit());
        let end = end.unwrap_or(behind.len());
        out.push_str(before);
        out.push_str(&"0".repeat(end));
        rest = &behind[end..];
    }
    out + rest
}

fn seconds() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
