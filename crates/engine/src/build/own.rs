//! A build by the engine's own builder: one request whose body is the folder, and whose answer is what the builder says.
//!
//! Not here: what its lines mean (`classic`). Grows by another thing that Docker's API lets one say of a build.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::Request;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;

use super::{BuildEvent, BuildOf, Context, IgnoreFile, classic};
use crate::images::in_query;
use crate::lines::Lines;
use crate::raw::Opened;
use crate::{Engine, Error, transport};

/// Begins the build when first polled.
pub(super) fn build(
    engine: &Engine,
    of: BuildOf,
    sent: &Arc<AtomicU64>,
) -> BoxStream<'static, Result<BuildEvent, Error>> {
    let start = State::New(engine.clone(), Box::new(of), Arc::clone(sent));
    stream::unfold(start, next).boxed()
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
    let opened = tokio::task::spawn_blocking(move || {
        Context::open(&of.folder, &of.dockerfile, IgnoreFile::OfFolder)
    });
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
