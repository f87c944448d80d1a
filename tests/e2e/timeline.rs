//! The timeline in the window: what plain `docker push` did is noticed and shown, and a tag goes back to an older
//! commit and forth again. The registry is asked directly what the tag points at.

use crate::desk::{Setup, until, walk};
use crate::house::{self, House, IMAGES, KEPT, docker_push, kept};
use anyhow::{Context, Result, ensure};
use testkit::images::{ImageSpec, push_index};
use testkit::parts::Registry;
use testkit::steps::{at_rest, id, open_repository, tag, with};
use testkit::webdriver::{Window, key};

#[tokio::test(flavor = "multi_thread")]
async fn overwrites_by_docker_push_are_noticed_and_undone_and_done_again() {
    let Some(house) = House::build().await else {
        return;
    };
    let setup = Setup::beside(&house.engine);
    walk("timeline", setup, async |desk| {
        let window = desk.add(&house.registry).await?;
        open_repository(window, KEPT).await?;
        at_rest(window, "base").await?;
        let commits = noticed(window, &house).await?;
        lanes(window, &commits).await?;
        make_active(window, &house.registry, &commits, 0).await?;
        kept(&house.registry, &commits[2]).await?;
        keep(window, &house.registry, &commits[1]).await?;
        make_active(window, &house.registry, &commits, 2).await?;
        kept(&house.registry, &commits[0]).await?;
        // One, two, three, one again, three again: five entries of v1, and only the last is active.
        open_timeline(window).await?;
        let rows = format!("{}[data-tags~=\"v1\"]", id("timeline-row"));
        until(window, &rows, 5).await?;
        let of_first = format!("{rows}[data-digest=\"{}\"]", commits[0]);
        ensure!(
            window.count(&of_first).await? == 2,
            "one entry of the first is missing"
        );
        let active = format!("{rows}[data-active=\"true\"]");
        let digest = window.attribute(&active, "data-digest").await?;
        ensure!(digest.as_deref() == Some(commits[2].as_str()), "{digest:?}");
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_multi_platform_tag_goes_back_by_keyboard() {
    let Some(registry) = house::alone().await else {
        return;
    };
    let images = |seed: u64| {
        [
            ImageSpec::of_sizes(seed, &[1000]),
            ImageSpec::of_sizes(seed + 1, &[900]).arch("arm64"),
        ]
    };
    let first = push_index(&registry, KEPT, "v1", &images(60))
        .await
        .unwrap();
    walk("timeline-index", Setup::default(), async |desk| {
        let window = desk.add(&registry).await?;
        open_repository(window, KEPT).await?;
        at_rest(window, "v1").await?;
        let second = push_index(&registry, KEPT, "v1", &images(70)).await?;
        window.press(&[key::F5]).await?;
        window.find(&with("moved-row", "tag", "v1")).await?;
        open_timeline(window).await?;
        let row = with("timeline-row", "digest", &first);
        window.find(&row).await?;
        window.focus(&row).await?;
        window.press(&["a"]).await?;
        window.find(&with("active-from", "digest", &second)).await?;
        window.find(&with("active-to", "digest", &first)).await?;
        window
            .find(&with("keep-ask", "answer", "eachOverwrite"))
            .await?;
        window
            .find(&format!(
                "{}:not([aria-disabled=\"true\"])",
                id("active-go")
            ))
            .await?;
        window.press(&[key::ENTER]).await?;
        window.gone(&id("active-sheet")).await?;
        kept(&registry, &second).await?;
        points_at(&registry, &first).await
    })
    .await;
}

/// Pushes three times with plain `docker push`, and checks that each is noticed at the next refresh.
async fn noticed(window: &Window, house: &House) -> Result<Vec<String>> {
    let mut commits = Vec::new();
    for image in IMAGES {
        let digest = docker_push(house, KEPT, "v1", image).await?;
        window.press(&[key::F5]).await?;
        window
            .find_with(
                &format!("{} {}", tag("v1"), id("tag-digest")),
                &digest[7..19],
            )
            .await?;
        commits.push(digest);
        // Told in one line, which opens to a row a move where there are several.
        if commits.len() == 2 {
            window.find(&with("moved-row", "tag", "v1")).await?;
        } else if commits.len() == 3 {
            window
                .find_with(&id("moved-open"), "v1 was moved 2 times")
                .await?;
        }
    }
    Ok(commits)
}

/// Checks that the timeline shows all three in order, one of them active, each as pullable as the registry says.
async fn lanes(window: &Window, commits: &[String]) -> Result<()> {
    open_timeline(window).await?;
    let rows = format!("{}[data-tags~=\"v1\"]", id("timeline-row"));
    until(window, &rows, 3).await?;
    for (number, commit) in commits.iter().enumerate() {
        let row = format!("{rows}[data-digest=\"{commit}\"][data-reach=\"pullable\"]");
        window.find(&row).await?;
        let active = window.attribute(&row, "data-active").await?;
        ensure!(
            active.as_deref() == Some(if number == 2 { "true" } else { "false" }),
            "{active:?}"
        );
    }
    let script =
        "return [...document.querySelectorAll(arguments[0])].map((row) => row.dataset.digest)";
    let order = window.run(script, serde_json::json!([rows])).await?;
    let newest_first: Vec<&String> = commits.iter().rev().collect();
    ensure!(order == serde_json::json!(newest_first), "{order}");
    Ok(())
}

/// Makes a commit active through the row's own button and the sheet.
async fn make_active(
    window: &Window,
    registry: &Registry,
    commits: &[String],
    to: usize,
) -> Result<()> {
    open_timeline(window).await?;
    let row = format!(
        "{}[data-active=\"false\"]",
        with("timeline-row", "digest", &commits[to])
    );
    window.hover(&row).await?;
    window
        .click(&format!("{row} {}", id("make-active")))
        .await?;
    window
        .find(&with("active-to", "digest", &commits[to]))
        .await?;
    window
        .click(&format!(
            "{}:not([aria-disabled=\"true\"])",
            id("active-go")
        ))
        .await?;
    window.gone(&id("active-sheet")).await?;
    points_at(registry, &commits[to]).await?;
    // The focus is on what changed.
    let row = with("timeline-row", "digest", &commits[to]);
    window
        .find(&format!("{row}[data-active=\"true\"]:focus"))
        .await
}

/// Keeps a commit by key; the focus stays with it.
async fn keep(window: &Window, registry: &Registry, commit: &str) -> Result<()> {
    let row = with("timeline-row", "digest", commit);
    window.focus(&row).await?;
    window.press(&["k"]).await?;
    window.find_with(&id("said-text"), &commit[7..19]).await?;
    window.find(&format!("{row}:focus")).await?;
    kept(registry, commit).await
}

async fn points_at(registry: &Registry, commit: &str) -> Result<()> {
    let (digest, _) = registry.manifest(KEPT, "v1").await?.context("v1 is gone")?;
    ensure!(digest == commit, "v1 points at {digest}");
    Ok(())
}

async fn open_timeline(window: &Window) -> Result<()> {
    window.click(&id("tab-timeline")).await?;
    window.find(&id("timeline-row")).await
}
