//! What a vendor's own interface adds to the lists: the repositories in place of the catalog, and what tags point at.
//!
//! What it tells of tags stands for a HEAD and a manifest each, or only says since when what a HEAD showed is so. A list of
//! repositories that it refuses is the catalog's. Not here: the lists themselves (`lists`), and where the names of tags come from
//! (`tag_names`).

use super::lists::Listed;
use super::room::Repositories;
use crate::accounts::{Lesson, Remote, Session};
use crate::ground::Parts;
use crate::history::{TagRecords, ToldTime, marks};
use crate::view::events::{AppEvent, Stale};
use crate::view::problem::Problem;
use crate::words;
use registry::{REPOSITORIES_MOST, TAGS_MOST};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::{Place, ToldRepository};
use vendors::{TagFact, TagPush, TagTold, Walk};

/// How often a list of repositories is read that changed while it was.
const TRIES: usize = 2;
/// How many pages are asked for of one repository's tags, the newest first: what lies further down is asked for when it is seen.
const PAGES: usize = 20;

/// What a vendor tells of a repository's tags, as it comes.
#[derive(Default)]
pub(super) struct TagsTold {
    walk: Walk,
    pages: usize,
    /// It tells no more.
    has_ended: bool,
    /// What was told of tags that no page of the list has named yet.
    waiting: HashMap<String, (TagTold, ToldTime)>,
    /// The tags of the page that came last, in its order.
    last: Vec<String>,
    /// The tags that were shown before the registry had named them.
    pub shown: Vec<String>,
}

impl TagsTold {
    /// Tells whether it needs more than this many pages, as far as its first one says.
    pub fn is_longer_than(&self, pages: usize) -> bool {
        self.walk.is_longer_than(pages)
    }

    /// Counts the pages that came.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Tells whether it has ended and all of it came.
    pub fn is_whole(&self) -> bool {
        self.pages > 0 && self.walk.is_whole()
    }

    /// Tells whether it may still come whole.
    pub fn may_be_whole(&self) -> bool {
        self.pages > 0 && self.walk.may_be_whole()
    }

    /// Returns the tags of the page that came last, in its order.
    pub fn last(&self) -> Vec<String> {
        self.last.clone()
    }

    /// Returns the tags that were told of and not taken.
    pub fn named(&self) -> Vec<String> {
        self.waiting.keys().cloned().collect()
    }

    /// Returns what is told of these tags, and keeps it.
    pub fn of(&self, tags: &[String]) -> Vec<(TagTold, ToldTime)> {
        let told = tags.iter().filter_map(|tag| self.waiting.get(tag));
        told.cloned().collect()
    }

    /// Takes what is told of these tags.
    pub fn take(&mut self, tags: &[String]) -> Vec<(TagTold, ToldTime)> {
        let told = tags.iter().filter_map(|tag| self.waiting.remove(tag));
        told.collect()
    }
}

impl Repositories {
    /// Lists the repositories of an account as its vendor's own interface does; none where it doesn't.
    pub(super) async fn list_as_told(&self, session: &Session) -> Result<Option<Listed>, Problem> {
        self.kinds.recognise(session).await;
        if self.kinds.lists_whole(session).await != Some(true) {
            return Ok(None);
        }
        for _ in 1..TRIES {
            let listed = self.list_once(session).await?;
            if !matches!(listed, Some(Listed::InPart)) {
                return Ok(listed);
            }
        }
        self.list_once(session).await
    }

    /// Adds what a vendor's own list tells of repositories that the registry's own has just named; nothing where it doesn't.
    pub(super) async fn add_told(
        &self,
        session: &Session,
        listed: &[String],
    ) -> Result<(), Problem> {
        if self.kinds.lists_whole(session).await != Some(false) {
            return Ok(());
        }
        let (id, began) = (session.account.id, self.ground.now());
        let named: HashSet<&str> = listed.iter().map(String::as_str).collect();
        let mut walk = Walk::new();
        while let Some(at) = walk.at().cloned() {
            let Some(page) = self.kinds.repositories(session, &at).await? else {
                return Ok(());
            };
            let told = walk.take(page, REPOSITORIES_MOST, |one: &vendors::Listed| {
                one.name.as_str()
            });
            let told = told.into_iter().map(repository);
            let told: Vec<ToldRepository> = told
                .filter(|one| named.contains(one.name.as_str()))
                .collect();
            self.ground
                .db(move |store| store.tell_repositories(id, &told, began))
                .await?;
        }
        let whole = walk.doubt().is_none();
        if whole {
            self.ground
                .db(move |store| store.forget_told_before(id, began))
                .await?;
        }
        let account = id.to_string();
        self.ground.stale(Stale::Repositories { account });
        Ok(())
    }

