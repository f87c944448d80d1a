//! Polly from its tile: signed in by its command's line, listed and told of by its command, pulled from and pushed to; and without
//! the command, by its table, pasted.

use crate::desk::{Desk, Setup, ready, until, walk};
use crate::house::{docker_push_to, forget};
use crate::push::ended;
use anyhow::{Context, Result, ensure};
use std::time::{Duration, Instant};
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, Part};
use testkit::standins::polly::{ORGANISATION, Polly, USER};
use testkit::steps::{
    choose_for_registry, id, image, open_images, open_repository, repository, with,
};
use testkit::webdriver::{Window, key};

const PLACE: &str = "lab/tool";
/// The images that others push, oldest first, and the one that is pushed here.
const IMAGES: [&str; 4] = ["tool:one", "tool:two", "tool:three", "tool:four"];
/// Who pushes the first three.
const PEOPLE: [&str; 3] = ["ben@lab.example", "cyd@lab.example", "dan@lab.example"];

#[tokio::test(flavor = "multi_thread")]
async fn polly_is_signed_in_to_and_told_of_by_its_command() {
    if !ready(&[Part::Dockerd]) {
        return;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let polly = Polly::start().await.unwrap();
    let mut images = Vec::new();
    for (seed, name) in (80..).zip(IMAGES) {
        let spec = ImageSpec::of_sizes(seed, &[300_000, 60_000]);
        engine.load_tar(spec.save(&[name]).unwrap()).await.unwrap();
        images.push(spec.id().unwrap());
    }
    let commits = pushed_by_others(&engine, &polly, &images).await.unwrap();
    walk("polly", Setup::beside(&engine), async |desk| {
        polly.install(&desk.programs())?;
        let window = desk.window()?;
        sign_in_by_command(window, &polly).await?;
        // Nothing but the person’s own press has run it so far.
        window.find(&repository(PLACE)).await?;
        ensure!(polly.runs() == ["dockers login"], "{:?}", polly.runs());
        let_run(window, &polly).await?;

        open_repository(window, PLACE).await?;
        tells(window, &polly, &commits).await?;
        ran(&polly, "dockers commit-list --name tool --all").await?;
        pull_oldest(window, &engine, &polly, &commits[0], &images[0]).await?;

        push_by_drag(window, &polly, &commits[0]).await?;
        let newest = polly.registry.tagged(PLACE, "v1").context("v1 is gone")?;
        let manifest = polly.registry.manifest(PLACE, &newest);
        let manifest = String::from_utf8(manifest.context("no manifest arrived")?)?;
        ensure!(manifest.contains(&images[3]), "another image: {manifest}");
        open_repository(window, PLACE).await?;
        window.press(&[key::F5]).await?;
        let commits: Vec<String> = commits.iter().cloned().chain([newest]).collect();
        tells(window, &polly, &commits).await?;
        let own = told(window, &commits[3]).await?;
        ensure!(own.contains(USER), "{own}");
        ensure!(polly.commit_list("tool").contains(&commits[3]), "another");
        says_nothing_secret(desk, &polly).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_command_pollys_table_is_pasted() {
    if !ready(&[]) {
        return;
    }
    let polly = Polly::start().await.unwrap();
    let mut commits = Vec::new();
    for (text, by) in ["one", "two", "three"].into_iter().zip(PEOPLE) {
        commits.push(polly.push(PLACE, "v1", text, by));
        // Its table tells whole seconds.
        tokio::time::sleep(Duration::from_millis(1100)).await;
    }
    walk("polly-pasted", Setup::default(), async |desk| {
        let window = desk.window()?;
        sign_in_by_line(window, &polly).await?;
        choose_for_registry(window, &polly.host(), "menu-kind").await?;
        window.find(&with("kind-is", "vendor", "polly")).await?;
        window
            .find_with(&id("kind-command"), "polly isn’t on this computer")
            .await?;
        window.find(&works("history", "byCommitTags")).await?;
        window.click(&id("kind-done")).await?;
        window.gone(&id("kind-sheet")).await?;

        open_repository(window, PLACE).await?;
        window.click(&id("tab-about")).await?;
        window.click_ready(&id("paste-listing")).await?;
        // A line’s end is a key to the driver.
        let typed = polly.commit_list("tool").replace('\n', key::ENTER);
        window.fill(&id("listing-text"), &typed).await?;
        window.find_with(&id("listing-view"), "3").await?;
        window.find_with(&id("listing-view"), PLACE).await?;
        window.click_ready(&id("listing-import")).await?;
        window.find(&id("imported")).await?;
        window.click_ready(&id("listing-done")).await?;
        window.gone(&id("listing-sheet")).await?;

        tells(window, &polly, &commits).await?;
        for commit in &commits[..2] {
            let told = told(window, commit).await?;
            ensure!(told.contains("only an import says so"), "{told}");
        }
        ensure!(polly.runs().is_empty(), "{:?}", polly.runs());
        says_nothing_secret(desk, &polly).await
    })
    .await;
}

/// Pushes three times over by plain `docker push`, each as another person, and has the engine forget it all.
async fn pushed_by_others(
    engine: &Dockerd,
    polly: &Polly,
    images: &[String],
) -> Result<Vec<String>> {
    let to = format!("{}/{PLACE}", polly.host());
    let mut commits = Vec::new();
    for ((name, image), by) in IMAGES.into_iter().zip(images).zip(PEOPLE) {
        docker_push_to(engine, name, &to, "v1", (USER, polly.secret())).await?;
        polly.notice(by);
        let pushed = polly.registry.tagged(PLACE, "v1");
        commits.push(pushed.context("the push did not arrive")?);
        for held in [format!("{to}:v1").as_str(), name, image] {
            forget(engine, held).await?;
        }
    }
    Ok(commits)
}

/// Opens the sheet of its tile.
async fn open_tile(window: &Window) -> Result<()> {
    window
        .click(&with("known-registry", "known", "polly"))
        .await?;
    window
        .find_with(&id("known-help"), "polly dockers login")
        .await
}

/// Signs in by the line that the command prints.
async fn sign_in_by_command(window: &Window, polly: &Polly) -> Result<()> {
    open_tile(window).await?;
    window.click_ready(&id("by-command")).await?;
    sign_in(window, polly).await
}

/// Signs in by the same line, pasted: cut out of another field.
async fn sign_in_by_line(window: &Window, polly: &Polly) -> Result<()> {
    open_tile(window).await?;
    let line = format!(
        "docker login -u {USER} -p {} {}",
        polly.secret(),
        polly.host()
    );
    window.fill(&id("user"), &line).await?;
    window.press(&[key::CONTROL, "a"]).await?;
    window.press(&[key::CONTROL, "x"]).await?;
    window.focus(&id("address")).await?;
    window.press(&[key::CONTROL, "v"]).await?;
    sign_in(window, polly).await
}

/// Sends what the line has filled in.
async fn sign_in(window: &Window, polly: &Polly) -> Result<()> {
    window.find(&with("diagnosis", "kind", "answers")).await?;
    let [address, user, secret] = [
        window.value(&id("address")).await?,
        window.value(&id("user")).await?,
        window.value(&id("secret")).await?,
    ];
    ensure!(
        (address.as_str(), user.as_str()) == (polly.host().as_str(), USER),
        "{user} at {address}"
    );
    ensure!(secret == polly.secret(), "another secret");
    window.click_ready(&id("sign-in")).await?;
    window.gone(&id("registry-sheet")).await
}

/// Lets the command run, and waits until the list has come by it.
async fn let_run(window: &Window, polly: &Polly) -> Result<()> {
    choose_for_registry(window, &polly.host(), "menu-kind").await?;
    window
        .find_with(&with("kind-is", "vendor", "polly"), "Polly, chosen by hand")
        .await?;
    window.find(&works("list", "byProtocol")).await?;
    window
        .fill(&id("command-organisation"), ORGANISATION)
        .await?;
    window
        .find_with(&id("command-run"), "Let Longshore run polly")
        .await?;
    window.click_ready(&id("command-run")).await?;
    window.find(&with("kind-command", "runs", "true")).await?;
    for part in ["list", "create", "history"] {
        window.find(&works(part, "native")).await?;
    }
    window.click(&id("kind-done")).await?;
    window.gone(&id("kind-sheet")).await?;
    ran(polly, "dockers list --all").await?;
    window.find(&repository(PLACE)).await
}

/// Checks that the timeline tells of these commits of `v1`, oldest first, the last of which is active; and of
/// those of others by whom and when, as Polly's own table does.
async fn tells(window: &Window, polly: &Polly, commits: &[String]) -> Result<()> {
    window.click(&id("tab-timeline")).await?;
    let rows = format!("{}[data-tags~=\"v1\"]", id("timeline-row"));
    until(window, &rows, commits.len()).await?;
    let script = "return [...document.querySelectorAll(arguments[0])] \
        .map((row) => [row.dataset.digest, row.dataset.active])";
    let shown = window.run(script, serde_json::json!([rows])).await?;
    let newest = commits.len() - 1;
    let wanted: Vec<[&str; 2]> = (0..commits.len())
        .rev()
        .map(|at| {
            [
                commits[at].as_str(),
                if at == newest { "true" } else { "false" },
            ]
        })
        .collect();
    ensure!(shown == serde_json::json!(wanted), "{shown}");
    let table = polly.commit_list("tool");
    for (commit, who) in commits.iter().zip(PEOPLE) {
        let of_it = |line: &&str| line.contains("│ v1 ") && line.contains(commit);
        let row = table.lines().find(of_it);
        let row = row.with_context(|| format!("{commit} is not in\n{table}"))?;
        ensure!(row.contains(who), "{row}");
        let (_, clock) = row.split_once('T').context("no time")?;
        let told = told(window, commit).await?;
        ensure!(told.contains(&clock[..5]), "{told}, not {row}");
        ensure!(told.contains(who), "{told}, not {row}");
    }
    Ok(())
}

/// Returns the second line of a commit's row.
async fn told(window: &Window, commit: &str) -> Result<String> {
    let row = with("timeline-row", "digest", commit);
    window.text(&format!("{row} {}", id("timeline-told"))).await
}

async fn pull_oldest(
    window: &Window,
    engine: &Dockerd,
    polly: &Polly,
    commit: &str,
    image: &str,
) -> Result<()> {
    ensure!(
        !engine.has_image(image).await?,
        "the engine holds it already"
    );
    let row = with("timeline-row", "digest", commit);
    window.hover(&row).await?;
    window
        .click(&format!("{row} {}", id("pull-commit")))
        .await?;
    let said = ended(window, "pull", PLACE, "v1").await?;
    let name = format!("{}/{PLACE}:v1-{}", polly.host(), &commit[7..19]);
    ensure!(said.contains(&name), "{said}");
    let held = engine.image(&name).await?;
    let held = held.with_context(|| format!("the engine holds no {name}"))?;
    ensure!(held["Id"] == image, "{name} is another image: {held}");
    Ok(())
}

/// Drags the last image onto the repository, and pushes it over the tag; once the list has the one that was pulled.
async fn push_by_drag(window: &Window, polly: &Polly, pulled: &str) -> Result<()> {
    open_images(window).await?;
    let pulled = format!("{}/{PLACE}:v1-{}", polly.host(), &pulled[7..19]);
    window.find(&image(&pulled)).await?;
    let drag = window.grab(&image(IMAGES[3])).await?;
    let drag = drag.over(&repository(PLACE)).await?;
    drag.release().await?;
    window.find(&id("push-sheet")).await?;
    window.fill(&id("push-tag"), "v1").await?;
    window
        .find(&format!("{}:not(.soft)", id("push-amount")))
        .await?;
    window.click_ready(&id("push-go")).await?;
    window.gone(&id("push-sheet")).await?;
    ended(window, "push", PLACE, "v1").await.map(drop)
}

/// Checks that the token stands neither in the window nor in what the app printed, and that Polly refused nothing.
async fn says_nothing_secret(desk: &Desk, polly: &Polly) -> Result<()> {
    let words = desk.window()?.words().await?;
    for said in [words, desk.log()] {
        ensure!(!said.contains(polly.secret()), "the token is told");
    }
    ensure!(polly.violations().is_empty(), "{:?}", polly.violations());
    Ok(())
}

/// Waits until the command was run so.
async fn ran(polly: &Polly, words: &str) -> Result<()> {
    let start = Instant::now();
    while !polly.runs().iter().any(|run| run == words) {
        ensure!(
            start.elapsed() < Duration::from_secs(30),
            "{words} was not run: {:?}",
            polly.runs()
        );
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    Ok(())
}

fn works(part: &str, means: &str) -> String {
    format!(
        "{}[data-means=\"{means}\"]",
        with("kind-part", "part", part)
    )
}
