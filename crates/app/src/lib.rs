//! The use cases: what a person can do, without a window.
//!
//! The desktop shell (and later the command line) opens [`Longshore`], the table of contents, and calls one method of
//! one room a command. A room is a struct built from the rooms below it, so a missing arrow is a missing field; who may
//! use whom is held by a test (`tests/it/rooms.rs`). The types that cross to the window are in [`view`], every sentence
//! is in `words`.
//!
//! Not here: the protocol (`registry`), the daemon (`engine`), the keychain (`credentials`), SQL (`store`), the timeline
//! (`timeline`), pixels. Grows by a room.

mod about;
mod accounts;
mod active;
#[cfg(test)]
mod bindings;
mod computer;
mod connection;
mod content;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod ground;
mod history;
mod hosting;
mod keeping;
mod kinds;
mod local;
mod making;
mod removal;
mod repositories;
mod search;
mod settings;
mod tasks;
mod transfers;
pub mod view;
mod watching;
mod words;
mod work;

// What the shell fills [`Options`] with, so that it needs no crate but this one.
pub use accounts::{Accounts, cert_folders};
pub use active::Active;
pub use computer::Computer;
pub use connection::Connection;
pub use credentials::{Files, Keychain, Programs, SecretStore, SecretString, SessionSecrets};
pub use engine::SshProgram;
pub use ground::options::{
    BuildxAt, Events, Notice, NoticeAction, Notices, Options, SettingsFile, SettingsInMemory,
    Silent,
};
pub use ground::{Access, Clock, RequestLog, private_file, private_folder};
pub use history::Exchange;
pub use hosting::Hosting;
pub use keeping::Keeping;
pub use kinds::Kinds;
pub use making::Making;
pub use oci::Platform;
pub use registry::Instead;
pub use removal::Removal;
pub use repositories::Repositories;
pub use search::Search;
pub use settings::{Settings, WindowPlace};
pub use tasks::Tasks;
pub use transfers::Transfers;
pub use watching::Watching;
pub use work::{Orders, Work};

use about::About;
use content::Content;
use ground::turns::Turns;
use ground::{DATABASE, DataFolder, FolderError, Ground, Kept, Run};
use history::History;
use local::LocalEngine;
use std::sync::Arc;
use store::Store;
use view::problem::Problem;

/// The app without a window: its rooms. Cheap to clone. The async methods of its rooms need a tokio runtime.
#[derive(Clone)]
pub struct Longshore {
    /// Registries and sign-ins.
    pub accounts: Arc<Accounts>,
    /// Whose registries they are at.
    pub kinds: Arc<Kinds>,
    /// The connection check, and what it showed to be impossible.
    pub connection: Arc<Connection>,
    /// Registries that run on this computer.
    pub hosting: Arc<Hosting>,
    /// The engine and its images.
    pub computer: Arc<Computer>,
    /// Images that are made here.
    pub making: Arc<Making>,
    /// Public images, searched for.
    pub search: Arc<Search>,
    /// What the window lists.
    pub repositories: Arc<Repositories>,
    /// Export and import of what was seen.
    pub exchange: Arc<Exchange>,
    /// Keeping commits, and the rule for it.
    pub keeping: Arc<Keeping>,
    /// Tags that go back.
    pub active: Arc<Active>,
    /// What a deletion or pruning would do.
    pub removal: Arc<Removal>,
    /// What a push would do.
    pub transfers: Arc<Transfers>,
    /// Tags that others move.
    pub watching: Arc<Watching>,
    /// Long orders, taken in and started.
    pub orders: Arc<Orders>,
    /// Long work that runs, or has ended.
    pub tasks: Arc<Tasks<Work>>,
    /// How the app is set.
    pub settings: Arc<Settings>,
}

