//! What each source tells, as facts for the merge.

use oci::{CommitTag, Digest};
use std::collections::HashMap;
use store::{ListedTag, PastTag, Period, Record, ToldMoment};
use timeline::{Age, Commit, Entry, Fact, FactKind, Standing};

/// A commit tag as the database has it.
pub(super) struct Named {
    pub name: CommitTag,
    /// What it was last seen to point at.
    pub digest: Option<Digest>,
    /// The registry showed that, and has not missed it since.
    pub shown: bool,
    /// Since when the registry lists it no more.
    pub gone_since: Option<i64>,
}

impl Named {
    /// Takes a commit tag as it is listed.
    pub fn of(name: CommitTag, listed: ListedTag) -> Self {
        Self {
            name,
            digest: listed.digest,
            shown: listed.shown_at.is_some(),
            gone_since: listed.deleted_at,
        }
    }

    /// Tells how it stands: one that nobody asked keeps nothing.
    pub fn standing(&self) -> Standing {
        match (self.gone_since, self.shown) {
            (Some(_), _) => Standing::Gone,
            (None, true) => Standing::Shown,
            (None, false) => Standing::Listed,
        }
    }

    /// Returns the commit that it was shown to keep: the one its name says.
    pub fn keeps(&self) -> Option<&Digest> {
        let digest = self.digest.as_ref()?;
        (self.standing() == Standing::Shown && self.name.matches(digest)).then_some(digest)
    }
}

/// All that is known of one tag.
pub(super) struct Known<'a> {
    /// What this computer saw and did, oldest first.
    pub periods: &'a [Period],
    pub named: &'a [Named],
    /// What other computers saw and did.
    pub imported: &'a [Record],
    /// Since when it points where it does, as the vendor told.
    pub moments: &'a [ToldMoment],
    /// What it pointed at before, as the vendor's history told, oldest first.
    pub past: &'a [PastTag],
}

/// Makes the timeline of a tag from all that is known of it. `aged` tells how old a commit is.
pub(super) fn merge(known: &Known<'_>, aged: impl Fn(&Digest) -> Option<Age>) -> Vec<Entry> {
    let seen_here = known.periods;
    let active = seen_here
        .last()
        .filter(|period| period.ended_at.is_none())
        .map(|period| &period.digest);
    let facts = seen(seen_here)
        .chain(commit_tags(known.named))
        .chain(imported(known.imported))
        .chain(by_vendor(known.moments, seen_here))
        .chain(by_history(known.past));
    timeline::merge(facts, active, aged)
}

/// A period, of whichever computer.
struct Span<'a> {
    digest: &'a Digest,
    first_seen: i64,
    last_seen: i64,
    ended_at: Option<i64>,
    /// The next period of the same tag and computer is of another commit.
    followed: bool,
}

impl Span<'_> {
    /// Tells when the period was first, when last, and when the tag was gone.
    fn facts(
        &self,
        began: FactKind,
        then: &FactKind,
        order: Option<i64>,
    ) -> impl Iterator<Item = Fact> + use<> {
        let commit = Commit::Whole(self.digest.clone());
        let first = Fact {
            at: self.first_seen,
            commit: commit.clone(),
            kind: began,
            order,
        };
        let last = (self.last_seen > self.first_seen).then(|| Fact {
            at: self.last_seen,
            commit,
            kind: then.clone(),
            order,
        });
        // Where the next period is of the same commit, or there is none, the tag itself was gone in between.
        let gone = self.ended_at.filter(|_| !self.followed).map(|at| Fact {
            at,
            commit: Commit::Nothing,
            kind: then.clone(),
            order: order.map(|order| order + 1),
        });
        [Some(first), last, gone].into_iter().flatten()
    }
}

/// Tells what this computer saw and did; the periods of one tag, oldest first.
pub(super) fn seen(periods: &[Period]) -> impl Iterator<Item = Fact> + '_ {
    periods.iter().enumerate().flat_map(|(index, period)| {
        let next = periods.get(index + 1);
        let began = if period.exact {
            FactKind::DoneHere {
                who: period.who.clone(),
            }
        } else {
            FactKind::SeenHere {
                first: !period.changed,
            }
        };
        let span = Span {
            digest: &period.digest,
            first_seen: period.first_seen,
            last_seen: period.last_seen,
            ended_at: period.ended_at,
            followed: next.is_some_and(|next| next.digest != period.digest),
        };
        let order = Some(period.id.saturating_mul(2));
        span.facts(began, &FactKind::SeenHere { first: false }, order)
    })
}

