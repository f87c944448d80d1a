//! Images as an archive on this computer's disk: written by the engine's own save, and read by its load.
//!
//! The bytes are a stream with the engine at one end; they are never held. Not here: what else may be dropped on the window
//! (`paths`). Grows by another form of archive.

mod load;
mod save;

use crate::tasks::{Meter, Running};
use crate::view::computer::{LoadOrder, SaveOrder};
use engine::LayerState;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How many pieces of a file wait between it and the engine.
const WAITING: usize = 4;
/// The window is told at most this often.
const TICK: Duration = Duration::from_millis(100);

/// Images that are saved, as it is stored, to be repeated.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Saving {
    /// Names, or ids of what has none.
    pub images: Vec<String>,
    /// The folder; none: the downloads.
    pub folder: Option<String>,
}

/// An archive that is loaded, as it is stored, to be repeated.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Loading {
    /// The file, whole.
    pub path: String,
    /// The names of other images that may move, as the sheet showed them.
    pub moves: Vec<String>,
}

impl From<SaveOrder> for Saving {
    fn from(order: SaveOrder) -> Self {
        Self {
            images: order.images,
            folder: order.folder,
        }
    }
}

impl From<LoadOrder> for Loading {
    fn from(order: LoadOrder) -> Self {
        Self {
            path: order.path,
            moves: order.moves,
        }
    }
}

impl Saving {
    /// Returns what the one image is called; none where there are several.
    pub fn one(&self) -> Option<String> {
        match self.images.as_slice() {
            [one] => Some(shown(one)),
            _ => None,
        }
    }

    /// Returns how many there are, where that is more than one.
    pub fn several(&self) -> String {
        match self.images.len() {
            1 => String::new(),
            many => many.to_string(),
        }
    }
}

impl Loading {
    /// Returns what a person calls it: the file's own name.
    pub fn called(&self) -> String {
        let name = Path::new(&self.path).file_name();
        name.map_or_else(
            || self.path.clone(),
            |name| name.to_string_lossy().into_owned(),
        )
    }
}

/// Returns an image as it is shown: by its name, or by the first digits of its id.
fn shown(image: &str) -> String {
    if image.starts_with("sha256:") {
        oci::short_id(image).to_owned()
    } else {
        image.to_owned()
    }
}

fn ticks() -> Interval {
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick
}

/// How far a file is.
struct Progress(Meter);

impl Progress {
    fn of(total: u64) -> Self {
        Self(Meter::of_file(total))
    }

    fn show(&mut self, running: &Running, done: u64) {
        self.0
            .take(Meter::FILE, LayerState::Moving { done, total: 0 });
        if self.0.is_dirty() {
            running.show(&mut self.0);
        }
    }

    fn end(&mut self, running: &Running, done: u64) {
        self.0
            .take(Meter::FILE, LayerState::Moving { done, total: 0 });
        self.0.take(Meter::FILE, LayerState::Done);
        running.show(&mut self.0);
    }
}
