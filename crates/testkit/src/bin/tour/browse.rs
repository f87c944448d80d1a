//! Signing in with what was found, a repository's tags, their commits, and the timeline.

use std::time::Duration;

use anyhow::Result;
use testkit::steps::{at_rest, expand, id, open_repository, tag, with};

use crate::visit::Visit;

impl Visit<'_> {
    pub async fn browse(&self) -> Result<()> {
        let window = &self.window;
        window.find(&id("found-registry")).await?;
        self.picture("first").await?;
        window.click(&id("found-registry")).await?;
        window.find(&with("diagnosis", "kind", "answers")).await?;
        self.picture("sign-in-found").await?;
        window.click_ready(&id("sign-in")).await?;
        window.gone(&id("registry-sheet")).await?;
        window.find(&id("repository-row")).await?;
        self.picture("signed-in").await?;
        open_repository(window, "genomics/qc-report").await?;
        window
            .find(&format!("{}[data-resolved=\"true\"]", tag("latest")))
            .await?;
        at_rest(window, "latest").await?;
        self.picture("tags").await?;
        open_repository(window, "genomics/aligner").await?;
        expand(window, "v1").await?;
        let inactive = format!("{}[data-active=\"false\"]", id("commit-row"));
        window
            .find(&format!("{inactive}[data-reach=\"pullable\"]"))
            .await?;
        self.picture("tags-commits").await?;
        window.click(&inactive).await?;
        window.find(&id("commit-panel")).await?;
        self.picture("tags-panel").await?;
        self.timeline().await
    }

    /// Shows the timeline, a lane a tag. Whether a commit can be pulled is asked for what is in sight.
    async fn timeline(&self) -> Result<()> {
        let window = &self.window;
        open_repository(window, "imaging/segmenter").await?;
        window.click(&id("tab-timeline")).await?;
        let older = format!(
            "{}[data-tags~=\"v2\"][data-active=\"false\"]",
            id("timeline-row")
        );
        window
            .find(&format!("{older}[data-reach=\"pullable\"]"))
            .await?;
        // What is in sight is asked for in one go.
        tokio::time::sleep(Duration::from_millis(500)).await;
        self.picture("timeline").await?;
        window.click(&older).await?;
        window.find(&id("commit-panel")).await?;
        window.hover(&older).await?;
        self.picture("timeline-panel").await?;
        window.click(&id("panel-close")).await?;
        window.fill(&id("timeline-filter"), "cuda").await?;
        window
            .gone(&format!("{}[data-tags~=\"v2\"]", id("timeline-row")))
            .await?;
        self.picture("timeline-filter").await?;
        window
            .fill(&id("timeline-filter"), "nothing is called so")
            .await?;
        window.find(&id("timeline-none")).await?;
        self.picture("timeline-none").await?;
        window.click(&id("timeline-filter-clear")).await?;
        self.enter_lab().await?;
        window
            .fill(&id("filter-repositories"), "long-reads")
            .await?;
        open_repository(window, crate::house::LONG).await?;
        window.click(&id("tab-timeline")).await?;
        window.find(&id("timeline-row")).await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        self.picture("timeline-long-names").await?;
        window.click(&id("tab-tags")).await?;
        window.find(&id("tag-row")).await?;
        self.picture("tags-long-names").await
    }
}
