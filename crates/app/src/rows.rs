//! From what the database holds to the rows of the lists. No network.

mod sources;

use self::sources::Named;
use crate::local::{Local, count};
use timeline::{Commit, Entry};
use crate::view::browse::{CommitRow, LocalMark, Reach, TagRow};
use oci::{CommitTag, Digest};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{Facts, ListedTag, Period, Place, Record, Store};

/// The tag under which a repository's title and description are kept; not shown as a tag.
pub(crate) const ABOUT: &str = "_about";

/// Everything the database knows of a repository's tags, or of one of them.
pub(crate) struct Shelf {
    place: Place,
    /// Tags as listed, in the registry's order, without commit tags and the about tag.
    listed: Vec<ListedTag>,
    /// Commit tags by the tag they are of.
    commit_tags: HashMap<String, Vec<Named>>,
    /// Tags that were seen once and may no longer be listed.
    remembered: Vec<String>,
    /// What was seen, by tag.
    periods: HashMap<String, Vec<Period>>,
    /// What other computers saw, by tag.
    imported: HashMap<String, Vec<Record>>,
    facts: HashMap<Digest, Facts>,
    reach: HashMap<Digest, store::Reach>,
}

impl Shelf {
    /// All tags of a repository, and when the list was last fetched whole.
    pub fn of_repository(
        store: &Store,
        place: &Place,
    ) -> Result<(Self, Option<i64>), store::Error> {
        let (listed, refreshed_at) = store.tags(place)?;
        let (periods, imported) = (store.all_periods(place)?, store.all_imported(place)?);
        let mut shelf = Self::fill(store, place, listed, periods, imported)?;
        // A tag that is only remembered is known to be gone once the list was seen whole.
        if refreshed_at.is_some() {
            let remembered = shelf.periods.keys().chain(shelf.imported.keys());
            shelf.remembered = remembered.cloned().collect();
        }
        Ok((shelf, refreshed_at))
    }

    /// The same, and whether each commit can still be pulled.
    pub fn with_reach(store: &Store, place: &Place) -> Result<(Self, Option<i64>), store::Error> {
        let (mut shelf, refreshed_at) = Self::of_repository(store, place)?;
        shelf.reach = store.all_reaches(place)?;
        Ok((shelf, refreshed_at))
    }

    /// One tag.
    pub fn of_tag(store: &Store, place: &Place, tag: &str) -> Result<Self, store::Error> {
        let listed = store.tag_with_prefix(place, tag, &format!("{}{tag}.", oci::PREFIX))?;
        let periods = HashMap::from([(tag.to_owned(), store.periods(place, tag)?)]);
        let imported = HashMap::from([(tag.to_owned(), store.imported(place, tag)?)]);
        let mut shelf = Self::fill(store, place, listed, periods, imported)?;
        shelf.reach = store.reaches(place, shelf.digests())?;
        Ok(shelf)
    }

    fn fill(
        store: &Store,
        place: &Place,
        all: Vec<ListedTag>,
        periods: HashMap<String, Vec<Period>>,
        imported: HashMap<String, Vec<Record>>,
    ) -> Result<Self, store::Error> {
        let mut shelf = Self {
            place: place.clone(),
            listed: Vec::new(),
            remembered: Vec::new(),
            commit_tags: HashMap::new(),
            periods,
            imported,
            facts: HashMap::new(),
            reach: HashMap::new(),
        };
        for tag in all {
            match CommitTag::parse(&tag.name) {
                Some(name) => {
                    let of = shelf.commit_tags.entry(name.tag.to_string()).or_default();
                    of.push(Named {
                        name,
                        digest: tag.digest,
                        gone_since: tag.deleted_at,
                    });
                }
                None if tag.name == ABOUT => {}
                None => shelf.listed.push(tag),
            }
        }
        shelf.facts = store.facts_of(shelf.digests())?;
        Ok(shelf)
    }

    /// Every digest that is known here.
    fn digests(&self) -> impl Iterator<Item = &Digest> {
        let seen = self.periods.values().flatten().map(|period| &period.digest);
        let told = self.imported.values().flatten();
        let kept = self.commit_tags.values().flatten();
        seen.chain(told.map(|record| &record.digest))
            .chain(kept.filter_map(|named| named.digest.as_ref()))
    }

    /// `host/namespace/name`.
    pub fn path(&self) -> String {
        self.place.path()
    }

