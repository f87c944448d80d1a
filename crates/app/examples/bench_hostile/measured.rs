//! What is measured, in a process of its own.

use crate::bench::{self, said};
use anyhow::{Context, Result};
use app::view::events::AppEvent;
use app::{Events, Longshore};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use std::time::Instant;

pub const REPOSITORY: &str = "bench/hostile";

/// What a process does.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// Fetches the catalog and reads it.
    Catalog,
    /// Fetches the tags, asks for each, and reads them.
    Tags,
    /// Takes in an export, and reads the tags and the commits of the first.
    Import,
    /// Opens the data folder again and reads the first screen.
    NextStart,
}

impl Work {
    pub fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Tags => "tags",
            Self::Import => "import",
            Self::NextStart => "next-start",
        }
    }

    pub fn read(name: &str) -> Option<Self> {
        [Self::Catalog, Self::Tags, Self::Import, Self::NextStart]
            .into_iter()
            .find(|work| work.name() == name)
    }
}

/// What it cost.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cost {
    pub ms: u64,
    /// How far the memory of the process rose at most.
    pub kib: u64,
}

struct Deaf;

impl Events for Deaf {
    fn emit(&self, event: AppEvent) {
        // What would cross to the window is made, as it is for one.
        drop(serde_json::to_string(&event));
    }
}

fn open(folder: &Path) -> Result<Longshore> {
    bench::open(&folder.join("data"), Deaf)
}

/// Does it, and tells what it cost.
pub async fn measure(work: Work, host: &str, folder: &Path, input: &Path) -> Result<Cost> {
    let text = match work {
        Work::Import => fs::read_to_string(input)?,
        _ => String::new(),
    };
    let (mut app, mut id) = (None, String::new());
    if !matches!(work, Work::NextStart) {
        let opened = open(folder)?;
        id = bench::sign_in(&opened, host).await?;
        app = Some(opened);
    }
    fs::write("/proc/self/clear_refs", "5")?;
    let before = memory("VmRSS:")?;
    let begun = Instant::now();
    let app = match app {
        Some(app) => app,
        None => open(folder)?,
    };
    match work {
        Work::Catalog => {
            app.repositories
                .refresh_list(id.clone())
                .await
                .map_err(said)?;
            repositories(&app, &id).await?;
        }
        Work::Tags => {
            let done = app.repositories.refresh_tags(id.clone(), REPOSITORY.into());
            done.await.map_err(said)?;
            let names = tags(&app, &id).await?;
            stream::iter(names)
                .map(|name| {
                    app.repositories
                        .resolve_tag(id.clone(), REPOSITORY.into(), name)
                })
                .buffer_unordered(6)
                .for_each(|row| async move { drop(row) })
                .await;
            tags(&app, &id).await?;
        }
        Work::Import => {
            app.exchange.import(text).await.map_err(said)?;
            first_commits(&app, &id).await?;
        }
        Work::NextStart => {
            app.settings.start();
            let accounts = app.accounts.list().await.map_err(said)?;
            id.clone_from(&accounts.first().context("no account")?.id);
            repositories(&app, &id).await?;
            first_commits(&app, &id).await?;
        }
    }
    let ms = u64::try_from(begun.elapsed().as_millis())?;
    Ok(Cost {
        ms,
        kib: memory("VmHWM:")?.saturating_sub(before),
    })
}

/// Reads the list as the window does: part by part, each as the text that crosses.
async fn repositories(app: &Longshore, id: &str) -> Result<()> {
    let mut after = None;
    loop {
        let part = app
            .repositories
            .list(id.to_owned(), after)
            .await
            .map_err(said)?;
        serde_json::to_string(&part)?;
        after = part.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

async fn tags(app: &Longshore, id: &str) -> Result<Vec<String>> {
    bench::tags(app, id, REPOSITORY, |part| {
        serde_json::to_string(part)?;
        Ok(())
    })
    .await
}

async fn first_commits(app: &Longshore, id: &str) -> Result<()> {
    tags(app, id).await?;
    let commits = app
        .repositories
        .commits(id.to_owned(), REPOSITORY.into(), "t0".into());
    serde_json::to_string(&commits.await.map_err(said)?)?;
    Ok(())
}

fn memory(field: &str) -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
    Ok(kib.context("no memory is told")?.trim().parse()?)
}
