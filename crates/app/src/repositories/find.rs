//! Finds repositories and tags by a part of their name, over all that is cached, whosever registry it is from. Nothing is
//! asked.
//!
//! There are two ways. What begins as it was typed is looked up in an index and is there at once. What has it somewhere
//! inside is found by a walk over all names, which the window asks for after the first answer.

use super::fit::Typed;
use super::room::Repositories;
use crate::view::find::{Fit, FoundName};
use crate::view::problem::Problem;
use oci::RepositoryName;
use std::collections::{BTreeSet, HashSet};
use store::{Account, NamedTag, Place, Store};

/// What was typed beyond this is not looked at.
const TYPED: usize = 200;
/// How many repositories, and how many tags, are handed over.
const MOST: usize = 24;
/// How many are taken from an index, of which the best are handed over.
const FROM_INDEX: u32 = 96;
/// How many repositories are looked into for a tag that was typed behind their name.
const LOOKED_INTO: usize = 12;
/// How many names a walk reads of each kind.
const WALKED: u32 = 400_000;

impl Repositories {
    /// Finds what answers to the typed text, the best first: what begins so or, for the `whole` answer, what has it inside
    /// as well.
    pub async fn find(&self, typed: String, whole: bool) -> Result<Vec<FoundName>, Problem> {
        self.ground
            .db(move |store| {
                let accounts = store.accounts()?;
                let (typed, only) = bare(&typed, &accounts);
                Search {
                    store,
                    accounts: &accounts,
                    only,
                    whole,
                }
                .all(&typed)
            })
            .await
    }
}

/// Takes away what stands around a name where it was pasted: `docker pull`, the host. Returns the account that the host
/// names.
fn bare(typed: &str, accounts: &[Account]) -> (String, Option<i64>) {
    let typed: String = typed.chars().take(TYPED).collect();
    let typed = typed.trim();
    let typed = ["docker pull ", "podman pull ", "https://", "http://"]
        .iter()
        .fold(typed, |rest, before| {
            rest.strip_prefix(before).unwrap_or(rest).trim_start()
        });
    let named = accounts.iter().find_map(|account| {
        let rest = typed.strip_prefix(account.host.as_str())?;
        Some((rest.strip_prefix('/')?.to_owned(), Some(account.id)))
    });
    named.unwrap_or_else(|| (typed.to_owned(), None))
}

struct Search<'a> {
    store: &'a Store,
    accounts: &'a [Account],
    /// The one account whose names are looked for, where its host was typed.
    only: Option<i64>,
    whole: bool,
}

/// A repository that was found. Ordered as it is shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    fit: Fit,
    length: usize,
    name: String,
    account: i64,
}

/// The best of what was shown so far, no more than so many.
struct Best<T> {
    most: usize,
    all: BTreeSet<T>,
}

impl<T: Ord> Best<T> {
    fn new(most: usize) -> Self {
        Self {
            most,
            all: BTreeSet::new(),
        }
    }

    fn add(&mut self, one: T) {
        self.all.insert(one);
        if self.all.len() > self.most {
            self.all.pop_last();
        }
    }

    /// Tells whether nothing of this fit would be among the best any more.
    fn is_full_of(&self, better: impl Fn(&T) -> bool) -> bool {
        self.all.len() == self.most && self.all.last().is_some_and(better)
    }
}

