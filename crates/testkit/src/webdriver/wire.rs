//! The protocol's requests: JSON over HTTP, one connection each, and its errors as ours.

use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::time::Duration;
use tokio::net::TcpStream;

/// A driver that says nothing for this long never will: it hangs where an app has no display, for one.
const SILENCE: Duration = Duration::from_mins(1);

/// A driver on this machine.
pub(super) struct Wire {
    port: u16,
}

impl Wire {
    pub(super) fn new(port: u16) -> Self {
        Self { port }
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<Value> {
        self.send(Method::DELETE, path, Bytes::new()).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.send(Method::POST, path, serde_json::to_vec(body)?.into())
            .await
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> Result<Value> {
        let told = format!("{method} {path}");
        let exchange = self.exchange(method, path, body);
        let mut answer = tokio::time::timeout(SILENCE, exchange)
            .await
            .with_context(|| format!("the driver does not answer {told}"))?
            .with_context(|| told.clone())?;
        let value = answer["value"].take();
        match value["error"].as_str() {
            Some(error) => {
                let message = value["message"].as_str().unwrap_or_default();
                Err(anyhow!("{told}: {error}: {message}"))
            }
            None => Ok(value),
        }
    }

    async fn exchange(&self, method: Method, path: &str, body: Bytes) -> Result<Value> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, format!("127.0.0.1:{}", self.port))
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .body(Full::new(body))?;
        let answer = sender.send_request(request).await?;
        let bytes = answer.into_body().collect().await?.to_bytes();
        connection.abort();
        Ok(serde_json::from_slice(&bytes)?)
    }
}
