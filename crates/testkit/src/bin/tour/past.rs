//! What has moved, the timeline of a repository, and the way back.

use anyhow::Result;
use testkit::images::{ImageSpec, push};
use testkit::parts::SignedIn;
use testkit::steps::{at_rest, id, open_repository, tag, with};
use testkit::webdriver::key;

use crate::visit::Visit;

const SEGMENTER: &str = "imaging/segmenter";
/// A layer that stands for those of the others.
const BASE: (u64, usize) = (11, 9_400_000);

impl Visit<'_> {
    /// Moves a tag as somebody else, once and once more.
    pub async fn moved(&self) -> Result<()> {
        let window = &self.window;
        let other = SignedIn::new(&self.facts.host, &self.facts.user, &self.facts.secret)?;
        open_repository(window, SEGMENTER).await?;
        at_rest(window, "nightly").await?;
        window.click(&id("watch")).await?;
        let watched = format!("{} {}", tag("nightly"), id("tag-watched"));
        window.find(&watched).await?;
        let now = time::OffsetDateTime::now_utc()
            .format(&time::format_description::well_known::Rfc3339)?;
        for (number, picture) in [(0, "15-moved"), (1, "16-moved-twice")] {
            let layers = [BASE, (self.look.seed + number, 350_000)];
            let image = ImageSpec::of_layers(&layers).created(&now);
            let digest = push(&other, SEGMENTER, "nightly", &image).await?;
            window.press(&[key::F5]).await?;
            let cell = format!("{} {}", tag("nightly"), id("tag-digest"));
            window.find_with(&cell, &digest[7..19]).await?;
            if number == 0 {
                window.find(&with("moved-row", "tag", "nightly")).await?;
            } else {
                window.click(&id("moved-open")).await?;
                window.find(&with("moved-row", "tag", "nightly")).await?;
            }
            self.picture(picture).await?;
        }
        window.click(&id("moved-open")).await
    }

    /// Shows the timeline, a lane a tag. Whether a commit can be pulled is asked for what is in sight.
    pub async fn timeline(&self) -> Result<()> {
        let window = &self.window;
        window.click(&id("tab-timeline")).await?;
        let older = format!(
            "{}[data-tags~=\"v2\"][data-active=\"false\"]",
            id("timeline-row")
        );
        window
            .find(&format!("{older}[data-reach=\"pullable\"]"))
            .await?;
        // What is in sight is asked for in one go.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        self.picture("17-timeline").await?;
        window.click(&older).await?;
        window.find(&id("commit-panel")).await?;
        window.hover(&older).await?;
        self.picture("18-timeline-commit").await?;
        window.click(&id("panel-close")).await?;
        window.fill(&id("timeline-filter"), "cuda").await?;
        window
            .gone(&format!("{}[data-tags~=\"v2\"]", id("timeline-row")))
            .await?;
        self.picture("19-timeline-filter").await?;
        window.click(&id("timeline-filter-clear")).await?;
        window.find(&older).await?;
        window.hover(&older).await?;
        window
            .click(&format!("{older} {}", id("make-active")))
            .await?;
        window
            .find(&format!(
                "{}:not([aria-disabled=\"true\"])",
                id("active-go")
            ))
            .await?;
        self.picture("20-make-active").await?;
        window.click(&id("active-cancel")).await?;
        window.gone(&id("active-sheet")).await
    }

    /// Deletes one of two tags of a commit and brings it back.
    pub async fn acts(&self) -> Result<()> {
        let window = &self.window;
        window.click(&id("tab-tags")).await?;
        at_rest(window, "latest").await?;
        window.focus(&tag("latest")).await?;
        window.press(&[key::DELETE]).await?;
        window.find_with(&id("delete-stays"), "v2").await?;
        self.picture("21-delete").await?;
        window.click_ready(&id("delete-go")).await?;
        window.find(&id("said-undo")).await?;
        self.picture("22-undo").await?;
        window.click(&id("said-undo")).await?;
        window
            .find(&format!("{}:not(.deleted)", tag("latest")))
            .await?;
        window.find_with(&id("said-text"), "latest is back").await?;
        window.click(&id("said-dismiss")).await?;
        window.gone(&id("said-dismiss")).await
    }
}
