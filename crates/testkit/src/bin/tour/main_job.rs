//! Signing in, looking, pushing, pulling.

use anyhow::Result;
use testkit::steps::{
    at_rest, expand, id, image, open_images, open_repository, repository, tag, with,
};

use crate::visit::Visit;

impl Visit<'_> {
    pub async fn sign_in(&self) -> Result<()> {
        let window = &self.window;
        window.find(&id("found-registry")).await?;
        self.picture("01-welcome").await?;
        window.click(&id("add-registry")).await?;
        window.find(&id("registry-sheet")).await?;
        self.picture("02-add-registry").await?;
        window.fill(&id("address"), &self.facts.host).await?;
        window.find(&with("diagnosis", "kind", "answers")).await?;
        window.fill(&id("user"), &self.facts.user).await?;
        window.fill(&id("secret"), "not the password").await?;
        window.click_ready(&id("sign-in")).await?;
        window.find(&id("problem")).await?;
        self.picture("03-wrong-password").await?;
        window.fill(&id("secret"), &self.facts.secret).await?;
        window.click_ready(&id("sign-in")).await?;
        window.gone(&id("registry-sheet")).await
    }

    pub async fn browse(&self) -> Result<()> {
        let window = &self.window;
        open_repository(window, "genomics/qc-report").await?;
        window
            .find(&format!("{}[data-resolved=\"true\"]", tag("latest")))
            .await?;
        at_rest(window, "latest").await?;
        self.picture("04-tags").await?;
        open_repository(window, "genomics/aligner").await?;
        expand(window, "v1").await?;
        window
            .find(&format!(
                "{}[data-active=\"false\"][data-reach=\"pullable\"]",
                id("commit-row")
            ))
            .await?;
        self.picture("05-commits").await?;
        window
            .click(&format!("{}[data-active=\"false\"]", id("commit-row")))
            .await?;
        window.find(&id("commit-panel")).await?;
        self.picture("06-commit").await
    }

    pub async fn push(&self) -> Result<()> {
        let window = &self.window;
        let (name, place, new_tag) = self.look.push;
        open_images(window).await?;
        let row = image(name);
        window.find(&row).await?;
        self.picture("07-images").await?;
        window.click(&id("open-settings")).await?;
        window.find(&id("settings-page")).await?;
        self.picture("07-settings").await?;
        open_images(window).await?;
        window.find(&row).await?;
        let drag = window.grab(&row).await?.over(&repository(place)).await?;
        window.find(&id("drag-ghost")).await?;
        self.picture("08-drag").await?;
        drag.release().await?;
        window.find(&id("push-sheet")).await?;
        window.fill(&id("push-tag"), new_tag).await?;
        window.find(&id("keep-old")).await?;
        self.picture("09-push-sheet").await?;
        window.click(&id("keep-options")).await?;
        window.find(&id("keep-eachOverwrite")).await?;
        self.picture("09-push-options").await?;
        window.click_ready(&id("push-go")).await?;
        window.click(&id("activity-open")).await?;
        self.picture_now("10-pushing").await?;
        self.ended("push").await?;
        self.picture("11-pushed").await?;
        window.click(&id("activity-open")).await
    }

    pub async fn pull(&self) -> Result<()> {
        let window = &self.window;
        let (place, name) = self.look.pull;
        open_repository(window, place).await?;
        at_rest(window, name).await?;
        window.hover(&tag(name)).await?;
        window
            .click(&format!("{} {}", tag(name), id("pull-tag")))
            .await?;
        window.click(&id("activity-open")).await?;
        self.picture_now("12-pulling").await?;
        self.ended("pull").await?;
        self.picture("13-pulled").await?;
        window.click(&id("activity-open")).await?;
        open_repository(window, self.look.push.1).await?;
        expand(window, self.look.push.2).await?;
        self.picture("14-after-push").await
    }

    async fn ended(&self, kind: &str) -> Result<()> {
        let row = with("task-row", "kind", kind);
        let over = format!("{row}:not([data-state=\"waiting\"]):not([data-state=\"running\"])");
        self.window.find(&over).await?;
        Ok(())
    }
}
