//! Since when what is in a registry is there, as a server knows it: what is there at the first question was pushed a minute apart,
//! long before; what came since, just now.

use crate::scripted::Hand;
use std::collections::BTreeMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How long before the first question what was there by then was pushed (seconds).
const BEFORE: i64 = 30 * 86_400;

/// When each tag and each manifest was pushed.
#[derive(Default)]
pub(super) struct Pushes {
    began: bool,
    tags: BTreeMap<(String, String), (String, i64)>,
    manifests: BTreeMap<(String, String), i64>,
}

impl Pushes {
    /// Notices what came since the last time in these repositories.
    pub(super) fn notice(&mut self, hand: &Hand, repositories: &[String]) {
        let now = now();
        let mut at = if self.began { now } else { now - BEFORE };
        for repository in repositories {
            for (tag, digest) in hand.tags(repository).unwrap_or_default() {
                let key = (repository.clone(), tag);
                let known = self.tags.get(&key);
                if known.is_none_or(|(known, _)| *known != digest) {
                    self.tags.insert(key, (digest.clone(), at));
                    let key = (repository.clone(), digest);
                    self.manifests.entry(key).or_insert(at);
                    at += if self.began { 0 } else { 60 };
                }
            }
            for digest in hand.digests(repository) {
                let key = (repository.clone(), digest);
                self.manifests.entry(key).or_insert(at);
            }
        }
        self.began = true;
    }

    /// Returns since when a tag points where it does (seconds, UTC).
    pub(super) fn of_tag(&self, repository: &str, tag: &str) -> Option<i64> {
        let key = (repository.to_owned(), tag.to_owned());
        self.tags.get(&key).map(|(_, at)| *at)
    }

    /// Returns when a manifest was uploaded (seconds, UTC).
    pub(super) fn of_manifest(&self, repository: &str, digest: &str) -> Option<i64> {
        let key = (repository.to_owned(), digest.to_owned());
        self.manifests.get(&key).copied()
    }
}

/// Returns this computer's time (seconds, UTC).
pub(super) fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// Writes a time as RFC 3339 has it.
pub(super) fn time(at: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(&Rfc3339).unwrap_or_default()
}
