//! The timeline of a whole repository, and asking for the commits one looks at.

use super::room::Repositories;
use crate::accounts::Remote;
use crate::ground::count;
use crate::history::{CommitName, TagRecords, rows};
use crate::local::Held;
use crate::view::browse::{Reach, TimeFact};
use crate::view::events::AppEvent;
use crate::view::problem::Problem;
use crate::view::timeline::{Lane, Mark, ReachFact, RepositoryTimeline, TimelineRow};
use crate::words;
use futures_util::{FutureExt, StreamExt, stream};
use oci::{CommitTag, Digest};
use std::collections::{BTreeSet, HashSet};
use store::{Place, Store};
use timeline::lanes::{self, Bead, Strand};
use timeline::{Commit, Entry};

/// How many commits are asked for in one call: more than any window shows at once.
const MOST: usize = 200;
/// How many of them are asked for at the same time; the registry crate limits a host besides.
const AT_ONCE: usize = 6;

impl Repositories {
    /// Returns the timeline of a repository, from the cache.
    pub async fn timeline(
        &self,
        account: String,
        repository: String,
    ) -> Result<RepositoryTimeline, Problem> {
        let place = self.accounts.place(&account, &repository).await?;
        let local = self.local.held();
        self.ground
            .db(move |store| {
                let (all, refreshed_at) = TagRecords::with_reach(store, &place)?;
                Ok(woven(&all, refreshed_at, &local))
            })
            .await
    }

    /// Asks for commits (digests, or names of commit tags) whether they can still be pulled; the answers come as
    /// [`AppEvent::Reached`]. One HEAD each, and a manifest and config once ever; at most the first 200 are asked.
    pub async fn ask_commits(
        &self,
        account: String,
        repository: String,
        commits: Vec<String>,
    ) -> Result<(), Problem> {
        let told = self.ask_each(account.clone(), repository, commits).boxed();
        self.accounts.asking(&account, told).await
    }

    async fn ask_each(
        &self,
        account: String,
        repository: String,
        commits: Vec<String>,
    ) -> Result<(), Problem> {
        let remote = self.accounts.remote(&account, &repository).await?;
        let asked: BTreeSet<String> = commits.into_iter().take(MOST).collect();
        let asked = asked
            .iter()
            .map(|text| CommitName::parse(text))
            .collect::<Result<Vec<_>, _>>()?;
        let remote = &remote;
        let told = stream::iter(asked)
            .map(|asked| async move { self.reach(remote, asked).await })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        let mut facts = Vec::new();
        let mut failed = Ok(());
        for told in told {
            match told {
                Ok(fact) => facts.push(fact),
                Err(problem) => failed = failed.and(Err(problem)),
            }
        }
        if !facts.is_empty() {
            facts.sort_by(|a, b| a.of.cmp(&b.of));
            self.ground.events.emit(AppEvent::Reached {
                account,
                repository,
                facts,
            });
        }
        failed
    }
}

impl Repositories {
    /// Asks for a commit by one HEAD, and remembers the answer.
    async fn reach(&self, remote: &Remote, asked: CommitName) -> Result<ReachFact, Problem> {
        let mut fact = ReachFact {
            of: String::new(),
            digest: None,
            reach: Reach::Unknown,
            kept: false,
            mismatch: false,
            size: None,
            platforms: Vec::new(),
        };
        let digest = match asked {
            CommitName::Whole(digest) => {
                fact.of = digest.to_string();
                self.content.reachable(remote, &digest).await?;
                digest
            }
            CommitName::Named(name) => {
                fact.of = name.to_string();
                match self.history.points_at(remote, &name.name()).await? {
                    Some(digest) if name.matches(&digest) => {
                        fact.kept = true;
                        if self.content.platform_of(&digest).await?.is_some() {
                            self.content.reachable(remote, &digest).await?;
                        }
                        digest
                    }
                    Some(_) => {
                        fact.mismatch = true;
                        return Ok(fact);
                    }
                    None => {
                        let (of, name) = (remote.place.clone(), name.clone());
                        let known = self
                            .ground
                            .db(move |store| behind(store, &of, &name))
                            .await?;
                        let (digest, since) = known;
                        let Some(digest) = digest else {
                            // The commit tag was all that led to it.
                            fact.reach = Reach::Gone {
                                since: since.unwrap_or_else(|| {
                                    self.ground.registry_now(&remote.place.host)
                                }),
                                restorable_until: None,
                            };
                            return Ok(fact);
                        };
                        // The commit tag is gone; the commit itself may still be there.
                        self.content.reachable(remote, &digest).await?;
                        digest
                    }
                }
            }
        };
        let index = self.content.platform_of(&digest).await?.is_some();
        fact.reach = self.content.known_reach(&remote.place, &digest).await?;
        let facts = if matches!(fact.reach, Reach::Pullable { .. } | Reach::Partly { .. }) {
            // What can't be shown of one commit is no reason to say nothing of it.
            let facts = self.content.facts(remote, &digest).await.ok();
            // That it is an index, whose platforms a clean-up may have taken, may be known only now.
            if !index && self.content.platform_of(&digest).await?.is_some() {
                self.content.reachable(remote, &digest).await?;
                fact.reach = self.content.known_reach(&remote.place, &digest).await?;
            }
            facts
        } else {
            let wanted = digest.clone();
            self.ground.db(move |store| store.facts(&wanted)).await?
        };
        fact.digest = Some(digest.to_string());
        if let Some(facts) = facts {
            fact.size = facts.size;
            fact.platforms = words::content::platforms(&facts);
        }
        Ok(fact)
    }
}

