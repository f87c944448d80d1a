//! What a vendor told of tags, recorded as if each had been looked at.
//!
//! What may stand in a tag's place for a moment is left to a look, and so is what this computer is just writing and what it knows
//! better. Where size or platform aren't told, they are for the manifest to say, once the row is seen; of what may be one of ours it
//! is noted since when a tag points there, and no more. Of a push that says nothing of what was pushed, it is what this computer saw
//! since that began then. Not here: asking (`kinds`).

use super::room::History;
use super::tags::TagRecords;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use oci::{ABOUT_TAG, CommitTag, Digest, UtcSeconds};
use store::{PastTag, Place, ToldMoment, ToldPush, ToldTag, Untagged};
use vendors::{Moment, TagFact, TagPush};

/// A time that is further ahead than this (seconds) is none of a registry's past.
const AHEAD: i64 = 86_400;

/// When something was told (seconds, UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ToldTime {
    pub at: i64,
    /// It is of the registry's own clock.
    pub is_registrys: bool,
}

/// What came of what was told.
#[must_use = "what others displaced may have to be kept: follow it, or hand it over to the watch"]
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// The tags of which it was taken.
    pub tags: Vec<String>,
    /// A rule says that what a tag has left is kept.
    pub to_rescue: bool,
}

impl History {
    /// Returns what a tag points at where its vendor has told that since it was listed, and what that is has yet to be read.
    pub async fn told_in_part(&self, place: &Place, tag: &str) -> Result<Option<Digest>, Problem> {
        let (place, tag) = (place.clone(), tag.to_owned());
        self.ground
            .db(move |store| {
                let records = TagRecords::of_tag(store, &place, &tag)?;
                let mut listed = records.listed.iter().filter(|listed| {
                    let is_told = listed.asked && listed.trouble.is_none();
                    listed.name == tag && is_told && listed.deleted_at.is_none()
                });
                let points_at = listed.next().and_then(|listed| listed.digest.as_ref());
                Ok(records.told_in_part(&tag, points_at).cloned())
            })
            .await
    }

    /// Takes the time at which a vendor answered.
    pub fn told_at(&self, remote: &Remote, date: Option<UtcSeconds>) -> ToldTime {
        let at = self.ground.registry_time(&remote.place.host, date);
        ToldTime {
            at,
            is_registrys: date.is_some_and(|date| date.0 == at),
        }
    }

    /// Records what a vendor told of listed tags at this time. A move by someone else is noted.
    pub async fn record_told(
        &self,
        remote: &Remote,
        facts: Vec<TagFact>,
        time: ToldTime,
    ) -> Result<Told, Problem> {
        let place = &remote.place;
        let latest = self.ground.registry_now(&place.host) + AHEAD;
        let mut turns = Vec::new();
        let (mut told, mut moments) = (Vec::new(), Vec::new());
        for fact in facts {
            if self.is_veiled(&fact.digest) {
                continue;
            }
            let name = fact.tag.as_str();
            // What keeps a commit was shown by the registry, and not by somebody's word.
            let is_ours = name == ABOUT_TAG || CommitTag::parse(name).is_some();
            if fact.what.is_none()
                && let (false, true, Some(began)) = (is_ours, fact.exact, fact.pushed)
                && began.0 <= latest
            {
                moments.push(ToldMoment {
                    tag: fact.tag.to_string(),
                    digest: fact.digest,
                    began: began.0,
                    who: fact.by,
                });
                continue;
            }
            let Some(what) = fact.what.filter(|_| !is_ours) else {
                continue;
            };
            let Some(turn) = self.ground.turns.try_tag(place, &fact.tag) else {
                continue;
            };
            turns.push(turn);
            told.push(ToldTag {
                tag: fact.tag.to_string(),
                digest: fact.digest,
                size: what.size,
                platform: what.platform.map(|platform| platform.to_string()),
                pushed: fact.pushed.map(|at| at.0).filter(|at| *at <= latest),
                exact: fact.exact,
                who: fact.by,
            });
        }
        self.record_moments(remote, moments, time.at).await?;
        if told.is_empty() {
            return Ok(Told::default());
        }
        let wanted = place.clone();
        let taken = self
            .ground
            .db(move |store| store.tell_tags(&wanted, &told, time.at))
            .await?;
        drop(turns);
        if taken.answered && taken.moved.is_empty() {
            self.stale_moves(place).await;
        }
        Ok(Told {
            to_rescue: self.record_moves(place, taken.moved).await?,
            tags: taken.tags,
        })
    }

