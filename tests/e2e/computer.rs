//! This computer: a public image is found and opened; a folder that is dropped from the desktop is built and pushed; an
//! archive that is dropped is loaded, and saved again.

use crate::desk::{Desk, Setup, middle, ready, walk};
use crate::house;
use anyhow::{Result, ensure};
use std::path::Path;
use testkit::images::ImageSpec;
use testkit::parts::Part;
use testkit::scripted::Scripted;
use testkit::standins::hub::search::{Public, answers};
use testkit::steps::{id, image, open_images, open_transfers, repository, tag, with};
use testkit::webdriver::key;

const REPOSITORY: &str = "genomics/aligner";

#[tokio::test(flavor = "multi_thread")]
async fn a_public_image_is_found_and_its_tags_are_opened() {
    if !ready(&[]) {
        return;
    }
    let hub = Scripted::start().await.unwrap();
    for (seed, version) in [(1, "v1"), (2, "v2")] {
        let built = ImageSpec::of_sizes(seed, &[1000]).build().unwrap();
        for (_, blob) in &built.blobs {
            hub.put_blob("biocontainers/samtools", blob);
        }
        let kind = "application/vnd.oci.image.manifest.v1+json";
        hub.put_manifest(
            "biocontainers/samtools",
            Some(version),
            kind,
            &built.manifest,
        );
    }
    let mut samtools = Public::new("biocontainers/samtools", "Reads and writes SAM files.", 61);
    samtools.official = true;
    let others = (0..30).map(|n| Public::new(&format!("lab/samtools-{n}"), "A step.", n));
    hub.script(answers(std::iter::once(samtools).chain(others).collect()));
    let setup = Setup {
        hub: Some(format!("http://{}", hub.host())),
        ..Setup::default()
    };
    walk("search", setup, async |desk| {
        let window = desk.window()?;
        window.click(&id("nav-search")).await?;
        window.find(&id("search-start")).await?;
        window.fill(&id("search-field"), "samtools").await?;
        ensure!(hub.requests().is_empty(), "nothing is asked before Enter");
        window.press(&[key::ENTER]).await?;
        let row = with(
            "search-row",
            "name",
            &format!("{}/biocontainers/samtools", hub.host()),
        );
        window
            .find_with(&row, "Reads and writes SAM files.")
            .await?;
        window.find_with(&row, "official").await?;
        window
            .find_with(&id("search-says"), "From Docker Hub")
            .await?;
        window.click(&id("search-more")).await?;
        window.gone(&id("search-more")).await?;

        // Its registry is not there yet: it is added first, and what was wanted follows.
        window
            .click(&format!("{row} {}", id("search-open")))
            .await?;
        window.find(&id("registry-sheet")).await?;
        window.click_ready(&id("sign-in")).await?;
        window
            .find(&with(
                "repository-page",
                "repository",
                "biocontainers/samtools",
            ))
            .await?;
        window.find(&tag("v1")).await?;
        window.find(&tag("v2")).await?;

        // Back at what was found, as it was; the second time it opens at once.
        window.press(&[key::ALT, key::LEFT]).await?;
        window.find(&row).await?;
        ensure!(
            window.value(&id("search-field")).await? == "samtools",
            "what was typed is gone"
        );
        window.focus(&row).await?;
        window.press(&[key::ENTER]).await?;
        window.find(&tag("v2")).await?;
        let searches = hub.count("GET", "/v2/search/repositories/");
        ensure!(searches == 2, "{searches} searches for two pages");
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_folder_is_built_and_pushed() {
    let base = ImageSpec::of_sizes(1, &[1000]);
    if !ready(&[Part::Registry, Part::Dockerd, Part::DropSource]) {
        return;
    }
    let Some((registry, engine)) = house::sparse("small:one", &base).await else {
        return;
    };
    testkit::images::push(&registry, REPOSITORY, "base", &base)
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    // A space in its name, as folders of people have.
    let aligner = folder.path().join("my aligner");
    std::fs::create_dir(&aligner).unwrap();
    std::fs::write(aligner.join("Dockerfile"), "FROM scratch\nCOPY a.txt /\n").unwrap();
    std::fs::write(aligner.join("a.txt"), "one").unwrap();
    let notes = folder.path().join("notes.txt");
    std::fs::write(&notes, "hello").unwrap();
    walk("drop-folder", Setup::beside(&engine), async |desk| {
        desk.add(&registry).await?;
        let window = desk.window()?;
        window.find(&repository(REPOSITORY)).await?;

        // What is neither a folder nor an archive gets a sentence.
        drop_on(desk, &notes, &repository(REPOSITORY)).await?;
        window
            .find_with(&id("drop-said"), "notes.txt is neither")
            .await?;

        let at = middle(window, &repository(REPOSITORY)).await?;
        let held = desk.hold_files(&[&aligner], at).await?;
        window
            .find_with(
                &id("drag-ghost"),
                &format!("Build and push to {REPOSITORY}"),
            )
            .await?;
        held.release().await?;
        window.find(&id("build-sheet")).await?;
        let typed = window.value(&id("build-folder")).await?;
        ensure!(Path::new(&typed) == aligner, "{typed}");
        window.fill(&id("build-tag"), "v1").await?;
        window.click_ready(&id("build-go")).await?;
        let row = format!("{}[data-state=\"done\"]", with("task-row", "tag", "v1"));
        window.gone(&id("build-sheet")).await?;
        window.press(&[key::ESCAPE]).await?;
        open_transfers(window).await?;
        window.find_with(&row, "Pushed as").await?;
        let pushed = registry.manifest(REPOSITORY, "v1").await?;
        ensure!(pushed.is_some(), "the registry has no v1");
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_archive_is_loaded_and_an_image_is_saved() {
    let base = ImageSpec::of_sizes(1, &[1000]);
    if !ready(&[Part::Dockerd, Part::DropSource]) {
        return;
    }
    let Some((_registry, engine)) = house::sparse("small:one", &base).await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("tool.tar");
    let tool = ImageSpec::of_sizes(2, &[40_000]);
    std::fs::write(&archive, tool.save(&["team/tool:v1"]).unwrap()).unwrap();
    walk("drop-archive", Setup::beside(&engine), async |desk| {
        let window = desk.window()?;
        open_images(window).await?;
        window.find(&image("small:one")).await?;
        drop_on(desk, &archive, &id("images-page")).await?;
        window.find_with(&id("load-plan"), "team/tool:v1").await?;
        window.click_ready(&id("load-go")).await?;
        window.gone(&id("load-sheet")).await?;
        window.find(&image("team/tool:v1")).await?;
        ensure!(
            engine.has_image("team/tool:v1").await?,
            "it is not in the engine"
        );

        window.focus(&image("team/tool:v1")).await?;
        window.press(&["s"]).await?;
        // The system's own window for choosing: whoever leaves it has chosen nothing.
        window.click(&id("save-choose")).await?;
        desk.sees_window("Select Folder", true).await?;
        desk.press("Escape")?;
        desk.sees_window("Select Folder", false).await?;
        ensure!(
            window.value(&id("save-folder")).await?.is_empty(),
            "something was chosen"
        );
        window
            .fill(&id("save-folder"), &folder.path().display().to_string())
            .await?;
        window.click_ready(&id("save-go")).await?;
        window.gone(&id("save-sheet")).await?;
        open_transfers(window).await?;
        let row = format!("{}[data-state=\"done\"]", with("task-row", "kind", "save"));
        let saved = folder.path().join("tool-v1.tar");
        window
            .find_with(&row, &format!("Saved to {}", saved.display()))
            .await?;
        ensure!(saved.is_file(), "there is no file");
        Ok(())
    })
    .await;
}

async fn drop_on(desk: &Desk, file: &Path, css: &str) -> Result<()> {
    let at = middle(desk.window()?, css).await?;
    desk.hold_files(&[file], at).await?.release().await
}
