//! Walking the pages of a list, bounded, and whether it came whole.

use crate::values::{Cursor, Page};
use registry::Doubt;
use std::collections::HashSet;

/// How many pages are read of one list.
const PAGES: usize = 1000;

/// The walk over the pages of one list.
#[derive(Debug, Default)]
pub struct Walk {
    at: Cursor,
    ended: bool,
    asked: HashSet<Cursor>,
    names: HashSet<Box<str>>,
    sent: u64,
    of_first: usize,
    came_again: bool,
    left_out: usize,
    first_total: Option<u64>,
    doubt: Option<Doubt>,
}

impl Walk {
    /// Begins at the begin.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns where the next page begins; none at the end.
    pub fn at(&self) -> Option<&Cursor> {
        (!self.ended).then_some(&self.at)
    }

    /// Takes a page, and returns those of its rows that are new, of at most so many in all.
    pub fn take<T>(
        &mut self,
        page: Page<T>,
        most: usize,
        name: impl for<'a> Fn(&'a T) -> &'a str,
    ) -> Vec<T> {
        if self.asked.is_empty() {
            self.of_first = page.sent;
        }
        self.sent += u64::try_from(page.sent).unwrap_or(u64::MAX);
        self.left_out += page.left_out;
        let mut rows = page.rows;
        let came = rows.len();
        rows.retain(|row| self.names.insert(name(row).into()));
        self.came_again |= rows.len() < came;
        let too_many = self.names.len().saturating_sub(most);
        rows.truncate(rows.len().saturating_sub(too_many));
        self.asked.insert(std::mem::take(&mut self.at));
        let changed = match (self.first_total, page.total) {
            (Some(first), Some(now)) => first != now,
            _ => false,
        };
        self.first_total = self.first_total.or(page.total);
        if changed {
            // Somebody pushed or deleted meanwhile: a page may have moved under the walk.
            self.doubt = Some(Doubt::Unsaid);
        }
        match page.next {
            None => self.end(page.total),
            Some(next) if self.asked.contains(&next) || (came > 0 && rows.is_empty()) => {
                self.end_in(Doubt::Circle);
                drop(next);
            }
            Some(_) if too_many > 0 || self.asked.len() >= PAGES => self.end_in(Doubt::More),
            Some(next) => self.at = next,
        }
        rows
    }

    fn end(&mut self, total: Option<u64>) {
        self.ended = true;
        if total.is_some_and(|total| total > self.sent) {
            self.doubt = Some(Doubt::Unsaid);
        }
    }

    fn end_in(&mut self, doubt: Doubt) {
        self.ended = true;
        self.doubt = Some(doubt);
    }

    /// Returns why the list may lack something, once it has ended.
    pub fn doubt(&self) -> Option<&Doubt> {
        self.doubt.as_ref()
    }

    /// Tells whether it has ended and every entry was read.
    pub fn is_whole(&self) -> bool {
        self.ended && self.may_be_whole()
    }

    /// Tells whether nothing speaks against that so far: an entry that couldn't be read, a count that changed, one that came again, as
    /// it moved while the list was read, and another may have moved the other way. A list of numbered pages that tells no count may lack
    /// one all the same, where something was deleted meanwhile.
    pub fn may_be_whole(&self) -> bool {
        self.doubt.is_none() && self.left_out == 0 && !self.came_again
    }

    /// Tells whether it needs more than this many pages, as far as the first one says how many entries there are.
    pub fn is_longer_than(&self, pages: usize) -> bool {
        let most = u64::try_from(pages.saturating_mul(self.of_first)).unwrap_or(u64::MAX);
        self.first_total.is_some_and(|total| total > most)
    }

    /// Returns how many entries couldn't be read so far.
    pub fn left_out(&self) -> usize {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: &[&'static str], total: Option<u64>, next: Option<u32>) -> Page<&'static str> {
        Page {
            rows: rows.to_vec(),
            sent: rows.len(),
            left_out: 0,
            total,
            date: None,
            next: next.map(Cursor::Number),
        }
    }

    fn walk(pages: Vec<Page<&'static str>>, most: usize) -> (Vec<&'static str>, Walk) {
        let (mut walk, mut all) = (Walk::new(), Vec::new());
        for page in pages {
            assert!(walk.at().is_some());
            all.extend(walk.take(page, most, |row| row));
        }
        (all, walk)
    }

    #[test]
    fn a_list_is_whole_where_all_came_that_there_are() {
        let (all, done) = walk(
            vec![
                page(&["a", "b"], Some(3), Some(2)),
                page(&["c"], Some(3), None),
            ],
            9,
        );
        assert_eq!(all, ["a", "b", "c"]);
        assert!(done.at().is_none() && done.doubt().is_none());
    }

    #[test]
    fn a_list_is_whole_only_where_nothing_moved_or_was_left_out() {
        let pages = |rows: &[&'static str]| {
            let mut second = page(rows, None, None);
            second.sent = 2;
            vec![page(&["a", "b"], None, Some(2)), second]
        };
        assert!(walk(pages(&["c", "d"]), 9).1.is_whole());
        let (all, moved) = walk(pages(&["b", "c"]), 9);
        assert_eq!((all.len(), moved.is_whole()), (3, false));
        let mut unread = page(&["c"], None, None);
        unread.left_out = 1;
        let unread = vec![page(&["a", "b"], None, Some(2)), unread];
        assert!(!walk(unread, 9).1.is_whole());
        let half = walk(vec![page(&["a", "b"], Some(5), Some(2))], 9).1;
        assert!(!half.is_whole());
        assert_eq!(
            [2, 3].map(|pages| half.is_longer_than(pages)),
            [true, false]
        );
        assert!(!Walk::new().is_longer_than(0));
    }

    #[test]
    fn hostile_what_lacks_some_moves_or_goes_in_a_circle_is_in_doubt() {
        let (_, short) = walk(vec![page(&["a"], Some(3), None)], 9);
        assert_eq!(short.doubt(), Some(&Doubt::Unsaid));
        let moved = vec![page(&["a"], Some(2), Some(2)), page(&["b"], Some(3), None)];
        assert_eq!(walk(moved, 9).1.doubt(), Some(&Doubt::Unsaid));
        let same = vec![page(&["a"], None, Some(2)), page(&["a"], None, Some(3))];
        let (all, circle) = walk(same, 9);
        assert_eq!((all, circle.doubt()), (vec!["a"], Some(&Doubt::Circle)));
        let back = vec![page(&["a"], None, Some(2)), page(&["b"], None, Some(2))];
        assert_eq!(walk(back, 9).1.doubt(), Some(&Doubt::Circle));
        let (all, more) = walk(vec![page(&["a", "b", "c"], None, Some(2))], 2);
        assert_eq!((all, more.doubt()), (vec!["a", "b"], Some(&Doubt::More)));
    }
}
