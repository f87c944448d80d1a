//! Asking Pulp directly: the registry with a token a request, and its own interface.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use serde_json::Value;

use super::{PULP_SECRET, PULP_USER, Pulp};
use crate::images::ACCEPT;
use crate::parts::{Answer, Door};

/// What the testkit calls itself, by which its requests are told from those that are tested.
pub(super) const AGENT: &str = "longshore-testkit";
/// How long a task is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

impl Pulp {
    /// Sends any request to the registry, as the user who may do everything.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let authorization = format!("Bearer {}", self.token(path).await?);
        let mut headers = headers.to_vec();
        headers.extend([("authorization", &*authorization), ("user-agent", AGENT)]);
        self.http.send(method, path, &headers, body).await
    }

    /// Asks what a tag or digest points at: its digest and the manifest's bytes, or nothing when it is not there.
    pub async fn manifest(&self, repository: &str, at: &str) -> Result<Option<(String, Bytes)>> {
        let path = format!("/v2/{repository}/manifests/{at}");
        let headers = [("accept", ACCEPT)];
        let (status, _, body) = self.send(Method::GET, &path, &headers, "").await?;
        match status {
            200 => Ok(Some((crate::images::digest(&body), body))),
            404 => Ok(None),
            other => bail!("GET {path}: {other} {}", String::from_utf8_lossy(&body)),
        }
    }

    /// Deletes a manifest with its tags, as somebody else would; the status of the answer, which comes before it is done.
    pub async fn delete(&self, repository: &str, digest: &str) -> Result<u16> {
        let path = format!("/v2/{repository}/manifests/{digest}");
        Ok(self.send(Method::DELETE, &path, &[], "").await?.0)
    }

    /// Asks its own interface, as the user who may do everything, and waits for the task where there is one. The path is below
    /// `/pulp/api/v3/`, or a whole one.
    pub async fn api(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let told = self.api_once(method, path, body).await?;
        let Some(task) = told["task"].as_str() else {
            return Ok(told);
        };
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let told = self.api_once(Method::GET, task, None).await?;
            match told["state"].as_str() {
                Some("completed") => return Ok(told),
                Some("failed" | "canceled") => bail!("{path}: {}", told["error"]),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        bail!("{path}: its task takes too long\n{}", self.tail())
    }

    async fn api_once(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let path = match path.strip_prefix('/') {
            Some(_) => path.to_owned(),
            None => format!("/pulp/api/v3/{path}"),
        };
        let basic = basic(PULP_USER, PULP_SECRET);
        let headers = [
            ("authorization", &*basic),
            ("content-type", "application/json"),
            ("accept", "application/json"),
            ("user-agent", AGENT),
        ];
        let body = body.map(Value::to_string).unwrap_or_default();
        let asked = self.http.send(method.clone(), &path, &headers, body).await;
        let (status, _, body) = asked?;
        if status >= 400 {
            bail!(
                "{method} {path}: {status} {}",
                String::from_utf8_lossy(&body)
            );
        }
        Ok(serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Makes a user without any right of their own, where there isn't that one yet: users outlive a test.
    pub async fn add_user(&self, name: &str, secret: &str) -> Result<()> {
        let known = self
            .api(Method::GET, &format!("users/?username={name}"), None)
            .await?;
        if known["count"] == 0 {
            let user = serde_json::json!({"username": name, "password": secret});
            self.api(Method::POST, "users/", Some(&user)).await?;
        }
        Ok(())
    }

    async fn token(&self, path: &str) -> Result<String> {
        let host = self.host();
        // Uploads are told where to go on by a whole address at times.
        let path = path.split(&*host).last().unwrap_or(path);
        let rest = path.strip_prefix("/v2/").unwrap_or_default();
        let parts = ["/manifests/", "/blobs/", "/tags/"];
        let name = parts.iter().find_map(|part| rest.split_once(part));
        let scope = match name {
            Some((name, _)) => format!("&scope=repository:{name}:pull,push"),
            None if rest.starts_with("_catalog") => "&scope=registry:catalog:*".to_owned(),
            None => String::new(),
        };
        let path = format!("/token/?service={host}{scope}");
        let basic = basic(PULP_USER, PULP_SECRET);
        let headers = [("authorization", &*basic), ("user-agent", AGENT)];
        let asked = self.http.send(Method::GET, &path, &headers, "");
        let (status, _, body) = asked.await?;
        if status != 200 {
            bail!("GET {path}: {status}");
        }
        let told: Value = serde_json::from_slice(&body)?;
        let token = told["token"].as_str().context("no token in the answer")?;
        Ok(token.to_owned())
    }
}

impl Door for Pulp {
    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        self.send(method, path, headers, body).await
    }
}

fn basic(user: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")))
}
