//! A person's folders for a measured app, and the variables that lead it there.

use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testkit::parts::{Display, SecretService};
use testkit::webdriver::Window;

/// A home of its own, without an engine unless it is given one, removed when dropped.
pub struct Home {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Home {
    /// Makes the folders.
    pub fn new(display: &Display, keys: &SecretService) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("longshore-measure-")
            .tempdir()?;
        let home = folder.path();
        for name in ["run", "docker"] {
            fs::create_dir(home.join(name))?;
        }
        let inside = |name: &str| home.join(name).to_string_lossy().into_owned();
        let variables = [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", inside("")),
            ("XDG_CACHE_HOME", inside(".cache")),
            ("XDG_DATA_HOME", inside(".local/share")),
            ("XDG_RUNTIME_DIR", inside("run")),
            ("LONGSHORE_DATA_DIR", inside("data")),
            ("DOCKER_CONFIG", inside("docker")),
            (
                "DOCKER_HOST",
                format!("unix://{}", inside("no-engine.sock")),
            ),
            ("DISPLAY", display.name().to_owned()),
            ("DBUS_SESSION_BUS_ADDRESS", keys.address().to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
        ];
        let environment = variables.map(|(name, value)| (name.to_owned(), value));
        Ok(Self {
            environment: environment.to_vec(),
            folder,
        })
    }

    /// With an engine at this address.
    pub fn at_engine(mut self, docker_host: &str) -> Self {
        for (name, value) in &mut self.environment {
            if name == "DOCKER_HOST" {
                docker_host.clone_into(value);
            }
        }
        self
    }

    /// Returns the variables an app must be started with.
    pub fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    /// Returns the file that what an app prints goes to.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("app.log")
    }

    /// Opens the app with a driver, in the size of the product's window.
    pub async fn open(&self, app: &Path) -> Result<Window> {
        let window = Window::open(app, &self.environment, &self.log()).await?;
        window.resize(1280, 800).await?;
        Ok(window)
    }
}
