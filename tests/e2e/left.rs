//! The window as it was left: folds, stars, widths, filters, scroll and size after a restart; and what is set.

use crate::desk::{Desk, Setup, walk};
use crate::house;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::time::Duration;
use testkit::images::{ImageSpec, push};
use testkit::parts::Registry;
use testkit::steps::{id, repository, tag, with};
use testkit::webdriver::{Window, key};

/// So many namespaces that they start folded, and don't fit the sidebar.
const TEAMS: usize = 24;
const OPENED: &str = "team-07";
const TOOL: &str = "team-07/tool";

#[tokio::test(flavor = "multi_thread")]
async fn the_window_comes_back_as_it_was_left_and_is_called_as_its_page() {
    let Some(registry) = house::alone().await else {
        return;
    };
    fill(&registry).await.unwrap();
    walk("left", Setup::default(), async |desk| {
        let window = desk.add(&registry).await?;
        let folded = format!("{}[aria-expanded=\"false\"]", id("namespace-row"));
        window.find(&folded).await?;
        ensure!(window.count(&id("repository-row")).await? == 0);

        // Opened by hand, starred, drawn wider, narrowed, scrolled, smaller.
        window
            .click(&with("namespace-row", "namespace", OPENED))
            .await?;
        window.click(&repository(TOOL)).await?;
        window.find(&tag("v2")).await?;
        title(desk, &format!("{TOOL} · {} — Longshore", registry.host())).await?;
        let window = desk.window()?;
        window.click(&id("star")).await?;
        window
            .find(&with("starred-row", "repository", TOOL))
            .await?;
        window.focus(&id("sidebar-edge")).await?;
        for _ in 0..3 {
            window.press(&[key::RIGHT]).await?;
        }
        window.fill(&id("tags-filter"), "v1").await?;
        window.gone(&tag("v2")).await?;
        window.resize(1100, 680).await?;
        let scroll = "document.querySelector('nav [data-scroll]').scrollTop";
        window.run(&format!("{scroll} = 90"), json!([])).await?;
        window.settle().await?;
        let left = state(window, scroll).await?;
        ensure!(left.0 == 300 && left.2 == 90, "{left:?}");
        tokio::time::sleep(Duration::from_millis(600)).await;
        desk.close().await?;

        desk.open().await?;
        let window = desk.window()?;
        window.find(&tag("v1")).await?;
        window.find(&repository(TOOL)).await?;
        window
            .find(&with("starred-row", "repository", TOOL))
            .await?;
        ensure!(window.value(&id("tags-filter")).await? == "v1");
        window.gone(&tag("v2")).await?;
        let mut now = state(window, scroll).await?;
        for _ in 0..50 {
            if now == left {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            now = state(window, scroll).await?;
        }
        ensure!(now == left, "{now:?}, was left as {left:?}");
        title(desk, &format!("{TOOL} · {} — Longshore", registry.host())).await?;

        // The star goes by the menu of its row; the edge is let go of.
        let window = desk.window()?;
        window.ask_for_menu(&repository(TOOL)).await?;
        window
            .click(&format!("{} {}", id("context-menu"), id("menu-star")))
            .await?;
        window.gone(&id("starred-row")).await?;
        window.focus(&id("sidebar-edge")).await?;
        window.press(&[key::DELETE]).await?;
        let wide = state(window, scroll).await?.0;
        ensure!(wide == 252, "{wide}");
        window.click(&id("nav-images")).await?;
        title(desk, "Images — Longshore").await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_holds_at_once_and_after_a_restart_and_lies_in_a_file_one_can_read() {
    if !crate::desk::ready(&[]) {
        return;
    }
    walk("settings", Setup::default(), async |desk| {
        let window = desk.window()?;
        // What is pressed before the page listens is heard by nobody.
        window.find(&id("welcome")).await?;
        window.press(&[key::CONTROL, ","]).await?;
        window.find(&id("settings-page")).await?;
        window.click(&id("theme-dark")).await?;
        window.find("html[data-theme=\"dark\"]").await?;
        window.choose(&id("text-size"), "110").await?;
        window.choose(&id("watch-minutes"), "30").await?;
        let file = desk.home().join("data/settings.json");
        let text = until(&file, "\"watchMinutes\": 30").await?;
        for line in ["\"theme\": \"dark\"", "\"textSize\": 110"] {
            ensure!(text.contains(line), "{text}");
        }
        title(desk, "Settings — Longshore").await?;
        desk.close().await?;

        desk.open().await?;
        let window = desk.window()?;
        window.find("html[data-theme=\"dark\"]").await?;
        window.find(&id("settings-page")).await?;
        ensure!(window.value(&id("text-size")).await? == "110");

        // A reset is asked first. By keys: the driver aims beside what is drawn larger.
        window.focus(&id("settings-reset")).await?;
        window.press(&[key::ENTER]).await?;
        window
            .find(&format!("{}:focus", id("reset-cancel")))
            .await?;
        window.focus(&id("reset-do")).await?;
        window.press(&[key::ENTER]).await?;
        window.gone("html[data-theme]").await?;
        until(&file, "\"theme\": \"system\"").await?;
        window.click(&id("theme-light")).await?;
        until(&file, "\"theme\": \"light\"").await?;
        desk.close().await?;

        // Cut by hand: it is told, what was there is kept, and all is as at first.
        let cut = "{ \"theme\": \"da";
        std::fs::write(&file, cut)?;
        desk.open().await?;
        let window = desk.window()?;
        window.find(&id("settings-told")).await?;
        ensure!(window.count("html[data-theme]").await? == 0);
        let kept = std::fs::read_to_string(desk.home().join("data/settings.json.bad"))?;
        ensure!(kept == cut, "{kept}");
        window.click(&id("settings-read")).await?;
        window.gone(&id("settings-told")).await
    })
    .await;
}

async fn fill(registry: &Registry) -> Result<()> {
    for team in 0..TEAMS {
        let image = ImageSpec::of_sizes(1, &[500]);
        push(registry, &format!("team-{team:02}/tool"), "v1", &image).await?;
    }
    push(registry, TOOL, "v2", &ImageSpec::of_sizes(2, &[500])).await?;
    Ok(())
}

/// Waits until the desktop shows this title.
async fn title(desk: &Desk, wanted: &str) -> Result<()> {
    let mut shown = String::new();
    for _ in 0..100 {
        shown = desk.title().unwrap_or_default();
        if shown == wanted {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("the window is called {shown}, not {wanted}")
}

/// Returns how wide the sidebar is, how large the window, and how far the sidebar is scrolled.
async fn state(window: &Window, scroll: &str) -> Result<(u64, (u64, u64), u64)> {
    let wide = "Math.round(document.querySelector('nav').getBoundingClientRect().width)";
    let script = format!("return [{wide}, innerWidth, innerHeight, Math.round({scroll})]");
    let all = window.run(&script, json!([])).await?;
    let at = |index: usize| all[index].as_u64().context("no number");
    Ok((at(0)?, (at(1)?, at(2)?), at(3)?))
}

/// Waits until a file holds a text, and returns all of it.
async fn until(file: &std::path::Path, wanted: &str) -> Result<String> {
    let mut text = String::new();
    for _ in 0..100 {
        text = std::fs::read_to_string(file).unwrap_or_default();
        if text.contains(wanted) {
            return Ok(text);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("{wanted} is not in {text}")
}
