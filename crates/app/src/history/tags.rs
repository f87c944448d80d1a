//! Everything the database knows of a repository's tags, read once. No network.
//!
//! Not here: rows for the window (`rows`).

use super::sources::{self, Known, Named};
use crate::words;
use oci::{ABOUT_TAG, CommitTag, Digest};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{
    Facts, ListedTag, PastTag, Period, Place, Record, Store, TagsPart, ToldMoment, ToldTag,
    Untagged,
};
use timeline::{Age, Commit, Entry};

/// Of how many of a tag's commits, the newest, is asked whether they are there: a vendor may remember thousands.
const MOST_ASKED: usize = 200;

/// Everything the database knows of a repository's tags, or of one of them.
pub(crate) struct TagRecords {
    pub(super) place: Place,
    /// Tags as listed, in the registry's order, without commit tags and the about tag.
    pub(super) listed: Vec<ListedTag>,
    /// Commit tags by the tag they are of.
    commit_tags: HashMap<String, Vec<Named>>,
    /// Tags that were seen once and may no longer be listed.
    remembered: Vec<String>,
    /// What was seen, by tag.
    periods: HashMap<String, Vec<Period>>,
    /// What other computers saw, by tag.
    imported: HashMap<String, Vec<Record>>,
    /// What the vendor told of the tags, by tag.
    told: HashMap<String, ToldTag>,
    /// Since when they pointed at commits, as the vendor told, by tag.
    moments: HashMap<String, Vec<ToldMoment>>,
    /// What they pointed at before, as the vendor's history told, by tag, oldest first.
    past: HashMap<String, Vec<PastTag>>,
    /// Commits that no tag names, as it told: for a timeline of the whole repository only.
    pub(crate) untagged: Vec<Untagged>,
    pub(super) facts: HashMap<Digest, Facts>,
    pub(super) reach: HashMap<Digest, store::ReachRecord>,
}

impl TagRecords {
    /// Reads all tags of a repository, and when the list was last fetched whole.
    pub fn of_repository(
        store: &Store,
        place: &Place,
    ) -> Result<(Self, Option<i64>), store::Error> {
        let (listed, refreshed_at) = store.tags(place)?;
        let (periods, imported) = (store.all_periods(place)?, store.all_imported(place)?);
        let mut shelf = Self::fill(place, listed, periods, imported);
        shelf.past = store.past_tags(place, None)?;
        shelf.facts = store.facts_of(shelf.digests())?;
        shelf.told = store.told_tags(place, None)?;
        shelf.moments = store.told_moments(place, None)?;
        // A tag that is only remembered is known to be gone once the list was seen whole.
        if refreshed_at.is_some() {
            let remembered = shelf.periods.keys().chain(shelf.imported.keys());
            let remembered = remembered.chain(shelf.past.keys());
            shelf.remembered = remembered.cloned().collect();
        }
        Ok((shelf, refreshed_at))
    }

    /// Reads all tags of a repository as `of_repository` does, whether each commit can still be pulled, and those without a tag.
    pub fn with_reach(store: &Store, place: &Place) -> Result<(Self, Option<i64>), store::Error> {
        let (mut shelf, refreshed_at) = Self::of_repository(store, place)?;
        shelf.reach = store.all_reaches(place)?;
        shelf.untagged = store.untagged(place)?;
        if !shelf.untagged.is_empty() {
            // Some vendors don't tell which of them are parts of others.
            let parts = store.parts_of_indexes(place)?;
            let those = &mut shelf.untagged;
            those.retain(|one| !parts.contains(&one.digest));
            let facts = store.facts_of(shelf.untagged.iter().map(|one| &one.digest))?;
            shelf.facts.extend(facts);
        }
        Ok((shelf, refreshed_at))
    }

    /// Reads one tag.
    pub fn of_tag(store: &Store, place: &Place, tag: &str) -> Result<Self, store::Error> {
        let listed = store.tag_with_prefix(place, tag, &format!("{}{tag}.", oci::PREFIX))?;
        let periods = HashMap::from([(tag.to_owned(), store.periods(place, tag)?)]);
        let imported = HashMap::from([(tag.to_owned(), store.imported(place, tag)?)]);
        let mut shelf = Self::fill(place, listed, periods, imported);
        shelf.past = store.past_tags(place, Some(&[tag]))?;
        shelf.facts = store.facts_of(shelf.digests())?;
        shelf.told = store.told_tags(place, Some(&[tag]))?;
        shelf.moments = store.told_moments(place, Some(&[tag]))?;
        shelf.reach = store.reaches(place, shelf.digests())?;
        Ok(shelf)
    }

