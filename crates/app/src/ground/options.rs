//! What the app is opened with, and the traits by which a shell hears from it.
//!
//! Grows by what a shell (the window, a command line) must decide; never by what a person decides.

use super::clock::Clock;
use super::folder::Access;
use super::log::RequestLog;
use super::threads::lock;
use crate::view::events::AppEvent;
use credentials::SecretStore;
use oci::Platform;
use registry::Instead;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Receives events: the window, or a test's list. Called from any thread; must not block.
pub trait Events: Send + Sync {
    /// Takes one event.
    fn emit(&self, event: AppEvent);
}

/// Which `docker buildx` builds.
#[derive(Clone, Debug, Default)]
pub enum BuildxAt {
    /// The one that is found where the Docker client has its plugins.
    #[default]
    Found,
    /// This one.
    At(PathBuf),
    /// None: the engine's own builder does.
    Nowhere,
}

/// What the app is opened with.
pub struct Options {
    /// Folder of the database; made where it is missing, and this person's alone.
    pub data_dir: PathBuf,
    /// Whether this is the folder's one window.
    pub access: Access,
    /// Where secrets are kept.
    pub keychain: Arc<dyn SecretStore>,
    /// How much work it is to open the encrypted file of secrets (the base-2 logarithm of scrypt's N); none: about a second;
    /// for tests.
    pub work_factor: Option<u8>,
    /// `DOCKER_HOST`, where set: then no other engine is looked for, but a sandbox's own.
    pub engine: Option<String>,
    /// `DOCKER_CONFIG`, where set.
    pub docker_config: Option<PathBuf>,
    /// The files in which Docker and Podman note sign-ins; they are only read.
    pub sign_ins: credentials::Files,
    /// The folders in which Docker and Podman are told whom to trust, each with one a host; they are only read.
    pub cert_folders: Vec<PathBuf>,
    /// The programs of this computer: credential helpers are among them.
    pub programs: credentials::Programs,
    /// The `ssh` that leads to engines on other computers.
    pub ssh: engine::SshProgram,
    /// Which servers of a fixed address, `hub.docker.com`, and which registries, `docker.io`, are asked elsewhere on this computer; for
    /// tests. Where Docker Hub's search alone is, what it finds is in the registry that is there.
    pub instead: Instead,
    /// The `docker buildx` that builds, where the engine has BuildKit.
    pub buildx: BuildxAt,
    /// Path of `sandbox.json`, where a sandbox runs.
    pub sandbox: Option<PathBuf>,
    /// Where events go.
    pub events: Arc<dyn Events>,
    /// Where notifications of the desktop go.
    pub notices: Arc<dyn Notices>,
    /// Where exports are written to where the person has set nothing else; made where it is missing.
    pub downloads: PathBuf,
    /// Where what is set is kept.
    pub settings: Arc<dyn SettingsFile>,
    /// This computer's clock.
    pub clock: Clock,
    /// How long the watch waits between two rounds over one repository, before it is jittered; none: as the person has set.
    pub watch_every: Option<Duration>,
    /// How long an engine that is gone keeps its place, before another is taken; none: half a minute.
    pub engine_patience: Option<Duration>,
    /// What is asked of registries; whoever opens the app decides whether it listens.
    pub log: RequestLog,
    /// This computer's platform as containers see it; usually `Platform::here()`.
    pub platform: Platform,
}

/// Keeps values by their names in one file that a person can read. Both calls block, and come one after the other.
pub trait SettingsFile: Send + Sync {
    /// Reads the file, and returns what is in it; nothing where there is none.
    fn read(&self, file: &Path) -> Result<Map<String, Value>, String>;

    /// Puts these values in the place of what their names held, leaves all others, and writes the file.
    fn write(&self, values: Map<String, Value>) -> Result<(), String>;
}

/// Keeps values in memory alone: for a program that leaves no trace, and for tests.
#[derive(Default)]
pub struct SettingsInMemory(Mutex<Map<String, Value>>);

impl SettingsFile for SettingsInMemory {
    fn read(&self, _: &Path) -> Result<Map<String, Value>, String> {
        Ok(lock(&self.0).clone())
    }

    fn write(&self, values: Map<String, Value>) -> Result<(), String> {
        lock(&self.0).extend(values);
        Ok(())
    }
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Given back when a button is pressed.
    pub id: i64,
    /// One line.
    pub title: String,
    /// A sentence or two, plain text.
    pub body: String,
    /// Its buttons, in order; the first is also what a press on the notification itself means.
    pub actions: Vec<(NoticeAction, String)>,
}

/// What a button of a notification does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeAction {
    /// Brings the window forward, at the tag.
    Show,
    /// Keeps the commit that was displaced.
    Keep,
    /// Makes it active again.
    PutBack,
}

/// Shows notifications. Must not block.
pub trait Notices: Send + Sync {
    /// Shows one notification.
    fn show(&self, notice: Notice);
}

/// Shows no notification.
pub struct Silent;

impl Notices for Silent {
    fn show(&self, _: Notice) {}
}
