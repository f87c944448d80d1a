//! Taking away commit tags that a rule no longer wants: shown first, then done, each only where it goes alone.
//!
//! What goes is worked out by [`select`], which is pure. A commit tag is *ours* when its name parses and its digest
//! begins with the name's 12 digits; nothing else is ever touched, and neither is what a tag points at now.
//!
//! Not here: how a registry takes one tag away (`remove`). Grows by a kind of rule, never by an exception.

mod select;

use crate::delete::{Taken, Undo};
use crate::house::{Door, House};
use crate::local::count;
use crate::remove::Way;
use crate::rows::Shelf;
use crate::view::delete::{DeleteFailure, DeleteOutcome};
use crate::view::keep::{Prune, PruneOrder, PrunePlan, PruneRow};
use crate::view::problem::{Code, Problem};
use crate::{Longshore, problems};
use futures_util::{StreamExt, stream};
use oci::{CommitTag, Digest, Tag};
use registry::{At, Repository};
use select::{Held, held, select};
use std::collections::{BTreeSet, HashMap};
use store::Place;

/// How many commit tags are asked for at once, before they are shown.
const AT_ONCE: usize = 6;
/// How many are taken away by one order.
const MOST: usize = 1000;

impl Longshore {
    /// What a rule would remove.
    pub async fn plan_prune(
        &self,
        account: String,
        repository: String,
        prune: Prune,
    ) -> Result<PrunePlan, Problem> {
        let house = &self.house;
        let door = house.door(&account).await?;
        let (place, remote) = door.repository(&repository)?;
        let now = house.now();
        let (held, _) = house.all_held(&place).await?;
        // What would go is asked for first: a commit tag that is gone, or that somebody moved, is not ours to take.
        let asked: Vec<Tag> = select(&held, prune, now)
            .into_iter()
            .map(|held| held.name.name())
            .collect();
        let mut tags: BTreeSet<Tag> = select(&held, prune, now)
            .into_iter()
            .map(|held| held.name.tag.clone())
            .collect();
        tags.extend(asked);
        let looked = stream::iter(tags)
            .map(|tag| {
                let (door, place, remote) = (&door, &place, &remote);
                async move { house.look(door, place, remote, &tag).await }
            })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        looked.into_iter().collect::<Result<Vec<_>, _>>()?;
        let (held, sizes) = house.all_held(&place).await?;
        let goes = select(&held, prune, now);
        let (how, impossible) = if goes.is_empty() {
            (None, None)
        } else {
            match house.way(&door, &remote).await? {
                Way::ByTag => (None, None),
                Way::ByDecoy => (Some(by_decoy()), None),
                Way::No(why) => (None, Some(why)),
            }
        };
        Ok(PrunePlan {
            stays: count(held.len() - goes.len()),
            goes: goes
                .into_iter()
                .map(|held| PruneRow {
                    commit_tag: held.name.to_string(),
                    tag: held.name.tag.to_string(),
                    short: held.name.digest_start.clone(),
                    time: held.name.at.0,
                    until: (held.turn != usize::MAX).then_some(held.ended),
                    size: held
                        .digest
                        .as_ref()
                        .and_then(|digest| sizes.get(digest).copied()),
                })
                .collect(),
            how,
            impossible,
        })
    }

    /// Removes commit tags, each only where it goes alone; `stop_deleting` ends it between two.
    pub async fn prune(&self, order: PruneOrder) -> Result<DeleteOutcome, Problem> {
        let house = &self.house;
        let door = house.door(&order.account).await?;
        let (place, remote) = door.repository(&order.repository)?;
        let mut names: BTreeSet<String> = order.commit_tags.into_iter().collect();
        let too_many = names.len().saturating_sub(MOST);
        while names.len() > MOST {
            names.pop_last();
        }
        let stop = house.removals.stopped();
        house.name_all(&door, &place, &remote).await?;
        let mut outcome = DeleteOutcome {
            done: 0,
            failed: Vec::new(),
            undo: None,
            notes: Vec::new(),
        };
        if too_many > 0 {
            outcome.notes.push(format!(
                "At most {MOST} are removed at once; {too_many} more were left alone."
            ));
        }
        let (mut undo, mut active) = (Undo::default(), HashMap::new());
        let all = names.len();
        for (turn, name) in names.into_iter().enumerate() {
            let left = match all - turn {
                1 => "one was".to_owned(),
                left => format!("{left} were"),
            };
            if stop.is_cancelled() {
                outcome
                    .notes
                    .push(format!("You stopped it: {left} left alone."));
                break;
            }
            match house
                .prune_one(&door, &place, &remote, &name, &mut active)
                .await
            {
                Ok(Pruned::Gone(taken)) => {
                    outcome.done += 1;
                    undo.taken.extend(taken);
                }
                Ok(Pruned::TookMore(note)) => {
                    outcome.notes.push(note);
                    outcome.notes.push(format!("So {left} left alone."));
                    break;
                }
                Err(problem) => {
                    let ended = problem.code == Code::SignIn;
                    outcome.failed.push(DeleteFailure { name, problem });
                    if ended {
                        break;
                    }
                }
            }
        }
        if !undo.taken.is_empty() {
            outcome.undo = Some(house.remember_undo(&door, &place, &undo).await?);
        }
        house.stale_tags(&place).await;
        Ok(outcome)
    }
}

