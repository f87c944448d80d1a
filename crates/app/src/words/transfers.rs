//! Sentences about pushes and pulls. Not here: an engine's errors (`engine`), keeping (`keeping`). Grows with
//! `transfers`.

use super::table::sentences;
use crate::view::problem::{Code, Problem};

sentences! { "transfers":
    name_is_taken(name) => "On this computer {name} is another image.";
    let_name_move() => "Let the name move to this image; the other one stays, without that name.";
    image_gone() => "The engine no longer has this image.";
    choose_again() => "Refresh the images and choose it again.";

    would_be_told(registry, host) => "Your sign-in at {registry} would go to {host}, where the engine is.";
    agree_to_it() => "Begin it again, and agree to that.";

    not_shown() => "The engine pulled the image but doesn’t show it.";
    refresh_images() => "Refresh the images.";
    no_tag(path, tag) => "{path} no longer has the tag {tag}.";
    refresh_list() => "Refresh the list; an older commit may still be there.";

    already(tag) => "{tag} already points at this image.";
    built_earlier() => "built earlier than what it replaces";
    not_arrived(tag) => "The engine ended without saying what it pushed, and {tag} doesn’t show it.";
    at_others(tag, commit) => "{tag} points at {commit} now, which someone else pushed meanwhile.";
    too_late(tag, commit) => "{tag} points at {commit} now: it was too late to stop.";
    arrived_all_the_same(tag, commit) => "{tag} points at {commit} now: the image has arrived all the same.";
}

/// Asks before a local name moves.
pub(crate) fn name_taken(name: &str) -> Problem {
    name_is_taken(name)
        .coded(Code::NameTaken)
        .hint(let_name_move())
}

/// Says that the image is gone from the engine.
pub(crate) fn no_image() -> Problem {
    image_gone().problem().hint(choose_again())
}
