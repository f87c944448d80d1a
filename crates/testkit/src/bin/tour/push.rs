//! The images of the engine, and everything on the way of one of them to a registry and back.

use anyhow::Result;
use testkit::steps::{
    at_rest, expand, id, image, open_images, open_repository, repository, tag, with,
};

use crate::visit::Visit;

const IMAGE: &str = "aligner:dev";
const PLACE: &str = "genomics/aligner";

impl Visit<'_> {
    pub async fn push(&self) -> Result<()> {
        let window = &self.window;
        self.enter().await?;
        open_images(window).await?;
        let row = image(IMAGE);
        window.find(&row).await?;
        self.picture("images").await?;
        window.hover(&row).await?;
        window.click(&format!("{row} {}", id("push-to"))).await?;
        window.find(&id("place-option")).await?;
        self.picture("push-to").await?;
        window.fill(&id("place-choice-filter"), "lab/fresh").await?;
        window.find(&id("place-new")).await?;
        self.picture("push-to-new").await?;
        window.click(&id("place-new")).await?;
        window.find(&id("push-sheet")).await?;
        window.find_with(&id("push-go"), "Create").await?;
        self.picture("push-new-repository").await?;
        self.leave("push-sheet").await?;
        self.dropped().await?;
        self.pulled().await
    }

    async fn dropped(&self) -> Result<()> {
        let window = &self.window;
        let row = image(IMAGE);
        let drag = window.grab(&row).await?.over(&repository(PLACE)).await?;
        window.find(&id("drag-ghost")).await?;
        self.picture("drag").await?;
        drag.release().await?;
        window.find(&id("push-sheet")).await?;
        window.fill(&id("push-tag"), "v2").await?;
        window.find_with(&id("push-target"), "v2 is new").await?;
        self.picture("push-new-tag").await?;
        window.fill(&id("push-tag"), "v1").await?;
        window.find(&id("keep-old")).await?;
        window
            .find(&format!("{}:not(.soft)", id("push-amount")))
            .await?;
        self.picture("push").await?;
        window.click(&id("keep-options")).await?;
        window.find(&id("keep-eachOverwrite")).await?;
        self.picture("push-options").await?;
        window.click(&id("keep-others")).await?;
        window.find(&id("keep-others-back")).await?;
        self.picture("push-others").await?;
        window.click(&id("keep-others-back")).await?;
        window.click_ready(&id("push-go")).await?;
        window.gone(&id("push-sheet")).await?;
        window.click(&id("activity-open")).await?;
        self.ended("push").await?;
        self.picture("pushed").await?;
        window.click(&id("activity-open")).await?;
        // The second push to the same tag: the rule is there, and what is kept is told.
        open_images(window).await?;
        let drag = window.grab(&image("qc-report:dev")).await?;
        let drag = drag.over(&repository(PLACE)).await?;
        drag.release().await?;
        window.find(&id("push-sheet")).await?;
        window.fill(&id("push-tag"), "v1").await?;
        window.find(&id("keep-rule")).await?;
        self.picture("push-by-rule").await?;
        self.leave("push-sheet").await
    }

    async fn pulled(&self) -> Result<()> {
        let window = &self.window;
        open_repository(window, "imaging/segmenter").await?;
        at_rest(window, "cuda").await?;
        window.hover(&tag("cuda")).await?;
        window
            .click(&format!("{} {}", tag("cuda"), id("pull-tag")))
            .await?;
        window.click(&id("activity-open")).await?;
        self.ended("pull").await?;
        self.picture("pulled").await?;
        window.click(&id("activity-open")).await?;
        open_repository(window, PLACE).await?;
        expand(window, "v1").await?;
        self.picture("tags-after-push").await
    }

    async fn ended(&self, kind: &str) -> Result<()> {
        let row = with("task-row", "kind", kind);
        let over = format!("{row}:not([data-state=\"waiting\"]):not([data-state=\"running\"])");
        self.window.find(&over).await
    }
}
