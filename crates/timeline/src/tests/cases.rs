//! The cases people asked about.

use super::*;

#[test]
fn a_b_a_is_three_entries() {
    let entries = merged(&[done(1, 10), done(2, 20), done(1, 30)], Some(1));
    assert_eq!(shorts(&entries), expect(&[1, 2, 1]));
    assert_eq!(
        entries
            .iter()
            .map(|e| (e.active, e.time.at, e.until))
            .collect::<Vec<_>>(),
        [
            (true, 30, None),
            (false, 20, Some(30)),
            (false, 10, Some(20)),
        ]
    );
}

#[test]
fn a_b_a_within_one_second_is_three_entries() {
    let at = |letter, order| Fact {
        order: Some(order),
        ..done(letter, 10)
    };
    let entries = merged(
        &[at(1, 1), at(2, 2), at(1, 3), kept(1, 10), kept(2, 10)],
        Some(1),
    );
    assert_eq!(shorts(&entries), expect(&[1, 2, 1]));
}

#[test]
fn two_commit_tags_of_one_event_are_one_entry() {
    let entries = merged(&[kept(1, 10), kept(1, 12), kept(2, 20)], None);
    assert_eq!(shorts(&entries), expect(&[2, 1]));
    assert_eq!(entries[1].own_tag, Some(name(1, 10)));
    assert_eq!(
        (entries[1].time.at, entries[1].time.kind),
        (10, TimeKind::Since)
    );
}

#[test]
fn what_was_done_here_beats_a_commit_tag_and_that_what_was_noticed() {
    let entries = merged(&[seen(1, 15, false), kept(1, 12), done(1, 11)], Some(1));
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 11,
            kind: TimeKind::Since,
            source: Source::SeenHere,
            after: None,
        }
    );
    let entries = merged(&[seen(1, 15, false), kept(1, 12)], Some(1));
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 12,
            kind: TimeKind::Since,
            source: Source::CommitTag,
            after: None,
        }
    );
    assert_eq!(
        entries[0].sources,
        [Source::Registry, Source::CommitTag, Source::SeenHere]
    );
}

#[test]
fn what_was_noticed_is_newer_than_the_last_look_at_what_was_before() {
    let [from, to] = period(1, 5, 10);
    let entries = merged(&[from, to, seen(2, 20, false), seen(2, 30, false)], Some(2));
    let told = |entry: &Entry| (entry.time.kind, entry.time.at, entry.time.after);
    assert_eq!(told(&entries[0]), (TimeKind::By, 20, Some(10)));
    assert_eq!(entries[0].time.place(), Some(10));
    assert_eq!(told(&entries[1]), (TimeKind::By, 5, None));
    assert_eq!(entries[1].time.place(), None);
    // A deletion is something else as well; what is known to have begun needs no such word.
    let entries = merged(&[seen(1, 5, false), gone(12), seen(1, 20, false)], Some(1));
    assert_eq!(entries[0].time.after, Some(12));
    let entries = merged(&[seen(1, 5, false), done(2, 20)], Some(2));
    assert_eq!(told(&entries[0]), (TimeKind::Since, 20, None));
    assert_eq!(entries[0].time.place(), Some(20));
}

#[test]
fn a_claim_later_than_what_was_seen_is_not_believed() {
    let entries = merged(&[seen(1, 10, false), kept(1, 12)], None);
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 10,
            kind: TimeKind::By,
            source: Source::SeenHere,
            after: None,
        }
    );
}

#[test]
fn a_commit_tag_written_from_what_was_noticed_claims_no_more() {
    let by = |entries: Vec<Entry>| (entries[0].time.at, entries[0].time.kind);
    let entries = merged(&[seen(1, 10, true), noticed(1, 10)], None);
    assert_eq!(by(entries), (10, TimeKind::By));
    // Nor on a computer that never saw it, or saw it later.
    assert_eq!(by(merged(&[noticed(1, 10)], None)), (10, TimeKind::By));
    let later = merged(&[noticed(1, 10), seen(1, 20, false)], None);
    assert_eq!(by(later), (10, TimeKind::By));
    // Who knows since when knows better, though it was noticed earlier elsewhere.
    let better = merged(&[noticed(1, 10), kept(1, 8), done(1, 9)], None);
    assert_eq!(by(better), (9, TimeKind::Since));
}

#[test]
fn a_commit_tag_that_nobody_asked_tells_and_keeps_nothing() {
    let entries = merged(&[listed(1, 10), done(2, 20)], Some(2));
    assert_eq!(shorts(&entries), expect(&[2, 1]));
    let claimed = &entries[1];
    assert_eq!((claimed.time.at, claimed.time.kind), (10, TimeKind::Since));
    assert_eq!(claimed.kept_by, None);
    assert_eq!(claimed.claimed_by, Some(name(1, 10)));
    // One that was asked keeps the commit, and no claim is left to be asked.
    let entries = merged(&[listed(1, 10), kept(1, 11), done(2, 20)], Some(2));
    assert_eq!(entries[1].kept_by, Some(name(1, 11)));
    assert_eq!(entries[1].own_tag, Some(name(1, 11)));
    assert_eq!(entries[1].claimed_by, None);
}

