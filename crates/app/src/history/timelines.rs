//! The timelines of some tags, wherever they are, and no more of them.
//!
//! Not here: all that is known of a repository's tags (`tags`). Grows by nothing.

use super::sources::{self, Known, Named};
use oci::{CommitTag, Digest};
use std::collections::{HashMap, HashSet};
use store::{KnownTag, Place, Store};
use timeline::{Age, Commit, Entry};

/// The timeline of one tag.
pub(crate) struct TagTimeline {
    pub entries: Vec<Entry>,
    /// When its active commit was built, where that is known.
    pub built: Option<i64>,
}

impl TagTimeline {
    /// Reads the timelines of these tags; those of which nothing is known are left out.
    pub fn of_tags(
        store: &Store,
        tags: &HashSet<(&Place, &str)>,
    ) -> Result<HashMap<(Place, String), Self>, store::Error> {
        let known = store.known_tags(tags)?;
        let built = store.built_of(known.values().flat_map(digests))?;
        let timeline = |((place, tag), known): ((Place, String), KnownTag)| {
            let timeline = Self::of(&tag, known, &built);
            ((place, tag), timeline)
        };
        Ok(known.into_iter().map(timeline).collect())
    }

    fn of(tag: &str, known: KnownTag, built: &HashMap<Digest, i64>) -> Self {
        // The commit tags of `v1.2` begin as those of `v1` do.
        let named = known.listed.into_iter().filter_map(|listed| {
            let name = CommitTag::parse(&listed.name).filter(|name| name.tag.as_str() == tag)?;
            Some(Named::of(name, listed))
        });
        let named: Vec<Named> = named.collect();
        let built = |digest: &Digest| built.get(digest).copied();
        let all = Known {
            periods: &known.periods,
            named: &named,
            imported: &known.imported,
            moments: &known.moments,
            past: &known.past,
        };
        let entries = sources::merge(&all, |digest| built(digest).map(Age::built));
        let active = entries.first().filter(|entry| entry.active);
        Self {
            built: active.and_then(|active| match &active.commit {
                Commit::Whole(digest) => built(digest),
                _ => None,
            }),
            entries,
        }
    }
}

fn digests(known: &KnownTag) -> impl Iterator<Item = &Digest> {
    let seen = known.periods.iter().map(|period| &period.digest);
    let told = known.imported.iter().map(|record| &record.digest);
    let listed = known.listed.iter().filter_map(|tag| tag.digest.as_ref());
    let past = known.past.iter().map(|past| &past.digest);
    seen.chain(told).chain(listed).chain(past)
}
