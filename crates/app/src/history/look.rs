//! Looking at what a tag points at, and recording what was seen or done.
//!
//! A look only looks: nothing here writes to a registry. What may follow from it (a displaced commit is kept) is the
//! watch's to do, and it is told by a [`Sighting`] that must not be dropped unread.

use super::marks;
use super::room::History;
use super::tags::TagRecords;
use crate::accounts::Remote;
use crate::content::{head_of_known_tag, head_of_tag, may_be_decoy};
use crate::view::browse::{TagRow, TimeFact};
use crate::view::problem::Problem;
use crate::words;
use oci::{CommitTag, Digest, MediaType, Tag};
use registry::{Head, Kind};
use store::{News, Observation, Place, TagChange};
use timeline::Commit;

/// What one look at a tag showed.
#[must_use = "what others displaced may have to be kept: follow it, or hand it over to the watch"]
#[derive(Debug)]
pub(crate) struct Sighting {
    /// What the tag points at; none: no such tag.
    pub digest: Option<Digest>,
    /// A rule says that what the tag has left is kept.
    pub to_rescue: bool,
}

/// A commit as the window names it: by its digest, or by a commit tag where only that is known.
#[derive(Clone, Debug)]
pub(crate) enum CommitName {
    Whole(Digest),
    Named(CommitTag),
}

impl CommitName {
    /// Reads a commit's name. A tag that is no commit tag has a timeline of its own and names no commit.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        match (CommitTag::parse(text), Digest::parse(text)) {
            (Some(name), _) => Ok(Self::Named(name)),
            (None, Ok(digest)) => Ok(Self::Whole(digest)),
            (None, Err(_)) => {
                let start = words::bounded(text, 140);
                Err(words::history::no_commit_name(&start).problem())
            }
        }
    }
}

/// How often a tag is asked again whose decoy went between two questions.
const AGAIN: usize = 3;
/// A decoy that stands longer than this (seconds) was left behind.
const LEFT_BEHIND: i64 = 60;

/// What a registry lists of a repository's tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagsListed {
    /// It knows no such repository.
    NoRepository,
    /// None.
    Empty,
    /// Some.
    Some,
    /// It doesn't say: some let push what one may not list.
    Untold,
}

impl History {
    /// Asks whether a repository is there and has tags, by one short page of its list.
    pub async fn tags_listed(&self, remote: &Remote) -> Result<TagsListed, Problem> {
        match remote.registry.tags().sized(1).next().await {
            Ok(Some(page)) if !page.is_empty() => Ok(TagsListed::Some),
            Ok(_) => Ok(TagsListed::Empty),
            Err(error) if error.kind == Kind::NotFound => Ok(TagsListed::NoRepository),
            Err(error) if error.kind == Kind::Denied => Ok(TagsListed::Untold),
            Err(error) => Err(remote.problem(&error)),
        }
    }

    /// Asks what a tag points at by one HEAD, and records it with the registry's time. Writes nothing to the registry.
    pub async fn look(&self, remote: &Remote, tag: &Tag) -> Result<Sighting, Problem> {
        let head = self.head(remote, tag).await?;
        let head = head.map_err(|error| remote.problem(&error))?;
        self.record_head(remote, tag, head).await
    }

    /// Asks what a tag points at by one HEAD, and records nothing. Not every registry serves HEAD honestly: what should be
    /// there is fetched before it counts as gone. The inner error is the registry's.
    pub async fn head(
        &self,
        remote: &Remote,
        tag: &Tag,
    ) -> Result<Result<Option<Head>, registry::Error>, Problem> {
        Ok(if self.should_be_there(&remote.place, tag).await? {
            head_of_known_tag(remote, tag).await
        } else {
            head_of_tag(remote, tag).await
        })
    }

    /// Asks whether a tag bears a decoy; its digest. One is told by memory, or by its manifest.
    pub async fn decoy_at(&self, remote: &Remote, tag: &Tag) -> Result<Option<Digest>, Problem> {
        let head = head_of_tag(remote, tag)
            .await
            .map_err(|error| remote.problem(&error))?;
        let Some(head) = head else { return Ok(None) };
        Ok(match self.stand_in(remote, tag, &head).await? {
            StandIn::No | StandIn::Went => None,
            StandIn::Now | StandIn::Left => Some(head.digest),
        })
    }

    /// Asks what a tag points at, and leaves to the watch what follows from it. None: no such tag.
    pub async fn points_at(&self, remote: &Remote, tag: &Tag) -> Result<Option<Digest>, Problem> {
        Ok(self.hand_over(self.look(remote, tag).await?))
    }

