//! How far a transfer is, from what the engine says layer by layer.
//!
//! What has moved is never counted back: an engine that tries a layer again begins it anew, and its count stands still
//! until it is past where it was.

use crate::view::tasks::{ItemState, Retrying, TaskItem, TaskView};
use engine::LayerState;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// The window over which the rate is taken.
const WINDOW: Duration = Duration::from_secs(3);

/// Bytes by layer, the sum, and the rate.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    layers: Vec<Layer>,
    places: HashMap<String, usize>,
    recent: VecDeque<(Instant, u64)>,
    /// After how many tries of a layer the engine gives up, where that is known.
    tries: Option<u32>,
    /// Bytes that had moved when a layer broke off last.
    broke_at: u64,
    /// It is one file, which is no row of its own.
    is_file: bool,
    /// Something changed since it was last shown.
    dirty: bool,
}

/// One layer.
#[derive(Debug)]
struct Layer {
    item: TaskItem,
    /// A manifest told its size; what the engine says of it is cut to that.
    sized: bool,
    /// How often it broke off.
    breaks: u32,
    /// Seconds that the engine last said it waits; none while it does not wait.
    pause: Option<u64>,
    /// It broke off, and is not past where it was then.
    behind: bool,
}

impl Meter {
    /// Makes a meter for layers of known sizes, by the first 12 digits of their digests.
    pub fn with_layers(layers: impl IntoIterator<Item = (String, u64)>) -> Self {
        let mut meter = Self::default();
        for (id, total) in layers {
            // One layer may stand twice in a manifest; it is moved once.
            if !meter.places.contains_key(&id) {
                let layer = meter.layer(&id);
                layer.item.total = total;
                layer.sized = true;
            }
        }
        meter.dirty = true;
        meter
    }

    /// Names the one thing that a meter of a file measures.
    pub const FILE: &'static str = "file";

    /// Makes a meter for one file of this length; 0: it is not known.
    pub fn of_file(total: u64) -> Self {
        Self {
            is_file: true,
            ..Self::with_layers([(Self::FILE.to_owned(), total)])
        }
    }

    /// Makes a meter for an engine that gives a layer up after so many tries.
    pub fn with_tries(tries: u32) -> Self {
        Self {
            tries: Some(tries),
            ..Self::default()
        }
    }

    /// Takes what the engine says of a layer.
    pub fn take(&mut self, id: &str, state: LayerState) {
        let moved = self.moved();
        let layer = self.layer(oci::short_id(id));
        let before = (layer.item.clone(), layer.breaks);
        let broke = layer.take(state);
        let changed = before != (layer.item.clone(), layer.breaks);
        if broke {
            self.broke_at = moved;
        }
        self.dirty |= changed;
    }

    /// Tells whether there is something new to show.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Tells whether every layer is where it should be (and there is one).
    pub fn all_there(&self) -> bool {
        let there = |layer: &Layer| matches!(layer.item.state, ItemState::Exists | ItemState::Done);
        !self.layers.is_empty() && self.layers.iter().all(there)
    }

    /// Writes the progress into what the window sees.
    pub fn fill(&mut self, view: &mut TaskView) {
        self.fill_at(view, Instant::now());
    }

    fn fill_at(&mut self, view: &mut TaskView, now: Instant) {
        self.dirty = false;
        view.done = self.moved();
        view.total = self.moving().map(|item| item.total).sum();
        let items = self.layers.iter().filter(|_| !self.is_file);
        view.items = items.map(|layer| layer.item.clone()).collect();
        view.retrying = self.retrying();
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
            // While a layer is moved a second time, what is counted says nothing of how fast bytes go.
            (seconds >= 0.5 && view.retrying.is_none()).then(|| moved / seconds)
        });
        self.recent.push_back((now, view.done));
    }

    /// Returns what is moved. What was there already is neither moved nor to be moved: the bar is over what really goes.
    fn moving(&self) -> impl Iterator<Item = &TaskItem> {
        let items = self.layers.iter().map(|layer| &layer.item);
        items.filter(|item| item.state != ItemState::Exists)
    }

    fn moved(&self) -> u64 {
        self.moving().map(|item| item.done).sum()
    }

    /// Returns what is tried again; of several layers the one that was tried most often.
    fn retrying(&self) -> Option<Retrying> {
        let behind = self.layers.iter().filter(|layer| layer.behind);
        let attempt = behind.map(|layer| layer.breaks.saturating_add(1)).max()?;
        Some(Retrying {
            at: self.broke_at,
            attempt,
            of: self.tries.filter(|tries| *tries >= attempt),
        })
    }

    fn layer(&mut self, id: &str) -> &mut Layer {
        let index = self.places.get(id).copied().unwrap_or_else(|| {
            self.layers.push(Layer::new(id));
            self.places.insert(id.to_owned(), self.layers.len() - 1);
            self.layers.len() - 1
        });
        &mut self.layers[index]
    }
}

