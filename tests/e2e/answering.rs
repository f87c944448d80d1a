//! A registry that hangs, and one that is gone: the window says who does not answer, lets go of it, says of when what it shows
//! is, and reads again what is in sight once anything is answered.

use crate::desk::{Setup, walk};
use crate::house::{self, KEPT};
use anyhow::{Result, ensure};
use testkit::images::{ImageSpec, push};
use testkit::parts::Registry;
use testkit::steps::{expand, id, open_repository, tag, with};
use testkit::webdriver::{Window, key};

/// The line above the list, while it says this.
fn line(kind: &str) -> String {
    with("answering", "kind", kind)
}

/// The line above the list where it tells a problem.
fn problem() -> String {
    with("problem", "kind", "trouble")
}

/// The account's dot in the sidebar, as it stands for a silence.
fn dot(silence: &str) -> String {
    with("account-state", "silence", silence)
}

/// Opens a repository of two tags, with all its facts.
async fn look_at(window: &Window, registry: &Registry) -> Result<()> {
    for (seed, name) in [(1, "v1"), (2, "v2")] {
        push(registry, KEPT, name, &ImageSpec::of_sizes(seed, &[1000])).await?;
    }
    window.press(&[key::F5]).await?;
    open_repository(window, KEPT).await?;
    for name in ["v1", "v2"] {
        window
            .find(&format!("{}[data-resolved=\"true\"]", tag(name)))
            .await?;
    }
    Ok(())
}

/// Checks that all who speak of the registry say that it answers.
async fn all_is_well(window: &Window) -> Result<()> {
    window.gone(&problem()).await?;
    window.gone(&id("answering")).await?;
    window.gone(&id("account-silence")).await?;
    for silence in ["waiting", "trouble", "ended"] {
        ensure!(!window.shows(&dot(silence), "").await?, "{silence}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_hangs_is_named_let_go_of_and_read_again() {
    let Some(registry) = house::alone().await else {
        return;
    };
    let host = registry.host();
    walk("hanging", Setup::default(), async |desk| {
        let window = desk.add(&registry).await?;
        look_at(window, &registry).await?;

        registry.pause();
        window.press(&[key::F5]).await?;
        window.find_with(&line("waiting"), &host).await?;
        window.find(&dot("waiting")).await?;
        window
            .find(&with("account-silence", "kind", "waiting"))
            .await?;
        ensure!(!window.shows(&problem(), "").await?, "it may come yet");
        window.find(&tag("v2")).await?;

        // Nobody waits any more: what was asked has ended in the app, too.
        window.click(&id("stop-asking")).await?;
        window.find(&line("ended")).await?;
        window.find(&dot("ended")).await?;
        window.find(&id("as-of")).await?;
        ensure!(
            window.count(&id("problem")).await? == 0,
            "what one stopped oneself is no problem"
        );
        window.find(&tag("v2")).await?;

        // Asked again, it hangs on, and that is a problem then; said once, and not in the rows.
        window.click(&id("ask-again")).await?;
        window.find(&line("waiting")).await?;
        window
            .find_with(&problem(), "didn’t answer in time")
            .await?;
        window.find(&dot("trouble")).await?;
        window.find_with(&id("as-of"), "as of").await?;
        let words = window.words().await?;
        ensure!(
            words.matches("didn’t answer in time").count() == 1,
            "said more than once:\n{words}"
        );

        // It goes on by itself once the registry does, and nobody has to press anything.
        registry.resume();
        all_is_well(window).await?;
        push(&registry, KEPT, "v3", &ImageSpec::of_sizes(3, &[1000])).await?;
        window.press(&[key::F5]).await?;
        window
            .find(&format!("{}[data-resolved=\"true\"]", tag("v3")))
            .await?;
        all_is_well(window).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_gone_is_told_once_and_read_again_when_it_is_back() {
    let Some(mut registry) = house::alone().await else {
        return;
    };
    walk("gone", Setup::default(), async |desk| {
        let window = desk.add(&registry).await?;
        look_at(window, &registry).await?;
        expand(window, "v1").await?;
        window.click(&id("commit-row")).await?;
        let reach = with("panel-reach", "doubted", "false");
        window.find_with(&reach, "yes").await?;

        registry.stop();
        window.press(&[key::F5]).await?;
        window.find_with(&problem(), "can’t be reached").await?;
        window
            .find(&format!("{}[data-code=\"noAnswer\"]", problem()))
            .await?;
        window.find_with(&id("as-of"), "as of").await?;
        // All who speak of it agree.
        window.find(&dot("trouble")).await?;
        window
            .find(&with("account-silence", "kind", "trouble"))
            .await?;
        window.find(&with("panel-reach", "doubted", "true")).await?;
        let words = window.words().await?;
        ensure!(
            words.matches("can’t be reached").count() == 1,
            "said more than once:\n{words}"
        );
        window.find(&tag("v2")).await?;
        ensure!(
            !window.shows(&id("repository-empty"), "").await?,
            "nothing is said to be empty"
        );

        // Back at the same port, with something new: nobody presses anything.
        registry.run().await?;
        push(&registry, KEPT, "v3", &ImageSpec::of_sizes(3, &[1000])).await?;
        all_is_well(window).await?;
        window
            .find(&format!("{}[data-resolved=\"true\"]", tag("v3")))
            .await?;
        window.find_with(&reach, "yes").await
    })
    .await;
}
