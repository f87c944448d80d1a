//! Where the names of a repository's tags come from: the registry's own list, or a vendor's that says the same and more.
//!
//! A vendor tells what each tag points at, a page after the other; where the last of them comes soon, those are all the names there
//! are, and the registry's list would only say them again. It adds names, and never takes one away: as soon as it lacks a tag that was
//! there, moves while it is read or ends in doubt, the registry is asked. Not here: what is made of a list (`tag_lists`, `history`).

use super::lists::note_of;
use super::room::Repositories;
use super::told::TagsTold;
use crate::accounts::Remote;
use crate::ground::Parts;
use crate::history::{TagRecords, marks};
use crate::view::browse::TagRow;
use crate::view::problem::Problem;
use registry::{Kind, TAGS_MOST};
use std::collections::HashSet;
use store::ListedTag;

/// How many pages a vendor may need for all tags: more names are sooner had from the registry, which lists a thousand at once.
const PAGES: usize = 10;

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

impl Repositories {
    /// Takes a vendor's list for the registry's own, of which the first page has come; none where it can't stand for it. What each tag
    /// points at is recorded page by page.
    pub(super) async fn names_as_told(
        &self,
        remote: &Remote,
        before: &[ListedTag],
        told: &mut TagsTold,
    ) -> Result<Option<TagNames>, Problem> {
        if told.is_longer_than(PAGES) || !self.kinds.tells_all_tags(&remote.session).await {
            return Ok(None);
        }
        let mut coming = Coming::new();
        loop {
            self.add_page(remote, told, &mut coming, told.last())
                .await?;
            if told.pages() >= PAGES || !self.more_told(remote, told).await? {
                break;
            }
        }
        let mut names = coming.names;
        let have: HashSet<&str> = names.iter().map(String::as_str).collect();
        let lacks = |tag: &ListedTag| tag.deleted_at.is_none() && !have.contains(tag.name.as_str());
        // A repository without tags may be one that isn't there, which the registry says.
        if names.is_empty() || !told.is_whole() || before.iter().any(lacks) {
            return Ok(None);
        }
        // As registries list them: what was pushed last would else change the place of all.
        names.sort_unstable();
        let (place, ordered) = (remote.place.clone(), names.clone());
        self.ground
            .db(move |store| store.order_tags(&place, &ordered))
            .await?;
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
            let page = page.iter().map(ToString::to_string).collect();
            self.add_page(remote, told, &mut coming, page).await?;
        }
        Ok(TagNames {
            names: coming.names,
            whole: pages.doubt().is_none(),
            note: note_of(&remote.session, &pages, TAGS_MOST),
        })
    }

    /// Adds a page of names to the list, records what is told of them, and shows their rows.
    async fn add_page(
        &self,
        remote: &Remote,
        told: &mut TagsTold,
        coming: &mut Coming,
        page: Vec<String>,
    ) -> Result<(), Problem> {
        let place = &remote.place;
        let (at, count, listed) = (coming.names.len(), page.len(), page.clone());
        let wanted = place.clone();
        self.ground
            .db(move |store| store.add_tags(&wanted, at, &listed))
            .await?;
        self.record_told(remote, told, &page).await?;
        coming.names.extend(page);
        let (wanted, local) = (place.clone(), self.local.held());
        let rows = self
            .ground
            .db(move |store| {
                let part = store.tags_at(&wanted, at..at + count)?;
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
