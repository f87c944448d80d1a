//! Rules of registries: which tags stay, and which a rule for `v…` or `release-…` takes.

use super::{Field, Named, Verdict};
use regex::Regex;

/// Harbor: "retain the latest 3 of `release-*`"; what no rule retains is removed.
pub fn harbor_latest_of_releases(field: &Field) -> Verdict {
    latest(field, 3, |name| name.starts_with("release-"))
}

/// zot: `keepTags` with the pattern `^release-.*` and `mostRecentlyPushedCount` 3; likewise.
pub fn zot_latest_of_releases(field: &Field) -> Verdict {
    let pattern = Regex::new("^release-.*").unwrap();
    latest(field, 3, |name| pattern.is_match(name))
}

/// Rules that count without a pattern: the 3 newest of all tags stay.
pub fn latest_of_all(field: &Field) -> Verdict {
    latest(field, 3, |_| true)
}

fn latest(field: &Field, count: usize, about: impl Fn(&str) -> bool) -> Verdict {
    let mut newest: Vec<&Named> = field.tags.iter().filter(|tag| about(&tag.name)).collect();
    newest.sort_by_key(|tag| std::cmp::Reverse(tag.pushed));
    newest.truncate(count);
    let stays = |tag: &Named| newest.iter().any(|kept| kept.name == tag.name);
    let gone = |ours: bool| field.tags.iter().any(|tag| tag.ours == ours && !stays(tag));
    match (gone(false), gone(true)) {
        (true, _) => Verdict::ReleasesRemoved,
        (false, true) => Verdict::OnlyOursRemoved,
        (false, false) => Verdict::Unharmed,
    }
}

/// ECR's `tagPrefixList` and Artifact Registry's `tagPrefixes`, with `v`.
pub fn prefix_list(field: &Field) -> Verdict {
    matched(field, |name| name.starts_with('v'))
}

/// ACR's `--filter` with `^v.*`.
pub fn acr_filter(field: &Field) -> Verdict {
    let filter = Regex::new("^v.*").unwrap();
    matched(field, |name| filter.is_match(name))
}

/// Quay's mirror of `v*`: the glob holds for the whole tag.
pub fn quay_mirror(field: &Field) -> Verdict {
    let glob = Regex::new("^v.*$").unwrap();
    matched(field, |name| glob.is_match(name))
}

fn matched(field: &Field, takes: impl Fn(&str) -> bool) -> Verdict {
    let plain = field.plain();
    assert!(
        plain.names().into_iter().all(&takes),
        "the rule is about them"
    );
    if field.ours().any(takes) {
        Verdict::Matched
    } else {
        Verdict::Unmatched
    }
}

/// GitLab's protected tags `^v.*`: who may not push those is refused.
pub fn gitlab_protected(field: &Field) -> Verdict {
    let protected = Regex::new("^v.*").unwrap();
    if field.ours().any(|name| protected.is_match(name)) {
        Verdict::Refused
    } else {
        Verdict::Unharmed
    }
}
