//! Building an image from a folder with a Dockerfile.
//!
//! What it is: one request whose body is the folder (`context`) and whose answer is what the builder says, read as steps
//! (`classic`). Dropping the [`Build`] closes the connection, which makes the engine stop. What it is not: it pushes nothing,
//! and reads of a Dockerfile no more than the names in it (`dockerfile`). Grows by another builder.

pub(crate) mod classic;
mod context;
mod dockerfile;
mod ignore;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context as Poller, Poll};

use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use http::Request;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;

pub use context::{Context, ContextSize};
pub use dockerfile::{BuildArg, Dockerfile};

use crate::images::in_query;
use crate::lines::Lines;
use crate::raw::Opened;
use crate::{Engine, Error, transport};

/// What is built, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildOf {
    /// The folder whose files the build may read.
    pub folder: PathBuf,
    /// The Dockerfile's path in it, with `/`.
    pub dockerfile: String,
    /// The stage to stop at; the last one where none is named.
    pub target: Option<String>,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
    /// The platform it is for; the engine's own where none is named.
    pub platform: Option<String>,
    /// Nothing of earlier builds is used.
    pub no_cache: bool,
    /// The name the image gets, with its tag.
    pub name: Option<String>,
}

/// One thing that happened during a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildEvent {
    /// A step began.
    Step {
        /// Names it in later events.
        key: u32,
        /// Which one it is, where it is counted.
        number: Option<u32>,
        /// Of how many.
        of: Option<u32>,
        /// The stage it belongs to, where that is told.
        stage: Option<String>,
        /// Its line of the Dockerfile.
        text: String,
    },
    /// A step printed a line.
    Line {
        /// Which step.
        step: u32,
        /// The line, without signs that move a cursor or colour anything.
        text: String,
    },
    /// A step ended.
    Ended {
        /// Which step.
        step: u32,
        /// How it did.
        how: StepEnd,
    },
    /// The image is there; its id.
    Image(String),
    /// The builder warns of something.
    Warning(String),
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepEnd {
    /// What an earlier build made was taken.
    Cached,
    /// Done now.
    Done,
    /// It failed, and the build with it.
    Failed,
}

/// A running build. It begins when first polled, ends after its first error, and is cancelled by dropping it.
pub struct Build {
    events: BoxStream<'static, Result<BuildEvent, Error>>,
    sent: Arc<AtomicU64>,
}

impl Build {
    /// Returns how many bytes of the folder have been sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Stream for Build {
    type Item = Result<BuildEvent, Error>;

    fn poll_next(mut self: Pin<&mut Self>, poller: &mut Poller<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll_next_unpin(poller)
    }
}

impl fmt::Debug for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Build").finish_non_exhaustive()
    }
}

impl Engine {
    /// Lets the engine's own builder build an image.
    pub fn build(&self, of: BuildOf) -> Build {
        let sent = Arc::new(AtomicU64::new(0));
        let start = State::New(self.clone(), Box::new(of), Arc::clone(&sent));
        Build {
            events: stream::unfold(start, next).boxed(),
            sent,
        }
    }
}

/// Makes text of a build fit to be shown as one line: no escape sequences, no other controls.
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\u{1b}' if chars.next_if_eq(&'[').is_some() => {
                // Up to the letter that says what it does.
                while chars.next_if(|char| !('@'..='~').contains(char)).is_some() {}
                chars.next();
            }
            '\t' => out.push_str("    "),
            char if char.is_control() && char != '\n' => {}
            char => out.push(char),
        }
    }
    out
}

fn path(of: &BuildOf) -> Result<String, Error> {
    let mut path = format!(
        "/build?dockerfile={}&rm=1&forcerm=1",
        in_query(&of.dockerfile)
    );
    // Podman takes no value that is empty.
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            path.extend(["&", name, "=", &in_query(value)]);
        }
    };
    add("t", of.name.as_deref());
    add("target", of.target.as_deref());
    add("platform", of.platform.as_deref());
    add("nocache", of.no_cache.then_some("1"));
    if !of.args.is_empty() {
        let args = serde_json::to_string(&of.args);
        let args = args.map_err(|error| Error::Broken(error.to_string()))?;
        add("buildargs", Some(&args));
    }
    Ok(path)
}

