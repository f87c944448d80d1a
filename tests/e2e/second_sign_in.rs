//! Quay with a second sign-in: asked for where something is done that needs it and not before; then repositories are made by Quay's own
//! interface, its memory is in the timeline, and a commit that it hides is put back.

use crate::desk::{Setup, ready, walk};
use anyhow::{Context, Result, ensure};
use std::time::Duration;
use testkit::standins::quay::{APPLICATION, Quay, SECRET, USER};
use testkit::steps::{add_registry, choose_for_registry, id, open_repository, with};
use testkit::webdriver::Window;

const REPOSITORY: &str = "lab/tool";

#[tokio::test(flavor = "multi_thread")]
async fn quay_asks_for_its_second_sign_in_when_it_is_needed_and_puts_back_what_it_hides() {
    if !ready(&[]) {
        return;
    }
    let quay = Quay::start().await.unwrap();
    let old = quay.push(REPOSITORY, "v1", "old");
    let new = quay.push(REPOSITORY, "v1", "new");
    let host = quay.host();
    walk("second-sign-in", Setup::default(), async |desk| {
        let window = desk.window()?;
        add_registry(window, &host, USER, SECRET).await?;
        open_repository(window, REPOSITORY).await?;
        window.click(&id("tab-timeline")).await?;
        window.find(&with("timeline-row", "digest", &new)).await?;
        ensure!(window.count(&id("timeline-row")).await? == 1);

        choose_for_registry(window, &host, "menu-kind").await?;
        let line = |state: &str| with("second-line", "state", state);
        window.find(&line("absent")).await?;
        let works = |means: &str| {
            let part = with("kind-part", "part", "history");
            format!("{part}[data-means=\"{means}\"]")
        };
        window.find(&works("byCommitTags")).await?;
        window.click(&id("second-open")).await?;
        give(window, "wrong").await?;
        window
            .find_with(&id("second-problem"), "doesn’t take this token")
            .await?;
        give(window, APPLICATION).await?;
        window.gone(&id("second-sheet")).await?;
        window.find(&line("given")).await?;
        window.find(&works("native")).await?;
        window.click(&id("kind-done")).await?;

        create(window, &quay, &host).await?;
        open_repository(window, REPOSITORY).await?;
        window.click(&id("tab-timeline")).await?;
        make_active(window, &old).await?;
        points_at(&quay, &old).await?;
        ensure!(quay.violations().is_empty(), "{:?}", quay.violations());
        Ok(())
    })
    .await;
}

async fn give(window: &Window, token: &str) -> Result<()> {
    window.fill(&id("second-secret"), token).await?;
    window.click_ready(&id("second-save")).await
}

/// Makes a repository that only those who are let in may see.
async fn create(window: &Window, quay: &Quay, host: &str) -> Result<()> {
    choose_for_registry(window, host, "menu-new-repository").await?;
    window.fill(&id("create-name"), "lab/new").await?;
    window.fill(&id("create-text"), "Counts cells.").await?;
    window.find(&id("create-private")).await?;
    window.click_ready(&id("create-go")).await?;
    window.gone(&id("create-sheet")).await?;
    ensure!(quay.has("lab/new"), "it was not made");
    ensure!(quay.description("lab/new").as_deref() == Some("Counts cells."));
    ensure!(quay.registry.tags("lab/new").is_empty());
    Ok(())
}

/// Makes a commit active that only the registry's own memory knows.
async fn make_active(window: &Window, commit: &str) -> Result<()> {
    let row = format!(
        "{}[data-active=\"false\"]",
        with("timeline-row", "digest", commit)
    );
    window.hover(&row).await?;
    window
        .click(&format!("{row} {}", id("make-active")))
        .await?;
    window.find(&with("active-to", "digest", commit)).await?;
    window
        .click(&format!(
            "{}:not([aria-disabled=\"true\"])",
            id("active-go")
        ))
        .await?;
    window.gone(&id("active-sheet")).await?;
    let active = format!(
        "{}[data-active=\"true\"]",
        with("timeline-row", "digest", commit)
    );
    window.find(&active).await
}

async fn points_at(quay: &Quay, commit: &str) -> Result<()> {
    for _ in 0..100 {
        if quay.registry.tagged(REPOSITORY, "v1").as_deref() == Some(commit) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let now = quay.registry.tagged(REPOSITORY, "v1");
    let now = now.context("v1 is gone")?;
    anyhow::bail!("v1 points at {now}")
}
