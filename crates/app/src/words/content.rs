//! Sentences about manifests, layers and platforms. Not here: asking for them (`content`). Grows with that room.

use super::table::sentences;
use crate::view::said::Said;

sentences! { "content":
    gone(commit) => "This registry no longer has {commit}, so no tag can point at it.";
    push_from_there() => "Where a computer still holds the image, push it from there.";
    incomplete(commit, what) => "This registry no longer has all of {commit}: {what}.";
    part_gone() => "a part of it is gone";
    platform_gone(platform) => "its image for {platform} is gone";
    layer_gone() => "one of its layers is gone";
    layers_gone(count) => "{count} of its layers are gone";
    something_gone() => "something it needs is gone";
    tag_stays(host, tag) => "{host} doesn’t let {tag} be moved.";
    ask_about_tag() => "Its tags may be set to stay as they are; whoever runs it can tell.";
    refused(host, commit) => "{host} refuses {commit}.";
    decoy(tag) => "Longshore deletes the tag {tag}";

    more_platforms(count) => "and {count} more";
    old_format() => "old image format (schema 1)";

    platform_lost(lost) => "{lost} is lost";
    platforms_lost(lost) => "{lost} are lost";
    only_and_platform_lost(only, lost) => "{only} only, {lost} is lost";
    only_and_platforms_lost(only, lost) => "{only} only, {lost} are lost";
}

/// Says for which platforms an image is, as the rows show it: each by its name, then how many more there are; and that its format
/// is an old one.
pub(crate) fn platforms(facts: &store::Facts) -> Vec<String> {
    let more = (facts.more_platforms > 0).then(|| more_platforms(&facts.more_platforms));
    let old = facts.is_old.then(old_format);
    let said = more.into_iter().chain(old).map(|said| said.text());
    facts.platforms.iter().cloned().chain(said).collect()
}

/// Says which platforms are lost where others take their place: "amd64 only, arm64 is lost".
pub(crate) fn lost_platforms(from: &[String], to: &[String]) -> Option<Said> {
    // Of what has no platform at all (an artifact) nothing can be said.
    if to.is_empty() {
        return None;
    }
    let lost: Vec<String> = from
        .iter()
        // What is said beside the platforms is none.
        .filter(|platform| platform.contains('/') && !to.contains(platform))
        .map(|platform| short_platform(platform).to_owned())
        .collect();
    Some(match (to, lost.len()) {
        (_, 0) => return None,
        ([only], 1) => only_and_platform_lost(short_platform(only), lost),
        ([only], _) => only_and_platforms_lost(short_platform(only), lost),
        (_, 1) => platform_lost(lost),
        _ => platforms_lost(lost),
    })
}

/// Shortens a platform: containers run Linux nearly always, so only another system is worth its word.
fn short_platform(platform: &str) -> &str {
    platform.strip_prefix("linux/").unwrap_or(platform)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_how_many_more_and_that_a_format_is_old() {
        let facts = store::Facts {
            platforms: vec!["linux/amd64".into()],
            more_platforms: 26_936,
            is_old: true,
            ..store::Facts::default()
        };
        let told = platforms(&facts);
        assert_eq!(
            told,
            [
                "linux/amd64",
                "and 26936 more",
                "old image format (schema 1)"
            ]
        );
        assert!(platforms(&store::Facts::default()).is_empty());
    }

    #[test]
    fn lost_platforms_are_named() {
        let told = |from: &[&str], to: &[&str]| {
            let own = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
            lost_platforms(&own(from), &own(to)).map(|said| said.text())
        };
        let two = ["linux/amd64", "linux/arm64"];
        assert_eq!(told(&two, &two), None);
        assert_eq!(told(&two[..1], &two), None);
        assert_eq!(told(&two, &[]), None);
        assert_eq!(told(&["linux/amd64", "and 5 more"], &two), None);
        assert_eq!(
            told(&two, &two[..1]).as_deref(),
            Some("amd64 only, arm64 is lost")
        );
        assert_eq!(
            told(&["linux/amd64", "linux/arm64", "windows/amd64"], &two[..1]).as_deref(),
            Some("amd64 only, arm64 and windows/amd64 are lost")
        );
        assert_eq!(
            told(&["linux/amd64", "linux/arm64", "linux/riscv64"], &two).as_deref(),
            Some("riscv64 is lost")
        );
    }
}
