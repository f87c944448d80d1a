//! A desk to sit at: a display, a keychain, a home folder of its own, and the app's window on it.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
#[cfg(all(unix, not(target_os = "macos")))]
use testkit::parts::Notifications;
use testkit::parts::{Display, Dockerd, HeldFiles, Part, Registry, SecretService, State, need};
use testkit::steps::{add_registry, id};
use testkit::webdriver::Window;

/// The window's title, whatever page it shows: a pattern.
const TITLE: &str = "(.* )?Longshore";

/// The script that notes the page's own faults.
///
/// That sizes are told in the next frame, since what one of them led to changed another, is told as an error by browsers;
/// it is none (Resize Observer, 3.4.4).
const LISTEN: &str = "window.faults = []; \
    addEventListener('error', (event) => { \
        if (!event.message.startsWith('ResizeObserver loop')) window.faults.push(event.message); }); \
    addEventListener('unhandledrejection', (event) => window.faults.push(String(event.reason))); \
    addEventListener('securitypolicyviolation', (event) => \
        window.faults.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`))";

/// What stands on the desk beside the display.
#[derive(Default)]
pub struct Setup {
    /// The state in which the keychain is found; unlocked by default.
    pub keychain: Option<State>,
    /// Where the engine is (`DOCKER_HOST`); none by default, and then the app finds none.
    pub engine: Option<String>,
    /// How long the watch waits between two rounds (seconds); the product's own wait by default.
    pub watch_every: Option<u32>,
    /// Where Docker Hub's search is asked in its place; by default nowhere.
    pub hub: Option<String>,
    /// Its registry is asked there as well.
    pub hub_registry: bool,
    /// What stands in `DOCKER_AUTH_CONFIG`.
    pub docker_auth: Option<String>,
    /// The desktop's look, in GTK's words (`HighContrast:dark`); GTK's own light one by default.
    pub theme: Option<&'static str>,
}

impl Setup {
    /// Makes the setup with this engine and all else by default.
    pub fn beside(engine: &Dockerd) -> Self {
        Self {
            engine: Some(engine.docker_host()),
            ..Self::default()
        }
    }
}

/// A desk with the window open on it.
pub struct Desk {
    // The window goes before the display it is on.
    window: Option<Window>,
    pub keys: SecretService,
    display: Display,
    home: TempDir,
    docker_host: String,
    watch_every: Option<u32>,
    /// Which servers are asked elsewhere.
    instead: String,
    docker_auth: Option<String>,
    theme: Option<&'static str>,
}

impl Desk {
    /// Sets everything up and opens the app.
    pub async fn set(setup: Setup) -> Result<Self> {
        let home = tempfile::Builder::new()
            .prefix("longshore-desk-")
            .tempdir()?;
        for folder in ["run", "docker", "bin"] {
            fs::create_dir(home.path().join(folder))?;
        }
        // Nobody's search is asked but a flow's own.
        let hub = setup.hub.as_deref().unwrap_or("http://127.0.0.1:1");
        let mut instead = format!("hub.docker.com={hub}");
        if setup.hub_registry {
            instead.push_str(",docker.io=");
            instead.push_str(hub);
        }
        let nowhere = format!("unix://{}", home.path().join("no-engine.sock").display());
        let mut desk = Self {
            window: None,
            keys: SecretService::start(setup.keychain.unwrap_or(State::Unlocked)).await?,
            display: Display::start(1600, 1000).await?,
            docker_host: setup.engine.unwrap_or(nowhere),
            watch_every: setup.watch_every,
            instead,
            docker_auth: setup.docker_auth,
            theme: setup.theme,
            home,
        };
        desk.open().await?;
        Ok(desk)
    }

    /// Opens the app, for the first time or again.
    pub async fn open(&mut self) -> Result<()> {
        let app = Path::new(env!("CARGO_BIN_EXE_longshore-app"));
        let log = self.home.path().join("app.log");
        let window = Window::open(app, &self.environment(), &log).await?;
        window.find("body *").await?;
        window.run(LISTEN, json!([])).await?;
        self.window = Some(window);
        Ok(())
    }

    /// Opens the app once more, on the same data folder, while the first window stays open.
    pub async fn beside(&self) -> Result<Window> {
        let app = Path::new(env!("CARGO_BIN_EXE_longshore-app"));
        let log = self.home.path().join("second.log");
        Window::open(app, &self.environment(), &log).await
    }

