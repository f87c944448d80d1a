//! What a repository says of itself, how it keeps, and the list of repositories.

use anyhow::Result;
use serde_json::json;
use testkit::steps::{choose_for_registry, id};
use testkit::webdriver::key;

use crate::visit::Visit;

impl Visit<'_> {
    /// Shows what a rule would do; changes none.
    pub async fn about(&self) -> Result<()> {
        let window = &self.window;
        window.click(&id("tab-about")).await?;
        window.find(&id("about-tab")).await?;
        window.find(&id("keep-line")).await?;
        self.picture("23-about").await?;
        let end = "document.querySelector(arguments[0]).scrollIntoView({ block: 'end' })";
        window.run(end, json!([id("seen")])).await?;
        self.picture("23-about-end").await?;
        window.click(&id("keep-change")).await?;
        window.click(&id("rule-overwrite")).await?;
        self.picture("24-keep-closed").await?;
        window.click(&id("keep-options")).await?;
        window.fill(&id("how-long-last-number"), "2").await?;
        window.find_with(&id("keep-would"), "commit tag").await?;
        self.picture("24-keep").await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("keep-sheet")).await?;
        window.click(&id("keep-prune")).await?;
        window.fill(&id("how-long-last-number"), "1").await?;
        window.find(&id("prune-list")).await?;
        self.picture("25-prune").await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("prune-sheet")).await
    }

    /// Shows the sheet of a new repository, and the list of those that are there.
    pub async fn repositories(&self) -> Result<()> {
        let window = &self.window;
        choose_for_registry(window, &self.facts.host, "menu-new-repository").await?;
        window
            .fill(&id("create-name"), "genomics/peak-caller")
            .await?;
        window.fill(&id("create-title"), "Peak caller").await?;
        window
            .fill(
                &id("create-text"),
                "Calls peaks of ChIP-seq and ATAC-seq runs.",
            )
            .await?;
        window.find_with(&id("create-writes"), "_about").await?;
        self.picture("26-create").await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("create-sheet")).await?;
        choose_for_registry(window, &self.facts.host, "menu-show-all").await?;
        window.find_with(&id("repository-line"), "Aligner").await?;
        self.picture("27-repositories").await
    }
}
