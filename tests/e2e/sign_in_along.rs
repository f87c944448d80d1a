//! Docker's own program, signed in and out along with an account; and an account that goes though its keychain is lost.

use crate::desk::{Desk, Setup, ready, walk};
use crate::house;
use anyhow::{Result, ensure};
use std::fs;
use std::process::Command;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Dockerd, Part, Registry, program};
use testkit::steps::{choose_for_registry, id};

/// What stood in Docker's file before.
const BEFORE: &str = "{\n\t\"auths\": {},\n\t\"psFormat\": \"table {{.ID}}\"\n}\n";

#[tokio::test(flavor = "multi_thread")]
async fn docker_pulls_after_the_sign_in_and_not_after_the_sign_out() {
    let parts = [Part::Registry, Part::Dockerd, Part::CredentialHelper];
    if !ready(&parts) {
        return;
    }
    let registry = house::registry().await.unwrap();
    push(&registry, "lab/tool", "v1", &ImageSpec::of_sizes(1, &[64]))
        .await
        .unwrap();
    let engine = Dockerd::start(None).await.unwrap();
    let setup = Setup {
        engine: Some(engine.docker_host()),
        ..Setup::default()
    };
    walk("sign-in-along", setup, async |desk| {
        let config = desk.home().join("docker/config.json");
        fs::write(&config, BEFORE)?;
        pulls(desk, &engine, &registry, false)?;
        add(desk, &registry).await?;
        pulls(desk, &engine, &registry, true)?;
        let written = fs::read_to_string(&config)?;
        ensure!(written.contains("credHelpers"), "{written}");

        choose_for_registry(desk.window()?, &registry.host(), "menu-sign-out").await?;
        desk.window()?.find(&id("sign-in-again")).await?;
        pulls(desk, &engine, &registry, false)?;
        let left = fs::read_to_string(&config)?;
        ensure!(left == BEFORE, "{left}");
        let podman = desk.home().join(".config/containers/auth.json");
        ensure!(!podman.exists(), "Podman's file is there");
        Ok(())
    })
    .await;
}

/// Adds a registry, with the tick.
async fn add(desk: &Desk, registry: &Registry) -> Result<()> {
    let window = desk.window()?;
    window.click(&id("add-registry")).await?;
    window.fill(&id("address"), &registry.host()).await?;
    window.fill(&id("user"), "demo").await?;
    window.fill(&id("secret"), "secret").await?;
    window.click(&id("along")).await?;
    window.click_ready(&id("sign-in")).await?;
    window.gone(&id("registry-sheet")).await?;
    window.find_with(&id("who"), "demo").await
}

/// Checks whether the real `docker` pulls from a registry.
fn pulls(desk: &Desk, engine: &Dockerd, registry: &Registry, expected: bool) -> Result<()> {
    let image = format!("{}/lab/tool:v1", registry.host());
    let docker = |arguments: &[&str]| {
        Command::new(program("docker")?)
            .env("HOME", desk.home())
            .env("DOCKER_CONFIG", desk.home().join("docker"))
            .env("DOCKER_HOST", engine.docker_host())
            .env("DBUS_SESSION_BUS_ADDRESS", desk.bus())
            .args(arguments)
            .output()
            .ok()
    };
    docker(&["rmi", "-f", &image]);
    let pulled = docker(&["pull", "-q", &image]);
    let said = pulled
        .as_ref()
        .map(|output| String::from_utf8_lossy(&output.stderr).into_owned());
    let went_well = pulled.is_some_and(|output| output.status.success());
    ensure!(went_well == expected, "{said:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_is_forgotten_though_its_keychain_is_lost() {
    if !ready(&[Part::Registry]) {
        return;
    }
    let registry = house::registry().await.unwrap();
    let host = registry.host();
    walk("lost-keychain", Setup::default(), async |desk| {
        desk.add(&registry).await?;
        desk.lose_keychain();
        choose_for_registry(desk.window()?, &host, "menu-sign-out").await?;
        let window = desk.window()?;
        window.find(&id("stuck-sheet")).await?;
        window.click(&id("sign-out-anyway")).await?;
        window.gone(&id("stuck-sheet")).await?;
        window.find(&id("sign-in-again")).await?;
        // Signed out it has nothing in the keychain any more, as far as anybody can tell: it goes at once.
        choose_for_registry(window, &host, "menu-remove").await?;
        window.click(&id("remove-registry")).await?;
        window.gone(&id(&format!("account-{host}"))).await
    })
    .await;
}
