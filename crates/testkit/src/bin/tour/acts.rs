//! What has moved, and the acts: making active, deleting one, many and a last name, undoing.

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
    pub async fn acts(&self) -> Result<()> {
        self.enter().await?;
        self.moved().await?;
        self.made_active().await?;
        self.deleted().await
    }

    /// Moves a tag as somebody else, once and once more.
    async fn moved(&self) -> Result<()> {
        let window = &self.window;
        let facts = &self.tour.house.facts;
        let other = SignedIn::new(&facts.host, &facts.user, &facts.secret)?;
        open_repository(window, SEGMENTER).await?;
        at_rest(window, "nightly").await?;
        window.click(&id("watch")).await?;
        window
            .find(&format!("{} {}", tag("nightly"), id("tag-watched")))
            .await?;
        let now = time::OffsetDateTime::now_utc()
            .format(&time::format_description::well_known::Rfc3339)?;
        for (number, picture) in [(0, "moved"), (1, "moved-twice")] {
            let image = ImageSpec::of_layers(&[BASE, (500 + number, 350_000)]).created(&now);
            let digest = push(&other, SEGMENTER, "nightly", &image).await?;
            window.press(&[key::F5]).await?;
            let cell = format!("{} {}", tag("nightly"), id("tag-digest"));
            window.find_with(&cell, &digest[7..19]).await?;
            if number == 1 {
                window.click(&id("moved-open")).await?;
            }
            window.find(&with("moved-row", "tag", "nightly")).await?;
            self.picture(picture).await?;
        }
        window.click(&id("moved-open")).await
    }

    async fn made_active(&self) -> Result<()> {
        let window = &self.window;
        window.click(&id("tab-timeline")).await?;
        let older = format!(
            "{}[data-tags~=\"v2\"][data-active=\"false\"]",
            id("timeline-row")
        );
        window
            .find(&format!("{older}[data-reach=\"pullable\"]"))
            .await?;
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
        self.picture("make-active").await?;
        if window.shows(&id("keep-options"), "").await? {
            window.click(&id("keep-options")).await?;
            self.picture("make-active-options").await?;
        }
        self.leave("active-sheet").await?;
        window.click(&id("tab-tags")).await
    }

    /// Deletes one of two tags of a commit and brings it back; shows what else is asked before a deletion.
    async fn deleted(&self) -> Result<()> {
        let window = &self.window;
        at_rest(window, "latest").await?;
        window.focus(&tag("latest")).await?;
        window.press(&[key::DELETE]).await?;
        window.find_with(&id("delete-stays"), "v2").await?;
        self.picture("delete").await?;
        window.click_ready(&id("delete-go")).await?;
        window.find(&id("said-undo")).await?;
        self.picture_now("undo").await?;
        window.click(&id("said-undo")).await?;
        window
            .find(&format!("{}:not(.deleted)", tag("latest")))
            .await?;
        window.find_with(&id("said-text"), "latest is back").await?;
        window.click(&id("said-dismiss")).await?;
        window.gone(&id("said-dismiss")).await?;
        open_repository(window, "genomics/qc-report").await?;
        at_rest(window, "1.0.0").await?;
        window.focus(&tag("1.0.0")).await?;
        window.press(&[key::DELETE]).await?;
        window.find(&id("delete-keep-first")).await?;
        self.picture("delete-last-name").await?;
        window.click(&id("delete-options")).await?;
        window.find(&id("delete-how")).await?;
        self.picture("delete-options").await?;
        self.leave("delete-sheet").await?;
        window.focus(&tag("1.0.0")).await?;
        window.press(&[key::CONTROL, "a"]).await?;
        window.find(&id("delete-selected")).await?;
        self.picture("tags-selected").await?;
        window.press(&[key::DELETE]).await?;
        window
            .find(&format!("{}:not(:disabled)", id("delete-go")))
            .await?;
        self.picture("delete-many").await?;
        self.leave("delete-sheet").await
    }
}