    /// Ends the app from outside, as a crash would.
    pub async fn kill(&mut self) -> Result<()> {
        self.window()?.drop_session().await;
        self.wait_for_end().await
    }

    /// Checks that no script of the page has failed and that the content policy has refused nothing since it was
    /// opened.
    async fn no_fault(&self) -> Result<()> {
        // A flow may end with the window closed; what went before was looked at when it closed.
        let Some(window) = &self.window else {
            return Ok(());
        };
        let faults = window.run("return window.faults", json!([])).await?;
        ensure!(faults == json!([]), "the page had faults: {faults}");
        Ok(())
    }

    /// Returns the window.
    pub fn window(&self) -> Result<&Window> {
        self.window.as_ref().context("the window is closed")
    }

    /// Adds a registry of the house in the window, with its sign-in.
    pub async fn add(&self, registry: &Registry) -> Result<&Window> {
        let window = self.window()?;
        add_registry(window, &registry.host(), "demo", "secret").await?;
        Ok(window)
    }

    /// Starts a notification service on the desk's bus; the app finds it with its next notification.
    #[cfg(all(unix, not(target_os = "macos")))]
    #[allow(dead_code)] // for the flows of the watch
    pub async fn notifications(&self) -> Result<Notifications> {
        Notifications::start(self.keys.address()).await
    }

    /// Returns the window's title as the desktop shows it.
    pub fn title(&self) -> Result<String> {
        self.display.title(TITLE)
    }

    /// Asks the window to close, as a person does; it may ask back.
    pub fn ask_to_close(&self) -> Result<()> {
        self.display.close(TITLE)
    }