    /// Reads some of the tags, as they stand in the list.
    pub fn of_part(store: &Store, place: &Place, part: TagsPart) -> Result<Self, store::Error> {
        let mut tags: Vec<ListedTag> = part
            .listed
            .into_iter()
            .filter(|tag| CommitTag::parse(&tag.name).is_none())
            .collect();
        let names: HashSet<String> = tags.iter().map(|tag| tag.name.clone()).collect();
        // The commit tags of `v1.2` begin as those of `v1` do.
        let of_these = |tag: &ListedTag| {
            CommitTag::parse(&tag.name).is_some_and(|of| names.contains(of.tag.as_str()))
        };
        tags.extend(part.commit_tags.into_iter().filter(of_these));
        let mut shelf = Self::fill(place, tags, part.periods, part.imported);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        shelf.past = store.past_tags(place, Some(&names))?;
        shelf.facts = store.facts_of(shelf.digests())?;
        shelf.told = store.told_tags(place, Some(&names))?;
        shelf.moments = store.told_moments(place, Some(&names))?;
        Ok(shelf)
    }

    fn fill(
        place: &Place,
        all: Vec<ListedTag>,
        periods: HashMap<String, Vec<Period>>,
        imported: HashMap<String, Vec<Record>>,
    ) -> Self {
        let mut shelf = Self {
            place: place.clone(),
            listed: Vec::new(),
            remembered: Vec::new(),
            commit_tags: HashMap::new(),
            periods,
            imported,
            told: HashMap::new(),
            moments: HashMap::new(),
            past: HashMap::new(),
            untagged: Vec::new(),
            facts: HashMap::new(),
            reach: HashMap::new(),
        };
        for tag in all {
            match CommitTag::parse(&tag.name) {
                Some(name) => {
                    let of = shelf.commit_tags.entry(name.tag.to_string()).or_default();
                    of.push(Named::of(name, tag));
                }
                None if tag.name == ABOUT_TAG => {}
                None => shelf.listed.push(tag),
            }
        }
        shelf
    }

    /// Returns every digest that is known here.
    fn digests(&self) -> impl Iterator<Item = &Digest> {
        let seen = self.periods.values().flatten().map(|period| &period.digest);
        let told = self.imported.values().flatten();
        let kept = self.commit_tags.values().flatten();
        let past = self.past.values().flatten().map(|past| &past.digest);
        seen.chain(told.map(|record| &record.digest))
            .chain(past)
            .chain(kept.filter_map(|named| named.digest.as_ref()))
    }

    /// Returns the repository's path: `host/namespace/name`.
    pub fn path(&self) -> String {
        self.place.path()
    }

    /// Returns the tags that the registry was last seen to have.
    pub fn there(&self) -> HashSet<&str> {
        let listed = self.listed.iter().filter(|tag| tag.deleted_at.is_none());
        listed.map(|tag| tag.name.as_str()).collect()
    }

    /// Returns every tag: the listed ones, then those of which only commit tags or memories are left.
    pub fn tags(&self) -> Vec<String> {
        let mut names: Vec<String> = self.listed.iter().map(|tag| tag.name.clone()).collect();
        let known: HashSet<&String> = names.iter().collect();
        let left: BTreeSet<String> = self
            .commit_tags
            .keys()
            .chain(&self.remembered)
            .filter(|tag| !known.contains(tag) && *tag != ABOUT_TAG)
            .cloned()
            .collect();
        names.extend(left);
        names
    }

    /// Returns the commit tags of a tag, those of which the registry has none any more included.
    pub(super) fn named(&self, tag: &str) -> &[Named] {
        self.commit_tags.get(tag).map_or(&[], Vec::as_slice)
    }

