//! The program while it runs: started, read to its end, asked to stop where nobody waits for it any more.
//!
//! Not here: what it says (`reader`). Grows by nothing.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr};

use super::{Buildx, reader};
use crate::build::{BuildEvent, BuildOf, Context, IgnoreFile, StepEnd, readable};
use crate::lines::Lines;
use crate::{Engine, Error};

/// How long it may take to end once it was asked to.
const PATIENCE: Duration = Duration::from_secs(5);
/// So many lines that are no progress are kept.
const KEPT: usize = 40;
/// The longest line it may say (bytes): a status of BuildKit holds up to 1 MiB of output in base64, and warnings bring the
/// whole Dockerfile each.
const LONGEST_LINE: usize = 16 * 1024 * 1024;
/// Begins a build when first polled. Dropping the stream asks the program to stop, and ends it where it doesn't.
pub(super) fn build(
    buildx: &Buildx,
    engine: &Engine,
    of: BuildOf,
    sent: &Arc<AtomicU64>,
) -> BoxStream<'static, Result<BuildEvent, Error>> {
    let start = State::New(
        Box::new((buildx.clone(), engine.clone(), of)),
        Arc::clone(sent),
    );
    stream::unfold(start, next).boxed()
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
pub(super) fn why(said: &[String]) -> String {
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
