//! Noticing that an engine is gone, when it goes: a connection that is held open breaks then.
//!
//! What is held is the engine's stream of events, of a kind that hardly ever comes. What it tells is not read. Not here:
//! what follows from it. Grows by nothing.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};

use crate::{Engine, Error};

/// The events that are asked for: some, so that no engine refuses, and of a kind that is rare.
const FEW: &str = "%7B%22type%22%3A%5B%22volume%22%5D%7D";

impl Engine {
    /// Waits until the connection to the engine breaks. An error where the engine can't be watched so: then nothing is known
    /// of it.
    pub async fn until_gone(&self) -> Result<(), Error> {
        let path = format!("/v{}/events?filters={FEW}", self.version());
        let request = Request::get(path)
            .body(Empty::<Bytes>::new())
            .map_err(|error| Error::Broken(error.to_string()))?;
        // An engine that has nothing to tell may not even begin to answer: then this breaks.
        let (response, _connection) = match self.transport().send(request).await {
            Ok(answer) => answer,
            Err(Error::Absent(_) | Error::Broken(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let status = response.status();
        if !status.is_success() {
            return Err(Error::Refused {
                status: status.as_u16(),
                message: "The engine tells no events.".to_owned(),
            });
        }
        let mut body = response.into_body();
        while let Some(Ok(_)) = body.frame().await {}
        Ok(())
    }
}
