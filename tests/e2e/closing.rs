//! Ending what is under way: cancelling a push, and closing the window during a push or a deletion.

use crate::desk::{Desk, Setup, walk};
use crate::house;
use anyhow::{Result, ensure};
use testkit::images::{ImageSpec, push, retag};
use testkit::parts::Registry;
use testkit::steps::{at_rest, id, open_repository, open_transfers, push_as, tag, with};
use testkit::webdriver::{Window, key};

const REPOSITORY: &str = "genomics/aligner";
/// The size of an image (bytes) whose push is still under way when the next key is pressed.
const LARGE: usize = 160_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_push_is_cancelled_and_one_that_the_closing_ended_is_tried_again() {
    let large = ImageSpec::of_sizes(2, &[LARGE]);
    let Some((registry, engine)) = house::sparse("large:one", &large).await else {
        return;
    };
    push(
        &registry,
        REPOSITORY,
        "base",
        &ImageSpec::of_sizes(1, &[1000]),
    )
    .await
    .unwrap();

    let setup = Setup::beside(&engine);
    walk("closing", setup, async |desk| {
        desk.add(&registry).await?;
        cancelled(desk.window()?, &registry).await?;
        closed_and_tried_again(desk, &registry).await
    })
    .await;
}

async fn start_push(window: &Window, tag: &str) -> Result<()> {
    push_as(window, "large:one", REPOSITORY, tag).await?;
    window
        .find(&format!("{}[data-state=\"moving\"]", id("activity")))
        .await?;
    Ok(())
}

/// Waits for the row of the transfer of this tag, in one of these states.
fn task(tag: &str, state: &str) -> String {
    format!(
        "{}[data-tag=\"{tag}\"][data-state=\"{state}\"]",
        id("task-row")
    )
}

async fn cancelled(window: &Window, registry: &Registry) -> Result<()> {
    start_push(window, "cancelled").await?;
    open_transfers(window).await?;
    // A bar over all, and one a layer.
    window
        .find(&format!("{} [role=progressbar]", id("activity-open")))
        .await?;
    window.find(&id("layer-bar")).await?;
    window
        .click_ready(&format!(
            "{} {}",
            task("cancelled", "running"),
            id("task-cancel")
        ))
        .await?;
    window.find(&task("cancelled", "cancelled")).await?;
    ensure!(
        registry.manifest(REPOSITORY, "cancelled").await?.is_none(),
        "it arrived all the same"
    );
    Ok(())
}

async fn closed_and_tried_again(desk: &mut Desk, registry: &Registry) -> Result<()> {
    start_push(desk.window()?, "closed").await?;
    // Asked first: staying changes nothing.
    desk.ask_to_close()?;
    desk.window()?.find(&id("closing")).await?;
    desk.window()?.press(&[key::ESCAPE]).await?;
    desk.window()?.gone(&id("closing")).await?;
    ensure!(
        desk.window()?.app_runs(),
        "the app ended though nobody said so"
    );
    desk.ask_to_close()?;
    desk.window()?.find(&id("closing")).await?;
    desk.leave().await?;
    ensure!(
        registry.manifest(REPOSITORY, "closed").await?.is_none(),
        "the push went on"
    );

    desk.open().await?;
    let window = desk.window()?;
    open_transfers(window).await?;
    let row = task("closed", "interrupted");
    window.find(&row).await?;
    window
        .click_ready(&format!("{row} {}", id("task-retry")))
        .await?;
    window.find(&task("closed", "done")).await?;
    ensure!(
        registry.manifest(REPOSITORY, "closed").await?.is_some(),
        "it did not arrive"
    );
    Ok(())
}

/// So many that the window can be asked to close before all are gone.
const MANY: usize = 150;

#[tokio::test(flavor = "multi_thread")]
async fn closing_during_a_deletion_asks_and_what_went_comes_back_after_the_next_start() {
    let Some(registry) = house::alone().await else {
        return;
    };
    let image = ImageSpec::of_sizes(3, &[2000]);
    push(&registry, REPOSITORY, "v000", &image).await.unwrap();
    for number in 1..MANY {
        retag(&registry, REPOSITORY, "v000", &format!("v{number:03}"))
            .await
            .unwrap();
    }
    walk("closing-delete", Setup::default(), async |desk| {
        desk.add(&registry).await?;
        closed_while_deleting(desk, &registry).await
    })
    .await;
}

async fn closed_while_deleting(desk: &mut Desk, registry: &Registry) -> Result<()> {
    let window = desk.window()?;
    open_repository(window, REPOSITORY).await?;
    // All have one date: by name there is no doubt which is on top.
    window.choose(&id("tags-order"), "name").await?;
    window.find(&with("tags-table", "order", "name")).await?;
    at_rest(window, "v000").await?;
    window.focus(&tag("v000")).await?;
    window.press(&[key::CONTROL, "a"]).await?;
    window.press(&[key::DELETE]).await?;
    window.click_ready(&id("delete-go")).await?;
    let under_way = format!("{}[data-state=\"moving\"]", id("activity"));
    window.find(&under_way).await?;
    // Asked first: staying changes nothing.
    desk.ask_to_close()?;
    let window = desk.window()?;
    window.find_with(&id("closing"), "deletion").await?;
    ensure!(window.app_runs(), "the app ended though nobody said so");
    desk.leave().await?;
    let left = registry.tags(REPOSITORY).await?.len();
    ensure!((1..MANY).contains(&left), "{left} tags are left");

    desk.open().await?;
    let window = desk.window()?;
    open_transfers(window).await?;
    let row = format!("{}[data-state=\"interrupted\"]", id("task-row"));
    window.find(&row).await?;
    let retry = format!("{row} {}", id("task-retry"));
    ensure!(window.count(&retry).await? == 0, "its sheet is what asks");
    window
        .click_ready(&format!("{row} {}", id("task-undo")))
        .await?;
    window
        .find(&format!("{}[data-state=\"done\"]", id("task-row")))
        .await?;
    let back = registry.tags(REPOSITORY).await?.len();
    ensure!(back == MANY, "{back} of {MANY} tags are there");
    Ok(())
}
