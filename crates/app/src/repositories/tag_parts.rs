//! The parts in which a repository's cached tags cross to the window, and the rows that stood on top when the window last showed
//! them: these come first, so that a list of any length is there at once.
//!
//! Not here: how rows are ordered; the window knows that.

use super::room::Repositories;
use crate::history::TagRecords;
use crate::local::Held;
use crate::view::browse::{TagRow, TagTop, TopRows};
use crate::view::problem::Problem;
use store::{Place, Store};

/// How many tags cross to the window at once.
const ROWS: u32 = 2000;
/// How many tags are kept as the top of a list; a list of no more crosses whole.
const TOP_MOST: usize = 100;

/// A part of a repository's tags.
pub(super) struct Part {
    pub(super) rows: Vec<TagRow>,
    /// What the next part is asked for by; none: this is the last.
    pub(super) next: Option<String>,
    /// Where these are only the rows that stood on top.
    pub(super) top: Option<TopRows>,
}

impl Part {
    fn of(rows: Vec<TagRow>, next: Option<String>) -> Self {
        Self {
            rows,
            next,
            top: None,
        }
    }
}

impl Repositories {
    /// Notes what stands on top of a repository's tags, as the window shows them.
    pub async fn keep_top(
        &self,
        account: String,
        repository: String,
        mut top: TagTop,
    ) -> Result<(), Problem> {
        let place = self.accounts.place(&account, &repository).await?;
        top.tags.truncate(TOP_MOST);
        self.ground
            .db(move |store| store.keep_top(&place, &top))
            .await
    }
}

/// Reads a part of a repository's tags. Those that are no longer listed come with the last part.
pub(super) fn part_of(
    store: &Store,
    place: &Place,
    after: Option<&str>,
    local: &Held,
) -> Result<Part, store::Error> {
    if after.is_none()
        && store.has_more_tags_than(place, TOP_MOST)?
        && let Some(top) = top_of(store, place, local)?
    {
        return Ok(top);
    }
    let after = after.filter(|after| !after.is_empty());
    if after.is_none() && !store.has_more_tags_than(place, ROWS as usize)? {
        let rows = TagRecords::of_repository(store, place)?.0.rows(local);
        return Ok(Part::of(rows, None));
    }
    let mut part = store.tags_part(place, after, ROWS)?;
    let next = part.next.take();
    let mut rows = TagRecords::of_part(store, place, part)?.rows(local);
    if next.is_none() {
        rows.extend(TagRecords::of_repository(store, place)?.0.left_rows(local));
    }
    Ok(Part::of(rows, next))
}

/// Reads the rows that stood on top, in that order; none where nothing of them is left.
fn top_of(store: &Store, place: &Place, local: &Held) -> Result<Option<Part>, store::Error> {
    let Some(top) = store.top::<TagTop>(place)? else {
        return Ok(None);
    };
    let part = store.tags_named(place, &top.tags)?;
    let mut rows = TagRecords::of_part(store, place, part)?.rows(local);
    let at = |row: &TagRow| top.tags.iter().position(|tag| *tag == row.name);
    rows.sort_by_key(at);
    Ok((!rows.is_empty()).then(|| Part {
        rows,
        next: Some(String::new()),
        top: Some(top.rows),
    }))
}
