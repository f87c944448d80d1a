//! Push and pull: one request each, whose answer is a stream of lines that lasts as long as the transfer.
//!
//! The engine does the work and signs in to the registry itself. Dropping the [`Transfer`] closes the connection, which
//! makes the engine stop.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use http::Request;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Incoming;
use serde::Deserialize;

use crate::event::Reader;
use crate::images::{in_path, in_query};
use crate::lines::Lines;
use crate::transport::{self, Connection, Transport};
use crate::{Address, Engine, Error, Event, RegistryAuth};

/// The longest answer that is read when the engine refuses a request.
const LONGEST_REFUSAL: usize = 64 * 1024;

/// A running push or pull. It begins when first polled, ends after its first error, and is cancelled by dropping it.
pub struct Transfer {
    events: BoxStream<'static, Result<Event, Error>>,
}

impl Stream for Transfer {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll_next_unpin(context)
    }
}

impl fmt::Debug for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transfer").finish_non_exhaustive()
    }
}

impl Engine {
    /// Lets the engine push one tag that it has. `repository` is the name with its registry, `host/name`.
    pub fn push(&self, repository: &str, tag: &str, auth: &RegistryAuth) -> Transfer {
        self.transfer(push_path(repository, tag), auth)
    }

    /// Lets the engine pull one image, by tag or by digest. `repository` is the name with its registry, `host/name`.
    pub fn pull(&self, repository: &str, tag_or_digest: &str, auth: &RegistryAuth) -> Transfer {
        self.transfer(pull_path(repository, tag_or_digest), auth)
    }

    fn transfer(&self, path: Result<String, Error>, auth: &RegistryAuth) -> Transfer {
        let request = path.and_then(|path| {
            confided(self.address(), auth)?;
            Request::post(format!("/v{}{path}", self.version()))
                .header("X-Registry-Auth", auth.header()?)
                .body(Empty::<Bytes>::new())
                .map_err(|error| Error::Broken(error.to_string()))
        });
        let start = match request {
            Ok(request) => State::New(self.transport().clone(), Box::new(request)),
            Err(error) => State::Failed(error),
        };
        Transfer {
            events: stream::unfold(start, next).boxed(),
        }
    }
}

/// Refuses to send a secret to another computer in the clear, whatever engine was chosen.
fn confided(address: &Address, auth: &RegistryAuth) -> Result<(), Error> {
    if matches!(auth, RegistryAuth::None) || address.is_on_this_computer() {
        return Ok(());
    }
    Err(Error::Unsupported(format!(
        "The engine at {address} is on another computer and is spoken to without encryption, so your secret is not sent to it."
    )))
}

/// Builds the path of a push. A tag is demanded: without one, an engine would push every tag of the repository.
fn push_path(repository: &str, tag: &str) -> Result<String, Error> {
    demand(tag)?;
    Ok(format!(
        "/images/{}/push?tag={}",
        in_path(repository)?,
        in_query(tag)
    ))
}

/// Builds the path of a pull. A tag is demanded: without one, an engine would pull every tag of the repository.
fn pull_path(repository: &str, tag_or_digest: &str) -> Result<String, Error> {
    demand(tag_or_digest)?;
    in_path(repository)?;
    Ok(format!(
        "/images/create?fromImage={}&tag={}",
        in_query(repository),
        in_query(tag_or_digest)
    ))
}

fn demand(tag: &str) -> Result<(), Error> {
    if tag.is_empty() {
        return Err(Error::Refused {
            status: 400,
            message: "No tag was given.".to_owned(),
        });
    }
    Ok(())
}

enum State {
    New(Transport, Box<Request<Empty<Bytes>>>),
    Running(Box<Running>),
    Failed(Error),
    Over,
}

struct Running {
    body: Incoming,
    lines: Lines,
    reader: Reader,
    ended: bool,
    // Last, so that the body goes before the connection it came over.
    _connection: Connection,
}

/// Takes one step of the stream: the next event, or the end.
async fn next(state: State) -> Option<(Result<Event, Error>, State)> {
    let mut running = match state {
        State::New(transport, request) => match begin(&transport, *request).await {
            Ok(running) => running,
            Err(error) => return Some((Err(error), State::Over)),
        },
        State::Running(running) => running,
        State::Failed(error) => return Some((Err(error), State::Over)),
        State::Over => return None,
    };
    match running.next().await {
        Ok(Some(event)) => Some((Ok(event), State::Running(running))),
        Ok(None) => None,
        Err(error) => Some((Err(error), State::Over)),
    }
}

async fn begin(
    transport: &Transport,
    request: Request<Empty<Bytes>>,
) -> Result<Box<Running>, Error> {
    let (response, connection) = transport.send(request).await?;
    let status = response.status();
    if !status.is_success() {
        let body = Limited::new(response.into_body(), LONGEST_REFUSAL)
            .collect()
            .await;
        let body = body
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default();
        return Err(Error::Refused {
            status: status.as_u16(),
            message: refusal(&body, status),
        });
    }
    Ok(Box::new(Running {
        body: response.into_body(),
        lines: Lines::default(),
        reader: Reader::default(),
        ended: false,
        _connection: connection,
    }))
}

impl Running {
    async fn next(&mut self) -> Result<Option<Event>, Error> {
        loop {
            while let Some(line) = self.lines.next_line()? {
                if let Some(event) = self.reader.read(&line)? {
                    return Ok(Some(event));
                }
            }
            if self.ended {
                return Ok(None);
            }
            match self.body.frame().await {
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

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// Returns the engine's own words for a refusal.
fn refusal(body: &[u8], status: http::StatusCode) -> String {
    if let Ok(Refusal { message }) = serde_json::from_slice(body)
        && !message.is_empty()
    {
        return message;
    }
    let text = String::from_utf8_lossy(body);
    match text.trim() {
        "" => format!("The engine answered with status {}.", status.as_u16()),
        text => text.chars().take(4096).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_goes_to_no_other_computer_in_the_clear() {
        let basic = RegistryAuth::Basic {
            user: "demo".to_owned(),
            secret: "hunter2".into(),
            host: "registry.example".to_owned(),
        };
        for (given, here) in [
            ("unix:///run/x.sock", true),
            ("npipe:////./pipe/x", true),
            ("tcp://127.0.0.1:2375", true),
            ("tcp://localhost", true),
            ("tcp://[::1]:99", true),
            ("tcp://10.0.0.1:2375", false),
            ("tcp://docker", false),
            ("tcp://localhost.example", false),
            ("tcp://127.0.0.1.example", false),
        ] {
            let address = Address::parse(given, false);
            assert_eq!(confided(&address, &basic).is_ok(), here, "{given}");
            assert!(confided(&address, &RegistryAuth::None).is_ok(), "{given}");
        }
    }
}
