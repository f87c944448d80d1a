//! From what the database holds of tags to the rows of the lists. Pure.

use super::tags::TagRecords;
use crate::content::reach_of;
use crate::ground::count;
use crate::local::Held;
use crate::view::browse::{CommitRow, LocalMark, Reach, TagRow};
use crate::words;
use oci::{CommitTag, Digest};
use std::collections::{HashMap, HashSet};
use store::{ListedTag, Untagged};
use timeline::{Age, Commit, Entry, Person, Source, TimeKind};

impl TagRecords {
    /// Makes the row of a tag.
    pub fn row(&self, tag: &str, listed: Option<&ListedTag>, local: &Held) -> TagRow {
        let entries = self.entries(tag);
        let active = entries.first().filter(|entry| entry.active);
        let digest = active.and_then(|entry| match &entry.commit {
            Commit::Whole(digest) => Some(digest),
            _ => None,
        });
        let (size, platforms) = self.shown(tag, digest);
        TagRow {
            name: tag.to_owned(),
            digest: digest.map(Digest::to_string),
            time: active.map(|entry| entry.time),
            size,
            platforms,
            commits: count(entries.len()),
            local: self.local_mark(&entries, local),
            resolved: listed.is_none_or(|listed| {
                let lacks = || self.told_in_part(tag, digest).is_some();
                listed.asked && (listed.trouble.is_some() || !lacks())
            }),
            trouble: listed
                .and_then(|tag| tag.trouble.as_deref())
                .map(words::of_stored),
            deleted: listed.is_none_or(|tag| tag.deleted_at.is_some()),
            watched: false,
            moved_at: None,
        }
    }

    /// Makes the rows of all tags.
    pub fn rows(&self, local: &Held) -> Vec<TagRow> {
        let listed: HashMap<&str, &ListedTag> = self
            .listed
            .iter()
            .map(|tag| (tag.name.as_str(), tag))
            .collect();
        self.tags()
            .iter()
            .map(|tag| self.row(tag, listed.get(tag.as_str()).copied(), local))
            .collect()
    }

    /// Makes the rows of the tags that are no longer listed, of which only commit tags or memories are left.
    pub fn left_rows(&self, local: &Held) -> Vec<TagRow> {
        let tags = self.tags();
        let left = tags.iter().skip(self.listed.len());
        left.map(|tag| self.row(tag, None, local)).collect()
    }

    /// Makes the row of a tag, where only its records were read.
    pub fn only_row(&self, tag: &str, local: &Held) -> TagRow {
        self.row(
            tag,
            self.listed.iter().find(|listed| listed.name == tag),
            local,
        )
    }

    /// Makes the rows of a tag's commits.
    pub fn commits(&self, tag: &str, local: &Held) -> Vec<CommitRow> {
        let entries = self.entries(tag);
        keys(&entries)
            .into_iter()
            .zip(&entries)
            .map(|(key, entry)| self.commit_row(tag, entry, key, local))
            .collect()
    }

    /// Makes the row of one entry of a tag.
    pub fn commit_row(&self, tag: &str, entry: &Entry, key: String, local: &Held) -> CommitRow {
        let path = self.place.path();
        let (digest, mismatch) = match &entry.commit {
            Commit::Whole(digest) => (Some(digest), false),
            Commit::Start(_) | Commit::Nothing => (None, false),
            Commit::Lie(_) => (None, true),
        };
        let facts = digest.and_then(|digest| self.facts.get(digest));
        let (size, platforms) = self.shown(tag, digest);
        // A pull by a commit tag that nobody asked may bring anything.
        let named = if entry.active {
            Some(tag.to_owned())
        } else {
            entry.kept_by.as_ref().map(ToString::to_string)
        };
        let claims = match &entry.commit {
            Commit::Start(_) => entry.claimed_by.as_ref().and_then(CommitTag::claimed),
            _ => None,
        };
        let images = facts
            .map(|facts| facts.images.as_slice())
            .unwrap_or_default();
        CommitRow {
            key,
            short: entry.short().to_owned(),
            digest: digest.map(Digest::to_string),
            claims: claims.map(|digest| digest.to_string()),
            active: entry.active,
            commit_tag: commit_tag(entry),
            kept: entry.kept_by.is_some(),
            contradicted: entry.contradicted,
            time: Some(entry.time),
            by: entry.by.clone(),
            until: entry.until,
            sources: entry.sources.clone(),
            reach: self.reach_of(tag, &entry.commit),
            mismatch,
            size,
            platforms,
            on_this_computer: digest.and_then(|digest| local.holds(&path, digest, images)),
            tag_path: named.map(|name| format!("{path}:{name}")),
            digest_path: digest.map(|digest| format!("{path}@{digest}")),
        }
    }

