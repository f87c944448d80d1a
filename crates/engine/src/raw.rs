//! Requests that are sent by ourselves: their answers are read as far as they are understood, and wait as long as they
//! need.
//!
//! Not here: what is asked (a module a subject), and the connection (`transport`). Grows by nothing.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Collected, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::transport::{self, Connection};
use crate::{Engine, Error};

/// The most of an answer that is read into memory: a list of many thousands of images is smaller.
const MOST: usize = 64 * 1024 * 1024;
/// How long an answer may take where nothing else is said. Lists of many images on a cold disk take their time.
const PATIENCE: Duration = Duration::from_mins(2);
/// The longest answer that is read when the engine refuses a request.
const LONGEST_REFUSAL: usize = 64 * 1024;

/// A question whose whole answer is read.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub method: Method,
    /// Path and query, without the version.
    pub path: String,
    /// What is sent along, as JSON.
    pub body: Option<Bytes>,
    /// The most of the answer that is read (bytes).
    pub most: usize,
    /// How long it may take; none: as long as it takes.
    pub patience: Option<Duration>,
}

impl Ask {
    /// Asks what stands at this path.
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: None,
            most: MOST,
            patience: Some(PATIENCE),
        }
    }
}

/// An answer that has begun well, and whose body is still to come. Dropping it closes the connection.
#[derive(Debug)]
pub(crate) struct Opened {
    pub body: Incoming,
    // Last, so that the body goes before the connection it came over.
    _connection: Connection,
}

impl Engine {
    /// Asks a question, and returns the whole answer.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Bytes, Error> {
        let mut request = Request::builder().method(ask.method).uri(ask.path);
        if ask.body.is_some() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let request = request
            .body(Full::new(ask.body.unwrap_or_default()))
            .map_err(|error| Error::Broken(error.to_string()))?;
        let answer = async {
            let opened = self.open(request).await?;
            Limited::new(opened.body, ask.most)
                .collect()
                .await
                .map(Collected::to_bytes)
                .map_err(|error| unread(error.as_ref()))
        };
        match ask.patience {
            None => answer.await,
            Some(patience) => tokio::time::timeout(patience, answer)
                .await
                .unwrap_or_else(|_| {
                    Err(Error::Broken(
                        "The engine did not answer in time.".to_owned(),
                    ))
                }),
        }
    }

    /// Asks a question, and reads the answer as JSON.
    pub(crate) async fn ask_json<T: DeserializeOwned>(&self, ask: Ask) -> Result<T, Error> {
        let answer = self.ask(ask).await?;
        serde_json::from_slice(&answer).map_err(|error| {
            Error::Broken(format!(
                "The engine sent an answer that cannot be read: {error}."
            ))
        })
    }

    /// Sends a request, whose path has no version, and returns the answer once it has begun; a refusal is an error.
    pub(crate) async fn open<B>(&self, mut request: Request<B>) -> Result<Opened, Error>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        *request.uri_mut() = self.versioned(request.uri())?;
        let (response, connection) = self.transport().send(request).await?;
        let status = response.status();
        if !status.is_success() {
            let body = Limited::new(response.into_body(), LONGEST_REFUSAL)
                .collect()
                .await;
            let body = body.map(Collected::to_bytes).unwrap_or_default();
            return Err(Error::Refused {
                status: status.as_u16(),
                message: refusal(&body, status),
            });
        }
        Ok(Opened {
            body: response.into_body(),
            _connection: connection,
        })
    }

    fn versioned(&self, uri: &Uri) -> Result<Uri, Error> {
        transport::versioned(uri, self.version()).map_err(|error| Error::Broken(error.to_string()))
    }
}

/// Says why an answer was not read to its end.
fn unread(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Error {
    if error.is::<LengthLimitError>() {
        return Error::TooLarge;
    }
    match error.downcast_ref::<hyper::Error>() {
        Some(error) => transport::broken_connection(error),
        None => Error::Broken(error.to_string()),
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
