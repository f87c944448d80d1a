//! `tour FOLDER [CHAPTER…]`: walks through the real window, on a display of its own, and leaves pictures of every screen
//! and sheet, each in both themes and at three sizes.
//!
//! `LONGSHORE_APP` is the app's binary. With `LONGSHORE_SANDBOX` (the path of a `sandbox.json`) it uses that sandbox; else
//! it starts one for itself. What hangs, fails or fills up is a registry of its own either way. Each chapter is a visit
//! that begins at the first page, so any can be walked alone. It shows, it does not test: what it claims is looked at by
//! people. It grows by a picture whenever the window grows a screen or a sheet.

mod accounts;
mod acts;
mod browse;
mod computer;
mod find;
mod first;
mod house;
mod push;
mod repository;
mod silence;
mod transfers;
mod vendors;
mod visit;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use house::House;
use testkit::parts::Display;
use visit::{Tour, Visit, With};

/// The chapters, in their order: what is changed by one is seen by the next.
const CHAPTERS: [&str; 11] = [
    "first",
    "browse",
    "repository",
    "find",
    "push",
    "transfers",
    "computer",
    "acts",
    "accounts",
    "vendors",
    "silence",
];

#[tokio::main]
async fn main() -> Result<()> {
    let app = std::env::var_os("LONGSHORE_APP").context("LONGSHORE_APP is not set")?;
    let mut arguments = std::env::args().skip(1);
    let pictures = arguments.next().unwrap_or_else(|| "target/tour".to_owned());
    let chosen: Vec<String> = arguments.collect();
    for name in &chosen {
        ensure!(
            CHAPTERS.contains(&name.as_str()),
            "no chapter {name}: {CHAPTERS:?}"
        );
    }
    fs::create_dir_all(&pictures)?;
    let tour = Tour {
        app: PathBuf::from(app),
        pictures: PathBuf::from(pictures),
        house: House::enter().await?,
        display: Display::start(1920, 1200).await?,
    };
    for chapter in CHAPTERS {
        if chosen.is_empty() || chosen.iter().any(|name| name == chapter) {
            walk(&tour, chapter).await?;
        }
    }
    Ok(())
}

async fn walk(tour: &Tour, chapter: &str) -> Result<()> {
    let with = match chapter {
        "first" => With::Nothing,
        _ => With::Sandbox,
    };
    let engine = tour.house.facts.docker_host.is_some();
    if !engine && ["push", "transfers", "computer"].contains(&chapter) {
        let told = tour.pictures.join(format!("{chapter}-not-shown.txt"));
        return Ok(fs::write(told, "There is no engine.\n")?);
    }
    let mut visit = Visit::start(tour, with).await?;
    let walked = match chapter {
        "first" => visit.first().await,
        "browse" => visit.browse().await,
        "repository" => visit.repository().await,
        "find" => visit.find().await,
        "push" => visit.push().await,
        "transfers" => visit.transfers().await,
        "computer" => visit.computer().await,
        "acts" => visit.acts().await,
        "accounts" => visit.accounts().await,
        "vendors" => visit.vendors().await,
        _ => visit.silence().await,
    };
    if walked.is_err() {
        // What it came to a stop at says more than the error.
        visit.picture_now("stopped-at").await?;
    }
    walked.with_context(|| format!("in {chapter}, the app said:\n{}", visit.window.log()))
}
