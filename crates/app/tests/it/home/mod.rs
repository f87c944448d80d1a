//! A person's computer for one test: a data folder, a keychain in memory, a list of events.

mod keychain;
mod others;
mod places;

pub use keychain::Keychain;
pub use others::{in_file, picking, with_entry, with_helper};
pub use places::{guarded_registry, load, scripted, scripted_with_engine};

use crate::window::Window;
use app::view::accounts::{AccountView, Keep, NewAccount};
use app::view::events::AppEvent;
use app::view::problem::{Code, Problem};
use app::view::tasks::{TaskState, TaskView};
use app::view::timeline::ReachFact;
use app::{Access, Clock, Events, Longshore, Notice, Notices, Options};
use secrecy::SecretString;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::parts::Dockerd;

/// The secret of every registry here; long enough to be searched for.
pub const SECRET: &str = "correct-horse-battery-staple";
/// The user of every registry here.
pub const USER: &str = "demo";

/// Every event, in order.
#[derive(Default)]
pub struct Heard(Mutex<Vec<(Instant, AppEvent)>>);

impl Events for Heard {
    fn emit(&self, event: AppEvent) {
        self.0.lock().unwrap().push((Instant::now(), event));
    }
}

/// Every notification, in order.
#[derive(Default)]
pub struct Told(Mutex<Vec<Notice>>);

impl Notices for Told {
    fn show(&self, notice: Notice) {
        self.0.lock().unwrap().push(notice);
    }
}

/// The world around one app.
#[derive(Clone)]
struct Around {
    access: Access,
    heard: Arc<Heard>,
    told: Arc<Told>,
    keychain: Arc<Keychain>,
    /// How far the computer's clock is ahead (seconds).
    ahead: Arc<AtomicI64>,
    docker_host: Option<String>,
    /// An engine before that one, as a sandbox's is, and how long it keeps its place once it is gone.
    better_engine: Option<(String, Duration)>,
    watch_every: Option<Duration>,
    instead: app::Instead,
    ssh: app::SshProgram,
    buildx: Option<std::path::PathBuf>,
    settings: Arc<app::SettingsInMemory>,
}

/// No server of a fixed address is asked but those that a test plays.
fn nobody() -> app::Instead {
    let nobodys = ["hub.docker.com", "api.github.com"];
    nobodys.iter().fold(app::Instead::default(), |all, server| {
        all.with(server, "http://127.0.0.1:1").unwrap()
    })
}

impl Default for Around {
    fn default() -> Self {
        Self {
            // An app that is opened again here takes over from one whose last work may still be ending.
            access: Access::Shared,
            heard: Arc::default(),
            told: Arc::default(),
            keychain: Arc::default(),
            ahead: Arc::default(),
            docker_host: None,
            better_engine: None,
            watch_every: None,
            instead: nobody(),
            ssh: app::SshProgram::default(),
            buildx: None,
            settings: Arc::default(),
        }
    }
}

/// One computer.
pub struct Home {
    pub app: Window,
    pub folder: tempfile::TempDir,
    pub keychain: Arc<Keychain>,
    pub heard: Arc<Heard>,
    around: Around,
}

impl Home {
    /// Without an engine.
    pub fn new() -> Self {
        Self::with(None)
    }

    /// With this engine.
    pub fn with(engine: Option<&Dockerd>) -> Self {
        Self::in_world(Around {
            docker_host: engine.map(Dockerd::docker_host),
            ..Around::default()
        })
    }

    /// With an engine at this address.
    pub fn at_engine(docker_host: &str) -> Self {
        Self::in_world(Around {
            docker_host: Some(docker_host.to_owned()),
            ..Around::default()
        })
    }

    /// With two engines, of which the first is the better, and keeps its place so long once it is gone.
    pub fn at_engines(better: &str, other: &str, patience: Duration) -> Self {
        Self::in_world(Around {
            docker_host: Some(other.to_owned()),
            better_engine: Some((better.to_owned(), patience)),
            ..Around::default()
        })
    }

    /// With an engine, and with this `ssh` to others.
    pub fn with_ssh(engine: &Dockerd, ssh: app::SshProgram) -> Self {
        Self::in_world(Around {
            docker_host: Some(engine.docker_host()),
            ssh,
            ..Around::default()
        })
    }

    /// With this Docker Hub, and this engine.
    pub fn at_hub(hub: &str, engine: Option<&str>) -> Self {
        Self::in_world(Around {
            docker_host: engine.map(str::to_owned),
            instead: nobody().with("hub.docker.com", hub).unwrap(),
            ..Around::default()
        })
    }

