//! What weaving promises.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

type Told = Vec<(&'static str, Vec<(i64, &'static str)>)>;

fn strands(told: &[(&'static str, Vec<(i64, &'static str)>)]) -> Vec<Strand<'static>> {
    told.iter()
        .map(|(tag, beads)| Strand {
            tag,
            beads: beads.iter().map(|(at, commit)| bead(*at, commit)).collect(),
        })
        .collect()
}

fn bead(at: i64, commit: &str) -> Bead<'_> {
    let place = Some(at);
    Bead { at, place, commit }
}

/// The rows as `tag:commit`, joined by `+`.
fn drawn(told: &[(&'static str, Vec<(i64, &'static str)>)]) -> Vec<String> {
    let strands = strands(told);
    weave(&strands)
        .rows
        .iter()
        .map(|row| {
            let marks: Vec<String> = row
                .knots
                .iter()
                .map(|knot| {
                    let strand = &strands[knot.strand];
                    format!("{}:{}", strand.tag, strand.beads[knot.bead].commit)
                })
                .collect();
            marks.join("+")
        })
        .collect()
}

#[test]
fn what_became_active_under_two_tags_at_once_is_one_row() {
    let told = [
        ("latest", vec![(1000, "b"), (500, "a")]),
        ("v1", vec![(995, "b")]),
    ];
    assert_eq!(drawn(&told), ["latest:b+v1:b", "latest:a"]);
}

#[test]
fn what_became_active_later_is_a_row_of_its_own() {
    let told = [("latest", vec![(5000, "b")]), ("v1", vec![(995, "b")])];
    assert_eq!(drawn(&told), ["latest:b", "v1:b"]);
}

#[test]
fn a_row_is_not_joined_across_another_move_of_its_tags() {
    let told = [
        ("latest", vec![(1000, "b"), (900, "c"), (800, "b")]),
        ("v1", vec![(850, "b")]),
    ];
    assert_eq!(drawn(&told), ["latest:b", "latest:c", "latest:b+v1:b"]);
}

#[test]
fn two_tags_that_moved_twice_within_a_second_stay_side_by_side() {
    let told = [
        ("latest", vec![(2000, "c"), (10, "b"), (10, "a")]),
        ("v1", vec![(10, "b"), (10, "a")]),
    ];
    assert_eq!(drawn(&told), ["latest:c", "latest:b+v1:b", "latest:a+v1:a"]);
}

#[test]
fn the_tags_that_moved_last_have_lanes_and_the_rest_share_one() {
    let tags: Vec<String> = (0..20).map(|number| format!("t{number:02}")).collect();
    let told: Vec<Strand<'_>> = tags
        .iter()
        .zip(1_i64..)
        .map(|(tag, at)| Strand {
            tag,
            beads: vec![bead(at * 10_000, tag)],
        })
        .collect();
    let woven = weave(&told);
    let lanes: Vec<Option<&str>> = woven
        .lanes
        .iter()
        .map(|lane| lane.map(|strand| told[strand].tag))
        .collect();
    assert_eq!(
        lanes,
        [
            Some("t19"),
            Some("t18"),
            Some("t17"),
            Some("t16"),
            Some("t15"),
            Some("t14"),
            Some("t13"),
            None
        ]
    );
    assert_eq!(weave(&told[..8]).lanes.len(), 8);
    assert!(weave(&told[..8]).lanes.iter().all(Option::is_some));
    assert_eq!(
        weave(&[]),
        Woven {
            lanes: vec![],
            rows: vec![]
        }
    );
}

const TAGS: [&str; 12] = [
    "v1", "v2", "v3", "latest", "edge", "a", "b", "c", "d", "e", "f", "g",
];
const COMMITS: [&str; 4] = ["aa", "bb", "cc", "dd"];

/// Any tags with any entries. Times may go back within a tag: clocks do.
fn any_strands() -> impl Strategy<Value = Told> {
    let bead = (0_i64..4000, 0_usize..COMMITS.len()).prop_map(|(at, commit)| (at, COMMITS[commit]));
    prop::collection::vec(prop::collection::vec(bead, 0..6), 0..TAGS.len()).prop_map(|beads| {
        TAGS.into_iter()
            .zip(beads)
            .map(|(tag, mut beads)| {
                beads.sort_by_key(|(at, _)| Reverse(*at / 500));
                (tag, beads)
            })
            .collect()
    })
}

#[test]
fn what_was_only_noticed_stands_above_nothing_that_may_be_newer() {
    let noticed = |at, after, commit| Bead {
        at,
        place: after,
        commit,
    };
    let one = |tag, bead| Strand {
        tag,
        beads: vec![bead],
    };
    let strands = [
        one("never", noticed(9_000, None, "n")),
        one("known", bead(5_000, "k")),
        one("looked", noticed(9_000, Some(4_000), "l")),
        one("newer", noticed(9_000, Some(6_000), "m")),
        Strand {
            tag: "own",
            beads: vec![noticed(9_000, Some(7_000), "p"), bead(7_000, "o")],
        },
    ];
    let woven = weave(&strands);
    let order: Vec<&str> = woven
        .rows
        .iter()
        .map(|row| strands[row.knots[0].strand].beads[row.knots[0].bead].commit)
        .collect();
    assert_eq!(order, ["p", "o", "m", "k", "l", "n"]);
    assert_eq!(woven.rows.last().unwrap().at, None);
    assert_eq!(
        woven.lanes.last(),
        Some(&Some(0)),
        "nor does it move a lane to the front"
    );
}

