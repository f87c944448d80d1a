//! Taking names and images away from the engine: what would go, and one image after the other.
//!
//! Each image is looked at again, and left alone where it isn't any more what the sheet showed. Nothing is forced, and
//! nothing is pruned: what goes are the very ids that were shown. Not here: registries. Grows by what else can go.

use super::place::Commits;
use super::room::Computer;
use super::sizes::{Asker, Shares};
use super::users::Users;
use crate::ground::count;
use crate::view::computer::{RemoveItem, RemoveOrder, RemovePlan, RemoveRow};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::words;
use crate::words::computer as say;
use engine::{Engine, Error, LocalImage};
use futures_util::future::join;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How many images one sheet shows.
const MOST: usize = 500;
/// How long a sheet waits to tell what is freed.
const PATIENCE: Duration = Duration::from_secs(3);

impl Computer {
    /// Returns what removing these rows would do; changes nothing. `held` are images, by their first digits, that stay as
    /// an order speaks of them.
    pub async fn plan_remove(
        &self,
        rows: Vec<RemoveRow>,
        held: &[String],
    ) -> Result<RemovePlan, Problem> {
        let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in rows {
            wanted.entry(row.id).or_default().extend(row.name);
        }
        self.plan(held, |image, _| {
            let names = wanted.get(&image.id)?;
            // A name that is gone already has nothing to take along.
            let goes: Vec<String> = image
                .names
                .iter()
                .filter(|name| names.contains(*name))
                .cloned()
                .collect();
            (!goes.is_empty() || image.names.is_empty()).then_some(goes)
        })
        .await
    }

    /// Returns what cleaning up would do: images without a name that nothing is made on, no container uses and no order
    /// speaks of.
    pub async fn plan_clean_up(&self, held: &[String]) -> Result<RemovePlan, Problem> {
        self.plan(held, |image, users| {
            let is_used = !users.used_by(&image.id).names.is_empty();
            let is_held = held.iter().any(|short| short == oci::short_id(&image.id));
            (image.dangling && !is_used && !is_held).then(Vec::new)
        })
        .await
    }

    /// Plans for the images of which `goes` tells the names that go.
    async fn plan(
        &self,
        held: &[String],
        goes: impl Fn(&LocalImage, &Users) -> Option<Vec<String>>,
    ) -> Result<RemovePlan, Problem> {
        let engine = self.local.engine().await?;
        let images = self.local.images_of(&engine);
        let (images, containers) = join(images, engine.containers()).await;
        // What uses an image has to be known before anything is offered to go.
        let (images, containers) = (images?, self.local.answer(containers).await?);
        self.sizes.saw(&engine, &images);
        let users = Users::of(&containers);
        let mut found: Vec<(LocalImage, Vec<String>)> = images
            .into_iter()
            .filter_map(|image| goes(&image, &users).map(|names| (image, names)))
            .collect();
        let more = count(found.len().saturating_sub(MOST));
        found.truncate(MOST);
        let asked = self.sizes.shares(&engine, Asker::Person);
        let shares = tokio::time::timeout(PATIENCE, asked).await;
        let shares = shares.ok().and_then(Result::ok).unwrap_or_default();
        let items = self
            .ground
            .db(move |store| {
                let images: Vec<LocalImage> =
                    found.iter().map(|(image, _)| image.clone()).collect();
                let commits = Commits::of(store, &images)?;
                Ok(found
                    .into_iter()
                    .map(|(image, goes)| {
                        let name = goes.first().map(String::as_str);
                        let place = commits.place(&image, name);
                        let stays: Vec<String> = image
                            .names
                            .iter()
                            .filter(|name| !goes.contains(name))
                            .cloned()
                            .collect();
                        RemoveItem {
                            short: oci::short_id(&image.id).to_owned(),
                            whole: stays.is_empty(),
                            used_by: users.used_by(&image.id),
                            id: image.id,
                            goes,
                            stays,
                            place,
                        }
                    })
                    .collect::<Vec<_>>())
            })
            .await?;
        Ok(RemovePlan {
            frees: frees(&items, held, &shares),
            items,
            more,
        })
    }

    /// Removes what a sheet showed of one image. What is gone already is no failure.
    pub async fn remove_image(&self, order: RemoveOrder) -> Result<(), Problem> {
        let engine = self.local.engine().await?;
        let done = self.remove(&engine, &order).await;
        self.ground.stale(Stale::Images);
        done
    }

