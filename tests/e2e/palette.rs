//! Everything found by keyboard: the palette, the way back, the filter, the size of everything, and the menu of a row.

use crate::desk::{Desk, Setup, walk};
use crate::house;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use testkit::images::{ImageSpec, push};
use testkit::parts::Registry;
use testkit::steps::{id, repository, tag, with};
use testkit::webdriver::{Window, key};

const ALIGNER: &str = "genomics/aligner";
const SEGMENTER: &str = "imaging/segmenter";

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_found_and_done_from_the_palette_and_the_menus() {
    let Some(registry) = house::alone().await else {
        return;
    };
    let digest = fill(&registry).await.unwrap();
    let host = registry.host();
    walk("palette", Setup::default(), async |desk| {
        let window = desk.add(&registry).await?;
        window.find(&repository(SEGMENTER)).await?;
        repository_and_tag(window).await?;
        back_and_forward(window).await?;
        menus(desk, &host, &digest).await?;
        filter(window).await?;
        action(window).await?;
        let wide = larger(window).await?;
        desk.close().await?;

        // The size stays, and what was open last is what the palette begins with.
        desk.open().await?;
        let window = desk.window()?;
        // What is pressed before the page listens is heard by nobody.
        window.find(&id("timeline-row")).await?;
        ensure!(
            width(window).await? == wide,
            "{} px wide, were {wide}",
            width(window).await?
        );
        window.press(&[key::CONTROL, "0"]).await?;
        window.press(&[key::CONTROL, "k"]).await?;
        window.find(&entry("repository", SEGMENTER)).await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("palette")).await
    })
    .await;
}

async fn fill(registry: &Registry) -> Result<String> {
    let image = ImageSpec::of_sizes(1, &[2000]);
    push(registry, ALIGNER, "v1", &image).await?;
    let digest = push(registry, ALIGNER, "v2", &ImageSpec::of_sizes(2, &[2000])).await?;
    push(registry, SEGMENTER, "v1", &image).await?;
    Ok(digest)
}

/// Selects an entry of the palette.
fn entry(kind: &str, name: &str) -> String {
    format!(
        "{}[data-name=\"{name}\"]",
        with("palette-entry", "kind", kind)
    )
}

/// Opens the palette, types, waits until the first entry is this one, and takes it.
async fn take(window: &Window, typed: &str, kind: &str, name: &str) -> Result<()> {
    window.press(&[key::CONTROL, "k"]).await?;
    window.find(&id("palette")).await?;
    ensure!(window.focused(&id("palette-field")).await?);
    window.type_text(typed).await?;
    let first = format!("{}[aria-selected=\"true\"]", entry(kind, name));
    window.find(&first).await?;
    window.press(&[key::ENTER]).await?;
    window.gone(&id("palette")).await
}

async fn repository_and_tag(window: &Window) -> Result<()> {
    take(window, "segm", "repository", SEGMENTER).await?;
    window
        .find(&with("repository-page", "repository", SEGMENTER))
        .await?;
    // Its tags are known once it was open.
    take(window, "aligner", "repository", ALIGNER).await?;
    window.find(&tag("v2")).await?;
    take(window, "segmenter", "repository", SEGMENTER).await?;
    window.find(&tag("v1")).await?;
    take(window, "aligner:v2", "tag", &format!("{ALIGNER}:v2")).await?;
    window
        .find(&with("repository-page", "repository", ALIGNER))
        .await?;
    let row = format!("{}:focus", tag("v2"));
    window.find(&row).await
}

async fn back_and_forward(window: &Window) -> Result<()> {
    let page = |name| with("repository-page", "repository", name);
    window.press(&[key::ALT, key::LEFT]).await?;
    window.find(&page(SEGMENTER)).await?;
    window.press(&[key::ALT, key::LEFT]).await?;
    window.find(&page(ALIGNER)).await?;
    window.press(&[key::ALT, key::RIGHT]).await?;
    window.find(&page(SEGMENTER)).await?;
    window.press(&[key::ALT, key::RIGHT]).await?;
    window.find(&page(ALIGNER)).await
}

