//! A registry that is reached through a proxy alone, which wants a sign-in of its own.

use crate::desk::{Setup, ready, walk};
use anyhow::{Context, Result, ensure};
use std::fs;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Flaw, Handshake, Part, Proxy, Registry, RegistryOptions};
use testkit::steps::{id, open_repository, tag, with};
use testkit::webdriver::{Window, key};

const SECRET: &str = "correct horse battery staple";
const PROXY_SECRET: &str = "the gate is open";
/// A name that no computer but the proxy knows, and that the registry's certificate is for.
const HOST: &str = "other.example:5443";

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_behind_a_proxy_is_added_by_the_proxys_own_sign_in() {
    if !ready(&[Part::Registry]) {
        return;
    }
    let registry = Registry::start(RegistryOptions {
        auth: Some(("demo", SECRET)),
        tls: true,
        handshake: Handshake {
            flaw: Flaw::OtherName,
            ..Handshake::default()
        },
        ..Default::default()
    });
    let registry = registry.await.unwrap();
    push(&registry, "lab/tool", "v1", &ImageSpec::of_sizes(1, &[64]))
        .await
        .unwrap();
    let sign_in = ("ana", PROXY_SECRET);
    let proxy = Proxy::before(sign_in, HOST, &registry.host())
        .await
        .unwrap();
    walk("proxy", Setup::default(), async |desk| {
        let window = desk.window()?;
        window.click(&id("add-registry")).await?;
        window.fill(&id("address"), HOST).await?;
        window.find_with(&id("diagnosis"), "No host named").await?;

        // The wrong sign-in is the proxy's, and said as that.
        window.click(&id("proxy-options")).await?;
        window.choose(&id("proxy-kind"), "own").await?;
        through(window, proxy.host(), "wrong").await?;
        let says = format!("The proxy on the way to {HOST} wants a sign-in");
        window.find_with(&id("diagnosis"), &says).await?;
        ensure!(proxy.asked().is_empty(), "it let somebody through");

        // The right one leads to the registry, whose certificate is its own.
        through(window, proxy.host(), PROXY_SECRET).await?;
        window.find_with(&id("diagnosis"), "vouches").await?;
        let made = registry.certificates().context("no certificates")?;
        let file = desk.home().join("ca.crt");
        fs::write(&file, &made.ca)?;
        window
            .fill(&id("authority-file"), &file.display().to_string())
            .await?;
        window.press(&[key::ENTER]).await?;
        window.find(&with("diagnosis", "kind", "answers")).await?;
        window.find_with(&id("proxy-says"), proxy.host()).await?;
        window.fill(&id("user"), "demo").await?;
        window.fill(&id("secret"), SECRET).await?;
        window.press(&[key::ENTER]).await?;
        window.gone(&id("registry-sheet")).await?;
        open_repository(window, "lab/tool").await?;
        window.find(&tag("v1")).await?;
        ensure!(
            proxy
                .asked()
                .iter()
                .all(|asked| asked == &format!("connect {HOST}")),
            "{:?}",
            proxy.asked()
        );
        Ok(())
    })
    .await;
}

/// Goes through a proxy, by this secret.
async fn through(window: &Window, proxy: &str, secret: &str) -> Result<()> {
    window.fill(&id("proxy-address"), proxy).await?;
    window.fill(&id("proxy-user"), "ana").await?;
    window.fill(&id("proxy-secret"), secret).await?;
    window.click_ready(&id("use-proxy")).await
}
