//! One round through the window: what is set up for it, and how a picture is taken.

use std::fs;
use std::path::Path;

use anyhow::Result;
use tempfile::TempDir;
use testkit::parts::{Display, SecretService, State};
use testkit::sandbox::Facts;
use testkit::webdriver::Window;

use crate::house::House;

/// One round through the window. The two rounds move different images, so that each has something to move.
pub struct Look {
    pub name: &'static str,
    /// What the system's theme is set to.
    theme: &'static str,
    /// The image that is pushed, where to, and under which tag.
    pub push: (&'static str, &'static str, &'static str),
    /// The tag that is pulled, and its repository.
    pub pull: (&'static str, &'static str),
    /// Where the images begin that somebody else pushes meanwhile.
    pub seed: u64,
}

pub const LIGHT: Look = Look {
    name: "light",
    theme: "Adwaita",
    push: ("aligner:dev", "genomics/aligner", "v1"),
    pull: ("imaging/segmenter", "cuda"),
    seed: 500,
};

pub const DARK: Look = Look {
    name: "dark",
    theme: "Adwaita:dark",
    push: ("qc-report:dev", "genomics/qc-report", "nightly"),
    pull: ("imaging/segmenter", "v1"),
    seed: 600,
};

pub struct Visit<'a> {
    pub window: Window,
    pub look: &'a Look,
    pub facts: &'a Facts,
    pictures: &'a Path,
    _keys: SecretService,
    _home: TempDir,
}

impl<'a> Visit<'a> {
    pub async fn start(
        app: &Path,
        house: &'a House,
        display: &Display,
        look: &'a Look,
        pictures: &'a Path,
    ) -> Result<Self> {
        let home = tempfile::Builder::new()
            .prefix("longshore-tour-home-")
            .tempdir()?;
        for folder in ["run", "docker"] {
            fs::create_dir(home.path().join(folder))?;
        }
        let keys = SecretService::start(State::Unlocked).await?;
        let inside = |name: &str| home.path().join(name).to_string_lossy().into_owned();
        let nowhere = format!("unix://{}", inside("no-engine.sock"));
        let variables = [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", inside("")),
            // Mesa asks the user database for the home folder, not `HOME`, unless this is set.
            ("XDG_CACHE_HOME", inside(".cache")),
            ("XDG_RUNTIME_DIR", inside("run")),
            ("LONGSHORE_DATA_DIR", inside("data")),
            (
                "LONGSHORE_SANDBOX",
                house.path.to_string_lossy().into_owned(),
            ),
            ("DOCKER_CONFIG", inside("docker")),
            (
                "DOCKER_HOST",
                house.facts.docker_host.clone().unwrap_or(nowhere),
            ),
            ("DISPLAY", display.name().to_owned()),
            ("DBUS_SESSION_BUS_ADDRESS", keys.address().to_owned()),
            ("GTK_THEME", look.theme.to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
        ];
        let environment = variables.map(|(name, value)| (name.to_owned(), value));
        let window = Window::open(app, &environment, &home.path().join("app.log")).await?;
        window.resize(1280, 800).await?;
        Ok(Self {
            window,
            look,
            facts: &house.facts,
            pictures,
            _keys: keys,
            _home: home,
        })
    }

    pub fn told(&self) -> String {
        format!(
            "in {}, the app said:\n{}",
            self.look.name,
            self.window.log()
        )
    }

    /// Takes a picture once nothing moves any more.
    pub async fn picture(&self, name: &str) -> Result<()> {
        // Cells fade in for a moment after their facts are there.
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        self.picture_now(name).await
    }

    pub async fn picture_now(&self, name: &str) -> Result<()> {
        let file = self.pictures.join(format!("{name}-{}.png", self.look.name));
        Ok(fs::write(file, self.window.picture().await?)?)
    }
}
