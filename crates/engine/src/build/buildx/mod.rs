//! A build by BuildKit, with the `docker buildx` that is installed on this computer.
//!
//! What it is: a program that is run, whose standard error is read (`reader`). It builds in the very engine that it is told of, and
//! leaves the image there. Dropping the stream asks it to stop, and ends it where it doesn't. What it is not: it brings no program
//! along, and uses no builder but the engine's own BuildKit. Grows by another thing that `buildx build` can be told.

mod reader;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, Command};

use super::{BuildEvent, BuildOf, Context, IgnoreFile, StepEnd, readable};
use crate::find::Env;
use crate::lines::Lines;
use crate::{Address, Engine, Error};

/// How long it may take to end once it was asked to.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it may take to say its version.
const ASKED: Duration = Duration::from_secs(5);
/// The oldest version that tells its progress as JSON.
const OLDEST: (u32, u32) = (0, 13);
/// So many lines that are no progress are kept.
const KEPT: usize = 40;
/// The longest line it may say (bytes): a status of BuildKit holds up to 1 MiB of output in base64, and warnings bring the
/// whole Dockerfile each.
const LONGEST_LINE: usize = 16 * 1024 * 1024;
/// Variables that would lead it elsewhere than it is told.
const UNSET: [&str; 8] = [
    "BUILDX_BUILDER",
    "BUILDX_EXPERIMENTAL",
    "BUILDX_METADATA_PROVENANCE",
    "BUILDX_NO_DEFAULT_LOAD",
    "DOCKER_CONTEXT",
    "DOCKER_DEFAULT_PLATFORM",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
];

/// The `docker buildx` of this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buildx {
    /// The program.
    pub program: PathBuf,
    /// The folder for what it remembers; made where it is missing.
    pub state: PathBuf,
}

impl Buildx {
    /// Finds the program: among the plugins of the Docker client, else on the `PATH`. Blocks.
    pub fn find(env: &Env) -> Option<PathBuf> {
        let plugin = format!("docker-buildx{}", std::env::consts::EXE_SUFFIX);
        let folders = env.plugins().into_iter();
        let found = folders.map(|folder| folder.join(&plugin));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let bare = format!("buildx{}", std::env::consts::EXE_SUFFIX);
        let on_path = std::env::split_paths(&path)
            .flat_map(|folder| [folder.join(&plugin), folder.join(&bare)]);
        let is_there = |file: &PathBuf| file.is_absolute() && file.is_file();
        found.chain(on_path).find(is_there)
    }

    /// Returns its version; none where it can't be run, or is too old to be read.
    pub async fn version(&self) -> Option<String> {
        let mut command = Command::new(&self.program);
        command
            .arg("version")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let said = tokio::time::timeout(ASKED, command.output()).await;
        let said = said.ok()?.ok()?;
        read_version(&String::from_utf8_lossy(&said.stdout))
    }

    /// Tells whether it can build in this engine: one of this computer, that is reached as the program itself reaches it and
    /// has BuildKit. Over a plain connection to another computer secrets would be read by whoever listens.
    pub fn can_build_in(engine: &Engine) -> bool {
        reaches(engine.address()) && !engine.is_podman()
    }

    /// Begins the build when first polled.
    pub(super) fn build(
        &self,
        engine: &Engine,
        of: BuildOf,
        sent: &Arc<AtomicU64>,
    ) -> BoxStream<'static, Result<BuildEvent, Error>> {
        let start = State::New(
            Box::new((self.clone(), engine.clone(), of)),
            Arc::clone(sent),
        );
        stream::unfold(start, next).boxed()
    }

    /// Writes down what is run.
    fn command(&self, address: &Address, of: &BuildOf, told: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args([
            "build",
            "--builder",
            "default",
            "--progress",
            "rawjson",
            "--provenance=false",
            "--sbom=false",
            "--metadata-file",
        ]);
        command.arg(told);
        command.arg("--file").arg(of.folder.join(&of.dockerfile));
        let mut add = |option: &str, value: Option<&String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                command.arg(option).arg(value);
            }
        };
        add("--target", of.target.as_ref());
        add("--platform", of.platform.as_ref());
        add("--tag", of.name.as_ref());
        if of.no_cache {
            command.arg("--no-cache");
        }
        for (name, value) in &of.args {
            if is_its_own(name) {
                command.arg("--build-arg").arg(format!("{name}={value}"));
            } else {
                // Not where everybody on this computer can read it.
                command.arg("--build-arg").arg(name).env(name, value);
            }
        }
        for (id, file) in &of.secrets {
            command.arg("--secret").arg(secret(id, file));
        }
        command
            .arg(&of.folder)
            .env("DOCKER_HOST", address.to_string())
            .env("BUILDX_CONFIG", &self.state);
        for name in UNSET {
            command.env_remove(name);
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        command
    }
}

