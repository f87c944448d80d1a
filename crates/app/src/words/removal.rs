//! Sentences about deletions, prunings and *Undo*. Not here: what goes with what (`removal::graph`). Grows with `removal`.

use super::table::sentences;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use oci::{Digest, Tag};

sentences! { "removal":
    too_many_items(most) => "At most {most} can be deleted at once.";
    choose_fewer() => "Choose fewer, then delete the others.";

    not_read(tag) => "What {tag} points at could not be read.";
    gone(host, name) => "{host} no longer has {name}.";
    last_name_at_once() => "loses its last name, and this registry lets go of it at once";
    last_name() => "loses its last name; a clean-up may remove it";
    last_name_as_read() => "loses its last name, as far as could be read";
    platform_missing() => "It stays, and a platform of it is missing.";
    nothing_holds_it() => "Nothing else holds it; this registry’s next clean-up may remove it.";
    holds(commit) => "It holds {commit} as one of its platforms.";
    shares_one_layer() => "shares its only layer";
    shares_layers(count, of) => "shares {count} of its {of} layers";
    goes_along() => "It refers to it; this registry may remove it along with it.";
    kind_goes_along(kind) => "It refers to it ({kind}); this registry may remove it along with it.";
    refers() => "It refers to what would be gone.";
    kind_refers(kind) => "It refers to what would be gone ({kind}).";

    referrers_of_one() => "What refers to 1 commit (signatures, SBOMs).";
    referrers_of(count) => "What refers to {count} commits (signatures, SBOMs).";
    unlisted() => "Other tags: this registry doesn’t list them for you.";
    list_in_doubt() => "Tags that this registry didn’t list: its list did not come whole.";
    one_unasked(most) => "1 other tag: no more than {most} are asked what they point at.";
    some_unasked(count, most) => "{count} other tags: no more than {most} are asked what they point at.";
    one_unread(tag) => "What {tag} holds: it could not be read.";
    two_unread(tag, other) => "What {tag} and {other} hold: they could not be read.";
    some_unread(tag, more) => "What {tag} and {more} more hold: they could not be read.";
    nothing_freed() => "So nothing is counted as freed.";
    elsewhere() => "Images and platforms in other repositories.";

    by_decoy(points, rest) => "This registry deletes by digest only. Longshore {points}, so {rest}.";
    by_vendor(rest) => "Longshore deletes by the registry’s own interface, which takes a tag alone, so {rest}. Where that refuses, the tag is pointed at an empty manifest first, and that is deleted.";
    points_one(tag) => "points {tag} at an empty manifest first and deletes that";
    points_each() => "points each tag at an empty manifest first and deletes that";
    nothing_touched() => "nothing else is touched";
    one_untouched(tag) => "{tag} is not touched";
    two_untouched(tag, other) => "{tag} and {other} are not touched";
    some_untouched(tag, more) => "{tag} and {more} more are not touched";
    prunes_by_vendor() => "Longshore deletes each commit tag by the registry’s own interface, which takes it alone. Where that refuses, the tag is pointed at an empty manifest first, and that is deleted.";
    prunes_by_decoy() => "This registry deletes by digest only. Each commit tag is pointed at an empty manifest first, and that is deleted; what it kept stays where another tag names it.";

    deleting_off(host) => "{host} doesn’t let anything be deleted this way; its own website may.";
    commits_alone(host) => "{host} takes no single tag away. Delete its commit: every tag of it goes along.";
    refuses(host) => "{host} refuses to delete this.";
    ask_its_owner() => "Ask whoever runs it; some keep tags from being changed or deleted.";
    still_there(host, name) => "{host} says that {name} was deleted, and yet has it.";
    some_delete_later() => "Try again in a moment; some registries delete later.";
    may_go_later() => "Some registries delete later: look again in a moment. If it goes within a day, that was you.";
    decoy_stays(tag) => "{tag} could not be deleted, and points at an empty manifest now.";
    make_active_again(commit) => "Make {commit} active again in its timeline.";
    no_decoy(host, tag) => "{host} refuses the empty manifest that would take the place of {tag}, so nothing was deleted.";
    left_alone(tag, now) => "{tag} was moved meanwhile: it points at {now} now. It was left alone.";
    look_again() => "Look again, then delete.";
    too_many_names(commit, most) => "{commit} has more than {most} tags. Nothing was deleted.";
    delete_tags_first() => "Delete some of the tags first.";
    new_name(tag, commit) => "{tag} points at {commit} too since you looked. Nothing was deleted.";
    gone_already(tag) => "{tag} was gone already.";
    took_along(host, names, tag) => "{host} took {names} along with {tag}.";
    may_have_taken(host, names, tag) => "{host} no longer lists {names}. They may have gone along with {tag}: what they pointed at was never asked.";
    may_have_gone_with(host, names, commit) => "{host} no longer lists {names}. They may have gone along with the tags of {commit}: what they pointed at was never asked.";
    were_put_back() => "They were put back.";
    stay_gone(names) => "{names} could not be put back.";
    not_all_asked(commit) => "Not every tag of this repository could be asked, and none of the others points at {commit}. Nothing was deleted.";
    delete_by_name() => "If you know a tag of it, delete that.";
    went_by_names(commit, count) => "Not every tag could be asked, so {commit} was not deleted by its digest. Its tags were, one by one: {count}. What is left of it stays until this registry’s clean-up.";
    goes_by_names() => "Not every tag can be asked here, so a commit goes by its tags, one by one. What is left of it stays until this registry’s clean-up.";
    is_a_part(commit) => "{commit} is a part of a commit that has tags, which could not be pulled without it. Delete that one instead.";
    no_name_known(commit) => "Not every tag can be asked here, and none of the others points at {commit}. It is left alone.";
    pushed_in_between(tag, commit) => "Someone else pushed {commit} to {tag} at the very moment it was taken away. {commit} has no tag any more.";

    too_many_pruned(most, more) => "At most {most} are removed at once; {more} more were left alone.";
    stopped_before_one() => "You stopped it: one was left alone.";
    stopped_before(count) => "You stopped it: {count} were left alone.";
    so_one_left() => "So one was left alone.";
    so_left(count) => "So {count} were left alone.";
    signed_out(count) => "The sign-in ended: {count} left alone.";
    no_commit_tag(name) => "{name} is no commit tag, so it was left alone.";
    commit_tag_lies(commit) => "It points at {commit}, not at what its name says, so it was left alone.";
    stays_kept(tag, commit) => "{tag} points at {commit} now, so it stays kept.";
    put_back(host, tag) => "{host} takes a commit away with any of its tags; {tag} and its siblings were put back.";
    not_put_back(host, names) => "{host} took a commit away with all its tags, and {names} could not be put back.";

    not_undone(tag, now) => "{tag} points at {now} meanwhile, so it was left alone.";
    make_active_if_wanted(commit) => "Make {commit} active in its timeline if you want it back.";
    forgotten() => "This deletion can’t be undone any more.";
    from_its_timeline() => "A deleted tag keeps its timeline: put a commit of it back from there.";
}

