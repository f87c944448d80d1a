//! What a person does in the window, in the words of the window: shared by the end-to-end tests and the tour.
//!
//! Each step ends when the window shows that it is done. It knows the window's test ids and nothing else
//! of it; a check belongs to the test that makes it.

use crate::webdriver::{Window, key};
use anyhow::Result;

/// Returns the selector of a test id.
pub fn id(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}

/// Returns the selector of a test id with one more attribute.
pub fn with(name: &str, attribute: &str, value: &str) -> String {
    format!("[data-testid=\"{name}\"][data-{attribute}=\"{value}\"]")
}

/// Returns the sidebar's row of a repository (`namespace/name`).
pub fn repository(path: &str) -> String {
    with("repository-row", "repository", path)
}

/// Returns the table's row of an image of the engine.
pub fn image(name: &str) -> String {
    with("image-row", "name", name)
}

/// Returns the table's row of a tag.
pub fn tag(name: &str) -> String {
    with("tag-row", "tag", name)
}

/// Opens the sheet for a new registry and types into it.
pub async fn type_registry(window: &Window, address: &str, user: &str, secret: &str) -> Result<()> {
    if !window.shows(&id("registry-sheet"), "").await? {
        window.click(&id("add-registry")).await?;
    }
    window.fill(&id("address"), address).await?;
    window.fill(&id("user"), user).await?;
    window.fill(&id("secret"), secret).await
}

/// Adds a registry, and signs in where a user is given.
pub async fn add_registry(window: &Window, address: &str, user: &str, secret: &str) -> Result<()> {
    type_registry(window, address, user, secret).await?;
    window.click_ready(&id("sign-in")).await?;
    window.gone(&id("registry-sheet")).await
}

/// Shows a repository's page.
pub async fn open_repository(window: &Window, path: &str) -> Result<()> {
    window.click(&repository(path)).await?;
    window
        .find(&with("repository-page", "repository", path))
        .await
}

/// Shows the engine's images.
pub async fn open_images(window: &Window) -> Result<()> {
    window.click(&id("nav-images")).await?;
    window.find(&id("images-page")).await?;
    Ok(())
}

/// Carries an image to a repository of the sidebar by Ctrl X and Ctrl V; the sheet that asks is open then.
pub async fn carry(window: &Window, name: &str, to: &str) -> Result<()> {
    open_images(window).await?;
    window.focus(&image(name)).await?;
    window.press(&[key::CONTROL, "x"]).await?;
    window
        .find(&format!("{}[data-marked=\"true\"]", image(name)))
        .await?;
    window.focus(&repository(to)).await?;
    window.press(&[key::CONTROL, "v"]).await?;
    window.find(&id("push-sheet")).await
}

/// Carries an image to a repository and pushes it under a tag; the transfer has begun then.
pub async fn push_as(window: &Window, name: &str, to: &str, tag: &str) -> Result<()> {
    carry(window, name, to).await?;
    window.fill(&id("push-tag"), tag).await?;
    window.click_ready(&id("push-go")).await?;
    window.gone(&id("push-sheet")).await
}

/// Shows the transfers, of which there must be one.
pub async fn open_transfers(window: &Window) -> Result<()> {
    let bar = id("activity-open");
    if window.attribute(&bar, "aria-expanded").await?.as_deref() == Some("false") {
        window.click(&bar).await?;
    }
    window.find(&id("activity-panel")).await
}

/// Waits until a tag shows and the rows have come to rest: they are put in order once the last date is there.
pub async fn at_rest(window: &Window, name: &str) -> Result<()> {
    window.find(&tag(name)).await?;
    window
        .find(&with("tags-table", "unfinished", "false"))
        .await
}

/// Unfolds a tag to its commits.
pub async fn expand(window: &Window, name: &str) -> Result<()> {
    let folded = format!("{}[aria-expanded=\"false\"]", tag(name));
    at_rest(window, name).await?;
    if window.shows(&folded, "").await? {
        window.click(&folded).await?;
    }
    window.find(&with("commit-row", "tag", name)).await?;
    Ok(())
}

/// Opens the menu of a registry and chooses an item.
pub async fn choose_for_registry(window: &Window, host: &str, item: &str) -> Result<()> {
    let row = id(&format!("account-{host}"));
    window.hover(&row).await?;
    window
        .click(&format!("{row} {}", id("account-menu")))
        .await?;
    window.click(&id(item)).await
}
