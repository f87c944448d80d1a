//! What a rule takes away, and what nothing ever takes away.

use super::*;
use oci::{Beginning, Tag, UtcSeconds};
use proptest::prelude::*;
use timeline::{Fact, FactKind, Standing, merge};

fn digest(number: u8) -> Digest {
    Digest::sha256_of(&[number])
}

fn name(tag: &str, at: i64, digest: &Digest) -> CommitTag {
    CommitTag::new(
        &Tag::parse(tag).unwrap(),
        UtcSeconds(at),
        Beginning::Since,
        digest,
    )
    .unwrap()
}

/// Makes the commit tags of `v1`, oldest commit first, each active for a day; the last is active still.
fn days(commits: &[u8]) -> Vec<Held> {
    let kept: Vec<(CommitTag, Digest)> = commits
        .iter()
        .zip(0..)
        .map(|(number, day)| (name("v1", day * DAY, &digest(*number)), digest(*number)))
        .collect();
    let facts = kept.iter().map(|(name, digest)| Fact {
        at: name.at.0,
        commit: Commit::Whole(digest.clone()),
        kind: FactKind::CommitTag {
            name: name.clone(),
            standing: Standing::Shown,
        },
        order: None,
    });
    let active = kept.last().map(|(_, digest)| digest.clone());
    let entries = merge(facts, active.as_ref(), |_| None);
    held(
        kept.iter().map(|(name, digest)| (name, Some(digest))),
        &entries,
    )
}

fn days_gone(held: &[Held], prune: Prune, now: i64) -> Vec<i64> {
    select(held, prune, now)
        .iter()
        .map(|held| held.name.at.0 / DAY)
        .collect()
}

#[test]
fn the_newest_stay_and_the_active_one_counts_apart() {
    let all = days(&[1, 2, 3, 4, 5]);
    let last = |commits| days_gone(&all, Prune::Last { commits }, 0);
    assert_eq!(last(1), [0, 1, 2]);
    assert_eq!(last(3), [0]);
    assert_eq!(last(4), [0; 0]);
    assert_eq!(days_gone(&all, Prune::All, i64::MAX), [0; 0]);
}

#[test]
fn days_are_counted_from_when_another_took_its_place() {
    let all = days(&[1, 2, 3]);
    let gone = |days, now| days_gone(&all, Prune::Days { days }, now);
    // The first ended after a day, the second after two.
    assert_eq!(gone(10, 11 * DAY - 1), [0; 0]);
    assert_eq!(gone(10, 11 * DAY), [0]);
    assert_eq!(gone(10, 12 * DAY), [0, 1]);
    assert_eq!(gone(10, i64::MAX), [0, 1], "the active one stays");
}

/// What is told of `v1` beside the commit tag of its first day.
fn first_day(others: Vec<Fact>, active: Option<u8>, built: Option<i64>) -> Vec<Held> {
    let kept = (name("v1", 0, &digest(1)), digest(1));
    let mut facts = vec![told_by(&kept.0, Commit::Whole(kept.1.clone()))];
    facts.extend(others);
    let entries = merge(facts, active.map(digest).as_ref(), |_| {
        built.map(timeline::Age::built)
    });
    held([(&kept.0, Some(&kept.1))].into_iter(), &entries)
}

fn told_by(name: &CommitTag, commit: Commit) -> Fact {
    Fact {
        at: name.at.0,
        commit,
        kind: FactKind::CommitTag {
            name: name.clone(),
            standing: Standing::Shown,
        },
        order: None,
    }
}

/// What this computer saw on a day.
fn seen(commit: Commit, day: i64, first: bool) -> Fact {
    Fact {
        at: day * DAY,
        commit,
        kind: FactKind::SeenHere { first },
        order: Some(day),
    }
}

#[test]
fn where_it_was_only_noticed_that_another_took_its_place_days_are_counted_from_then() {
    // A computer that sees the tag for the first time: when the other was built says nothing of when it took the place, nor
    // does the beginning of the one that is kept.
    for built in [None, Some(0), Some(7 * DAY), Some(39 * DAY)] {
        let other = seen(Commit::Whole(digest(2)), 40, true);
        let held = first_day(vec![other], Some(2), built);
        let gone = |now| days_gone(&held, Prune::Days { days: 30 }, now);
        assert_eq!(gone(70 * DAY - 1), [0; 0], "{built:?}");
        assert_eq!(gone(70 * DAY), [0], "{built:?}");
    }
}

#[test]
fn the_commit_of_a_tag_that_was_deleted_stays_for_its_days() {
    let held = first_day(vec![seen(Commit::Nothing, 40, false)], None, None);
    let gone = |now| days_gone(&held, Prune::Days { days: 30 }, now);
    assert_eq!((gone(70 * DAY - 1), gone(70 * DAY)), (vec![], vec![0]));
}

