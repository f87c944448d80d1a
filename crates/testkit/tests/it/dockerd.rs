//! The real engines: they load our archive, push to our registry and leave nothing behind.

use anyhow::Result;
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryOptions, need};

#[tokio::test]
async fn the_engine_loads_and_pushes_an_image() -> Result<()> {
    if !need(Part::Dockerd) || !need(Part::Registry) {
        return Ok(());
    }
    round(EngineKind::Debian).await
}

#[tokio::test]
async fn the_newest_engine_loads_and_pushes_an_image() -> Result<()> {
    if !need(Part::NewDockerd) || !need(Part::Registry) {
        return Ok(());
    }
    round(EngineKind::Containerd).await
}

#[tokio::test]
async fn podman_loads_and_pushes_an_image() -> Result<()> {
    if !need(Part::Podman) || !need(Part::Registry) {
        return Ok(());
    }
    round(EngineKind::Podman).await
}

async fn round(kind: EngineKind) -> Result<()> {
    let registry = Registry::start(RegistryOptions::default()).await?;
    let mut engine = Dockerd::start_kind(kind, None).await?;
    let (_, _, info) = engine.get("/info").await?;
    let info: serde_json::Value = serde_json::from_slice(&info)?;
    let driver = info["Driver"].as_str().unwrap_or_default();
    assert_eq!(
        driver == "overlayfs",
        kind == EngineKind::Containerd,
        "{driver}"
    );

    let name = format!("{}/lab/loaded:v1", registry.host());
    let image = ImageSpec::of_sizes(5, &[3000, 70_000]);
    engine.load_tar(image.save(&[&name])?).await?;
    let Some(found) = engine.image(&name).await? else {
        panic!("the image is not there");
    };
    if kind != EngineKind::Containerd {
        let id = found["Id"].as_str().unwrap_or_default();
        let own = image.id()?;
        let own = own.trim_start_matches("sha256:");
        assert_eq!(
            id.trim_start_matches("sha256:"),
            own,
            "the id is the config's digest"
        );
    }
    assert!(!engine.has_image("nobody/has:this").await?);

    let path = format!("/images/{}/lab/loaded/push?tag=v1", registry.host());
    let (status, _, said) = engine
        .post(&path, "", &[("x-registry-auth", "e30=")])
        .await?;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(status == 200 && !said.contains("errorDetail"), "{said}");
    assert!(registry.manifest("lab/loaded", "v1").await?.is_some());

    let folder = engine.socket().parent().map(std::path::Path::to_owned);
    let folder = folder.unwrap_or_default();
    engine.stop();
    assert!(!folder.exists(), "its folder is gone: {}", folder.display());
    let mounts = std::fs::read_to_string("/proc/self/mountinfo")?;
    assert!(
        !mounts.contains(&folder.display().to_string()),
        "no mount stays"
    );
    Ok(())
}
