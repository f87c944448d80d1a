//! "You are here": which commit the images of this computer are, right after somebody else has overwritten the tag.

use crate::desk::{Setup, walk};
use crate::house;
use anyhow::Result;
use testkit::images::{ImageSpec, push};
use testkit::steps::{id, image, open_images, open_repository, push_as, tag, with};
use testkit::webdriver::{Window, key};

const REPOSITORY: &str = "genomics/aligner";

/// Waits until an image stands so towards what registries have.
async fn place(window: &Window, of: &str, kind: &str) -> Result<()> {
    let place = with("image-place", "place", kind);
    window.find(&format!("{} {place}", image(of))).await
}

/// Waits until a tag says so of what is on this computer.
async fn mark(window: &Window, of: &str, kind: &str) -> Result<()> {
    let mark = with("tag-local", "local", kind);
    window.find(&format!("{} {mark}", tag(of))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn you_are_here_right_after_an_overwrite_from_outside() {
    let small = ImageSpec::of_sizes(2, &[1000]);
    let Some((registry, engine)) = house::sparse("small:one", &small).await else {
        return;
    };
    let base = ImageSpec::of_sizes(1, &[1000]);
    push(&registry, REPOSITORY, "base", &base).await.unwrap();
    walk("here", Setup::beside(&engine), async |desk| {
        let window = desk.add(&registry).await?;
        open_images(window).await?;
        place(window, "small:one", "notPushed").await?;
        push_as(window, "small:one", REPOSITORY, "v1").await?;
        place(window, "small:one", "active").await?;
        open_repository(window, REPOSITORY).await?;
        mark(window, "v1", "same").await?;

        // Another one is pushed over it, not from here: the next look tells so in the list and beside the image.
        let other = ImageSpec::of_sizes(3, &[1000]);
        push(&registry, REPOSITORY, "v1", &other).await?;
        window.press(&[key::F5]).await?;
        mark(window, "v1", "older").await?;
        mark(window, "base", "none").await?;
        open_images(window).await?;
        place(window, "small:one", "older").await?;
        let row = format!("{} {}", image("small:one"), id("image-place"));
        window.find_with(&row, "v1").await?;

        // It is pushed again, and is the active one again.
        push_as(window, "small:one", REPOSITORY, "v1").await?;
        place(window, "small:one", "active").await?;
        open_repository(window, REPOSITORY).await?;
        mark(window, "v1", "same").await
    })
    .await;
}
