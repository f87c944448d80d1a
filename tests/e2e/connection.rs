//! The connection check: three things that don't work in one sheet, its report, and what it makes impossible.

use crate::desk::{Setup, ready, walk};
use anyhow::ensure;
use testkit::scripted::{Clock, Scripted};
use testkit::steps::{add_registry, choose_for_registry, id, repository, tag, with};
use testkit::webdriver::key;

const REPOSITORY: &str = "lab/tool";

#[tokio::test(flavor = "multi_thread")]
async fn three_failures_in_one_check_and_what_cant_be_done_says_why() {
    if !ready(&[]) {
        return;
    }
    let registry = Scripted::start().await.unwrap();
    registry.push_image(REPOSITORY, "v1", "one");
    registry.set(|faults| faults.delete_disabled = true);
    let host = registry.host();
    walk("connection", Setup::default(), async |desk| {
        let window = desk.window()?;
        add_registry(window, &host, "", "").await?;
        window.click(&repository(REPOSITORY)).await?;
        window.find(&tag("v1")).await?;

        registry.set(|faults| {
            faults.no_catalog = true;
            faults.clock = Clock::Fixed("Sat, 21 Nov 2026 02:10:30 GMT".into());
        });
        registry.forget_requests();
        choose_for_registry(window, &host, "menu-check").await?;
        for (probe, mark) in [
            ("reached", "good"),
            ("clock", "warn"),
            ("catalog", "no"),
            ("delete", "no"),
        ] {
            window.find(&line(probe, mark)).await?;
        }
        window
            .find_with(&id("check-says"), "nothing was written")
            .await?;
        ensure!(registry.count("PUT", "/v2/") == 0 && registry.count("POST", "/v2/") == 0);
        window.click(&id("check-more")).await?;
        window
            .find(&with("check-line", "probe", "commitTags"))
            .await?;
        window.settle().await?;
        window.click(&id("check-copy")).await?;
        window.find_with(&id("check-says"), "copied").await?;
        window.click(&id("check-done")).await?;
        window.gone(&id("check-sheet")).await?;

        // Deleting was found to be impossible: its entry is there, can be gone to, and says why.
        let row = tag("v1");
        window.ask_for_menu(&row).await?;
        let delete = format!("{} {}", id("context-menu"), id("menu-delete-tag"));
        window
            .find_with(&format!("{delete} {}", id("menu-why")), &host)
            .await?;
        ensure!(window.attribute(&delete, "aria-disabled").await?.as_deref() == Some("true"));
        ensure!(
            window
                .attribute(&delete, "aria-describedby")
                .await?
                .is_some()
        );
        window.click(&delete).await?;
        ensure!(window.count(&id("delete-sheet")).await? == 0);
        window.press(&[key::ESCAPE]).await?;

        // Whoever runs the registry switches it on; a day later, or after a sign-in, it is asked anew.
        registry.set(|faults| faults.delete_disabled = false);
        ensure!(registry.count("DELETE", "/v2/") == 2, "it was asked once");
        Ok(())
    })
    .await;
}

fn line(probe: &str, mark: &str) -> String {
    format!(
        "{}[data-mark=\"{mark}\"]",
        with("check-line", "probe", probe)
    )
}