/// Says that a tag moved since its sheet was shown, and is left alone.
pub(crate) fn moved(tag: &Tag, now: &Digest) -> Problem {
    left_alone(tag, now.short())
        .coded(Code::TagMoved)
        .hint(look_again())
}

/// Says that the registry says one thing and does another.
pub(crate) fn yet_has_it(host: &oci::Host, name: &str) -> Problem {
    still_there(host, name).problem().hint(some_delete_later())
}

/// Says the same where what goes later still counts as deleted from here.
pub(crate) fn has_it_for_now(host: &oci::Host, name: &str) -> Problem {
    still_there(host, name).problem().hint(may_go_later())
}

/// Says that there is nothing to undo under an id.
pub(crate) fn not_undoable() -> Problem {
    forgotten().problem().hint(from_its_timeline())
}

/// Says how many layers another tag shares.
pub(crate) fn shares(count: usize, of: usize) -> Said {
    match of {
        1 => shares_one_layer(),
        _ => shares_layers(&count, &of),
    }
}

/// Says how many tags were not asked.
pub(crate) fn unasked(count: usize, most: usize) -> Said {
    match count {
        1 => one_unasked(&most),
        _ => some_unasked(&count, &most),
    }
}

/// Says of how many commits it was not asked what refers to them.
pub(crate) fn referrers(count: usize) -> Said {
    match count {
        1 => referrers_of_one(),
        _ => referrers_of(&count),
    }
}

/// Says that something refers to what goes; `along`: the registry may take it away as well.
pub(crate) fn referrer(kind: Option<&str>, along: bool) -> Said {
    match (kind, along) {
        (Some(kind), true) => kind_goes_along(kind),
        (None, true) => goes_along(),
        (Some(kind), false) => kind_refers(kind),
        (None, false) => refers(),
    }
}

/// Says how many were left alone when the person stopped it.
pub(crate) fn stopped(left: usize) -> Said {
    match left {
        1 => stopped_before_one(),
        _ => stopped_before(&left),
    }
}

/// Says how many were left alone for the reason just told.
pub(crate) fn so(left: usize) -> Said {
    match left {
        1 => so_one_left(),
        _ => so_left(&left),
    }
}
