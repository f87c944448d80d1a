//! Sentences about keeping a commit, or not keeping it, and about an overwrite under guard.
//!
//! Not here: what a registry is known to do (`about::habits`), which rule holds (`about::rule`). Grows with `keeping`.

use super::general::then;
use super::kinds;
use super::table::sentences;
use crate::view::said::Said;
use oci::{Digest, Tag};
use vendors::{LetsGo, VendorId};

sentences! { "keeping":
    let_go(commit) => "{commit} can’t be pulled any more: this registry lets go of it at once.";
    stays_for_long(commit) => "{commit} stays on this registry without a tag until it is cleaned up by a rule or by hand.";
    keeps_it(vendor, commit) => "{vendor} keeps {commit} without a tag until it is cleaned up by a rule or by hand.";
    removes_within(vendor, commit, span) => "{vendor} removes {commit} within {span}, unless it is set otherwise.";
    hides_for(vendor, commit, span) => "{vendor} keeps {commit} for {span}, unless it is set otherwise: it can be put back, and not be pulled.";
    until_clean_up(commit) => "{commit} can be pulled until this registry’s next clean-up.";
    was_let_go(commit) => "{commit} can’t be pulled any more: this registry let go of it at once.";

    all_see_it() => "Everyone sees it; tools that take the newest tag may take it, and rules that count, age or match tags may remove it.";
    no_single_tag() => "This registry may not be able to remove a single tag.";
    platforms_go() => "On some registries a clean-up of untagged images still removes the platforms of a multi-platform image.";

    tag_too_long(tag, most) => "A commit tag of {tag} would be too long: a tag may have at most {most} characters for that.";
    is_commit_tag(tag) => "{tag} is itself a commit tag; what it points at isn’t kept again.";
    other_stored() => "The registry stored something else under the commit tag.";
    name_is_taken(name, commit) => "Its commit tag {name} points at {commit} there.";
    in_lower_case(name) => "This registry writes tags in lower case: the commit is kept as {name}.";

    not_kept(commit, cause) => "{commit} could not be kept. {cause}";
    not_kept_nor_overwritten(commit, cause) => "{commit} could not be kept, so nothing was overwritten. {cause}";
    push_without() => "Push again without keeping it, or leave things as they are.";
    go_on_without() => "Go on without keeping it, or leave things as they are.";
    gone_and_unknown(commit, host) => "{commit} can’t be kept: {host} no longer has it.";
    cannot_be_kept(commit, cause) => "{commit} can’t be kept. {cause}";
    not_kept_as_agreed(commit) => "{commit} was not kept, as you agreed.";
    itself_not_kept(commit, cause) => "{commit} itself could not be kept. {cause}";
    is_kept_as(commit, name) => "{commit} is kept as {name}.";

    at_least_one() => "A rule keeps at least one commit, or one day.";
    type_number() => "Type a number from 1, or keep all.";
    stored_here(cause) => "The rule could not be stored in the repository, so it holds on this computer only. {cause}";

    never_said_nor_overwritten() => "How this repository keeps was never said, so nothing was overwritten.";
    choose_then_push() => "Choose it in the sheet, then push.";
    never_said_nor_moved() => "How this repository keeps was never said, so nothing was moved.";
    choose_then_activate() => "Choose it in the sheet, then make it active.";
    another_rule_nor_overwritten() => "How this repository keeps was changed meanwhile, so nothing was overwritten.";
    another_rule_nor_moved() => "How this repository keeps was changed meanwhile, so nothing was moved.";
    rule_changed() => "The repository’s rule was changed meanwhile, so your answer was not stored.";
    look_at_rule() => "Look at the rule again.";
    moved_not_pushed(tag, now) => "{tag} was moved meanwhile: it points at {now} now. Nothing was pushed.";
    deleted_not_pushed(tag) => "{tag} was deleted meanwhile. Nothing was pushed.";
    look_then_push() => "Look at the sheet again, then push.";
    moved_not_changed(tag, now) => "{tag} was moved meanwhile: it points at {now} now. Nothing was changed.";
    deleted_not_changed(tag) => "{tag} was deleted meanwhile. Nothing was changed.";
    look_again() => "Look at the sheet again.";

    not_read_after_push(cause) => "The tag could not be read again after the push. {cause}";
    not_read_again(cause) => "The tag could not be read again. {cause}";
    someone_moved(tag, now) => "Someone else moved {tag} right after: it points at {now} now.";
    someone_pushed(commit) => "Someone else pushed {commit} meanwhile.";
    and_has_no_tag(how, commit) => "{how} {commit} has no tag any more.";
    and_was_kept(how, commit, name) => "{how} {commit} was kept as {name}.";
    and_was_not_kept(how, commit, cause) => "{how} {commit} could not be kept. {cause}";
    already_written(name) => "The commit tag {name} was already written and stays.";
    maybe_written(name) => "Whether the commit tag {name} was still written could not be asked.";
}

