//! What is on this computer: its engines, images and containers, what is removed from it, and what is built here.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::steps::{id, image, open_images, with};
use testkit::webdriver::key;

use crate::visit::Visit;

const IMAGE: &str = "aligner:dev";
const PLACE: &str = "genomics/aligner";
const CONTAINERS: [&str; 3] = [
    "aligner-of-the-night",
    "notebook",
    "a-container-whose-name-is-as-long-as-compose-makes-them-project-service-replica-number-1",
];
const GOOD: &str = "FROM aligner:dev AS base\nARG RELEASE=2026.11\nLABEL release=$RELEASE\nFROM base\nCOPY reads.txt /data/\n";
const BAD: &str = "FROM aligner:dev\nLABEL stage=qc\nCOPY missing.txt /data/\n";

impl Visit<'_> {
    pub async fn computer(&self) -> Result<()> {
        let window = &self.window;
        self.enter().await?;
        self.make_containers().await?;
        open_images(window).await?;
        window.find(&image(IMAGE)).await?;
        self.picture_each("engines", async || {
            window.click(&id("engine-menu")).await?;
            window.find(&id("engine-choice")).await?;
            Ok(())
        })
        .await?;
        self.leave("engine-list").await?;
        window.find(&image(IMAGE)).await?;
        self.picture("images").await?;
        window.focus(&image(IMAGE)).await?;
        window.press(&[key::CONTROL, "a"]).await?;
        window.find(&id("images-selected")).await?;
        self.picture("images-selected").await?;
        window.press(&[key::ESCAPE]).await?;
        self.on_row(&image(IMAGE), "image-menu").await?;
        self.picture_now("image-menu").await?;
        window.click(&id("menu-remove-image")).await?;
        window.find(&id("remove-item")).await?;
        self.picture("remove-image").await?;
        self.leave("remove-sheet").await?;
        window.click(&id("nav-containers")).await?;
        window.click(&id("tab-all")).await?;
        window.find(&id("container-row")).await?;
        self.picture("containers").await?;
        let row = with("container-row", "name", CONTAINERS[0]);
        self.on_row(&row, "container-menu").await?;
        self.picture_now("container-menu").await?;
        window.press(&[key::ESCAPE]).await?;
        self.built().await
    }

    /// Opens the menu of a row.
    async fn on_row(&self, row: &str, menu: &str) -> Result<()> {
        self.window.hover(row).await?;
        self.window.click(&format!("{row} {}", id(menu))).await
    }

    async fn built(&self) -> Result<()> {
        let window = &self.window;
        let folder = self.folder("qc")?;
        fs::write(folder.join("reads.txt"), vec![b'g'; 300_000])?;
        fs::write(folder.join("Dockerfile"), GOOD)?;
        window.press(&[key::CONTROL, "k"]).await?;
        window.fill(&id("palette-field"), "Build from").await?;
        window.press(&[key::ENTER]).await?;
        window.find(&id("build-sheet")).await?;
        self.picture("build-empty").await?;
        self.fill_build(&folder).await?;
        self.picture("build").await?;
        window.click(&id("build-options")).await?;
        window.find(&id("build-target")).await?;
        self.picture("build-options").await?;
        window.click_ready(&id("build-go")).await?;
        window.find(&id("build-close")).await?;
        self.picture("build-steps").await?;
        window.click(&id("build-close")).await?;
        fs::write(folder.join("Dockerfile"), BAD)?;
        self.open_for_repository().await?;
        self.fill_build(&folder).await?;
        window.find_with(&id("push-target"), "is new").await?;
        self.picture("build-and-push").await?;
        window.click_ready(&id("build-go")).await?;
        window.find(&id("build-failed")).await?;
        self.picture("build-failed").await?;
        window.press(&[key::ESCAPE]).await?;
        window.gone(&id("steps-sheet")).await?;
        // What the first build made stands there with its name.
        open_images(window).await?;
        self.picture("images-after-build").await
    }

    async fn open_for_repository(&self) -> Result<()> {
        testkit::steps::open_repository(&self.window, PLACE).await?;
        self.window.press(&[key::CONTROL, "k"]).await?;
        self.window
            .fill(&id("palette-field"), "Build and push")
            .await?;
        self.window.press(&[key::ENTER]).await?;
        self.window.find(&id("build-sheet")).await
    }

    async fn fill_build(&self, folder: &Path) -> Result<()> {
        let path = folder.to_string_lossy();
        self.window.fill(&id("build-folder"), &path).await?;
        self.window
            .find(&format!("{}:not(.soft):not(:empty)", id("build-goes")))
            .await
    }

    /// Gives the engine some containers; none runs, as the engine of a sandbox has no network to give.
    async fn make_containers(&self) -> Result<()> {
        let engine = self.tour.house.engine()?;
        for name in CONTAINERS {
            let wanted = json!({"Image": IMAGE, "Cmd": ["/aligner"], "NetworkDisabled": true});
            let path = format!("/containers/create?name={name}");
            let headers = [("content-type", "application/json")];
            let (status, _, answer) = engine
                .send(http::Method::POST, &path, &headers, wanted.to_string())
                .await?;
            let told = String::from_utf8_lossy(&answer);
            ensure!(status == 201, "{name} is not made: {status} {told}");
        }
        Ok(())
    }
}
