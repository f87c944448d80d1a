//! Two accounts of one registry, one of which may only read: a drop on its row is pushed by the other.

use crate::desk::{Setup, walk};
use crate::house::{House, IMAGES};
use crate::push::ended;
use anyhow::ensure;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Registry, RegistryOptions};
use testkit::steps::{add_registry, id, image, open_images, repository};
use testkit::webdriver::key;

const REPOSITORY: &str = "lab/tool";

#[tokio::test(flavor = "multi_thread")]
async fn a_drop_on_the_readers_row_is_pushed_by_who_may() {
    let Some(house) = House::build().await else {
        return;
    };
    let options = RegistryOptions {
        auth: Some(("owner", "secret")),
        token: true,
        readers: &[("reader", "other")],
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    push(&registry, REPOSITORY, "v1", &ImageSpec::of_sizes(1, &[64]))
        .await
        .unwrap();
    walk("two-accounts", Setup::beside(&house.engine), async |desk| {
        let window = desk.window()?;
        let host = registry.host();
        add_registry(window, &host, "reader", "other").await?;
        // The only row of the repository so far is the reader's.
        window.find(&repository(REPOSITORY)).await?;
        let row = window
            .attribute(&repository(REPOSITORY), "data-account")
            .await?;
        add_registry(window, &host, "owner", "secret").await?;
        open_images(window).await?;
        window.focus(&image(IMAGES[0])).await?;
        window.press(&[key::CONTROL, "x"]).await?;
        window
            .find(&format!("{}[data-marked=\"true\"]", image(IMAGES[0])))
            .await?;
        let of_reader = match row {
            Some(account) => format!("{}[data-account=\"{account}\"]", repository(REPOSITORY)),
            None => repository(REPOSITORY),
        };
        window.focus(&of_reader).await?;
        window.press(&[key::CONTROL, "v"]).await?;
        window.find(&id("push-sheet")).await?;
        window
            .find_with(
                &id("push-instead"),
                "Pushed as owner, as reader may only read there.",
            )
            .await?;
        window.fill(&id("push-tag"), "v2").await?;
        window.click_ready(&id("push-go")).await?;
        window.gone(&id("push-sheet")).await?;
        ended(window, "push", REPOSITORY, "v2").await?;
        let pushed = registry.manifest(REPOSITORY, "v2").await?;
        ensure!(pushed.is_some(), "v2 did not arrive");
        Ok(())
    })
    .await;
}
