//! From what the database holds to the rows of the lists. No network.

use crate::local::{Local, count};
use crate::timeline::{self, Commit, Entry, Fact, Kind};
use crate::view::browse::{CommitRow, LocalMark, Reach, TagRow};
use oci::{CommitTag, Digest};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{Facts, ListedTag, Period, Place, Store};

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
    facts: HashMap<Digest, Facts>,
    reach: HashMap<Digest, store::Reach>,
}

/// A commit tag as the database has it.
struct Named {
    name: CommitTag,
    /// What it was last seen to point at.
    digest: Option<Digest>,
    /// The registry still lists it.
    there: bool,
}

impl Shelf {
    /// All tags of a repository, and when the list was last fetched whole.
    pub fn of_repository(
        store: &Store,
        place: &Place,
    ) -> Result<(Self, Option<i64>), store::Error> {
        let (listed, refreshed_at) = store.tags(place)?;
        let mut shelf = Self::fill(store, place, listed, store.all_periods(place)?)?;
        // A tag that only this computer remembers is known to be gone once the list was seen whole.
        if refreshed_at.is_some() {
            shelf.remembered = shelf.periods.keys().cloned().collect();
        }
        Ok((shelf, refreshed_at))
    }

    /// One tag.
    pub fn of_tag(store: &Store, place: &Place, tag: &str) -> Result<Self, store::Error> {
        let listed = store.tag_with_prefix(place, tag, &format!("{}{tag}.", oci::PREFIX))?;
        let periods = HashMap::from([(tag.to_owned(), store.periods(place, tag)?)]);
        let mut shelf = Self::fill(store, place, listed, periods)?;
        shelf.reach = store.reaches(place, shelf.digests())?;
        Ok(shelf)
    }

    fn fill(
        store: &Store,
        place: &Place,
        all: Vec<ListedTag>,
        periods: HashMap<String, Vec<Period>>,
    ) -> Result<Self, store::Error> {
        let mut shelf = Self {
            place: place.clone(),
            listed: Vec::new(),
            remembered: Vec::new(),
            commit_tags: HashMap::new(),
            periods,
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
                        there: tag.deleted_at.is_none(),
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
        seen.chain(
            self.commit_tags
                .values()
                .flatten()
                .filter_map(|named| named.digest.as_ref()),
        )
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

    /// The timeline of a tag.
    pub fn entries(&self, tag: &str) -> Vec<Entry> {
        let seen = self.periods.get(tag).map(Vec::as_slice).unwrap_or_default();
        let kept = self
            .commit_tags
            .get(tag)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let active = seen
            .last()
            .filter(|period| period.ended_at.is_none())
            .map(|period| &period.digest);
        let facts = seen_facts(seen).chain(kept.iter().filter_map(commit_tag_fact));
        timeline::merge(facts, active, |digest| {
            self.facts.get(digest).and_then(|facts| facts.created)
        })
    }

    /// The commits a refresh has to ask for: digests, and commit tags of which the digest is not known yet.
    pub fn to_ask(&self, tag: &str) -> (Vec<Digest>, Vec<CommitTag>) {
        let mut digests: BTreeSet<Digest> = BTreeSet::new();
        for entry in self.entries(tag) {
            if let Commit::Whole(digest) = entry.commit {
                digests.insert(digest);
            }
        }
        let kept = self
            .commit_tags
            .get(tag)
            .map(Vec::as_slice)
            .unwrap_or_default();
        (
            digests.into_iter().collect(),
            kept.iter()
                .filter(|named| named.there)
                .map(|named| named.name.clone())
                .collect(),
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
        let mut again: HashMap<String, u32> = HashMap::new();
        let mut rows: Vec<CommitRow> = self
            .entries(tag)
            .into_iter()
            .rev()
            .map(|entry| {
                // Counted from the oldest, so that a key stays when newer commits come.
                let turn = again
                    .entry(entry.short().to_owned())
                    .and_modify(|turn| *turn += 1)
                    .or_insert(1);
                self.commit_row(tag, &entry, *turn, local)
            })
            .collect();
        rows.reverse();
        rows
    }

    fn commit_row(&self, tag: &str, entry: &Entry, turn: u32, local: &Local) -> CommitRow {
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
            key: match &entry.commit {
                Commit::Lie(name) => name.to_string(),
                // The digits alone: the key stays when the whole digest becomes known.
                _ => format!("{}-{turn}", entry.short()),
            },
            short: entry.short().to_owned(),
            digest: digest.map(Digest::to_string),
            active: entry.active,
            commit_tag: match &entry.commit {
                Commit::Lie(name) => Some(name.to_string()),
                _ => entry.kept_by.as_ref().map(ToString::to_string),
            },
            time: Some(entry.time),
            until: entry.until,
            sources: entry.sources.clone(),
            reach: digest.and_then(|digest| self.reach.get(digest)).map_or(
                Reach::Unknown,
                |reach| match reach.gone_since {
                    Some(since) => Reach::Gone { since },
                    None => Reach::Pullable { at: reach.asked_at },
                },
            ),
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

/// What was seen, as facts: when it was first, when last, and when the tag was gone.
fn seen_facts(periods: &[Period]) -> impl Iterator<Item = Fact> + '_ {
    periods.iter().enumerate().flat_map(|(index, period)| {
        let commit = Commit::Whole(period.digest.clone());
        let order = Some(period.id.saturating_mul(2));
        let began = if period.exact {
            Kind::DoneHere
        } else {
            Kind::SeenHere {
                first: !period.changed,
            }
        };
        let first = Fact {
            at: period.first_seen,
            commit: commit.clone(),
            kind: began,
            order,
        };
        let last = (period.last_seen > period.first_seen).then(|| Fact {
            at: period.last_seen,
            commit: commit.clone(),
            kind: Kind::SeenHere { first: false },
            order,
        });
        // Where the next period is of the same commit, or there is none, the tag itself was gone in between.
        let gone = period
            .ended_at
            .filter(|_| {
                periods
                    .get(index + 1)
                    .is_none_or(|next| next.digest == period.digest)
            })
            .map(|at| Fact {
                at,
                commit: Commit::Nothing,
                kind: Kind::SeenHere { first: false },
                order: order.map(|order| order + 1),
            });
        [Some(first), last, gone].into_iter().flatten()
    })
}

fn commit_tag_fact(named: &Named) -> Option<Fact> {
    let Named {
        name,
        digest,
        there,
    } = named;
    let commit = match digest {
        Some(digest) if name.matches(digest) => Commit::Whole(digest.clone()),
        // Nobody believes one that lied; once it is gone there is nothing left to show of it.
        Some(_) if !there => return None,
        Some(_) => Commit::Lie(name.clone()),
        None => Commit::Start(name.digest_start.clone()),
    };
    let kind = Kind::CommitTag {
        name: name.clone(),
        there: *there,
    };
    Some(Fact {
        at: name.at.0,
        commit,
        kind,
        order: None,
    })
}
