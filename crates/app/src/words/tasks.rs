//! Sentences about long work as such. Not here: those of one kind of work (`transfers`, `removal`). Grows with `tasks`.

use super::table::sentences;
use crate::view::problem::Problem;

sentences! { "tasks":
    runs_elsewhere() => "This runs in another Longshore on this computer.";
    stop_it_there() => "Stop it there.";
    still_runs() => "This still runs.";
    cancel_first() => "Cancel it first.";
    may_have_changed() => "What this would do may have changed.";
    open_sheet() => "Open the sheet again and look at it.";
    not_listed() => "This is no longer listed.";
    other_version() => "This was ordered from another version of Longshore.";
    order_again() => "Order it again.";
}

/// Says that a task is no longer there.
pub(crate) fn gone() -> Problem {
    not_listed().problem()
}