#[test]
fn what_was_noticed_of_one_commit_at_one_look_is_one_row() {
    let of = |tag, after| Strand {
        tag,
        beads: vec![Bead {
            at: 9_000,
            place: after,
            commit: "n",
        }],
    };
    let strands = [of("a", Some(8_900)), of("b", Some(100)), of("c", None)];
    assert_eq!(weave(&strands).rows.len(), 1);
}

proptest! {
    #[test]
    fn a_noticed_time_stands_above_nothing_known_that_may_be_newer(
        told in prop::collection::vec((0_i64..50, prop::option::of(0_i64..50), any::<bool>()), 0..12),
    ) {
        let names: Vec<String> = (0..told.len()).map(|number| format!("t{number}")).collect();
        let strands: Vec<Strand<'_>> = told.iter().zip(&names).map(|((at, after, noticed), name)| {
            let place = if *noticed { after.filter(|after| after <= at) } else { Some(*at) };
            Strand { tag: name, beads: vec![Bead { at: *at, place, commit: name }] }
        }).collect();
        let rows = weave(&strands).rows;
        for (above, below) in rows.iter().enumerate().flat_map(|(at, row)| rows[at + 1..].iter().map(move |below| (row, below))) {
            let (above, below) = (above.knots[0].strand, below.knots[0].strand);
            if told[above].2 && !told[below].2 {
                prop_assert!(strands[above].beads[0].place >= Some(told[below].0));
            }
            // Nor does what is known stand above what is known to be newer, noticed or not.
            if !told[above].2 {
                prop_assert!(strands[below].beads[0].place <= Some(told[above].0));
            }
        }
    }

    #[test]
    fn every_entry_is_in_exactly_one_row(told in any_strands()) {
        let strands = strands(&told);
        let mut seen = BTreeSet::new();
        for row in weave(&strands).rows {
            prop_assert!(!row.knots.is_empty());
            for knot in row.knots {
                prop_assert!(seen.insert((knot.strand, knot.bead)));
            }
        }
        prop_assert_eq!(seen.len(), told.iter().map(|(_, beads)| beads.len()).sum::<usize>());
    }

    #[test]
    fn rows_are_newest_first_and_a_tag_keeps_its_order(told in any_strands()) {
        let strands = strands(&told);
        let woven = weave(&strands);
        prop_assert!(woven.rows.windows(2).all(|pair| pair[0].at >= pair[1].at));
        let mut order: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for knot in woven.rows.iter().flat_map(|row| &row.knots) {
            order.entry(knot.strand).or_default().push(knot.bead);
        }
        for (strand, beads) in order {
            prop_assert_eq!(beads, (0..strands[strand].beads.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_row_is_of_one_commit_at_one_time_and_has_a_tag_once(told in any_strands()) {
        let strands = strands(&told);
        for row in weave(&strands).rows {
            let beads: Vec<Bead<'_>> = row.knots.iter().map(|knot| strands[knot.strand].beads[knot.bead]).collect();
            prop_assert!(beads.iter().all(|bead| bead.commit == beads[0].commit));
            let times = beads.iter().map(|bead| bead.at);
            prop_assert!(times.clone().max().unwrap() - times.min().unwrap() <= 600);
            let tags: BTreeSet<usize> = row.knots.iter().map(|knot| knot.strand).collect();
            prop_assert_eq!(tags.len(), row.knots.len());
            prop_assert!(row.knots.is_sorted_by_key(|knot| (knot.lane, strands[knot.strand].tag)));
        }
    }

    #[test]
    fn there_are_at_most_eight_lanes_and_each_mark_is_on_its_own(told in any_strands()) {
        let strands = strands(&told);
        let woven = weave(&strands);
        let with_entries = strands.iter().filter(|strand| !strand.beads.is_empty()).count();
        prop_assert_eq!(woven.lanes.len(), with_entries.min(LANES));
        for knot in woven.rows.iter().flat_map(|row| &row.knots) {
            match woven.lanes[knot.lane] {
                Some(strand) => prop_assert_eq!(strand, knot.strand),
                None => prop_assert!(with_entries > LANES && !woven.lanes.contains(&Some(knot.strand))),
            }
        }
    }

    #[test]
    fn the_order_of_the_tags_does_not_matter(told in any_strands(), turn in 0_usize..12) {
        let mut other = told.clone();
        other.reverse();
        let turn = turn % other.len().max(1);
        other.rotate_left(turn);
        prop_assert_eq!(drawn(&told), drawn(&other));
        let lanes = |told: &Told| {
            let strands = strands(told);
            weave(&strands).lanes.iter().map(|lane| lane.map(|strand| strands[strand].tag)).collect::<Vec<_>>()
        };
        prop_assert_eq!(lanes(&told), lanes(&other));
    }
}
