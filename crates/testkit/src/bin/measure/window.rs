//! What one waits for inside the open window: a known repository's first rows, an answer to the filter, an answer of
//! the palette; and how many questions a known list costs at the next start.
//!
//! A repository of many tags stands beside one of a single tag, a filter and a palette over 100,000 names beside ones
//! over few, all in the same window. The registry is the scripted one: what it answers is not what is measured. It
//! fails where a promise is broken: a list that is dated in the cache is not asked row by row at the next start.

use crate::home::Home;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Duration;
use testkit::images::MANIFEST;
use testkit::parts::{Display, SecretService, State};
use testkit::scripted::Scripted;
use testkit::steps::{add_registry, id, open_repository, repository, with};
use testkit::webdriver::Window;

/// The repositories, and how many tags each has: one, a screenful, many. The last is not dated: its list alone is walked.
const ONE: (&str, usize) = ("lab/one", 1);
const FEW: (&str, usize) = ("lab/few", 30);
const MANY: (&str, usize) = ("lab/many", 3_000);
const HUGE: (&str, usize) = ("lab/huge", 100_000);
/// How long the pointer rests on a row before it is pressed: less than a hand takes.
const RESTS: Duration = Duration::from_millis(150);
/// The number of times each is measured, in rotation.
const ROUNDS: usize = 7;
/// The most rows that a known list may ask about at the next start: what is in sight, and a few around it.
const MOST_ASKED: usize = 200;
/// How long the dating of all rows may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// Chooses a repository once the pointer has rested on its row for some time (ms; 0: not at all); calls back with the times
/// (ms) until its page has the first row, and until the frame with that row was drawn: a task that is put up in a frame runs
/// behind it. (A message to oneself goes through another process in WebKit, and came one frame late.)
pub const OPEN: &str = "const [row, page, rest, done] = arguments; \
    let answered = null; \
    let begun = 0; \
    const watch = new MutationObserver(() => { \
        if (document.querySelector(page) !== null) { \
            answered ??= performance.now() - begun; watch.disconnect(); } }); \
    watch.observe(document, { subtree: true, childList: true, attributes: true }); \
    const look = () => requestAnimationFrame(() => { \
        if (document.querySelector(page) === null) return look(); \
        setTimeout(() => done([answered, performance.now() - begun])); }); \
    const press = () => { \
        begun = performance.now(); document.querySelector(row).click(); look(); }; \
    if (rest === 0) return press(); \
    document.querySelector(row).dispatchEvent(new PointerEvent('pointerenter')); \
    setTimeout(press, rest)";

/// Types into a field; calls back with the times (ms) until the document has what `settled`, a selector, stands for, and until
/// the frame with it was drawn.
pub const TYPE: &str = "const [field, text, settled, done] = arguments; \
    const at = document.querySelector(field); \
    let answered = null; \
    const begun = performance.now(); \
    const watch = new MutationObserver(() => { \
        if (document.querySelector(settled) !== null) { \
            answered ??= performance.now() - begun; watch.disconnect(); } }); \
    watch.observe(document, { subtree: true, childList: true, attributes: true }); \
    at.value = text; at.dispatchEvent(new Event('input', { bubbles: true })); \
    const look = () => requestAnimationFrame(() => { \
        if (document.querySelector(settled) === null) return look(); \
        setTimeout(() => done([answered, performance.now() - begun])); }); \
    look()";

/// Calls back with the time (ms) from one drawn frame to the next where nothing is done: the floor of all the others.
pub const FRAME: &str = "const done = arguments[0]; \
    requestAnimationFrame(() => requestAnimationFrame(() => { \
        const begun = performance.now(); \
        requestAnimationFrame(() => { \
            setTimeout(() => done(performance.now() - begun)); }); }))";

/// Measures all, and writes the figures. A promise that is broken is an error.
pub async fn measure(app: &Path, file: &Path) -> Result<()> {
    let registry = Scripted::start().await?;
    fill(&registry);
    let display = Display::start(1600, 1000).await?;
    let keys = SecretService::start(State::Unlocked).await?;
    let home = Home::new(&display, &keys)?;
    learn(app, &home, &registry).await?;

    registry.forget_requests();
    let window = home.open(app).await?;
    let mut known = [Vec::<Answer>::new(), Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (times, (name, _)) in known.iter_mut().zip([ONE, FEW, MANY, HUGE]) {
            times.push(open(&window, name, RESTS).await?);
        }
    }
    let mut at_once = Vec::new();
    for _ in 0..ROUNDS {
        open(&window, ONE.0, Duration::ZERO).await?;
        at_once.push(open(&window, FEW.0, Duration::ZERO).await?);
    }
    // What the rows that are not in sight would be asked, were they asked at all.
    tokio::time::sleep(Duration::from_secs(10)).await;
    let path = format!("/v2/{}/manifests/", MANY.0);
    let asked = registry.count("HEAD", &path);

    let mut filters = [Vec::<Answer>::new(), Vec::new(), Vec::new()];
    for (times, name) in filters.iter_mut().zip([ONE.0, FEW.0, HUGE.0]) {
        open_repository(&window, name).await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let narrow = if name == HUGE.0 { "v99" } else { "v2" };
        for round in 0..ROUNDS {
            times.push(filter(&window, narrow, round).await?);
        }
    }
    let mut palette = Vec::new();
    for round in 0..ROUNDS {
        palette.push(find(&window, round).await?);
    }
    let mut frames = Vec::new();
    for _ in 0..ROUNDS {
        frames.push(number(&window.run_until_called(FRAME, json!([])).await?)?);
    }
    let [one, few_tags, many, huge] = known.map(|times| Answer::median(&times));
    let [one_row, few, all] = filters.map(|times| Answer::median(&times));
    let (palette, frame) = (Answer::median(&palette), median(frames));
    let at_once = Answer::median(&at_once);
    let figures = json!({
        "frame_ms": frame,
        "known_repository_ms": {
            "tags_1": one.figures(),
            "tags_30": few_tags.figures(),
            "tags_3000": many.figures(),
            "tags_100000": huge.figures(),
            "tags_30_pressed_at_once": at_once.figures(),
        },
        "filter": { "tags_1": one_row.figures(), "tags_30": few.figures(), "tags_100000": all.figures() },
        "palette_100000_names": palette.figures(),
        "heads_of_3000_dated_tags_at_the_next_start": asked,
        "ratio": {
            "tags_3000_to_30": many.seen / few_tags.seen,
            "tags_100000_to_30": huge.seen / few_tags.seen,
            "tags_3000_to_1": many.seen / one.seen,
            "filter_of_100000_seen_to_30": all.seen / few.seen,
            "filter_of_100000_there_to_frame": all.there / frame,
            "filter_of_100000_seen_to_frame": all.seen / frame,
            "palette_of_100000_there_to_frame": palette.there / frame,
            "palette_of_100000_seen_to_frame": palette.seen / frame,
        },
    });
    fs::write(file, format!("{figures:#}\n"))?;
    ensure!(
        asked <= MOST_ASKED,
        "{asked} rows of a list that is dated in the cache were asked about again"
    );
    Ok(())
}

