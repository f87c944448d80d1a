//! An answer of lines, read one after the other for as long as the engine works.
//!
//! Not here: what a line says (`event`, `events`). Grows by nothing; another kind of answer is another [`ReadLines`].

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, Stream, StreamExt};
use http::Request;
use http_body_util::BodyExt;
use hyper::body::Body;

use super::Lines;
use crate::raw::Opened;
use crate::transport;
use crate::{Engine, Error};

/// Reads the lines of one answer.
pub(crate) trait ReadLines: Send + 'static {
    /// What a line says.
    type Event: Send + 'static;

    /// Reads a line; `None` for a line that says nothing new. An error the engine reports is an error here.
    fn read(&mut self, line: &[u8]) -> Result<Option<Self::Event>, Error>;
}

/// An answer that is read line by line. It ends after its first error, and what the engine does for it is cancelled by
/// dropping it.
pub struct Reading<E> {
    events: BoxStream<'static, Result<E, Error>>,
}

impl<E> Stream for Reading<E> {
    type Item = Result<E, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll_next_unpin(context)
    }
}

impl<E> fmt::Debug for Reading<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").finish_non_exhaustive()
    }
}

impl<E: Send + 'static> Reading<E> {
    /// Sends this request, whose path has no version, when first polled, and reads its answer.
    pub(crate) fn of<B, R>(engine: &Engine, request: Result<Request<B>, Error>, reader: R) -> Self
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        R: ReadLines<Event = E>,
    {
        let engine = engine.clone();
        let opening = async move { engine.open(request?).await };
        Self::from(State::Opening(opening.boxed(), reader))
    }

    /// Reads an answer that has begun.
    pub(crate) fn over<R: ReadLines<Event = E>>(opened: Opened, reader: R) -> Self {
        Self::from(State::Running(Box::new(Running::new(opened, reader))))
    }

    fn from<R: ReadLines<Event = E>>(state: State<R>) -> Self {
        Self {
            events: stream::unfold(state, next).boxed(),
        }
    }
}

enum State<R> {
    Opening(BoxFuture<'static, Result<Opened, Error>>, R),
    Running(Box<Running<R>>),
    Over,
}

/// Takes one step of the stream: the next event, or the end.
async fn next<R: ReadLines>(state: State<R>) -> Option<(Result<R::Event, Error>, State<R>)> {
    let mut running = match state {
        State::Opening(opening, reader) => match opening.await {
            Ok(opened) => Box::new(Running::new(opened, reader)),
            Err(error) => return Some((Err(error), State::Over)),
        },
        State::Running(running) => running,
        State::Over => return None,
    };
    match running.next().await {
        Ok(Some(event)) => Some((Ok(event), State::Running(running))),
        Ok(None) => None,
        Err(error) => Some((Err(error), State::Over)),
    }
}

struct Running<R> {
    opened: Opened,
    lines: Lines,
    reader: R,
    ended: bool,
}

impl<R: ReadLines> Running<R> {
    fn new(opened: Opened, reader: R) -> Self {
        Self {
            opened,
            lines: Lines::default(),
            reader,
            ended: false,
        }
    }

    async fn next(&mut self) -> Result<Option<R::Event>, Error> {
        loop {
            while let Some(line) = self.lines.next_line()? {
                if let Some(event) = self.reader.read(&line)? {
                    return Ok(Some(event));
                }
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
                    if let Some(line) = self.lines.rest()
                        && let Some(event) = self.reader.read(&line)?
                    {
                        return Ok(Some(event));
                    }
                }
            }
        }
    }
}
