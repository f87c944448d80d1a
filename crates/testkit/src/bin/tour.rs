//! `tour FOLDER`: walks the main job through the real window, on a display of its own, and leaves pictures.
//!
//! `LONGSHORE_APP` is the app's binary. With `LONGSHORE_SANDBOX` (the path of a `sandbox.json`) it uses
//! that sandbox; else it starts one for itself. It shows, it does not test: what it claims is looked at by
//! people. It may grow by a picture whenever the window grows a screen.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;
use testkit::parts::{Display, SecretService, State};
use testkit::sandbox::{Facts, Sandbox, facts_path};
use testkit::steps::{
    at_rest, choose_for_registry, expand, id, image, open_images, open_repository, repository, tag,
    with,
};
use testkit::webdriver::Window;

#[tokio::main]
async fn main() -> Result<()> {
    let app = std::env::var_os("LONGSHORE_APP").context("LONGSHORE_APP is not set")?;
    let pictures = std::env::args_os().nth(1);
    let pictures = pictures.map_or_else(|| PathBuf::from("target/tour"), PathBuf::from);
    fs::create_dir_all(&pictures)?;
    let house = House::enter().await?;
    let display = Display::start(1600, 1000).await?;
    for look in [&LIGHT, &DARK] {
        let visit = Visit::start(Path::new(&app), &house, &display, look, &pictures).await?;
        visit.walk().await.with_context(|| visit.told())?;
    }
    Ok(())
}

/// The sandbox that is visited.
struct House {
    facts: Facts,
    path: PathBuf,
    // Our own, where none was given; it ends with us.
    _own: Option<(Sandbox, TempDir)>,
}

impl House {
    async fn enter() -> Result<Self> {
        if let Some(path) = std::env::var_os("LONGSHORE_SANDBOX") {
            let path = PathBuf::from(path);
            let facts = serde_json::from_slice(&fs::read(&path)?)?;
            return Ok(Self {
                facts,
                path,
                _own: None,
            });
        }
        let folder = tempfile::Builder::new()
            .prefix("longshore-tour-")
            .tempdir()?;
        let sandbox = Sandbox::start(folder.path()).await?;
        Ok(Self {
            facts: sandbox.facts().clone(),
            path: facts_path(folder.path()),
            _own: Some((sandbox, folder)),
        })
    }
}

/// One round through the window. The two rounds move different images, so that each has something to move.
struct Look {
    name: &'static str,
    /// What the system's theme is set to.
    theme: &'static str,
    /// The image that is pushed, where to, and under which tag.
    push: (&'static str, &'static str, &'static str),
    /// The tag that is pulled, and its repository.
    pull: (&'static str, &'static str),
}

const LIGHT: Look = Look {
    name: "light",
    theme: "Adwaita",
    push: ("aligner:dev", "genomics/aligner", "v1"),
    pull: ("imaging/segmenter", "cuda"),
};

const DARK: Look = Look {
    name: "dark",
    theme: "Adwaita:dark",
    push: ("qc-report:dev", "genomics/qc-report", "nightly"),
    pull: ("imaging/segmenter", "v1"),
};

struct Visit<'a> {
    window: Window,
    look: &'a Look,
    facts: &'a Facts,
    pictures: &'a Path,
    _keys: SecretService,
    _home: TempDir,
}