    async fn remove(&self, engine: &Engine, order: &RemoveOrder) -> Result<(), Problem> {
        let Some(mut left) = self.as_shown(engine, order).await? else {
            return Ok(());
        };
        let names: Vec<&String> = order
            .names
            .iter()
            .filter(|name| left.names.contains(name))
            .collect();
        for (at, name) in names.iter().enumerate() {
            self.take(engine, name, !order.whole).await?;
            if at + 1 == names.len() && !order.whole {
                return Ok(());
            }
            // Some engines take the image with its last name; with others its digests, or its id, are left.
            match self.as_shown(engine, order).await? {
                Some(image) => left = image,
                None => return Ok(()),
            }
        }
        if !order.whole {
            return Ok(());
        }
        match engine.remove(&order.id, false).await {
            // It is known under several repositories' digests: one after the other, the last one takes it along.
            Err(Error::Refused { status: 409, .. }) if left.digests.len() > 1 => {
                for digest in &left.digests {
                    self.take(engine, digest, false).await?;
                }
                Ok(())
            }
            done => self.gone(done.map(drop)).await,
        }
    }

    /// Looks at an image again: none where it is gone; an error where it isn't what the sheet showed.
    async fn as_shown(
        &self,
        engine: &Engine,
        order: &RemoveOrder,
    ) -> Result<Option<LocalImage>, Problem> {
        let (images, containers) = join(engine.images(), engine.containers()).await;
        let images = self.local.answer(images).await?;
        let containers = self.local.answer(containers).await?;
        let Some(image) = images.into_iter().find(|image| image.id == order.id) else {
            return Ok(None);
        };
        let short = oci::short_id(&image.id);
        let other = image.names.iter().find(|name| !order.names.contains(name));
        let said = match (order.whole, other) {
            (true, Some(name)) => Some(say::got_a_name(short, name)),
            // Its last name would take it along.
            (false, None) => image.names.first().map(say::last_name),
            (true, None) => {
                let user = containers
                    .iter()
                    .find(|container| container.image_id == image.id);
                user.map(|container| say::is_used(short, &container.name))
            }
            (false, Some(_)) => None,
        };
        match said {
            Some(said) => Err(said.problem().hint(say::look_again())),
            None => Ok(Some(image)),
        }
    }

    async fn take(&self, engine: &Engine, name: &str, keep_parents: bool) -> Result<(), Problem> {
        let done = engine.remove(name, keep_parents).await;
        self.gone(done.map(drop)).await
    }

    /// Takes what an engine says of a removal: what isn't there is gone.
    async fn gone(&self, done: Result<(), Error>) -> Result<(), Problem> {
        match done {
            Err(Error::Refused { status: 404, .. }) => Ok(()),
            done => self.local.answer(done).await,
        }
    }
}

/// Says that an image stays, as an order that waits or runs speaks of it.
pub(crate) fn goes_out(id: &str) -> Problem {
    let said = words::computer::goes_out(oci::short_id(id));
    said.problem().hint(say::look_again())
}

/// Returns how much is freed at least: what no other image holds of those that go whole.
fn frees(items: &[RemoveItem], held: &[String], shares: &Shares) -> Option<u64> {
    let whole = items
        .iter()
        .filter(|item| item.whole && item.used_by.names.is_empty() && !held.contains(&item.short));
    whole
        .map(|item| shares.get(&item.id).map(|share| share.unique))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::engine::{ImagePlace, UsedBy};
    use engine::Shared;
    use std::collections::HashMap;

    fn item(id: &str, whole: bool, users: &[&str]) -> RemoveItem {
        RemoveItem {
            id: id.to_owned(),
            short: id.to_owned(),
            goes: vec![],
            stays: vec![],
            whole,
            used_by: UsedBy {
                names: users.iter().map(ToString::to_string).collect(),
                more: 0,
            },
            place: ImagePlace::NotPushed,
        }
    }

    #[test]
    fn what_is_freed_is_known_only_where_it_is_known_of_all_that_goes() {
        let share = |unique| Shared { shared: 1, unique };
        let shares = HashMap::from([("a".to_owned(), share(5)), ("b".to_owned(), share(7))]);
        let (a, b) = (item("a", true, &[]), item("b", true, &[]));
        assert_eq!(frees(&[a.clone(), b.clone()], &[], &shares), Some(12));
        assert_eq!(
            frees(&[a.clone(), item("c", true, &[])], &[], &shares),
            None
        );
        // Nor does what stays as an order speaks of it.
        assert_eq!(frees(&[a.clone(), b], &["a".to_owned()], &shares), Some(7));
        // A name alone frees nothing, nor does what stays as it is used.
        let others = [a, item("b", false, &[]), item("c", true, &["web"])];
        assert_eq!(frees(&others, &[], &shares), Some(5));
        assert_eq!(frees(&[], &[], &shares), Some(0));
    }
}
