//! Sentences about repositories, and about what a registry can and cannot do. Not here: how that is known
//! (`repositories::abilities`). Grows with that room.

use super::kinds;
use super::table::sentences;
use crate::view::said::Said;
use registry::Doubt;
use vendors::{LetsGo, VendorId};

sentences! { "repositories":
    there_already(path) => "{path} is there already.";
    open_it() => "Open it and describe it there, or choose another name.";
    known_here(host) => "{host} doesn’t list its repositories for you. Those here are known to this computer.";
    no_path() => "Type the path of a repository.";
    for_example_path(host) => "For example {host}/team/tool:v1.";
    bad_path() => "This is no path of a repository.";
    catalog_after_sign_in(host) => "{host} lists its repositories only after a sign-in.";

    list_in_circle() => "The registry’s list went in a circle; some may be missing.";
    list_goes_on(most) => "There are more than {most}; the others are not shown.";
    list_of_nothing() => "The registry sent one empty page after another; some may be missing.";
    list_too_slow() => "The registry’s list took too long; some may be missing.";
    list_leads_nowhere() => "The registry’s list leads nowhere after what is shown; some may be missing.";
    list_unsaid() => "The registry doesn’t say whether there are more.";
    list_broke_off(why) => "The registry’s list broke off; some may be missing. {why}";
    one_left_out() => "1 name is left out, as it isn’t a valid one.";
    some_left_out(count) => "{count} names are left out, as they aren’t valid.";

    refused_to_list() => "It refused to list them for you.";
    listed() => "It listed them for you.";
    not_asked() => "It was not asked yet.";
    gone_at_once(vendor) => "{vendor} lets go of a commit as soon as its last tag leaves it.";
    gone_within(vendor, span) => "{vendor} removes a commit within {span} after its last tag left it, unless it is set otherwise.";
    hidden_for(vendor, span) => "{vendor} keeps a commit for {span} after its last tag left it, unless it is set otherwise: it can be put back, and not be pulled.";
    seen_to_drop() => "Seen here: a commit was gone right after its tag moved on.";
    documented() => "By its documentation, until a rule or a person removes it.";
    not_known() => "Not known of this registry. Many keep it until their next clean-up.";
    said_so() => "It said so when it was asked.";
    keeps_no_list() => "It answered that it keeps no such list; clients keep one under a tag.";
    commits_by_its_interface() => "By its own interface, which takes every tag of a commit.";
    by_its_interface() => "By its own interface; by digest, it takes every tag of a commit.";
    by_digest_only() => "It deletes by digest only. Longshore points the tag at an empty manifest and deletes that.";
    has_history() => "Its own interface tells of older commits. The rest of the timeline comes from commit tags and from what was seen.";
    tells_since() => "Its own interface tells since when a tag points where it does, and not what it pointed at before. The rest of the timeline comes from commit tags and from what was seen.";
    no_history() => "No interface that all registries share tells it. The timeline comes from commit tags and from what was seen.";
    clock_ahead(time) => "Its clock is {time} ahead of this computer’s. One of them is wrong; times are told by this computer’s.";
    clock_behind(time) => "Its clock is {time} behind this computer’s. One of them is wrong; times are told by this computer’s.";
    hours(count) => "{count} hours";
    days(count) => "{count} days";
}

/// Says what becomes of a commit that no tag names any more, and whether it stays; `dropped`: one was seen to go.
pub(crate) fn keeps(vendor: VendorId, lets_go: LetsGo, dropped: bool) -> (Option<bool>, Said) {
    let name = kinds::name(vendor);
    match lets_go {
        LetsGo::After { seconds, hidden } => {
            let span = super::keeping::span(seconds);
            let said = if hidden {
                hidden_for(name, &span)
            } else {
                gone_within(name, &span)
            };
            (Some(false), said)
        }
        _ if dropped => (Some(false), seen_to_drop()),
        LetsGo::AtOnce { .. } => (Some(false), gone_at_once(name)),
        LetsGo::Stays => (Some(true), documented()),
        LetsGo::Unknown => (None, not_known()),
    }
}

/// Says that a registry's clock is not believed: it is more than a day ahead (seconds), or, where negative, behind.
pub(crate) fn clock_is_off(ahead: i64) -> Said {
    let time = match ahead.unsigned_abs() / 3600 {
        count @ ..48 => hours(&count),
        count => days(&(count / 24)),
    };
    if ahead > 0 {
        clock_ahead(time)
    } else {
        clock_behind(time)
    }
}

/// Says why a list may lack something; `most` are read of such a list, and `broken` says what broke it.
pub(crate) fn doubt(
    doubt: &Doubt,
    most: usize,
    broken: impl FnOnce(&registry::Error) -> Said,
) -> Said {
    match doubt {
        Doubt::Circle => list_in_circle(),
        Doubt::More => list_goes_on(&most),
        Doubt::Empty => list_of_nothing(),
        Doubt::Slow => list_too_slow(),
        Doubt::Link => list_leads_nowhere(),
        Doubt::Unsaid => list_unsaid(),
        Doubt::Broken(error) => list_broke_off(broken(error)),
    }
}

/// Says how many names of a list were left out; none where none were.
pub(crate) fn left_out(count: usize) -> Option<Said> {
    match count {
        0 => None,
        1 => Some(one_left_out()),
        _ => Some(some_left_out(&count)),
    }
}
