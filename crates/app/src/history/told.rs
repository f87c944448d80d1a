//! What a vendor told of tags, recorded as if each had been looked at.
//!
//! Only what is whole is taken: an image for one platform, with its size. Of the rest it is noted since when a tag points there, where
//! that is told; where it points now is for the registry to say, and what it is for its manifest. So is what stands
//! in a tag's place for a moment, what this computer is just writing, and what it knows better. Not here: asking (`kinds`).

use super::room::History;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use oci::{ABOUT_TAG, CommitTag, UtcSeconds};
use store::{PastTag, ToldMoment, ToldTag, Untagged};
use vendors::{Moment, TagFact};

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
    /// Records what a vendor told of listed tags at this time. A move by someone else is noted.
    pub async fn record_told(
        &self,
        remote: &Remote,
        facts: Vec<TagFact>,
        date: Option<UtcSeconds>,
    ) -> Result<Told, Problem> {
        let place = &remote.place;
        let mut turns = Vec::new();
        let (mut told, mut moments) = (Vec::new(), Vec::new());
        for fact in facts {
            let name = fact.tag.as_str();
            // What keeps a commit was shown by the registry, and not by somebody's word.
            let is_ours = name == ABOUT_TAG || CommitTag::parse(name).is_some();
            if fact.what.is_none()
                && let (false, true, Some(began)) = (is_ours, fact.exact, fact.pushed)
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
            if self.is_veiled(&fact.digest) {
                continue;
            }
            let Some(turn) = self.ground.turns.try_tag(place, &fact.tag) else {
                continue;
            };
            turns.push(turn);
            told.push(ToldTag {
                tag: fact.tag.to_string(),
                digest: fact.digest,
                size: what.size,
                platform: what.platform.to_string(),
                pushed: fact.pushed.map(|at| at.0),
                exact: fact.exact,
                who: fact.by,
            });
        }
        let at = self.ground.registry_time(&place.host, date);
        self.record_moments(remote, moments, at).await?;
        if told.is_empty() {
            return Ok(Told::default());
        }
        let wanted = place.clone();
        let taken = self
            .ground
            .db(move |store| store.tell_tags(&wanted, &told, at))
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
        let past = told.into_iter().filter_map(|one| {
            let tag = one.tag?;
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

    /// Records the commits that no tag names, of which a vendor's history told all; true where they are others than before.
    pub async fn record_untagged(
        &self,
        remote: &Remote,
        told: Vec<Moment>,
    ) -> Result<bool, Problem> {
        let (place, at) = (remote.place.clone(), self.ground.now());
        let untagged = told.into_iter().filter(|one| one.tag.is_none());
        let untagged = untagged
            .filter(|one| !self.is_veiled(&one.digest))
            .map(|one| {
                let (size, platform) = match one.what {
                    Some(what) => (Some(what.size), Some(what.platform.to_string())),
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
        let set = move |store: &store::Store| store.set_untagged(&place, &untagged, at);
        self.ground.db(set).await
    }
}
