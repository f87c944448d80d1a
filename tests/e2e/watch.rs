//! Watching in the window: a move by someone else shows an amber pip and a notification of the desktop, and each of
//! its buttons does what it says. The registry is asked directly what became of it.

use crate::desk::{Setup, walk};
use crate::house::{self, KEPT};
use anyhow::{Result, ensure};
use std::time::{Duration, Instant};
use testkit::images::{ImageSpec, push};
use testkit::parts::{Notifications, Registry, Shown};
use testkit::steps::{at_rest, id, open_repository, tag, with};
use testkit::webdriver::key;

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_tag_that_moves_tells_and_each_button_does_what_it_says() {
    let Some(registry) = house::alone().await else {
        return;
    };
    let first = pushed(&registry, 80).await.unwrap();
    let setup = Setup {
        watch_every: Some(1),
        ..Setup::default()
    };
    walk("watch", setup, async |desk| {
        let notices = Notifications::start(desk.keys.address()).await?;
        let window = desk.add(&registry).await?;
        open_repository(window, KEPT).await?;
        at_rest(window, "v1").await?;
        window.click(&id("watch")).await?;
        window
            .find(&format!("{} {}", tag("v1"), id("tag-watched")))
            .await?;

        // Elsewhere in the window when it happens: the pip tells, and *Show* leads there.
        window.click(&id("nav-images")).await?;
        let second = pushed(&registry, 81).await?;
        let notice = told(&notices, 1).await?;
        ensure!(
            notice.title.contains("v1") && notice.title.contains(KEPT),
            "{notice:?}"
        );
        ensure!(
            notice.body.contains(&first[7..19]) && notice.body.contains(&second[7..19]),
            "{notice:?}"
        );
        let names: Vec<&str> = notice
            .actions
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        ensure!(
            ["show", "keep", "put-back"]
                .iter()
                .all(|name| names.contains(name)),
            "{names:?}"
        );
        window.find(&id("pip")).await?;
        notices.press(notice.number, "show").await?;
        window
            .find(&with("repository-page", "repository", KEPT))
            .await?;
        window
            .find_with(&format!("{} {}", tag("v1"), id("tag-moved")), "moved")
            .await?;
        window.find(&with("moved-row", "tag", "v1")).await?;
        window.gone(&id("pip")).await?;

        // *Keep the old one*, with the window elsewhere.
        let third = pushed(&registry, 82).await?;
        let notice = told(&notices, 2).await?;
        notices.press(notice.number, "keep").await?;
        becomes_kept(&registry, &second).await?;
        let said = told(&notices, 3).await?;
        ensure!(said.title.contains(&second[7..19]), "{said:?}");

        // *Put it back* where nobody has said how this repository keeps: the sheet asks.
        let fourth = pushed(&registry, 83).await?;
        let notice = told(&notices, 4).await?;
        notices.press(notice.number, "put-back").await?;
        window.find(&with("active-from", "digest", &fourth)).await?;
        window.find(&with("active-to", "digest", &third)).await?;
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
        points_at(&registry, &third).await?;
        becomes_kept(&registry, &fourth).await?;

        // And where it has been said, it is done at once.
        let fifth = pushed(&registry, 84).await?;
        let notice = told(&notices, 5).await?;
        notices.press(notice.number, "put-back").await?;
        points_at(&registry, &third).await?;
        becomes_kept(&registry, &fifth).await?;
        let said = told(&notices, 6).await?;
        ensure!(
            said.body.contains(&third[7..19]) || said.title.contains(&third[7..19]),
            "{said:?}"
        );
        Ok(())
    })
    .await;
}

/// Pushes as someone else would, with plain `docker push`.
async fn pushed(registry: &Registry, seed: u64) -> Result<String> {
    push(registry, KEPT, "v1", &ImageSpec::of_sizes(seed, &[1000])).await
}

/// Waits for the notification of that number and returns it.
async fn told(notices: &Notifications, number: usize) -> Result<Shown> {
    let shown = notices.until(number).await?;
    ensure!(
        shown.len() == number,
        "more were shown than happened: {shown:#?}"
    );
    Ok(shown[number - 1].clone())
}

async fn becomes_kept(registry: &Registry, digest: &str) -> Result<()> {
    let start = Instant::now();
    while let Err(error) = house::kept(registry, digest).await {
        ensure!(start.elapsed() < Duration::from_secs(30), "{error:#}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Waits until the tag points there. distribution 2.8 answers 500 where a tag is read in the instant in which it is written.
async fn points_at(registry: &Registry, digest: &str) -> Result<()> {
    let start = Instant::now();
    loop {
        let read = registry.manifest(KEPT, "v1").await;
        if let Ok(Some((held, _))) = &read
            && held == digest
        {
            return Ok(());
        }
        ensure!(
            start.elapsed() < Duration::from_secs(30),
            "v1 does not point at {digest}: {:?}",
            read.map(|found| found.map(|(held, _)| held))
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