impl Longshore {
    /// Opens the data folder and builds the rooms, lowest first. Blocks shortly (a local file); needs no runtime.
    pub fn open(options: Options) -> Result<Self, Problem> {
        let ground = Arc::new(open_ground(&options)?);
        let settings = Arc::new(Settings::new(&ground, &options));
        let accounts = Arc::new(Accounts::new(&ground, &options));
        let kinds = Arc::new(Kinds::new(&ground, &accounts, options.programs.clone()));
        let local = LocalEngine::new(&ground, &options);
        let search = Arc::new(Search::new(&local, &options));
        let hosting = Arc::new(Hosting::new(&ground, &accounts, &local, &options));
        let making = Arc::new(Making::new(&ground, &local, &options));
        let content = Arc::new(Content::new(&ground));
        let about = Arc::new(About::new(&ground, &accounts, &content));
        let history = Arc::new(History::new(&ground, &accounts, &local, &content));
        let keeping = Keeping::new(&ground, &accounts, &content, &about, &history);
        let keeping = Arc::new(keeping);
        let removal = Removal::new(&ground, &accounts, &kinds, &content, &about, &history);
        let removal = Arc::new(removal);
        let connection = Connection::new(&ground, &accounts, &local, &content, &about, &removal);
        let connection = Arc::new(connection);
        let active = Active::new(
            &ground, &accounts, &kinds, &content, &about, &history, &keeping,
        );
        let active = Arc::new(active);
        let transfers = Arc::new(Transfers::new(&transfers::Below {
            ground: &ground,
            accounts: &accounts,
            local: &local,
            content: &content,
            about: &about,
            history: &history,
            keeping: &keeping,
        }));
        let watched_from = watching::Below {
            ground: &ground,
            accounts: &accounts,
            content: &content,
            about: &about,
            history: &history,
            keeping: &keeping,
            active: &active,
        };
        let watching = Watching::new(&watched_from, options.notices, options.watch_every);
        let watching = Arc::new(watching);
        let repositories = Arc::new(Repositories::new(&repositories::Below {
            ground: &ground,
            accounts: &accounts,
            kinds: &kinds,
            local: &local,
            content: &content,
            about: &about,
            history: &history,
            keeping: &keeping,
            removal: &removal,
            watching: &watching,
        }));
        let computer = Arc::new(Computer::new(&ground, &local, options.downloads.clone()));
        let run = work::run(&transfers, &removal, &making, &computer, &hosting);
        let tasks = Arc::new(Tasks::open(&ground, run)?);
        Ok(Self {
            orders: Arc::new(Orders::new(
                &tasks, &transfers, &removal, &making, &computer, &hosting,
            )),
            kinds,
            connection,
            hosting,
            making,
            computer,
            search,
            exchange: Arc::new(Exchange::new(&ground, &accounts, options.downloads)),
            settings,
            accounts,
            repositories,
            keeping,
            active,
            removal,
            transfers,
            watching,
            tasks,
        })
    }
}

/// How many bytes of manifests, and how many of configs, are kept that nothing names any more.
const UNNAMED: i64 = 64 * 1024 * 1024;

/// Says that something happened that should not; for what fails in a shell.
pub fn unexpected(why: impl std::fmt::Display) -> Problem {
    words::unexpected(why)
}

/// Says that there is no data folder; for whoever looks for its place before it can be opened.
pub fn no_data_folder(why: impl std::fmt::Display) -> Problem {
    words::general::no_data_folder(why)
}

fn open_ground(options: &Options) -> Result<Ground, Problem> {
    let folder = |error: &std::io::Error| words::general::of_folder(&options.data_dir, error);
    let data =
        DataFolder::open(&options.data_dir, options.access).map_err(|error| match error {
            FolderError::InUse => words::general::folder_in_use(),
            FolderError::File(error) => folder(&error),
        })?;
    let file = options.data_dir.join(DATABASE);
    let store = Store::open(&file).map_err(|error| words::of_store(&error))?;
    // Behind everything else, and where it fails the next start does it.
    std::thread::spawn(move || Store::open(&file).and_then(|store| store.evict_unnamed(UNNAMED)));
    let kept = Kept::open(&options.data_dir, Arc::clone(&options.settings));
    settings::take_over(&store, &kept).map_err(|error| words::of_store(&error))?;
    let run = Run::begin(&store, data, options.clock.now()).map_err(|error| match error {
        ground::RunError::Store(error) => words::of_store(&error),
        ground::RunError::File(error) => folder(&error),
    })?;
    let throttle = ground::Throttle::new(Arc::clone(&options.events));
    Ok(Ground {
        store,
        events: Arc::clone(&options.events),
        questions: ground::Questions::new(throttle.clone()),
        throttle,
        clock: options.clock.clone(),
        registry_clocks: ground::RegistryClocks::default(),
        platform: options.platform.clone(),
        turns: Turns::default(),
        kept,
        wake: tokio::sync::Notify::new(),
        found: tokio::sync::Notify::new(),
        run,
    })
}
