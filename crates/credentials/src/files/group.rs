//! The keys of a configuration, gathered by the registry they are for, and which of them is the one to use.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::auth::{Auth, Spoiled};
use super::config::Config;
use super::key::{Program, host_of};
use crate::helper::HelperName;
use crate::{Credential, TOKEN_USER};

/// The most keys of one registry that are looked at.
const KEYS: usize = 16;

/// How well a key names its registry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The program looks for it.
    Asked,
    /// The program takes it where the other isn't there.
    Taken,
    /// It means that registry, and the program doesn't see it.
    Other,
}

struct Key<'c> {
    rank: Rank,
    text: &'c str,
    auth: Option<&'c Auth>,
}

/// All keys of one registry, or of one part of it; the best first.
pub(super) struct Group<'c> {
    pub(super) host: String,
    pub(super) namespace: Option<&'c str>,
    keys: Vec<Key<'c>>,
}

/// What there is to be read.
pub(super) struct Kept {
    pub(super) helper: Option<HelperName>,
    pub(super) has_secret: bool,
    /// Whether the secret is a token that stands for whoever it was given to.
    is_token: bool,
}

/// The key to use.
pub(super) struct Best<'g> {
    pub(super) key: &'g str,
    pub(super) kept: Kept,
    /// The user that may be shown.
    pub(super) user: Option<String>,
}

impl Kept {
    const NOTHING: Self = Self {
        helper: None,
        has_secret: false,
        is_token: false,
    };

    pub(super) fn with(helper: &str) -> Self {
        let helper = HelperName::parse(helper).ok();
        Self {
            has_secret: helper.is_some(),
            helper,
            is_token: false,
        }
    }

    /// What can't be read is there nevertheless, and said when it is used.
    pub(super) fn in_entry(
        auth: Option<&Auth>,
        read: fn(&Auth) -> Result<Option<Credential>, Spoiled>,
    ) -> Self {
        let read = auth.map_or(Ok(None), read);
        Self {
            helper: None,
            has_secret: !matches!(read, Ok(None)),
            is_token: matches!(&read, Ok(Some(credential)) if credential.user == TOKEN_USER),
        }
    }

    /// Tells whether its key need not name the user: a helper and a token know whose they are.
    fn may_name_nobody(&self) -> bool {
        self.helper.is_some() || self.is_token
    }
}

/// Gathers the keys of a configuration by what they are for, in order.
pub(super) fn groups<'c>(config: &'c Config<'_>, program: Program, most: usize) -> Vec<Group<'c>> {
    let entries = config.entries().map(|(key, auth)| (key, Some(auth)));
    let helpers = config.keys_with_helper().map(|key| (key, None));
    let mut groups: BTreeMap<(String, Option<&str>), Vec<Key<'c>>> = BTreeMap::new();
    for (text, auth) in entries.chain(helpers) {
        let Some(host) = host_of(text) else { continue };
        let namespace = program.namespace(text);
        if namespace.is_some() && auth.is_none() && config.entry(text).is_none() {
            // Helpers are for whole registries.
            continue;
        }
        let asked = program.asked(&host);
        let rank = if namespace.is_some() || text == asked {
            Rank::Asked
        } else if program.takes(text, asked) {
            Rank::Taken
        } else {
            Rank::Other
        };
        let has_room = groups.len() < most;
        let keys = match groups.entry((host, namespace)) {
            Entry::Vacant(_) if !has_room => continue,
            entry => entry.or_default(),
        };
        if (keys.len() < KEYS || rank == Rank::Asked) && !keys.iter().any(|key| key.text == text) {
            keys.push(Key { rank, text, auth });
        }
    }
    let sorted = |((host, namespace), mut keys): (_, Vec<Key<'c>>)| {
        keys.sort_by_key(|key| key.rank);
        Group {
            host,
            namespace,
            keys,
        }
    };
    groups.into_iter().map(sorted).collect()
}

impl Group<'_> {
    /// Leaves the keys by which something of use is kept, for a program that looks by exact keys alone. Tells whether there
    /// are any.
    pub(super) fn keep_exact(&mut self, is_of_use: impl Fn(&Auth) -> bool) -> bool {
        self.keys.retain(|key| key.auth.is_some_and(&is_of_use));
        for key in &mut self.keys {
            if key.rank == Rank::Taken {
                key.rank = Rank::Other;
            }
        }
        !self.keys.is_empty()
    }

    /// Returns the key to use, and what is kept by it: the one that the program looks for, where there is anything; else the
    /// next that has something. The user is that key's. Where a helper or a token signs in and it names none, another key
    /// of the registry may.
    pub(super) fn best(
        &self,
        program: Program,
        kept: impl Fn(&str, Option<&Auth>) -> Kept,
    ) -> Best<'_> {
        let asked = program.asked(&self.host);
        let seen = self.keys.first().filter(|key| key.rank < Rank::Other);
        let by_host = seen.filter(|_| self.namespace.is_none());
        let by_host = by_host.map(|key| (asked, key.auth));
        let each = self.keys.iter().map(|key| (key.text, key.auth));
        let mut all = by_host
            .into_iter()
            .chain(each)
            .map(|(key, auth)| (key, auth, kept(key, auth)));
        let (key, auth, kept) = match all.next() {
            Some(best) if best.2.has_secret => best,
            Some(best) => all.find(|(.., kept)| kept.has_secret).unwrap_or(best),
            None => (asked, None, Kept::NOTHING),
        };
        let mut user = auth.and_then(Auth::user);
        if user.is_none() && kept.may_name_nobody() {
            user = self.keys.iter().find_map(|key| key.auth?.user());
        }
        Best { key, kept, user }
    }
}
