//! A registry that lists no repositories: nothing is said to have failed, and a path that is typed opens and stays.

use crate::desk::{Setup, ready, walk};
use anyhow::ensure;
use testkit::scripted::Scripted;
use testkit::steps::{add_registry, choose_for_registry, id, repository, tag, with};
use testkit::webdriver::key;

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_path_opens_where_nothing_is_listed() {
    if !ready(&[]) {
        return;
    }
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| faults.no_catalog = true);
    registry.push_image("lab/tool", "v1", "one");
    registry.push_image("lab/other", "v2", "two");
    let host = registry.host();
    walk("unlisted", Setup::default(), async |desk| {
        let window = desk.window()?;
        add_registry(window, &host, "", "").await?;
        choose_for_registry(window, &host, "menu-show-all").await?;
        window
            .find_with(&id("repositories-unlisted"), &host)
            .await?;
        ensure!(
            window.count(&id("problem")).await? == 0,
            "nothing has failed"
        );

        window
            .click(&format!("{} button", id("repositories-unlisted")))
            .await?;
        window.fill(&id("path-field"), "lab/none").await?;
        window.press(&[key::ENTER]).await?;
        window
            .find(&with("repository-page", "repository", "lab/none"))
            .await?;

        // From the palette, by its whole path, with a tag: that has the cursor then.
        window.press(&[key::CONTROL, "k"]).await?;
        window
            .fill(&id("palette-field"), &format!("{host}/lab/tool:v1"))
            .await?;
        window.press(&[key::ENTER]).await?;
        window
            .find(&with("repository-page", "repository", "lab/tool"))
            .await?;
        window.find(&tag("v1")).await?;
        window.find(&repository("lab/tool")).await?;
        ensure!(
            window.count(&repository("lab/none")).await? == 0,
            "what isn't there is not remembered"
        );

        // By its digest, from the menu.
        let digest = registry.tagged("lab/other", "v2").unwrap_or_default();
        choose_for_registry(window, &host, "menu-open-path").await?;
        window
            .fill(&id("path-field"), &format!("lab/other@{digest}"))
            .await?;
        window.press(&[key::ENTER]).await?;
        window
            .find(&with("repository-page", "repository", "lab/other"))
            .await?;
        window
            .find_with(&id("timeline-row"), &digest[7..19])
            .await?;
        desk.kill().await?;
        desk.open().await?;
        desk.window()?.find(&repository("lab/tool")).await
    })
    .await;
}
