//! Opens the use cases and the window, and closes both.

use crate::settings_file::PluginSettings;
use crate::{DesktopNotices, MAIN_WINDOW, WindowEvents, fault_log, files, place, with_commands};
use app::view::events::AppEvent;
use app::view::problem::Problem;
use app::view::settings::ThemeChoice;
use app::{Access, Events, Longshore, Options, RequestLog};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tauri::path::PathResolver;
use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::window::Color;
use tauri::{
    App, AppHandle, Builder, Manager, Runtime, Theme, Url, WebviewWindow, Window, WindowEvent, Wry,
};

/// The variable that names the data folder in place of the system's, for tests and the sandbox.
const DATA_FOLDER: &str = "LONGSHORE_DATA_DIR";
/// The variable that names how long the watch waits between two rounds over one repository, in seconds, for tests.
const OWN_WATCH_EVERY: &str = "LONGSHORE_WATCH_EVERY";
/// Names a configuration of `ssh` in the place of the person's own; for tests.
const OWN_SSH_CONFIG: &str = "LONGSHORE_SSH_CONFIG";
/// Names which servers of a fixed address are asked elsewhere on this computer, `hub.docker.com=http://127.0.0.1:5001`; for tests.
const INSTEAD: &str = "LONGSHORE_INSTEAD";
/// The variable that names a file to which every request is written as well, a line each; nothing secret is in it.
const LOG_FILE: &str = "LONGSHORE_LOG";

/// Makes the app without its configuration: commands, plugins, the window and how it closes.
pub fn builder() -> Builder<Wry> {
    let own_folder =
        std::env::var_os(DATA_FOLDER).and_then(|folder| std::path::absolute(folder).ok());
    let mut builder = Builder::default();
    // A second start shows the window that is there. One with a folder of its own is told apart on purpose, and runs
    // beside others.
    if own_folder.is_none() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
            bring_forward(app);
        }));
    }
    with_commands(builder)
        // Used from here alone: the page is granted nothing of it.
        .plugin(tauri_plugin_store::Builder::new().build())
        .on_window_event(on_window_event)
        .setup(move |app| {
            if let Err(error) = open(app, own_folder) {
                fault_log::write(&format!("the app could not start: {error}"));
                // Handed back, the error would end the app by a panic, which says less.
                std::process::exit(1);
            }
            Ok(())
        })
}

/// Ends the use cases. What runs is recorded as interrupted, so that it can be tried again.
pub fn close<R: Runtime>(app: &AppHandle<R>) {
    if let Some(longshore) = app.try_state::<Longshore>() {
        place::keep(app, &longshore);
        tauri::async_runtime::block_on(async {
            let _ = longshore.tasks.leave().await;
            longshore.computer.leave().await;
        });
    }
}

/// What the app needs to open its data folder, at the start and, where that failed, when the window asks again.
struct Start {
    own_folder: Option<PathBuf>,
    log: RequestLog,
}

fn open(app: &mut App, own_folder: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    app.manage(Start {
        own_folder,
        log: log(),
    });
    // The web view starts a process and loads the page in it, which takes longest: the data folder is opened meanwhile.
    // What the page asks is answered by this thread, so after this.
    let window = open_window(app)?;
    // Where it can't be, the window comes up all the same, asks again, and shows why.
    let _ = begin(app.handle());
    as_it_was(&window);
    // At once, in the colour of its paper and where it was left: what a system's window needs to be drawn is made while the
    // page is loaded, whose first frame comes a quarter sooner by that (`bench start`).
    show(&window);
    Ok(())
}

/// Opens the use cases over the data folder and begins the watch, where that wasn't done yet.
pub(crate) fn begin<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock();
    let Some(start) = app.try_state::<Start>() else {
        return Ok(());
    };
    if app.try_state::<Longshore>().is_some() {
        return Ok(());
    }
    let longshore = data_dir(app, start.own_folder.as_deref())
        .and_then(|folder| Longshore::open(options(app, folder, start.log.clone())))
        .inspect_err(|problem| {
            let detail = problem.detail.as_deref().unwrap_or_default();
            fault_log::write(&format!("the data folder: {} {detail}", problem.message));
        })?;
    app.manage(longshore.clone());
    tauri::async_runtime::spawn(async move { longshore.watching.run().await });
    Ok(())
}

/// Returns the data folder, from which on faults are written down in it.
fn data_dir<R: Runtime>(app: &AppHandle<R>, own: Option<&Path>) -> Result<PathBuf, Problem> {
    let folder = match own {
        Some(folder) => folder.to_owned(),
        None => app.path().app_data_dir().map_err(app::no_data_folder)?,
    };
    app::private_folder(&folder)
        .map_err(|error| app::no_data_folder(format!("{}: {error}", folder.display())))?;
    fault_log::keep_in(&folder);
    Ok(folder)
}

