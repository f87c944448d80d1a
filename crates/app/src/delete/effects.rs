//! What a deletion leaves alone, what was not checked, and how it is done: in words. Pure.

use super::survey::{MOST_TAGS, Survey};
use super::web::{Fall, Going};
use crate::problems;
use crate::remove::Way;
use crate::view::delete::{Effect, EffectKind};
use oci::{CommitTag, Digest};
use std::collections::BTreeSet;

/// How many tags that share layers are named.
const MOST_SHARERS: usize = 300;

pub(super) fn tag_effect(name: &str, digest: Option<&Digest>, note: Option<String>) -> Effect {
    let kind = if CommitTag::parse(name).is_some() {
        EffectKind::CommitTag
    } else {
        EffectKind::Tag
    };
    Effect {
        kind,
        name: name.to_owned(),
        digest: digest.map(ToString::to_string),
        note,
    }
}

pub(super) fn manifest_effect(kind: EffectKind, digest: &Digest, note: Option<&str>) -> Effect {
    Effect {
        kind,
        name: digest.short().to_owned(),
        digest: Some(digest.to_string()),
        note: note.map(str::to_owned),
    }
}

/// Other names of what an item points at, indexes that hold it, and who else uses its layers.
pub(super) fn stays(survey: &Survey, going: &Going, fall: &Fall) -> Vec<Effect> {
    let web = &survey.web;
    let left: BTreeSet<&Digest> = going
        .tags
        .iter()
        .filter_map(|name| web.tags.get(name))
        .filter(|digest| !going.commits.contains(*digest) && !fall.unnamed.contains(*digest))
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
                note: Some(format!(
                    "It holds {} as one of its platforms.",
                    digest.short()
                )),
            }
        }));
    }
    let (of, sharers) = web.sharers(going);
    stays.extend(sharers.into_iter().take(MOST_SHARERS).map(|sharer| {
        let note = format!(
            "shares {} of its {}",
            sharer.layers,
            counted(of, "layer", "layers")
        );
        tag_effect(&sharer.tag, Some(&sharer.digest), Some(note))
    }));
    stays
}

pub(super) fn unchecked(survey: &Survey, bytes: bool) -> Vec<String> {
    let mut told = Vec::new();
    if survey.unlisted {
        told.push("Other tags: this registry doesn’t list them for you.".to_owned());
    }
    if survey.unasked > 0 {
        told.push(format!(
            "{}: no more than {MOST_TAGS} are asked what they point at.",
            counted(survey.unasked, "other tag", "other tags")
        ));
    }
    let unread: Vec<&str> = survey.unread.iter().map(String::as_str).collect();
    match unread.as_slice() {
        [] => {}
        [one] => told.push(format!("What {one} holds: it could not be read.")),
        [one, other] => told.push(format!(
            "What {one} and {other} hold: they could not be read."
        )),
        [one, more @ ..] => told.push(format!(
            "What {one} and {} more hold: they could not be read.",
            more.len()
        )),
    }
    if survey.web.torn && bytes {
        told.push("So nothing is counted as freed.".to_owned());
    }
    told.push("Images and platforms in other repositories.".to_owned());
    told
}

/// How it is done, where that isn't plain.
pub(super) fn how(way: &Way, survey: &Survey, going: &Going) -> Option<String> {
    if *way != Way::ByDecoy || going.tags.is_empty() {
        return None;
    }
    let siblings: Vec<&String> = going
        .tags
        .iter()
        .filter_map(|name| survey.web.tags.get(name))
        .flat_map(|digest| survey.web.names(digest, going))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    // A name may have 128 characters; the sheet names it in full above.
    let short = |name: &str| problems::bounded(name, 40);
    let rest = match siblings.as_slice() {
        [] => "nothing else is touched".to_owned(),
        [one] => format!("{} is not touched", short(one)),
        [one, other] => format!("{} and {} are not touched", short(one), short(other)),
        [one, more @ ..] => format!("{} and {} more are not touched", short(one), more.len()),
    };
    let points = match going.tags.iter().collect::<Vec<_>>().as_slice() {
        [one] => format!(
            "points {} at an empty manifest first and deletes that",
            short(one)
        ),
        _ => "points each tag at an empty manifest first and deletes that".to_owned(),
    };
    Some(format!(
        "This registry deletes by digest only. Longshore {points}, so {rest}."
    ))
}

/// Everything that goes was read, so it can be written again.
pub(super) fn can_undo(survey: &Survey, going: &Going) -> bool {
    let tagged = going
        .tags
        .iter()
        .filter_map(|name| survey.web.tags.get(name));
    let mut digests = tagged.chain(&going.commits).peekable();
    digests.peek().is_some() && digests.all(|digest| survey.web.manifests.contains_key(digest))
}

pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{count} {noun}")
}