    /// Leaves what follows from a look to the watch, which does it at once.
    pub fn hand_over(&self, sighting: Sighting) -> Option<Digest> {
        if sighting.to_rescue {
            self.ground.found.notify_one();
        }
        sighting.digest
    }

    /// Records what was told of a tag that was asked for: of one that should be there not by HEAD alone. A move by someone
    /// else is noted.
    pub async fn record_head(
        &self,
        remote: &Remote,
        tag: &Tag,
        mut head: Option<Head>,
    ) -> Result<Sighting, Problem> {
        let place = &remote.place;
        // What stands in a tag's place while Longshore takes it away is nobody's commit.
        for _ in 0..AGAIN {
            let Some(found) = &head else { break };
            match self.stand_in(remote, tag, found).await? {
                StandIn::No => break,
                StandIn::Now => {
                    return Ok(Sighting {
                        digest: None,
                        to_rescue: false,
                    });
                }
                // The tag is as good as gone, and can be put back.
                StandIn::Left => head = None,
                StandIn::Went => {
                    head = head_of_tag(remote, tag)
                        .await
                        .map_err(|error| remote.problem(&error))?;
                }
            }
        }
        let Some(head) = head else {
            let now = self.ground.registry_now(&place.host);
            let (wanted, name) = (place.clone(), tag.to_string());
            let moved = self
                .ground
                .db(move |store| store.missed_tag(&wanted, &name, now))
                .await?;
            return Ok(Sighting {
                digest: None,
                to_rescue: self
                    .record_moves(place, moved.into_iter().collect())
                    .await?,
            });
        };
        let at = self.ground.registry_time(&place.host, head.date);
        let to_rescue = self
            .record(place, tag.as_str(), &head.digest, at, By::Someone)
            .await?;
        Ok(Sighting {
            digest: Some(head.digest),
            to_rescue,
        })
    }

    /// Tells whether a tag was there when it was last listed or asked for.
    async fn should_be_there(&self, place: &Place, tag: &Tag) -> Result<bool, Problem> {
        let (place, name) = (place.clone(), tag.to_string());
        let listed = self
            .ground
            .db(move |store| store.is_listed(&place, &name))
            .await?;
        Ok(listed)
    }

    /// Tells whether a tag bears a decoy: one of this run, or, told by its manifest, one that a crash left or that another
    /// computer has put there just now. A manifest of just its length is read for it, once ever.
    async fn stand_in(&self, remote: &Remote, tag: &Tag, head: &Head) -> Result<StandIn, Problem> {
        if self.is_veiled(&head.digest) {
            return Ok(StandIn::Now);
        }
        if !may_be_decoy(tag, head) {
            return Ok(StandIn::No);
        }
        let now = self.ground.registry_time(&remote.place.host, head.date);
        Ok(match self.content.fetch(remote, &head.digest).await? {
            Ok(content) => match content.decoy_since() {
                None => StandIn::No,
                // One that claims to come from a later time hides nothing for longer.
                Some(at) if now.saturating_sub(at).abs() <= LEFT_BEHIND => StandIn::Now,
                Some(_) => StandIn::Left,
            },
            // It went between the two questions, as a decoy does.
            Err(error) if error.kind == Kind::NotFound => StandIn::Went,
            // Nobody has said what it is: nothing is noted.
            Err(error) if error.was_not_answered() => {
                return Err(remote.problem(&error));
            }
            // What can't be read now is shown as what it is then: a commit of which nothing is known.
            Err(_) => StandIn::No,
        })
    }

    /// Records what a tag was seen to point at without a look of its own (seconds, UTC).
    pub async fn record_seen(
        &self,
        place: &Place,
        tag: &str,
        digest: &Digest,
        at: i64,
    ) -> Result<(), Problem> {
        if self.record(place, tag, digest, at, By::Someone).await? {
            self.ground.found.notify_one();
        }
        Ok(())
    }

    /// Records what this account's person has just made a tag point at (seconds, UTC).
    pub async fn record_done(
        &self,
        remote: &Remote,
        tag: &str,
        digest: &Digest,
        at: i64,
    ) -> Result<(), Problem> {
        let who = By::Us(remote.account().user.clone());
        self.record(&remote.place, tag, digest, at, who)
            .await
            .map(|_| ())
    }

