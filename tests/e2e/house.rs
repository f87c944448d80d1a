//! A registry and an engine with images to move between them, and what each says of them when asked directly.

use crate::desk::ready;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions};

/// The repository that keeps the commits its tags leave.
pub const KEPT: &str = "genomics/aligner";
/// The repository that does not keep them.
pub const BARE: &str = "imaging/segmenter";
/// The images of the engine, oldest first.
pub const IMAGES: [&str; 3] = ["aligner:one", "aligner:two", "aligner:three"];

pub struct House {
    pub registry: Registry,
    pub engine: Dockerd,
    /// The ids of the images.
    pub ids: Vec<String>,
}

/// Starts an empty registry that takes the user `demo` with the password `secret`.
pub async fn registry() -> Result<Registry> {
    let options = RegistryOptions {
        auth: Some(("demo", "secret")),
        ..Default::default()
    };
    Registry::start(options).await
}

/// Starts an empty registry as [`registry`] does; none where the parts for it and a desk are missing.
pub async fn alone() -> Option<Registry> {
    if !ready(&[Part::Registry]) {
        return None;
    }
    Some(registry().await.unwrap())
}

/// Starts an empty registry and an engine that holds one image; none where the parts for them and a desk are missing.
pub async fn sparse(name: &str, image: &ImageSpec) -> Option<(Registry, Dockerd)> {
    if !ready(&[Part::Registry, Part::Dockerd]) {
        return None;
    }
    let (registry, engine) = (
        registry().await.unwrap(),
        Dockerd::start(None).await.unwrap(),
    );
    engine.load_tar(image.save(&[name]).unwrap()).await.unwrap();
    Some((registry, engine))
}

impl House {
    /// Starts all of it; none where the parts for a desk, a registry or an engine are missing.
    pub async fn build() -> Option<Self> {
        if !ready(&[Part::Registry, Part::Dockerd]) {
            return None;
        }
        Some(Self::furnish().await.unwrap())
    }

    async fn furnish() -> Result<Self> {
        let registry = registry().await?;
        // A repository has to be there to be dropped on.
        push(&registry, KEPT, "base", &ImageSpec::of_sizes(1, &[1000])).await?;
        push(&registry, BARE, "v1", &ImageSpec::of_sizes(2, &[1000])).await?;
        let engine = Dockerd::start(None).await?;
        let mut ids = Vec::new();
        for (seed, name) in (50..).zip(IMAGES) {
            let spec = ImageSpec::of_sizes(seed, &[400_000, 90_000]);
            engine.load_tar(spec.save(&[name])?).await?;
            let held = engine
                .image(name)
                .await?
                .context("the engine holds no image")?;
            ids.push(held["Id"].as_str().context("no id")?.to_owned());
        }
        Ok(Self {
            registry,
            engine,
            ids,
        })
    }
}

/// Pushes with plain `docker push`, as a colleague would, and does not tell the app. Returns the digest.
pub async fn docker_push(
    house: &House,
    repository: &str,
    tag: &str,
    image: &str,
) -> Result<String> {
    let to = format!("{}/{repository}", house.registry.host());
    docker_push_to(&house.engine, image, &to, tag, ("demo", "secret")).await?;
    let pushed = house.registry.manifest(repository, tag).await?;
    Ok(pushed.context("the push did not arrive")?.0)
}

/// Pushes an image with plain `docker push` to a repository (`host/namespace/name`) with this user and secret.
pub async fn docker_push_to(
    engine: &Dockerd,
    image: &str,
    to: &str,
    tag: &str,
    (user, secret): (&str, &str),
) -> Result<()> {
    use base64::Engine as _;
    let encoded = to.replace('/', "%2F").replace(':', "%3A");
    let path = format!("/images/{image}/tag?repo={encoded}&tag={tag}");
    let (status, _, body) = engine.post(&path, "", &[]).await?;
    ensure!(
        status == 201,
        "tag: {status} {}",
        String::from_utf8_lossy(&body)
    );
    let host = to.split('/').next().unwrap_or_default();
    let auth = serde_json::json!({
        "username": user, "password": secret, "serveraddress": host,
    });
    let auth = base64::engine::general_purpose::URL_SAFE.encode(auth.to_string());
    let path = format!("/images/{to}/push?tag={tag}");
    let headers = [("x-registry-auth", auth.as_str())];
    let (status, _, body) = engine.post(&path, "", &headers).await?;
    let said = String::from_utf8_lossy(&body);
    ensure!(
        status == 200 && !said.contains("errorDetail"),
        "push: {status} {said}"
    );
    Ok(())
}

/// Checks by asking the registry that `v1` is the image that was pushed. Returns its digest.
pub async fn arrived(registry: &Registry, image: &str) -> Result<String> {
    let (digest, bytes) = registry
        .manifest(KEPT, "v1")
        .await?
        .context("v1 did not arrive")?;
    let manifest: Value = serde_json::from_slice(&bytes)?;
    ensure!(
        manifest["config"]["digest"] == image,
        "v1 is another image: {manifest}"
    );
    Ok(digest)
}

/// Checks by asking the registry that a commit tag holds this commit.
pub async fn kept(registry: &Registry, digest: &str) -> Result<()> {
    let tags = registry.tags(KEPT).await?;
    let ending = format!("-{}", &digest[7..]);
    let tag = tags
        .iter()
        .find(|tag| tag.starts_with("_h.v1.") && tag.ends_with(&ending));
    let tag = tag.with_context(|| format!("no commit tag holds {digest}: {tags:?}"))?;
    let (held, _) = registry
        .manifest(KEPT, tag)
        .await?
        .context("the commit tag is gone")?;
    ensure!(held == digest, "{tag} holds {held}");
    Ok(())
}

/// Checks in the registry's access log that each commit tag was written before the push that moved `v1` away.
pub fn in_order(registry: &Registry, left: &[&str]) -> Result<()> {
    let start = format!("PUT /v2/{KEPT}/manifests/");
    let log = registry.access_log();
    let written: Vec<&str> = log
        .iter()
        .filter_map(|line| line.strip_prefix(&start))
        .collect();
    let moves: Vec<usize> = (0..written.len())
        .filter(|at| written[*at] == "v1 201")
        .collect();
    ensure!(moves.len() == 3, "{written:?}");
    for (number, digest) in left.iter().enumerate() {
        let ending = format!("-{} 201", &digest[7..]);
        let tag = written
            .iter()
            .position(|line| line.starts_with("_h.v1.") && line.ends_with(&ending));
        ensure!(
            tag.is_some_and(|tag| tag < moves[number + 1]),
            "{written:?}"
        );
    }
    Ok(())
}

/// Removes an image from the engine, so that a pull has something to do.
pub async fn forget(engine: &Dockerd, name: &str) -> Result<()> {
    if engine.has_image(name).await? {
        engine.remove_image(name).await?;
    }
    Ok(())
}
