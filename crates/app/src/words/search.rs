//! Sentences about searching public images. Not here: what a registry or an engine did (`registry`, `engine`). Grows with
//! `search`.

use super::table::sentences;
use crate::view::problem::{Code, Problem};

sentences! { "search":
    nothing_typed() => "Type what to look for.";
    no_hub() => "The address that was named for Docker Hub can’t be read.";
    hub_is_silent() => "Docker Hub didn’t answer in time.";
    later() => "Try again in a moment.";
    no_engine() => "No engine answers either: it could have searched in its place.";
    nor_engine(why) => "The engine, asked in its place, did not find anything out either: {why}";
}

/// Says that Docker Hub didn't answer.
pub(crate) fn silent_hub() -> Problem {
    hub_is_silent().problem().hint(later())
}

/// Says what Docker Hub did, to be shown beside what the engine found or alone: no account stands for it.
pub(crate) fn of_hub(told: &Problem) -> Problem {
    Problem {
        code: Code::Other,
        ..told.clone()
    }
}
