//! What is done with containers and images of this computer: a container that was changed goes to a registry by drag, and
//! an image gets a name. The registry and the engine are asked directly what became of it.

use crate::desk::{Setup, walk};
use crate::house;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testkit::images::{ImageSpec, push, sleeper};
use testkit::parts::{Dockerd, Registry};
use testkit::steps::{id, image, open_images, open_transfers, repository, with};
use testkit::webdriver::{Window, key};

const PLACE: &str = "genomics/notebooks";
const IMAGE: &str = "lab/notebook:mine";

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_container_is_pushed_by_drag() {
    let spec = ImageSpec::of_sizes(2, &[40_000]).layer("bin/sleeper", sleeper());
    let Some((registry, engine)) = house::sparse(IMAGE, &spec).await else {
        return;
    };
    let container = prepare(&registry, &engine).await.unwrap();
    walk("commit", Setup::beside(&engine), async |desk| {
        let window = desk.add(&registry).await?;
        window.click(&id("nav-containers")).await?;
        let row = with("container-row", "name", "notebook");
        window.find_with(&row, "changed since its image").await?;
        let drag = window.grab(&row).await?;
        let drag = drag.over(&repository(PLACE)).await?;
        window
            .find_with(&id("drag-ghost"), &format!("Commit and push to {PLACE}"))
            .await?;
        drag.release().await?;
        window.find(&id("commit-sheet")).await?;

        // The sheet says what changed and that it is paused; the tag is new.
        window.find_with(&id("commit-changed"), "1 added").await?;
        window.find(&id("commit-held")).await?;
        window.fill(&id("push-tag"), "tuesday").await?;
        window
            .fill(&id("commit-message"), "Notes of Tuesday")
            .await?;
        window.find_with(&id("push-target"), "tuesday").await?;
        window.click_ready(&id("commit-go")).await?;
        window.gone(&id("commit-sheet")).await?;

        open_transfers(window).await?;
        for kind in ["commit", "push"] {
            let done = format!(
                "{}[data-tag=\"tuesday\"][data-state=\"done\"]",
                with("task-row", "kind", kind)
            );
            window.find(&done).await?;
        }
        window
            .find_with(
                &with("task-row", "kind", "commit"),
                &format!("Commit notebook for {PLACE}:tuesday"),
            )
            .await?;
        arrived(&registry, &engine, &container).await
    })
    .await;
}

/// Makes a container that runs, and puts a file into it; the repository is there to be dropped on.
async fn prepare(registry: &Registry, engine: &Dockerd) -> Result<String> {
    push(registry, PLACE, "base", &ImageSpec::of_sizes(1, &[1000])).await?;
    let container = engine
        .create_container("notebook", IMAGE, &["/bin/sleeper"])
        .await?;
    engine.container_act(&container, "start").await?;
    engine.put_file(&container, "notes", b"of Tuesday").await?;
    Ok(container)
}

/// Checks that the registry has an image with the file in it, and that the container runs on.
async fn arrived(registry: &Registry, engine: &Dockerd, container: &str) -> Result<()> {
    let (_, manifest) = registry
        .manifest(PLACE, "tuesday")
        .await?
        .context("nothing arrived")?;
    let manifest: Value = serde_json::from_slice(&manifest)?;
    let layers = manifest["layers"].as_array().context("no layers")?;
    ensure!(layers.len() == 3, "{manifest}");
    let name = format!("{}/{PLACE}:tuesday", registry.host());
    let told = engine.image(&name).await?.context("it has no name here")?;
    ensure!(told["Comment"] == "Notes of Tuesday", "{told}");
    ensure!(manifest["config"]["digest"] == told["Id"], "{manifest}");
    let look = engine
        .create_container("look", &name, &["/bin/sleeper"])
        .await?;
    let notes = engine.file_of(&look, "/notes").await?;
    ensure!(notes.as_deref() == Some(b"of Tuesday"), "{notes:?}");
    let (_, _, body) = engine.get(&format!("/containers/{container}/json")).await?;
    let state: Value = serde_json::from_slice(&body)?;
    let state = &state["State"];
    ensure!(
        state["Running"] == json!(true) && state["Paused"] == json!(false),
        "{state}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_gets_a_name_that_another_one_bore() {
    let spec = |seed| ImageSpec::of_sizes(seed, &[1000]);
    let Some((registry, engine)) = house::sparse("aligner:one", &spec(2)).await else {
        return;
    };
    let name = format!("{}/lab/aligner:v2", registry.host());
    let other = spec(3).save(&[&name]).unwrap();
    engine.load_tar(other).await.unwrap();
    walk("naming", Setup::beside(&engine), async |desk| {
        let window = desk.add(&registry).await?;
        open_images(window).await?;
        named(window, "Lab/aligner", "v1").await?;
        window.find_with(&id("name-problem"), "lower case").await?;
        window.fill(&id("name-repository"), "lab/aligner").await?;
        let first = format!("{}/lab/aligner:v1", registry.host());
        window.find_with(&id("name-whole"), &first).await?;
        window.click_ready(&id("name-go")).await?;
        window.gone(&id("name-sheet")).await?;
        window.find(&image(&first)).await?;
        let id_of = async |name: &str| -> Result<Value> {
            let told = engine.image(name).await?;
            Ok(told.context("no image")?["Id"].clone())
        };
        ensure!(
            id_of(&first).await? == id_of("aligner:one").await?,
            "{first}"
        );

        // The name of another image moves by a button that says so.
        named(window, "lab/aligner", "v2").await?;
        window
            .find_with(&id("name-taken"), "without a name")
            .await?;
        window.find_with(&id("name-go"), "Move the name").await?;
        window.click_ready(&id("name-go")).await?;
        window.gone(&id("name-sheet")).await?;
        ensure!(id_of(&name).await? == id_of("aligner:one").await?, "{name}");
        Ok(())
    })
    .await;
}

/// Opens the sheet on the row by its key, and types a name.
async fn named(window: &Window, repository: &str, tag: &str) -> Result<()> {
    window.focus(&image("aligner:one")).await?;
    window.press(&["t"]).await?;
    window.find(&id("name-sheet")).await?;
    window.fill(&id("name-repository"), repository).await?;
    window.press(&[key::TAB]).await?;
    window.fill(&id("name-tag"), tag).await
}
