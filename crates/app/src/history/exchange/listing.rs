//! Another tool's listing of a repository's commits, pasted: what `polly dockers commit-list` prints (facts 4.14; docs/export.md).
//!
//! It is imported as an export is: each row says since when a tag pointed at a commit, and who pushed it, and takes nothing away. That a
//! row is *active* there makes nothing active here: what the registry says counts. The same row comes out as the same record however
//! often it is pasted. A time without a zone is taken as UTC, and then only as one by which it was so. Not here: reading the table
//! (`vendors`). Grows by another tool's listing.

use super::format::{AHEAD, Lines};
use super::{Exchange, TOLD};
use crate::ground::{blocking, count, names};
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::view::seen::{Imported, ListingOrder, ListingView};
use crate::words;
use crate::words::history as say;
use oci::{ABOUT_TAG, CommitTag, Digest};
use std::collections::HashSet;
use store::{Place, Record};
use vendors::{LONGEST_TABLE, PollyCommit, PollyCommits, WhyUnread};

/// Whose records these are, in place of a computer's id.
const ORIGIN: &str = "polly";

/// A listing, read.
struct Listing {
    place: Place,
    lines: Lines,
    without_zone: usize,
}

impl Exchange {
    /// Reads what was pasted, and tells what it would bring. Nothing is stored.
    pub async fn read_listing(&self, order: ListingOrder) -> Result<ListingView, Problem> {
        let open = order.repository.clone();
        let listing = self.listing(order).await?;
        let records = &listing.lines.records;
        let tags: HashSet<&str> = records
            .iter()
            .map(|(_, _, record)| record.tag.as_str())
            .collect();
        Ok(ListingView {
            is_other: listing.place.repository.as_str() != open,
            repository: listing.place.repository.to_string(),
            commits: count(records.len()),
            tags: count(tags.len()),
            without_zone: count(listing.without_zone),
            unread_count: count(listing.lines.unread.len()),
            unread: listing.lines.sentences(TOLD),
        })
    }

    /// Takes in what was pasted.
    pub async fn import_listing(&self, order: ListingOrder) -> Result<Imported, Problem> {
        let listing = self.listing(order).await?;
        self.take_in(listing.lines).await
    }

    async fn listing(&self, order: ListingOrder) -> Result<Listing, Problem> {
        let ListingOrder {
            account,
            repository,
            text,
        } = order;
        let account = self.accounts.account(&account).await?;
        let open = names::place(&account, &repository)?;
        if text.len() > LONGEST_TABLE {
            return Err(say::listing_too_large().problem().hint(say::paste_one()));
        }
        let read = blocking(move || vendors::read_polly_commits(&text)).await?;
        let read = read.ok_or_else(|| say::no_listing().problem().hint(say::paste_whole()))?;
        if read.is_cut {
            return Err(say::listing_too_large().problem().hint(say::paste_one()));
        }
        let place = match &read.of {
            Some(named) => {
                let name = beside(&open, named);
                names::place(&account, &name).map_err(|_| {
                    let start = words::bounded(named, 100);
                    say::listing_elsewhere(&start).problem()
                })?
            }
            None => open,
        };
        Ok(lines(&read, place, self.ground.now()))
    }
}

/// Returns the repository that is called so by a tool that leaves out where it stands: beside the one that is open.
fn beside(open: &Place, named: &str) -> String {
    let named = named.to_ascii_lowercase();
    let named = named
        .strip_prefix(&format!("{}/", open.host))
        .unwrap_or(&named);
    match open.repository.namespace() {
        Some(namespace) if !named.contains('/') => format!("{namespace}/{named}"),
        _ => named.to_owned(),
    }
}

fn lines(read: &PollyCommits, place: Place, now: i64) -> Listing {
    let mut listing = Listing {
        lines: Lines::default(),
        without_zone: 0,
        place,
    };
    for unread in &read.unread {
        listing.lines.unread(unread.line, why(unread.why));
    }
    for commit in &read.rows {
        let tag = commit.tag.as_str();
        // They keep commits, and are known by their names alone.
        if tag == ABOUT_TAG || CommitTag::parse(tag).is_some() {
            continue;
        }
        if commit.pushed.at.0 > now.saturating_add(AHEAD) {
            listing.lines.unread(commit.line, say::line_of_tomorrow());
            continue;
        }
        listing.without_zone += usize::from(!commit.pushed.has_zone);
        let record = (commit.line, listing.place.clone(), record(commit));
        listing.lines.records.push(record);
    }
    listing
}

fn record(commit: &PollyCommit) -> Record {
    let at = commit.pushed.at.0;
    Record {
        origin: ORIGIN.to_owned(),
        number: number(at, &commit.digest),
        tag: commit.tag.to_string(),
        digest: commit.digest.clone(),
        first_seen: at,
        last_seen: at,
        exact: commit.pushed.has_zone,
        ended_at: None,
        who: commit.by.clone(),
    }
}

/// Numbers a row by its time and the start of its digest: the same one gets the same number each time, and a later one a larger.
fn number(at: i64, digest: &Digest) -> i64 {
    let digits = digest.as_str().split(':').nth(1).unwrap_or_default();
    let start = digits.get(..5).unwrap_or_default();
    let start = i64::from_str_radix(start, 16).unwrap_or_default();
    at.saturating_mul(1 << 20).saturating_add(start)
}

fn why(why: WhyUnread) -> Said {
    match why {
        WhyUnread::ShortHash => say::line_short_digest(),
        WhyUnread::NoHash => say::line_no_digest(),
        WhyUnread::NoTag => say::line_no_tag(),
        WhyUnread::NoTime => say::line_no_time(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_row_has_a_larger_number_that_a_window_can_hold() {
        let [one, other] = ["one", "other"].map(|text| Digest::sha256_of(text.as_bytes()));
        assert!(number(1_592_295_131, &one) < number(1_592_295_132, &other));
        assert_ne!(number(5, &one), number(5, &other));
        assert!(number(4_000_000_000, &one) < 1 << 53);
        assert!(number(i64::MAX, &one) > 0);
    }
}
