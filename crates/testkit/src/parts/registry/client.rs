//! Asking the registry directly, as its signed-in user.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;

use super::Registry;
use crate::parts::token::SERVICE;
use crate::parts::{Answer, Door};

impl Registry {
    /// Sends a GET as the signed-in user.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        self.send(Method::GET, path, headers, Bytes::new()).await
    }

    /// Sends any request as the signed-in user.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let body = body.into();
        let Some(authorization) = self.authorization(path, &method).await? else {
            return self.http.send(method, path, headers, body).await;
        };
        let mut headers = headers.to_vec();
        headers.push(("authorization", &authorization));
        self.http.send(method, path, &headers, body).await
    }

    /// Sends a request without any sign-in.
    pub async fn anonymous(&self, method: Method, path: &str) -> Result<Answer> {
        self.http.send(method, path, &[], Bytes::new()).await
    }

    /// Asks what a tag or digest points at: its digest and the manifest's bytes, or nothing when it is not there.
    pub async fn manifest(&self, repository: &str, at: &str) -> Result<Option<(String, Bytes)>> {
        let path = format!("/v2/{repository}/manifests/{at}");
        let (status, headers, body) = self
            .get(&path, &[("accept", crate::images::ACCEPT)])
            .await?;
        match status {
            200 => {
                let digest = headers
                    .get("docker-content-digest")
                    .and_then(|value| value.to_str().ok())
                    .map_or_else(|| crate::images::digest(&body), str::to_owned);
                Ok(Some((digest, body)))
            }
            404 => Ok(None),
            other => bail!("GET {path}: {other} {}", String::from_utf8_lossy(&body)),
        }
    }

    /// Deletes a tag or a manifest, as somebody else would; the status of the answer.
    pub async fn delete(&self, repository: &str, at: &str) -> Result<u16> {
        let path = format!("/v2/{repository}/manifests/{at}");
        Ok(self.send(Method::DELETE, &path, &[], "").await?.0)
    }

    /// Lists the tags of a repository, as the registry lists them.
    pub async fn tags(&self, repository: &str) -> Result<Vec<String>> {
        let (status, _, body) = self
            .get(&format!("/v2/{repository}/tags/list"), &[])
            .await?;
        if status == 404 {
            return Ok(Vec::new());
        }
        let answer: serde_json::Value = serde_json::from_slice(&body)?;
        let tags = answer["tags"].as_array().cloned().unwrap_or_default();
        Ok(tags
            .iter()
            .filter_map(|tag| tag.as_str().map(str::to_owned))
            .collect())
    }

    async fn authorization(&self, path: &str, method: &Method) -> Result<Option<String>> {
        let Some((user, secret)) = &self.auth else {
            return Ok(None);
        };
        let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")));
        let Some(token) = &self.token else {
            return Ok(Some(basic));
        };
        let scope = scope(path, method);
        let url = format!("{}?service={SERVICE}&scope={scope}", token.realm());
        let (status, _, body) = self
            .http
            .send(
                Method::GET,
                &url,
                &[("authorization", &basic)],
                Bytes::new(),
            )
            .await?;
        if status != 200 {
            bail!("the token service answered {status}");
        }
        let answer: serde_json::Value = serde_json::from_slice(&body)?;
        let token = answer["token"].as_str().context("no token in the answer")?;
        Ok(Some(format!("Bearer {token}")))
    }
}

impl Door for Registry {
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

/// Returns what a request to `path` has to be allowed to do.
fn scope(path: &str, method: &Method) -> String {
    if path.starts_with("/v2/_catalog") {
        return "registry:catalog:*".to_owned();
    }
    let rest = path.split("/v2/").nth(1).unwrap_or_default();
    let mut scope = String::new();
    for marker in ["/manifests/", "/blobs/", "/tags/"] {
        if let Some((repository, _)) = rest.split_once(marker) {
            let actions = match *method {
                Method::GET | Method::HEAD => "pull",
                Method::DELETE => "delete",
                _ => "pull,push",
            };
            let _ = write!(scope, "repository:{repository}:{actions}");
            break;
        }
    }
    scope
}
