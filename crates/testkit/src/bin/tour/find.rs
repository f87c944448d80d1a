//! Everything found: the palette, the shortcuts, the menus, the sidebar in its forms, and what can be set.

use anyhow::Result;
use testkit::steps::{at_rest, id, open_repository, tag, with};
use testkit::webdriver::key;

use crate::house::TISSUE;
use crate::visit::Visit;

const ALIGNER: &str = "genomics/aligner";

impl Visit<'_> {
    pub async fn find(&self) -> Result<()> {
        let window = &self.window;
        self.enter().await?;
        open_repository(window, "imaging/segmenter").await?;
        open_repository(window, ALIGNER).await?;
        window.find(&tag("v1")).await?;
        self.palette().await?;
        window.focus(&tag("v1")).await?;
        window.press(&[key::SHIFT, "?"]).await?;
        window.find(&id("shortcuts")).await?;
        self.picture("shortcuts").await?;
        self.leave("shortcuts").await?;
        self.menus().await?;
        self.sidebar().await?;
        window.click(&id("open-settings")).await?;
        window.find(&id("settings-page")).await?;
        self.picture("settings").await?;
        let end = "document.querySelector(arguments[0]).scrollIntoView({ block: 'end' })";
        self.picture_each("settings-end", async || {
            window
                .run(end, serde_json::json!([id("settings-file")]))
                .await?;
            Ok(())
        })
        .await?;
        window.click(&id("settings-reset")).await?;
        window.find(&id("reset-sheet")).await?;
        self.picture("settings-reset").await
    }

    async fn palette(&self) -> Result<()> {
        let window = &self.window;
        window.press(&[key::CONTROL, "k"]).await?;
        window.find(&id("palette-entry")).await?;
        self.picture("palette-open").await?;
        window.type_text("align").await?;
        window
            .find(&format!("{}[data-name=\"{ALIGNER}\"]", id("palette-entry")))
            .await?;
        self.picture("palette").await?;
        // Only the search for public images is left.
        window.type_text("zzz").await?;
        window
            .gone(&format!("{}[data-name=\"{ALIGNER}\"]", id("palette-entry")))
            .await?;
        self.picture("palette-nothing").await?;
        self.leave("palette").await
    }

    async fn menus(&self) -> Result<()> {
        let window = &self.window;
        let item = format!("{} {}", id("context-menu"), id("copy-pull"));
        self.picture_each("menu", async || {
            window.focus(&tag("v1")).await?;
            window.press(&[key::SHIFT, key::F10]).await?;
            window.find(&item).await?;
            Ok(())
        })
        .await?;
        self.leave("context-menu").await?;
        window.focus(&tag("v1")).await?;
        self.picture("tags-focus").await
    }

    /// Shows many namespaces, folded, with what is starred and what was open lately on top; then drawn wide.
    async fn sidebar(&self) -> Result<()> {
        let window = &self.window;
        window.click(&id("star")).await?;
        window
            .find(&with("starred-row", "repository", ALIGNER))
            .await?;
        self.enter_lab().await?;
        window
            .find(&with("namespace-row", "namespace", "atlas"))
            .await?;
        window
            .click(&with("namespace-row", "namespace", "atlas"))
            .await?;
        open_repository(window, TISSUE).await?;
        at_rest(window, "v2").await?;
        self.picture("sidebar").await?;
        window.focus(&id("sidebar-edge")).await?;
        for _ in 0..8 {
            window.press(&[key::RIGHT]).await?;
        }
        self.picture("sidebar-wide").await?;
        window.press(&[key::DELETE]).await?;
        Ok(())
    }
}
