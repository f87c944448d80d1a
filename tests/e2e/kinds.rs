//! Harbor from its tile: recognised by what it answers, listed with what its tags are, corrected by hand and back.

use crate::desk::{Setup, ready, walk};
use anyhow::{Result, ensure};
use testkit::standins::harbor::{Harbor, SECRET, USER};
use testkit::steps::{choose_for_registry, id, repository, tag, with};
use testkit::webdriver::Window;

const REPOSITORY: &str = "lab/tool";

#[tokio::test(flavor = "multi_thread")]
async fn harbor_is_added_from_its_tile_recognised_and_corrected_by_hand() {
    if !ready(&[]) {
        return;
    }
    let harbor = Harbor::start().await.unwrap();
    for name in ["v1", "v2"] {
        harbor.registry.push_image(REPOSITORY, name, name);
    }
    harbor.describe(REPOSITORY, "Counts cells.");
    let host = harbor.host();
    walk("kinds", Setup::default(), async |desk| {
        let window = desk.window()?;
        window
            .click(&with("known-registry", "known", "harbor"))
            .await?;
        window.find_with(&id("known-help"), "robot$").await?;
        window.fill(&id("address"), &host).await?;
        window.find(&with("diagnosis", "kind", "answers")).await?;
        window.fill(&id("user"), USER).await?;
        window.fill(&id("secret"), SECRET).await?;
        window.click_ready(&id("sign-in")).await?;
        window.gone(&id("registry-sheet")).await?;

        // Its catalog is its administrator's alone: what is listed came by its own interface.
        choose_for_registry(window, &host, "menu-show-all").await?;
        let line = with("repository-line", "repository", REPOSITORY);
        window.find_with(&line, "Counts cells.").await?;
        window.click(&repository(REPOSITORY)).await?;
        for name in ["v1", "v2"] {
            for fact in ["tag-digest", "tag-time", "tag-size"] {
                let cell = format!("{} {}", tag(name), id(fact));
                window.find(&format!("{cell}:not(:empty)")).await?;
            }
        }
        let pages = harbor.registry.count("GET", "/api/v2.0/projects/lab/");
        ensure!(pages > 0, "its own interface was not asked for the tags");

        choose_for_registry(window, &host, "menu-kind").await?;
        is(window, "harbor", "Harbor, by what it answers").await?;
        window.find(&works("tagFacts", "native")).await?;
        window.find(&works("history", "native")).await?;

        // Another place's interface isn't believed here, and says why.
        window.click(&id("kind-change")).await?;
        let why = format!("{} {}", id("kind-hub"), id("menu-why"));
        window.find_with(&why, "one address of its own").await?;
        window.click(&id("kind-plain")).await?;
        is(window, "plain", "OCI registry, chosen by hand").await?;
        window.find_with(&id("kind-answers"), "Harbor").await?;
        window.find(&works("tagFacts", "byProtocol")).await?;

        window.click(&id("kind-change")).await?;
        window.click(&id("kind-again")).await?;
        is(window, "harbor", "Harbor, by what it answers").await?;
        window.find(&works("tagFacts", "native")).await?;
        window.click(&id("kind-done")).await?;
        window.gone(&id("kind-sheet")).await?;
        ensure!(harbor.violations().is_empty(), "{:?}", harbor.violations());
        Ok(())
    })
    .await;
}

async fn is(window: &Window, vendor: &str, said: &str) -> Result<()> {
    window
        .find_with(&with("kind-is", "vendor", vendor), said)
        .await
}

fn works(part: &str, means: &str) -> String {
    format!(
        "{}[data-means=\"{means}\"]",
        with("kind-part", "part", part)
    )
}