    /// Waits until a window whose title fits a pattern is on the display beside the app's, or is not any more.
    pub async fn sees_window(&self, pattern: &str, is_there: bool) -> Result<()> {
        let start = Instant::now();
        while self.display.has_window(pattern)? != is_there {
            ensure!(
                start.elapsed() < Duration::from_secs(10),
                "{pattern}: expected to be there: {is_there}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Presses keys in whatever window has the focus, in xdotool's names.
    pub fn press(&self, keys: &str) -> Result<()> {
        self.display.press(keys)
    }

    /// Presses the right button on the middle of an element with a hand's mouse, and lets it go.
    pub async fn ask_for_menu(&self, css: &str) -> Result<()> {
        let at = middle(self.window()?, css).await?;
        self.display.press_right(TITLE, at)
    }

    /// Drags files from another program over a point of the window; they hang at the pointer until they are let go.
    pub async fn hold_files(&self, files: &[&Path], at: (i32, i32)) -> Result<HeldFiles<'_>> {
        self.display.hold_files(files, TITLE, at).await
    }

    /// Waits until the app has ended by itself.
    pub async fn wait_for_end(&mut self) -> Result<()> {
        let start = Instant::now();
        while self.window()?.app_runs() {
            ensure!(
                start.elapsed() < Duration::from_secs(20),
                "the app does not end"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.window = None;
        Ok(())
    }

    /// Says yes where the window asks whether to close although transfers run.
    pub async fn leave(&mut self) -> Result<()> {
        // The app may be gone before the driver has said that the button was pressed.
        let pressed = self.window()?.click(&id("close-anyway")).await;
        let ended = self.wait_for_end().await;
        ended.map_err(|error| pressed.err().unwrap_or(error))
    }

    /// Closes the window as a person does.
    pub async fn close(&mut self) -> Result<()> {
        self.no_fault().await?;
        self.ask_to_close()?;
        self.wait_for_end().await
    }

    /// Returns every file that the app, or the system on its behalf, has written. The keychain's own files are
    /// elsewhere.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Returns the bus on which this person's keychain answers.
    pub fn bus(&self) -> &str {
        self.keys.address()
    }

    /// Takes the keychain away for good.
    pub fn lose_keychain(&mut self) {
        self.keys.end();
    }

    /// Counts the secrets of the app in the keychain, as another program sees them.
    pub fn kept_secrets(&self) -> Result<usize> {
        let output = std::process::Command::new("dbus-send")
            .env("DBUS_SESSION_BUS_ADDRESS", self.keys.address())
            .args(["--session", "--print-reply"])
            .args(["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
            .arg("org.freedesktop.Secret.Service.SearchItems")
            .arg("dict:string:string:service,dev.longshore.app")
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{said}");
        let found = String::from_utf8_lossy(&output.stdout);
        Ok(found.matches("object path").count())
    }

    /// Returns the folder where the app looks for programs first.
    pub fn programs(&self) -> PathBuf {
        self.home.path().join("bin")
    }

    /// Returns what the app printed.
    pub fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("app.log")).unwrap_or_default()
    }

    fn environment(&self) -> Vec<(String, String)> {
        let inside = |name: &str| self.home.path().join(name).to_string_lossy().into_owned();
        let own = [
            ("HOME", inside("")),
            // Mesa asks the user database for the home folder, not `HOME`, unless this is set.
            ("XDG_CACHE_HOME", inside(".cache")),
            ("XDG_RUNTIME_DIR", inside("run")),
            ("LONGSHORE_DATA_DIR", inside("data")),
            ("LONGSHORE_LOG", inside("requests.log")),
            ("DOCKER_CONFIG", inside("docker")),
            ("DOCKER_HOST", self.docker_host.clone()),
            ("LONGSHORE_INSTEAD", self.instead.clone()),
            ("DISPLAY", self.display.name().to_owned()),
            ("DBUS_SESSION_BUS_ADDRESS", self.keys.address().to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("RUST_BACKTRACE", "1".to_owned()),
        ];
        // A flow's own programs come first.
        let path = std::env::var("PATH").unwrap_or_default();
        let path = std::iter::once(("PATH", format!("{}:{path}", inside("bin"))));
        let watch_every = self.watch_every.iter();
        let watch_every = watch_every.map(|every| ("LONGSHORE_WATCH_EVERY", every.to_string()));
        let theme = self.theme.iter();
        let theme = theme.map(|theme| ("GTK_THEME", (*theme).to_owned()));
        let docker_auth = self.docker_auth.clone().into_iter();
        let docker_auth = docker_auth.map(|text| ("DOCKER_AUTH_CONFIG", text));
        own.into_iter()
            .chain(docker_auth)
            .chain(path)
            .chain(watch_every)
            .chain(theme)
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

/// Tells whether the parts that every flow needs are here, and these besides.
pub fn ready(besides: &[Part]) -> bool {
    let always = [Part::Display, Part::WebDriver, Part::SecretService];
    always.iter().chain(besides).all(|part| need(*part))
}

/// Walks a flow at a desk. Where it fails, a picture of the window is kept beside the build.
///
/// # Panics
/// Where the flow fails, with what the window said.
pub async fn walk(name: &str, setup: Setup, flow: impl AsyncFnOnce(&mut Desk) -> Result<()>) {
    let mut desk = Desk::set(setup).await.unwrap();
    let walked = match flow(&mut desk).await {
        Ok(()) => desk.no_fault().await,
        failed => failed,
    };
    if let Err(error) = walked {
        let kept = keep_picture(name, &desk).await;
        panic!("{error:?}\n{kept}\nthe app printed:\n{}", desk.log());
    }
    let log = desk.log();
    assert!(!log.contains("panicked"), "{log}");
}

async fn keep_picture(name: &str, desk: &Desk) -> String {
    let kept = async {
        let picture = desk.window()?.picture().await?;
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/e2e-failures");
        fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{name}.png"));
        fs::write(&file, picture)?;
        let words = desk.window()?.words().await?;
        anyhow::Ok(format!(
            "picture: {}\nthe window says:\n{words}",
            file.display()
        ))
    };
    kept.await
        .unwrap_or_else(|error| format!("no picture: {error:#}"))
}

/// Returns the middle of an element, in pixels from the window's corner.
pub async fn middle(window: &Window, css: &str) -> Result<(i32, i32)> {
    let script = "const r = document.querySelector(arguments[0]).getBoundingClientRect(); \
        return [Math.round(r.x + r.width / 2), Math.round(r.y + r.height / 2)]";
    let at = window.run(script, json!([css])).await?;
    serde_json::from_value(at).with_context(|| format!("{css} is nowhere"))
}

/// Waits until so many elements are there.
pub async fn until(window: &Window, css: &str, count: usize) -> Result<()> {
    let start = Instant::now();
    while window.count(css).await? != count {
        ensure!(
            start.elapsed() < Duration::from_secs(30),
            "{} of {css}, not {count}; the window says:\n{}",
            window.count(css).await?,
            window.words().await?
        );
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    Ok(())
}
