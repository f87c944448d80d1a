//! Sign-ins that Docker and Podman keep on this computer: picked, used where they lie, and missed when they are gone.

use crate::desk::{Desk, Setup, ready, walk};
use crate::house;
use anyhow::{Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Part, Registry};
use testkit::steps::{add_registry, id, repository, with};
use testkit::webdriver::key;

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_of_docker_and_podman_are_used_where_they_lie() {
    if !ready(&[Part::Registry]) {
        return;
    }
    let [docker, podman, helped] = [
        house::registry().await.unwrap(),
        house::registry().await.unwrap(),
        house::registry().await.unwrap(),
    ];
    for (registry, name) in [
        (&docker, "lab/one"),
        (&podman, "lab/two"),
        (&helped, "lab/three"),
    ] {
        push(registry, name, "v1", &ImageSpec::of_sizes(1, &[64]))
            .await
            .unwrap();
    }
    walk("sign-in-found", Setup::default(), async |desk| {
        let window = desk.window()?;
        window.find(&id("welcome")).await?;
        noted(desk, "docker/config.json", &docker, "secret")?;
        noted(desk, "run/containers/auth.json", &podman, "secret")?;

        add(desk, &docker, "Docker config", "lab/one").await?;
        add(desk, &podman, "Podman", "lab/two").await?;
        nothing_is_kept(desk)?;

        helper(desk, &helped)?;
        add(desk, &helped, "Docker config, lab", "lab/three").await?;

        // Docker signs out: what is used from there is missed, said, and offered again once it is back.
        let account = id(&format!("account-{}", docker.host()));
        fs::write(desk.home().join("docker/config.json"), "{}")?;
        desk.kill().await?;
        desk.open().await?;
        let window = desk.window()?;
        window.click(&repository("lab/one")).await?;
        let again = format!("{account} {}", id("sign-in-again"));
        window.find(&again).await?;
        noted(desk, "docker/config.json", &docker, "secret")?;
        window.click(&again).await?;
        pick(desk, &docker).await?;
        window.gone(&again).await?;
        window
            .find(&with("repository-page", "repository", "lab/one"))
            .await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn older_and_narrower_sign_ins_are_used_where_they_lie() {
    if !ready(&[Part::Registry]) {
        return;
    }
    let [old, variable, path] = [
        house::registry().await.unwrap(),
        house::registry().await.unwrap(),
        house::registry().await.unwrap(),
    ];
    for (registry, name) in [
        (&old, "lab/one"),
        (&variable, "lab/two"),
        (&path, "lab/three"),
        (&path, "other/four"),
    ] {
        push(registry, name, "v1", &ImageSpec::of_sizes(1, &[64]))
            .await
            .unwrap();
    }
    let setup = Setup {
        docker_auth: Some(entry(&variable.host(), "secret")),
        ..Setup::default()
    };
    walk("sign-in-found-older", setup, async |desk| {
        let window = desk.window()?;
        window.find(&id("welcome")).await?;
        let auth = STANDARD.encode("demo:secret");
        let dockercfg = json!({ old.host(): { "auth": auth, "email": "demo@lab.example" } });
        fs::write(desk.home().join(".dockercfg"), dockercfg.to_string())?;
        add(desk, &old, ".dockercfg", "lab/one").await?;
        add(desk, &variable, "DOCKER_AUTH_CONFIG", "lab/two").await?;

        // Podman keeps one for a path: the account is for that alone.
        let file = desk.home().join("run/containers/auth.json");
        fs::create_dir_all(file.parent().unwrap_or(&file))?;
        fs::write(file, entry(&format!("{}/lab", path.host()), "secret"))?;
        window.click(&id("add-registry")).await?;
        let row = with("found-registry", "host", &path.host());
        window.find_with(&row, "/lab").await?;
        window.click(&row).await?;
        let for_path = format!("{}:checked", id("for-path"));
        window.find(&for_path).await?;
        let ready = format!("{}:not(:disabled)", id("sign-in"));
        window.find(&ready).await?;
        window.press(&[key::ENTER]).await?;
        window.gone(&id("registry-sheet")).await?;
        let account = id(&format!("account-{}", path.host()));
        window
            .find_with(&account, &format!("{}/lab", path.host()))
            .await?;
        window.find(&repository("lab/three")).await?;
        let others = window.count(&repository("other/four")).await?;
        ensure!(others == 0, "what it is not for is shown");

        // Beside it one for all of the registry, typed.
        add_registry(window, &path.host(), "demo", "secret").await?;
        window.find(&repository("other/four")).await?;
        let both = window.count(&account).await?;
        ensure!(both == 2, "{both} accounts are shown");
        Ok(())
    })
    .await;
}

/// What a file of Docker's or Podman's holds with this sign-in.
fn entry(key: &str, secret: &str) -> String {
    let auth = STANDARD.encode(format!("demo:{secret}"));
    json!({ "auths": { key: { "auth": auth } } }).to_string()
}

/// Notes a sign-in as `docker login` and `podman login` do.
fn noted(desk: &Desk, file: &str, registry: &Registry, secret: &str) -> Result<()> {
    let path = desk.home().join(file);
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    fs::write(path, entry(&registry.host(), secret))?;
    Ok(())
}

/// Has a credential helper keep it, which Docker's configuration names beside what is noted there.
fn helper(desk: &Desk, registry: &Registry) -> Result<()> {
    let program = desk.programs().join("docker-credential-lab");
    let answer = json!({ "ServerURL": registry.host(), "Username": "demo", "Secret": "secret" });
    fs::write(
        &program,
        format!("#!/bin/sh\ncat > /dev/null\necho '{answer}'\n"),
    )?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    let config = desk.home().join("docker/config.json");
    let mut now: serde_json::Value = serde_json::from_slice(&fs::read(&config)?)?;
    now["credHelpers"] = json!({ registry.host(): "lab" });
    fs::write(config, now.to_string())?;
    Ok(())
}

/// Adds a registry by what was found of it, and opens a repository of it.
async fn add(desk: &Desk, registry: &Registry, place: &str, name: &str) -> Result<()> {
    let window = desk.window()?;
    window.click(&id("add-registry")).await?;
    let row = with("found-registry", "host", &registry.host());
    window.find_with(&row, place).await?;
    pick(desk, registry).await?;
    window.click(&repository(name)).await?;
    window
        .find(&with("repository-page", "repository", name))
        .await?;
    window.find(&id("tag-row")).await
}

/// Picks what was found of a registry, and signs in with it.
async fn pick(desk: &Desk, registry: &Registry) -> Result<()> {
    let window = desk.window()?;
    window
        .click(&with("found-registry", "host", &registry.host()))
        .await?;
    window.find(&id("picked")).await?;
    ensure!(
        window.count(&id("secret")).await? == 0,
        "no secret is typed"
    );
    window.find(&id("way")).await?;
    window
        .find(&format!("{}:not(:disabled)", id("sign-in")))
        .await?;
    window.press(&[key::ENTER]).await?;
    window.gone(&id("registry-sheet")).await
}

/// Checks that nothing of ours holds a copy of the secret.
fn nothing_is_kept(desk: &Desk) -> Result<()> {
    let kept = desk.kept_secrets()?;
    ensure!(kept == 0, "the keychain holds {kept} secrets");
    Ok(())
}
