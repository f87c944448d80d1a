//! What a vendor's own interface adds to the lists: the repositories in place of the catalog, and what tags point at.
//!
//! The names of tags are the registry's own to list, always: a vendor may hide some, fold their case or end early. What it tells of
//! them stands for a HEAD and a manifest each. A list of repositories that doesn't come whole from it is the catalog's. Not here:
//! the lists themselves (`lists`).

use super::room::Repositories;
use crate::accounts::{Lesson, Remote, Session};
use crate::ground::Parts;
use crate::history::{TagRecords, marks};
use crate::view::events::{AppEvent, Stale};
use crate::view::problem::Problem;
use crate::words;
use oci::UtcSeconds;
use registry::{REPOSITORIES_MOST, TAGS_MOST};
use std::collections::HashMap;
use store::ToldRepository;
use vendors::{Listed, TagFact, Walk};

/// How many pages are asked for of one repository's tags, the newest first: what lies further down is asked for when it is seen.
const PAGES: usize = 20;

/// What a vendor tells of a repository's tags, as it comes.
#[derive(Default)]
pub(super) struct TagsTold {
    walk: Walk,
    pages: usize,
    /// What was told of tags that no page of the list has named yet.
    waiting: HashMap<String, TagFact>,
    date: Option<UtcSeconds>,
}

impl Repositories {
    /// Lists the repositories of an account as its vendor's own interface does; false where that doesn't come whole.
    pub(super) async fn list_as_told(&self, session: &Session) -> Result<bool, Problem> {
        self.kinds.recognise(session).await;
        let (id, account) = (session.account.id, session.account.id.to_string());
        let began = self.ground.now();
        let (mut walk, mut parts) = (Walk::new(), Parts::new());
        let mut names: Vec<String> = Vec::new();
        while let Some(at) = walk.at().cloned() {
            let Some(page) = self.kinds.repositories(session, &at).await? else {
                return Ok(false);
            };
            let listed = walk.take(page, REPOSITORIES_MOST, |one: &Listed| one.name.as_str());
            let told: Vec<ToldRepository> = listed.into_iter().map(repository).collect();
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
        if walk.doubt().is_some() {
            return Ok(false);
        }
        let now = self.ground.now();
        let note = words::repositories::left_out(walk.left_out()).map(|note| note.stored());
        self.ground
            .db(move |store| {
                store.finish_repositories(id, &names, now)?;
                store.forget_told_before(id, began)?;
                store.note_repositories(id, note.as_deref())
            })
            .await?;
        self.accounts.learn(session, Lesson::Told(true)).await;
        self.ground.stale(Stale::Repositories { account });
        Ok(true)
    }

    /// Asks a vendor for what the newest tags of a repository point at, before they are listed: nothing where it doesn't tell.
    pub(super) async fn tags_told(&self, remote: &Remote) -> Result<TagsTold, Problem> {
        let mut told = TagsTold::default();
        self.more_told(remote, &mut told).await?;
        Ok(told)
    }

    /// Records what was told of these tags, which were just listed. What follows for what others displaced is handed over.
    pub(super) async fn record_told(
        &self,
        remote: &Remote,
        told: &mut TagsTold,
        listed: &[String],
    ) -> Result<Vec<String>, Problem> {
        let of_these = listed.iter().filter_map(|name| told.waiting.remove(name));
        let facts: Vec<TagFact> = of_these.collect();
        let recorded = self.history.record_told(remote, facts, told.date).await?;
        if recorded.to_rescue {
            self.ground.found.notify_one();
        }
        Ok(recorded.tags)
    }

    /// Asks for the rest of what a vendor tells of tags that were listed, and shows it page by page.
    pub(super) async fn rest_of_told(
        &self,
        remote: &Remote,
        mut told: TagsTold,
        listed: &[String],
    ) -> Result<(), Problem> {
        let place = &remote.place;
        let mut any = false;
        while told.pages < PAGES && self.more_told(remote, &mut told).await? {
            let tags = self.record_told(remote, &mut told, listed).await?;
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
    async fn more_told(&self, remote: &Remote, told: &mut TagsTold) -> Result<bool, Problem> {
        let Some(at) = told.walk.at().cloned() else {
            return Ok(false);
        };
        let Some(page) = self.kinds.tag_facts(remote, &at).await? else {
            told.pages = PAGES;
            return Ok(false);
        };
        told.pages += 1;
        // Every page is later than what was told before it, and nothing that was told is later than it was asked.
        told.date = page.date;
        let facts = told
            .walk
            .take(page, TAGS_MOST, |one: &TagFact| one.tag.as_str());
        let named = facts.into_iter().map(|one| (one.tag.to_string(), one));
        told.waiting.extend(named);
        Ok(true)
    }
}

fn repository(listed: Listed) -> ToldRepository {
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