/// Finds what a commit tag that is no longer there pointed at, where that was seen, and since when it is gone.
fn behind(
    store: &Store,
    place: &Place,
    name: &CommitTag,
) -> Result<(Option<Digest>, Option<i64>), store::Error> {
    let text = name.to_string();
    let tag = store
        .tag_with_prefix(place, &text, &text)?
        .into_iter()
        .find(|tag| tag.name == text);
    Ok(tag.map_or((None, None), |tag| {
        let digest = tag.digest.filter(|digest| name.matches(digest));
        (digest, tag.deleted_at)
    }))
}

/// One tag's part of the timeline.
struct OfTag {
    tag: String,
    entries: Vec<Entry>,
    keys: Vec<String>,
    /// What says which commit each entry is of.
    commits: Vec<String>,
}

fn woven(shelf: &TagRecords, refreshed_at: Option<i64>, local: &Held) -> RepositoryTimeline {
    let mut tags: Vec<OfTag> = shelf
        .tags()
        .into_iter()
        .map(|tag| {
            let entries = shelf.entries(&tag);
            OfTag {
                tag,
                keys: rows::keys(&entries),
                commits: Vec::new(),
                entries,
            }
        })
        .filter(|of| !of.entries.is_empty())
        .collect();
    name_commits(&mut tags);
    let strands: Vec<Strand<'_>> = tags
        .iter()
        .map(|of| Strand {
            tag: &of.tag,
            beads: of
                .entries
                .iter()
                .zip(&of.commits)
                .map(|(entry, commit)| Bead {
                    at: entry.time.at,
                    place: entry.time.place(),
                    commit,
                })
                .collect(),
        })
        .collect();
    let woven = lanes::weave(&strands);
    let there = shelf.there();
    let shown: HashSet<&Digest> = tags
        .iter()
        .flat_map(|of| &of.entries)
        .filter_map(|entry| match &entry.commit {
            Commit::Whole(digest) => Some(digest),
            _ => None,
        })
        .collect();
    RepositoryTimeline {
        untagged: shelf.untagged_rows(&shown, local),
        path: shelf.path(),
        lanes: woven
            .lanes
            .iter()
            .map(|lane| {
                let tag = lane.map(|strand| tags[strand].tag.clone());
                Lane {
                    deleted: tag.as_deref().is_some_and(|tag| !there.contains(tag)),
                    tag,
                }
            })
            .collect(),
        rows: woven
            .rows
            .iter()
            .filter_map(|row| timeline_row(shelf, &tags, row, local))
            .collect(),
        refreshed_at,
    }
}

/// Names the commit of each entry: what a commit tag says is the commit of those digits, where the repository has just one
/// such.
fn name_commits(tags: &mut [OfTag]) {
    let whole: BTreeSet<String> = tags
        .iter()
        .flat_map(|of| &of.entries)
        .filter_map(|entry| match &entry.commit {
            Commit::Whole(digest) => Some(digest.hex().to_owned()),
            // As many digits as a name can carry are a name of their own.
            Commit::Start(start) => Some(start.clone()).filter(|start| start.len() == 64),
            Commit::Nothing | Commit::Lie(_) => None,
        })
        .collect();
    let of_start = |start: &String| {
        let mut those = whole
            .range(start.clone()..)
            .take_while(|hex| hex.starts_with(start));
        let first = those.next()?;
        those.next().is_none().then(|| first.clone())
    };
    for of in tags {
        of.commits = of
            .entries
            .iter()
            .map(|entry| match &entry.commit {
                Commit::Whole(digest) => digest.hex().to_owned(),
                Commit::Start(start) => of_start(start).unwrap_or_else(|| start.clone()),
                // It is no one's commit.
                Commit::Lie(name) => name.to_string(),
                Commit::Nothing => String::new(),
            })
            .collect();
    }
}

fn timeline_row(
    shelf: &TagRecords,
    tags: &[OfTag],
    row: &lanes::Row,
    local: &Held,
) -> Option<TimelineRow> {
    let marks: Vec<Mark> = row
        .knots
        .iter()
        .map(|knot| {
            let of = &tags[knot.strand];
            let entry = &of.entries[knot.bead];
            Mark {
                lane: count(knot.lane),
                tag: of.tag.clone(),
                key: of.keys[knot.bead].clone(),
                active: entry.active,
                commit_tag: rows::commit_tag(entry),
                kept: entry.kept_by.is_some(),
                time: Some(entry.time),
                until: entry.until,
            }
        })
        .collect();
    let first = row.knots.first()?;
    let of = &tags[first.strand];
    let (entry, key) = (&of.entries[first.bead], &of.keys[first.bead]);
    let mut commit = shelf.commit_row(&of.tag, entry, key.clone(), local);
    let earliest: Option<TimeFact> = marks
        .iter()
        .filter_map(|mark| mark.time)
        .min_by_key(|time| time.at);
    commit.time = earliest;
    Some(TimelineRow {
        // No tag holds a slash.
        key: format!("{}/{key}", of.tag),
        marks,
        commit,
    })
}
