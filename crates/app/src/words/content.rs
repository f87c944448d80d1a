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

    platform_lost(lost) => "{lost} is lost";
    platforms_lost(lost) => "{lost} are lost";
    only_and_platform_lost(only, lost) => "{only} only, {lost} is lost";
    only_and_platforms_lost(only, lost) => "{only} only, {lost} are lost";
}

/// Says which platforms are lost where others take their place: "amd64 only, arm64 is lost".
pub(crate) fn lost_platforms(from: &[String], to: &[String]) -> Option<Said> {
    // Of what has no platform at all (an artifact) nothing can be said.
    if to.is_empty() {
        return None;
    }
    let lost: Vec<String> = from
        .iter()
        .filter(|platform| !to.contains(platform))
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
    fn lost_platforms_are_named() {
        let told = |from: &[&str], to: &[&str]| {
            let own = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
            lost_platforms(&own(from), &own(to)).map(|said| said.text())
        };
        let two = ["linux/amd64", "linux/arm64"];
        assert_eq!(told(&two, &two), None);
        assert_eq!(told(&two[..1], &two), None);
        assert_eq!(told(&two, &[]), None);
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
