//! One visit: what is set up for it, and how a picture is taken.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;
use tempfile::TempDir;
use testkit::parts::{Display, SecretService, State};
use testkit::steps::{add_registry, id};
use testkit::webdriver::Window;

use crate::house::House;

/// The window's title, whatever page it shows: a pattern.
const TITLE: &str = "(.* )?Longshore";
/// The sizes of a picture; the last one is what the walk goes on in.
const SIZES: [(u32, u32); 3] = [(900, 600), (1920, 1200), (1280, 800)];
const THEMES: [&str; 2] = ["light", "dark"];
/// What another tool is signed in to.
const DOCKER_CONFIG: &str = r#"{
    "auths": { "ghcr.io": { "auth": "YWRhOng=" }, "quay.io": {} },
    "credHelpers": { "europe-docker.pkg.dev": "gcloud" } }"#;
/// What Podman is signed in to there.
const PODMAN: &str = r#"{ "auths": { "registry.with-a-rather-long-name.genomics.example:5000/atlas/tissue-maps":
    { "auth": "cm9ib3Q6eA==" } } }"#;

/// What every visit shares.
pub struct Tour {
    pub app: PathBuf,
    pub pictures: PathBuf,
    pub house: House,
    pub display: Display,
}

/// What the app finds on the computer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum With {
    /// No engine, and sign-ins of another tool.
    Nothing,
    /// The sandbox, and its engine.
    Sandbox,
}

pub struct Visit<'a> {
    pub window: Window,
    pub tour: &'a Tour,
    environment: Vec<(String, String)>,
    _keys: SecretService,
    home: TempDir,
}

impl<'a> Visit<'a> {
    pub async fn start(tour: &'a Tour, with: With) -> Result<Self> {
        let home = tempfile::Builder::new()
            .prefix("longshore-tour-home-")
            .tempdir()?;
        for folder in ["run", "docker"] {
            fs::create_dir(home.path().join(folder))?;
        }
        let keys = SecretService::start(State::Unlocked).await?;
        let inside = |name: &str| home.path().join(name).to_string_lossy().into_owned();
        let nowhere = format!("unix://{}", inside("no-engine.sock"));
        let mut environment = vec![
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", inside("")),
            // Mesa asks the user database for the home folder, not `HOME`, unless this is set.
            ("XDG_CACHE_HOME", inside(".cache")),
            ("XDG_RUNTIME_DIR", inside("run")),
            ("LONGSHORE_DATA_DIR", inside("data")),
            ("DOCKER_CONFIG", inside("docker")),
            ("DISPLAY", tour.display.name().to_owned()),
            ("DBUS_SESSION_BUS_ADDRESS", keys.address().to_owned()),
            ("GTK_THEME", "Adwaita".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
            // Drawn by the processor alone, a page gives the driver no picture before it changes again.
            ("WEBKIT_DISABLE_COMPOSITING_MODE", "0".to_owned()),
        ];
        let engine = match with {
            With::Nothing => {
                fs::write(home.path().join("docker/config.json"), DOCKER_CONFIG)?;
                fs::create_dir(home.path().join("run/containers"))?;
                fs::write(home.path().join("run/containers/auth.json"), PODMAN)?;
                None
            }
            With::Sandbox => {
                let path = tour.house.path.to_string_lossy().into_owned();
                environment.push(("LONGSHORE_SANDBOX", path));
                tour.house.facts.docker_host.clone()
            }
        };
        environment.push(("DOCKER_HOST", engine.unwrap_or(nowhere)));
        let environment = environment
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<Vec<_>>();
        let window = Window::open(&tour.app, &environment, &home.path().join("app.log")).await?;
        window.resize(1280, 800).await?;
        tour.display.put_pointer_away()?;
        Ok(Self {
            window,
            tour,
            environment,
            _keys: keys,
            home,
        })
    }

    /// Makes a folder in the person's home.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.home.path().join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Asks the window to close, as a person does.
    pub fn ask_to_close(&self) -> Result<()> {
        self.tour.display.close(TITLE)
    }

    /// Opens the app again once it has ended.
    pub async fn open_again(&mut self) -> Result<()> {
        let start = Instant::now();
        while self.window.app_runs() {
            let patient = start.elapsed() < Duration::from_secs(20);
            ensure!(patient, "the app does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let log = self.home.path().join("again.log");
        self.window = Window::open(&self.tour.app, &self.environment, &log).await?;
        Ok(())
    }

    /// Signs in to the sandbox's registry.
    pub async fn enter(&self) -> Result<()> {
        let facts = &self.tour.house.facts;
        add_registry(&self.window, &facts.host, &facts.user, &facts.secret).await
    }

    /// Signs in to the registry that is the tour's own. Returns its host.
    pub async fn enter_lab(&self) -> Result<String> {
        let host = self.tour.house.lab.host();
        add_registry(&self.window, &host, "demo", "secret").await?;
        Ok(host)
    }

    /// Leaves a sheet or a menu by Escape.
    pub async fn leave(&self, what: &str) -> Result<()> {
        self.window
            .press(&[testkit::webdriver::key::ESCAPE])
            .await?;
        self.window.gone(&id(what)).await
    }

    /// Takes pictures of what shows, in both themes and at each size.
    pub async fn picture(&self, name: &str) -> Result<()> {
        for (width, height) in SIZES {
            self.resize(width, height).await?;
            self.both(name, width, 150).await?;
        }
        self.theme(None).await
    }

    /// Takes pictures of what won't show for long, or goes where the window's size changes: in both themes, as it is.
    pub async fn picture_now(&self, name: &str) -> Result<()> {
        self.both(name, 1280, 30).await?;
        self.theme(None).await
    }

    /// Takes pictures at each size of what has to be opened anew there.
    pub async fn picture_each(&self, name: &str, open: impl AsyncFn() -> Result<()>) -> Result<()> {
        for (width, height) in SIZES {
            self.resize(width, height).await?;
            open().await?;
            self.both(name, width, 150).await?;
        }
        self.theme(None).await
    }

    async fn both(&self, name: &str, width: u32, fades: u64) -> Result<()> {
        for theme in THEMES {
            self.theme(Some(theme)).await?;
            // Cells fade in for a moment after their facts are there.
            tokio::time::sleep(Duration::from_millis(fades)).await;
            let file = format!("{name}-{theme}-{width}.png");
            fs::write(self.tour.pictures.join(file), self.window.picture().await?)?;
        }
        Ok(())
    }

    async fn theme(&self, theme: Option<&str>) -> Result<()> {
        let put_on = "const [theme] = arguments; const { dataset } = document.documentElement;
            if (theme === null) delete dataset.theme; else dataset.theme = theme;";
        self.window.run(put_on, json!([theme])).await?;
        Ok(())
    }

    async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.window.resize(width, height).await?;
        let now = "return [innerWidth, innerHeight]";
        for _ in 0..100 {
            if self.window.run(now, json!([])).await? == json!([width, height]) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}