fn options<R: Runtime>(app: &AppHandle<R>, data_dir: PathBuf, log: RequestLog) -> Options {
    let home = std::env::home_dir();
    Options {
        access: Access::Alone,
        keychain: Arc::new(app::Keychain::new()),
        work_factor: None,
        engine: std::env::var("DOCKER_HOST").ok(),
        docker_config: std::env::var_os("DOCKER_CONFIG").map(PathBuf::from),
        cert_folders: app::cert_folders(|name| std::env::var_os(name), home.as_deref()),
        sign_ins: app::Files::of(|name| std::env::var_os(name), home.as_deref()),
        programs: app::Programs::of(std::env::vars_os(), home.as_deref()),
        buildx: app::BuildxAt::Found,
        ssh: app::SshProgram {
            config: std::env::var_os(OWN_SSH_CONFIG).map(PathBuf::from),
            ..app::SshProgram::default()
        },
        instead: std::env::var(INSTEAD)
            .ok()
            .and_then(|text| app::Instead::parse(&text))
            .unwrap_or_default(),
        sandbox: std::env::var_os("LONGSHORE_SANDBOX").map(PathBuf::from),
        events: Arc::new(WindowEvents::new(app.clone())),
        notices: Arc::new(DesktopNotices::new(app.clone())),
        downloads: downloads(app.path(), &data_dir),
        data_dir,
        log,
        clock: app::Clock::system(),
        settings: Arc::new(PluginSettings::new(app.clone())),
        watch_every: watch_every(std::env::var(OWN_WATCH_EVERY).ok().as_deref()),
        engine_patience: None,
        platform: app::Platform::here(),
    }
}

/// Opens the log of requests and lets it listen.
fn log() -> RequestLog {
    let file = std::env::var_os(LOG_FILE).map(PathBuf::from);
    let log = open_log(file.as_deref(), fault_log::write);
    // Another listens already only in a test, and then to the same requests.
    let _ = log.listen();
    log
}

/// Opens the log of requests: in memory, and in the file that is named. A file that can't be opened is told, and the
/// log stays in memory alone, since the app works as well without it.
fn open_log(file: Option<&Path>, tell: impl FnOnce(&str)) -> RequestLog {
    let log = RequestLog::new(app::Clock::system());
    let Some(file) = file else { return log };
    log.clone().also_to(file).unwrap_or_else(|error| {
        tell(&format!(
            "requests can't be written to {}: {error}",
            file.display()
        ));
        log
    })
}

/// Returns the wait between two rounds of the watch: the named whole number of seconds; none where there is none.
fn watch_every(named: Option<&str>) -> Option<Duration> {
    let seconds = named.and_then(|named| named.parse().ok());
    seconds
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs)
}

/// Returns the folder for exports: the person's downloads, or where the system names none, `Downloads` in the home
/// folder or `exports` beside the database.
fn downloads<R: Runtime>(paths: &PathResolver<R>, data_dir: &Path) -> PathBuf {
    let home = || paths.home_dir().map(|home| home.join("Downloads"));
    let named = paths.download_dir().or_else(|_| home());
    named.unwrap_or_else(|_| data_dir.join("exports"))
}

fn open_window(app: &App) -> Result<WebviewWindow, Box<dyn Error>> {
    let config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == MAIN_WINDOW)
        .ok_or("tauri.conf.json names no main window")?;
    let home = Home {
        dev: app
            .config()
            .build
            .dev_url
            .clone()
            .filter(|_| tauri::is_dev()),
    };
    let window = WebviewWindowBuilder::from_config(app.handle(), config)?
        .on_navigation(move |url| home.owns(url))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_document_title_changed(|window, title| name(&window, &title))
        .build()?;
    // Set once a process; there is one window.
    let _ = ITS_OWN.set(window.theme()?);
    paint(&window)?;
    Ok(window)
}

/// Puts the window, which is not shown yet, where it was left, and draws it as the person has set.
fn as_it_was<R: Runtime>(window: &WebviewWindow<R>) {
    let Some(longshore) = window.try_state::<Longshore>() else {
        return;
    };
    if let Err(error) = place::restore(window, longshore.settings.window_place()) {
        fault_log::write(&format!("the window is not where it was left: {error}"));
    }
    draw_in(window, longshore.settings.get().values.theme);
}

/// The theme that the window has by itself, as it was when it was opened.
static ITS_OWN: OnceLock<Theme> = OnceLock::new();
/// What the window is drawn in now.
static DRAWN: Mutex<ThemeChoice> = Mutex::new(ThemeChoice::System);

/// Draws the window light or dark: its frame, its menus, and the colour behind the page.
pub(crate) fn draw_in<R: Runtime>(window: &WebviewWindow<R>, choice: ThemeChoice) {
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    if *drawn == choice {
        return;
    }
    *drawn = choice;
    drop(drawn);
    let theme = match choice {
        // GTK knows no way back to what the system says: it is told what that was.
        ThemeChoice::System if cfg!(target_os = "linux") => ITS_OWN.get().copied(),
        ThemeChoice::System => None,
        ThemeChoice::Light => Some(Theme::Light),
        ThemeChoice::Dark => Some(Theme::Dark),
    };
    let painted = window.set_theme(theme).and_then(|()| match theme {
        Some(theme) => window.set_background_color(Some(paper(theme))),
        None => paint(window),
    });
    if let Err(error) = painted {
        fault_log::write(&format!("the window keeps its theme: {error}"));
    }
}

