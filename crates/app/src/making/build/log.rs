//! What builds say: their steps with the last lines of each, kept in memory for as long as the app runs.
//!
//! Bounded in every direction: lines of a step, bytes of them, steps of a build, builds. Not here: what a line means
//! (`engine`).

use crate::ground::lock;
use crate::view::making::{BuildLog, BuildStep, StepState};
use engine::{BuildEvent, StepEnd};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// The lines of a step that are kept.
const LINES: usize = 500;
/// The bytes of them.
const BYTES: usize = 64 * 1024;
/// The longest line, in characters.
const LONGEST: usize = 4096;
/// The steps of a build that are kept.
const STEPS: usize = 1000;
/// The builds that are remembered, the newest.
const BUILDS: usize = 20;

/// The logs of the builds of this run, by task.
#[derive(Default)]
pub(in crate::making) struct Logs(Mutex<BTreeMap<i64, Arc<Mutex<Log>>>>);

impl Logs {
    /// Begins the log of a build.
    pub(super) fn begin(&self, task: i64) -> Arc<Mutex<Log>> {
        let log = Arc::new(Mutex::new(Log::default()));
        let mut logs = lock(&self.0);
        logs.insert(task, Arc::clone(&log));
        while logs.len() > BUILDS {
            logs.pop_first();
        }
        log
    }

    /// Returns what a build has said; nothing of one of an earlier run.
    pub(super) fn of(&self, task: i64) -> BuildLog {
        let log = lock(&self.0).get(&task).cloned();
        log.map(|log| lock(&log).view()).unwrap_or_default()
    }
}

/// The log of one build.
#[derive(Default)]
pub(super) struct Log {
    steps: Vec<Step>,
    changed: BTreeSet<usize>,
    pub sent: u64,
    told: u64,
}

struct Step {
    view: BuildStep,
    lines: VecDeque<String>,
    bytes: usize,
    began: Instant,
}

impl Log {
    /// Takes one event. Steps beyond what is kept say nothing.
    pub fn take(&mut self, event: BuildEvent, now: i64) {
        match event {
            BuildEvent::Step {
                key,
                number,
                of,
                stage,
                text,
            } if self.steps.len() < STEPS => {
                let view = BuildStep {
                    key,
                    number,
                    of,
                    stage,
                    text: oci::text::plain(&text, LONGEST),
                    state: StepState::Running,
                    began: now,
                    seconds: None,
                    lines: Vec::new(),
                    more: 0,
                };
                self.changed.insert(self.steps.len());
                self.steps.push(Step {
                    view,
                    lines: VecDeque::new(),
                    bytes: 0,
                    began: Instant::now(),
                });
            }
            BuildEvent::Line { step, text } => self.change(step, |step| step.add(&text)),
            BuildEvent::Ended { step, how } => self.change(step, |step| {
                step.end(match how {
                    StepEnd::Cached => StepState::Cached,
                    StepEnd::Done => StepState::Done,
                    StepEnd::Failed => StepState::Failed,
                    StepEnd::Stopped => StepState::Stopped,
                });
            }),
            BuildEvent::Again { step } => self.change(step, |step| {
                step.view.state = StepState::Running;
                step.view.seconds = None;
            }),
            BuildEvent::Step { .. } | BuildEvent::Image(_) | BuildEvent::Warning(_) => {}
        }
    }

    /// Ends what runs: the build is over before its end.
    pub fn end(&mut self, how: StepState) {
        for at in 0..self.steps.len() {
            if self.steps[at].view.state == StepState::Running {
                self.steps[at].end(how);
                self.changed.insert(at);
            }
        }
    }

    /// Counts the steps that have ended, and all that are known of.
    pub fn count(&self) -> (usize, usize) {
        let running = |step: &&Step| step.view.state == StepState::Running;
        let done = self.steps.len() - self.steps.iter().filter(running).count();
        let left = self.steps.last().and_then(|last| {
            let (number, of) = (last.view.number?, last.view.of?);
            usize::try_from(of.saturating_sub(number)).ok()
        });
        (done, self.steps.len() + left.unwrap_or_default())
    }

    /// Returns the step that failed, else the last one: its line, and the end of what it printed.
    pub fn failed(&self) -> Option<(String, String)> {
        let failed = |step: &&Step| step.view.state == StepState::Failed;
        let step = self.steps.iter().find(failed).or(self.steps.last())?;
        let last: Vec<&str> = step
            .lines
            .iter()
            .rev()
            .take(20)
            .map(String::as_str)
            .collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        Some((step.view.text.clone(), last.join("\n")))
    }