    async fn list_once(&self, session: &Session) -> Result<Option<Listed>, Problem> {
        let (id, account) = (session.account.id, session.account.id.to_string());
        let began = self.ground.now();
        let (mut walk, mut parts) = (Walk::new(), Parts::new());
        let mut names: Vec<String> = Vec::new();
        while let Some(at) = walk.at().cloned() {
            let Some(page) = self.kinds.repositories(session, &at).await? else {
                return Ok(None);
            };
            let listed = walk.take(page, REPOSITORIES_MOST, |one: &vendors::Listed| {
                one.name.as_str()
            });
            // What an account is not for is another's to show.
            let covered = listed.into_iter();
            let covered = covered.filter(|one| session.account.covers(one.name.as_str()));
            let told: Vec<ToldRepository> = covered.map(repository).collect();
            let page: Vec<String> = told.iter().map(|one| one.name.clone()).collect();
            names.extend(page.iter().cloned());
            let part = parts.add(page.iter().cloned());
            self.ground
                .db(move |store| {
                    store.add_repositories(id, &page)?;
                    store.tell_repositories(id, &told, began)
                })
                .await?;
            if let Some(names) = part {
                let account = account.clone();
                self.ground
                    .events
                    .emit(AppEvent::RepositoriesListed { account, names });
            }
        }
        let now = self.ground.now();
        let whole = walk.doubt().is_none();
        // It may know less than the registry, an index behind or rights of another kind: what is known here is looked for then.
        let is_empty = names.is_empty();
        let doubt = walk.doubt().map(|doubt| {
            words::repositories::doubt(doubt, REPOSITORIES_MOST, |error| {
                session.problem(error).what()
            })
        });
        let note = doubt.or_else(|| words::repositories::left_out(walk.left_out()));
        let note = note.map(|note| note.stored());
        self.ground
            .db(move |store| {
                if whole {
                    store.finish_repositories(id, &names, now)?;
                    store.forget_told_before(id, began)?;
                } else {
                    store.end_repositories_in_doubt(id, &names)?;
                }
                store.note_repositories(id, note.as_deref())
            })
            .await?;
        self.accounts.learn(session, Lesson::Told(true)).await;
        self.ground.stale(Stale::Repositories { account });
        Ok(Some(match (is_empty, whole) {
            (true, true) => Listed::Empty,
            (false, true) => Listed::Whole,
            (_, false) => Listed::InPart,
        }))
    }

    /// Asks a vendor for what the newest tags of a repository point at, before they are listed: nothing where it doesn't tell.
    pub(super) async fn tags_told(&self, remote: &Remote) -> Result<TagsTold, Problem> {
        let mut told = TagsTold::default();
        self.more_told(remote, &mut told).await?;
        Ok(told)
    }

    /// Records what was told of tags, which were just listed. What follows for what others displaced is handed over.
    pub(super) async fn record_told(
        &self,
        remote: &Remote,
        told: Vec<(TagTold, ToldTime)>,
    ) -> Result<Vec<String>, Problem> {
        let mut by_time: BTreeMap<ToldTime, (Vec<TagFact>, Vec<TagPush>)> = BTreeMap::new();
        for (one, time) in told {
            let (facts, pushes) = by_time.entry(time).or_default();
            match one {
                TagTold::Fact(fact) => facts.push(fact),
                TagTold::Push(push) => pushes.push(push),
            }
        }
        let mut tags = Vec::new();
        for (time, (facts, pushes)) in by_time {
            let recorded = self.history.record_told(remote, facts, time).await?;
            if recorded.to_rescue {
                self.ground.found.notify_one();
            }
            tags.extend(recorded.tags);
            tags.extend(self.history.record_pushes(remote, pushes, time).await?);
        }
        Ok(tags)
    }

    /// Forgets the tags of a new list that a vendor told of and the registry didn't name: they were shown for a moment, on its word.
    pub(super) async fn forget_told_alone(
        &self,
        place: &Place,
        told: &TagsTold,
    ) -> Result<(), Problem> {
        let alone = told.shown.iter();
        let alone = alone.filter(|tag| told.waiting.contains_key(*tag));
        let alone: Vec<String> = alone.cloned().collect();
        if alone.is_empty() {
            return Ok(());
        }
        let place = place.clone();
        self.ground
            .db(move |store| store.forget_tags(&place, &alone))
            .await
    }

    /// Asks for the rest of what a vendor tells of tags that were listed, and shows it page by page.
    pub(super) async fn rest_of_told(
        &self,
        remote: &Remote,
        mut told: TagsTold,
        listed: &[String],
    ) -> Result<(), Problem> {
        if told.pages == 0 {
            return Ok(());
        }
        let place = &remote.place;
        let mut any = false;
        while told.pages < PAGES && self.more_told(remote, &mut told).await? {
            let facts = told.take(listed);
            let tags = self.record_told(remote, facts).await?;
            if tags.is_empty() {
                continue;
            }
            any = true;
            let (wanted, local) = (place.clone(), self.local.held());
            let rows = self
                .ground
                .db(move |store| {
                    let part = store.tags_named(&wanted, &tags)?;
                    let mut rows = TagRecords::of_part(store, &wanted, part)?.rows(&local);
                    marks::mark(store, &wanted, &mut rows)?;
                    Ok(rows)
                })
                .await?;
            self.ground.tags_listed(place, rows).await;
        }
        if any {
            self.ground.stale_tags(place).await;
        }
        let wanted = place.clone();
        self.ground
            .db(move |store| store.forget_untold(&wanted))
            .await
    }

    /// Asks for the next page of what is told; false at its end.
    pub(super) async fn more_told(
        &self,
        remote: &Remote,
        told: &mut TagsTold,
    ) -> Result<bool, Problem> {
        let Some(at) = told.walk.at().cloned().filter(|_| !told.has_ended) else {
            return Ok(false);
        };
        let Some(page) = self.kinds.tags_told(remote, &at).await? else {
            told.has_ended = true;
            return Ok(false);
        };
        told.pages += 1;
        // Nothing that was told is later than it was asked.
        let time = self.history.told_at(remote, page.date);
        let facts = told
            .walk
            .take(page, TAGS_MOST, |one: &TagTold| one.tag().as_str());
        told.last = facts.iter().map(|one| one.tag().to_string()).collect();
        let facts = facts.into_iter().map(|one| (one, time));
        told.waiting.extend(told.last.iter().cloned().zip(facts));
        Ok(true)
    }
}

fn repository(listed: vendors::Listed) -> ToldRepository {
    ToldRepository {
        name: listed.name.to_string(),
        id: listed.id,
        description: listed.words.description,
        created: listed.created.map(|at| at.0),
        created_by: listed.created_by,
        updated: listed.updated.map(|at| at.0),
        tags: listed.tags,
        private: listed.private,
    }
}