    /// With Docker Hub, its registry and its interface, played at this address.
    pub fn playing_hub(address: &str) -> Self {
        Self::playing_at(&["docker.io", "hub.docker.com"], address)
    }

    /// With GitHub, its registry and its interface, played at this address.
    pub fn playing_ghcr(address: &str) -> Self {
        Self::playing_at(&["ghcr.io", "api.github.com"], address)
    }

    /// With these names played at this address.
    pub fn playing_at(names: &[&str], address: &str) -> Self {
        Self::in_world(Around {
            instead: names
                .iter()
                .fold(nobody(), |all, name| all.with(name, address).unwrap()),
            ..Around::default()
        })
    }

    /// With an engine, and this `docker buildx`.
    pub fn with_buildx(engine: &Dockerd, buildx: std::path::PathBuf) -> Self {
        Self::in_world(Around {
            docker_host: Some(engine.docker_host()),
            buildx: Some(buildx),
            ..Around::default()
        })
    }

    /// Makes a Docker context, as Docker's client does.
    pub fn add_context(&self, name: &str, host: &str) {
        let id = oci::Digest::sha256_of(name.as_bytes());
        let folder = self.folder.path().join("docker-config/contexts/meta");
        let folder = folder.join(id.hex());
        std::fs::create_dir_all(&folder).unwrap();
        let meta = serde_json::json!({"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": false}}});
        std::fs::write(folder.join("meta.json"), meta.to_string()).unwrap();
    }

    /// Whose watch waits so long between two rounds.
    pub fn watching_every(watch_every: Duration) -> Self {
        Self::in_world(Around {
            watch_every: Some(watch_every),
            ..Around::default()
        })
    }

    fn in_world(around: Around) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            app: open(folder.path(), &around),
            folder,
            keychain: around.keychain.clone(),
            heard: around.heard.clone(),
            around,
        }
    }

    /// The app is closed and opened again.
    pub fn reopen(&mut self) {
        self.app = open(self.folder.path(), &self.around);
    }

    /// So much later, by the computer's clock.
    pub fn later(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap();
        self.around.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Sets the computer's clock to a time (RFC 3339).
    pub fn clock_is(&self, time: &str) {
        let at = oci::UtcSeconds::parse_rfc3339(time).unwrap().0;
        let ahead = at - Clock::system().now();
        self.around.ahead.store(ahead, Ordering::SeqCst);
    }

    /// How far the computer's clock is ahead (seconds).
    pub fn ahead(&self) -> i64 {
        self.around.ahead.load(Ordering::SeqCst)
    }

    /// The notifications so far; they are told once.
    pub fn told(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.around.told.0.lock().unwrap())
    }

    /// The events so far; each is given once.
    pub fn events(&self) -> Vec<AppEvent> {
        let heard = std::mem::take(&mut *self.heard.0.lock().unwrap());
        heard.into_iter().map(|(_, event)| event).collect()
    }

    /// The events so far, and those that wait for the end of a moment in which the same was told already.
    pub async fn heard_within_a_moment(&self) -> Vec<AppEvent> {
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        self.events()
    }

    /// Adds a registry with the usual sign-in.
    pub async fn sign_in(&self, host: &str) -> AccountView {
        self.app
            .add_account(account(host, USER, SECRET))
            .await
            .unwrap()
    }

    /// Adds a registry without sign-in; the account's id.
    pub async fn anyone(&self, host: &str) -> String {
        let anyone = account(host, "", "");
        self.app.add_account(anyone).await.unwrap().id
    }

    /// Waits for a transfer to end.
    pub async fn ended(&self, id: &str) -> TaskView {
        self.until(id, |task| {
            !matches!(task.state, TaskState::Waiting | TaskState::Running)
        })
        .await
    }

    /// Waits until a transfer is as wanted. The limit is only there so that a fault ends the test.
    pub async fn until(&self, id: &str, wanted: impl Fn(&TaskView) -> bool) -> TaskView {
        for _ in 0..2400 {
            let tasks = self.app.tasks().await.unwrap();
            if let Some(task) = tasks
                .iter()
                .find(|task| task.id == id)
                .filter(|task| wanted(task))
            {
                return task.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "the transfer never came so far: {:?}",
            self.app.tasks().await.unwrap()
        );
    }

    /// The events of a transfer.
    pub fn events_of(&self, id: &str) -> Vec<(Instant, TaskView)> {
        let heard = self.heard.0.lock().unwrap();
        heard
            .iter()
            .filter_map(|(at, event)| match event {
                AppEvent::Task { task } if task.id == id => Some((*at, task.clone())),
                _ => None,
            })
            .collect()
    }

    /// What was told of commits that were asked for, an event each.
    pub fn reached(&self) -> Vec<Vec<ReachFact>> {
        let heard = self.heard.0.lock().unwrap();
        heard
            .iter()
            .filter_map(|(_, event)| match event {
                AppEvent::Reached { facts, .. } => Some(facts.clone()),
                _ => None,
            })
            .collect()
    }

    /// All events as text.
    pub fn events_text(&self) -> String {
        let heard = self.heard.0.lock().unwrap();
        heard
            .iter()
            .map(|(_, event)| serde_json::to_string(event).unwrap())
            .collect()
    }
}

