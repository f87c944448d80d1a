//! A list of tags that has ended: what it lacks of what was listed before.
//!
//! A list is a page somebody may have cached, or may not see whole. So a tag that was seen here is asked for before it counts as
//! deleted, some at each list; the others stay as they were until they are asked. Not here: reading the list (`repositories`,
//! `watching`). Grows by another thing that a list tells.

use super::room::History;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use futures_util::{TryStreamExt, stream};
use oci::Tag;
use std::collections::HashSet;
use store::ListedTag;

/// How many tags that a list lacks are asked for.
const ASKED: usize = 50;
/// How many such questions run at once; the registry crate limits a host besides.
const AT_ONCE: usize = 6;

impl History {
    /// Records a list that has ended. What was listed `before` its first page was asked for, and is in none of them, was deleted by
    /// someone, where the registry says so too once it is asked; of a list that is not whole that isn't known, so it takes nothing
    /// away.
    pub async fn record_list(
        &self,
        remote: &Remote,
        before: Vec<ListedTag>,
        names: Vec<String>,
        whole: bool,
    ) -> Result<(), Problem> {
        let place = &remote.place;
        let wanted = place.clone();
        if !whole {
            return self
                .ground
                .db(move |store| store.end_tags_in_doubt(&wanted, &names))
                .await;
        }
        let listed: HashSet<String> = names.into_iter().collect();
        let vendor = self.accounts.vendor(remote.account().id).await;
        let folds = vendor.is_some_and(|vendor| vendors::of(vendor).folds_tags());
        // What was never asked for has no commit to lose.
        let (mut seen, mut unseen, mut spelled) = (Vec::new(), Vec::new(), Vec::new());
        for tag in before {
            if tag.deleted_at.is_some() || listed.contains(&tag.name) {
                continue;
            }
            // It is there, and listed in other letters: two rows of one tag would each be the other's sibling.
            let small = tag.name.to_ascii_lowercase();
            if folds && listed.contains(&small) {
                spelled.push((tag.name, small));
                continue;
            }
            match Tag::parse(&tag.name) {
                Ok(name) if tag.digest.is_some() => seen.push(name),
                _ => unseen.push(tag.name),
            }
        }
        let now = self.ground.registry_now(&place.host);
        let moved = self
            .ground
            .db(move |store| {
                store.join_tags(&wanted, &spelled)?;
                store.finish_tags(&wanted, &unseen, now)
            })
            .await?;
        self.record_moves(place, moved).await?;
        self.ask_for(remote, seen, now).await;
        Ok(())
    }

    /// Asks for tags that a list lacks, as many as one list is worth. One that can't be asked ends it: the next list asks again.
    async fn ask_for(&self, remote: &Remote, mut tags: Vec<Tag>, now: i64) {
        if tags.len() > ASKED {
            // Not always the same ones, where some can't be asked.
            let from = usize::try_from(now).unwrap_or_default() % tags.len();
            tags.rotate_left(from);
        }
        tags.truncate(ASKED);
        let _ = stream::iter(tags.into_iter().map(Ok))
            .try_for_each_concurrent(AT_ONCE, async |tag| {
                // What is being pushed or deleted here just now is nobody else's move.
                let Some(_turn) = self.ground.turns.try_tag(&remote.place, &tag) else {
                    return Ok(());
                };
                // What follows is done by whoever asked for the list, once that is over.
                let seen = self.look(remote, &tag).await?;
                drop(seen.digest);
                Ok::<(), Problem>(())
            })
            .await;
    }
}
