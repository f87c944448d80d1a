//! A plain HTTP client for asking a part directly, independent of the product's own.

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method};

/// Status, headers and body.
pub type Answer = (u16, HeaderMap, Bytes);

/// A client with one base address.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    base: String,
}

impl Http {
    /// Makes a client over TCP; with a PEM certificate, over TLS that trusts it and nothing else.
    pub fn tcp(host: &str, ca_pem: Option<&str>) -> Result<Self> {
        // The system's roots are never wanted here, and may be missing.
        let roots = match ca_pem {
            Some(pem) => vec![reqwest::Certificate::from_pem(pem.as_bytes())?],
            None => Vec::new(),
        };
        let client = plain().tls_certs_only(roots).build()?;
        let scheme = if ca_pem.is_some() { "https" } else { "http" };
        Ok(Self {
            client,
            base: format!("{scheme}://{host}"),
        })
    }

    /// Makes a client over TLS that takes any certificate, and shows this pair where it is asked for one.
    pub fn careless(host: &str, pair_pem: &str) -> Result<Self> {
        let client = plain()
            .tls_danger_accept_invalid_certs(true)
            .identity(reqwest::Identity::from_pem(pair_pem.as_bytes())?)
            .build()?;
        Ok(Self {
            client,
            base: format!("https://{host}"),
        })
    }

    /// Makes a client over a Unix socket.
    #[cfg(unix)]
    pub fn unix(socket: &Path) -> Result<Self> {
        let client = plain()
            .tls_certs_only(Vec::new())
            .unix_socket(socket)
            .build()?;
        Ok(Self {
            client,
            base: "http://engine".to_owned(),
        })
    }

    /// Fails: this system has no Unix sockets.
    #[cfg(not(unix))]
    pub fn unix(_socket: &Path) -> Result<Self> {
        anyhow::bail!("this system has no Unix sockets for engines")
    }

    /// Sends one request; `path` may also be a whole address.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let url = if path.starts_with('/') {
            format!("{}{path}", self.base)
        } else {
            path.to_owned()
        };
        let mut request = self.client.request(method.clone(), &url).body(body.into());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request
            .send()
            .await
            .with_context(|| format!("{method} {url}"))?;
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        Ok((status, headers, answer.bytes().await?))
    }
}

/// A registry that takes requests as somebody who is signed in.
pub trait Door {
    /// Sends one request with that sign-in.
    fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> impl Future<Output = Result<Answer>>;
}

/// A client that signs in with user and secret.
#[derive(Debug, Clone)]
pub struct SignedIn {
    http: Http,
    authorization: String,
}

impl SignedIn {
    /// Makes a client of a registry at `host:port`, without TLS.
    pub fn new(host: &str, user: &str, secret: &str) -> Result<Self> {
        Ok(Self {
            http: Http::tcp(host, None)?,
            authorization: format!("Basic {}", STANDARD.encode(format!("{user}:{secret}"))),
        })
    }
}

impl Door for SignedIn {
    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        let mut headers = headers.to_vec();
        headers.push(("authorization", &self.authorization));
        self.http.send(method, path, &headers, body).await
    }
}

fn plain() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
}
