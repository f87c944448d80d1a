//! How far a transfer is, from what the engine says layer by layer.

use crate::view::tasks::{ItemState, TaskItem, TaskView};
use engine::LayerState;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// The window over which the rate is taken.
const WINDOW: Duration = Duration::from_secs(3);

/// Bytes by layer, the sum, and the rate.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    items: Vec<TaskItem>,
    places: HashMap<String, usize>,
    /// Layers whose size a manifest told; what the engine says of them is scaled to it.
    sized: Vec<bool>,
    recent: VecDeque<(Instant, u64)>,
    /// Something changed since it was last shown.
    dirty: bool,
}

impl Meter {
    /// Makes a meter for layers of known sizes, by the first 12 digits of their digests.
    pub fn with_layers(layers: impl IntoIterator<Item = (String, u64)>) -> Self {
        let mut meter = Self::default();
        for (id, total) in layers {
            // One layer may stand twice in a manifest; it is moved once.
            if !meter.places.contains_key(&id) {
                let index = meter.place(&id);
                meter.items[index].total = total;
                meter.sized[index] = true;
            }
        }
        meter.dirty = true;
        meter
    }

    /// Takes what the engine says of a layer.
    pub fn take(&mut self, id: &str, state: LayerState) {
        let id = oci::short_id(id);
        let index = self.place(id);
        let sized = self.sized[index];
        let item = &mut self.items[index];
        let before = item.clone();
        match state {
            LayerState::Waiting => {
                item.state = ItemState::Waiting;
                // A layer that is tried again starts from nothing.
                item.done = 0;
            }
            LayerState::Moving { done, total } => {
                item.state = ItemState::Moving;
                if !sized && total > 0 {
                    item.total = total;
                }
                item.done = if item.total > 0 {
                    done.min(item.total)
                } else {
                    done
                };
            }
            LayerState::Verifying | LayerState::Unpacking { .. } | LayerState::Moved => {
                item.state = ItemState::Unpacking;
                item.done = item.total;
            }
            LayerState::Exists | LayerState::Done => {
                item.state = if state == LayerState::Exists {
                    ItemState::Exists
                } else {
                    ItemState::Done
                };
                item.total = item.total.max(item.done);
                item.done = item.total;
            }
        }
        self.dirty |= *item != before;
    }

    /// Tells whether there is something new to show.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Tells whether every layer is where it should be (and there is one).
    pub fn all_there(&self) -> bool {
        !self.items.is_empty()
            && self
                .items
                .iter()
                .all(|item| matches!(item.state, ItemState::Exists | ItemState::Done))
    }

    /// Writes the progress into what the window sees.
    pub fn fill(&mut self, view: &mut TaskView) {
        self.fill_at(view, Instant::now());
    }

    fn fill_at(&mut self, view: &mut TaskView, now: Instant) {
        self.dirty = false;
        // What was there already is neither moved nor to be moved: the bar is over what really goes.
        let moving = || {
            self.items
                .iter()
                .filter(|item| item.state != ItemState::Exists)
        };
        view.done = moving().map(|item| item.done).sum();
        view.total = moving().map(|item| item.total).sum();
        view.items.clone_from(&self.items);
        while self
            .recent
            .front()
            .is_some_and(|(at, _)| now.duration_since(*at) > WINDOW)
        {
            self.recent.pop_front();
        }
        view.rate = self.recent.front().and_then(|(at, done)| {
            let seconds = now.duration_since(*at).as_secs_f64();
            #[allow(clippy::cast_precision_loss)] // bytes of a rate
            let moved = view.done.saturating_sub(*done) as f64;
            (seconds >= 0.5).then(|| moved / seconds)
        });
        self.recent.push_back((now, view.done));
    }

    fn place(&mut self, id: &str) -> usize {
        if let Some(index) = self.places.get(id) {
            return *index;
        }
        let index = self.items.len();
        self.items.push(TaskItem {
            id: id.to_owned(),
            done: 0,
            total: 0,
            state: ItemState::Waiting,
        });
        self.sized.push(false);
        self.places.insert(id.to_owned(), index);
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tasks::{TaskKind, TaskState};

    fn view() -> TaskView {
        TaskView {
            id: "1".into(),
            kind: TaskKind::Pull,
            account: "1".into(),
            repository: "a/b".into(),
            tag: "v1".into(),
            short: String::new(),
            state: TaskState::Running,
            unit: TaskKind::Pull.unit(),
            can_retry: true,
            done: 0,
            total: 0,
            rate: None,
            items: Vec::new(),
            outcome: None,
            problem: None,
            started_at: 0,
            finished_at: None,
        }
    }

    #[test]
    fn a_pull_is_measured_by_the_manifest() {
        let mut meter = Meter::with_layers([
            ("aaaaaaaaaaaa".to_owned(), 100),
            ("bbbbbbbbbbbb".to_owned(), 50),
        ]);
        let mut view = view();
        meter.take(
            "aaaaaaaaaaaa",
            LayerState::Moving {
                done: 400,
                total: 999,
            },
        );
        meter.take("bbbbbbbbbbbb", LayerState::Exists);
        meter.fill(&mut view);
        assert_eq!((view.done, view.total), (100, 100));
        assert!(!meter.all_there());
        meter.take("aaaaaaaaaaaa", LayerState::Done);
        assert!(meter.all_there());
    }

    #[test]
    fn a_push_is_measured_by_the_engine() {
        let mut meter = Meter::default();
        let mut view = view();
        meter.take(
            "sha256:aaaaaaaaaaaabbbbbb",
            LayerState::Moving {
                done: 10,
                total: 40,
            },
        );
        meter.take("cccccccccccc", LayerState::Waiting);
        meter.fill(&mut view);
        assert_eq!((view.done, view.total, view.items.len()), (10, 40, 2));
        assert_eq!(view.items[0].id, "aaaaaaaaaaaa");
        meter.take("aaaaaaaaaaaa", LayerState::Waiting);
        meter.fill(&mut view);
        assert_eq!(
            view.done, 0,
            "a layer that is tried again starts from nothing"
        );
    }

    #[test]
    fn the_rate_is_over_the_last_seconds() {
        let mut meter = Meter::with_layers([("a".to_owned(), 10_000)]);
        let mut view = view();
        let start = Instant::now();
        meter.fill_at(&mut view, start);
        assert_eq!(view.rate, None);
        meter.take(
            "a",
            LayerState::Moving {
                done: 2_000,
                total: 10_000,
            },
        );
        meter.fill_at(&mut view, start + Duration::from_secs(2));
        assert_eq!(view.rate, Some(1_000.0));
        meter.fill_at(&mut view, start + Duration::from_mins(1));
        assert_eq!(view.rate, None, "a rate of long ago is none");
    }
}
