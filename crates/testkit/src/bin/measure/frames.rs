//! How evenly the window draws while a timeline of 5,000 commits over 300 tags is scrolled, beside a plain list of as
//! many lines scrolled in the same window.
//!
//! The registry is the scripted one: what it answers is not what is measured.
//! It fails where a promise is broken: never more than 100 rows in the document, wherever one looks.

use crate::home::Home;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use testkit::images::MANIFEST;
use testkit::parts::{Display, SecretService, State};
use testkit::scripted::Scripted;
use testkit::steps::{add_registry, id, open_repository};
use testkit::webdriver::Window;

const REPOSITORY: &str = "lab/long";
const TAGS: usize = 300;
const COMMITS: usize = 5_000;
/// The number of times each of the two is scrolled, one after the other.
const ROUNDS: usize = 3;
/// The most rows that may be in the document at any position.
const MOST_ROWS: u64 = 100;
/// The height of a row in a timeline (px).
const ROW: u32 = 48;
/// The number of places of the timeline that are jumped to, to count rows there.
const PLACES: usize = 100;

/// Scrolls the list in a part of the page through for so many frames; calls back with the gaps between them (ms) and the most rows.
const SCROLL: &str = "const [body, plain, high, done] = arguments; \
    const own = document.querySelector(`${body} [data-scroll]`); \
    let list = own; \
    if (plain > 0) { \
        const real = own.getBoundingClientRect(); \
        list = document.createElement('div'); \
        list.style.cssText = `position:fixed;inset:auto;left:${real.left}px;top:${real.top}px;width:${real.width}px;\
height:${real.height}px;overflow:auto;background:var(--paper);z-index:9`; \
        for (let n = 0; n < plain; n += 1) { \
            const row = document.createElement('div'); \
            row.style.cssText = `height:${high}px`; \
            row.textContent = `v${n} 2e04bfa1e576 9 Nov 16:40`; \
            list.append(row); \
        } \
        document.body.append(list); \
    } \
    list.scrollTop = 0; \
    const gaps = []; let rows = 0, last = 0; \
    const step = (now) => { \
        if (last > 0) gaps.push(now - last); \
        last = now; \
        rows = Math.max(rows, own.querySelectorAll('[role=row]').length); \
        list.scrollTop += 120; \
        if (gaps.length < 240) requestAnimationFrame(step); \
        else { if (plain > 0) list.remove(); else list.scrollTop = 0; done([gaps, rows]); } \
    }; \
    requestAnimationFrame(() => requestAnimationFrame(step))";

/// Jumps to so many places of the timeline, the end included; calls back with the most rows there ever are.
const JUMP: &str = "const [body, places, done] = arguments; \
    const list = document.querySelector(`${body} [data-scroll]`); \
    let at = 0, rows = 0; \
    const step = () => { \
        rows = Math.max(rows, document.querySelectorAll(`${body} [role=row]`).length); \
        if (at > places) { list.scrollTop = 0; done(rows); return; } \
        list.scrollTop = (list.scrollHeight - list.clientHeight) * at / places; \
        at += 1; \
        requestAnimationFrame(() => requestAnimationFrame(step)); \
    }; \
    step()";

/// Measures both, and writes the figures. A promise that is broken is an error.
pub async fn measure(app: &Path, file: &Path) -> Result<()> {
    let registry = Scripted::start().await?;
    fill(&registry);
    let display = Display::start(1600, 1000).await?;
    let keys = SecretService::start(State::Unlocked).await?;
    let home = Home::new(&display, &keys)?;
    let window = home.open(app).await?;
    add_registry(&window, &registry.host(), "", "").await?;
    open_repository(&window, REPOSITORY).await?;
    window.click(&id("tab-timeline")).await?;
    window.find(&id("timeline-row")).await?;
    // What is in sight is asked for first; it is the scrolling that is measured.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;

    let Scrolled { own, plain, most } = scrolled(&window, "#repository-body", COMMITS, ROW).await?;
    let figures = json!({
        "commits": COMMITS, "tags": TAGS, "most_rows_in_document": most,
        "timeline_ms": own.json(), "plain_list_ms": plain.json(),
        "ratio": Gaps::ratio(&own, &plain),
    });
    fs::write(file, format!("{figures:#}\n"))?;
    few_rows(most)
}