/// Opens the menu of a tag by keyboard and by mouse, and that of a repository in the sidebar, and copies from each.
async fn menus(desk: &Desk, host: &str, digest: &str) -> Result<()> {
    let window = desk.window()?;
    let menu = id("context-menu");
    let item = |name: &str| format!("{menu} {}", id(name));
    let row = tag("v2");
    window
        .find(&format!("{row}[data-resolved=\"true\"]"))
        .await?;
    window.press_until(key::TAB, "main [role=row]").await?;
    window.press_until(key::DOWN, &row).await?;
    window.press(&[key::SHIFT, key::F10]).await?;
    ensure!(
        window.focused(&item("menu-pull")).await?,
        "the menu has no focus"
    );
    for _ in 0..2 {
        window.press(&[key::DOWN]).await?;
    }
    ensure!(window.focused(&item("copy-pull")).await?);
    window.press(&[key::ENTER]).await?;
    ensure!(window.focused(&row).await?, "the focus did not come back");
    copied(window, &format!("docker pull {host}/{ALIGNER}:v2")).await?;

    window.ask_for_menu(&row).await?;
    window.click(&item("copy-digest")).await?;
    copied(window, digest).await?;

    window.ask_for_menu(&row).await?;
    window.click(&item("copy-tag-path")).await?;
    copied(window, &format!("{host}/{ALIGNER}:v2")).await?;
    window.click(&format!("{row} {}", id("digest"))).await?;
    copied(window, digest).await?;

    // By a hand's mouse, which WebDriver's is not in this: what opens has to outlive that the button is let go.
    desk.ask_for_menu(&row).await?;
    desk.press("Down")?;
    desk.press("Down")?;
    window.find(&format!("{}:focus", item("copy-pull"))).await?;
    desk.press("Escape")?;
    window.find(&format!("{row}:focus")).await?;

    window.ask_for_menu(&repository(SEGMENTER)).await?;
    window.click(&item("copy-pull")).await?;
    copied(window, &format!("docker pull {host}/{SEGMENTER}:v1")).await?;
    window
        .find(&with("repository-page", "repository", ALIGNER))
        .await
}

/// Pastes into the palette's field to see what was copied: what has to be asked for first may come a moment later.
async fn copied(window: &Window, wanted: &str) -> Result<()> {
    let mut text = String::new();
    for _ in 0..20 {
        window.press(&[key::CONTROL, "k"]).await?;
        window.find(&id("palette-field")).await?;
        window.press(&[key::CONTROL, "v"]).await?;
        text = window.value(&id("palette-field")).await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("palette")).await?;
        if text == wanted {
            return Ok(());
        }
    }
    anyhow::bail!("{text} was copied, not {wanted}")
}

async fn filter(window: &Window) -> Result<()> {
    for keys in [vec!["/"], vec![key::CONTROL, "f"]] {
        window.focus("main [role=row][tabindex='0']").await?;
        window.press(&keys).await?;
        ensure!(window.focused(&id("tags-filter")).await?, "{keys:?}");
    }
    Ok(())
}

/// Shows the shortcuts, of which the palette tells the key, and does an action by its name.
async fn action(window: &Window) -> Result<()> {
    window.focus("main [role=row][tabindex='0']").await?;
    window.press(&[key::SHIFT, "?"]).await?;
    window.find(&with("shortcut", "command", "back")).await?;
    window.press(&[key::ESCAPE]).await?;
    window.gone(&id("shortcuts")).await?;
    take(window, "show the timeline", "action", "Show the timeline").await?;
    window.find(&id("timeline")).await
}

/// Draws everything larger, and returns how many pixels wide the page is then.
async fn larger(window: &Window) -> Result<u64> {
    let before = width(window).await?;
    window.press(&[key::CONTROL, "="]).await?;
    window.press(&[key::CONTROL, "="]).await?;
    for _ in 0..50 {
        let now = width(window).await?;
        if now < before * 85 / 100 {
            return Ok(now);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!(
        "nothing is larger: {before} px wide before, {} after",
        width(window).await?
    )
}

async fn width(window: &Window) -> Result<u64> {
    let wide = window.run("return window.innerWidth", json!([])).await?;
    wide.as_u64().context("no width")
}
