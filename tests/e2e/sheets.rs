//! Every sheet at the smallest window: nothing of it is scrolled for, and a checker of accessibility finds no fault in it
//! or in the page behind. How many words each has is counted where the sheets are (`ui/src/test/sheets.test.ts`).

use crate::desk::{Setup, walk};
use crate::house;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::images::{ImageSpec, push};
use testkit::parts::Registry;
use testkit::steps::{at_rest, choose_for_registry, id, open_repository, tag};
use testkit::webdriver::{Window, key};

const REPOSITORY: &str = "genomics/aligner";
/// The checker, as npm has it.
const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/ui/node_modules/axe-core/axe.min.js"
);

#[tokio::test(flavor = "multi_thread")]
async fn every_sheet_fits_the_smallest_window_and_has_no_fault() {
    let Some(registry) = with_nightly().await else {
        return;
    };
    let host = registry.host();
    walk("sheets", Setup::default(), async |desk| {
        let window = desk.window()?;
        window.resize(900, 600).await?;
        window.find(&id("welcome")).await?;
        has_no_fault(window, "welcome").await?;
        window.click(&id("add-registry")).await?;
        looked_at(window, "registry-sheet").await?;

        let window = desk.add(&registry).await?;
        for (item, sheet) in [
            ("menu-new-repository", "create-sheet"),
            ("menu-remove", "remove-sheet"),
        ] {
            choose_for_registry(window, &host, item).await?;
            looked_at(window, sheet).await?;
        }
        open_repository(window, REPOSITORY).await?;
        at_rest(window, "nightly").await?;
        has_no_fault(window, "tags").await?;
        delete_sheet(window).await?;

        window.click(&id("tab-timeline")).await?;
        window.find(&id("timeline-row")).await?;
        has_no_fault(window, "timeline").await?;
        window.click(&id("tab-about")).await?;
        window.find(&id("keep-line")).await?;
        has_no_fault(window, "about").await?;
        for (button, sheet) in [("keep-change", "keep-sheet"), ("keep-prune", "prune-sheet")] {
            window.click(&id(button)).await?;
            looked_at(window, sheet).await?;
        }
        window.click(&id("nav-search")).await?;
        window.find(&id("search-start")).await?;
        has_no_fault(window, "search").await?;
        window.click(&id("nav-images")).await?;
        for (button, sheet) in [
            ("load-images", "load-sheet"),
            ("build-from-folder", "build-sheet"),
        ] {
            window.click(&id(button)).await?;
            looked_at(window, sheet).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_asks_for_contrast_gets_it_in_the_dark_too() {
    let Some(registry) = with_nightly().await else {
        return;
    };
    let setup = Setup {
        theme: Some("HighContrast:dark"),
        ..Setup::default()
    };
    walk("contrast", setup, async |desk| {
        let window = desk.window()?;
        let asked = "return ['(prefers-contrast: more)', '(prefers-color-scheme: dark)']
            .map((query) => matchMedia(query).matches)";
        ensure!(
            window.run(asked, json!([])).await? == json!([true, true]),
            "the desktop's look did not arrive"
        );
        window.resize(900, 600).await?;
        window.find(&id("welcome")).await?;
        has_no_fault(window, "welcome").await?;
        let window = desk.add(&registry).await?;
        open_repository(window, REPOSITORY).await?;
        at_rest(window, "nightly").await?;
        let same = "const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
            return style('--text-3') === style('--text') && style('--line') === 'currentColor'";
        ensure!(
            window.run(same, json!([])).await? == true,
            "quiet text is as quiet as without the wish"
        );
        has_no_fault(window, "tags").await?;
        delete_sheet(window).await
    })
    .await;
}

/// Starts a registry with one tag; none where that part is missing.
async fn with_nightly() -> Option<Registry> {
    let registry = house::alone().await?;
    let image = ImageSpec::of_sizes(1, &[2_000]);
    push(&registry, REPOSITORY, "nightly", &image)
        .await
        .unwrap();
    Some(registry)
}

/// Opens the sheet that asks before `nightly` is deleted, once it has its answers, and checks it.
async fn delete_sheet(window: &Window) -> Result<()> {
    window.focus(&tag("nightly")).await?;
    window.press(&[key::DELETE]).await?;
    window
        .find(&format!("{}:not(:disabled)", id("delete-go")))
        .await?;
    looked_at(window, "delete-sheet").await
}

/// Checks an open sheet, and leaves it.
async fn looked_at(window: &Window, sheet: &str) -> Result<()> {
    window.find(&id(sheet)).await?;
    let fits = "const sheet = document.querySelector('dialog[open]');
        const over = [...sheet.querySelectorAll('*')].filter((one) =>
            getComputedStyle(one).overflowY === 'auto' && one.scrollHeight > one.clientHeight);
        return over.length === 0 && sheet.getBoundingClientRect().bottom <= window.innerHeight;";
    ensure!(
        window.run(fits, json!([])).await? == true,
        "{sheet} has a scroll bar at 900 × 600"
    );
    has_no_fault(window, sheet).await?;
    window.press(&[key::ESCAPE]).await?;
    window.gone(&id(sheet)).await
}

/// Has the checker look at all that shows, in both themes.
async fn has_no_fault(window: &Window, at: &str) -> Result<()> {
    if window.run("return typeof window.axe", json!([])).await? != "object" {
        let source = std::fs::read_to_string(AXE).context("npm ci installs the checker")?;
        window.run(&source, json!([])).await?;
    }
    for theme in ["light", "dark"] {
        let put_on = "document.documentElement.dataset.theme = arguments[0]";
        window.run(put_on, json!([theme])).await?;
        check(window, &format!("{at}, {theme}")).await?;
    }
    let take_off = "delete document.documentElement.dataset.theme";
    window.run(take_off, json!([])).await?;
    Ok(())
}

async fn check(window: &Window, at: &str) -> Result<()> {
    // What is still fading in, or changing its colour, has no contrast yet; what turns for ever has.
    let begin = "window.faults = null;
        const ends = (one) => one.effect.getComputedTiming().iterations !== Infinity;
        const frame = () => new Promise((go) => requestAnimationFrame(go));
        const still = async () => {
            await frame(); await frame();
            await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
            await frame();
        };
        still().then(() => window.axe.run(document, { resultTypes: ['violations'] })).then(
            ({ violations }) => (window.faults = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)),
            (error) => (window.faults = [String(error)]));";
    window.run(begin, json!([])).await?;
    for _ in 0..300 {
        let faults = window.run("return window.faults", json!([])).await?;
        if faults != Value::Null {
            ensure!(faults == json!([]), "{at}: {faults:#}");
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("the checker never ended at {at}")
}