impl<'a> Visit<'a> {
    async fn start(
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

    fn told(&self) -> String {
        format!(
            "in {}, the app said:\n{}",
            self.look.name,
            self.window.log()
        )
    }

    /// Takes a picture once nothing moves any more.
    async fn picture(&self, name: &str) -> Result<()> {
        // Cells fade in for a moment after their facts are there.
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        self.picture_now(name).await
    }

    async fn picture_now(&self, name: &str) -> Result<()> {
        let file = self.pictures.join(format!("{name}-{}.png", self.look.name));
        Ok(fs::write(file, self.window.picture().await?)?)
    }

    async fn walk(&self) -> Result<()> {
        self.sign_in().await?;
        self.browse().await?;
        if self.facts.docker_host.is_some() {
            self.push().await?;
            self.pull().await?;
        }
        self.small().await
    }

    async fn sign_in(&self) -> Result<()> {
        let window = &self.window;
        window.find(&id("found-registry")).await?;
        self.picture("01-welcome").await?;
        window.click(&id("add-registry")).await?;
        window.find(&id("registry-sheet")).await?;
        self.picture("02-add-registry").await?;
        window.fill(&id("address"), &self.facts.host).await?;
        window.find(&with("diagnosis", "kind", "answers")).await?;
        window.fill(&id("user"), &self.facts.user).await?;
        window.fill(&id("secret"), "not the password").await?;
        window.click_ready(&id("sign-in")).await?;
        window.find(&id("problem")).await?;
        self.picture("03-wrong-password").await?;
        window.fill(&id("secret"), &self.facts.secret).await?;
        window.click_ready(&id("sign-in")).await?;
        window.gone(&id("registry-sheet")).await
    }

    async fn browse(&self) -> Result<()> {
        let window = &self.window;
        open_repository(window, "genomics/qc-report").await?;
        window
            .find(&format!("{}[data-resolved=\"true\"]", tag("latest")))
            .await?;
        at_rest(window, "latest").await?;
        self.picture("04-tags").await?;
        open_repository(window, "genomics/aligner").await?;
        expand(window, "v1").await?;
        window
            .find(&format!(
                "{}[data-active=\"false\"][data-reach=\"pullable\"]",
                id("commit-row")
            ))
            .await?;
        self.picture("05-commits").await?;
        window
            .click(&format!("{}[data-active=\"false\"]", id("commit-row")))
            .await?;
        window.find(&id("commit-panel")).await?;
        self.picture("06-commit").await
    }

    async fn push(&self) -> Result<()> {
        let window = &self.window;
        let (name, place, new_tag) = self.look.push;
        open_images(window).await?;
        let row = image(name);
        window.find(&row).await?;
        self.picture("07-images").await?;
        let drag = window.grab(&row).await?.over(&repository(place)).await?;
        window.find(&id("drag-ghost")).await?;
        self.picture("08-drag").await?;
        drag.release().await?;
        window.find(&id("push-sheet")).await?;
        window.fill(&id("push-tag"), new_tag).await?;
        window.find(&id("keep-eachOverwrite")).await?;
        self.picture("09-push-sheet").await?;
        if window.shows(&id("push-move-name"), "").await? {
            window.click(&id("push-move-name")).await?;
        }
        window.click_ready(&id("push-go")).await?;
        window.click(&id("activity-open")).await?;
        self.picture_now("10-pushing").await?;
        self.ended("push").await?;
        self.picture("11-pushed").await?;
        window.click(&id("activity-open")).await
    }

    async fn pull(&self) -> Result<()> {
        let window = &self.window;
        let (place, name) = self.look.pull;
        open_repository(window, place).await?;
        at_rest(window, name).await?;
        window.hover(&tag(name)).await?;
        window
            .click(&format!("{} {}", tag(name), id("pull-tag")))
            .await?;
        window.click(&id("activity-open")).await?;
        self.picture_now("12-pulling").await?;
        self.ended("pull").await?;
        self.picture("13-pulled").await?;
        window.click(&id("activity-open")).await?;
        open_repository(window, self.look.push.1).await?;
        expand(window, self.look.push.2).await?;
        self.picture("14-after-push").await
    }

    async fn ended(&self, kind: &str) -> Result<()> {
        let row = with("task-row", "kind", kind);
        let over = format!("{row}:not([data-state=\"waiting\"]):not([data-state=\"running\"])");
        self.window.find(&over).await?;
        Ok(())
    }

    /// The smallest size the window may have, and the way out.
    async fn small(&self) -> Result<()> {
        let window = &self.window;
        window.resize(900, 600).await?;
        open_repository(window, "genomics/aligner").await?;
        window.find(&tag("v1")).await?;
        self.picture("15-small").await?;
        choose_for_registry(window, &self.facts.host, "menu-remove").await?;
        window.find(&id("remove-sheet")).await?;
        self.picture("16-remove").await
    }
}
