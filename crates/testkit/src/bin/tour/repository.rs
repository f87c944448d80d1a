//! What a repository says of itself and how it keeps, the list of repositories, and a new one.

use anyhow::Result;
use serde_json::json;
use testkit::steps::{choose_for_registry, id, open_repository, with};

use crate::visit::Visit;

const NEW: &str = "genomics/peak-caller";

impl Visit<'_> {
    pub async fn repository(&self) -> Result<()> {
        let window = &self.window;
        self.enter().await?;
        open_repository(window, "imaging/segmenter").await?;
        window.click(&id("tab-about")).await?;
        window.find(&id("keep-line")).await?;
        self.picture("about").await?;
        let end = "document.querySelector(arguments[0]).scrollIntoView({ block: 'end' })";
        self.picture_each("about-end", async || {
            window.run(end, json!([id("seen")])).await?;
            Ok(())
        })
        .await?;
        window.click(&id("about-edit")).await?;
        window.find(&id("describe-sheet")).await?;
        self.picture("describe").await?;
        self.leave("describe-sheet").await?;
        self.keeping().await?;
        self.new_one().await
    }

    /// Shows what a rule would do; changes none.
    async fn keeping(&self) -> Result<()> {
        let window = &self.window;
        window.click(&id("keep-change")).await?;
        window.find(&id("keep-sheet")).await?;
        self.picture("keep").await?;
        window.click(&id("rule-overwrite")).await?;
        window.click(&id("keep-options")).await?;
        window.fill(&id("how-long-last-number"), "2").await?;
        window.find_with(&id("keep-would"), "commit tag").await?;
        self.picture("keep-options").await?;
        self.leave("keep-sheet").await?;
        window.click(&id("keep-prune")).await?;
        window.find(&id("prune-sheet")).await?;
        self.picture("prune").await?;
        window.fill(&id("how-long-last-number"), "1").await?;
        window.find(&id("prune-list")).await?;
        self.picture("prune-preview").await?;
        self.leave("prune-sheet").await
    }

    /// Makes a repository on the tour's own registry, beside the list of those that are there.
    async fn new_one(&self) -> Result<()> {
        let window = &self.window;
        let facts = &self.tour.house.facts;
        choose_for_registry(window, &facts.host, "menu-show-all").await?;
        window.find_with(&id("repository-line"), "Aligner").await?;
        self.picture("repositories").await?;
        window
            .fill(&id("repositories-filter"), "nothing is called so")
            .await?;
        window.gone(&id("repository-line")).await?;
        self.picture("repositories-none").await?;
        let host = self.enter_lab().await?;
        choose_for_registry(window, &host, "menu-show-all").await?;
        window.find(&id("repository-line")).await?;
        self.picture("repositories-many").await?;
        choose_for_registry(window, &host, "menu-new-repository").await?;
        window.find(&id("create-sheet")).await?;
        self.picture("create").await?;
        window.fill(&id("create-name"), NEW).await?;
        window.fill(&id("create-title"), "Peak caller").await?;
        let text = "Calls peaks of ChIP-seq and ATAC-seq runs.";
        window.fill(&id("create-text"), text).await?;
        window.find_with(&id("create-writes"), "_about").await?;
        self.picture("create-filled").await?;
        window.click_ready(&id("create-go")).await?;
        window.gone(&id("create-sheet")).await?;
        window
            .find(&with("repository-page", "repository", NEW))
            .await?;
        window.find(&id("repository-empty")).await?;
        self.picture("repository-empty").await?;
        if facts.docker_host.is_some() {
            window.click(&id("choose-image")).await?;
            window.find(&id("image-option")).await?;
            self.picture("choose-image").await?;
            self.leave("image-choice").await?;
        }
        choose_for_registry(window, &host, "menu-sign-out").await?;
        window.find(&id("sign-in-again")).await?;
        self.picture("signed-out").await
    }
}