    /// The tags that the registry was last seen to have.
    pub fn there(&self) -> HashSet<&str> {
        let listed = self.listed.iter().filter(|tag| tag.deleted_at.is_none());
        listed.map(|tag| tag.name.as_str()).collect()
    }

    /// Every tag: the listed ones, then those of which only commit tags or memories are left.
    pub fn tags(&self) -> Vec<String> {
        let mut names: Vec<String> = self.listed.iter().map(|tag| tag.name.clone()).collect();
        let known: HashSet<&String> = names.iter().collect();
        let left: BTreeSet<String> = self
            .commit_tags
            .keys()
            .chain(&self.remembered)
            .filter(|tag| !known.contains(tag) && *tag != ABOUT)
            .cloned()
            .collect();
        names.extend(left);
        names
    }

    /// The commit tags of a tag, those of which the registry has none any more included.
    fn named(&self, tag: &str) -> &[Named] {
        self.commit_tags.get(tag).map_or(&[], Vec::as_slice)
    }

    /// The timeline of a tag.
    pub fn entries(&self, tag: &str) -> Vec<Entry> {
        let seen = self.periods.get(tag).map(Vec::as_slice).unwrap_or_default();
        let told = self.imported.get(tag).map_or(&[][..], Vec::as_slice);
        let active = seen
            .last()
            .filter(|period| period.ended_at.is_none())
            .map(|period| &period.digest);
        let facts = sources::seen(seen)
            .chain(sources::commit_tags(self.named(tag)))
            .chain(sources::imported(told));
        timeline::merge(facts, active, |digest| {
            self.facts.get(digest).and_then(|facts| facts.created)
        })
    }

    /// The commit tags of a tag that the registry still lists, and what they were last seen to point at.
    pub fn kept(&self, tag: &str) -> impl Iterator<Item = (&CommitTag, Option<&Digest>)> {
        self.named(tag)
            .iter()
            .filter(|named| named.gone_since.is_none())
            .map(|named| (&named.name, named.digest.as_ref()))
    }

    /// The size of a commit, where it is known.
    pub fn size(&self, digest: &Digest) -> Option<u64> {
        self.facts.get(digest).and_then(|facts| facts.size)
    }

    /// The commits a refresh has to ask for: digests, and commit tags. The active one is left out where the tag
    /// itself was asked since the list was fetched: that has answered for it.
    pub fn to_ask(&self, tag: &str) -> (Vec<Digest>, Vec<CommitTag>) {
        let asked = |digest: &Digest| {
            let listed = self.listed.iter().find(|listed| listed.name == tag);
            listed.is_some_and(|tag| tag.asked && tag.trouble.is_none())
                && self
                    .reach
                    .get(digest)
                    .is_some_and(|reach| reach.gone_since.is_none())
        };
        let mut digests: BTreeSet<Digest> = BTreeSet::new();
        let mut answered: Option<Digest> = None;
        for entry in self.entries(tag) {
            if let Commit::Whole(digest) = entry.commit {
                if entry.active && asked(&digest) {
                    answered = Some(digest);
                } else {
                    digests.insert(digest);
                }
            }
        }
        digests.retain(|digest| answered.as_ref() != Some(digest));
        let there = self
            .named(tag)
            .iter()
            .filter(|named| named.gone_since.is_none());
        (
            digests.into_iter().collect(),
            there.map(|named| named.name.clone()).collect(),
        )
    }

    /// The row of a tag.
    pub fn row(&self, tag: &str, listed: Option<&ListedTag>, local: &Local) -> TagRow {
        let entries = self.entries(tag);
        let active = entries.first().filter(|entry| entry.active);
        let digest = active.and_then(|entry| match &entry.commit {
            Commit::Whole(digest) => Some(digest),
            _ => None,
        });
        let facts = digest.and_then(|digest| self.facts.get(digest));
        TagRow {
            name: tag.to_owned(),
            digest: digest.map(Digest::to_string),
            time: active.map(|entry| entry.time),
            size: facts.and_then(|facts| facts.size),
            platforms: facts
                .map(|facts| facts.platforms.clone())
                .unwrap_or_default(),
            commits: count(entries.len()),
            local: self.local_mark(&entries, local),
            resolved: listed.is_none_or(|tag| tag.asked),
            trouble: listed.and_then(|tag| tag.trouble.clone()),
            deleted: listed.is_none_or(|tag| tag.deleted_at.is_some()),
            watched: false,
            moved_at: None,
        }
    }

