//! `bench_hostile FILE`: what registries and files that mean no good cost, each beside an honest one of as many entries.
//!
//! A scripted registry stands in this process; each measuring is a process of its own, which is started twice on one data folder:
//! for the work itself, and for the next start. Told are time and how far the memory of the process rose at most, and both as a
//! ratio to the honest one of the same run. Memory is read from `/proc`, so this runs on Linux alone. It fails nowhere: what holds
//! is in the tests named `hostile_…`.

#![allow(clippy::print_stdout)] // the terminal is this program's only voice

#[path = "../bench/mod.rs"]
mod bench;
mod measured;
mod served;

use anyhow::{Context, Result, bail};
use measured::{Cost, Work};
use serde::Serialize;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use testkit::scripted::Scripted;

/// What one case costs, honest and hostile.
#[derive(Debug, Serialize)]
struct Case {
    what: &'static str,
    honest: Both,
    hostile: Both,
}

#[derive(Debug, Serialize)]
struct Both {
    work: Cost,
    next_start: Cost,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [name, host, folder, input] = args.as_slice() {
        let work = Work::read(name).context("no such work")?;
        let cost = measured::measure(work, host, folder.as_ref(), input.as_ref()).await?;
        println!("{}", serde_json::to_string(&cost)?);
        return Ok(());
    }
    let file = args
        .first()
        .map_or_else(|| PathBuf::from("target/bench/hostile.json"), PathBuf::from);
    let cases = [
        (
            "a catalog of 16 MiB",
            Work::Catalog,
            served::catalog(false),
            served::catalog(true),
        ),
        (
            "an architecture of 4 MB under 1,000 tags",
            Work::Tags,
            served::architecture(false),
            served::architecture(true),
        ),
        (
            "27,000 platforms in one index",
            Work::Tags,
            served::platforms(false),
            served::platforms(true),
        ),
        (
            "an export of 32 MiB for one tag",
            Work::Import,
            served::export(false),
            served::export(true),
        ),
    ];
    let mut figures = Vec::new();
    for (what, work, honest, hostile) in cases {
        let case = Case {
            what,
            honest: both(work, honest).await?,
            hostile: both(work, hostile).await?,
        };
        let line = |name, honest: &Cost, hostile: &Cost| {
            println!(
                "{what}, {name}: {} ms and {} MiB; honest {} ms and {} MiB; ratio {:.1} and {:.1}",
                hostile.ms,
                hostile.kib / 1024,
                honest.ms,
                honest.kib / 1024,
                ratio(hostile.ms, honest.ms),
                ratio(hostile.kib, honest.kib),
            );
        };
        line("the work", &case.honest.work, &case.hostile.work);
        line(
            "the next start",
            &case.honest.next_start,
            &case.hostile.next_start,
        );
        figures.push(case);
    }
    bench::write(&file, &figures)
}

#[allow(clippy::cast_precision_loss)] // a figure for people
fn ratio(one: u64, other: u64) -> f64 {
    one as f64 / other.max(1) as f64
}

/// Has one thing done by a process of its own, and then another process start where that one ended.
async fn both(work: Work, served: served::Served) -> Result<Both> {
    let registry = Scripted::start().await?;
    served.put(&registry);
    let folder = tempfile::tempdir()?;
    let input = folder.path().join("input");
    fs::write(&input, served.export_of(&registry.host()))?;
    let run = |work: Work| -> Result<Cost> {
        let out = Command::new(std::env::current_exe()?)
            .arg(work.name())
            .arg(registry.host())
            .arg(folder.path())
            .arg(&input)
            .output()?;
        if !out.status.success() {
            bail!("{}: {}", work.name(), String::from_utf8_lossy(&out.stderr));
        }
        Ok(serde_json::from_slice(&out.stdout)?)
    };
    tokio::task::block_in_place(|| {
        Ok(Both {
            work: run(work)?,
            next_start: run(Work::NextStart)?,
        })
    })
}