/// How a list was scrolled, and a plain one of as many lines.
pub struct Scrolled {
    pub own: Gaps,
    pub plain: Gaps,
    /// The most rows that ever were in the document.
    pub most: u64,
}

/// Scrolls the list in a part of the page, in turn with a plain one of `lines` that are `high` pixels each, and jumps all
/// over it.
pub async fn scrolled(window: &Window, body: &str, lines: usize, high: u32) -> Result<Scrolled> {
    let (mut own, mut plain, mut most) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let (gaps, rows) = scroll(window, json!([body, 0, high])).await?;
        own.extend(gaps);
        most = most.max(rows);
        plain.extend(scroll(window, json!([body, lines, high])).await?.0);
    }
    let jumps = window.run_until_called(JUMP, json!([body, PLACES])).await?;
    Ok(Scrolled {
        own: Gaps::of(own),
        plain: Gaps::of(plain),
        most: most.max(jumps.as_u64().unwrap_or(0)),
    })
}

/// Fails where more rows were in the document than are promised, or none was.
pub fn few_rows(most: u64) -> Result<()> {
    ensure!(most > 0, "no row was ever seen: nothing was measured");
    ensure!(
        most <= MOST_ROWS,
        "{most} rows were in the document at once"
    );
    Ok(())
}

/// Gives every tag many commits; the last is active, the others are kept.
fn fill(registry: &Scripted) {
    for tag in 0..TAGS {
        let name = format!("v{}.{}", tag / 20, tag % 20);
        let of_tag = COMMITS / TAGS + usize::from(tag < COMMITS % TAGS);
        for number in 0..of_tag {
            let text = format!("{name} {number}");
            if number + 1 == of_tag {
                registry.push_image(REPOSITORY, &name, &text);
                continue;
            }
            let digest = registry.push_image(REPOSITORY, "scratch", &text);
            let bytes = registry.manifest(REPOSITORY, &digest).unwrap_or_default();
            let day = 1 + (number * 7 + tag) % 28;
            let (month, hour, second) = (1 + number % 10, tag % 24, (number * 13 + tag) % 60);
            let kept = format!(
                "_h.{name}.2026{month:02}{day:02}t{hour:02}00{second:02}z-{}",
                &digest[7..]
            );
            registry.put_manifest(REPOSITORY, Some(&kept), MANIFEST, &bytes);
        }
    }
}

async fn scroll(window: &Window, of: Value) -> Result<(Vec<f64>, u64)> {
    let told = window.run_until_called(SCROLL, of).await?;
    let gaps = told[0].as_array().context("no gaps")?;
    Ok((
        gaps.iter().filter_map(Value::as_f64).collect(),
        told[1].as_u64().unwrap_or(0),
    ))
}

/// Gaps between frames, in milliseconds.
pub struct Gaps {
    mean: f64,
    p95: f64,
    worst: f64,
}

impl Gaps {
    fn of(mut gaps: Vec<f64>) -> Self {
        gaps.sort_by(f64::total_cmp);
        let sum: f64 = gaps.iter().sum();
        let count = u32::try_from(gaps.len().max(1)).unwrap_or(u32::MAX);
        Self {
            mean: sum / f64::from(count),
            p95: gaps.get(gaps.len() * 95 / 100).copied().unwrap_or(0.0),
            worst: gaps.last().copied().unwrap_or(0.0),
        }
    }

    /// Returns how the gaps of one list are to those of another.
    pub fn ratio(own: &Self, plain: &Self) -> Value {
        json!({ "mean": own.mean / plain.mean, "p95": own.p95 / plain.p95, "worst": own.worst / plain.worst })
    }

    pub fn json(&self) -> Value {
        json!({ "mean": self.mean, "p95": self.p95, "worst": self.worst })
    }
}
