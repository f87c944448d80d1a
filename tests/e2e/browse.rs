//! A repository's tags and a tag's commits: their facts, their order, their paths; and all of it again from
//! the cache once nobody answers any more.

use crate::desk::{Desk, Setup, ready, walk};
use anyhow::{Result, ensure};
use testkit::images::{ImageSpec, push, push_index, retag};
use testkit::parts::{Part, Registry, RegistryOptions};
use testkit::steps::{expand, id, open_repository, tag, with};
use testkit::webdriver::{Window, key};

const REPOSITORY: &str = "genomics/aligner";

/// What was put into the registry.
struct Shelf {
    registry: Registry,
    /// The commits of `v1`, oldest first, and the tags that keep the first two.
    commits: Vec<String>,
    kept: Vec<String>,
    /// The digest of the index with two platforms.
    index: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_and_commits_show_with_their_facts_and_from_the_cache() {
    if !ready(&[Part::Registry]) {
        return;
    }
    let mut shelf = Shelf::fill().await.unwrap();
    let host = shelf.registry.host();
    walk("browse", Setup::default(), async |desk| {
        let window = desk.add(&shelf.registry).await?;
        // No engine runs here: its page says so, and everything else works.
        window.click(&id("nav-images")).await?;
        window.find(&id("images-no-engine")).await?;
        open_repository(window, REPOSITORY).await?;
        facts_arrive(window, &shelf).await?;
        orders(window).await?;
        commits(window, &shelf).await?;
        paths(window, &host, &shelf.commits[0]).await?;
        window.resize(1000, 700).await?;
        let size = window.size().await?;
        desk.close().await?;

        // Nobody answers now: what shows is what was seen.
        shelf.registry.stop();
        desk.open().await?;
        as_it_was_left(desk, size, &shelf).await?;
        desk.close().await?;

        // And what is new shows once it answers again.
        shelf.registry.run().await?;
        let new = ImageSpec::of_sizes(40, &[1000]);
        push(&shelf.registry, REPOSITORY, "later", &new).await?;
        desk.open().await?;
        desk.window()?.find(&tag("later")).await?;
        Ok(())
    })
    .await;
}

impl Shelf {
    async fn fill() -> Result<Self> {
        let options = RegistryOptions {
            auth: Some(("demo", "secret")),
            ..Default::default()
        };
        let registry = Registry::start(options).await?;
        let mut commits = Vec::new();
        let mut kept = Vec::new();
        for (day, seed) in [(3, 10), (9, 11), (17, 12)] {
            let image = ImageSpec::of_sizes(seed, &[300_000]);
            let image = image.created(&format!("2026-11-{day:02}T08:00:00Z"));
            let digest = push(&registry, REPOSITORY, "v1", &image).await?;
            if seed < 12 {
                let name = format!("_h.v1.202611{day:02}t081000z-{}", &digest[7..]);
                retag(&registry, REPOSITORY, "v1", &name).await?;
                kept.push(name);
            }
            commits.push(digest);
        }
        for (number, name) in ["1.2.0", "1.10.0", "1.9.0", "nightly"].iter().enumerate() {
            let image = ImageSpec::of_sizes(20 + number as u64, &[1000]);
            let image = image.created(&format!("2026-10-{:02}T08:00:00Z", 10 + number));
            push(&registry, REPOSITORY, name, &image).await?;
        }
        let platforms = [
            ImageSpec::of_sizes(30, &[1000]).created("2026-09-01T08:00:00Z"),
            ImageSpec::of_sizes(31, &[1000])
                .created("2026-09-01T08:00:00Z")
                .arch("arm64"),
        ];
        let index = push_index(&registry, REPOSITORY, "multi", &platforms).await?;
        Ok(Self {
            registry,
            commits,
            kept,
            index,
        })
    }
}

/// Checks that every row shows at once and fills in, and that commit tags are folded away.
async fn facts_arrive(window: &Window, shelf: &Shelf) -> Result<()> {
    for name in ["v1", "1.2.0", "1.10.0", "1.9.0", "nightly", "multi"] {
        window
            .find(&format!("{}[data-resolved=\"true\"]", tag(name)))
            .await?;
    }
    ensure!(
        window.count(&id("tag-row")).await? == 6,
        "{:?}",
        shown(window).await?
    );
    for (name, digest) in [("v1", &shelf.commits[2]), ("multi", &shelf.index)] {
        let cell = format!("{} {}", tag(name), id("tag-digest"));
        window.find_with(&cell, &digest[7..19]).await?;
    }
    window
        .find_with(&format!("{} {}", tag("v1"), id("tag-size")), "0.3 MB")
        .await?;
    let cell = format!("{} {}", tag("multi"), id("tag-platforms"));
    // They come with its manifest, a moment after its digest.
    window.find_with(&cell, "arm64").await?;
    let platforms = window.text(&cell).await?;
    ensure!(
        platforms.contains("amd64") && platforms.contains("arm64"),
        "{platforms}"
    );
    Ok(())
}

async fn shown(window: &Window) -> Result<Vec<String>> {
    let rows = window.count(&id("tag-row")).await?;
    let mut names = Vec::new();
    // In the order of the screen, which is not the order in the page of a virtual list.
    let script = "return [...document.querySelectorAll(arguments[0])]\
        .sort((a, b) => a.getBoundingClientRect().y - b.getBoundingClientRect().y)\
        .map((row) => row.dataset.tag)";
    let answer = window
        .run(script, serde_json::json!([id("tag-row")]))
        .await?;
    names.extend(
        answer
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned)),
    );
    ensure!(names.len() == rows);
    Ok(names)
}

