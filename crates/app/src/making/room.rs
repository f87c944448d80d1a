//! The room itself: what making stands on.

use super::build::builders::Builders;
use super::build::log::Logs;
use crate::ground::Ground;
use crate::ground::options::Options;
use crate::local::LocalEngine;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// Makes images.
pub struct Making {
    pub(super) ground: Arc<Ground>,
    pub(super) local: Arc<LocalEngine>,
    pub(super) logs: Logs,
    pub(super) builders: Builders,
    /// True where the look into a folder that was begun last is wanted no more.
    pub(super) looking: Mutex<Arc<AtomicBool>>,
}

impl Making {
    pub(crate) fn new(ground: &Arc<Ground>, local: &Arc<LocalEngine>, options: &Options) -> Self {
        Self {
            ground: Arc::clone(ground),
            local: Arc::clone(local),
            logs: Logs::default(),
            builders: Builders::new(options),
            looking: Mutex::default(),
        }
    }
}
