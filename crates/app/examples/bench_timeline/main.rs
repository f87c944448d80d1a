//! `bench_timeline FILE`: what it costs to open a large repository, from a cold and from a warm cache.
//!
//! 10,000 tags on 1,000 digests and 5,000 commit tags on a real registry (distribution 2.8, open to all, so that no
//! request is a sign-in's). The app reaches it through a relay of our own that counts every request and every byte
//! in both directions, headers included. *First row*: the first name that `tags()` gives. *Last row*: the last tag
//! that `resolve_tag` has dated. It fails where a promise is broken: one request to the first row from a cold
//! cache, none from a warm one, and never more than one HEAD a tag. *Floor*: the same HEADs by the protocol alone, with
//! nothing read from them, in the same run through the same relay.

#![allow(clippy::print_stdout)] // the terminal is this program's only voice

#[path = "../bench/mod.rs"]
mod bench;
mod fill;
mod relay;

use anyhow::{Context, Result, ensure};
use app::view::events::{AppEvent, Stale};
use app::{Events, Longshore};
use bench::said;
use fill::fill;
use futures_util::{StreamExt, TryStreamExt, stream};
use relay::Relay;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Instant;
use testkit::parts::{Registry, RegistryOptions};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const REPOSITORY: &str = "bench/large";
const TAGS: usize = 10_000;
const DIGESTS: usize = 1_000;
const COMMIT_TAGS: usize = 5_000;
/// How many rows are asked for at once: as many as the app lets out to one registry.
const AT_ONCE: usize = 6;

/// What one opening cost.
#[derive(Clone, Debug, Serialize)]
struct Opening {
    requests_to_first_row: usize,
    requests_to_last_row: usize,
    bytes: u64,
    ms_to_first_row: u128,
    ms_to_last_row: u128,
}

#[derive(Debug, Serialize)]
struct Figures {
    cold: Opening,
    warm: Opening,
    tags: usize,
    digests: usize,
    commit_tags: usize,
    registry: String,
    counted: &'static str,
    floor_ms: u128,
    /// To the last row, as a multiple of the floor.
    cold_to_floor: f64,
    warm_to_floor: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let file = std::env::args_os().nth(1);
    let file = file.map_or_else(
        || PathBuf::from("target/bench/timeline.json"),
        PathBuf::from,
    );
    let registry = Registry::start(RegistryOptions::default()).await?;
    let begun = Instant::now();
    fill(&registry).await?;
    println!(
        "{TAGS} tags on {DIGESTS} digests and {COMMIT_TAGS} commit tags were pushed in {} s.",
        begun.elapsed().as_secs()
    );
    let relay = Relay::start(registry.host()).await?;
    let folder = tempfile::tempdir()?;
    let (app, mut heard) = open(folder.path())?;
    let account = bench::sign_in(&app, &relay.host).await?;

    let cold = opening(&app, &mut heard, &account, &relay).await?;
    ensure!(cold.requests_to_first_row == 1, "cold: {cold:?}");
    relay.no_tag_twice()?;
    drop(app);
    let (app, mut heard) = open(folder.path())?;
    let warm = opening(&app, &mut heard, &account, &relay).await?;
    ensure!(warm.requests_to_first_row == 0, "warm: {warm:?}");
    ensure!(warm.requests_to_last_row == TAGS + 1, "warm: {warm:?}");
    relay.no_tag_twice()?;
    let names = names(&app, &account).await?;
    let floor_ms = floor(&relay.host, names).await?;

    let figures = Figures {
        cold_to_floor: ratio(cold.ms_to_last_row, floor_ms),
        warm_to_floor: ratio(warm.ms_to_last_row, floor_ms),
        floor_ms,
        cold,
        warm,
        tags: TAGS,
        digests: DIGESTS,
        commit_tags: COMMIT_TAGS,
        registry: registry.version()?,
        counted: "requests and bytes (both directions, headers included) by a relay before the registry",
    };
    table(&figures);
    bench::write(&file, &figures)
}

