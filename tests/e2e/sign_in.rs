//! Adding a registry, what may be wrong with it, and signing out and in again.

use crate::desk::{Desk, Setup, ready, walk};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Part, Registry, RegistryOptions, State};
use testkit::steps::{choose_for_registry, id, repository, type_registry, with};
use testkit::webdriver::{Window, key};

const SECRET: &str = "correct horse battery staple";
/// More repositories than a registry puts on one page of its catalog.
const MANY: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_is_added_signed_out_of_and_removed() {
    if !ready(&[Part::Registry]) {
        return;
    }
    let registry = start(false).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[64]);
    for number in 0..MANY {
        push(&registry, &format!("team/part-{number:03}"), "v1", &image)
            .await
            .unwrap();
    }
    push(&registry, "single", "v1", &image).await.unwrap();
    let refusing = start(true).await.unwrap();
    let page = web_page();

    walk("sign-in", Setup::default(), async |desk| {
        let window = desk.window()?;
        window.find(&id("welcome")).await?;
        window.find(&id("no-engine")).await?;
        addresses_that_lead_nowhere(window, &page, &refusing.host()).await?;
        addresses_that_are_read(window, &registry.host()).await?;
        wrong_password(window, &registry.host()).await?;
        right_password(desk, &registry.host()).await?;
        every_repository_is_listed(desk.window()?).await?;
        signing_out_and_in(desk, &registry.host()).await?;
        removing(desk, &registry.host()).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_a_person_may_stay_signed_in_until_the_end() {
    if !ready(&[Part::Registry]) {
        return;
    }
    let registry = start(false).await.unwrap();
    push(&registry, "team/part", "v1", &ImageSpec::of_sizes(1, &[64]))
        .await
        .unwrap();
    for state in [State::Locked, State::Absent] {
        let setup = Setup {
            keychain: Some(state),
            ..Setup::default()
        };
        walk("no-keychain", setup, async |desk| {
            only_for_this_session(desk, &registry.host()).await
        })
        .await;
    }
}

async fn start(tls: bool) -> Result<Registry> {
    Registry::start(RegistryOptions {
        auth: Some(("demo", SECRET)),
        tls,
        ..Default::default()
    })
    .await
}

/// Types wrong addresses, and checks that each gets a sentence of its own.
async fn addresses_that_lead_nowhere(window: &Window, page: &str, refusing: &str) -> Result<()> {
    type_registry(window, "", "", "").await?;
    ensure!(
        window
            .shows(&format!("{}:disabled", id("sign-in")), "")
            .await?
    );
    let mut sentences = BTreeSet::new();
    // Each with a word that its sentence must have.
    for (address, word) in [
        ("two words", "spaces"),
        ("x.invalid", "x.invalid"),
        (page, page),
        (refusing, refusing),
        ("ftp://registry.example.com", "ftp"),
    ] {
        let sentence = diagnosis(window, address, "problem").await?;
        ensure!(sentence.contains(word), "{address}: {sentence}");
        let sentence = sentence.replace(word, "…");
        ensure!(!sentences.contains(&sentence), "said before: {sentence}");
        sentences.insert(sentence);
    }
    // Going on all the same says it again, and adds nothing.
    window.click_ready(&id("sign-in")).await?;
    window.find(&id("problem")).await?;
    window.find(&id("registry-sheet")).await?;
    Ok(())
}

/// Types the address with a scheme, a path and spaces around it, and checks that the registry is found all the same.
async fn addresses_that_are_read(window: &Window, host: &str) -> Result<()> {
    for address in [
        host.to_owned(),
        format!("  {host}  "),
        format!("http://{host}"),
        format!("http://{host}/team/part-001"),
        format!("{host}/team/part-001:v1"),
    ] {
        diagnosis(window, &address, "answers").await?;
        let dropped = window.shows(&id("dropped-path"), "team/part-001").await?;
        ensure!(dropped == address.contains("team"), "{address}");
    }
    Ok(())
}

/// Types an address into the empty field, waits for a diagnosis of this kind, and returns its sentence.
async fn diagnosis(window: &Window, address: &str, kind: &str) -> Result<String> {
    let of_kind = |kind: &str| with("diagnosis", "kind", kind);
    window.fill(&id("address"), "").await?;
    window.find(&of_kind("idle")).await?;
    window.fill(&id("address"), address).await?;
    let found = window.text(&of_kind(kind)).await;
    found.with_context(|| format!("“{address}” is not said to be: {kind}"))
}

async fn wrong_password(window: &Window, host: &str) -> Result<()> {
    type_registry(window, host, "demo", "wrong").await?;
    window.click_ready(&id("sign-in")).await?;
    window
        .find(&format!("{}[data-code=\"signIn\"]", id("problem")))
        .await?;
    window.find(&id("registry-sheet")).await?;
    Ok(())
}

async fn right_password(desk: &Desk, host: &str) -> Result<()> {
    let window = desk.window()?;
    window.fill(&id("secret"), SECRET).await?;
    window.press(&[key::ENTER]).await?;
    window.gone(&id("registry-sheet")).await?;
    window
        .find_with(&id(&format!("account-{host}")), host)
        .await?;
    window.find_with(&id("who"), "demo").await?;
    ensure!(
        desk.kept_secrets()? == 1,
        "the keychain holds {} secrets",
        desk.kept_secrets()?
    );
    nowhere_else(desk)
}

async fn every_repository_is_listed(window: &Window) -> Result<()> {
    window
        .find_with(&id("namespace-row"), &MANY.to_string())
        .await?;
    // The last of the last page, and one without a namespace.
    for (typed, wanted) in [("part-119", "team/part-119"), ("SINGLE", "single")] {
        window.fill(&id("filter-repositories"), typed).await?;
        window.find(&repository(wanted)).await?;
        let shown = window.count(&id("repository-row")).await?;
        ensure!(shown == 1, "{typed} leaves {shown} repositories");
    }
    window.press(&[key::ESCAPE]).await?;
    window.find(&repository("team/part-000")).await?;
    Ok(())
}

async fn signing_out_and_in(desk: &mut Desk, host: &str) -> Result<()> {
    choose_for_registry(desk.window()?, host, "menu-sign-out").await?;
    desk.window()?.find(&id("sign-in-again")).await?;
    ensure!(
        desk.kept_secrets()? == 0,
        "signing out left the secret in the keychain"
    );
    // What was seen before still shows.
    desk.window()?.find(&id("namespace-row")).await?;

    desk.window()?.click(&id("sign-in-again")).await?;
    desk.window()?.fill(&id("user"), "demo").await?;
    desk.window()?.fill(&id("secret"), SECRET).await?;
    desk.window()?.click_ready(&id("sign-in")).await?;
    // The focus is back on the registry's row, which shows its menu there instead of the user's name.
    desk.window()?.gone(&id("sign-in-again")).await?;

    desk.close().await?;
    desk.open().await?;
    desk.window()?.find_with(&id("who"), "demo").await?;
    ensure!(
        desk.kept_secrets()? == 1,
        "the secret did not outlive the window"
    );
    nowhere_else(desk)
}

async fn removing(desk: &Desk, host: &str) -> Result<()> {
    choose_for_registry(desk.window()?, host, "menu-remove").await?;
    desk.window()?.click(&id("remove-registry")).await?;
    desk.window()?.find(&id("welcome")).await?;
    ensure!(
        desk.kept_secrets()? == 0,
        "removing left the secret in the keychain"
    );
    Ok(())
}

async fn only_for_this_session(desk: &mut Desk, host: &str) -> Result<()> {
    let window = desk.window()?;
    type_registry(window, host, "demo", SECRET).await?;
    window.click_ready(&id("sign-in")).await?;
    window.find(&id("keychain-problem")).await?;
    window.click(&id("keychain-session")).await?;
    window.click_ready(&id("sign-in")).await?;
    window.gone(&id("registry-sheet")).await?;
    window.find(&repository("team/part")).await?;
    window.find_with(&id("who"), "demo").await?;
    nowhere_else(desk)?;

    // It was for this session alone.
    desk.close().await?;
    desk.open().await?;
    desk.window()?.find(&repository("team/part")).await?;
    let known = desk.window()?.shows(&id("who"), "demo").await?;
    ensure!(!known, "the secret outlived the session");
    nowhere_else(desk)
}

/// Checks that no file that the app wrote holds the secret, plain or as it is sent to a registry.
fn nowhere_else(desk: &Desk) -> Result<()> {
    use base64::Engine as _;
    let sent = base64::engine::general_purpose::STANDARD.encode(format!("demo:{SECRET}"));
    let log = std::fs::read_to_string(desk.home().join("requests.log"))?;
    ensure!(log.contains(" GET "), "the log of requests is empty");
    for file in files(desk.home())? {
        // A socket or a file that went meanwhile holds nothing.
        let Ok(bytes) = std::fs::read(&file) else {
            continue;
        };
        for written in [SECRET, &sent] {
            let found = bytes
                .windows(written.len())
                .any(|part| part == written.as_bytes());
            ensure!(!found, "{} holds the secret", file.display());
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// Starts a server on this machine that is no registry: it answers everything with a page.
fn web_page() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let host = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let page = "<!doctype html><title>A page</title>";
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\
                 connection: close\r\n\r\n{page}",
                page.len()
            );
        }
    });
    host
}