#[test]
fn two_commits_of_the_same_first_digits_stay_two() {
    let one = digest(1);
    let mut other = one.to_string();
    let last = if other.pop() == Some('0') { '1' } else { '0' };
    other.push(last);
    let forged = Fact {
        commit: Commit::Whole(Digest::parse(&other).unwrap()),
        ..done(9, 20)
    };
    let entries = merged(&[kept(1, 10), forged], None);
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[1].commit, Commit::Start(one.hex().to_owned()));
    assert_eq!(entries[0].kept_by, None);
}

#[test]
fn what_was_seen_here_stands_against_a_commit_tag_and_its_claim_stands_beside_it() {
    let mut facts = period(1, 10, 90).to_vec();
    facts.extend(period(2, 100, 200));
    facts.push(listed(3, 50));
    let entries = merged(&facts, Some(2));
    assert_eq!(shorts(&entries), expect(&[2, 3, 1]));
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.time.at, entry.contradicted))
        .collect();
    assert_eq!(told, [(100, false), (50, true), (10, false)]);
    assert_eq!(entries[1].sources, [Source::CommitTag]);
    assert_eq!(entries[1].until, None);
    // A time at which nobody here looked is nobody's to contradict.
    facts.push(listed(4, 95));
    let entries = merged(&facts, Some(2));
    assert_eq!(shorts(&entries), expect(&[2, 4, 3, 1]));
    assert!(!entries[1].contradicted);
    assert_eq!(entries[3].until, Some(95));
}

#[test]
fn a_beginning_at_which_another_commit_was_seen_is_not_taken_over() {
    // Its commit tag says that 2 was there long before this computer saw 1 leave.
    let mut facts = period(1, 10, 90).to_vec();
    facts.extend(period(2, 100, 200));
    facts.push(kept(2, 20));
    let entries = merged(&facts, Some(2));
    assert_eq!(shorts(&entries), expect(&[2, 2, 1]));
    assert_eq!(
        (entries[0].time.at, entries[0].time.kind),
        (100, TimeKind::By)
    );
    assert!(entries[1].contradicted && !entries[0].contradicted);
    // It keeps the commit all the same: the registry showed it.
    assert_eq!(entries[0].kept_by, Some(name(2, 20)));
    assert_eq!(entries[0].own_tag, None);
}

#[test]
fn in_the_second_of_a_first_or_last_look_both_may_be_true() {
    for at in [10, 90] {
        let mut facts = period(1, 10, 90).to_vec();
        facts.push(listed(3, at));
        let entries = merged(&facts, None);
        assert!(entries.iter().all(|entry| !entry.contradicted), "{at}");
        assert_eq!(entries.len(), 2, "{at}: {entries:#?}");
    }
}

#[test]
fn the_first_one_ever_seen_is_told_as_built() {
    let entries = merge([seen(1, 10, true)], Some(&digest(1)), |_| {
        Some(Age::built(3))
    });
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 3,
            kind: TimeKind::Built,
            source: Source::ImageLabel,
            after: None,
        }
    );
    let entries = merge(
        [seen(1, 10, true), seen(2, 20, false)],
        Some(&digest(2)),
        |_| Some(Age::built(3)),
    );
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 20,
            kind: TimeKind::By,
            source: Source::SeenHere,
            after: Some(10),
        }
    );
}

#[test]
fn a_lying_commit_tag_stands_alone_and_keeps_nothing() {
    let lie = Fact {
        commit: Commit::Lie(name(1, 20)),
        ..kept(1, 20)
    };
    let entries = merged(&[done(1, 10), seen(1, 30, false), lie], Some(1));
    assert_eq!(shorts(&entries), expect(&[1, 1]));
    assert!(matches!(entries[1].commit, Commit::Lie(_)));
    assert_eq!(entries[0].kept_by, None);
}

#[test]
fn a_commit_is_kept_by_the_tag_of_its_other_entry() {
    let entries = merged(&[kept(1, 10), done(2, 20), done(1, 30)], Some(1));
    assert_eq!(
        (&entries[0].own_tag, &entries[0].kept_by),
        (&None, &Some(name(1, 10)))
    );
}

#[test]
fn a_commit_tag_that_was_removed_still_tells_but_keeps_nothing() {
    let removed = Fact {
        kind: FactKind::CommitTag {
            name: name(1, 10),
            standing: Standing::Gone,
        },
        ..kept(1, 10)
    };
    let entries = merged(&[removed, done(2, 20)], Some(2));
    assert_eq!(shorts(&entries), expect(&[2, 1]));
    assert_eq!(
        (entries[1].time.at, &entries[1].own_tag, &entries[1].kept_by),
        (10, &None, &None)
    );
}

#[test]
fn a_deleted_tag_parts_what_was_before_from_what_comes_after() {
    let entries = merged(&[done(1, 10), gone(20), done(1, 30)], Some(1));
    assert_eq!(shorts(&entries), expect(&[1, 1]));
    let entries = merged(&[done(1, 10), gone(20)], None);
    assert_eq!(shorts(&entries), expect(&[1]));
    assert!(!entries[0].active);
}

