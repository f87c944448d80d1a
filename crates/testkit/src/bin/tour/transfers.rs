//! What is under way: running, stalled, refused, cut off by closing, and after the next start.

use std::time::Duration;

use anyhow::Result;
use testkit::steps::{add_registry, id, open_transfers, push_as};

use crate::house::{LARGE, TISSUE};
use crate::visit::Visit;

impl Visit<'_> {
    pub async fn transfers(&mut self) -> Result<()> {
        let house = &self.tour.house;
        house.load_large().await?;
        self.enter_lab().await?;
        let refusing = house.refusing.host();
        add_registry(&self.window, &refusing, "demo", "secret").await?;
        let filter = id("filter-repositories");
        self.window.fill(&filter, "reference").await?;
        push_as(&self.window, "notebook:mine", "shared/reference", "mine").await?;
        open_transfers(&self.window).await?;
        self.window.find(&id("task-again-soon")).await?;
        self.picture("activity-again").await?;
        // What it is told the next time is no reason to try once more.
        house.refusing.set(|faults| {
            faults.read_only = false;
            faults.never_granted = vec!["push".to_owned()];
        });
        house.refusing.expire_tokens();
        self.window.fill(&filter, "tissue").await?;
        push_as(&self.window, "notebook:mine", TISSUE, "notebook").await?;
        open_transfers(&self.window).await?;
        self.window.find(&row("notebook", "done")).await?;
        self.window.find(&row("mine", "failed")).await?;
        self.picture("activity-failed").await?;
        self.under_way("v3").await?;
        self.picture("activity-running").await?;
        self.ask_to_close()?;
        self.window.find(&id("closing")).await?;
        self.picture("closing").await?;
        // The app may be gone before the driver has said that the button was pressed.
        let _ = self.window.click(&id("close-anyway")).await;
        house.lab.resume();
        self.open_again().await?;
        open_transfers(&self.window).await?;
        self.window.find(&row("v3", "interrupted")).await?;
        self.picture("activity-after-restart").await?;
        self.window.click(&id("activity-open")).await?;
        self.window.gone(&id("activity-panel")).await?;
        self.picture("activity-quiet").await
    }

    /// Pushes the large image, and stops the registry in the middle of it: a state that stays.
    async fn under_way(&self, tag: &str) -> Result<()> {
        push_as(&self.window, LARGE, TISSUE, tag).await?;
        open_transfers(&self.window).await?;
        self.window.find(&row(tag, "running")).await?;
        self.window.find(&id("layer-bar")).await?;
        tokio::time::sleep(Duration::from_millis(900)).await;
        self.tour.house.lab.pause();
        Ok(())
    }
}

fn row(tag: &str, state: &str) -> String {
    format!(
        "{}[data-tag=\"{tag}\"][data-state=\"{state}\"]",
        id("task-row")
    )
}
