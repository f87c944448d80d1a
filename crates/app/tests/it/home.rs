//! A person's computer for one test: a data folder, a keychain in memory, a list of events.

use app::view::accounts::{AccountView, NewAccount};
use app::view::events::AppEvent;
use app::view::problem::{Code, Problem};
use app::view::push::{KeepAnswer, PullOrder, PushOrder, PushQuestion};
use app::view::tasks::{TaskState, TaskView};
use app::view::timeline::ReachFact;
use app::{Clock, Events, Longshore, Notice, Notices, Options};
use credentials::{KeychainError, SecretKey, SecretStore, SessionSecrets};
use secrecy::SecretString;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, Part, need};
use testkit::scripted::Scripted;

/// The secret of every registry here; long enough to be searched for.
pub const SECRET: &str = "correct-horse-battery-staple";
/// The user of every registry here.
pub const USER: &str = "demo";

/// A keychain that can be locked or taken away.
#[derive(Default)]
pub struct Keychain {
    secrets: SessionSecrets,
    state: AtomicU8,
}

impl Keychain {
    pub fn lock(&self) {
        self.state.store(1, Ordering::SeqCst);
    }

    pub fn take_away(&self) {
        self.state.store(2, Ordering::SeqCst);
    }

    pub fn unlock(&self) {
        self.state.store(0, Ordering::SeqCst);
    }

    pub fn holds(&self, host: &str) -> bool {
        let key = SecretKey {
            host: host.to_owned(),
            user: USER.to_owned(),
        };
        self.secrets.get(&key).unwrap().is_some()
    }

    fn open(&self) -> Result<&SessionSecrets, KeychainError> {
        match self.state.load(Ordering::SeqCst) {
            0 => Ok(&self.secrets),
            1 => Err(KeychainError::Locked("it is locked".into())),
            _ => Err(KeychainError::Absent("there is none".into())),
        }
    }
}

impl SecretStore for Keychain {
    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, KeychainError> {
        self.open()?.get(key)
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), KeychainError> {
        self.open()?.set(key, secret)
    }

    fn remove(&self, key: &SecretKey) -> Result<(), KeychainError> {
        self.open()?.remove(key)
    }
}

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
#[derive(Default)]
struct Around {
    heard: Arc<Heard>,
    told: Arc<Told>,
    keychain: Arc<Keychain>,
    /// How far the computer's clock is ahead (seconds).
    ahead: Arc<AtomicI64>,
    docker_host: Option<String>,
    watch_every: Option<Duration>,
}

/// One computer.
pub struct Home {
    pub app: Longshore,
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

    /// A push through the sheet: plan, then the button.
    pub async fn push(
        &self,
        account: &str,
        repository: &str,
        tag: &str,
        image: &str,
        keep: KeepAnswer,
    ) -> TaskView {
        let plan = self
            .app
            .plan_push(question(account, repository, tag, image))
            .await
            .unwrap();
        let expected = plan.target.map(|target| target.digest);
        let order = order(account, repository, tag, image, expected, keep);
        let id = self.app.start_push(order).await.unwrap();
        self.ended(&id).await
    }

    /// The same, and it must end well.
    pub async fn pushed(
        &self,
        account: &str,
        repository: &str,
        tag: &str,
        image: &str,
        keep: KeepAnswer,
    ) -> String {
        let task = self.push(account, repository, tag, image, keep).await;
        assert_eq!(task.state, TaskState::Done, "{task:#?}");
        task.outcome.unwrap().digest.unwrap()
    }

    /// A pull that must end well; the name it gave.
    pub async fn pulled(
        &self,
        account: &str,
        repository: &str,
        tag: &str,
        commit: Option<&str>,
    ) -> String {
        let id = self
            .app
            .start_pull(pull(account, repository, tag, commit))
            .await
            .unwrap();
        let task = self.ended(&id).await;
        assert_eq!(task.state, TaskState::Done, "{task:#?}");
        task.outcome.unwrap().name
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

/// A computer with an engine, and its account without sign-in at a scripted registry; nothing where there is no engine.
pub async fn scripted_with_engine() -> Option<(Home, Scripted, Dockerd, String)> {
    if !need(Part::Dockerd) {
        return None;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let registry = Scripted::start().await.unwrap();
    let home = Home::with(Some(&engine));
    let id = home.anyone(&registry.host()).await;
    Some((home, registry, engine, id))
}

pub fn account(address: &str, user: &str, secret: &str) -> NewAccount {
    NewAccount {
        address: address.to_owned(),
        user: user.to_owned(),
        secret: SecretString::from(secret),
        allow_plain_http: false,
        for_session: false,
    }
}

pub fn question(account: &str, repository: &str, tag: &str, image: &str) -> PushQuestion {
    PushQuestion {
        image: image.to_owned(),
        name: None,
        account: account.to_owned(),
        repository: repository.to_owned(),
        tag: tag.to_owned(),
    }
}

pub fn order(
    account: &str,
    repository: &str,
    tag: &str,
    image: &str,
    expected: Option<String>,
    keep: KeepAnswer,
) -> PushOrder {
    PushOrder {
        image: image.to_owned(),
        account: account.to_owned(),
        repository: repository.to_owned(),
        tag: tag.to_owned(),
        expected,
        keep,
        share_rule: false,
        accept_loss: false,
        move_name: true,
    }
}

pub fn pull(account: &str, repository: &str, tag: &str, commit: Option<&str>) -> PullOrder {
    PullOrder {
        account: account.to_owned(),
        repository: repository.to_owned(),
        tag: tag.to_owned(),
        commit: commit.map(str::to_owned),
        move_name: false,
    }
}

/// Images of one size, each different, loaded into the engine under names; their ids.
pub async fn load(engine: &Dockerd, count: u64, size: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for seed in 1..=count {
        // The lower layer is shared.
        let spec = ImageSpec::of_layers(&[(7, 20_000), (1000 + seed, size)]);
        let name = format!("local/tool:{seed}");
        engine.load_tar(spec.save(&[&name]).unwrap()).await.unwrap();
        // As the engine says it: its config's digest, or, with the containerd store, its manifest's.
        let image = engine.image(&name).await.unwrap().unwrap();
        ids.push(image["Id"].as_str().unwrap().to_owned());
    }
    ids
}

fn open(folder: &Path, around: &Around) -> Longshore {
    let engine = around.docker_host.clone();
    let ahead = around.ahead.clone();
    Longshore::open(Options {
        data_dir: folder.to_owned(),
        keychain: around.keychain.clone(),
        // Without an engine of the test's own none may be found, least of all the machine's.
        engine: Some(engine.unwrap_or_else(|| format!("unix://{}/none.sock", folder.display()))),
        docker_config: Some(folder.join("docker-config")),
        sandbox: None,
        events: around.heard.clone(),
        notices: around.told.clone(),
        downloads: folder.join("downloads"),
        clock: Clock::of(move || Clock::system().now() + ahead.load(Ordering::SeqCst)),
        watch_every: around.watch_every.unwrap_or(Duration::from_mins(5)),
        platform: oci::Platform {
            os: "linux".into(),
            architecture: "amd64".into(),
            variant: None,
        },
    })
    .unwrap()
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