impl Search<'_> {
    fn all(&self, typed: &str) -> Result<Vec<FoundName>, store::Error> {
        let words = Typed::new(typed);
        let (name, tag) = match typed.rsplit_once(':') {
            Some((name, tag)) => (name.to_owned(), Some(tag.trim().to_lowercase())),
            None => (typed.to_owned(), None),
        };
        let repositories = self.repositories(&name, MOST)?;
        let mut found: Vec<FoundName> = match tag {
            None => repositories.iter().map(found_repository).collect(),
            // A tag was typed: its repository is no answer to that.
            Some(_) => Vec::new(),
        };
        let mut tags = match (&tag, words.parted()) {
            (Some(tag), _) => self.tags_of(&repositories, tag)?,
            (None, Some((first, last))) => {
                self.tags_of(&self.repositories(&first, LOOKED_INTO)?, last)?
            }
            (None, None) => self.tags(&words)?,
        };
        tags.truncate(MOST);
        found.append(&mut tags);
        Ok(found)
    }

    fn repositories(&self, typed: &str, most: usize) -> Result<Vec<Hit>, store::Error> {
        let words = Typed::new(typed);
        let mut best = Best::new(most);
        let mut see = |account: i64, name: &str| {
            if self.only.is_some_and(|only| only != account) {
                return;
            }
            if let Some(fit) = words.fit(name) {
                best.add(Hit {
                    fit,
                    length: name.len(),
                    name: name.to_owned(),
                    account,
                });
            }
        };
        // Of several words the last is most likely the name.
        let start = words.parted().map(|(_, last)| last).or(words.only());
        if let Some(start) = start {
            for each in self.store.repositories_ending_in(start, FROM_INDEX)? {
                see(each.account, &each.name);
            }
            for account in self.accounts {
                let found = self
                    .store
                    .repositories_beginning(account.id, start, FROM_INDEX)?;
                for each in &found {
                    see(each.account, &each.name);
                }
            }
        }
        if self.whole {
            self.store.each_repository(WALKED, see)?;
        }
        Ok(best.all.into_iter().collect())
    }

    /// Returns the tags of these repositories that begin so.
    fn tags_of(&self, repositories: &[Hit], start: &str) -> Result<Vec<FoundName>, store::Error> {
        let mut found = Vec::new();
        for hit in repositories.iter().take(LOOKED_INTO) {
            let Some(place) = self.place(hit) else {
                continue;
            };
            let names = self.store.tags_of_beginning(&place, start, FROM_INDEX)?;
            found.extend(names.into_iter().map(|name| FoundName {
                fit: hit.fit.max(fit_of_start(&name, start)),
                tag: Some(name),
                ..found_repository(hit)
            }));
        }
        // Stable: within a fit the better repository stays first.
        found.sort_by_key(|each| each.fit);
        Ok(found)
    }

    /// Returns the tags of any repository that answer.
    fn tags(&self, words: &Typed) -> Result<Vec<FoundName>, store::Error> {
        let Some(start) = words.only() else {
            return Ok(Vec::new());
        };
        let mut found: Vec<FoundName> = Vec::new();
        for tag in self.store.tags_beginning(start, FROM_INDEX)? {
            found.extend(self.found_tag(&tag, fit_of_start(&tag.name, start)));
        }
        found.sort_by(|a, b| {
            (a.fit, a.tag.as_ref().map(String::len)).cmp(&(b.fit, b.tag.as_ref().map(String::len)))
        });
        if !self.whole || found.len() >= MOST {
            return Ok(found);
        }
        let known: HashSet<(String, Option<String>)> = found
            .iter()
            .map(|each| (each.repository.clone(), each.tag.clone()))
            .collect();
        let mut best: Best<(Fit, usize, String, i64)> = Best::new(MOST);
        self.store.each_tag(WALKED, |number, name| {
            let full =
                best.is_full_of(|(fit, length, ..)| *fit <= Fit::Word && *length <= name.len());
            if let Some(fit) = words.fit(name).filter(|fit| !full && *fit > Fit::Beginning) {
                best.add((fit, name.len(), name.to_owned(), number));
            }
        })?;
        for (fit, _, name, number) in best.all {
            let tag = self.store.tag_at(number, &name)?;
            let tag = tag.and_then(|tag| self.found_tag(&tag, fit));
            found.extend(
                tag.filter(|tag| !known.contains(&(tag.repository.clone(), tag.tag.clone()))),
            );
        }
        Ok(found)
    }

    fn place(&self, hit: &Hit) -> Option<Place> {
        let account = self.accounts.iter().find(|each| each.id == hit.account)?;
        Some(Place {
            host: account.host.clone(),
            repository: RepositoryName::parse(&hit.name).ok()?,
        })
    }

    /// Returns a tag as one of the first account that may ask for it; none where its registry was removed.
    fn found_tag(&self, tag: &NamedTag, fit: Fit) -> Option<FoundName> {
        let there = store::accounts_for(self.accounts, &tag.place);
        let mut may = there.iter();
        let account = may.find(|each| self.only.is_none_or(|only| only == each.id))?;
        Some(FoundName {
            account: account.id.to_string(),
            repository: tag.place.repository.as_str().to_owned(),
            tag: Some(tag.name.clone()),
            fit,
        })
    }
}

fn found_repository(hit: &Hit) -> FoundName {
    FoundName {
        account: hit.account.to_string(),
        repository: hit.name.clone(),
        tag: None,
        fit: hit.fit,
    }
}

/// Tells how a name that begins so answers.
fn fit_of_start(name: &str, start: &str) -> Fit {
    if name.eq_ignore_ascii_case(start) {
        Fit::Exact
    } else {
        Fit::Beginning
    }
}