/// Paints what is behind the page as the system's theme is, so that neither showing nor resizing flashes.
fn paint<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    window.set_background_color(Some(paper(window.theme()?)))
}

fn paper(theme: Theme) -> Color {
    match theme {
        Theme::Dark => Color(0x19, 0x1e, 0x23, 0xff),
        _ => Color(0xff, 0xff, 0xff, 0xff),
    }
}

/// The addresses of the window's own pages; it goes nowhere else.
struct Home {
    /// The dev server's address, in a build that uses one.
    dev: Option<Url>,
}

impl Home {
    fn owns(&self, url: &Url) -> bool {
        let bundled = match url.scheme() {
            "tauri" => url.host_str() == Some("localhost"),
            // Where the system's web view allows no scheme of our own.
            "http" | "https" => url.host_str() == Some("tauri.localhost"),
            _ => false,
        };
        bundled
            || self
                .dev
                .as_ref()
                .is_some_and(|dev| dev.origin() == url.origin())
    }
}

/// Calls the window as its page is called.
fn name<R: Runtime>(window: &WebviewWindow<R>, title: &str) {
    if let Err(error) = window.set_title(title) {
        fault_log::write(&format!("the window keeps its name: {error}"));
    }
}

fn show<R: Runtime>(window: &WebviewWindow<R>) {
    if let Err(error) = window.show().and_then(|()| window.set_focus()) {
        fault_log::write(&format!("the window could not be shown: {error}"));
    }
}

/// Brings the window to the front, after a second start of the app or a press on a notification.
pub(crate) fn bring_forward<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN_WINDOW) {
        // Not minimised is as good.
        let _ = window.unminimize();
        show(&window);
    }
}

/// Tells the page of files that are dropped, and keeps the window open where closing it has to be asked first.
fn on_window_event<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    place::note(window, event);
    if let WindowEvent::DragDrop(event) = event {
        return files::dragged(window, event);
    }
    let WindowEvent::CloseRequested { api, .. } = event else {
        return;
    };
    if asks_first(window.app_handle()) {
        api.prevent_close();
    } else if let Some(longshore) = window.app_handle().try_state::<Longshore>() {
        // While it is still there.
        place::keep(window.app_handle(), &longshore);
    }
}

/// Tells whether the person is asked before the app ends, and asks: tasks run, and there is a window to ask in.
pub fn asks_first<R: Runtime>(app: &AppHandle<R>) -> bool {
    let running = app
        .try_state::<Longshore>()
        .map_or(0, |longshore| longshore.tasks.running());
    if running == 0 || app.get_webview_window(MAIN_WINDOW).is_none() {
        return false;
    }
    WindowEvents::new(app.clone()).emit(AppEvent::CloseAsked { running });
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watch_waits_as_named_or_as_is_set() {
        assert_eq!(watch_every(Some("2")), Some(Duration::from_secs(2)));
        for none in [None, Some("0"), Some("-1"), Some("soon"), Some("")] {
            assert_eq!(watch_every(none), None);
        }
    }

    #[test]
    fn a_log_file_that_can_not_be_opened_is_told_and_stops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut told = String::new();
        // A folder can't be written to as a file.
        let log = open_log(Some(folder.path()), |fault| told.push_str(fault));
        assert!(log.lines().is_empty());
        let named = folder.path().display().to_string();
        assert!(
            told.starts_with("requests can't be written") && told.contains(&named),
            "{told}"
        );
        assert_eq!(told.lines().count(), 1, "the fault log holds lines");

        let file = folder.path().join("requests.log");
        open_log(Some(&file), |fault| panic!("{fault}"));
        assert!(file.is_file(), "what can be opened is, and nothing is told");
        open_log(None, |fault| panic!("{fault}"));
    }

    #[test]
    fn the_window_stays_at_home() {
        let bundled = Home { dev: None };
        let url = |text: &str| Url::parse(text).unwrap();
        assert!(bundled.owns(&url("tauri://localhost/index.html")));
        assert!(bundled.owns(&url("http://tauri.localhost/")));
        for abroad in [
            "https://example.com/",
            "http://127.0.0.1:5199/",
            "file:///etc/passwd",
            "data:text/html,x",
            "tauri://elsewhere/",
            "about:blank",
            "https://tauri.localhost.example.com/",
        ] {
            assert!(!bundled.owns(&url(abroad)), "{abroad}");
        }
        let developing = Home {
            dev: Some(url("http://127.0.0.1:5199")),
        };
        assert!(developing.owns(&url("http://127.0.0.1:5199/a")));
        assert!(!developing.owns(&url("http://127.0.0.1:5200/a")));
    }
}