    /// Makes the rows of the commits that no tag names, those left out that stand in the timeline of a tag; newest first.
    pub fn untagged_rows(&self, shown: &HashSet<&Digest>, local: &Held) -> Vec<CommitRow> {
        let those = self.untagged.iter();
        let those = those.filter(|untagged| !shown.contains(&untagged.digest));
        those
            .map(|untagged| self.untagged_row(untagged, local))
            .collect()
    }

    fn untagged_row(&self, untagged: &Untagged, local: &Held) -> CommitRow {
        let (path, digest) = (self.place.path(), &untagged.digest);
        let facts = self.facts.get(digest);
        let images = facts.map(|facts| facts.images.as_slice());
        CommitRow {
            key: format!("{}-untagged", digest.short()),
            short: digest.short().to_owned(),
            digest: Some(digest.to_string()),
            claims: None,
            active: false,
            commit_tag: None,
            kept: false,
            contradicted: false,
            time: Some(Age::pushed(untagged.pushed).time()),
            by: untagged.who.clone().map(|name| Person {
                name,
                you: false,
                source: Source::Registry,
            }),
            until: None,
            sources: vec![Source::Registry],
            reach: self.reach.get(digest).map_or(Reach::Unknown, reach_of),
            mismatch: false,
            size: facts.map_or(untagged.size, |facts| facts.size),
            platforms: match facts {
                Some(facts) => words::content::platforms(facts),
                None => untagged.platform.clone().into_iter().collect(),
            },
            on_this_computer: local.holds(&path, digest, images.unwrap_or_default()),
            tag_path: None,
            digest_path: Some(format!("{path}@{digest}")),
        }
    }

    /// Tells whether a commit can still be pulled. One of which only the start of its digest is known can be reached by its
    /// commit tags alone.
    fn reach_of(&self, tag: &str, commit: &Commit) -> Reach {
        match commit {
            Commit::Whole(digest) => match (self.reach.get(digest), self.hidden(tag, digest)) {
                (Some(reach), _) => reach_of(reach),
                (None, Some((since, until))) => Reach::Gone {
                    since,
                    restorable_until: Some(until),
                },
                (None, None) => Reach::Unknown,
            },
            Commit::Start(start) => {
                let of = self.named(tag).iter();
                of.filter(|named| named.name.digits == *start)
                    .map(|named| named.gone_since)
                    .min()
                    .flatten()
                    .map_or(Reach::Unknown, |since| Reach::Gone {
                        since,
                        restorable_until: None,
                    })
            }
            Commit::Nothing | Commit::Lie(_) => Reach::Unknown,
        }
    }

    fn local_mark(&self, entries: &[Entry], local: &Held) -> LocalMark {
        if !local.known {
            return LocalMark::Unknown;
        }
        let path = self.place.path();
        let here = entries.iter().position(|entry| match &entry.commit {
            Commit::Whole(digest) => {
                let images = self
                    .facts
                    .get(digest)
                    .map(|facts| facts.images.as_slice())
                    .unwrap_or_default();
                local.holds(&path, digest, images) == Some(true)
            }
            _ => false,
        });
        match here {
            None => LocalMark::None,
            Some(index) if entries[index].active => LocalMark::Same,
            Some(index) => LocalMark::Older {
                position: count(index + 1),
                of: count(entries.len()),
                behind: behind(entries, index),
            },
        }
    }
}

/// Returns for how long an entry was no longer active when the active one became so (seconds), where both times are known.
pub(crate) fn behind(entries: &[Entry], index: usize) -> Option<i64> {
    let since = |entry: &Entry| (entry.time.kind == TimeKind::Since).then_some(entry.time.at);
    let newest = entries.first().filter(|entry| entry.active)?;
    let seconds = since(newest)?.checked_sub(since(entries.get(index)?)?)?;
    (seconds > 0).then_some(seconds)
}

/// Makes the keys of a tag's rows. The first digits alone: a key stays when the whole digest becomes known. Counted from the
/// oldest, so that it stays when newer commits come.
pub(crate) fn keys(entries: &[Entry]) -> Vec<String> {
    let mut again: HashMap<&str, u32> = HashMap::new();
    let mut keys: Vec<String> = entries
        .iter()
        .rev()
        .map(|entry| {
            if let Commit::Lie(name) = &entry.commit {
                return name.to_string();
            }
            let turn = again.entry(entry.short()).or_default();
            *turn += 1;
            format!("{}-{turn}", entry.short())
        })
        .collect();
    keys.reverse();
    keys
}

/// Returns the commit tag an entry shows: the one that keeps it, that says it does, or that tells it wrongly.
pub(crate) fn commit_tag(entry: &Entry) -> Option<String> {
    if let Commit::Lie(name) = &entry.commit {
        return Some(name.to_string());
    }
    let tag = entry.kept_by.as_ref().or(entry.claimed_by.as_ref());
    tag.map(ToString::to_string)
}