/// Tells whether an address is of this computer, in a form that the program reads.
fn reaches(address: &Address) -> bool {
    let read = matches!(
        address,
        Address::Unix(_) | Address::Pipe(_) | Address::Tcp(_)
    );
    read && address.host().is_none()
}

/// Tells whether a variable would mean something to the program itself, or to what it stands on.
fn is_its_own(name: &str) -> bool {
    const BEGINS: [&str; 7] = [
        "BUILDKIT_",
        "BUILDX_",
        "LC_",
        "LD_",
        "OTEL_",
        "SSL_",
        "XDG_",
    ];
    // Whole names where what begins so is as often a secret of somebody else's: `GOOGLE_API_KEY`, `DOCKER_PASSWORD`.
    const NAMES: [&str; 31] = [
        "DOCKER_API_VERSION",
        "DOCKER_AUTH_CONFIG",
        "DOCKER_BUILDKIT",
        "DOCKER_CERT_PATH",
        "DOCKER_CLI_HINTS",
        "DOCKER_CONFIG",
        "DOCKER_CONTENT_TRUST",
        "DOCKER_CONTENT_TRUST_SERVER",
        "DOCKER_CONTEXT",
        "DOCKER_CUSTOM_HEADERS",
        "DOCKER_DEFAULT_PLATFORM",
        "DOCKER_HIDE_LEGACY_COMMANDS",
        "DOCKER_HOST",
        "DOCKER_TLS",
        "DOCKER_TLS_VERIFY",
        "GOCOVERDIR",
        "GODEBUG",
        "GOGC",
        "GOMAXPROCS",
        "GOMEMLIMIT",
        "GORACE",
        "GOTRACEBACK",
        "HOME",
        "LANG",
        "PATH",
        "SHELL",
        "SSH_ASKPASS",
        "SSH_AUTH_SOCK",
        "TMPDIR",
        "TMP",
        "TEMP",
    ];
    let name = name.to_ascii_uppercase();
    name.ends_with("_PROXY")
        || NAMES.contains(&name.as_str())
        || BEGINS.iter().any(|begin| name.starts_with(begin))
}

/// Writes a secret as the program reads it: comma separated values.
fn secret(id: &str, file: &Path) -> OsString {
    let field = |text: String| {
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    let source = field(format!("src={}", file.display()));
    format!("{},{source}", field(format!("id={id}"))).into()
}

/// Reads "github.com/docker/buildx v0.38.2 abc"; none of one that is too old.
fn read_version(said: &str) -> Option<String> {
    let mut words = said.split_whitespace();
    let version = words.find_map(|word| {
        let version = word.strip_prefix('v').unwrap_or(word);
        version
            .starts_with(|first: char| first.is_ascii_digit())
            .then_some(version)
    })?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    let at = (parts.next()??, parts.next()??);
    // One that was built without being told its version is no old one: old ones were.
    (at >= OLDEST || at == (0, 0)).then(|| version.to_owned())
}

enum State {
    New(Box<(Buildx, Engine, BuildOf)>, Arc<AtomicU64>),
    Running(Box<Running>),
    Over,
}

struct Running {
    program: Program,
    stderr: ChildStderr,
    lines: Lines,
    reader: reader::Reader,
    /// What it said besides its progress, the last of it.
    said: Vec<String>,
    told: Told,
    engine: Engine,
    sent: Arc<AtomicU64>,
    ended: Option<Result<(), Error>>,
}

/// A program that is asked to stop when nobody waits for it any more.
struct Program(Option<Child>);

/// The file in which it tells what it made; it goes with this.
struct Told(PathBuf);

impl Drop for Told {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let Some(mut child) = self.0.take() else {
            return;
        };
        let Some(id) = child.id() else {
            return; // it has ended
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return; // whoever is left alone is killed
        };
        interrupt(&mut child, id);
        runtime.spawn(async move {
            if tokio::time::timeout(PATIENCE, child.wait()).await.is_err() {
                let _ = child.start_kill();
                let _ = child.wait().await;
            }
        });
    }
}

/// Asks it, and all that it started, to stop: it tells the engine then.
#[cfg(unix)]
fn interrupt(_: &mut Child, id: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::INT);
    }
}

/// Ends it: nothing can be asked of it here, and the engine stops where nobody listens any more.
#[cfg(not(unix))]
fn interrupt(child: &mut Child, _: u32) {
    let _ = child.start_kill();
}

/// Takes one step of the stream: the next event, or the end.
async fn next(state: State) -> Option<(Result<BuildEvent, Error>, State)> {
    let mut running = match state {
        State::New(new, sent) => {
            let (buildx, engine, of) = *new;
            match begin(buildx, engine, of, sent).await {
                Ok(running) => running,
                Err(error) => return Some((Err(error), State::Over)),
            }
        }
        State::Running(running) => running,
        State::Over => return None,
    };
    loop {
        if let Some(event) = running.reader.next_event() {
            return Some((Ok(event), State::Running(running)));
        }
        match running.ended.take() {
            None => running.read().await,
            Some(Ok(())) => return None,
            // What was understood before the error has been told.
            Some(Err(error)) => return Some((Err(error), State::Over)),
        }
    }
}

