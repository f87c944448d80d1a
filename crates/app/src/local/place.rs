//! Whose place it is: an engine that is gone keeps its place for a while, as it usually comes back, and what is asked of
//! one's own engine goes to no other meanwhile. Then the next one that answers is taken, and that is said.
//!
//! Not here: which engines there may be (`engine::find`, what is set), and noticing that one goes (`watch`). Grows when
//! several engines are used at once.

use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words::engine as say;
use engine::{Address, Engine, Error};
use std::time::Duration;
use tokio::time::Instant;

/// How long an engine that is gone keeps its place: Docker's own restart takes less.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

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
    /// Since when it is gone.
    gone: Option<Instant>,
}

/// The place of the engine that is used.
pub(super) struct Place {
    patience: Duration,
    engine: Option<Engine>,
    last: Option<Last>,
    /// That another is used than was before, where nobody chose it.
    instead: Option<Said>,
}

impl Place {
    pub fn new(patience: Duration) -> Self {
        Self {
            patience,
            engine: None,
            last: None,
            instead: None,
        }
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
            && last.gone.is_some_and(|gone| gone.elapsed() < self.patience)
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
        self.instead = match before {
            // The same again: what was to be said of it is still so.
            Some(last) if last.address == *address => self.instead.take(),
            Some(last) if !is_best => {
                let (before, now) = (last.name, engine.name());
                Some(say::instead(before, &last.address, now, address))
            }
            _ => None,
        };
        self.last = Some(Last {
            set: candidates.set,
            first: candidates.addresses.first().cloned(),
            address: address.clone(),
            name: engine.name(),
            has_others: candidates.addresses.len() > 1,
            gone: None,
        });
        self.engine = Some(engine.clone());
        engine
    }
}