/// Tells what other computers saw and did; the records of one tag, in order of origin and number.
pub(super) fn imported(records: &[Record]) -> impl Iterator<Item = Fact> + '_ {
    let mut first_of: HashMap<&str, i64> = HashMap::new();
    for record in records {
        first_of.entry(&record.origin).or_insert(record.number);
    }
    records.iter().enumerate().flat_map(move |(index, record)| {
        let next = records
            .get(index + 1)
            .filter(|next| next.origin == record.origin);
        let began = FactKind::Imported {
            exact: record.exact,
            first: first_of.get(record.origin.as_str()) == Some(&record.number),
            who: record.who.clone(),
        };
        let then = FactKind::Imported {
            exact: false,
            first: false,
            who: None,
        };
        let span = Span {
            digest: &record.digest,
            first_seen: record.first_seen,
            last_seen: record.last_seen,
            ended_at: record.ended_at,
            followed: next.is_some_and(|next| next.digest != record.digest),
        };
        span.facts(began, &then, None)
    })
}

/// Tells since when a tag pointed at commits that this computer saw there, as the registry's vendor told. What was never seen there
/// may be a decoy of another computer's, and is nobody's commit on a vendor's word alone.
pub(super) fn by_vendor<'a>(
    moments: &'a [ToldMoment],
    seen_here: &'a [Period],
) -> impl Iterator<Item = Fact> + 'a {
    let was_seen = |told: &&ToldMoment| {
        let mut seen = seen_here.iter();
        seen.any(|period| period.digest == told.digest)
    };
    moments.iter().filter(was_seen).map(|told| Fact {
        at: told.began,
        commit: Commit::Whole(told.digest.clone()),
        kind: FactKind::Vendor {
            who: told.who.clone(),
        },
        order: None,
    })
}

/// Returns the place within its second of what was over before that second was: before all that lasted longer.
fn over_at_once(told: &PastTag, index: usize) -> Option<i64> {
    let is_over = told.ended.is_some_and(|ended| ended <= told.began);
    let index = i64::try_from(index).unwrap_or(i64::MAX);
    is_over.then(|| i64::MIN.saturating_add(index))
}

/// Tells what a vendor's own history says of one tag, oldest first: it is believed also of what this computer never saw.
pub(super) fn by_history(past: &[PastTag]) -> impl Iterator<Item = Fact> + '_ {
    past.iter().enumerate().flat_map(|(index, told)| {
        // Within one second: after what was seen here, in the vendor's own order.
        let after = i64::try_from(index).ok().map(|index| i64::MAX / 2 + index);
        let order = over_at_once(told, index).or(after);
        let began = Fact {
            at: told.began,
            commit: Commit::Whole(told.digest.clone()),
            kind: FactKind::Vendor {
                who: told.who.clone(),
            },
            order,
        };
        let next = past.get(index + 1).map(|next| next.began);
        // Where the next one begins as this one ends, it took its place; else the tag itself was gone in between.
        let ended = told.ended.filter(|at| *at > told.began);
        let gone = ended.filter(|at| next.is_none_or(|next| next > *at));
        let gone = gone.map(|at| Fact {
            at,
            commit: Commit::Nothing,
            kind: FactKind::Vendor { who: None },
            order,
        });
        [Some(began), gone].into_iter().flatten()
    })
}

/// Tells what the commit tags of a tag say.
pub(super) fn commit_tags(named: &[Named]) -> impl Iterator<Item = Fact> + '_ {
    named.iter().filter_map(|named| {
        let Named { name, digest, .. } = named;
        let standing = named.standing();
        let commit = match (digest, standing) {
            (Some(digest), _) if name.matches(digest) => Commit::Whole(digest.clone()),
            // Nobody believes one that lied; once it is gone there is nothing left to show of it.
            (Some(_), Standing::Gone) => return None,
            (Some(_), Standing::Shown) => Commit::Lie(name.clone()),
            // Who put one there after another was gone may have put anything there.
            (Some(_), Standing::Listed) | (None, _) => Commit::Start(name.digits.clone()),
        };
        Some(Fact {
            at: name.at.0,
            commit,
            kind: FactKind::CommitTag {
                name: name.clone(),
                standing,
            },
            order: None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where two pushes came within one second, the one that was over then is the older, whatever the digests are.
    #[test]
    fn of_one_second_what_was_over_at_once_is_the_older() {
        let digests = [[1], [2]].map(|bytes| Digest::sha256_of(&bytes));
        for [old, new] in [[0, 1], [1, 0]] {
            let moment = |digest: usize, ended| PastTag {
                tag: "v1".to_owned(),
                digest: digests[digest].clone(),
                began: 100,
                ended,
                who: None,
                restorable_until: None,
            };
            for past in [
                [moment(old, Some(100)), moment(new, None)],
                [moment(new, None), moment(old, Some(100))],
            ] {
                let entries = timeline::merge(by_history(&past), Some(&digests[new]), |_| None);
                let commits: Vec<_> = entries.iter().map(|entry| &entry.commit).collect();
                let wanted = [new, old].map(|at| Commit::Whole(digests[at].clone()));
                assert_eq!(commits, wanted.iter().collect::<Vec<_>>());
                assert!(entries[0].active && !entries[1].active);
            }
        }
    }
}
