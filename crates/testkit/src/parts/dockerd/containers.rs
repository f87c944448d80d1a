//! The engine's containers, as a test makes them. They have no network: the engines of tests have none to give.

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::Dockerd;

impl Dockerd {
    /// Makes a container of an image, and returns its id. It does not run yet.
    pub async fn create_container(&self, name: &str, image: &str, cmd: &[&str]) -> Result<String> {
        let wanted = json!({"Cmd": cmd});
        self.create_container_of(name, image, &wanted).await
    }

    /// Makes a container of an image as the API has it, and returns its id.
    pub async fn create_container_of(
        &self,
        name: &str,
        image: &str,
        wanted: &Value,
    ) -> Result<String> {
        // Podman would raise limits, which not everybody may who runs tests.
        let limit = |name: &str| json!({"Name": name, "Soft": 512, "Hard": 512});
        let limits = [limit("nofile"), limit("nproc")];
        let host = json!({"NetworkMode": "none", "Ulimits": limits});
        let mut body = json!({"Image": image, "HostConfig": host, "NetworkDisabled": true});
        for (key, value) in wanted.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        let headers = [("content-type", "application/json")];
        let path = format!("/containers/create?name={name}");
        let (status, _, answer) = self.post(&path, body.to_string(), &headers).await?;
        if status != 201 {
            bail!(
                "create {name}: {status} {}",
                String::from_utf8_lossy(&answer)
            );
        }
        let answer: Value = serde_json::from_slice(&answer)?;
        let id = answer["Id"].as_str().context("it has no id")?;
        Ok(id.to_owned())
    }

    /// Puts a file into a container, below a folder that is there.
    pub async fn put_file(&self, container: &str, path: &str, bytes: &[u8]) -> Result<()> {
        let files = [(path.trim_start_matches('/').to_owned(), bytes.to_vec())];
        let tar = crate::images::tar(&files)?;
        let path = format!("/containers/{container}/archive?path=/");
        let headers = [("content-type", "application/x-tar")];
        let (status, _, answer) = self.http.send(Method::PUT, &path, &headers, tar).await?;
        if status != 200 {
            bail!("put: {status} {}", String::from_utf8_lossy(&answer));
        }
        Ok(())
    }

    /// Returns what a file of a container holds; none where it isn't there.
    pub async fn file_of(&self, container: &str, path: &str) -> Result<Option<Vec<u8>>> {
        let path = format!("/containers/{container}/archive?path={path}");
        let (status, _, answer) = self.get(&path).await?;
        match status {
            200 => {
                let mut archive = tar::Archive::new(&*answer);
                let entry = archive
                    .entries()?
                    .next()
                    .context("the archive is empty")??;
                Ok(Some(std::io::Read::bytes(entry).collect::<Result<_, _>>()?))
            }
            404 => Ok(None),
            other => bail!("get: {other} {}", String::from_utf8_lossy(&answer)),
        }
    }

    /// Does something with a container: `start`, `pause`, `unpause`, `stop?t=0`.
    pub async fn container_act(&self, container: &str, act: &str) -> Result<()> {
        let path = format!("/containers/{container}/{act}");
        let (status, _, answer) = self.post(&path, Bytes::new(), &[]).await?;
        if !matches!(status, 200 | 204 | 304) {
            bail!("{act}: {status} {}", String::from_utf8_lossy(&answer));
        }
        Ok(())
    }

    /// Takes a container away, running or not.
    pub async fn remove_container(&self, container: &str) -> Result<()> {
        let (status, _, answer) = self
            .delete(&format!("/containers/{container}?force=true&v=true"))
            .await?;
        if !matches!(status, 200 | 204) {
            bail!("remove: {status} {}", String::from_utf8_lossy(&answer));
        }
        Ok(())
    }
}
