//! What is known of how a registry answers to HEAD for manifests: whether it is worth asking, and whether its "not there" is true.
//!
//! HEAD is cheap, and not served everywhere: gateways refuse it, answer 404 to it, or leave the digest out. GET decides then, and
//! what was learnt holds for the whole registry, so that a list of a thousand tags is not asked for twice. A "not there" is believed
//! of a registry that was found honest, but never of what was there when it was last asked for. Not here: the asking (`manifests`).
//! Grows by another way in which HEAD differs from GET.

use oci::{Digest, RepositoryName, Tag};
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::BuildHasher as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// For how long GET is asked instead, before HEAD is tried again: gateways are mended now and then.
const USELESS: Duration = Duration::from_hours(1);
/// For how long no "not there" of HEAD is believed once GET has found what HEAD said is not there.
const DOUBTFUL: Duration = Duration::from_hours(1);
/// How often GET has to say the same where HEAD has never found anything.
const OFTEN: u32 = 3;
/// How much is remembered of what was there.
const REMEMBERED: usize = 1 << 16;

/// What one registry's answers to HEAD have shown.
#[derive(Default)]
pub(crate) struct Heads {
    known: Mutex<Known>,
    hasher: RandomState,
}

#[derive(Default)]
struct Known {
    /// Until when HEAD is not asked.
    useless_until: Option<Instant>,
    /// HEAD has found something.
    found: bool,
    /// How often GET said too that something is not there.
    agreed: u32,
    /// Of what the last answer to HEAD was odd, where no honest one came since.
    odd: Option<u64>,
    /// Until when no "not there" is believed: GET has found what HEAD said is not there.
    doubted_until: Option<Instant>,
    /// GET was refused as HEAD was.
    refused_alike: bool,
    /// What was there when it was last asked for.
    there: HashSet<u64>,
    /// What HEAD said that tags point at.
    promised: HashMap<Digest, (RepositoryName, Tag)>,
}

impl Heads {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a short form of what was asked for.
    fn key(&self, repository: &RepositoryName, at: &impl Display) -> u64 {
        self.hasher.hash_one((repository, at.to_string()))
    }

    /// Tells whether HEAD is worth asking.
    pub(crate) fn are_useful(&self) -> bool {
        let until = self.known().useless_until;
        until.is_none_or(|until| until <= Instant::now())
    }

    /// Notes that GET has to be asked instead: HEAD tells something else than GET.
    pub(crate) fn are_useless(&self) {
        self.known().useless_until = Some(Instant::now() + USELESS);
    }

    /// Notes that HEAD was refused, or did not tell what GET told. Where that was so of something else just before, GET is asked
    /// instead from now on.
    pub(crate) fn was_odd(&self, repository: &RepositoryName, at: &impl Display) {
        let key = self.key(repository, at);
        let before = self.known().odd.replace(key);
        if before.is_some_and(|before| before != key) {
            self.are_useless();
        }
    }

    /// Notes that HEAD has found something, and told it as GET would.
    pub(crate) fn found(&self, repository: &RepositoryName, at: &impl Display) {
        self.is_there(repository, at);
        let mut known = self.known();
        known.found = true;
        known.odd = None;
    }

    /// Notes that a list was had whole: a doubt about what is not there ends, and GET has to say the same anew before HEAD is
    /// believed again.
    pub(crate) fn were_listed_whole(&self) {
        let mut known = self.known();
        if known.doubted_until.take().is_some() {
            known.agreed = 0;
        }
    }

    /// Notes what HEAD said that a tag points at.
    pub(crate) fn promise(&self, repository: &RepositoryName, tag: &Tag, digest: &Digest) {
        let mut known = self.known();
        if known.promised.len() >= REMEMBERED {
            known.promised.clear();
        }
        let promised = (repository.clone(), tag.clone());
        known.promised.insert(digest.clone(), promised);
    }

    /// Notes that something is there, whoever was asked.
    pub(crate) fn is_there(&self, repository: &RepositoryName, at: &impl Display) {
        let key = self.key(repository, at);
        let mut known = self.known();
        if known.there.len() >= REMEMBERED {
            known.there.clear();
        }
        known.there.insert(key);
    }

    /// Tells whether it is believed of HEAD alone that something is not there.
    pub(crate) fn may_say_gone(&self, repository: &RepositoryName, at: &impl Display) -> bool {
        let key = self.key(repository, at);
        let known = self.known();
        let enough = if known.found { 1 } else { OFTEN };
        let doubted = known
            .doubted_until
            .is_some_and(|until| until > Instant::now());
        !doubted && known.agreed >= enough && !known.there.contains(&key)
    }

    /// Notes that GET said too that something is not there.
    pub(crate) fn agreed(&self, repository: &RepositoryName, at: &impl Display) {
        let key = self.key(repository, at);
        let mut known = self.known();
        known.agreed = known.agreed.saturating_add(1);
        known.there.remove(&key);
    }

    /// Notes that GET has found what HEAD said is not there. Where HEAD has never found anything, that is odd.
    pub(crate) fn lied(&self, repository: &RepositoryName, at: &impl Display) {
        let never_found = {
            let mut known = self.known();
            known.doubted_until = Some(Instant::now() + DOUBTFUL);
            !known.found
        };
        if never_found {
            self.was_odd(repository, at);
        }
    }

    /// Tells whether a refusal may be one of HEAD alone: until GET was refused alike.
    pub(crate) fn may_be_refused_alone(&self) -> bool {
        !self.known().refused_alike
    }

    /// Notes that GET was refused as HEAD was.
    pub(crate) fn refused_alike(&self) {
        self.known().refused_alike = true;
    }

    /// Returns the tag that was said by HEAD to point at a digest, once.
    pub(crate) fn promised(&self, repository: &RepositoryName, digest: &Digest) -> Option<Tag> {
        let (of, tag) = self.known().promised.remove(digest)?;
        (of == *repository).then_some(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_head_said_of_tags_is_known_of_each_and_told_once() {
        let (heads, name) = (Heads::default(), RepositoryName::parse("a").unwrap());
        let tags = ["v1", "v2"].map(|tag| Tag::parse(tag).unwrap());
        let digests = ["one", "two"].map(|text| Digest::sha256_of(text.as_bytes()));
        for (tag, digest) in tags.iter().zip(&digests) {
            heads.promise(&name, tag, digest);
        }
        for (tag, digest) in tags.iter().zip(&digests) {
            assert_eq!(heads.promised(&name, digest).as_ref(), Some(tag));
            assert_eq!(heads.promised(&name, digest), None);
        }
        heads.promise(&name, &tags[0], &digests[0]);
        let other = RepositoryName::parse("b").unwrap();
        assert_eq!(heads.promised(&other, &digests[0]), None);
    }
}