impl Layer {
    fn new(id: &str) -> Self {
        Self {
            item: TaskItem {
                id: id.to_owned(),
                done: 0,
                total: 0,
                state: ItemState::Waiting,
            },
            sized: false,
            breaks: 0,
            pause: None,
            behind: false,
        }
    }

    /// Takes what the engine says of it; tells whether it broke off just now.
    fn take(&mut self, state: LayerState) -> bool {
        let pause = self.pause.take();
        let item = &mut self.item;
        match state {
            LayerState::Waiting => item.state = ItemState::Waiting,
            LayerState::Retrying { seconds } => {
                item.state = ItemState::Retrying;
                self.pause = Some(seconds);
                self.behind = true;
                // A pause is counted down; one that grows is another one.
                let broke = pause.is_none_or(|before| seconds > before);
                self.breaks = self.breaks.saturating_add(u32::from(broke));
                return broke;
            }
            LayerState::Moving { done, total } => {
                item.state = ItemState::Moving;
                if !self.sized && total > 0 {
                    item.total = total.max(item.done);
                }
                let done = if item.total > 0 {
                    done.min(item.total)
                } else {
                    done
                };
                self.behind &= done <= item.done && done < item.total.max(1);
                item.done = item.done.max(done);
            }
            LayerState::Verifying | LayerState::Unpacking { .. } | LayerState::Moved => {
                self.there(ItemState::Unpacking);
            }
            LayerState::Exists => self.there(ItemState::Exists),
            LayerState::Done => self.there(ItemState::Done),
        }
        false
    }

    /// Notes that all its bytes are there.
    fn there(&mut self, state: ItemState) {
        self.behind = false;
        self.item.state = state;
        self.item.total = self.item.total.max(self.item.done);
        self.item.done = self.item.total;
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
            image: None,
            engine: None,
            state: TaskState::Running,
            unit: TaskKind::Pull.unit(),
            untold: false,
            can_retry: true,
            done: 0,
            total: 0,
            rate: None,
            retrying: None,
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
    }

    #[test]
    fn what_is_tried_again_is_told_and_never_counted_back() {
        let mut meter = Meter::with_tries(5);
        let mut view = view();
        let start = Instant::now();
        let moving = |done| LayerState::Moving { done, total: 100 };
        let told = |at, attempt, of| Some(Retrying { at, attempt, of });
        let mut shown = |meter: &mut Meter, at: u64| {
            meter.fill_at(&mut view, start + Duration::from_millis(at));
            (view.done, view.retrying.clone(), view.rate.is_some())
        };
        meter.take("b", LayerState::Done);
        meter.take("a", moving(57));
        assert_eq!(shown(&mut meter, 0), (57, None, false));
        for seconds in (1..=5).rev() {
            meter.take("a", LayerState::Retrying { seconds });
        }
        assert_eq!(shown(&mut meter, 600), (57, told(57, 2, Some(5)), false));
        // It begins anew, and is told until it is past where it was.
        meter.take("a", LayerState::Waiting);
        meter.take("a", moving(0));
        meter.take("a", moving(57));
        assert_eq!(shown(&mut meter, 1200), (57, told(57, 2, Some(5)), false));
        meter.take("a", moving(60));
        assert_eq!(shown(&mut meter, 1800), (60, None, true));
        // Breaks that follow on each other are told apart by their pauses.
        for seconds in [2, 1, 3, 2, 1, 4, 5, 6] {
            meter.take("a", LayerState::Retrying { seconds });
        }
        assert_eq!(shown(&mut meter, 2400), (60, told(60, 7, None), false));
        meter.take("a", LayerState::Done);
        assert_eq!(shown(&mut meter, 3000), (100, None, true));
    }

    #[test]
    fn a_layer_of_unknown_size_keeps_its_count_to_the_end() {
        let mut meter = Meter::default();
        let mut view = view();
        meter.take("a", LayerState::Moving { done: 7, total: 0 });
        meter.take("a", LayerState::Retrying { seconds: 5 });
        meter.take("a", LayerState::Moving { done: 3, total: 5 });
        meter.fill(&mut view);
        assert_eq!((view.done, view.total), (7, 7));
        meter.take("a", LayerState::Verifying);
        meter.fill(&mut view);
        assert_eq!((view.done, view.total), (7, 7));
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
