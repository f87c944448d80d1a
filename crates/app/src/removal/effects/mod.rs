//! What a deletion leaves alone, what was not checked, and how it is done: in words. Pure.

use super::graph::{Consequences, Going};
use super::room::TagDeletion;
use super::survey::{MOST_TAGS, Survey};
use crate::view::delete::{Effect, EffectKind};
use crate::view::said::Said;
use crate::words;
use oci::{CommitTag, Digest};
use std::collections::BTreeSet;

/// How many tags that share layers are named.
const MOST_SHARERS: usize = 300;

/// Makes the line of a tag.
pub(super) fn tag_effect(name: &str, digest: Option<&Digest>, note: Option<Said>) -> Effect {
    let kind = if CommitTag::parse(name).is_some() {
        EffectKind::CommitTag
    } else {
        EffectKind::Tag
    };
    Effect {
        kind,
        name: name.to_owned(),
        digest: digest.map(ToString::to_string),
        note: note.map(|said| said.text()),
    }
}

/// Makes the line of a manifest.
pub(super) fn manifest_effect(kind: EffectKind, digest: &Digest, note: &Said) -> Effect {
    Effect {
        kind,
        name: digest.short().to_owned(),
        digest: Some(digest.to_string()),
        note: Some(note.text()),
    }
}

/// Lists other names of what an item points at, indexes that hold it, and who else uses its layers.
pub(super) fn stays(survey: &Survey, going: &Going, consequences: &Consequences) -> Vec<Effect> {
    let web = &survey.graph;
    let left: BTreeSet<&Digest> = going
        .tags
        .iter()
        .filter_map(|name| web.tags.get(name))
        .filter(|digest| {
            !going.commits.contains(*digest) && !consequences.unnamed.contains(*digest)
        })
        .collect();
    let mut stays = Vec::new();
    for digest in left {
        let names = web.names(digest, going);
        stays.extend(names.map(|name| tag_effect(name, Some(digest), None)));
        stays.extend(web.holders(digest, going).into_iter().map(|index| {
            Effect {
                kind: EffectKind::Index,
                name: web
                    .names(&index, going)
                    .next()
                    .map_or_else(|| index.short().to_owned(), Clone::clone),
                digest: Some(index.to_string()),
                note: Some(words::removal::holds(digest.short()).text()),
            }
        }));
    }
    let (of, sharers) = web.sharers(going);
    stays.extend(sharers.into_iter().take(MOST_SHARERS).map(|sharer| {
        let note = words::removal::shares(sharer.layers, of);
        tag_effect(&sharer.tag, Some(&sharer.digest), Some(note))
    }));
    stays
}

/// Says what could not be checked.
pub(super) fn unchecked(survey: &Survey, bytes: bool) -> Vec<String> {
    let mut told = Vec::new();
    if survey.unlisted {
        told.push(words::removal::unlisted());
    }
    if survey.doubt.is_some() {
        told.push(words::removal::list_in_doubt());
    }
    if survey.unasked > 0 {
        told.push(words::removal::unasked(survey.unasked, MOST_TAGS));
    }
    let unread: Vec<&str> = survey.unread.iter().map(String::as_str).collect();
    match unread.as_slice() {
        [] => {}
        [one] => told.push(words::removal::one_unread(*one)),
        [one, other] => told.push(words::removal::two_unread(*one, *other)),
        [one, more @ ..] => told.push(words::removal::some_unread(*one, &more.len())),
    }
    if survey.graph.incomplete && bytes {
        told.push(words::removal::nothing_freed());
    }
    told.push(words::removal::elsewhere());
    told.into_iter().map(|said| said.text()).collect()
}

/// Says how the deletion is done, where that isn't plain.
pub(super) fn how(way: &TagDeletion, survey: &Survey, going: &Going) -> Option<Said> {
    let by_names =
        (!going.commits.is_empty() && !survey.is_whole()).then(words::removal::goes_by_names);
    match (by_decoy(way, survey, going), by_names) {
        (Some(one), Some(other)) => Some(words::general::then(one, other)),
        (one, other) => one.or(other),
    }
}

/// Says which detour tags take.
fn by_decoy(way: &TagDeletion, survey: &Survey, going: &Going) -> Option<Said> {
    if !matches!(way, TagDeletion::ByVendor | TagDeletion::ByDecoy) || going.tags.is_empty() {
        return None;
    }
    let siblings: Vec<&String> = going
        .tags
        .iter()
        .filter_map(|name| survey.graph.tags.get(name))
        .flat_map(|digest| survey.graph.names(digest, going))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    // A name may have 128 characters; the sheet names it in full above.
    let short = |name: &str| words::bounded(name, 40);
    let rest = match siblings.as_slice() {
        [] => words::removal::nothing_touched(),
        [one] => words::removal::one_untouched(&short(one)),
        [one, other] => words::removal::two_untouched(&short(one), &short(other)),
        [one, more @ ..] => words::removal::some_untouched(&short(one), &more.len()),
    };
    if *way == TagDeletion::ByVendor {
        return Some(words::removal::by_vendor(rest));
    }
    let points = match going.tags.iter().collect::<Vec<_>>().as_slice() {
        [one] => words::removal::points_one(&short(one)),
        _ => words::removal::points_each(),
    };
    Some(words::removal::by_decoy(points, rest))
}

/// Tells whether everything that goes was read, so that it can be written again.
pub(super) fn can_undo(survey: &Survey, going: &Going) -> bool {
    let tagged = going
        .tags
        .iter()
        .filter_map(|name| survey.graph.tags.get(name));
    let mut digests = tagged.chain(&going.commits).peekable();
    digests.peek().is_some() && digests.all(|digest| survey.graph.manifests.contains_key(digest))
}

#[cfg(test)]
mod tests;
