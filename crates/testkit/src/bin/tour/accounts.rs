//! Accounts and how their registries are reached: a part of a registry, programs signed in along, certificates, the check.

use anyhow::Result;
use testkit::parts::{Registry, RegistryOptions};
use testkit::steps::{choose_for_registry, id, type_registry, with};

use crate::visit::Visit;

impl Visit<'_> {
    pub async fn accounts(&self) -> Result<()> {
        self.of_a_part().await?;
        self.along().await?;
        self.certificate().await?;
        self.check().await
    }

    /// Shows an account that is for one path of its registry, beside one for all of it.
    async fn of_a_part(&self) -> Result<()> {
        let window = &self.window;
        let host = self.enter_lab().await?;
        type_registry(window, &format!("{host}/atlas"), "demo", "secret").await?;
        window.find(&with("diagnosis", "kind", "answers")).await?;
        window.click(&id("for-path")).await?;
        self.picture("sign-in-for-path").await?;
        window.click_ready(&id("sign-in")).await?;
        window.gone(&id("registry-sheet")).await?;
        self.picture("account-of-a-path").await
    }

    /// Shows what is asked before a secret is written to a file of another program.
    async fn along(&self) -> Result<()> {
        let window = &self.window;
        let host = self.tour.house.lab.host();
        choose_for_registry(window, &host, "menu-along").await?;
        window.find(&id("along-sheet")).await?;
        self.picture("along").await?;
        self.leave("along-sheet").await
    }

    /// Shows a certificate that nobody vouches for, and an account that trusts it alone.
    async fn certificate(&self) -> Result<()> {
        let window = &self.window;
        let options = RegistryOptions {
            auth: Some(("demo", "secret")),
            tls: true,
            ..RegistryOptions::default()
        };
        let registry = Registry::start(options).await?;
        window.click(&id("add-registry")).await?;
        window.fill(&id("address"), &registry.host()).await?;
        window.find(&id("certificate")).await?;
        self.picture("certificate").await?;
        window.click_ready(&id("trust-certificate")).await?;
        window.find(&id("trust-nothing")).await?;
        self.picture("certificate-trusted").await?;
        window.click(&id("proxy-options")).await?;
        self.picture("sign-in-proxy").await?;
        self.leave("registry-sheet").await
    }

    /// Shows the check of an account while it runs, stopped and at its end.
    async fn check(&self) -> Result<()> {
        let window = &self.window;
        let lab = &self.tour.house.lab;
        let host = lab.host();
        lab.pause();
        choose_for_registry(window, &host, "menu-check").await?;
        window.find(&id("check-sheet")).await?;
        self.picture("check-waiting").await?;
        lab.resume();
        window
            .find_with(&id("check-says"), "nothing was written")
            .await?;
        self.picture("check").await?;
        self.leave("check-sheet").await
    }
}
