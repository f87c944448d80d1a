//! One check as it comes: its lines, in their order. Pure.
//!
//! Not here: who is asked for them. Grows not: a line is added in `view`, its words in `words`.

use crate::view::connection::{CheckLine, CheckMark, CheckView, Probe};
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words::connection as say;
use crate::words::repositories as known;
use registry::SignInWay;
use std::time::Duration;

/// By how much a registry's clock may differ without a word (seconds).
const SLIGHT: i64 = 60;
const DAY: i64 = 86_400;

/// What is asked of every registry, first to last.
pub(super) const OF_THE_REGISTRY: [Probe; 5] = [
    Probe::Reached,
    Probe::Certificate,
    Probe::Clock,
    Probe::SignedIn,
    Probe::Catalog,
];
/// What is asked of one repository, and what follows from it.
pub(super) const OF_A_REPOSITORY: [Probe; 11] = [
    Probe::Paging,
    Probe::Read,
    Probe::Push,
    Probe::Delete,
    Probe::Referrers,
    Probe::Ranges,
    Probe::CommitTags,
    Probe::OldVersions,
    Probe::Limits,
    Probe::Mount,
    Probe::Chunks,
];

/// What was found of one thing.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub mark: CheckMark,
    pub said: Said,
    also: Option<Said>,
    detail: Option<String>,
    asked: Option<String>,
}

impl Found {
    /// Makes what was found of a sentence.
    pub fn new(mark: CheckMark, said: Said) -> Self {
        Self {
            mark,
            said,
            also: None,
            detail: None,
            asked: None,
        }
    }

    /// Makes it of what failed.
    pub fn failed(problem: &Problem) -> Self {
        Self {
            detail: problem.detail.clone(),
            ..Self::new(CheckMark::Bad, problem.what())
        }
    }

    /// Adds a sentence.
    pub fn and(mut self, also: Option<Said>) -> Self {
        self.also = also;
        self
    }

    /// Adds the request that was answered so: what a registry says stays a detail.
    pub fn asked(mut self, error: &registry::Error) -> Self {
        let status = error.status.map(|status| format!(" ({status})"));
        self.asked = Some(format!("{}{}", error.request, status.unwrap_or_default()));
        self
    }
}

/// Begins a check with nothing asked yet.
pub(super) fn begun(account: i64, repository: Option<String>, now: i64) -> CheckView {
    let all = OF_THE_REGISTRY.into_iter().chain(OF_A_REPOSITORY);
    CheckView {
        account: account.to_string(),
        repository,
        asked_at: now,
        lines: all
            .map(|probe| line(probe, Found::new(CheckMark::Asking, say::asking())))
            .collect(),
        running: true,
    }
}

/// Puts what was found into its line.
pub(super) fn put(check: &mut CheckView, probe: Probe, found: Found) {
    if let Some(at) = check.lines.iter().position(|line| line.probe == probe) {
        check.lines[at] = line(probe, found);
    }
}

/// Says of every line that is still being asked that it wasn't, and why.
pub(super) fn rest(check: &mut CheckView, why: &Said) {
    for each in &mut check.lines {
        if each.mark == CheckMark::Asking {
            *each = line(each.probe, Found::new(CheckMark::Unknown, why.clone()));
        }
    }
}

/// Says of a check that it was not asked for yet.
pub(super) fn unasked(mut check: CheckView) -> CheckView {
    rest(&mut check, &say::not_asked());
    check
}

/// Ends a check that somebody stopped.
pub(super) fn ended(mut check: CheckView) -> CheckView {
    rest(&mut check, &say::stopped());
    check.running = false;
    check
}

fn line(probe: Probe, found: Found) -> CheckLine {
    let said = [Some(found.said), found.also].into_iter().flatten();
    let said: Vec<String> = said.map(|said| said.text()).collect();
    CheckLine {
        probe,
        mark: found.mark,
        said: said.join(" "),
        detail: found.detail,
        asked: found.asked,
    }
}

/// Says how far a registry's clock is ahead (seconds), or, where negative, behind.
pub(super) fn clock(ahead: i64) -> Found {
    let off = Duration::from_secs(ahead.unsigned_abs());
    match ahead.abs() {
        0..=SLIGHT => Found::new(CheckMark::Good, say::clock_fits()),
        ..=DAY if ahead > 0 => Found::new(CheckMark::Warn, say::clock_ahead(say::time(off))),
        ..=DAY => Found::new(CheckMark::Warn, say::clock_behind(say::time(off))),
        _ => Found::new(CheckMark::Warn, known::clock_is_off(ahead)),
    }
}

/// Returns whom a secret goes to.
pub(super) fn goes_to(way: &SignInWay, host: &oci::Host) -> String {
    match way {
        SignInWay::Basic => host.to_string(),
        SignInWay::Bearer { service } => service.host().to_owned(),
    }
}