/// What came of one commit tag.
enum Pruned {
    /// It is gone; what *Undo* needs.
    Gone(Option<Taken>),
    /// The registry took the commit's other names as well; they were put back, and nothing more is taken there.
    TookMore(String),
}

impl House {
    /// Every commit tag of a repository, with what is known of it, and the sizes of their commits.
    async fn all_held(&self, place: &Place) -> Result<(Vec<Held>, HashMap<Digest, u64>), Problem> {
        let place = place.clone();
        self.db(move |store| {
            let (whole, _) = Shelf::of_repository(store, &place)?;
            let mut all = Vec::new();
            for tag in whole.tags() {
                all.extend(held(whole.kept(&tag), &whole.entries(&tag)));
            }
            let sizes = all
                .iter()
                .filter_map(|held: &Held| held.digest.clone())
                .filter_map(|digest| whole.size(&digest).map(|size| (digest, size)))
                .collect();
            Ok((all, sizes))
        })
        .await
    }

    /// Asks for what tags point at that were never asked for, so that it is known which of them share a commit.
    async fn name_all(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
    ) -> Result<(), Problem> {
        let wanted = place.clone();
        let (tags, _) = self.db(move |store| store.tags(&wanted)).await?;
        let unknown = tags
            .into_iter()
            .filter(|tag| tag.digest.is_none() && tag.deleted_at.is_none())
            .filter_map(|tag| Tag::parse(&tag.name).ok())
            .take(MOST);
        stream::iter(unknown)
            .map(|tag| async move { self.look(door, place, remote, &tag).await.map(|_| ()) })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .collect()
    }

    /// Takes one commit tag away. `active` remembers what the tags point at that were asked for already.
    async fn prune_one(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        name: &str,
        active: &mut HashMap<Tag, Option<Digest>>,
    ) -> Result<Pruned, Problem> {
        let name = CommitTag::parse(name).ok_or_else(|| {
            problems::plain(format!(
                "{} is no commit tag, so it was left alone.",
                problems::bounded(name, 140)
            ))
        })?;
        let tag = name.name();
        let Some(digest) = self.look(door, place, remote, &tag).await? else {
            // Somebody was faster.
            return Ok(Pruned::Gone(None));
        };
        if !name.matches(&digest) {
            return Err(problems::plain(format!(
                "It points at {}, not at what its name says, so it was left alone.",
                digest.short()
            )));
        }
        if !active.contains_key(&name.tag) {
            let now = self.look(door, place, remote, &name.tag).await?;
            active.insert(name.tag.clone(), now);
        }
        if active.get(&name.tag).and_then(Option::as_ref) == Some(&digest) {
            return Err(problems::plain(format!(
                "{} points at {} now, so it stays kept.",
                name.tag,
                digest.short()
            )));
        }
        let known = self.fetch_whole(remote, &digest).await?;
        let siblings = self.other_names(place, &digest, tag.as_str()).await?;
        self.remove_tag(door, place, remote, &tag, &digest).await?;
        let by_digest = At::Digest(digest.clone());
        if !siblings.is_empty() && matches!(remote.head(&by_digest).await, Ok(None)) {
            let note = self
                .all_names_again(door, place, remote, &digest, &tag, &siblings)
                .await?;
            return Ok(Pruned::TookMore(note));
        }
        Ok(Pruned::Gone(known.then(|| Taken {
            digest: digest.to_string(),
            tags: vec![tag.to_string()],
            commit: false,
        })))
    }

    /// A registry took a commit with every name it had, although one was all that was said: they are put back.
    async fn all_names_again(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        digest: &Digest,
        tag: &Tag,
        siblings: &[Tag],
    ) -> Result<String, Problem> {
        let host = &door.account.host;
        let mut lost = Vec::new();
        for name in siblings.iter().chain([tag]) {
            // Someone may have given the name to another commit since it was last looked at.
            if remote
                .head(&At::Tag(name.clone()))
                .await
                .is_ok_and(|head| head.is_some())
            {
                continue;
            }
            let whole = self.whole(door, remote, digest).await?;
            let put = self
                .put(door, remote, &At::Tag(name.clone()), digest, whole)
                .await;
            match put {
                Ok(put) => {
                    let at = self.registry_time(put.date);
                    self.saw(place, name.as_str(), digest, at, true).await?;
                }
                Err(_) => lost.push(name.to_string()),
            }
        }
        Ok(if lost.is_empty() {
            format!(
                "{host} takes a commit away with any of its tags; {tag} and its siblings were put back."
            )
        } else {
            format!(
                "{host} took a commit away with all its tags, and {} could not be put back.",
                lost.join(", ")
            )
        })
    }
}

/// How a registry that deletes by digest only lets go of a single tag.
fn by_decoy() -> String {
    "This registry deletes by digest only. Each commit tag is pointed at an empty manifest first, and that is deleted; what it kept stays where another tag names it."
        .to_owned()
}
