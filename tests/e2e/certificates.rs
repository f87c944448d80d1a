//! Registries whose certificate this computer does not trust: one is added by the file of its authority, another by trusting
//! its certificate; then that changes, which is said.

use crate::desk::{Setup, ready, walk};
use anyhow::{Context, Result, ensure};
use std::fs;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Flaw, Handshake, Part, Registry, RegistryOptions};
use testkit::steps::{choose_for_registry, id, repository, with};
use testkit::webdriver::{Window, key};

const SECRET: &str = "correct horse battery staple";

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_looked_at_and_trusted_for_one_registry() {
    if !ready(&[Part::Registry]) {
        return;
    }
    let by_file = start(Handshake::default(), "lab/tool").await.unwrap();
    let by_hand = start(Handshake::default(), "team/report").await.unwrap();
    let wants = Handshake {
        wants_pair: true,
        ..Handshake::default()
    };
    let mutual = start(wants, "guarded/data").await.unwrap();
    walk("certificates", Setup::default(), async |desk| {
        let (by_file, mut by_hand, mutual) = (by_file, by_hand, mutual);
        let home = desk.home().to_owned();
        let put = |name: &str, text: &str| {
            let path = home.join(name);
            fs::write(&path, text).map(|()| path.display().to_string())
        };
        let window = desk.window()?;

        // By the file of its authority, after one that doesn't help.
        let made = by_file.certificates().context("no certificates")?;
        let other = by_hand.certificates().context("no certificates")?;
        presented(window, &by_file.host()).await?;
        ensure!(window.count(&id("secret")).await? == 0);
        for (file, says) in [
            (put("server.key", &made.key)?, "no certificate"),
            (put("other.crt", &other.ca)?, "doesn’t vouch"),
        ] {
            window.fill(&id("authority-file"), &file).await?;
            window.press(&[key::ENTER]).await?;
            window.find_with(&id("registry-sheet"), says).await?;
        }
        window
            .fill(&id("authority-file"), &put("ca.crt", &made.ca)?)
            .await?;
        window.press(&[key::ENTER]).await?;
        window.find_with(&id("trusted-by"), "ca.crt").await?;
        signs_in(window, "lab/tool").await?;

        // By its certificate, which changes.
        presented(window, &by_hand.host()).await?;
        window.click_ready(&id("trust-certificate")).await?;
        window.find_with(&id("trusted-by"), "Only this one").await?;
        signs_in(window, "team/report").await?;
        by_hand.renew_certificate(Flaw::None).await?;
        choose_for_registry(window, &by_hand.host(), "menu-refresh").await?;
        window
            .click_ready(&format!(
                "{}[title*=\"certificate\"]",
                id("sign-in-changed")
            ))
            .await?;
        window
            .find_with(&id("diagnosis"), "another certificate than you trusted")
            .await?;
        let before = by_hand.access_log().len();
        window.click_ready(&id("trust-certificate")).await?;
        window.gone(&id("registry-sheet")).await?;
        window.gone(&id("sign-in-changed")).await?;
        choose_for_registry(window, &by_hand.host(), "menu-refresh").await?;
        window.find(&repository("team/report")).await?;
        ensure!(by_hand.access_log().len() > before, "it was asked nothing");

        // One that wants to see a certificate as well.
        let made = mutual.certificates().context("no certificates")?;
        presented(window, &mutual.host()).await?;
        window.click_ready(&id("trust-certificate")).await?;
        window
            .fill(&id("client-file"), &put("me.cert", &made.client)?)
            .await?;
        window
            .fill(&id("client-key"), &put("me.key", &made.client_key)?)
            .await?;
        window.press(&[key::ENTER]).await?;
        window.find_with(&id("trusted-by"), "Only this one").await?;
        signs_in(window, "guarded/data").await
    })
    .await;
}

async fn start(handshake: Handshake, repository: &str) -> Result<Registry> {
    let registry = Registry::start(RegistryOptions {
        auth: Some(("demo", SECRET)),
        tls: true,
        handshake,
        ..Default::default()
    })
    .await?;
    push(&registry, repository, "v1", &ImageSpec::of_sizes(1, &[64])).await?;
    Ok(registry)
}

/// Types the address of a registry, and waits for what it presents.
async fn presented(window: &Window, host: &str) -> Result<()> {
    window.click(&id("add-registry")).await?;
    window.fill(&id("address"), host).await?;
    window.find_with(&id("diagnosis"), "vouches").await?;
    window
        .find_with(&id("certificate"), "CN=Longshore test registry")
        .await?;
    let shown = window.text(&id("fingerprint")).await?;
    ensure!(shown.matches(':').count() >= 31, "{shown}");
    Ok(())
}

/// Signs in to the registry that is typed, whose trust was decided, and waits for its repository.
async fn signs_in(window: &Window, name: &str) -> Result<()> {
    window.find(&with("diagnosis", "kind", "answers")).await?;
    window.fill(&id("user"), "demo").await?;
    window.fill(&id("secret"), SECRET).await?;
    window.press(&[key::ENTER]).await?;
    window.gone(&id("registry-sheet")).await?;
    window.find(&repository(name)).await?;
    Ok(())
}