enum State {
    New(Engine, Box<BuildOf>, Arc<AtomicU64>),
    Running(Box<Running>),
    /// What was understood before the error is told first.
    Failing(Box<Running>, Error),
    Over,
}

struct Running {
    opened: Opened,
    lines: Lines,
    reader: classic::Reader,
    trouble: Arc<OnceLock<Error>>,
    ended: bool,
}

/// Takes one step of the stream: the next event, or the end.
async fn next(state: State) -> Option<(Result<BuildEvent, Error>, State)> {
    let mut running = match state {
        State::New(engine, of, sent) => match begin(&engine, *of, &sent).await {
            Ok(running) => running,
            Err(error) => return Some((Err(error), State::Over)),
        },
        State::Running(running) => running,
        State::Failing(mut running, error) => {
            return Some(match running.reader.next_event() {
                Some(event) => (Ok(event), State::Failing(running, error)),
                None => (Err(error), State::Over),
            });
        }
        State::Over => return None,
    };
    match running.next().await {
        Ok(Some(event)) => Some((Ok(event), State::Running(running))),
        Ok(None) => None,
        Err(error) => {
            // Where our own side broke off, the engine's complaint about it says nothing.
            let error = running.trouble.get().cloned().unwrap_or(error);
            Some(match running.reader.next_event() {
                Some(event) => (Ok(event), State::Failing(running, error)),
                None => (Err(error), State::Over),
            })
        }
    }
}

async fn begin(
    engine: &Engine,
    of: BuildOf,
    count: &Arc<AtomicU64>,
) -> Result<Box<Running>, Error> {
    let path = path(&of)?;
    let opened = tokio::task::spawn_blocking(move || Context::open(&of.folder, &of.dockerfile));
    let context = opened
        .await
        .map_err(|error| Error::Broken(error.to_string()))??;
    let sending = context.send(Arc::clone(count));
    let pieces = sending.pieces.map(|piece| piece.map(Frame::data));
    let request = Request::post(path)
        .header("Content-Type", "application/x-tar")
        .body(BodyExt::boxed_unsync(StreamBody::new(pieces)))
        .map_err(|_| Error::Context("The build arguments are too long.".to_owned()))?;
    let opened = engine.open(request).await;
    let opened = opened.map_err(|error| sending.trouble.get().cloned().unwrap_or(error))?;
    Ok(Box::new(Running {
        opened,
        lines: Lines::default(),
        reader: classic::Reader::default(),
        trouble: sending.trouble,
        ended: false,
    }))
}

impl Running {
    async fn next(&mut self) -> Result<Option<BuildEvent>, Error> {
        loop {
            if let Some(event) = self.reader.next_event() {
                return Ok(Some(event));
            }
            if let Some(line) = self.lines.next_line()? {
                self.reader.read(&line)?;
                continue;
            }
            if self.ended {
                return Ok(None);
            }
            match self.opened.body.frame().await {
                Some(Ok(frame)) => {
                    if let Some(chunk) = frame.data_ref() {
                        self.lines.push(chunk);
                    }
                }
                Some(Err(error)) => return Err(transport::broken_connection(&error)),
                None => {
                    self.ended = true;
                    if let Some(line) = self.lines.rest() {
                        self.reader.read(&line)?;
                    }
                    self.reader.end_well();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_shown_as_plain_text() {
        assert_eq!(readable("\u{1b}[91mred\u{1b}[0m"), "red");
        assert_eq!(readable("a\u{1b}[2Kb\u{7}c\td"), "abc    d");
        assert_eq!(readable("\u{1b}["), "");
    }
}
