//! The room itself: what the accounts stand on.

use super::rates::Rates;
use super::session::Session;
use super::standing::Standing;
use crate::ground::Ground;
use crate::ground::options::Options;
use credentials::{EncryptedFile, SecretStore, SessionSecrets, Sources};
use registry::{Instead, SignInWay};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// The name of the encrypted file in the data folder.
const ENCRYPTED: &str = "sign-ins.age";

/// Whether an account may push to a repository, by both, and when that was said; `None`: the registry doesn't tell.
type Rights = HashMap<(i64, String), (Option<bool>, Instant)>;

/// What is known of a second sign-in in this run.
#[derive(Clone)]
pub(super) enum KnownSecond {
    /// It was read.
    Read(vendors::Second),
    /// The vendor's interface said that it is wrong: it isn't sent again.
    Refused,
}

/// The accounts, their secrets and their open registries.
pub struct Accounts {
    pub(super) ground: Arc<Ground>,
    pub(super) keychain: Arc<dyn SecretStore>,
    /// Secrets that are kept until the app is closed.
    pub(super) memory: Arc<SessionSecrets>,
    /// Secrets in a file that a passphrase encrypts, where a person wants them there.
    pub(super) encrypted: Arc<EncryptedFile>,
    /// Whether the last secret that was to be kept in the keychain found none on this computer.
    pub(super) no_keychain: AtomicBool,
    /// What reads the sign-ins that are used, our own and those of other programs.
    pub(super) sources: Sources,
    /// Where Docker and Podman are told whom to trust.
    pub(super) cert_folders: Vec<PathBuf>,
    pub(super) sandbox: Option<PathBuf>,
    /// Which servers of a fixed address are asked elsewhere, for tests.
    pub(super) instead: Instead,
    pub(super) sessions: Mutex<HashMap<i64, Session>>,
    /// What was learnt of the sign-ins in this run: locked, gone, wanted elsewhere.
    pub(super) standing: Arc<Standing>,
    /// What failed sign-ins of this run showed to be wanted, beyond what a registry says of itself to nobody.
    pub(super) wanted: Mutex<HashMap<oci::Host, (SignInWay, Instant)>>,
    /// What registries told lately of how many requests they still take.
    pub(super) rates: Arc<Rates>,
    pub(super) generations: AtomicU64,
    /// What accounts may push to, as their registries said lately; nothing where they don't tell.
    pub(super) rights: Mutex<Rights>,
    /// What is known in this run of the accounts' second sign-ins.
    pub(super) seconds: Mutex<HashMap<i64, KnownSecond>>,
    /// Taken while a secret is kept, or one that was left is removed: they may be one.
    pub(super) left: tokio::sync::Mutex<()>,
    /// Taken while programs are signed in or out: two at once would edit one file.
    pub(super) programs: tokio::sync::Mutex<()>,
    /// How often an account of a host signed in or out in this run.
    pub(super) sign_ins: Mutex<HashMap<oci::Host, u64>>,
}

impl Accounts {
    pub(crate) fn new(ground: &Arc<Ground>, options: &Options) -> Self {
        let memory = Arc::new(SessionSecrets::new());
        let encrypted = options.data_dir.join(ENCRYPTED);
        let encrypted = Arc::new(match options.work_factor {
            Some(work) => EncryptedFile::with_work_factor(encrypted, work),
            None => EncryptedFile::new(encrypted),
        });
        let sources = Sources::new(
            Arc::clone(&options.keychain),
            memory.clone(),
            encrypted.clone(),
            options.sign_ins.clone(),
            options.programs.clone(),
        );
        Self {
            ground: Arc::clone(ground),
            keychain: Arc::clone(&options.keychain),
            memory,
            encrypted,
            no_keychain: AtomicBool::new(false),
            sources,
            cert_folders: options.cert_folders.clone(),
            sandbox: options.sandbox.clone(),
            instead: options.instead.clone(),
            sessions: Mutex::default(),
            standing: Arc::new(Standing::new(ground)),
            wanted: Mutex::default(),
            rates: Arc::new(Rates::new(ground.clock.clone(), ground.throttle.clone())),
            generations: AtomicU64::new(0),
            rights: Mutex::default(),
            seconds: Mutex::default(),
            left: tokio::sync::Mutex::default(),
            programs: tokio::sync::Mutex::default(),
            sign_ins: Mutex::default(),
        }
    }
}
