//! The first page without an engine, and everything a sign-in may come to.

use anyhow::Result;
use testkit::scripted::Auth;
use testkit::standins::harbor::{Harbor, SECRET, USER};
use testkit::steps::{add_registry, choose_for_registry, id, repository, type_registry, with};
use testkit::webdriver::key;

use crate::visit::Visit;

impl Visit<'_> {
    pub async fn first(&self) -> Result<()> {
        let window = &self.window;
        window.find(&id("no-engine")).await?;
        window.find(&id("found-registry")).await?;
        self.picture("first-no-engine").await?;
        window.click(&id("how-to-engine")).await?;
        window.find(&id("engine-command")).await?;
        self.picture("first-get-engine").await?;
        window.click(&id("nav-images")).await?;
        window.find(&id("images-no-engine")).await?;
        self.picture("images-no-engine").await?;
        window.click(&id("add-registry")).await?;
        window.find(&id("registry-sheet")).await?;
        self.picture("sign-in").await?;
        window
            .click(&with("found-registry", "host", "ghcr.io"))
            .await?;
        window.find(&id("picked")).await?;
        self.picture("sign-in-picked").await?;
        window.click(&id("type-instead")).await?;
        self.addresses().await?;
        self.passwords().await?;
        self.kinds().await?;
        self.changed().await
    }

    /// Shows the names in an empty sheet, and a registry that is recognised, then corrected by hand.
    async fn kinds(&self) -> Result<()> {
        let window = &self.window;
        for name in ["harbor", "gitlab", "azure"] {
            window.click(&with("known-registry", "known", name)).await?;
            window.find(&id("known-help")).await?;
            self.picture(&format!("sign-in-known-{name}")).await?;
            self.leave("registry-sheet").await?;
        }
        let harbor = Harbor::start().await?;
        harbor.registry.push_image("lab/tool", "v1", "one");
        let host = harbor.host();
        add_registry(window, &host, USER, SECRET).await?;
        window.find(&repository("lab/tool")).await?;
        choose_for_registry(window, &host, "menu-kind").await?;
        window.find(&id("kind-parts")).await?;
        self.picture("kind").await?;
        self.picture_each("kind-menu", async || {
            window.click(&id("kind-change")).await?;
            window.find(&id("kind-plain")).await
        })
        .await?;
        window.click(&id("kind-plain")).await?;
        window.find(&id("kind-answers")).await?;
        self.picture("kind-by-hand").await?;
        self.leave("kind-sheet").await?;
        choose_for_registry(window, &host, "menu-remove").await?;
        window.click_ready(&id("remove-registry")).await?;
        window.gone(&id("remove-sheet")).await
    }

    /// Shows an address that answers late, never, and that nobody answers at.
    async fn addresses(&self) -> Result<()> {
        let window = &self.window;
        let lab = &self.tour.house.lab;
        lab.pause();
        window.fill(&id("address"), &lab.host()).await?;
        window
            .find(&with("sign-in-waits", "silence", "waiting"))
            .await?;
        self.picture("sign-in-waiting").await?;
        window.click(&id("stop-asking")).await?;
        window.find(&id("ask-again")).await?;
        self.picture("sign-in-stopped").await?;
        lab.resume();
        window.fill(&id("address"), "127.0.0.1:9").await?;
        window.find(&with("diagnosis", "kind", "problem")).await?;
        self.picture("sign-in-nobody").await?;
        window.fill(&id("address"), &lab.host()).await?;
        window.find(&with("diagnosis", "kind", "answers")).await?;
        self.picture("sign-in-answers").await
    }

    async fn passwords(&self) -> Result<()> {
        let window = &self.window;
        window.fill(&id("user"), "demo").await?;
        window.fill(&id("secret"), "not the password").await?;
        window.click_ready(&id("sign-in")).await?;
        window.find(&id("problem")).await?;
        self.picture("sign-in-wrong").await?;
        self.leave("registry-sheet").await?;
        // As one comes: the first page is back once the program starts again.
        window.press(&[key::ALT, key::LEFT]).await?;
        let line = format!(
            "docker pull {}/atlas/tissue-map:v1",
            self.tour.house.lab.host()
        );
        window.fill(&id("welcome-address"), &line).await?;
        self.picture("first-pasted").await?;
        window.press(&[key::ENTER]).await?;
        window.find(&id("dropped-path")).await?;
        window.find(&with("diagnosis", "kind", "answers")).await?;
        self.picture("sign-in-pasted").await?;
        self.leave("registry-sheet").await?;
        // One that has no address of its own: nothing is asked before a person types.
        window
            .click(&with("known-registry", "known", "polly"))
            .await?;
        window.find(&id("known-help")).await?;
        self.picture("sign-in-known").await?;
        self.leave("registry-sheet").await
    }

    /// Shows a registry that wants the secret sent elsewhere from now on, and how an account is removed.
    async fn changed(&self) -> Result<()> {
        let window = &self.window;
        let registry = &self.tour.house.refusing;
        let host = registry.host();
        type_registry(window, &host, "demo", "secret").await?;
        window.find_with(&id("way"), &host).await?;
        self.picture("sign-in-way").await?;
        if window.count(&id("along")).await? > 0 {
            window.click(&id("along")).await?;
            self.picture("sign-in-along").await?;
        }
        self.leave("registry-sheet").await?;
        add_registry(window, &host, "demo", "secret").await?;
        choose_for_registry(window, &host, "menu-along").await?;
        window.find(&id("along-sheet")).await?;
        self.picture("along").await?;
        self.leave("along-sheet").await?;
        registry.set(|faults| faults.auth = Auth::Basic);
        registry.expire_tokens();
        choose_for_registry(window, &host, "menu-refresh").await?;
        window.click_ready(&id("sign-in-changed")).await?;
        window.find(&id("sign-in-changed-sheet")).await?;
        self.picture("sign-in-changed").await?;
        self.leave("sign-in-changed-sheet").await?;
        self.picture("sign-in-changed-row").await?;
        registry.set(|faults| faults.auth = Auth::TokenGet);
        choose_for_registry(window, &host, "menu-remove").await?;
        window.find(&id("remove-sheet")).await?;
        self.picture("remove-account").await
    }
}