fn table(figures: &Figures) {
    println!("{:<24}{:>12}{:>12}", "", "cold", "warm");
    let row = |name: &str, of: fn(&Opening) -> String| {
        println!(
            "{name:<24}{:>12}{:>12}",
            of(&figures.cold),
            of(&figures.warm)
        );
    };
    row("requests to first row", |of| {
        of.requests_to_first_row.to_string()
    });
    row("requests to last row", |of| {
        of.requests_to_last_row.to_string()
    });
    row("bytes", |of| of.bytes.to_string());
    row("ms to first row", |of| of.ms_to_first_row.to_string());
    row("ms to last row", |of| of.ms_to_last_row.to_string());
    println!(
        "{:<24}{:>12.2}{:>12.2}",
        "the same to the floor", figures.cold_to_floor, figures.warm_to_floor
    );
}

#[allow(clippy::cast_precision_loss)] // milliseconds of a bench
fn ratio(of: u128, to: u128) -> f64 {
    of as f64 / to.max(1) as f64
}

/// One HEAD a tag, by the protocol alone: what dating them all takes at least (ms).
async fn floor(host: &str, names: Vec<String>) -> Result<u128> {
    let endpoint = registry::Endpoint {
        scheme: registry::Scheme::Http,
        host: oci::Host::parse(host)?,
    };
    let registry = registry::Registry::new(endpoint, registry::SignIn::Anonymous)?;
    let repository = registry.repository(oci::RepositoryName::parse(REPOSITORY)?);
    let begun = Instant::now();
    stream::iter(names)
        .map(|name| {
            let repository = repository.clone();
            async move {
                let tag = registry::At::Tag(oci::Tag::parse(&name)?);
                let head = repository.head(&tag).await?;
                head.map(|_| ()).context("a tag is gone")
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    Ok(begun.elapsed().as_millis())
}

/// Opens the repository as the window does: the cache, then the list, then a row at a time.
async fn opening(
    app: &Longshore,
    heard: &mut UnboundedReceiver<()>,
    account: &str,
    relay: &Relay,
) -> Result<Opening> {
    relay.forget();
    let begun = Instant::now();
    let mut first = None;
    let mut names = names(app, account).await?;
    if !names.is_empty() {
        first = Some((relay.requests(), begun.elapsed()));
    }
    let refreshing = tokio::spawn({
        let (app, account) = (app.clone(), account.to_owned());
        async move {
            app.repositories
                .refresh_tags(account, REPOSITORY.into())
                .await
        }
    });
    while first.is_none() {
        heard.recv().await.context("the app is silent")?;
        names = self::names(app, account).await?;
        if !names.is_empty() {
            first = Some((relay.requests(), begun.elapsed()));
        }
    }
    refreshing.await?.map_err(said)?;
    names = self::names(app, account).await?;
    ensure!(names.len() == TAGS, "{} names", names.len());
    stream::iter(names)
        .map(|name| async move {
            let row = app
                .repositories
                .resolve_tag(account.to_owned(), REPOSITORY.into(), name);
            let row = row.await.map_err(said)?;
            ensure!(row.time.is_some() && row.trouble.is_none(), "{row:?}");
            Ok(())
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    let (requests, took) = first.context("no first row")?;
    Ok(Opening {
        requests_to_first_row: requests,
        requests_to_last_row: relay.requests(),
        bytes: relay.bytes(),
        ms_to_first_row: took.as_millis(),
        ms_to_last_row: begun.elapsed().as_millis(),
    })
}

async fn names(app: &Longshore, account: &str) -> Result<Vec<String>> {
    bench::tags(app, account, REPOSITORY, |_| Ok(())).await
}

/// Hears when the tags are to be read again.
struct Ear(UnboundedSender<()>);

impl Events for Ear {
    fn emit(&self, event: AppEvent) {
        if let AppEvent::TagsListed { .. }
        | AppEvent::Stale {
            what: Stale::Tags { .. },
        } = event
        {
            let _ = self.0.send(());
        }
    }
}

fn open(folder: &Path) -> Result<(Longshore, UnboundedReceiver<()>)> {
    let (ear, heard) = unbounded_channel();
    Ok((bench::open(folder, Ear(ear))?, heard))
}
