//! The deletions themselves, one after the other. What each took is noted, so that *Undo* can give it back.

use super::Item;
use super::undo::{Taken, Undo};
use crate::house::{Door, House};
use crate::local::count;
use crate::problems;
use crate::remove::{self, Way};
use crate::view::delete::{DeleteFailure, DeleteOutcome};
use crate::view::problem::{Code, Problem};
use oci::{Digest, Manifest, Tag};
use registry::{At, Kind, Repository};
use store::{Place, StoredUndo, TagChange};

/// How many manifests of an index are fetched, so that they can be put back.
const MOST_PLATFORMS: usize = 256;
/// How many names of a commit are looked after: what has more is not deleted with all of them.
const MOST_NAMES: usize = 500;

impl House {
    /// Deletes each item that still is what the sheet showed. A problem with one is no reason to stop at the others,
    /// but for a sign-in that has ended.
    pub(super) async fn delete_all(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        items: Vec<(Item, Digest)>,
    ) -> Result<DeleteOutcome, Problem> {
        let stop = self.removals.stopped();
        let mut outcome = DeleteOutcome {
            done: 0,
            failed: Vec::new(),
            undo: None,
            notes: Vec::new(),
        };
        let mut undo = Undo::default();
        let all = items.len();
        let commits: Vec<Digest> = items
            .iter()
            .filter_map(|(item, _)| match item {
                Item::Commit(digest) => Some(digest.clone()),
                Item::Tag(_) => None,
            })
            .collect();
        if !commits.is_empty() {
            // A commit takes all its names with it: those of the sheet, and no others.
            self.survey_tags(door, place, remote, &[], &commits).await?;
        }
        for (at, (item, expected)) in items.into_iter().enumerate() {
            if stop.is_cancelled() {
                let left = match all - at {
                    1 => "one was".to_owned(),
                    left => format!("{left} were"),
                };
                outcome
                    .notes
                    .push(format!("You stopped it: {left} left alone."));
                break;
            }
            let deleted = match &item {
                Item::Tag(tag) => {
                    self.delete_tag(door, place, remote, tag, &expected, &mut outcome.notes)
                        .await
                }
                Item::Commit(digest) => self.delete_commit(door, place, remote, digest).await,
            };
            match deleted {
                Ok(taken) => {
                    outcome.done += 1;
                    undo.taken.extend(taken);
                }
                // Asked in place by the window.
                Err(problem)
                    if problem.code == Code::SignIn
                        && outcome.done == 0
                        && outcome.failed.is_empty() =>
                {
                    return Err(problem);
                }
                Err(problem) => {
                    let ended = problem.code == Code::SignIn;
                    outcome.failed.push(DeleteFailure {
                        name: item.name(),
                        problem,
                    });
                    if ended && at + 1 < all {
                        outcome.notes.push(format!(
                            "The sign-in ended: {} left alone.",
                            count(all - at - 1)
                        ));
                        break;
                    }
                }
            }
        }
        if !undo.taken.is_empty() {
            outcome.undo = Some(self.remember_undo(door, place, &undo).await?);
        }
        Ok(outcome)
    }

    /// One tag. What it took: nothing, where it was gone already.
    async fn delete_tag(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &Tag,
        expected: &Digest,
        notes: &mut Vec<String>,
    ) -> Result<Option<Taken>, Problem> {
        let known = self.fetch_whole(remote, expected).await?;
        let siblings = self.other_names(place, expected, tag.as_str()).await?;
        if !self.take_tag(door, place, remote, tag, expected).await? {
            notes.push(format!("{tag} was gone already."));
            return Ok(None);
        }
        let mut taken = Taken {
            digest: expected.to_string(),
            tags: vec![tag.to_string()],
            commit: false,
        };
        // Some registries take the commit with every name it has, although one tag was all that was said.
        let by_digest = At::Digest(expected.clone());
        if !siblings.is_empty() && matches!(remote.head(&by_digest).await, Ok(None)) {
            let mut went = Vec::new();
            for name in siblings {
                if matches!(remote.head(&At::Tag(name.clone())).await, Ok(None)) {
                    self.is_gone(place, &name).await?;
                    went.push(name.to_string());
                }
            }
            if !went.is_empty() {
                notes.push(format!(
                    "{} took {} along with {tag}.",
                    door.account.host,
                    went.join(", ")
                ));
            }
            taken.tags.extend(went);
        }
        Ok(known.then_some(taken))
    }

