//! A repository made and described by one person is found, with its words, by another one at another computer.

use crate::desk::{Setup, walk};
use crate::house;
use anyhow::ensure;
use testkit::steps::{choose_for_registry, id, with};
use testkit::webdriver::key;

const REPOSITORY: &str = "genomics/new-aligner";
const WORDS: &str = "Short-read aligner with the lab’s reference bundle.";

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_made_here_is_described_there() {
    let Some(registry) = house::alone().await else {
        return;
    };
    let host = registry.host();
    walk("create", Setup::default(), async |desk| {
        let window = desk.add(&registry).await?;
        choose_for_registry(window, &host, "menu-new-repository").await?;
        window.fill(&id("create-name"), REPOSITORY).await?;
        window.fill(&id("create-title"), "Aligner").await?;
        window.fill(&id("create-text"), WORDS).await?;
        window.find_with(&id("create-writes"), "_about").await?;
        window.click_ready(&id("create-go")).await?;
        window.gone(&id("create-sheet")).await?;
        window
            .find(&with("repository-page", "repository", REPOSITORY))
            .await?;
        window
            .find_with(&id("repository-description"), WORDS)
            .await?;
        // The new page has the focus, and Tab leads to its first control.
        window.find("main:focus").await?;
        window.press(&[key::TAB]).await?;
        window.find("main :focus").await?;
        let tags = registry.tags(REPOSITORY).await?;
        ensure!(tags == ["_about"], "{tags:?}");
        Ok(())
    })
    .await;
    // Another person: another data folder, another keychain.
    walk("described", Setup::default(), async |desk| {
        let window = desk.add(&registry).await?;
        choose_for_registry(window, &host, "menu-show-all").await?;
        let line = with("repository-line", "repository", REPOSITORY);
        for words in ["Aligner", WORDS, "demo"] {
            window.find_with(&line, words).await?;
        }
        Ok(())
    })
    .await;
}