async fn begin(
    buildx: Buildx,
    engine: Engine,
    of: BuildOf,
    sent: Arc<AtomicU64>,
) -> Result<Box<Running>, Error> {
    let started = tokio::task::spawn_blocking(move || {
        Context::open(&of.folder, &of.dockerfile, IgnoreFile::OfDockerfile)?;
        let broken =
            |error: std::io::Error| Error::Context(format!("docker buildx can’t be run: {error}."));
        fs::create_dir_all(&buildx.state).map_err(broken)?;
        let told = Told(buildx.state.join(name_of_file()));
        let address = engine.address().clone();
        Ok::<_, Error>((buildx.command(&address, &of, &told.0), told, engine))
    });
    let (mut command, told, engine) = started
        .await
        .map_err(|error| Error::Broken(error.to_string()))??;
    let broken =
        |error: std::io::Error| Error::Context(format!("docker buildx can’t be run: {error}."));
    let mut child = command.spawn().map_err(broken)?;
    let stderr = child.stderr.take();
    Ok(Box::new(Running {
        program: Program(Some(child)),
        stderr: stderr.ok_or_else(|| Error::Broken("it has no output".to_owned()))?,
        lines: Lines::up_to(LONGEST_LINE),
        reader: reader::Reader::default(),
        said: Vec::new(),
        told,
        engine,
        sent,
        ended: None,
    }))
}

/// Returns a name that no other build of this computer has.
fn name_of_file() -> String {
    static BUILDS: AtomicU64 = AtomicU64::new(0);
    let number = BUILDS.fetch_add(1, Ordering::Relaxed);
    format!("made-{}-{number}.json", std::process::id())
}

impl Running {
    /// Reads on: a piece of what it says, or its end.
    async fn read(&mut self) {
        let mut piece = vec![0; 64 * 1024];
        let ended = match self.stderr.read(&mut piece).await {
            Ok(read) if read > 0 => {
                self.lines.push(&piece[..read]);
                self.take_lines().err().map(Err)
            }
            Ok(_) => {
                if let Some(line) = self.lines.rest() {
                    self.take(&line);
                }
                Some(self.end().await)
            }
            Err(error) => Some(Err(Error::Broken(error.to_string()))),
        };
        if ended.as_ref().is_some_and(Result::is_err) {
            self.reader.end(StepEnd::Failed);
        }
        self.ended = ended;
    }

    fn take_lines(&mut self) -> Result<(), Error> {
        while let Some(line) = self.lines.next_line()? {
            self.take(&line);
        }
        Ok(())
    }

    fn take(&mut self, line: &[u8]) {
        if !self.reader.read(line) {
            self.said.push(readable(&String::from_utf8_lossy(line)));
            let more = self.said.len().saturating_sub(KEPT);
            self.said.drain(..more);
        }
        self.sent.store(self.reader.sent(), Ordering::Relaxed);
    }

    /// Waits for its end, and looks at what it made.
    async fn end(&mut self) -> Result<(), Error> {
        let status = match &mut self.program.0 {
            Some(child) => child.wait().await,
            None => return Ok(()),
        };
        let status = status.map_err(|error| Error::Broken(error.to_string()))?;
        if !status.success() {
            // Where the engine is gone, that is what is wrong.
            self.engine.info().await?;
            return Err(Error::InStream(why(&self.said)));
        }
        let path = self.told.0.clone();
        let made = tokio::task::spawn_blocking(move || fs::read(path)).await;
        let made = made.map_err(|error| Error::Broken(error.to_string()))?;
        let made: Made = serde_json::from_slice(&made.unwrap_or_default()).unwrap_or_default();
        self.reader.end(StepEnd::Done);
        // An engine with the containerd store knows it by its manifest, another by its config.
        for id in [made.manifest, made.config].into_iter().flatten() {
            if self.engine.inspect(&id).await?.is_some() {
                self.reader.tell(BuildEvent::Image(id));
                break;
            }
        }
        Ok(())
    }
}

/// What the program tells of the image that it made.
#[derive(Deserialize, Default)]
struct Made {
    #[serde(default, rename = "containerimage.digest")]
    manifest: Option<String>,
    #[serde(default, rename = "containerimage.config.digest")]
    config: Option<String>,
}

/// Returns why a build failed, in the program's own words.
fn why(said: &[String]) -> String {
    let error = said
        .iter()
        .rfind(|line| line.trim_start().starts_with("ERROR:"));
    let mut text = match error {
        Some(error) => error.trim_start(),
        None => return said.join("\n"),
    };
    for begin in ["ERROR: ", "failed to build: ", "failed to solve: "] {
        text = text.strip_prefix(begin).unwrap_or(text);
    }
    text.trim().to_owned()
}
