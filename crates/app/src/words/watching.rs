//! Sentences about tags that others move, in the window and in notifications. Not here: when they are said (`watching`).
//! Grows with that room.

use super::table::sentences;
use crate::view::problem::Problem;
use crate::view::said::Said;

sentences! { "watching":
    answered_already() => "This was answered already.";
    refresh() => "Refresh the repository.";
    written_by_us(tag) => "{tag} is written by Longshore itself; it isn’t watched.";

    show() => "Show";
    keep_old() => "Keep the old one";
    put_it_back() => "Put it back";
    moved(tag, repository) => "{tag} moved in {repository}";
    moved_from_to(old, new, time) => "It pointed at {old} and points at {new} now, noticed {time}.";
    deleted(tag, repository) => "{tag} was deleted in {repository}";
    deleted_from(old, time) => "It pointed at {old}; noticed {time}.";
    old_is_kept() => "The old one is kept.";
    old_is_gone() => "The registry no longer has the old one: it can’t be kept or put back.";
    many_moved(count, repository) => "{count} tags moved in {repository}";
    and_others(tag) => "{tag} and others.";
    is_kept(commit) => "{commit} is kept";
    kept_as(name, repository) => "It is {name} in {repository}.";
    is_not_kept(commit) => "{commit} is not kept";
    not_kept_for_good(cause) => "By this repository’s rule the old one is to be kept, and it could not be. {cause}";
    not_kept_yet(cause) => "By this repository’s rule the old one is to be kept, and it could not be yet: it will be tried again. {cause}";
    is_put_back(tag, repository) => "{tag} is put back in {repository}";
    points_again(commit) => "It points at {commit} again.";
    kept_before(commit, name) => "{commit} was kept before, as {name}.";
    is_not_put_back(tag, repository) => "{tag} is not put back in {repository}";
    no_answer_in_time(host) => "{host} didn’t answer in time.";
    not_all_in_time() => "Not all of it could be asked in time. The rest is asked first the next time.";
    at_utc(time) => "{time} UTC";
    no_time() => "at a time that can’t be right";
}

/// Says that a move was answered meanwhile.
pub(crate) fn no_move() -> Problem {
    answered_already().problem().hint(refresh())
}

/// Says a time as a notification does. The time zone of the person is the window's to know.
pub(crate) fn when(at: i64) -> Said {
    let format =
        time::macros::format_description!("[day padding:none] [month repr:short] [hour]:[minute]");
    time::OffsetDateTime::from_unix_timestamp(at)
        .ok()
        .and_then(|at| at.format(format).ok())
        .map_or_else(no_time, |time| at_utc(&time))
}
