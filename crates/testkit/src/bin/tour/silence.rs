//! A registry that is stopped where it is: what the page, the sidebar and a sheet say of it, and all that is well again.

use anyhow::Result;
use testkit::steps::{expand, id, open_repository, tag, with};
use testkit::webdriver::key;

use crate::house::TISSUE;
use crate::visit::Visit;

impl Visit<'_> {
    pub async fn silence(&self) -> Result<()> {
        let window = &self.window;
        self.enter_lab().await?;
        window.fill(&id("filter-repositories"), "tissue").await?;
        open_repository(window, TISSUE).await?;
        for name in ["v1", "v2", "latest"] {
            window
                .find(&format!("{}[data-resolved=\"true\"]", tag(name)))
                .await?;
        }
        expand(window, "v1").await?;
        self.tour.house.lab.pause();
        window.press(&[key::F5]).await?;
        window.find(&with("answering", "kind", "waiting")).await?;
        self.picture("silence-waiting").await?;
        window.click(&id("stop-asking")).await?;
        window.find(&with("answering", "kind", "ended")).await?;
        self.picture("silence-ended").await?;
        window.focus(&tag("latest")).await?;
        window.press(&[key::DELETE]).await?;
        let in_sheet = format!("dialog {}", with("answering", "kind", "waiting"));
        window.find(&in_sheet).await?;
        self.picture("silence-sheet").await?;
        window
            .click(&format!("dialog {}", id("stop-asking")))
            .await?;
        window.find(&format!("dialog {}", id("ask-again"))).await?;
        self.picture("silence-sheet-ended").await?;
        self.leave("delete-sheet").await?;
        window.press(&[key::F5]).await?;
        window.find(&with("problem", "kind", "trouble")).await?;
        self.picture("silence-trouble").await?;
        self.tour.house.lab.resume();
        window.gone(&with("problem", "kind", "trouble")).await?;
        self.picture("silence-over").await
    }
}
