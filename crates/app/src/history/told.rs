//! What a vendor told of tags, recorded as if each had been looked at.
//!
//! Only what is whole is taken: an image for one platform, with its size. The rest is for its manifest to say, and so is what stands
//! in a tag's place for a moment, what this computer is just writing, and what it knows better. Of a push that says nothing of what was
//! pushed, it is what this computer saw since that began then. Not here: asking (`kinds`).

use super::room::History;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use oci::{ABOUT_TAG, CommitTag, UtcSeconds};
use store::{ToldPush, ToldTag};
use vendors::{TagFact, TagPush};

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
        let mut told = Vec::new();
        for fact in facts {
            let name = fact.tag.as_str();
            // What keeps a commit was shown by the registry, and not by somebody's word.
            let is_ours = name == ABOUT_TAG || CommitTag::parse(name).is_some();
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
        if told.is_empty() {
            return Ok(Told::default());
        }
        let at = self.ground.registry_time(&place.host, date);
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

    /// Records when listed tags were pushed last, as a vendor told at this time: since then they point where they were seen to after
    /// it. Returns the tags of which that is news.
    pub async fn record_pushes(
        &self,
        remote: &Remote,
        pushes: Vec<TagPush>,
        date: Option<UtcSeconds>,
    ) -> Result<Vec<String>, Problem> {
        let place = &remote.place;
        // All three times have to be of one clock: the registry's own.
        let Some(at) = date.filter(|at| self.ground.registry_time(&place.host, date) == at.0)
        else {
            return Ok(Vec::new());
        };
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
            .db(move |store| store.tell_pushes(&place, &told, at.0))
            .await
    }
}
