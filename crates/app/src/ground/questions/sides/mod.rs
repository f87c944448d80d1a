//! Who is asked what, and who does not answer: pure, with the time handed in.
//!
//! Not here: asking, telling the window. Grows by a way not to answer.

use super::pace::Pace;
use crate::view::answering::{Silence, Unanswered, Whom};
use crate::view::problem::Problem;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// After how long a question is said to wait, and after how long that is a problem.
const WAITS: Duration = Duration::from_secs(3);
const TROUBLE: Duration = Duration::from_secs(20);

#[derive(Default)]
pub(super) struct Known {
    sides: BTreeMap<Whom, Side>,
    /// What the window was told last.
    told: Vec<Unanswered>,
    next: u64,
    /// True while somebody looks at how long the questions wait.
    pub looking: bool,
}

/// One side that is asked.
#[derive(Default)]
struct Side {
    open: HashMap<u64, Open>,
    heard: Option<Instant>,
    trouble: Option<Problem>,
    ended: bool,
    /// Something came to nothing, or was ended, since the window was last told to ask again.
    owes: bool,
    pace: Pace,
    /// True while somebody waits to tell the window.
    waits: bool,
}

/// When the window is told to ask one again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// There is nothing to tell, or somebody tells it later.
    Nothing,
    /// Now.
    Now,
    /// At this moment, and not before.
    At(Instant),
}

/// A question without its answer.
struct Open {
    /// When it was asked, or last heard something.
    quiet_since: Instant,
    /// What is said where nothing comes for long.
    late: Problem,
    end: CancellationToken,
}

impl Known {
    pub fn ask(&mut self, whom: &Whom, late: Problem, now: Instant) -> (u64, CancellationToken) {
        self.next += 1;
        let end = CancellationToken::new();
        let open = Open {
            quiet_since: now,
            late,
            end: end.clone(),
        };
        let side = self.sides.entry(whom.clone()).or_default();
        if *whom == Whom::SignIn {
            side.turn_to(&open);
        }
        side.ended = false;
        side.open.insert(self.next, open);
        (self.next, end)
    }

    pub fn close(&mut self, whom: &Whom, number: u64) {
        if let Some(side) = self.sides.get_mut(whom) {
            side.open.remove(&number);
        }
    }

    /// `asked` is the question that the answer belongs to, where it is one's.
    pub fn answered(&mut self, whom: &Whom, asked: Option<u64>, now: Instant) {
        let side = self.sides.entry(whom.clone()).or_default();
        side.heard = Some(now);
        side.trouble = None;
        side.ended = false;
        if let Some(open) = asked.and_then(|number| side.open.get_mut(&number)) {
            open.quiet_since = now;
        }
    }

    pub fn failed(&mut self, whom: &Whom, began: Instant, problem: Problem) -> bool {
        let side = self.sides.entry(whom.clone()).or_default();
        let is_in_doubt = side.heard.is_none_or(|heard| heard < began);
        if is_in_doubt {
            side.trouble = Some(problem);
            side.owes = true;
        }
        is_in_doubt
    }

    /// Says when the window is to ask again for what came to nothing there, now that it answers.
    pub fn tell_answers(&mut self, whom: &Whom, now: Instant) -> Telling {
        let Some(side) = self.sides.get_mut(whom) else {
            return Telling::Nothing;
        };
        if !side.owes || side.waits || side.trouble.is_some() {
            return Telling::Nothing;
        }
        let due = side.pace.due(now);
        if due > now {
            side.waits = true;
            return Telling::At(due);
        }
        side.pace.take(now);
        side.owes = false;
        Telling::Now
    }

    /// Notes that the wait of [`Telling::At`] is over.
    pub fn waited(&mut self, whom: &Whom) {
        if let Some(side) = self.sides.get_mut(whom) {
            side.waits = false;
        }
    }

    pub fn end(&mut self, whom: &Whom) {
        let Some(side) = self.sides.get_mut(whom) else {
            return;
        };
        let is_asked = !side.open.is_empty();
        side.ended |= is_asked;
        side.owes |= is_asked;
        for (_, open) in side.open.drain() {
            open.end.cancel();
        }
    }

    /// Forgets one.
    pub fn forget(&mut self, whom: &Whom) {
        self.end(whom);
        self.sides.remove(whom);
    }

    pub fn is_asked(&self) -> bool {
        self.sides.values().any(|side| !side.open.is_empty())
    }

    pub fn is_in_trouble(&self, whom: &Whom) -> bool {
        let side = self.sides.get(whom);
        side.is_some_and(|side| side.trouble.is_some())
    }

    pub fn unanswered(&self, now: Instant) -> Vec<Unanswered> {
        let told = |(whom, side): (&Whom, &Side)| {
            Some(Unanswered {
                whom: whom.clone(),
                state: side.state(now)?,
            })
        };
        self.sides.iter().filter_map(told).collect()
    }

    /// Tells whether the window knows otherwise, and takes it as told.
    pub fn is_news(&mut self, now: Instant) -> bool {
        let unanswered = self.unanswered(now);
        let is_news = self.told != unanswered;
        self.told = unanswered;
        is_news
    }

    /// Begins a doubt of whoever lets a question wait for long and says nothing to anybody meanwhile.
    pub fn note_the_late(&mut self, now: Instant) {
        for side in self.sides.values_mut() {
            let is_silent = side.heard.is_none_or(|heard| now - heard >= TROUBLE);
            let mut open = side.open.values();
            let late = open.find(|open| now - open.quiet_since >= TROUBLE);
            if is_silent
                && side.trouble.is_none()
                && let Some(open) = late
            {
                side.trouble = Some(open.late.clone());
                side.owes = true;
            }
        }
    }
}

impl Side {
    /// Turns to the address that stands in the sheet now: what is asked of another one, told by what is said of it, is looked at by
    /// nobody any more, and what that one did is no trouble of this one.
    fn turn_to(&mut self, asked: &Open) {
        self.open.retain(|_, open| {
            let stays = open.late == asked.late;
            if !stays {
                open.end.cancel();
            }
            stays
        });
        if self.open.is_empty() {
            self.trouble = None;
        }
    }

    fn state(&self, now: Instant) -> Option<Silence> {
        if let Some(problem) = &self.trouble {
            return Some(Silence::Trouble {
                problem: problem.clone(),
                asking: !self.open.is_empty(),
            });
        }
        if self.ended {
            return Some(Silence::Ended);
        }
        let waits = |open: &Open| now - open.quiet_since >= WAITS;
        self.open.values().any(waits).then_some(Silence::Waiting)
    }
}

#[cfg(test)]
mod tests;
