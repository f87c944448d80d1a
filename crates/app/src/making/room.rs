//! The room itself: what making stands on.

use super::build::log::Logs;
use crate::ground::Ground;
use crate::local::LocalEngine;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// Makes images.
pub struct Making {
    pub(super) ground: Arc<Ground>,
    pub(super) local: Arc<LocalEngine>,
    pub(super) logs: Logs,
    /// True where the look into a folder that was begun last is wanted no more.
    pub(super) looking: Mutex<Arc<AtomicBool>>,
}

impl Making {
    pub(crate) fn new(ground: &Arc<Ground>, local: &Arc<LocalEngine>) -> Self {
        Self {
            ground: Arc::clone(ground),
            local: Arc::clone(local),
            logs: Logs::default(),
            looking: Mutex::default(),
        }
    }
}
