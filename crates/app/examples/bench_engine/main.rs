//! `bench_engine FILE`: what an engine's long lists cost: 2,000 images under some 2,500 names, and 500 containers, each with the
//! commit that it is.
//!
//! The engine is a played one in this process. Told are the time to the rows, as a ratio to the engine's bare lists read side by
//! side over the same transport, the queries of the database and the requests of the engine. It fails above the bounds that
//! stand here. Not here: the window, which filters what it has (`ui/src/lib/pages/ImagesPage.test.ts`).

#![allow(clippy::print_stdout)] // the terminal is this program's only voice

#[path = "../bench/mod.rs"]
#[allow(dead_code)] // nobody signs in here, and no tags are listed
mod bench;
mod fill;

use anyhow::{Context, Result, bail};
use app::Events;
use app::view::events::AppEvent;
use engine::{Address, Engine};
use oci::Digest;
use serde::Serialize;
use std::future::Future;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use testkit::played::PlayedEngine;

/// How often a thing is done; the median counts.
const TIMES: usize = 15;
/// The most that the rows may cost beside the bare lists.
const RATIO: f64 = 2.0;
/// The list after something was written, and the most that it may cost.
const ANEW: &str = "images, known anew";
const ANEW_RATIO: f64 = 10.0;
/// The most queries of the database for a list.
const QUERIES: u64 = 40;
/// The most requests of the engine for a list.
const REQUESTS: usize = 3;

/// Hears nothing.
struct Nobody;

impl Events for Nobody {
    fn emit(&self, _: AppEvent) {}
}

/// What one list costs.
#[derive(Debug, Serialize)]
struct Cost {
    what: &'static str,
    rows: usize,
    /// Of these, the commits that are known.
    known: usize,
    ms: f64,
    bare_ms: f64,
    ratio: f64,
    queries: u64,
    requests: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let file = std::env::args()
        .nth(1)
        .map_or_else(|| PathBuf::from("target/bench/engine.json"), PathBuf::from);
    let folder = tempfile::tempdir()?;
    fill::database(folder.path())?;
    let played = PlayedEngine::start(folder.path(), fill::holds())?;
    let address = Address::parse(&played.docker_host());
    let bare = Engine::connect(&address).await?;
    let app = bench::open_at(folder.path(), Nobody, &played.docker_host())?;
    app.computer.engine().await.map_err(bench::said)?;

    let lists = async || -> Result<usize> {
        let (images, containers) = tokio::join!(bare.images(), bare.containers());
        Ok(images?.len() + containers?.len())
    };
    let images = async || -> Result<(usize, usize)> {
        let rows = app.computer.images().await.map_err(bench::said)?;
        let known = rows.iter().filter(|row| is_known(&row.place));
        Ok((rows.len(), known.count()))
    };
    let containers = async || -> Result<(usize, usize)> {
        let rows = app.computer.containers().await.map_err(bench::said)?;
        let known = rows
            .iter()
            .filter(|row| row.place.as_ref().is_some_and(is_known));
        Ok((rows.len(), known.count()))
    };
    // What was written meanwhile may have made any image another commit.
    let written = store::Store::open(&folder.path().join("longshore.db"))?;
    let anew = async || -> Result<(usize, usize)> {
        written.put_facts(&Digest::sha256_of(b"another"), &store::Facts::default())?;
        images().await
    };
    let (bare_ms, _) = median(&lists).await?;
    let figures = [
        cost("images", &played, bare_ms, &images).await?,
        cost("containers", &played, bare_ms, &containers).await?,
        cost(ANEW, &played, bare_ms, &anew).await?,
    ];
    bench::write(&file, &serde_json::json!({ "lists": figures }))?;
    let mut over = Vec::new();
    for cost in &figures {
        println!(
            "{}: {} rows, {} of them known commits, in {:.1} ms; the bare lists {:.1} ms, ratio {:.2}; {} queries, {} requests",
            cost.what,
            cost.rows,
            cost.known,
            cost.ms,
            cost.bare_ms,
            cost.ratio,
            cost.queries,
            cost.requests,
        );
        let most = if cost.what == ANEW { ANEW_RATIO } else { RATIO };
        if cost.ratio > most || cost.queries > QUERIES || cost.requests > REQUESTS {
            over.push(cost.what);
        }
    }
    if !over.is_empty() {
        bail!(
            "{} cost more than {RATIO} ({ANEW_RATIO} anew) times the bare lists, {QUERIES} queries or {REQUESTS} requests.",
            over.join(" and ")
        );
    }
    Ok(())
}

fn is_known(place: &app::view::engine::ImagePlace) -> bool {
    use app::view::engine::ImagePlace::{Active, Newer, Older};
    matches!(place, Active { .. } | Older { .. } | Newer { .. })
}

/// Does a thing several times; the median in milliseconds, and what it led to.
async fn median<T, F: Future<Output = Result<T>>>(work: &impl Fn() -> F) -> Result<(f64, T)> {
    let mut taken: Vec<Duration> = Vec::new();
    let mut last = None;
    for _ in 0..TIMES {
        let begun = Instant::now();
        last = Some(work().await?);
        taken.push(begun.elapsed());
    }
    taken.sort_unstable();
    let last = last.context("nothing was done")?;
    Ok((taken[TIMES / 2].as_secs_f64() * 1000.0, last))
}

async fn cost<F: Future<Output = Result<(usize, usize)>>>(
    what: &'static str,
    played: &PlayedEngine,
    bare_ms: f64,
    work: &impl Fn() -> F,
) -> Result<Cost> {
    played.asked();
    let before = store::queries();
    work().await?;
    let (queries, requests) = (store::queries() - before, played.asked().len());
    let (ms, (rows, known)) = median(work).await?;
    Ok(Cost {
        what,
        rows,
        known,
        ms,
        bare_ms,
        ratio: ms / bare_ms,
        queries,
        requests,
    })
}