    /// Returns the steps that changed since it was asked last; none where nothing did.
    pub fn news(&mut self) -> Option<(Vec<BuildStep>, u64)> {
        if self.changed.is_empty() && self.told == self.sent {
            return None;
        }
        self.told = self.sent;
        let changed = std::mem::take(&mut self.changed);
        let steps = changed.into_iter().map(|at| self.steps[at].view());
        Some((steps.collect(), self.sent))
    }

    fn view(&self) -> BuildLog {
        BuildLog {
            known: true,
            steps: self.steps.iter().map(Step::view).collect(),
            sent: self.sent,
        }
    }

    fn change(&mut self, key: u32, change: impl FnOnce(&mut Step)) {
        // Builders number them as they come, but for what was not kept.
        let Some(at) = self.steps.iter().rposition(|step| step.view.key == key) else {
            return;
        };
        change(&mut self.steps[at]);
        self.changed.insert(at);
    }
}

impl Step {
    fn view(&self) -> BuildStep {
        BuildStep {
            lines: self.lines.iter().cloned().collect(),
            ..self.view.clone()
        }
    }

    fn add(&mut self, text: &str) {
        let line = oci::text::plain(text, LONGEST);
        self.bytes += line.len();
        self.lines.push_back(line);
        while self.lines.len() > LINES || self.bytes > BYTES {
            let Some(gone) = self.lines.pop_front() else {
                break;
            };
            self.bytes -= gone.len();
            self.view.more = self.view.more.saturating_add(1);
        }
    }

    fn end(&mut self, how: StepState) {
        self.view.state = how;
        let seconds = u32::try_from(self.began.elapsed().as_secs()).unwrap_or(u32::MAX);
        self.view.seconds = (how != StepState::Cached).then_some(seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(key: u32, number: u32, of: u32) -> BuildEvent {
        BuildEvent::Step {
            key,
            number: Some(number),
            of: Some(of),
            stage: None,
            text: format!("RUN {key}"),
        }
    }

    fn line(step: u32, text: &str) -> BuildEvent {
        BuildEvent::Line {
            step,
            text: text.to_owned(),
        }
    }

    #[test]
    fn only_what_changed_is_told_again() {
        let mut log = Log::default();
        assert_eq!(log.news(), None);
        log.take(step(0, 1, 3), 7);
        log.take(step(1, 2, 3), 7);
        assert_eq!(log.news().unwrap().0.len(), 2);
        log.take(line(1, "one\u{202e}"), 7);
        log.take(line(9, "nobody"), 7);
        let (news, _) = log.news().unwrap();
        assert_eq!(
            (news.len(), news[0].lines.as_slice()),
            (1, &["one".to_owned()][..])
        );
        assert_eq!(log.news(), None);
        log.sent = 5;
        assert_eq!(log.news(), Some((Vec::new(), 5)));
        let ended = BuildEvent::Ended {
            step: 0,
            how: StepEnd::Cached,
        };
        log.take(ended, 9);
        let (news, _) = log.news().unwrap();
        assert_eq!((news[0].state, news[0].seconds), (StepState::Cached, None));
        assert_eq!(log.count(), (1, 3));
        log.end(StepState::Stopped);
        assert_eq!(log.view().steps[1].state, StepState::Stopped);
        assert_eq!(log.view().steps[0].state, StepState::Cached);
    }

    #[test]
    fn no_build_fills_the_memory() {
        let mut log = Log::default();
        for key in 0..2000 {
            log.take(step(key, key + 1, 2000), 7);
        }
        assert_eq!(log.view().steps.len(), STEPS);
        for n in 0..10_000 {
            log.take(line(0, &format!("{n} {}", "x".repeat(100))), 7);
        }
        let first = &log.view().steps[0];
        assert!(first.lines.len() <= LINES && first.lines.concat().len() <= BYTES);
        assert_eq!(first.lines.len() + first.more as usize, 10_000);
        assert!(first.lines.last().unwrap().starts_with("9999 "));
        let logs = Logs::default();
        for task in 0..100 {
            logs.begin(task);
        }
        assert_eq!(lock(&logs.0).len(), BUILDS);
    }

    #[test]
    fn what_failed_is_told_with_the_end_of_what_it_printed() {
        let mut log = Log::default();
        assert_eq!(log.failed(), None);
        log.take(step(0, 1, 2), 7);
        for n in 0..50 {
            log.take(line(0, &n.to_string()), 7);
        }
        let ended = BuildEvent::Ended {
            step: 0,
            how: StepEnd::Failed,
        };
        log.take(ended, 8);
        let (text, lines) = log.failed().unwrap();
        assert_eq!(text, "RUN 0");
        assert!(
            lines.starts_with("30\n") && lines.ends_with("\n49"),
            "{lines}"
        );
    }
}
