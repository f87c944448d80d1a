//! Where the names of a repository's tags come from: the registry's own list, or a vendor's that says the same and more.
//!
//! A vendor tells what each tag points at, a page after the other; where the last of them comes soon, those are all the names there
//! are, and the registry's list would only say them again. It adds names, and takes none away and brings none back: where it doesn't agree
//! with what is known here, moves while it is read or ends in doubt, the registry is asked. Not here: what is made of a list
//! (`tag_lists`, `history`).

use super::lists::note_of;
use super::room::Repositories;
use super::told::TagsTold;
use crate::accounts::Remote;
use crate::ground::Parts;
use crate::history::{TagRecords, ToldTime, marks};
use crate::view::browse::TagRow;
use crate::view::problem::Problem;
use registry::{Kind, TAGS_MOST};
use std::collections::HashSet;
use store::{ListedTag, Place, Store, TagsPart};
use vendors::TagTold;

/// How many pages a vendor may need to name all tags: more are sooner had from the registry, which lists a thousand at once.
const PAGES_OF_NAMES: usize = 10;

/// The names of a repository's tags, as a list told them.
pub(super) struct TagNames {
    pub names: Vec<String>,
    /// None is lacking.
    pub whole: bool,
    /// What the window says of the list, as it is stored.
    pub note: Option<String>,
}

/// The names that came so far, and those rows of them that the window was not told yet.
struct Coming {
    names: Vec<String>,
    rows: Parts<TagRow>,
}

impl Coming {
    fn new() -> Self {
        Self {
            names: Vec::new(),
            rows: Parts::new(),
        }
    }
}

/// Tells whether a list names every tag that is known to be there, and none that is known to be gone.
fn agree(known: &[ListedTag], listed: &[String]) -> bool {
    let listed: HashSet<&str> = listed.iter().map(String::as_str).collect();
    let is_listed = |tag: &ListedTag| listed.contains(tag.name.as_str());
    known
        .iter()
        .all(|tag| is_listed(tag) == tag.deleted_at.is_none())
}

impl Repositories {
    /// Takes a vendor's list for the registry's own, of which the first page has come; none where it can't stand for it. A list that is new
    /// here is shown page by page.
    pub(super) async fn names_as_told(
        &self,
        remote: &Remote,
        told: &mut TagsTold,
        is_new: bool,
    ) -> Result<Option<TagNames>, Problem> {
        let fits = told.may_be_whole() && !told.is_longer_than(PAGES_OF_NAMES);
        if !fits || !self.kinds.may_tell_all_tags(&remote.session).await? {
            return Ok(None);
        }
        let mut coming = Coming::new();
        loop {
            if is_new {
                let page = told.last();
                let facts = told.of(&page);
                told.shown.extend(page.iter().cloned());
                self.add_page(remote, &mut coming, page.clone(), facts)
                    .await?;
                self.show(remote, &mut coming, move |store, place| {
                    store.tags_named(place, &page)
                })
                .await?;
            }
            let goes_on = told.may_be_whole() && told.pages() < PAGES_OF_NAMES;
            if !goes_on || !self.more_told(remote, told).await? {
                break;
            }
        }
        let mut names = told.named();
        // A repository without tags may be one that isn't there, which the registry says.
        let stands = !names.is_empty() && told.is_whole();
        if !stands || !self.kinds.tells_all_tags(remote).await? {
            return Ok(None);
        }
        // As registries list them: what was pushed last would else change the place of all.
        names.sort_unstable();
        let (place, listed) = (remote.place.clone(), names.clone());
        if is_new {
            self.ground
                .db(move |store| store.order_tags(&place, &listed))
                .await?;
        } else {
            let agrees = self.ground.db(move |store| {
                // As it is now: what was deleted while the pages were read is not brought back.
                let known = store.tags(&place)?.0;
                let agrees = agree(&known, &listed);
                if agrees {
                    store.add_tags(&place, 0, &listed)?;
                }
                Ok(agrees)
            });
            if !agrees.await? {
                return Ok(None);
            }
            let facts = told.take(&names);
            self.record_told(remote, facts).await?;
            let listed = names.clone();
            self.show(remote, &mut coming, move |store, place| {
                store.tags_named(place, &listed)
            })
            .await?;
        }
        Ok(Some(TagNames {
            names,
            whole: true,
            note: None,
        }))
    }

    /// Asks the registry for its own list. What a vendor has told of a tag by then is recorded with its name.
    pub(super) async fn names_as_listed(
        &self,
        remote: &Remote,
        told: &mut TagsTold,
    ) -> Result<TagNames, Problem> {
        let mut pages = remote.registry.tags();
        let mut coming = Coming::new();
        loop {
            let page = match pages.next().await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                // A repository without tags answers so on some registries; a new one has none yet.
                Err(error) if error.kind == Kind::NotFound && coming.names.is_empty() => break,
                Err(error) => return Err(remote.problem(&error)),
            };
            let page: Vec<String> = page.iter().map(ToString::to_string).collect();
            let positions = coming.names.len()..coming.names.len() + page.len();
            let facts = told.take(&page);
            self.add_page(remote, &mut coming, page, facts).await?;
            self.show(remote, &mut coming, move |store, place| {
                store.tags_at(place, positions)
            })
            .await?;
        }
        Ok(TagNames {
            names: coming.names,
            whole: pages.doubt().is_none(),
            note: note_of(&remote.session, &pages, TAGS_MOST),
        })
    }

    /// Adds a page of names to the list, and records what is told of them.
    async fn add_page(
        &self,
        remote: &Remote,
        coming: &mut Coming,
        page: Vec<String>,
        told: Vec<(TagTold, ToldTime)>,
    ) -> Result<(), Problem> {
        let place = &remote.place;
        let at = coming.names.len();
        let (wanted, listed) = (place.clone(), page.clone());
        self.ground
            .db(move |store| store.add_tags(&wanted, at, &listed))
            .await?;
        self.record_told(remote, told).await?;
        coming.names.extend(page);
        Ok(())
    }

    /// Shows the rows of a part of the list.
    async fn show(
        &self,
        remote: &Remote,
        coming: &mut Coming,
        part: impl FnOnce(&Store, &Place) -> Result<TagsPart, store::Error> + Send + 'static,
    ) -> Result<(), Problem> {
        let place = &remote.place;
        let (wanted, local) = (place.clone(), self.local.held());
        let rows = self
            .ground
            .db(move |store| {
                let part = part(store, &wanted)?;
                let mut rows = TagRecords::of_part(store, &wanted, part)?.rows(&local);
                marks::mark(store, &wanted, &mut rows)?;
                Ok(rows)
            })
            .await?;
        if let Some(part) = coming.rows.add(rows) {
            self.ground.tags_listed(place, part).await;
        }
        Ok(())
    }
}
