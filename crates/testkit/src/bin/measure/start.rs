//! How long the app takes from its start to the first pixel of its page, and what memory it holds afterwards, beside
//! an empty window of the same Tauri.
//!
//! Both are started in turn, from warm files and, where the system allows them to be dropped, from cold ones. The
//! first pixel is the first moment at which two colours stand on the display that did not before: a window that is
//! merely white has shown nothing. Its words follow: the moment at which the colours of soft letters stand there. The
//! app has an account with a repository and opens where it was left.

use crate::home::Home;
use crate::memory;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use testkit::parts::{Display, Process, SecretService, State};
use testkit::scripted::Scripted;
use testkit::steps::{add_registry, id, open_repository, tag};

/// The number of times each is started, warm and cold.
const ROUNDS: usize = 5;
/// So many new colours are words: letters have soft edges. The window's parts without what stands in them have a few.
const COLOURS_OF_WORDS: usize = 20;
/// When memory is looked at after the start.
const SETTLED: Duration = Duration::from_secs(5);
/// The pause between two looks at the display.
const PAUSE: Duration = Duration::from_millis(4);
/// When an app that shows nothing has failed.
const PATIENCE: Duration = Duration::from_mins(1);
const REPOSITORY: &str = "lab/start";

/// What is started.
struct Program {
    name: &'static str,
    file: PathBuf,
    /// Whether its page has words.
    speaks: bool,
    warm: Vec<Run>,
    cold: Vec<Run>,
}

/// One start.
struct Run {
    first_pixel: Duration,
    /// When its words stood there; none for a program that has none.
    words: Option<Duration>,
    memory: u64,
}

/// Measures both, and writes the figures.
pub async fn measure(app: &Path, file: &Path) -> Result<()> {
    let empty = std::env::var_os("LONGSHORE_EMPTY").context("LONGSHORE_EMPTY is not set")?;
    let registry = Scripted::start().await?;
    for number in 0..20 {
        registry.push_image(REPOSITORY, &format!("v{number}"), &format!("{number}"));
    }
    let display = Display::start(1280, 800).await?;
    let keys = SecretService::start(State::Unlocked).await?;
    let home = Home::new(&display, &keys)?;
    prepare(app, &home, &registry).await?;

    let mut programs =
        [("empty", PathBuf::from(empty)), ("app", app.to_owned())].map(|(name, file)| Program {
            name,
            file,
            speaks: name == "app",
            warm: Vec::new(),
            cold: Vec::new(),
        });
    // Once each before it counts, so that "warm" is.
    for program in &programs {
        program.start(&home, &display).await?;
    }
    for _ in 0..ROUNDS {
        for program in &mut programs {
            let run = program.start(&home, &display).await?;
            program.warm.push(run);
        }
    }
    for _ in 0..ROUNDS {
        for program in &mut programs {
            if !drop_files() {
                break;
            }
            let run = program.start(&home, &display).await?;
            program.cold.push(run);
        }
    }
    let figures = figures(&programs);
    fs::write(file, format!("{figures:#}\n"))?;
    Ok(())
}

/// Adds the account and opens the repository once.
async fn prepare(app: &Path, home: &Home, registry: &Scripted) -> Result<()> {
    let window = home.open(app).await?;
    add_registry(&window, &registry.host(), "", "").await?;
    open_repository(&window, REPOSITORY).await?;
    window.click(&id("tab-tags")).await?;
    window.find(&tag("v1")).await?;
    window.drop_session().await;
    Ok(())
}

impl Program {
    /// Starts the program, waits for its first pixel and for its memory, and ends it.
    async fn start(&self, home: &Home, display: &Display) -> Result<Run> {
        let before: HashSet<u32> = display.colours()?.into_iter().collect();
        let mut command = Command::new(&self.file);
        command
            .env_clear()
            .envs(home.environment().iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        let begun = Instant::now();
        let mut process = Process::start(command, &home.log())?;
        let mut first_pixel = None;
        let mut words = None;
        while first_pixel.is_none() || (self.speaks && words.is_none()) {
            let new = display.colours()?;
            let new = new.iter().filter(|colour| !before.contains(colour));
            let count = new.count();
            if count >= 2 {
                first_pixel.get_or_insert_with(|| begun.elapsed());
            }
            if count >= COLOURS_OF_WORDS {
                words.get_or_insert_with(|| begun.elapsed());
            }
            if begun.elapsed() > PATIENCE || !process.alive() {
                bail!("{} shows nothing:\n{}", self.name, process.tail());
            }
            tokio::time::sleep(PAUSE).await;
        }
        tokio::time::sleep(SETTLED).await;
        let memory = process.id().map_or(0, memory::of_family);
        process.stop();
        // The display has to be empty again before the next.
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(Run {
            first_pixel: first_pixel.context("no pixel")?,
            words,
            memory,
        })
    }
}

/// Lets the system forget what it has read of files, and tells whether it did: only the superuser may.
fn drop_files() -> bool {
    // What was written has to be on the disk before.
    let _ = Command::new("sync").status();
    fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

fn figures(programs: &[Program; 2]) -> Value {
    let [empty, app] = programs;
    let told = |program: &Program| {
        let runs = |runs: &[Run]| {
            json!({
                "first_pixel_ms": runs.iter().map(|run| run.first_pixel.as_millis()).collect::<Vec<_>>(),
                "words_ms": runs.iter().filter_map(|run| run.words).map(|words| words.as_millis()).collect::<Vec<_>>(),
                "memory_bytes": runs.iter().map(|run| run.memory).collect::<Vec<_>>(),
            })
        };
        json!({ "warm": runs(&program.warm), "cold": runs(&program.cold) })
    };
    let time = |run: &Run| run.first_pixel.as_secs_f64();
    let words = |run: &Run| run.words.unwrap_or(run.first_pixel).as_secs_f64();
    #[allow(
        clippy::cast_precision_loss,
        reason = "a ratio of bytes, to two places"
    )]
    let memory = |run: &Run| run.memory as f64;
    json!({
        empty.name: told(empty),
        app.name: told(app),
        "ratio": {
            "warm_first_pixel": ratio(&app.warm, &empty.warm, time),
            "cold_first_pixel": ratio(&app.cold, &empty.cold, time),
            "warm_words_to_empty_pixel": ratio(&app.warm, &empty.warm, words),
            "cold_words_to_empty_pixel": ratio(&app.cold, &empty.cold, words),
            "memory": ratio(&app.warm, &empty.warm, memory),
        },
    })
}

/// Returns the ratio of the medians; none where one was not measured.
fn ratio(ours: &[Run], theirs: &[Run], figure: impl Fn(&Run) -> f64) -> Option<f64> {
    let median = |runs: &[Run]| {
        let mut all: Vec<f64> = runs.iter().map(&figure).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    Some((median(ours)? / median(theirs)? * 100.0).round() / 100.0)
}
