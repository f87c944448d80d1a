//! Docker Hub from its tile, with a real engine that knows it by its own name: listed with what it says of itself, its audit log as
//! timeline, an older commit pulled, an image pushed by a drag. The stand-in and the engine are asked directly.

use crate::desk::{Setup, ready, walk};
use crate::house::IMAGES;
use crate::push::{drag_onto, ended, push_now};
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use testkit::images::ImageSpec;
use testkit::parts::{Certificates, Dockerd, Part, Proxy, TlsFront};
use testkit::standins::hub::{Hub, SECRET, USER};
use testkit::steps::{choose_for_registry, expand, id, repository, with};
use testkit::webdriver::Window;

const REPOSITORY: &str = "lab/tool";

/// Docker Hub, and an engine that reaches it under its own name.
struct Stage {
    hub: Hub,
    engine: Dockerd,
    _front: TlsFront,
    _proxy: Proxy,
    /// The ids of the images.
    ids: Vec<String>,
    /// What the tag `v1` pointed at, oldest first.
    pushed: Vec<String>,
}

impl Stage {
    async fn set() -> Result<Self> {
        let hub = Hub::start().await?;
        let of = Certificates::for_name("registry-1.docker.io")?;
        let front = TlsFront::start(&of, &hub.registry.host()).await?;
        let proxy = Proxy::leading("registry-1.docker.io:443", front.host()).await?;
        let engine = Dockerd::start_behind(proxy.host(), &of.ca).await?;
        let mut stage = Self {
            hub,
            engine,
            _front: front,
            _proxy: proxy,
            ids: Vec::new(),
            pushed: Vec::new(),
        };
        for (seed, name) in (50..).zip(IMAGES) {
            let spec = ImageSpec::of_sizes(seed, &[40_000, 9_000]);
            stage.engine.load_tar(spec.save(&[name])?).await?;
            let held = stage.engine.image(name).await?;
            let held = held.context("the engine holds no image")?;
            let id = held["Id"].as_str().context("no id")?;
            stage.ids.push(id.to_owned());
        }
        for name in &IMAGES[..2] {
            stage.docker_push(name).await?;
        }
        stage
            .hub
            .describe(REPOSITORY, "Counts cells.", "# At length");
        stage.hub.pay();
        Ok(stage)
    }

    /// Pushes to `v1` with plain `docker push`, as a colleague would, and leaves no name of it in the engine.
    async fn docker_push(&mut self, image: &str) -> Result<()> {
        let engine = &self.engine;
        let tag = format!("/images/{image}/tag?repo=lab%2Ftool&tag=v1");
        let (status, _, _) = engine.post(&tag, "", &[]).await?;
        ensure!(status == 201, "tag: {status}");
        let auth = serde_json::json!({
            "username": USER, "password": SECRET, "serveraddress": "https://index.docker.io/v1/",
        });
        let auth = URL_SAFE.encode(auth.to_string());
        let push = format!("/images/{REPOSITORY}/push?tag=v1");
        let headers = [("x-registry-auth", auth.as_str())];
        let (status, _, body) = engine.post(&push, "", &headers).await?;
        let said = String::from_utf8_lossy(&body);
        ensure!(
            status == 200 && !said.contains("errorDetail"),
            "push: {status} {said}"
        );
        engine.remove_image(&format!("{REPOSITORY}:v1")).await?;
        let digest = self.hub.registry.tagged(REPOSITORY, "v1");
        self.pushed.push(digest.context("it did not arrive")?);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_hub_is_signed_in_to_listed_looked_back_at_pulled_from_and_pushed_to() {
    if !ready(&[Part::Dockerd]) {
        return;
    }
    let stage = Stage::set().await.unwrap();
    let setup = Setup {
        hub: Some(stage.hub.address()),
        hub_registry: true,
        ..Setup::beside(&stage.engine)
    };
    walk("hub", setup, async |desk| {
        let window = desk.window()?;
        sign_in(window).await?;
        choose_for_registry(window, "docker.io", "menu-show-all").await?;
        let line = with("repository-line", "repository", REPOSITORY);
        window.find_with(&line, "Counts cells.").await?;
        window.click(&repository(REPOSITORY)).await?;
        look_back(window, &stage).await?;
        pull_older(window, &stage).await?;
        push_by_drag(window, &stage).await?;
        let violations = stage.hub.violations();
        ensure!(violations.is_empty(), "{violations:?}");
        Ok(())
    })
    .await;
}

async fn sign_in(window: &Window) -> Result<()> {
    window
        .click(&with("known-registry", "known", "hub"))
        .await?;
    window.find_with(&id("known-help"), "access token").await?;
    window.fill(&id("user"), USER).await?;
    window.fill(&id("secret"), SECRET).await?;
    window.click_ready(&id("sign-in")).await?;
    window.gone(&id("registry-sheet")).await
}

/// Nobody here saw what the tag left: the audit log tells it, with who and when.
async fn look_back(window: &Window, stage: &Stage) -> Result<()> {
    window.click(&id("tab-timeline")).await?;
    for digest in &stage.pushed {
        let row = with("timeline-row", "digest", digest);
        window.find_with(&row, USER).await?;
    }
    let active = format!("{}[data-active=\"true\"]", id("timeline-row"));
    let digest = window.attribute(&active, "data-digest").await?;
    ensure!(digest.as_ref() == stage.pushed.last(), "{digest:?}");
    window.click(&id("tab-tags")).await
}

async fn pull_older(window: &Window, stage: &Stage) -> Result<()> {
    expand(window, "v1").await?;
    let row = with("commit-row", "digest", &stage.pushed[0]);
    window
        .find(&format!("{row}[data-reach=\"pullable\"]"))
        .await?;
    let image = IMAGES[0];
    stage.engine.remove_image(image).await?;
    window.hover(&row).await?;
    window
        .click(&format!("{row} {}", id("pull-commit")))
        .await?;
    let said = ended(window, "pull", REPOSITORY, "v1").await?;
    let name = format!("{REPOSITORY}:v1-{}", &stage.pushed[0][7..19]);
    ensure!(said.contains(&name), "{said}");
    let held = stage.engine.image(&name).await?;
    let held = held.with_context(|| format!("the engine holds no {name}"))?;
    ensure!(held["Id"] == stage.ids[0].as_str(), "{held}");
    Ok(())
}

async fn push_by_drag(window: &Window, stage: &Stage) -> Result<()> {
    drag_onto(window, IMAGES[2], REPOSITORY).await?;
    window.fill(&id("push-tag"), "v1").await?;
    window
        .find(&with("push-target", "digest", &stage.pushed[1]))
        .await?;
    push_now(window, REPOSITORY, "v1").await?;
    let (digest, bytes) = {
        let digest = stage.hub.registry.tagged(REPOSITORY, "v1");
        let digest = digest.context("v1 is gone")?;
        let bytes = stage.hub.registry.manifest(REPOSITORY, &digest);
        (digest, bytes.context("it did not arrive")?)
    };
    ensure!(!stage.pushed.contains(&digest), "nothing was pushed");
    let manifest: serde_json::Value = serde_json::from_slice(&bytes)?;
    ensure!(
        manifest["config"]["digest"] == stage.ids[2].as_str(),
        "{manifest}"
    );
    Ok(())
}
