//! The room itself: what it stands on.

use crate::accounts::Accounts;
use crate::ground::Ground;
use crate::ground::options::Options;
use crate::local::LocalEngine;
use std::path::PathBuf;
use std::sync::Arc;

/// The folder in the data folder with what each registry is started by.
const OWN: &str = "hosted";

/// The registries that were started on this computer.
pub struct Hosting {
    pub(super) ground: Arc<Ground>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) local: Arc<LocalEngine>,
    pub(super) programs: credentials::Programs,
    /// Where what each is started by lies: its settings, who may sign in, what it wrote.
    pub(super) own: PathBuf,
    /// Where a folder for data is proposed.
    pub(super) beside: PathBuf,
    /// Taken by whoever starts one, stops it or takes it away: two at once would take one port, or one folder.
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl Hosting {
    pub(crate) fn new(
        ground: &Arc<Ground>,
        accounts: &Arc<Accounts>,
        local: &Arc<LocalEngine>,
        options: &Options,
    ) -> Self {
        Self {
            ground: Arc::clone(ground),
            accounts: Arc::clone(accounts),
            local: Arc::clone(local),
            programs: options.programs.clone(),
            own: options.data_dir.join(OWN),
            beside: options
                .downloads
                .parent()
                .unwrap_or(&options.data_dir)
                .to_owned(),
            turn: tokio::sync::Mutex::default(),
        }
    }
}