    async fn record_moments(
        &self,
        remote: &Remote,
        moments: Vec<ToldMoment>,
        at: i64,
    ) -> Result<(), Problem> {
        if moments.is_empty() {
            return Ok(());
        }
        let place = remote.place.clone();
        let tell = move |store: &store::Store| store.tell_moments(&place, &moments, at);
        if self.ground.db(tell).await? {
            self.ground.stale_tags(&remote.place).await;
        }
        Ok(())
    }

    /// Records what a vendor's history told of the past of tags; returns how much of it is news. What keeps a commit, and what a
    /// repository says of itself, has no past that anybody wants.
    pub async fn record_past(&self, remote: &Remote, told: Vec<Moment>) -> Result<usize, Problem> {
        let (place, at) = (remote.place.clone(), self.ground.now());
        let latest = self.ground.registry_now(&place.host) + AHEAD;
        let past = told.into_iter().filter_map(|one| {
            let tag = one.tag.filter(|_| one.from.0 <= latest)?;
            let is_ours = tag.as_str() == ABOUT_TAG || CommitTag::parse(tag.as_str()).is_some();
            (!is_ours && !self.is_veiled(&one.digest)).then(|| PastTag {
                tag: tag.to_string(),
                digest: one.digest,
                began: one.from.0,
                ended: one.until.map(|until| until.0),
                who: one.by,
                restorable_until: one.restorable_until.map(|until| until.0),
            })
        });
        let past: Vec<PastTag> = past.collect();
        let tell = move |store: &store::Store| store.tell_past(&place, &past, at);
        self.ground.db(tell).await
    }

    /// Records commits that no tag names, as a vendor's history told them: all there are (`whole`), or some. True where they are
    /// others than before.
    pub async fn record_untagged(
        &self,
        remote: &Remote,
        told: Vec<Moment>,
        whole: bool,
    ) -> Result<bool, Problem> {
        let (place, at) = (remote.place.clone(), self.ground.now());
        let latest = self.ground.registry_now(&place.host) + AHEAD;
        let untagged = told.into_iter();
        let untagged = untagged.filter(|one| one.tag.is_none() && one.from.0 <= latest);
        let untagged = untagged
            .filter(|one| !self.is_veiled(&one.digest))
            .map(|one| {
                let (size, platform) = match one.what {
                    Some(what) => (
                        what.size,
                        what.platform.map(|platform| platform.to_string()),
                    ),
                    None => (None, None),
                };
                Untagged {
                    digest: one.digest,
                    pushed: one.from.0,
                    size,
                    platform,
                    who: one.by,
                }
            });
        let untagged: Vec<Untagged> = untagged.collect();
        let set = move |store: &store::Store| store.set_untagged(&place, &untagged, whole, at);
        self.ground.db(set).await
    }

    /// Records when listed tags were pushed last, as a vendor told at this time: since then they point where they were seen to after
    /// it. Returns the tags of which that is news.
    pub async fn record_pushes(
        &self,
        remote: &Remote,
        pushes: Vec<TagPush>,
        time: ToldTime,
    ) -> Result<Vec<String>, Problem> {
        let place = &remote.place;
        // All three times have to be of one clock: the registry's own.
        if !time.is_registrys {
            return Ok(Vec::new());
        }
        let mut turns = Vec::new();
        let mut told = Vec::new();
        for push in pushes {
            let name = push.tag.as_str();
            if name == ABOUT_TAG || CommitTag::parse(name).is_some() {
                continue;
            }
            let Some(turn) = self.ground.turns.try_tag(place, &push.tag) else {
                continue;
            };
            turns.push(turn);
            told.push(ToldPush {
                tag: push.tag.to_string(),
                at: push.at.0,
                who: push.by,
            });
        }
        if told.is_empty() {
            return Ok(Vec::new());
        }
        let place = place.clone();
        self.ground
            .db(move |store| store.tell_pushes(&place, &told, time.at))
            .await
    }
}