#[test]
fn no_planted_name_lets_a_commit_go_before_its_days_are_over() {
    let planted = |number, day| name("v1", day * DAY, &digest(number));
    let others = vec![
        // Seen here on the first days, so that what says it was another's is contradicted.
        seen(Commit::Whole(digest(1)), 1, false),
        Fact {
            order: Some(1),
            ..seen(Commit::Whole(digest(1)), 5, false)
        },
        told_by(&planted(3, 3), Commit::Whole(digest(3))),
        told_by(&planted(4, 6), Commit::Lie(planted(4, 6))),
        seen(Commit::Whole(digest(2)), 40, false),
    ];
    let held = first_day(others, Some(2), None);
    let gone = |now| days_gone(&held, Prune::Days { days: 30 }, now);
    assert_eq!((gone(70 * DAY - 1), gone(70 * DAY)), (vec![], vec![0]));
}

#[test]
fn a_commit_that_came_back_keeps_all_its_commit_tags() {
    // A, B, C, A: A is active, so its first commit tag stays too.
    let all = days(&[1, 2, 3, 1]);
    assert_eq!(days_gone(&all, Prune::Last { commits: 1 }, 0), [1]);
    // A, B, A, C, D: A ended last on the third day, and counts as newer than B.
    let all = days(&[1, 2, 1, 3, 4]);
    assert_eq!(days_gone(&all, Prune::Last { commits: 2 }, 0), [1]);
    assert_eq!(
        days_gone(&all, Prune::Days { days: 5 }, 7 * DAY + 1),
        [1],
        "by its last end"
    );
}

#[test]
fn what_lies_is_never_ours() {
    let lie = Held {
        digest: Some(digest(9)),
        ..days(&[1, 2]).remove(0)
    };
    assert!(select(&[lie], Prune::Days { days: 1 }, i64::MAX).is_empty());
}

fn any_held() -> impl Strategy<Value = Vec<Held>> {
    let one = (
        0..3u8,
        0..12u8,
        0..12u8,
        0..50i64,
        any::<bool>(),
        0..8usize,
        0..90i64,
    );
    proptest::collection::vec(one, 0..40).prop_map(|all| {
        all.into_iter()
            .map(|(tag, named, points_at, at, known, turn, ended)| Held {
                name: name(
                    ["v1", "v2", "latest"][usize::from(tag)],
                    at * DAY,
                    &digest(named),
                ),
                digest: known.then(|| digest(points_at)),
                active: turn == 0,
                turn,
                ended: ended * DAY,
            })
            .collect()
    })
}

fn any_prune() -> impl Strategy<Value = Prune> {
    prop_oneof![
        Just(Prune::All),
        (1..6u32).prop_map(|commits| Prune::Last { commits }),
        (1..60u32).prop_map(|days| Prune::Days { days }),
    ]
}

proptest! {
    #[test]
    fn nothing_foreign_and_nothing_active_ever_goes(held in any_held(), prune in any_prune(), now in 0..200 * DAY) {
        for gone in select(&held, prune, now) {
            prop_assert!(!gone.active);
            prop_assert!(gone.digest.as_ref().is_some_and(|digest| gone.name.matches(digest)));
        }
    }

    #[test]
    fn the_newest_of_each_tag_stay(held in any_held(), commits in 1..6u32) {
        let gone = select(&held, Prune::Last { commits }, 0);
        for one in &gone {
            let newer: BTreeSet<usize> = held
                .iter()
                .filter(|other| {
                    other.name.tag == one.name.tag && !other.active && other.is_ours() && other.turn < one.turn
                })
                .map(|other| other.turn)
                .collect();
            prop_assert!(newer.len() >= commits as usize);
        }
        // And whatever has fewer newer ones does stay.
        let more = select(&held, Prune::Last { commits: commits + 1 }, 0);
        prop_assert!(more.iter().all(|one| gone.contains(one)));
    }

    #[test]
    fn nothing_goes_before_its_days_are_over(held in any_held(), days in 1..60u32, now in 0..200 * DAY) {
        for gone in select(&held, Prune::Days { days }, now) {
            prop_assert!(now - gone.ended >= i64::from(days) * DAY);
        }
    }

    #[test]
    fn all_means_all(held in any_held(), now in any::<i64>()) {
        prop_assert!(select(&held, Prune::All, now).is_empty());
    }

    #[test]
    fn the_order_of_the_list_does_not_matter(held in any_held(), prune in any_prune(), now in 0..200 * DAY) {
        let mut turned = held.clone();
        turned.reverse();
        let names = |all: &[Held]| -> Vec<String> {
            select(all, prune, now).iter().map(|held| held.name.to_string()).collect()
        };
        prop_assert_eq!(names(&held), names(&turned));
    }
}