async fn orders(window: &Window) -> Result<()> {
    let newest = ["v1", "nightly", "1.9.0", "1.10.0", "1.2.0", "multi"];
    // What is seen for the first time stands by version; the order by date is offered once all dates are there.
    let offer = id("tags-offer");
    window.find(&offer).await?;
    window.find(&with("tags-table", "order", "version")).await?;
    window.click(&offer).await?;
    window.gone(&offer).await?;
    wait_for_order(window, "newest", &newest).await?;
    choose_order(window, "version").await?;
    // Versions first, the highest on top; `v1` is one too.
    let rows = shown(window).await?;
    let place = |name: &str| rows.iter().position(|row| row == name);
    ensure!(
        place("1.10.0") < place("1.9.0") && place("1.9.0") < place("1.2.0"),
        "{rows:?}"
    );
    ensure!(place("1.2.0") < place("nightly"), "{rows:?}");
    choose_order(window, "name").await?;
    let by_name = ["1.10.0", "1.2.0", "1.9.0", "multi", "nightly", "v1"];
    let rows = shown(window).await?;
    ensure!(
        rows == by_name || rows == ["1.2.0", "1.9.0", "1.10.0", "multi", "nightly", "v1"],
        "{rows:?}"
    );
    choose_order(window, "newest").await?;
    wait_for_order(window, "newest", &newest).await
}

async fn wait_for_order(window: &Window, order: &str, wanted: &[&str]) -> Result<()> {
    let sorted = format!(
        "{}[data-unfinished=\"false\"]",
        with("tags-table", "order", order)
    );
    window.find(&sorted).await?;
    let rows = shown(window).await?;
    ensure!(rows == wanted, "{rows:?}");
    Ok(())
}

async fn choose_order(window: &Window, order: &str) -> Result<()> {
    window.choose(&id("tags-order"), order).await?;
    window.find(&with("tags-table", "order", order)).await?;
    Ok(())
}

async fn commits(window: &Window, shelf: &Shelf) -> Result<()> {
    expand(window, "v1").await?;
    for (number, digest) in shelf.commits.iter().enumerate() {
        // Completed and checked by asking the registry.
        let row = format!(
            "{}[data-reach=\"pullable\"]",
            with("commit-row", "digest", digest)
        );
        window.find(&row).await?;
        let active = window.attribute(&row, "data-active").await?;
        ensure!(active.as_deref() == Some(if number == 2 { "true" } else { "false" }));
        let kept = window.attribute(&row, "data-kept").await?;
        ensure!(kept.as_deref() == Some(if number < 2 { "true" } else { "false" }));
    }
    ensure!(window.count(&id("commit-row")).await? == 3);
    // Each fact says where it is from.
    window
        .click(&with("commit-row", "digest", &shelf.commits[1]))
        .await?;
    window.find_with(&id("panel-sources"), "commit tag").await?;
    window.find_with(&id("panel-kept"), &shelf.kept[1]).await?;
    window
        .find_with(&id("panel-digest"), &shelf.commits[1])
        .await?;
    window
        .click(&with("commit-row", "digest", &shelf.commits[2]))
        .await?;
    window.find_with(&id("panel-sources"), "seen here").await?;
    Ok(())
}

/// Copies a path by mouse and another by key, and pastes each into a field to see what was copied.
async fn paths(window: &Window, host: &str, digest: &str) -> Result<()> {
    let row = with("commit-row", "digest", digest);
    window.click(&row).await?;
    window.click(&id("panel-path-tag")).await?;
    let by_tag = pasted(window).await?;
    ensure!(
        by_tag.starts_with(&format!("{host}/{REPOSITORY}:_h.v1.")),
        "{by_tag}"
    );
    ensure!(by_tag.ends_with(&digest[7..]), "{by_tag}");

    window.focus(&row).await?;
    window.press(&["c"]).await?;
    let by_digest = pasted(window).await?;
    ensure!(
        by_digest == format!("{host}/{REPOSITORY}@{digest}"),
        "{by_digest}"
    );
    Ok(())
}

async fn pasted(window: &Window) -> Result<String> {
    window.fill(&id("filter-repositories"), "").await?;
    window.focus(&id("filter-repositories")).await?;
    window.press(&[key::CONTROL, "v"]).await?;
    let text = window.value(&id("filter-repositories")).await?;
    window.fill(&id("filter-repositories"), "").await?;
    Ok(text)
}

async fn as_it_was_left(desk: &Desk, size: (u64, u64), shelf: &Shelf) -> Result<()> {
    let window = desk.window()?;
    window
        .find(&with("repository-page", "repository", REPOSITORY))
        .await?;
    let cell = format!("{} {}", tag("v1"), id("tag-digest"));
    window.find_with(&cell, &shelf.commits[2][7..19]).await?;
    expand(window, "v1").await?;
    for digest in &shelf.commits {
        window.find(&with("commit-row", "digest", digest)).await?;
    }
    ensure!(
        window.size().await? == size,
        "the window was {size:?}, is {:?}",
        window.size().await?
    );
    Ok(())
}
