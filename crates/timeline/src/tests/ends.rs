//! By when a commit was over, where nobody tells when.

use super::*;

#[test]
fn by_when_a_commit_was_over_is_told_by_whatever_came_next() {
    let over = |entries: &[Entry]| -> Vec<(Option<i64>, Option<i64>)> {
        let over = entries.iter().map(|entry| (entry.until, entry.over_by));
        over.collect()
    };
    let told = |facts: &[Fact], active: Option<u8>| over(&merged(facts, active));
    let known = [done(1, 10), done(2, 20)];
    assert_eq!(told(&known, None), [(None, None), (Some(20), Some(20))]);
    // One that the registry shows is not over, whatever was seen after it.
    assert_eq!(told(&known, Some(1)), [(None, None), (None, None)]);
    // When the next one was built says nothing of when it was noticed.
    let noticed = [kept(1, 10), seen(2, 100, true)];
    assert_eq!(told(&noticed, Some(2)), [(None, None), (None, Some(100))]);
    let built = merge(noticed, Some(&digest(2)), |_| Some(Age::built(50)));
    assert_eq!(built[0].time.kind, TimeKind::Built);
    assert_eq!(over(&built), [(None, None), (None, Some(100))]);
    // Nor has there to be a next one.
    let deleted = [done(1, 10), gone(60)];
    assert_eq!(told(&deleted, None), [(None, Some(60))]);
}

#[test]
fn no_commit_is_over_by_what_a_planted_name_says() {
    let lie = Fact {
        commit: Commit::Lie(name(4, 95)),
        ..kept(4, 95)
    };
    let mut facts = period(1, 10, 90).to_vec();
    facts.extend(period(2, 100, 200));
    facts.extend([listed(3, 50), lie]);
    let entries = merged(&facts, Some(2));
    assert_eq!(shorts(&entries), expect(&[2, 4, 3, 1]));
    let over: Vec<_> = entries.iter().map(|entry| entry.over_by).collect();
    assert_eq!(over, [None, None, None, Some(100)]);
}