    /// One commit with every name.
    async fn delete_commit(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        digest: &Digest,
    ) -> Result<Option<Taken>, Problem> {
        let known = self.fetch_whole(remote, digest).await?;
        let mut candidates = self.other_names(place, digest, "").await?;
        if candidates.len() > MOST_NAMES {
            return Err(problems::plain(format!(
                "{} has more than {MOST_NAMES} tags. Nothing was deleted.",
                digest.short()
            ))
            .hint("Delete some of the tags first."));
        }
        // Whoever writes one of these tags now waits; always in one order, so that nobody waits for ever.
        candidates.sort();
        let mut turns = Vec::new();
        let mut names: Vec<Tag> = Vec::new();
        for name in candidates {
            turns.push(self.turn(format!("push {}:{name}", place.path())).await);
            if self.look(door, place, remote, &name).await?.as_ref() == Some(digest) {
                names.push(name);
            }
        }
        let shown = self.removals.shown(place, digest);
        if let Some(new) = names.iter().find(|name| !shown.contains(name.as_str())) {
            return Err(problems::coded(
                Code::TagMoved,
                format!(
                    "{new} points at {} too since you looked. Nothing was deleted.",
                    digest.short()
                ),
            )
            .hint("Look again, then delete."));
        }
        let at = At::Digest(digest.clone());
        let mut answer = remove::deleted(remote.delete(&at).await);
        // Some registries delete a commit only once no tag points at it.
        if matches!(&answer, Err(error) if error.kind == Kind::Refused)
            && self.way(door, remote).await? == Way::ByTag
        {
            for name in &names {
                remove::deleted(remote.delete(&At::Tag(name.clone())).await)
                    .map_err(|error| remove::not_deleted(door, &error))?;
            }
            answer = remove::deleted(remote.delete(&at).await);
        }
        answer.map_err(|error| remove::not_deleted(door, &error))?;
        if let Ok(Some(_)) = remote.head(&at).await {
            return Err(problems::plain(format!(
                "{} says that {} was deleted, and yet has it.",
                door.account.host,
                digest.short()
            ))
            .hint("Try again in a moment; some registries delete later."));
        }
        let (wanted, of, now) = (place.clone(), digest.clone(), self.now());
        self.db(move |store| store.set_reach(&wanted, &of, now, false))
            .await?;
        for name in &names {
            if matches!(remote.head(&At::Tag(name.clone())).await, Ok(None)) {
                self.is_gone(place, name).await?;
            }
        }
        Ok(known.then(|| Taken {
            digest: digest.to_string(),
            tags: names.iter().map(ToString::to_string).collect(),
            commit: true,
        }))
    }

    /// Fetches a manifest and the platforms of an index, so that they can be put back; whether all were had.
    pub(crate) async fn fetch_whole(
        &self,
        remote: &Repository,
        digest: &Digest,
    ) -> Result<bool, Problem> {
        let Ok(content) = self.fetch(remote, digest).await? else {
            return Ok(false);
        };
        let mut all = true;
        if let Manifest::Index(index) = content.manifest {
            // Of what has more the rest can’t be put back, so neither can the whole.
            all = index.manifests.len() <= MOST_PLATFORMS;
            for child in index.manifests.into_iter().take(MOST_PLATFORMS) {
                // A platform that is gone already can't be lost.
                match self.fetch(remote, &child.digest).await? {
                    Ok(_) => {}
                    Err(error) if error.kind == Kind::NotFound => {}
                    Err(_) => all = false,
                }
            }
        }
        Ok(all)
    }

    /// The tags that were last seen to point at a commit.
    pub(crate) async fn other_names(
        &self,
        place: &Place,
        digest: &Digest,
        but: &str,
    ) -> Result<Vec<Tag>, Problem> {
        let place = place.clone();
        let (tags, _) = self.db(move |store| store.tags(&place)).await?;
        Ok(tags
            .into_iter()
            .filter(|tag| tag.deleted_at.is_none() && tag.digest.as_ref() == Some(digest))
            .filter(|tag| tag.name != but)
            .filter_map(|tag| Tag::parse(&tag.name).ok())
            .take(MOST_NAMES + 1)
            .collect())
    }

    /// Recorded without asking again: what was done here is nobody else's move.
    async fn is_gone(&self, place: &Place, tag: &Tag) -> Result<(), Problem> {
        let (place, name, now) = (place.clone(), tag.to_string(), self.now());
        self.db(move |store| store.change_tag(&place, &name, &TagChange::Gone(now)))
            .await
    }

    pub(crate) async fn remember_undo(
        &self,
        door: &Door,
        place: &Place,
        undo: &Undo,
    ) -> Result<String, Problem> {
        let stored = StoredUndo {
            account: door.account.id,
            place: place.clone(),
            content: undo.write()?,
        };
        let now = self.now();
        let id = self.db(move |store| store.add_undo(&stored, now)).await?;
        Ok(id.to_string())
    }
}