    /// Records that this computer undid its own deletion of a tag: its timeline goes on as if it had not been there.
    pub async fn record_undone(
        &self,
        remote: &Remote,
        tag: &str,
        digest: &Digest,
        at: i64,
    ) -> Result<(), Problem> {
        let (place, name, same) = (remote.place.clone(), tag.to_owned(), digest.clone());
        self.ground
            .db(move |store| store.resume(&place, &name, &same))
            .await?;
        self.record_done(remote, tag, digest, at).await
    }

    /// Records that this computer put a tag back to where it was, for nobody in particular (seconds, UTC).
    pub async fn record_put_back(
        &self,
        place: &Place,
        tag: &str,
        digest: &Digest,
        at: i64,
    ) -> Result<(), Problem> {
        self.record(place, tag, digest, at, By::Us(None))
            .await
            .map(|_| ())
    }

    /// Records what a tag points at; true where a rule says that what the tag has left is kept. A commit tag has no
    /// timeline of its own.
    async fn record(
        &self,
        place: &Place,
        tag: &str,
        digest: &Digest,
        at: i64,
        by: By,
    ) -> Result<bool, Problem> {
        let (exact, who) = match by {
            By::Someone => (false, None),
            By::Us(who) => (true, who),
        };
        let (wanted, tag, digest) = (place.clone(), tag.to_owned(), digest.clone());
        let seen = self
            .ground
            .db(move |store| {
                store.change_tag(&wanted, &tag, &TagChange::PointsAt(digest.clone(), at))?;
                let commit_tag = oci::CommitTag::parse(&tag).is_some();
                // Of an index it says nothing yet: since when its platforms are gone is not to be forgotten.
                let known = store.manifest_type(&digest)?;
                if !known.is_some_and(|kind| MediaType::from_header(&kind).is_index() && commit_tag)
                {
                    store.set_reach(&wanted, &digest, at, true)?;
                }
                if commit_tag {
                    return Ok(News::default());
                }
                store.observe_move(
                    &wanted,
                    &Observation {
                        tag,
                        digest,
                        at,
                        exact,
                        who,
                    },
                )
            })
            .await?;
        if let Some(id) = seen.moved {
            return self.record_moves(place, vec![id]).await;
        }
        if seen.answered {
            self.stale_moves(place).await;
        }
        Ok(false)
    }

    /// Returns the commit that a name stands for. One that is named by its commit tag takes a HEAD, which also checks
    /// it.
    pub async fn resolve(&self, remote: &Remote, commit: &CommitName) -> Result<Digest, Problem> {
        let name = match commit {
            CommitName::Whole(digest) => return Ok(digest.clone()),
            CommitName::Named(name) => name,
        };
        match self.points_at(remote, &name.name()).await? {
            Some(digest) if name.matches(&digest) => Ok(digest),
            Some(other) => Err(words::history::commit_tag_lies(name, other.short())
                .problem()
                .hint(words::history::somebody_moved_it())),
            None => Err(words::history::no_commit_tag(name)
                .problem()
                .hint(words::history::removed_by_rule())),
        }
    }

    /// Returns the row of a tag, from the cache.
    pub async fn tag_row(&self, place: &Place, tag: &str) -> Result<TagRow, Problem> {
        let (place, tag, local) = (place.clone(), tag.to_owned(), self.local.held());
        self.ground
            .db(move |store| {
                let mut row = TagRecords::of_tag(store, &place, &tag)?.only_row(&tag, &local);
                marks::mark(store, &place, std::slice::from_mut(&mut row))?;
                Ok(row)
            })
            .await
    }

    /// Returns when a tag came to point at a commit, the last time it did.
    pub async fn since(
        &self,
        place: &Place,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<Option<TimeFact>, Problem> {
        let (place, tag) = (place.clone(), tag.to_string());
        let commit = Commit::Whole(digest.clone());
        self.ground
            .db(move |store| {
                let entries = TagRecords::of_tag(store, &place, &tag)?.entries(&tag);
                Ok(entries
                    .into_iter()
                    .find(|entry| entry.commit == commit)
                    .map(|entry| entry.time))
            })
            .await
    }
}

/// Whose hand made a tag point at something.
enum By {
    /// Anyone's: it was only seen.
    Someone,
    /// This computer's, with the name of the sign-in.
    Us(Option<String>),
}

/// What a tag bears in place of a commit.
enum StandIn {
    /// It bears a commit.
    No,
    /// It bears a decoy of a deletion under way.
    Now,
    /// It bears a decoy that a crash left there.
    Left,
    /// It bore something that went between two questions.
    Went,
}
