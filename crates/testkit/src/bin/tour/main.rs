//! `tour FOLDER`: walks the main job through the real window, on a display of its own, and leaves pictures.
//!
//! `LONGSHORE_APP` is the app's binary. With `LONGSHORE_SANDBOX` (the path of a `sandbox.json`) it uses
//! that sandbox; else it starts one for itself. It shows, it does not test: what it claims is looked at by
//! people. It may grow by a picture whenever the window grows a screen.

mod house;
mod main_job;
mod past;
mod rules;
mod visit;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use house::House;
use testkit::parts::Display;
use testkit::steps::{choose_for_registry, id, open_repository, tag};
use testkit::webdriver::key;
use visit::{DARK, LIGHT, Visit};

#[tokio::main]
async fn main() -> Result<()> {
    let app = std::env::var_os("LONGSHORE_APP").context("LONGSHORE_APP is not set")?;
    let pictures = std::env::args_os().nth(1);
    let pictures = pictures.map_or_else(|| PathBuf::from("target/tour"), PathBuf::from);
    fs::create_dir_all(&pictures)?;
    let house = House::enter().await?;
    let display = Display::start(1600, 1000).await?;
    for look in [&LIGHT, &DARK] {
        let visit = Visit::start(Path::new(&app), &house, &display, look, &pictures).await?;
        visit.walk().await.with_context(|| visit.told())?;
    }
    Ok(())
}

impl Visit<'_> {
    async fn walk(&self) -> Result<()> {
        self.sign_in().await?;
        self.browse().await?;
        if self.facts.docker_host.is_some() {
            self.push().await?;
            self.pull().await?;
        }
        self.moved().await?;
        self.timeline().await?;
        self.acts().await?;
        self.about().await?;
        self.repositories().await?;
        self.finding().await?;
        self.small().await
    }

    /// Shows the palette, the page of shortcuts, and the menu of a row.
    async fn finding(&self) -> Result<()> {
        let window = &self.window;
        open_repository(window, "genomics/aligner").await?;
        window.click(&id("tab-tags")).await?;
        window.find(&tag("v1")).await?;
        window.press(&[key::CONTROL, "k"]).await?;
        window.type_text("align").await?;
        window.find(&id("palette-entry")).await?;
        self.picture("31-palette").await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("palette")).await?;
        window.focus(&tag("v1")).await?;
        window.press(&[key::SHIFT, "?"]).await?;
        window.find(&id("shortcuts")).await?;
        self.picture("32-shortcuts").await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("shortcuts")).await?;
        window.focus(&tag("v1")).await?;
        window.press(&[key::SHIFT, key::F10]).await?;
        let item = format!("{} {}", id("context-menu"), id("copy-pull"));
        window.find(&item).await?;
        self.picture("33-menu").await?;
        window.press(&[key::ESCAPE]).await
    }

    /// Shows the smallest size the window may have, and the way out.
    async fn small(&self) -> Result<()> {
        let window = &self.window;
        window.resize(900, 600).await?;
        open_repository(window, "genomics/aligner").await?;
        window.click(&id("tab-tags")).await?;
        window.find(&tag("v1")).await?;
        self.picture("28-small").await?;
        window.click(&id("tab-timeline")).await?;
        window.find(&id("timeline-row")).await?;
        self.picture("29-small-timeline").await?;
        choose_for_registry(window, &self.facts.host, "menu-remove").await?;
        window.find(&id("remove-sheet")).await?;
        self.picture("30-remove").await
    }
}
