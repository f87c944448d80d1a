//! What a vendor's own interface tells: pages of repositories, and of tags with what they point at.
//!
//! None: it has no such thing, or doesn't give it, and the protocol is asked. Before an account's secret goes to it the registry
//! itself has taken it, so that a wrong one is sent once. Not here: walking the pages (`vendors::Walk`).

use super::room::Kinds;
use crate::accounts::{Remote, Session};
use crate::ground::lock;
use crate::view::problem::Problem;
use oci::{RepositoryName, Tag, UtcSeconds};
use registry::Kind;
use std::collections::BTreeSet;
use store::ToldRepository;
use vendors::{
    Cursor, Failure, History, Listed, Means, Moment, Page, Part, Project, TagFacts, TagTold,
    Vendor, Way, Words,
};

impl Kinds {
    /// Asks for a page of an account's repositories.
    pub(crate) async fn repositories(
        &self,
        session: &Session,
        at: &Cursor,
    ) -> Result<Option<Page<Listed>>, Problem> {
        let part = Part::List;
        let Some((vendor, mut way)) = self.open(session, part).await? else {
            return Ok(None);
        };
        let Some(lists) = vendor.lists() else {
            return Ok(None);
        };
        if lists.wants_known() {
            self.tell_what_is_known(session, &mut way).await?;
        } else if !lists.is_whole() {
            way.namespaces = self.namespaces(session).await;
        }
        Ok(self.told(session, part, lists.page(&way, at).await))
    }

    /// Gives a list what was told before, and the namespaces of what is known of the account beside.
    async fn tell_what_is_known(&self, session: &Session, way: &mut Way) -> Result<(), Problem> {
        let id = session.account.id;
        let (told, beside) = self
            .ground
            .db(move |store| Ok((store.told_repositories(id)?, store.known_names(id)?)))
            .await?;
        // What was typed once and is listed since is known by the list alone.
        let all = beside.iter().map(|one| &one.name);
        let all = all.chain(told.iter().map(|one| &one.name));
        let first = all.filter_map(|name| name.split_once('/'));
        let mut namespaces: BTreeSet<String> = first.map(|(first, _)| first.to_owned()).collect();
        namespaces.extend(session.account.namespace.clone());
        way.namespaces = namespaces.into_iter().collect();
        way.known = told.into_iter().filter_map(listed).collect();
        Ok(())
    }

