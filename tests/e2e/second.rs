//! A second window on one data folder.

use crate::desk::{Setup, ready, walk};
use anyhow::ensure;
use std::time::Duration;
use testkit::steps::id;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_window_says_that_the_first_has_the_folder_and_begins_when_that_ends() {
    if !ready(&[]) {
        return;
    }
    walk("second-window", Setup::default(), async |desk| {
        desk.window()?.find(&id("welcome")).await?;
        let second = desk.beside().await?;
        second
            .find_with(
                &id("problem"),
                "Another Longshore has this data folder open.",
            )
            .await?;
        ensure!(!second.shows(&id("welcome"), "").await?);
        desk.window()?.find(&id("welcome")).await?;
        // However the first one ends, the folder is free once the system has let go of it.
        desk.kill().await?;
        for _ in 0..20 {
            if second.shows(&id("welcome"), "").await? {
                return Ok(());
            }
            if second.shows(&id("problem"), "").await? {
                second.click("[data-testid=problem] button").await?;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        anyhow::bail!("the second window never began")
    })
    .await;
}
