//! What holds whatever the facts are.

use super::*;
use proptest::prelude::*;

prop_compose! {
    fn any_fact()(letter in 1u8..5, at in 0i64..12, kind in 0u8..10) -> Fact {
        match kind {
            0 => done(letter, at),
            1 => seen(letter, at, false),
            2 => kept(letter, at),
            3 => imported(letter, at, true),
            4 => imported(letter, at, false),
            5 => seen(letter, at, true),
            6 => noticed(letter, at),
            7 => listed(letter, at),
            8 => by_vendor(letter, at),
            _ => Fact { commit: Commit::Whole(digest(letter)), ..kept(letter, at) },
        }
    }
}

proptest! {
    #[test]
    fn the_order_of_sources_does_not_matter(facts in prop::collection::vec(any_fact(), 0..12), seed in any::<u64>()) {
        let mut other = facts.clone();
        let mut state = seed | 1;
        for index in (1..other.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            other.swap(index, usize::try_from(state >> 33).unwrap() % (index + 1));
        }
        prop_assert_eq!(merged(&facts, Some(1)), merged(&other, Some(1)));
    }

    #[test]
    fn merging_twice_changes_nothing(facts in prop::collection::vec(any_fact(), 0..12)) {
        let twice: Vec<Fact> = facts.iter().chain(&facts).cloned().collect();
        prop_assert_eq!(merged(&facts, Some(2)), merged(&twice, Some(2)));
    }

    #[test]
    fn no_digest_is_ever_dropped_and_none_invented(facts in prop::collection::vec(any_fact(), 0..12)) {
        let told: std::collections::BTreeSet<String> = merged(&facts, None).iter().map(|e| e.short().to_owned()).collect();
        let given: std::collections::BTreeSet<String> = facts.iter().map(|fact| match &fact.commit {
            Commit::Whole(digest) => digest.short().to_owned(),
            Commit::Start(start) => start[..12].to_owned(),
            _ => unreachable!(),
        }).collect();
        prop_assert_eq!(told, given);
    }

    #[test]
    fn neighbours_differ_and_at_most_one_is_active(facts in prop::collection::vec(any_fact(), 0..12), active in 1u8..5) {
        let entries = merged(&facts, None);
        prop_assert!(entries.windows(2).all(|pair| pair[0].commit != pair[1].commit));
        prop_assert!(merged(&facts, Some(active)).iter().skip(1).all(|entry| !entry.active));
    }

    #[test]
    fn every_time_is_one_that_was_told_of_this_very_commit(facts in prop::collection::vec(any_fact(), 0..12)) {
        let built = |digest: &Digest| i64::from(digest.as_str().ends_with(|c: char| c.is_ascii_digit())) * 1000;
        for entry in merge(facts.clone(), None, |digest| Some(Age::built(built(digest)))) {
            let told = facts.iter().any(|fact| {
                let same = match &fact.commit {
                    Commit::Whole(digest) => digest.short() == entry.short(),
                    Commit::Start(start) => start.starts_with(entry.short()),
                    _ => false,
                };
                same && fact.at == entry.time.at && fact.kind.source() == entry.time.source
            });
            match (&entry.time.kind, &entry.commit) {
                (TimeKind::Built, Commit::Whole(digest)) => prop_assert_eq!(entry.time.at, built(digest)),
                (TimeKind::Built, _) => prop_assert!(false, "built by nobody"),
                _ => prop_assert!(told, "{:?} of {:?}", entry.time, facts),
            }
        }
    }

    #[test]
    fn what_a_noticed_time_is_newer_than_was_told_of_another_commit(facts in prop::collection::vec(any_fact(), 0..12)) {
        for entry in merged(&facts, None) {
            let Some(after) = entry.time.after else { continue };
            prop_assert_eq!(entry.time.kind, TimeKind::By);
            prop_assert!(after <= entry.time.at);
            let told = facts.iter().any(|fact| fact.at == after && match &fact.commit {
                Commit::Whole(digest) => digest.short() != entry.short(),
                Commit::Start(start) => !start.starts_with(entry.short()),
                _ => true,
            });
            prop_assert!(told, "{:?} of {:?}", entry.time, facts);
        }
    }

    #[test]
    fn facts_of_a_better_source_win(facts in prop::collection::vec(any_fact(), 1..12)) {
        // All of one commit, so that they are one entry.
        let facts: Vec<Fact> = facts.into_iter().map(|fact| {
            let commit = match &fact.commit {
                Commit::Start(_) => Commit::Start(digest(1).hex().to_owned()),
                _ => Commit::Whole(digest(1)),
            };
            Fact { commit, ..fact }
        }).collect();
        let entries = merged(&facts, None);
        prop_assert_eq!(entries.len(), 1);
        let earliest = |wanted: fn(&FactKind) -> bool| facts.iter().filter(|fact| wanted(&fact.kind)).map(|fact| fact.at).min();
        let seen = earliest(|kind| matches!(kind, FactKind::SeenHere { .. }));
        let believed = |at: &i64| seen.is_none_or(|seen| *at <= seen);
        let done = earliest(|kind| matches!(kind, FactKind::DoneHere { .. })).filter(believed);
        let tag = earliest(|kind| matches!(kind, FactKind::CommitTag { name, .. } if name.beginning == Beginning::Since)).filter(believed);
        let vendor = earliest(|kind| matches!(kind, FactKind::Vendor { .. })).filter(believed);
        let time = entries[0].time;
        if let (None, Some(at)) = (done, vendor) {
            prop_assert_eq!((time.at, time.kind, time.source), (at, TimeKind::Since, Source::Registry));
            return Ok(());
        }
        match (done, tag) {
            (Some(at), _) => prop_assert_eq!((time.at, time.kind, time.source), (at, TimeKind::Since, Source::SeenHere)),
            (None, Some(at)) => prop_assert_eq!((time.at, time.source), (at, Source::CommitTag)),
            (None, None) => prop_assert!(time.source != Source::CommitTag || time.kind == TimeKind::By),
        }
    }

    #[test]
    fn who_did_it_is_someone_who_said_so(facts in prop::collection::vec(any_fact(), 0..12)) {
        for entry in merged(&facts, Some(1)) {
            let short = entry.short().to_owned();
            let Some(by) = entry.by else { continue };
            prop_assert_eq!(entry.time.kind, TimeKind::Since);
            prop_assert_eq!(by.you, by.source == Source::SeenHere);
            prop_assert!(facts.iter().any(|fact| matches!(&fact.commit, Commit::Whole(digest) if digest.short() == short)
                && fact.kind.who() == Some(by.name.as_str()) && fact.kind.source() == by.source));
        }
    }

    #[test]
    fn what_was_seen_here_is_never_displaced_by_a_commit_tag(
        lengths in prop::collection::vec((1u8..5, 0i64..6, 1i64..6), 1..8),
        tags in prop::collection::vec((1u8..9, 0i64..60, any::<bool>(), any::<bool>()), 0..12),
    ) {
        let mut facts = Vec::new();
        let mut now = 1;
        for (letter, wait, length) in lengths {
            now += wait;
            facts.extend(period(letter, now, now + length));
            now += length + 1;
        }
        let alone = merged(&facts, None);
        for (letter, at, since, asked) in tags {
            let beginning = if since { Beginning::Since } else { Beginning::Noticed };
            let standing = if asked { Standing::Shown } else { Standing::Listed };
            facts.push(told_by(named(letter, at, beginning), standing));
        }
        let entries = merged(&facts, None);
        // What was seen, in the order in which it was seen, each at most parted where nobody looked.
        let seen = |entries: &[Entry]| {
            let mut letters = shorts(&entries.iter().filter(|e| e.sources.contains(&Source::SeenHere)).cloned().collect::<Vec<_>>());
            letters.dedup();
            letters
        };
        prop_assert_eq!(seen(&entries), seen(&alone));
        // No commit tag is dropped, and none stands within a time at which another was seen without being called a claim.
        let told: std::collections::BTreeSet<String> = shorts(&entries).into_iter().collect();
        for fact in &facts {
            let FactKind::CommitTag { name, .. } = &fact.kind else { continue };
            prop_assert!(told.contains(name.short()));
        }
        for entry in entries.iter().filter(|entry| entry.contradicted) {
            prop_assert_eq!(&entry.sources, &vec![Source::CommitTag]);
        }
        for entry in entries.iter().filter(|entry| !entry.contradicted && entry.sources == [Source::CommitTag]) {
            let own = facts.iter().filter(|fact| matches!(&fact.kind, FactKind::CommitTag { name, .. } if name.short() == entry.short() && name.at.0 == entry.time.at));
            for tag in own {
                let within = facts.iter().filter(|fact| fact.order.is_some()).any(|from| {
                    let to = facts.iter().filter(|fact| fact.order == from.order).map(|fact| fact.at).max().unwrap();
                    from.at < tag.at && tag.at < to && from.order == Some(from.at) && !matches!(&from.commit, Commit::Whole(digest) if digest.short() == entry.short())
                });
                prop_assert!(!within, "{tag:?} in {facts:?}");
            }
        }
    }
}