pub fn account(address: &str, user: &str, secret: &str) -> NewAccount {
    NewAccount {
        address: address.to_owned(),
        user: user.to_owned(),
        secret: SecretString::from(secret),
        allow_plain_http: false,
        keep: Keep::Keychain,
        agreed: Vec::new(),
        from: None,
        connection: None,
        namespace: None,
    }
}

fn open(folder: &Path, around: &Around) -> Window {
    try_open(folder, around).unwrap()
}

fn try_open(folder: &Path, around: &Around) -> Result<Window, Problem> {
    let engine = around.docker_host.clone();
    let ahead = around.ahead.clone();
    let sandbox = around.better_engine.as_ref().map(|(host, _)| {
        let file = folder.join("sandbox.json");
        let tells = format!(
            r#"{{"host":"127.0.0.1:1","user":"{USER}","secret":"{SECRET}","dockerHost":"{host}"}}"#
        );
        std::fs::write(&file, tells).unwrap();
        file
    });
    let longshore = Longshore::open(Options {
        data_dir: folder.to_owned(),
        access: around.access,
        keychain: around.keychain.clone(),
        work_factor: Some(2),
        // Without an engine of the test's own none may be found, least of all the machine's.
        engine: Some(engine.unwrap_or_else(|| format!("unix://{}/none.sock", folder.display()))),
        docker_config: Some(folder.join("docker-config")),
        // The files and programs of a computer that has only what a test puts there.
        sign_ins: app::Files {
            docker: Some(folder.join("docker-config/config.json")),
            podman_run: Some(folder.join("containers/auth.json")),
            ..app::Files::default()
        },
        cert_folders: vec![folder.join("certs.d")],
        programs: app::Programs::of(
            [(
                "PATH".into(),
                format!("{}:/usr/bin:/bin", folder.join("bin").display()).into(),
            )],
            None,
        ),
        ssh: around.ssh.clone(),
        instead: around.instead.clone(),
        // Never what this machine has.
        buildx: around
            .buildx
            .clone()
            .map_or(app::BuildxAt::Nowhere, app::BuildxAt::At),
        sandbox,
        events: around.heard.clone(),
        notices: around.told.clone(),
        downloads: folder.join("downloads"),
        clock: Clock::of(move || Clock::system().now() + ahead.load(Ordering::SeqCst)),
        log: app::RequestLog::new(app::Clock::system()),
        settings: around.settings.clone(),
        watch_every: around.watch_every,
        engine_patience: around.better_engine.as_ref().map(|(_, patience)| *patience),
        platform: oci::Platform {
            os: "linux".into(),
            architecture: "amd64".into(),
            variant: None,
        },
    });
    longshore.map(Window::new)
}

/// Opens a window over the data folder of a computer, or says why not.
pub fn open_window(home: &Home) -> Result<Window, Problem> {
    let around = Around {
        access: Access::Alone,
        ..home.around.clone()
    };
    try_open(home.folder.path(), &around)
}

/// Opens a second program over the data folder of a computer whose first one still runs.
pub fn open_beside(home: &Home) -> Window {
    open(home.folder.path(), &home.around)
}

/// The problem of something that must not work.
pub fn problem<T: std::fmt::Debug>(result: Result<T, Problem>) -> Problem {
    result.unwrap_err()
}

/// A failed transfer's problem.
pub fn failure(task: &TaskView, code: Code) -> Problem {
    assert_eq!(task.state, TaskState::Failed, "{task:#?}");
    let problem = task.problem.clone().unwrap();
    assert_eq!(problem.code, code, "{problem:#?}");
    problem
}