    /// Returns the timeline of a tag.
    pub fn entries(&self, tag: &str) -> Vec<Entry> {
        fn of<'a, T>(all: &'a HashMap<String, Vec<T>>, tag: &str) -> &'a [T] {
            all.get(tag).map_or(&[], Vec::as_slice)
        }
        let known = Known {
            periods: of(&self.periods, tag),
            named: self.named(tag),
            imported: of(&self.imported, tag),
            moments: of(&self.moments, tag),
            past: of(&self.past, tag),
        };
        sources::merge(&known, |digest| {
            let told = self.told.get(tag).filter(|told| told.digest == *digest);
            let pushed = told.filter(|told| !told.exact).and_then(|told| told.pushed);
            let built = self.facts.get(digest).and_then(|facts| facts.created);
            pushed.map(Age::pushed).or(built.map(Age::built))
        })
    }

    /// Returns since when a registry hides a commit that left a tag, and until when it can put it back, as it told: none where the
    /// commit is there under another tag, or nothing was told.
    pub(super) fn hidden(&self, tag: &str, digest: &Digest) -> Option<(i64, i64)> {
        let past = self.past.get(tag)?.iter().rev();
        let last = past.into_iter().find(|past| past.digest == *digest)?;
        let hidden = (last.ended?, last.restorable_until?);
        let mut seen = self.periods.values().flatten();
        let is_there = seen.any(|period| period.digest == *digest && period.ended_at.is_none());
        (!is_there).then_some(hidden)
    }

    /// Returns the commit tags of a tag that the registry still lists, and what each was shown to point at: none where
    /// nobody asked.
    pub fn kept(&self, tag: &str) -> impl Iterator<Item = (&CommitTag, Option<&Digest>)> {
        self.named(tag)
            .iter()
            .filter(|named| named.gone_since.is_none())
            .map(|named| {
                let shown = named.digest.as_ref().filter(|_| named.shown);
                (&named.name, shown)
            })
    }

    /// Returns the commit tags of a tag that may keep a commit: those that the registry lists and whose names say so, those
    /// that were shown to first.
    pub fn may_keep(&self, tag: &str, digest: &Digest) -> Vec<CommitTag> {
        let mut names: Vec<(&CommitTag, Option<&Digest>)> = self
            .kept(tag)
            .filter(|(name, shown)| name.matches(digest) && shown.is_none_or(|at| at == digest))
            .collect();
        names.sort_by_key(|(_, shown)| shown.is_none());
        names.into_iter().map(|(name, _)| name.clone()).collect()
    }

    /// Returns the size of a commit, where it is known.
    pub fn size(&self, digest: &Digest) -> Option<u64> {
        self.facts.get(digest).and_then(|facts| facts.size)
    }

    /// Returns the size of a tag's commit and what it runs on: by its bytes, else as the vendor told of this very commit.
    pub(super) fn shown(&self, tag: &str, digest: Option<&Digest>) -> (Option<u64>, Vec<String>) {
        let Some(digest) = digest else {
            return (None, Vec::new());
        };
        if let Some(facts) = self.facts.get(digest) {
            return (facts.size, words::content::platforms(facts));
        }
        match self.told.get(tag) {
            Some(told) if told.digest == *digest => {
                (told.size, told.platform.clone().into_iter().collect())
            }
            _ => (None, Vec::new()),
        }
    }

    /// Returns what the vendor told that a tag points at where it told no more of it, and its manifest was never read: the tag need
    /// not be asked for, but that has to be.
    pub fn told_in_part(&self, tag: &str, digest: Option<&Digest>) -> Option<&Digest> {
        let told = self.told.get(tag)?;
        let is_part = told.size.is_none() || told.platform.is_none();
        let is_it = digest == Some(&told.digest) && !self.facts.contains_key(&told.digest);
        (is_part && is_it).then_some(&told.digest)
    }

    /// Returns the commits a refresh has to ask for: digests, and commit tags. The active one is left out where the tag
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
        for entry in self.entries(tag).into_iter().take(MOST_ASKED) {
            if let Commit::Whole(digest) = entry.commit {
                if entry.active && asked(&digest) {
                    answered = Some(digest);
                } else {
                    digests.insert(digest);
                }
            }
        }
        // What its registry hides until it is put back answers to nobody.
        digests.retain(|digest| {
            answered.as_ref() != Some(digest)
                && (self.hidden(tag, digest).is_none() || self.reach.contains_key(digest))
        });
        let there = self
            .named(tag)
            .iter()
            .filter(|named| named.gone_since.is_none());
        (
            digests.into_iter().collect(),
            there.map(|named| named.name.clone()).collect(),
        )
    }
}
