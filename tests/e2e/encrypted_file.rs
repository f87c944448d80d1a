//! A computer without a keychain: sign-ins are kept in an encrypted file, and one passphrase opens it at the next start.

use crate::desk::{Desk, Setup, ready, walk};
use crate::no_secret::{MARKED, Watched, nowhere};
use anyhow::{Result, ensure};
use testkit::images::{ImageSpec, push};
use testkit::parts::{Part, Registry, RegistryOptions, State};
use testkit::steps::{choose_for_registry, id, repository, type_registry};
use testkit::webdriver::Window;

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_sign_ins_are_kept_in_a_file_that_a_passphrase_opens() {
    if !ready(&[Part::Registry]) {
        return;
    }
    let (one, two) = (registry("team/part").await, registry("lab/tool").await);
    let setup = Setup {
        keychain: Some(State::Absent),
        ..Setup::default()
    };
    walk("encrypted-file", setup, async |desk| {
        let watched = Watched::begin(desk.home());
        begun(desk, &one.host()).await?;
        open_already(desk, &two.host()).await?;

        desk.close().await?;
        desk.open().await?;
        push(&one, "team/later", "v1", &ImageSpec::of_sizes(1, &[64])).await?;
        opened(desk, &one.host()).await?;
        left(desk, &two.host()).await?;

        desk.close().await?;
        desk.open().await?;
        forgotten(desk).await?;
        let programs = watched.end()?;
        ensure!(programs.iter().any(|name| name.contains("longshore-app")));
        // The passphrase is the marked secret too: all that is searched is searched for both.
        nowhere(desk)
    })
    .await;
}

/// A registry with one repository, whose secret is the marked one.
async fn registry(repository: &str) -> Registry {
    let options = RegistryOptions {
        auth: Some(("demo", MARKED)),
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    push(&registry, repository, "v1", &ImageSpec::of_sizes(1, &[64]))
        .await
        .unwrap();
    registry
}

/// Signs in, is refused by the keychain that isn't there, and chooses the file.
async fn chosen(window: &Window, host: &str) -> Result<()> {
    type_registry(window, host, "demo", MARKED).await?;
    window.click_ready(&id("sign-in")).await?;
    window.find(&id("keychain-problem")).await?;
    window.click(&id("keychain-file")).await
}

async fn begun(desk: &Desk, host: &str) -> Result<()> {
    let window = desk.window()?;
    chosen(window, host).await?;
    window.fill(&id("passphrase"), MARKED).await?;
    window
        .fill(&id("passphrase-again"), "something else")
        .await?;
    window.click_ready(&id("sign-in")).await?;
    window.find(&id("missing")).await?;
    ensure!(!file(desk).exists(), "the passphrases differ");
    window.fill(&id("passphrase-again"), MARKED).await?;
    window.click_ready(&id("sign-in")).await?;
    window.gone(&id("registry-sheet")).await?;
    window.find(&repository("team/part")).await?;
    window.find_with(&id("who"), "demo").await?;
    ensure!(file(desk).exists());
    Ok(())
}

/// The file is open: no passphrase is asked for.
async fn open_already(desk: &Desk, host: &str) -> Result<()> {
    let window = desk.window()?;
    chosen(window, host).await?;
    ensure!(!window.shows(&id("passphrase"), "").await?);
    window.click_ready(&id("sign-in")).await?;
    window.gone(&id("registry-sheet")).await?;
    window.find(&repository("lab/tool")).await
}

async fn opened(desk: &Desk, host: &str) -> Result<()> {
    let window = desk.window()?;
    // What was seen is there, and both accounts say what they want.
    window.find(&repository("team/part")).await?;
    ensure!(window.count(&id("open-encrypted")).await? == 2);
    window.click(&id("open-encrypted")).await?;
    window.fill(&id("passphrase"), "not the passphrase").await?;
    window.click_ready(&id("open-file")).await?;
    window.find(&id("problem")).await?;
    window.fill(&id("passphrase"), MARKED).await?;
    window.click_ready(&id("open-file")).await?;
    window.gone(&id("file-sheet")).await?;
    window.gone(&id("open-encrypted")).await?;
    window.find_with(&id("who"), "demo").await?;
    choose_for_registry(window, host, "menu-refresh").await?;
    window.find(&repository("team/later")).await
}

async fn left(desk: &Desk, host: &str) -> Result<()> {
    let window = desk.window()?;
    let before = std::fs::read(file(desk))?;
    choose_for_registry(window, host, "menu-sign-out").await?;
    window.find(&id("sign-in-again")).await?;
    ensure!(std::fs::read(file(desk))? != before, "it is still in there");
    Ok(())
}

/// Whoever forgot the passphrase starts a new file, after a yes.
async fn forgotten(desk: &Desk) -> Result<()> {
    let window = desk.window()?;
    window.click(&id("open-encrypted")).await?;
    window.click(&id("file-anew")).await?;
    window.click(&id("start-anew")).await?;
    window.click(&id("aside-done")).await?;
    window.gone(&id("file-sheet")).await?;
    window.gone(&id("open-encrypted")).await?;
    ensure!(!file(desk).exists());
    ensure!(file(desk).with_extension("old-1.age").exists());
    Ok(())
}

fn file(desk: &Desk) -> std::path::PathBuf {
    desk.home().join("data/sign-ins.age")
}