#[test]
fn the_active_one_comes_first_whatever_a_clock_said() {
    let entries = merged(&[done(1, 10), kept(2, 99)], Some(1));
    assert_eq!(shorts(&entries), expect(&[1, 2]));
    assert!(entries[0].active && !entries[1].active);
}

#[test]
fn who_pushed_is_told_with_their_source() {
    let mine = merged(&[done(1, 10)], None).remove(0).by.unwrap();
    assert_eq!(
        (mine.name.as_str(), mine.you, mine.source),
        ("ana", true, Source::SeenHere)
    );
    let theirs = merged(&[imported(1, 10, true), seen(1, 30, false)], None).remove(0);
    assert_eq!(
        theirs.time,
        TimeFact {
            at: 10,
            kind: TimeKind::Since,
            source: Source::Imported,
            after: None,
        }
    );
    let by = theirs.by.unwrap();
    assert_eq!(
        (by.name.as_str(), by.you, by.source),
        ("ben", false, Source::Imported)
    );
    // Someone who pushed the same once more, when it was there already, did not make it so.
    assert_eq!(
        merged(&[seen(1, 10, false), imported(1, 30, true)], None)[0].by,
        None
    );
    assert_eq!(
        merged(&[kept(1, 10), imported(1, 3000, true)], None)[0].by,
        None
    );
}

#[test]
fn a_commit_tag_and_the_push_it_was_written_after_are_one_event() {
    let entries = merged(
        &[kept(1, 12), imported(1, 10, true), seen(1, 40, false)],
        None,
    );
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].time.at, entries[0].time.source),
        (12, Source::CommitTag)
    );
    assert_eq!(entries[0].by.as_ref().unwrap().name, "ben");
    assert_eq!(
        entries[0].sources,
        [Source::CommitTag, Source::SeenHere, Source::Imported]
    );
}

#[test]
fn what_another_computer_saw_earlier_says_by_when() {
    let entries = merged(&[seen(1, 30, true), imported(1, 10, false)], Some(1));
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 10,
            kind: TimeKind::By,
            source: Source::Imported,
            after: None,
        }
    );
    // It doubts nothing that was done here.
    let entries = merged(&[done(1, 30), imported(1, 10, false)], Some(1));
    assert_eq!(
        (entries[0].time.at, entries[0].time.kind),
        (30, TimeKind::Since)
    );
}

#[test]
fn what_another_computer_saw_in_between_parts_two_entries() {
    let entries = merged(
        &[done(1, 10), imported(2, 20, false), seen(1, 30, false)],
        Some(1),
    );
    assert_eq!(shorts(&entries), expect(&[1, 2, 1]));
}

#[test]
fn the_commit_tags_of_two_computers_for_one_event_are_one_entry() {
    // One pushed it, the other noticed it a few seconds later; both kept it before they moved the tag.
    let facts = [kept(1, 100), kept(1, 104), kept(2, 200), done(3, 300)];
    let entries = merged(&facts, Some(3));
    assert_eq!(shorts(&entries), expect(&[3, 2, 1]));
    assert_eq!(
        (entries[2].time.at, entries[2].own_tag.clone()),
        (100, Some(name(1, 100)))
    );
}

#[test]
fn a_commit_tag_of_the_second_in_which_the_next_push_came_makes_no_entry() {
    for (old, new) in [(1, 2), (2, 1)] {
        let entries = merged(&[done(old, 100), kept(old, 103), done(new, 103)], Some(new));
        assert_eq!(shorts(&entries), expect(&[new, old]));
    }
}

fn by_vendor(letter: u8, at: i64) -> Fact {
    Fact {
        at,
        commit: Commit::Whole(digest(letter)),
        kind: FactKind::Vendor {
            who: Some("eve".into()),
        },
        order: None,
    }
}

#[test]
fn a_vendor_tells_since_when_unless_it_was_seen_before_that() {
    let first = seen(1, 30, true);
    let entries = merged(&[first.clone(), by_vendor(1, 20)], Some(1));
    assert_eq!(
        entries[0].time,
        TimeFact {
            at: 20,
            kind: TimeKind::Since,
            source: Source::Registry,
            after: None,
        }
    );
    let by = entries[0].by.clone().unwrap();
    assert_eq!(
        (by.name.as_str(), by.you, by.source),
        ("eve", false, Source::Registry)
    );
    assert_eq!(entries[0].sources, [Source::Registry, Source::SeenHere]);
    // What was done here is known better, and what was seen earlier contradicts it.
    let entries = merged(&[done(1, 10), by_vendor(1, 20)], Some(1));
    assert_eq!((entries.len(), entries[0].time.at), (1, 10));
    let entries = merged(&[seen(1, 5, true), by_vendor(1, 20)], Some(1));
    assert_eq!(entries[0].time.kind, TimeKind::By);
    // A commit tag written right after the push tells of the same.
    let entries = merged(
        &[by_vendor(1, 20), kept(1, 22), seen(1, 30, false)],
        Some(1),
    );
    assert_eq!((entries.len(), entries[0].time.at), (1, 20));
}
