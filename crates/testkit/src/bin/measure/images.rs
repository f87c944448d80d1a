//! How the window draws 2,000 images of an engine: until their first rows are seen, a keystroke in their filter, and how
//! evenly they are scrolled, beside a plain list of as many lines in the same window, and beside 30 images.
//!
//! The engine is a played one: what it answers is not what is measured. It fails where a promise is broken: never more
//! than 100 rows in the document, wherever one looks.

use crate::frames::{self, Gaps, Scrolled};
use crate::home::Home;
use crate::window::{Answer, FRAME, OPEN, TYPE, answer, median, number};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use testkit::images::digest;
use testkit::parts::{Display, SecretService, State};
use testkit::played::{Holds, PlayedEngine};
use testkit::steps::id;
use testkit::webdriver::Window;

/// How many images an engine holds: a screenful, and many.
const FEW: usize = 30;
const MANY: usize = 2_000;
/// The number of times each is measured.
const ROUNDS: usize = 5;
/// The height of a row in the list (px).
const ROW: u32 = 34;

/// A window beside an engine.
struct Beside {
    window: Window,
    /// The times (ms) that opening the list took, a keystroke in its filter, and a bare frame.
    open: Answer,
    filter: Answer,
    frame: f64,
    _home: Home,
    _played: PlayedEngine,
    _folder: TempDir,
}

/// Measures both, and adds the figures to the file under `window`. A promise that is broken is an error.
pub async fn measure(app: &Path, file: &Path) -> Result<()> {
    let display = Display::start(1600, 1000).await?;
    let keys = SecretService::start(State::Unlocked).await?;
    let home = Home::new(&display, &keys)?;
    let few = look(app, home, FEW).await?;
    few.window.drop_session().await;
    let home = Home::new(&display, &keys)?;
    let many = look(app, home, MANY).await?;
    let Scrolled { own, plain, most } =
        frames::scrolled(&many.window, "#images-body", MANY, ROW).await?;
    let figures = json!({
        "frame_ms": many.frame,
        "open_ms": { "images_30": few.open.figures(), "images_2000": many.open.figures() },
        "filter": { "images_30": few.filter.figures(), "images_2000": many.filter.figures() },
        "scroll_2000_ms": own.json(), "plain_list_ms": plain.json(), "most_rows_in_document": most,
        "ratio": {
            "open_2000_to_30": many.open.seen / few.open.seen,
            "filter_of_2000_seen_to_30": many.filter.seen / few.filter.seen,
            "filter_of_2000_there_to_frame": many.filter.there / many.frame,
            "scroll": Gaps::ratio(&own, &plain),
        },
    });
    add(file, figures)?;
    frames::few_rows(most)
}

/// Adds the figures to those of the backend, where these are there.
fn add(file: &Path, figures: Value) -> Result<()> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut all = match serde_json::from_str(&text) {
        Ok(Value::Object(all)) => all,
        _ => serde_json::Map::new(),
    };
    all.insert("window".to_owned(), figures);
    fs::write(file, format!("{:#}\n", Value::Object(all)))
        .with_context(|| file.display().to_string())
}

async fn look(app: &Path, home: Home, images: usize) -> Result<Beside> {
    let folder = tempfile::tempdir()?;
    let played = PlayedEngine::start(folder.path(), holds(images))?;
    let home = home.at_engine(&played.docker_host());
    let window = home.open(app).await?;
    let page = format!("{} {}", id("images-page"), id("image-row"));
    window.find(&id("nav-images")).await?;
    let mut opened = Vec::new();
    for _ in 0..ROUNDS {
        window.click(&id("nav-containers")).await?;
        window.find(&id("containers-page")).await?;
        let told = window
            .run_until_called(OPEN, json!([id("nav-images"), page, 0]))
            .await?;
        opened.push(answer(&told)?);
        // What is asked behind the list is not what is measured.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let mut filters = Vec::new();
    for round in 0..ROUNDS {
        let text = if round.is_multiple_of(2) { "tool1" } else { "" };
        filters.push(filter(&window, text).await?);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    // All are listed again, to be scrolled.
    filter(&window, "").await?;
    let mut bare = Vec::new();
    for _ in 0..ROUNDS {
        bare.push(number(&window.run_until_called(FRAME, json!([])).await?)?);
    }
    Ok(Beside {
        window,
        open: Answer::median(&opened),
        filter: Answer::median(&filters),
        frame: median(bare),
        _home: home,
        _played: played,
        _folder: folder,
    })
}

/// Types into the filter what changes how many rows are listed.
async fn filter(window: &Window, text: &str) -> Result<Answer> {
    let table = id("images-table");
    let before = window.attribute(&table, "aria-rowcount").await?;
    let before = before.unwrap_or_default();
    let settled = format!("{table}:not([aria-rowcount=\"{before}\"])");
    let typed = json!([id("images-filter"), text, settled]);
    answer(&window.run_until_called(TYPE, typed).await?)
}

/// What an engine holds: images with a name each, of which all share half.
fn holds(images: usize) -> Holds {
    let image = |number: usize, shared: i64| {
        json!({
            "Id": digest(format!("image {number}").as_bytes()),
            "RepoTags": [format!("registry.bench.example/team/tool{number}:v1")],
            "Created": 1_790_000_000 + number * 3600,
            "Size": 100_000_000 + number, "SharedSize": shared,
        })
    };
    let all = |shared: i64| {
        let rows: Vec<Value> = (0..images).map(|number| image(number, shared)).collect();
        Value::from(rows)
    };
    Holds {
        images: all(-1).to_string(),
        containers: "[]".to_owned(),
        usage: Some(json!({ "Images": all(50_000_000) }).to_string()),
    }
}
