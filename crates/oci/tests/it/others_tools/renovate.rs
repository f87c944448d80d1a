//! Renovate's versionings. From the tags that one of them can read, fit to the current one and are newer, it
//! proposes the last once they are in order; equal ones stay as the registry listed them.

use super::versions::coerced;
use super::{Field, Verdict};
use regex::Regex;
use std::cmp::Ordering;

/// What a versioning does.
trait Versioning {
    type Version;
    fn read(&self, tag: &str) -> Option<Self::Version>;
    fn order(&self, a: &Self::Version, b: &Self::Version) -> Ordering;
    fn fits(&self, _version: &Self::Version, _current: &Self::Version) -> bool {
        true
    }
}

fn propose<V: Versioning>(field: &Field, versioning: &V) -> Verdict {
    field.choice(|field| {
        let current = versioning.read(&field.current).unwrap();
        let mut newer: Vec<(V::Version, &str)> = field
            .names()
            .into_iter()
            .filter_map(|name| Some((versioning.read(name)?, name)))
            .filter(|(version, _)| versioning.fits(version, &current))
            .filter(|(version, _)| versioning.order(version, &current) == Ordering::Greater)
            .collect();
        newer.sort_by(|a, b| versioning.order(&a.0, &b.0));
        newer.pop().map(|(_, name)| name.to_owned())
    })
}

fn is_commit_hash(tag: &str) -> bool {
    (7..=40).contains(&tag.len())
        && tag
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        && !tag.bytes().all(|b| b.is_ascii_digit())
}

fn numbers(text: &str) -> Option<Vec<u64>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// `docker`, its default: numbers, a word, and a suffix after the first dash that never changes.
pub fn docker(field: &Field) -> Verdict {
    propose(field, &Docker)
}

struct Docker;

impl Versioning for Docker {
    type Version = (Vec<u64>, String, String);

    fn read(&self, tag: &str) -> Option<Self::Version> {
        if is_commit_hash(tag) {
            return None;
        }
        let tag = tag.strip_prefix('v').unwrap_or(tag);
        let (version, suffix) = tag.split_once('-').unwrap_or((tag, ""));
        let pattern = Regex::new(r"^(?<version>\d+(?:\.\d+)*)(?<prerelease>\w*)$").unwrap();
        let found = pattern.captures(version)?;
        let prerelease = found["prerelease"].to_owned();
        Some((numbers(&found["version"])?, prerelease, suffix.to_owned()))
    }

    fn order(&self, a: &Self::Version, b: &Self::Version) -> Ordering {
        // A prerelease is less than none.
        let stable = |text: &str| text.is_empty();
        a.0.cmp(&b.0)
            .then(stable(&a.1).cmp(&stable(&b.1)))
            .then(a.1.cmp(&b.1))
    }

    fn fits(&self, version: &Self::Version, current: &Self::Version) -> bool {
        version.2 == current.2 && version.0.len() == current.0.len()
    }
}

/// `loose`: numbers, and anything after them.
pub fn loose(field: &Field) -> Verdict {
    propose(field, &Loose)
}

struct Loose;

impl Versioning for Loose {
    type Version = (Vec<u64>, String);

    fn read(&self, tag: &str) -> Option<Self::Version> {
        if is_commit_hash(tag) {
            return None;
        }
        let pattern = Regex::new(r"^[vV]?(\d+(?:\.\d+)*)(.*)$").unwrap();
        let found = pattern.captures(tag)?;
        let release = numbers(&found[1]).filter(|release| release.len() <= 6)?;
        Some((release, found[2].to_owned()))
    }

    fn order(&self, a: &Self::Version, b: &Self::Version) -> Ordering {
        let suffixes = match (a.1.is_empty(), b.1.is_empty()) {
            (false, false) => a.1.cmp(&b.1),
            (a, b) => a.cmp(&b),
        };
        a.0.cmp(&b.0).then(suffixes)
    }
}

/// `regex` with a pattern that does not hold to the end of the tag.
pub fn regex_open_at_the_end(field: &Field) -> Verdict {
    propose(
        field,
        &Pattern(r"^(?<major>\d+)\.(?<minor>\d+)\.(?<patch>\d+)"),
    )
}

/// `regex` with a pattern that holds to neither end.
pub fn regex_open_at_both_ends(field: &Field) -> Verdict {
    propose(
        field,
        &Pattern(r"(?<major>\d+)\.(?<minor>\d+)\.(?<patch>\d+)"),
    )
}

struct Pattern(&'static str);

impl Versioning for Pattern {
    type Version = Vec<u64>;

    fn read(&self, tag: &str) -> Option<Self::Version> {
        let found = Regex::new(self.0).unwrap().captures(tag)?;
        let part = |name: &str| found[name].parse().ok();
        Some(vec![part("major")?, part("minor")?, part("patch")?])
    }

    fn order(&self, a: &Self::Version, b: &Self::Version) -> Ordering {
        a.cmp(b)
    }
}

/// `semver-coerced`: the first thing in the tag that looks like a version.
pub fn semver_coerced(field: &Field) -> Verdict {
    propose(field, &Coerced)
}

struct Coerced;

impl Versioning for Coerced {
    type Version = semver::Version;

    fn read(&self, tag: &str) -> Option<Self::Version> {
        coerced(tag)
    }

    fn order(&self, a: &Self::Version, b: &Self::Version) -> Ordering {
        a.cmp(b)
    }
}