    /// The rows of all tags.
    pub fn rows(&self, local: &Local) -> Vec<TagRow> {
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

    /// The row of the only tag of this shelf.
    pub fn only_row(&self, tag: &str, local: &Local) -> TagRow {
        self.row(
            tag,
            self.listed.iter().find(|listed| listed.name == tag),
            local,
        )
    }

    /// The commits of a tag.
    pub fn commits(&self, tag: &str, local: &Local) -> Vec<CommitRow> {
        let entries = self.entries(tag);
        keys(&entries)
            .into_iter()
            .zip(&entries)
            .map(|(key, entry)| self.commit_row(tag, entry, key, local))
            .collect()
    }

    /// The row of one entry of a tag.
    pub fn commit_row(&self, tag: &str, entry: &Entry, key: String, local: &Local) -> CommitRow {
        let path = self.place.path();
        let (digest, mismatch) = match &entry.commit {
            Commit::Whole(digest) => (Some(digest), false),
            Commit::Start(_) | Commit::Nothing => (None, false),
            Commit::Lie(_) => (None, true),
        };
        let facts = digest.and_then(|digest| self.facts.get(digest));
        let named = if entry.active {
            Some(tag.to_owned())
        } else {
            entry.kept_by.as_ref().map(ToString::to_string)
        };
        let images = facts
            .map(|facts| facts.images.as_slice())
            .unwrap_or_default();
        CommitRow {
            key,
            short: entry.short().to_owned(),
            digest: digest.map(Digest::to_string),
            active: entry.active,
            commit_tag: commit_tag(entry),
            time: Some(entry.time),
            by: entry.by.clone(),
            until: entry.until,
            sources: entry.sources.clone(),
            reach: self.reach_of(tag, &entry.commit),
            mismatch,
            size: facts.and_then(|facts| facts.size),
            platforms: facts
                .map(|facts| facts.platforms.clone())
                .unwrap_or_default(),
            on_this_computer: digest.is_some_and(|digest| local.holds(&path, digest, images)),
            tag_path: named.map(|name| format!("{path}:{name}")),
            digest_path: digest.map(|digest| format!("{path}@{digest}")),
        }
    }

    /// Whether a commit can still be pulled. One of which only the start of its digest is known can be reached by its
    /// commit tags alone.
    fn reach_of(&self, tag: &str, commit: &Commit) -> Reach {
        match commit {
            Commit::Whole(digest) => self.reach.get(digest).map_or(Reach::Unknown, reach),
            Commit::Start(start) => {
                let of = self.named(tag).iter();
                of.filter(|named| named.name.digest_start == *start)
                    .map(|named| named.gone_since)
                    .min()
                    .flatten()
                    .map_or(Reach::Unknown, |since| Reach::Gone { since })
            }
            Commit::Nothing | Commit::Lie(_) => Reach::Unknown,
        }
    }

    fn local_mark(&self, entries: &[Entry], local: &Local) -> LocalMark {
        let path = self.place.path();
        let here = entries.iter().position(|entry| match &entry.commit {
            Commit::Whole(digest) => {
                let images = self
                    .facts
                    .get(digest)
                    .map(|facts| facts.images.as_slice())
                    .unwrap_or_default();
                local.holds(&path, digest, images)
            }
            _ => false,
        });
        match here {
            None => LocalMark::None,
            Some(index) if entries[index].active => LocalMark::Same,
            Some(index) => LocalMark::Older {
                position: count(index + 1),
                of: count(entries.len()),
            },
        }
    }
}

/// The keys of a tag's rows. The digits alone: a key stays when the whole digest becomes known. Counted from the
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

/// The commit tag an entry shows: the one that keeps it, or that tells it wrongly.
pub(crate) fn commit_tag(entry: &Entry) -> Option<String> {
    match &entry.commit {
        Commit::Lie(name) => Some(name.to_string()),
        _ => entry.kept_by.as_ref().map(ToString::to_string),
    }
}

/// What the database knows of a digest, for the window.
pub(crate) fn reach(reach: &store::Reach) -> Reach {
    match reach.gone_since {
        Some(since) => Reach::Gone { since },
        None => Reach::Pullable { at: reach.asked_at },
    }
}