/// Fills the repositories: each tag but those of the last has a build date of its own.
fn fill(registry: &Scripted) {
    for (name, tags) in [ONE, FEW, MANY] {
        for number in 0..tags {
            registry.push_image(name, &format!("v{number}"), &format!("{name} {number}"));
        }
    }
    let digest = registry.push_image(HUGE.0, "v0", "huge");
    let bytes = registry.manifest(HUGE.0, &digest).unwrap_or_default();
    for number in 1..HUGE.1 {
        registry.put_manifest(HUGE.0, Some(&format!("v{number}")), MANIFEST, &bytes);
    }
}

/// Lets the app see all of it once, and ends it.
async fn learn(app: &Path, home: &Home, registry: &Scripted) -> Result<()> {
    let window = home.open(app).await?;
    add_registry(&window, &registry.host(), "", "").await?;
    for (name, _) in [HUGE, ONE, FEW, MANY] {
        open_repository(&window, name).await?;
        window.click(&id("tab-tags")).await?;
        window.find(&id("tag-row")).await?;
    }
    // Every row of the many is dated once, in sight or not.
    let finished = with("tags-table", "unfinished", "false");
    let until = tokio::time::Instant::now() + PATIENCE;
    while window.count(&finished).await? == 0 {
        ensure!(
            tokio::time::Instant::now() < until,
            "the rows are never dated"
        );
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    window.drop_session().await;
    Ok(())
}

/// Opens a known repository from another page.
async fn open(window: &Window, name: &str, rests: Duration) -> Result<Answer> {
    let page = format!(
        "{} {}",
        with("repository-page", "repository", name),
        id("tag-row")
    );
    window.find(&repository(name)).await?;
    let told = window
        .run_until_called(OPEN, json!([repository(name), page, rests.as_millis()]))
        .await
        .with_context(|| format!("opening {name}"))?;
    // The refresh behind it is not what is measured.
    tokio::time::sleep(Duration::from_secs(2)).await;
    answer(&told)
}

/// Filters the tags on show, in turn by what all of them have and by what few have.
async fn filter(window: &Window, narrow: &str, round: usize) -> Result<Answer> {
    let table = id("tags-table");
    let before = window.attribute(&table, "aria-rowcount").await?;
    let before = before.unwrap_or_default();
    let text = if round.is_multiple_of(2) { narrow } else { "v" };
    let settled = format!("{table}:not([aria-rowcount=\"{before}\"])");
    let told = window
        .run_until_called(TYPE, json!([id("tags-filter"), text, settled]))
        .await
        .with_context(|| format!("filtering by {text}"))?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    answer(&told)
}

/// Types into the palette a name that only the huge repository has.
async fn find(window: &Window, round: usize) -> Result<Answer> {
    window
        .press(&[testkit::webdriver::key::CONTROL, "k"])
        .await?;
    window.find(&id("palette-field")).await?;
    let text = format!("v{}", 99_000 + round * 7);
    let settled = with("palette-entry", "name", &format!("{}:{text}", HUGE.0));
    let told = window
        .run_until_called(TYPE, json!([id("palette-field"), text, settled]))
        .await
        .with_context(|| format!("finding {text}"))?;
    window.press(&[testkit::webdriver::key::ESCAPE]).await?;
    window.gone(&id("palette-field")).await?;
    answer(&told)
}

/// How long it took (ms) until the document had an answer, and until it was seen.
#[derive(Clone, Copy)]
pub struct Answer {
    pub there: f64,
    pub seen: f64,
}

impl Answer {
    pub fn median(all: &[Self]) -> Self {
        let of = |part: fn(&Self) -> f64| median(all.iter().map(part).collect());
        Self {
            there: of(|one| one.there),
            seen: of(|one| one.seen),
        }
    }

    pub fn figures(self) -> Value {
        json!({ "there_ms": self.there, "seen_ms": self.seen })
    }
}

pub fn answer(told: &Value) -> Result<Answer> {
    Ok(Answer {
        there: number(&told[0])?,
        seen: number(&told[1])?,
    })
}

pub fn number(told: &Value) -> Result<f64> {
    told.as_f64().context("no time was told")
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}