/// Says what may happen to a commit that is not kept.
pub(crate) fn without(vendor: VendorId, lets_go: LetsGo, short: &str) -> Said {
    match lets_go {
        LetsGo::Unknown => until_clean_up(short),
        LetsGo::AtOnce { .. } => let_go(short),
        LetsGo::After { seconds, hidden } => {
            let (vendor, span) = (kinds::name(vendor), span(seconds));
            if hidden {
                hides_for(vendor, short, &span)
            } else {
                removes_within(vendor, short, &span)
            }
        }
        LetsGo::Stays if vendor == VendorId::Plain => stays_for_long(short),
        LetsGo::Stays => keeps_it(kinds::name(vendor), short),
    }
}

/// Writes how long something takes, in whole days or weeks.
pub(super) fn span(seconds: i64) -> String {
    match seconds / 86_400 {
        0 | 1 => "a day".into(),
        14 => "two weeks".into(),
        days => format!("{days} days"),
    }
}

/// Says what others may do with a commit tag, and whether it can be taken back.
pub(crate) fn caution(removes_single_tags: bool, keeps_by_itself: bool, index: bool) -> Said {
    let mut said = all_see_it();
    if !removes_single_tags {
        said = then(said, no_single_tag());
    }
    if index && !keeps_by_itself {
        said = then(said, platforms_go());
    }
    said
}

/// Says that a tag was moved or deleted before it could be pushed to.
pub(crate) fn before_push(tag: &Tag, now: Option<&Digest>) -> Said {
    now.map_or_else(
        || deleted_not_pushed(tag),
        |now| moved_not_pushed(tag, now.short()),
    )
}

/// Says that a tag was moved or deleted before it could be made to point at something else.
pub(crate) fn before_change(tag: &Tag, now: Option<&Digest>) -> Said {
    now.map_or_else(
        || deleted_not_changed(tag),
        |now| moved_not_changed(tag, now.short()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_commit_tag_may_bring_is_said() {
        let told = |single, keeps, index| caution(single, keeps, index).text();
        for single in [true, false] {
            let text = told(single, true, false);
            for words in ["Everyone sees it", "newest tag", "count, age or match"] {
                assert!(text.contains(words), "{text}");
            }
            assert_eq!(text.contains("a single tag"), !single);
        }
        assert!(told(false, false, true).contains("platforms of a multi-platform image"));
        assert!(!told(true, true, true).contains("platforms"));
    }

    #[test]
    fn what_becomes_of_a_commit_is_said_in_its_vendors_terms() {
        let told = |vendor: VendorId| without(vendor, vendors::of(vendor).lets_go(), "8c41").text();
        assert_eq!(
            told(VendorId::Quay),
            "Quay keeps 8c41 for two weeks, unless it is set otherwise: it can be put back, and not be pulled."
        );
        assert_eq!(
            told(VendorId::Gitlab),
            "GitLab removes 8c41 within a day, unless it is set otherwise."
        );
        assert!(told(VendorId::Hub).starts_with("Docker Hub keeps 8c41"));
        assert!(told(VendorId::Zot).ends_with("lets go of it at once."));
        assert!(told(VendorId::Plain).ends_with("this registry’s next clean-up."));
    }
}
