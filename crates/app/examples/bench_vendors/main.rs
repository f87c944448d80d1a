//! `bench_vendors FILE`: what opening a repository of 1,000 tags with their facts costs, by a vendor's own interface and by the protocol.
//!
//! Each is a stand-in that is strict about what it is asked, with the same 1,000 images. Counted are the requests until each tag has its
//! digest and since when it points there: a vendor tells that with the list, by the protocol each tag is asked. It fails where a vendor
//! costs more than eleven requests, names and tokens among them, or where the stand-in was asked what the real one would refuse.

#![allow(clippy::print_stdout)] // the terminal is this program's only voice

#[path = "../bench/mod.rs"]
mod bench;

use anyhow::{Result, ensure};
use app::Events;
use app::view::accounts::{Keep, NewAccount};
use app::view::events::AppEvent;
use bench::said;
use futures_util::{StreamExt, TryStreamExt, stream};
use secrecy::SecretString;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;
use testkit::scripted::{Auth, Scripted};
use testkit::standins::{acr, gitlab, harbor, zot};

const REPOSITORY: &str = "lab/tool";
const TAGS: usize = 1000;
/// How many rows are asked for at once: as many as the app lets out to one registry.
const AT_ONCE: usize = 6;
/// Requests that a vendor may cost, ten pages of a hundred and one more (issue 13).
const MOST: usize = 11;
const USER: &str = "demo";
const SECRET: &str = "correct-horse-battery-staple";

/// Nobody looks.
struct Unheard;

impl Events for Unheard {
    fn emit(&self, _: AppEvent) {}
}

/// What one opening cost.
#[derive(Clone, Debug, Serialize)]
struct Opening {
    requests: usize,
    ms: u128,
    /// Requests, as a part of the protocol's in the same run.
    to_protocol: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let file = std::env::args_os().nth(1);
    let file = file.map_or_else(|| PathBuf::from("target/bench/vendors.json"), PathBuf::from);
    let mut figures = BTreeMap::new();

    let protocol = Scripted::start().await?;
    protocol.set(|faults| {
        faults.auth = Auth::TokenGet;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    figures.insert("protocol", opening(&protocol, None).await?);

    let server = harbor::Harbor::start().await?;
    figures.insert("harbor", opening(&server.registry, None).await?);
    ensure!(server.violations().is_empty(), "{:?}", server.violations());
    let server = gitlab::Gitlab::start().await?;
    figures.insert("gitlab", opening(&server.registry, Some("lab")).await?);
    ensure!(server.violations().is_empty(), "{:?}", server.violations());
    let server = acr::Acr::start().await?;
    figures.insert("acr", opening(&server.registry, None).await?);
    ensure!(server.violations().is_empty(), "{:?}", server.violations());
    let server = zot::Zot::start().await?;
    figures.insert("zot", opening(&server.registry, None).await?);
    ensure!(server.violations().is_empty(), "{:?}", server.violations());

    let floor = figures["protocol"].requests;
    for (name, of) in &mut figures {
        of.to_protocol = ratio(of.requests, floor);
        println!(
            "{name:<12}{:>8} requests{:>10} ms{:>8.3}",
            of.requests, of.ms, of.to_protocol
        );
        ensure!(*name == "protocol" || of.requests <= MOST, "{name}: {of:?}");
    }
    bench::write(&file, &figures)
}

/// Opens the repository as the window does, until each tag is known.
async fn opening(registry: &Scripted, namespace: Option<&str>) -> Result<Opening> {
    for at in 0..TAGS {
        registry.push_image(REPOSITORY, &format!("v{at:04}"), &at.to_string());
    }
    let folder = tempfile::tempdir()?;
    let app = bench::open(folder.path(), Unheard)?;
    let probed = app.accounts.probe_registry(registry.host(), None);
    let ways = probed.await.map_err(said)?.ways;
    let new = NewAccount {
        address: registry.host(),
        user: USER.to_owned(),
        secret: SecretString::from(SECRET),
        allow_plain_http: false,
        keep: Keep::Keychain,
        agreed: ways.into_iter().map(|way| way.way).collect(),
        from: None,
        connection: None,
        namespace: namespace.map(str::to_owned),
    };
    let account = app.accounts.add(new).await.map_err(said)?.id;
    // Whose registry it is, is found out with its list.
    let listed = app.repositories.refresh_list(account.clone());
    listed.await.map_err(said)?;
    registry.forget_requests();
    let begun = Instant::now();
    let refreshed = app
        .repositories
        .refresh_tags(account.clone(), REPOSITORY.to_owned());
    refreshed.await.map_err(said)?;
    let mut unknown = Vec::new();
    let names = bench::tags(&app, &account, REPOSITORY, |part| {
        let rows = part.rows.iter();
        unknown.extend(
            rows.filter(|row| row.digest.is_none())
                .map(|row| row.name.clone()),
        );
        Ok(())
    });
    ensure!(names.await?.len() == TAGS, "the list is short");
    let (app, account) = (&app, &account);
    stream::iter(unknown)
        .map(|tag| async move {
            let row = app
                .repositories
                .resolve_tag(account.clone(), REPOSITORY.to_owned(), tag);
            row.await.map_err(said)
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<_>>()
        .await?;
    Ok(Opening {
        requests: registry.requests().len(),
        ms: begun.elapsed().as_millis(),
        to_protocol: 1.0,
    })
}

#[allow(clippy::cast_precision_loss)] // small numbers
fn ratio(part: usize, of: usize) -> f64 {
    part as f64 / of as f64
}
