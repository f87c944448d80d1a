//! Whose place it is: an engine that is gone keeps its place for a while, as it usually comes back, and what is asked of
//! one's own engine goes to no other meanwhile. Then the next one that answers is taken, and that is said. The one before
//! is given its place again when it is back, and that is said too, for a while.
//!
//! Not here: which engines there may be (`engine::find`, what is set), and noticing that one goes (`watch`) or is back
//! (`back`). Grows when several engines are used at once.

use super::again::is_far;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words::engine as say;
use engine::{Address, Engine, Error};
use std::time::Duration;
use tokio::time::Instant;

/// How long an engine that is gone keeps its place: Docker's own restart takes less.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// How long it is said that an engine is back: then it is what is usual.
pub(super) const NEWS: Duration = Duration::from_mins(10);

/// Where an engine may be, best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidates {
    /// What the person has set.
    pub set: Option<String>,
    /// Never empty.
    pub addresses: Vec<Address>,
}

impl Candidates {
    /// Tells whether these are wanted as those were: where the person chose anew, in the settings or by a context of
    /// Docker's, nothing keeps its place.
    fn are_wanted_as(&self, last: &Last) -> bool {
        self.set == last.set && self.addresses.first() == last.first.as_ref()
    }
}

/// The engine that was used last.
struct Last {
    set: Option<String>,
    /// The best candidate then.
    first: Option<Address>,
    address: Address,
    name: &'static str,
    /// There are others that may take its place.
    has_others: bool,
    /// One of all these is on another computer.
    some_are_far: bool,
    /// Since when it is gone.
    gone: Option<Instant>,
}

/// The place of the engine that is used.
pub(super) struct Place {
    patience: Duration,
    engine: Option<Engine>,
    last: Option<Last>,
    /// Those that lost it while nobody chose another, the first one first.
    former: Vec<Address>,
    /// That another is used than was before, where nobody chose it.
    instead: Option<Said>,
    /// That the one before is used again, and since when.
    back: Option<(Said, Instant)>,
}

impl Place {
    pub fn new(patience: Duration) -> Self {
        Self {
            patience,
            engine: None,
            last: None,
            former: Vec::new(),
            instead: None,
            back: None,
        }
    }

    /// Returns how long an engine that is gone keeps its place.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// Returns the engine that is used, where it was not set otherwise since.
    pub fn engine(&self, set: Option<&str>) -> Option<&Engine> {
        let is_set = |last: &Last| last.set.as_deref() == set;
        let engine = self.engine.as_ref()?;
        self.last.as_ref().is_some_and(is_set).then_some(engine)
    }

    /// Returns that another engine is used than was before, where nobody chose it.
    pub fn instead(&self) -> Option<&Said> {
        self.instead.as_ref()
    }

    /// Returns that the engine of before is used again, for as long as that is news.
    pub fn back(&self) -> Option<&Said> {
        let news = self.back.as_ref();
        news.and_then(|(said, since)| (since.elapsed() < NEWS).then_some(said))
    }

    /// Returns where those are that lost their place, and may be back: the first one first.
    pub fn former(&self) -> &[Address] {
        &self.former
    }

    /// Gives an engine that is back its place again; false where it is no longer its own, as somebody chose anew.
    pub fn give_back(&mut self, engine: Engine, candidates: Candidates) -> bool {
        let is_former = self.former.contains(engine.address());
        let wanted = self
            .last
            .as_ref()
            .is_some_and(|last| candidates.are_wanted_as(last));
        if is_former && wanted {
            self.take(engine, candidates);
        }
        is_former && wanted
    }

    /// Notes that the engine is gone; true where one was used.
    pub fn leave(&mut self) -> bool {
        let was = self.engine.take().is_some();
        if let Some(last) = self.last.as_mut().filter(|_| was) {
            last.gone = Some(Instant::now());
        }
        was
    }

    /// Finds the engine that is used from now on.
    pub async fn find(&mut self, candidates: Candidates) -> Result<Engine, Problem> {
        self.engine = None;
        let last = self
            .last
            .as_ref()
            .filter(|last| candidates.are_wanted_as(last));
        if let Some(last) = last
            && self.is_kept(last)
        {
            return match Engine::connect(&last.address).await {
                Ok(engine) => Ok(self.take(engine, candidates)),
                Err(error) => Err(self.told(&error)),
            };
        }
        match Engine::first(&candidates.addresses).await {
            Ok(engine) => Ok(self.take(engine, candidates)),
            Err(error) => Err(say::of_engine(&error)),
        }
    }

    /// Tells whether an engine that is gone keeps its place still.
    fn is_kept(&self, last: &Last) -> bool {
        last.gone.is_some_and(|gone| gone.elapsed() < self.patience)
    }

    /// Tells whether another computer is asked when an engine is looked for now.
    pub fn looks_far(&self) -> bool {
        self.last
            .as_ref()
            .is_some_and(|last| is_far(&last.address) || (last.some_are_far && !self.is_kept(last)))
    }

    /// Says what an engine came to: of one that is gone and keeps its place, just that.
    pub fn told(&self, error: &Error) -> Problem {
        match &self.last {
            Some(last) if last.gone.is_some() && error.is_absent() => {
                let keeps = last.has_others.then_some(self.patience.as_secs());
                say::went(last.name, error, keeps)
            }
            _ => say::of_engine(error),
        }
    }

    /// Gives an engine the place.
    fn take(&mut self, engine: Engine, candidates: Candidates) -> Engine {
        let address = engine.address();
        let before = self
            .last
            .take()
            .filter(|last| candidates.are_wanted_as(last));
        let is_best = candidates.addresses.first() == Some(address);
        let had_it = self.former.iter().position(|former| former == address);
        match before {
            // The same again: what was to be said of it is still so.
            Some(last) if last.address == *address => {}
            Some(last) => {
                let (before, now) = (last.name, engine.name());
                (self.instead, self.back) = (None, None);
                if let Some(at) = had_it {
                    self.former.truncate(at);
                    let said = say::back(now, address, before, &last.address);
                    self.back = Some((said, Instant::now()));
                } else if is_best {
                    self.former.clear();
                } else {
                    self.instead = Some(say::instead(before, &last.address, now, address));
                    self.former.push(last.address);
                }
            }
            None => {
                self.former.clear();
                (self.instead, self.back) = (None, None);
            }
        }
        self.last = Some(Last {
            set: candidates.set,
            first: candidates.addresses.first().cloned(),
            address: address.clone(),
            name: engine.name(),
            has_others: candidates.addresses.len() > 1,
            some_are_far: candidates.addresses.iter().any(is_far),
            gone: None,
        });
        self.engine = Some(engine.clone());
        engine
    }
}
