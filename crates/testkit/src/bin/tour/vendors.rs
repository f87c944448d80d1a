//! What vendors have beside the protocol: a second sign-in, new repositories, a memory of their own, a command; and a registry that is
//! started here.

use anyhow::Result;
use testkit::standins::quay::{APPLICATION, Quay, SECRET, USER};
use testkit::steps::{add_registry, choose_for_registry, id, open_repository, with};

use crate::visit::Visit;

impl Visit<'_> {
    pub async fn vendors(&self) -> Result<()> {
        self.started_here().await?;
        self.quay().await?;
        self.polly().await
    }

    /// Shows the sheet that starts a registry on this computer.
    async fn started_here(&self) -> Result<()> {
        let window = &self.window;
        window.find(&id("welcome")).await?;
        self.picture("welcome").await?;
        window
            .click(&with("known-registry", "known", "here"))
            .await?;
        window.find(&id("host-folder")).await?;
        window.click(&id("host-asks")).await?;
        window.find(&id("host-user")).await?;
        self.picture("start-here").await?;
        self.leave("host-sheet").await
    }

    /// Shows Quay before and after its second sign-in, with what it remembers.
    async fn quay(&self) -> Result<()> {
        let window = &self.window;
        let quay = Quay::start().await?;
        for text in ["one", "two", "three"] {
            quay.push("atlas/tissue-maps", "v1", text);
        }
        let host = quay.host();
        add_registry(window, &host, USER, SECRET).await?;
        choose_for_registry(window, &host, "menu-kind").await?;
        window.find(&id("second-line")).await?;
        self.picture("kind-second").await?;
        window.click(&id("second-open")).await?;
        window.fill(&id("second-secret"), "wrong").await?;
        window.click_ready(&id("second-save")).await?;
        window.find(&id("second-problem")).await?;
        self.picture("second-refused").await?;
        window.fill(&id("second-secret"), APPLICATION).await?;
        window.click_ready(&id("second-save")).await?;
        window.gone(&id("second-sheet")).await?;
        window.find(&with("second-line", "state", "given")).await?;
        self.picture("kind-second-given").await?;
        window.click(&id("kind-done")).await?;
        choose_for_registry(window, &host, "menu-new-repository").await?;
        window.find(&id("create-private")).await?;
        window.fill(&id("create-name"), "atlas/cell-counts").await?;
        self.picture("create-private").await?;
        self.leave("create-sheet").await?;
        open_repository(window, "atlas/tissue-maps").await?;
        window.click(&id("tab-timeline")).await?;
        window
            .find(&format!("{}[data-active=\"false\"]", id("timeline-row")))
            .await?;
        self.picture("timeline-remembered").await?;
        window.click(&id("tab-about")).await?;
        window.find(&id("about-edit")).await?;
        window.click(&id("about-edit")).await?;
        window.find(&id("describe-sheet")).await?;
        self.picture("describe-by-vendor").await?;
        self.leave("describe-sheet").await
    }

    /// Shows what a registry offers that has a command of its own.
    async fn polly(&self) -> Result<()> {
        let window = &self.window;
        let host = self.enter_lab().await?;
        choose_for_registry(window, &host, "menu-kind").await?;
        window.click(&id("kind-change")).await?;
        window.click(&id("kind-polly")).await?;
        window.find(&id("kind-command")).await?;
        self.picture("kind-polly").await?;
        self.leave("kind-sheet").await
    }
}