    /// Asks for the projects that an account's new repositories may stand under; none where its vendor has none, or doesn't tell.
    pub(crate) async fn projects_of(
        &self,
        session: &Session,
        at: &Cursor,
    ) -> Result<Option<Page<Project>>, Problem> {
        let part = Part::List;
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(None);
        };
        let Some(projects) = vendor.projects() else {
            return Ok(None);
        };
        Ok(self.told(session, part, projects.page(&way, at).await))
    }

    /// Asks for a page of what is told of a repository's tags.
    pub(crate) async fn tags_told(
        &self,
        remote: &Remote,
        at: &Cursor,
    ) -> Result<Option<Page<TagTold>>, Problem> {
        let (part, session) = (Part::TagFacts, &remote.session);
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(None);
        };
        let name = &remote.place.repository;
        let page = match (vendor.facts(), vendor.pushes()) {
            (Some(facts), _) => {
                let page = facts.page(&way, name, at).await;
                page.map(|page| page.map(TagTold::Fact))
            }
            (None, Some(pushes)) => {
                let page = pushes.page(&way, name, at).await;
                page.map(|page| page.map(TagTold::Push))
            }
            (None, None) => return Ok(None),
        };
        Ok(self.told(session, part, page))
    }

    /// Asks for a page of what a tag pointed at before, or all tags did; and of commits without one.
    pub(crate) async fn moments(
        &self,
        remote: &Remote,
        tag: Option<&Tag>,
        at: &Cursor,
    ) -> Result<Option<Page<Moment>>, Problem> {
        let (part, session) = (Part::History, &remote.session);
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(None);
        };
        let Some(history) = vendor.history() else {
            return Ok(None);
        };
        let page = history.page(&way, &remote.place.repository, tag, at).await;
        Ok(self.told(session, part, page))
    }

    /// Tells whether what a vendor tells of the past of all tags begins with what happened last.
    pub(crate) async fn tells_last_first(&self, account: i64) -> bool {
        let vendor = self.accounts.vendor(account).await.map(vendors::of);
        let history = vendor.and_then(|vendor| vendor.history());
        history.is_some_and(History::is_by_event)
    }

    /// Asks for what a repository says of itself.
    pub(crate) async fn words(&self, remote: &Remote) -> Result<Option<Words>, Problem> {
        let (part, session) = (Part::Describe, &remote.session);
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(None);
        };
        let Some(describes) = vendor.describes() else {
            return Ok(None);
        };
        let words = describes.read(&way, &remote.place.repository).await;
        Ok(self.told(session, part, words))
    }

    /// Returns how long a description may be (characters), where the vendor's own interface keeps one.
    pub(crate) async fn longest_description(&self, remote: &Remote) -> Option<usize> {
        let vendor = self.accounts.vendor(remote.session.account.id).await?;
        Some(vendors::of(vendor).describes()?.limits().description)
    }

    /// Tells whether the list of an account's vendor stands for the catalog; none where it has none, or it isn't given.
    pub(crate) async fn lists_whole(&self, session: &Session) -> Option<bool> {
        let lists = vendors::of(self.known(session).await).lists()?;
        (!self.was_refused(session, Part::List)).then(|| lists.is_whole())
    }

    /// Tells whether what an account's vendor tells of tags may name all there are. It doesn't stand for what the account would be told
    /// where another sign-in is shown for it.
    pub(crate) async fn may_tell_all_tags(&self, session: &Session) -> Result<bool, Problem> {
        let opened = self.open(session, Part::TagFacts).await?;
        Ok(opened.is_some_and(|(vendor, way)| {
            let names_all = vendor.facts().is_some_and(TagFacts::names_all);
            names_all && !way.shows_second()
        }))
    }

    /// Asks whether that is so of this repository. What was answered is not asked for again.
    pub(crate) async fn tells_all_tags(&self, remote: &Remote) -> Result<bool, Problem> {
        let name = &remote.place.repository;
        let key = (remote.session.account.id, name.to_string());
        if lock(&self.all_named).contains(&key) {
            return Ok(true);
        }
        let opened = self.open(&remote.session, Part::TagFacts).await?;
        let Some((vendor, way)) = opened else {
            return Ok(false);
        };
        let Some(facts) = vendor.facts() else {
            return Ok(false);
        };
        // Whatever is in the way of the answer, the registry can be asked instead.
        let tells_all = facts.names_all_of(&way, name).await.unwrap_or(false);
        if tells_all {
            lock(&self.all_named).insert(key);
        }
        Ok(tells_all)
    }

    /// Tells whether the vendor of an account's registry has a part, as far as is known.
    pub(crate) async fn is_native(&self, account: i64, part: Part) -> bool {
        let Some(vendor) = self.accounts.vendor(account).await.map(vendors::of) else {
            return false;
        };
        vendors::means(vendor, part) == Means::Native
            && self.can_be_asked(account, vendor, part).await
    }

    /// Tells whether the vendor of an account's registry tells since when a tag points where it does.
    pub(crate) async fn tells_since(&self, account: i64) -> bool {
        let vendor = self.accounts.vendor(account).await.map(vendors::of);
        let facts = vendor.and_then(|vendor| vendor.facts());
        facts.is_some_and(TagFacts::tells_since)
    }

    /// Returns the vendor and the way to ask it, where this part is native with it and was not refused since the account was opened.
    pub(super) async fn open(
        &self,
        session: &Session,
        part: Part,
    ) -> Result<Option<(&'static dyn Vendor, Way)>, Problem> {
        let vendor = vendors::of(self.known(session).await);
        if vendors::means(vendor, part) != Means::Native || self.was_refused(session, part) {
            return Ok(None);
        }
        let command = self.command_of(&session.account, vendor).await;
        if vendor.program().is_some() && command.is_none() {
            return Ok(None);
        }
        if !session.registry.has_proved()
            && let Err(error) = session.registry.check().await
        {
            // Whatever else it is, the protocol meets it as well, and says so.
            return match error.kind {
                Kind::SignIn | Kind::SignInChanged { .. } => Err(session.problem(&error)),
                _ => Ok(None),
            };
        }
        let (account, registry) = (&session.account, session.registry.clone());
        let second = if vendors::takes_second(vendor, part, account.user.as_deref()) {
            self.accounts.second(account.id, vendor.id()).await
        } else {
            None
        };
        let mut way = Way::open(vendor, part, registry, second.as_ref()).await;
        let namespace = account.namespace.as_deref();
        way.namespace = namespace.and_then(|name| RepositoryName::parse(name).ok());
        way.command = command;
        Ok(Some((vendor, way)))
    }

    /// Takes what was told; where nothing was, notes whether it is worth asking again.
    pub(super) fn told<T>(
        &self,
        session: &Session,
        part: Part,
        told: Result<T, Failure>,
    ) -> Option<T> {
        let failure = match told {
            Ok(told) => {
                self.note_trouble(session.account.id, None);
                return Some(told);
            }
            Err(failure) => failure,
        };
        if let Failure::Command(failure) = &failure {
            self.note_trouble(session.account.id, Some(failure));
        }
        if matches!(failure, Failure::SecondRefused) {
            self.accounts.second_was_refused(session.account.id);
        }
        // What is said of one repository says nothing of the others; nor does what may be answered in a moment, nor a task of the
        // vendor's that came to nothing.
        let of_one = match &failure {
            Failure::NotFound | Failure::Refused(_) | Failure::Denied | Failure::Changed => {
                part != Part::List
            }
            Failure::Unreadable(_) => {
                let reads = [Part::List, Part::TagFacts, Part::History];
                !reads.contains(&part)
            }
            _ => false,
        };
        if !failure.is_passing() && !of_one {
            self.note_refused(session, part);
        }
        None
    }
}

/// Returns a repository as it was told before, by the vendor's own name for it.
fn listed(told: ToldRepository) -> Option<(String, Listed)> {
    let id = told.id?;
    let listed = Listed {
        name: RepositoryName::parse(&told.name).ok()?,
        words: Words {
            description: told.description,
            ..Words::default()
        },
        id: Some(id.clone()),
        created: told.created.map(UtcSeconds),
        created_by: told.created_by,
        updated: told.updated.map(UtcSeconds),
        tags: told.tags,
        private: told.private,
    };
    Some((id, listed))
}
