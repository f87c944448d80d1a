//! The timelines of many tags, woven into one: which tag has which lane, and which entries share a row. Pure.
//!
//! An entry stands where its own time is, but never below an older entry of its own tag: the order within a tag is
//! the merge's word, and a claim of some clock does not change it. One that was only noticed stands where it is known to
//! be newer than what is below it: never above what may be newer, at the bottom where nothing is known. Entries of one commit that became active under
//! several tags at about the same time are one row, unless one of these tags was something else in between.
//!
//! Not here: what a row shows. Grows with a rule about lanes; never with what only one kind of fact needs.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::HashMap;

/// How many lanes are drawn; with more tags the last one is shared.
pub const LANES: usize = 8;
/// Entries of one commit share a row when their times are no further apart (seconds).
const TOGETHER: u64 = 600;

/// A tag's timeline.
#[derive(Clone, Debug)]
pub struct Strand<'a> {
    /// The tag; no two strands are of one.
    pub tag: &'a str,
    /// Its entries, newest first.
    pub beads: Vec<Bead<'a>>,
}

/// One entry.
#[derive(Clone, Copy, Debug)]
pub struct Bead<'a> {
    /// Since when, or by when it was noticed.
    pub at: i64,
    /// What it is known to be as new as; none: nothing.
    pub place: Option<i64>,
    /// What says that two entries are of one commit.
    pub commit: &'a str,
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Woven {
    /// The strand that has each lane, from the left; none: shared by all others.
    pub lanes: Vec<Option<usize>>,
    /// Newest first.
    pub rows: Vec<Row>,
}

/// A row: what became active under one tag or, at the same time, under several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it stands in time: at its newest entry; none below all that have a time.
    pub at: Option<i64>,
    /// In the order of the lanes, then of the tags.
    pub knots: Vec<Knot>,
}

/// An entry in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knot {
    /// Index of the lane.
    pub lane: usize,
    /// Index of the strand.
    pub strand: usize,
    /// Index of the entry within it.
    pub bead: usize,
}

/// Weaves the timelines of many tags into one. The order of the strands does not matter, but for the indices.
pub fn weave(strands: &[Strand<'_>]) -> Woven {
    let (lanes, lane_of) = lanes(strands);
    let mut rows: Vec<Row> = Vec::new();
    // The times in a row: its oldest and its newest.
    let mut spans: Vec<(i64, i64)> = Vec::new();
    let mut row_of: HashMap<&str, usize> = HashMap::new();
    let mut last: Vec<Option<usize>> = vec![None; strands.len()];
    for placed in in_order(strands) {
        let Bead { at, commit, .. } = strands[placed.strand].beads[placed.bead];
        let knot = Knot {
            lane: lane_of[placed.strand],
            strand: placed.strand,
            bead: placed.bead,
        };
        let shared = row_of.get(commit).copied().filter(|&row| {
            let (oldest, newest) = spans[row];
            newest.max(at).abs_diff(oldest.min(at)) <= TOGETHER
                // Its own newer entries all stand above, and no tag of the row has moved since.
                && last[placed.strand].is_none_or(|last| last < row)
                && rows[row].knots.iter().all(|knot| last[knot.strand] == Some(row))
        });
        let row = shared.unwrap_or(rows.len());
        if shared.is_some() {
            rows[row].knots.push(knot);
            spans[row] = (spans[row].0.min(at), spans[row].1.max(at));
        } else {
            rows.push(Row {
                at: placed.at,
                knots: vec![knot],
            });
            spans.push((at, at));
            row_of.insert(commit, row);
        }
        last[placed.strand] = Some(row);
    }
    for row in &mut rows {
        row.knots
            .sort_by_key(|knot| (knot.lane, strands[knot.strand].tag));
    }
    Woven { lanes, rows }
}

/// The tags that moved last have lanes of their own, from the left.
fn lanes(strands: &[Strand<'_>]) -> (Vec<Option<usize>>, Vec<usize>) {
    let mut order: Vec<(Reverse<Option<i64>>, &str, usize)> = strands
        .iter()
        .enumerate()
        .filter_map(|(index, strand)| {
            let newest = strand.beads.iter().map(|bead| bead.place).max()?;
            Some((Reverse(newest), strand.tag, index))
        })
        .collect();
    order.sort_unstable();
    let own = if order.len() > LANES {
        LANES - 1
    } else {
        order.len()
    };
    let mut lane_of = vec![own; strands.len()];
    let mut lanes = Vec::new();
    for (lane, (_, _, strand)) in order.iter().take(own).enumerate() {
        lane_of[*strand] = lane;
        lanes.push(Some(*strand));
    }
    if order.len() > own {
        lanes.push(None);
    }
    (lanes, lane_of)
}

/// An entry and where it stands.
struct Placed {
    at: Option<i64>,
    strand: usize,
    bead: usize,
}

/// All entries, newest first, those of one tag in their order, those of one commit and second side by side.
fn in_order(strands: &[Strand<'_>]) -> Vec<Placed> {
    let mut all = Vec::new();
    for (index, strand) in strands.iter().enumerate() {
        let (mut place, mut above) = (None, 0_usize);
        for (bead, of) in strand.beads.iter().enumerate().rev() {
            // How many of its tag stand below it in the same second.
            above = if of.place <= place { above + 1 } else { 0 };
            place = place.max(of.place);
            let placed = Placed {
                at: place,
                strand: index,
                bead,
            };
            all.push((
                Reverse(place),
                Reverse(above),
                of.commit,
                strand.tag,
                placed,
            ));
        }
    }
    all.sort_by(|a, b| (a.0, a.1, a.2, a.3).cmp(&(b.0, b.1, b.2, b.3)));
    all.into_iter().map(|(.., placed)| placed).collect()
}
