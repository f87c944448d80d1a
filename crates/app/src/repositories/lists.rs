//! Lists of repositories, tags and commits: from the cache at once, refreshed behind.

use super::gather::{self, Gathered};
use super::room::Repositories;
use super::tag_parts::part_of;
use crate::about::rule;
use crate::accounts::{Lesson, Session};
use crate::ground::{Parts, is_of_the_side, names};
use crate::history::{TagRecords, marks};
use crate::view::browse::{CommitList, KnownRepository, RepositoryList, TagList, TagRow};
use crate::view::events::{AppEvent, Stale};
use crate::view::problem::{Code, Problem};
use crate::words;
use futures_util::{FutureExt, StreamExt, stream};
use oci::{ABOUT_TAG, Digest};
use registry::{Kind, Pages, REPOSITORIES_MOST, TAGS_MOST};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::TagChange;

/// How many repositories cross to the window at once.
const NAMES: u32 = 10_000;
/// How many questions about one list run at once; the registry crate limits a host besides.
const AT_ONCE: usize = 6;

/// What a list of repositories came to.
pub(super) enum Listed {
    /// It came whole.
    Whole,
    /// It may lack something, or the registry lists nothing for this account.
    InPart,
    /// It came whole and empty: the registry has nothing, or nothing that it lists for this account.
    Empty,
}

impl Repositories {
    /// Returns the repositories of an account, from the cache: a part of them, after the one that the last part named.
    pub async fn list(
        &self,
        account: String,
        after: Option<String>,
    ) -> Result<RepositoryList, Problem> {
        let id = self.accounts.account(&account).await?.id;
        let is_first = after.is_none();
        let (names, known, refreshed_at, note) = self
            .ground
            .db(move |store| {
                let names = store.repositories_part(id, after.as_deref(), NAMES)?;
                let known = if is_first {
                    store.known_names(id)?
                } else {
                    Vec::new()
                };
                let at = store.repositories_at(id)?;
                Ok((names, known, at, store.repositories_note(id)?))
            })
            .await?;
        let known = known.into_iter().filter_map(|known| {
            let from = gather::read(&known.why)?;
            let name = known.name;
            Some(KnownRepository { name, from })
        });
        let learned = self.accounts.learned(id).await;
        let is_refused = learned.catalog() == Some(false) && !learned.tells_list();
        let is_full = u32::try_from(names.len()).is_ok_and(|count| count == NAMES);
        Ok(RepositoryList {
            next: names.last().filter(|_| is_full).cloned(),
            names,
            marks: if is_first {
                self.marks(id).await?
            } else {
                Vec::new()
            },
            known: known.collect(),
            refused: is_refused,
            refreshed_at,
            note: note.as_deref().map(words::of_stored),
        })
    }

    /// Fetches the repositories of an account; each page shows as it comes. A list that ends in doubt takes nothing away. What
    /// a registry doesn't list is gathered on this computer.
    pub async fn refresh_list(&self, account: String) -> Result<(), Problem> {
        let listed = self.list_anew(account.clone()).boxed();
        let listed = self.accounts.asking(&account, listed).await;
        let refused = |problem: &Problem| problem.code == Code::SignIn;
        let gathered = match &listed {
            Ok(Listed::Whole) => None,
            Ok(Listed::InPart) => Some(Gathered::All),
            Ok(Listed::Empty) => Some(Gathered::ThatAnswer),
            Err(problem) => refused(problem).then_some(Gathered::All),
        };
        if let Some(gathered) = gathered {
            let account = self.accounts.account(&account).await?;
            self.gather(&account, gathered).await;
        }
        listed.map(drop)
    }

    async fn list_anew(&self, account: String) -> Result<Listed, Problem> {
        let session = self.accounts.session(&account).await?;
        let id = session.account.id;
        let listed = |names| AppEvent::RepositoriesListed {
            account: account.clone(),
            names,
        };
        // One that didn't list before may say 401 of its catalog, which a wrong password is told by as well: whether the sign-in
        // is right is asked first, and a wrong one sent once.
        let learned = self.accounts.learned(id).await;
        if session.account.user.is_some() && learned.catalog() == Some(false) {
            let checked = session.registry.check().await;
            checked.map_err(|error| session.problem(&error))?;
        }
        if let Some(listed) = self.list_as_told(&session).await? {
            return Ok(listed);
        }
        let mut pages = session.registry.catalog();
        let mut names: Vec<String> = Vec::new();
        let mut parts = Parts::new();
        loop {
            let page = match pages.next().await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                Err(error) => return self.no_catalog(&session, &error).await,
            };
            // What an account is not for is another's to show.
            let covered = page.iter().map(ToString::to_string);
            let covered = covered.filter(|name| session.account.covers(name));
            let page: Vec<String> = covered.collect();
            names.extend(page.iter().cloned());
            let part = parts.add(page.iter().cloned());
            self.ground
                .db(move |store| store.add_repositories(id, &page))
                .await?;
            if let Some(part) = part {
                self.ground.events.emit(listed(part));
            }
        }
        let now = self.ground.now();
        let (whole, is_empty) = (pages.doubt().is_none(), names.is_empty());
        let note = note_of(&session, &pages, REPOSITORIES_MOST);
        self.ground
            .db(move |store| {
                if whole {
                    store.finish_repositories(id, &names, now)?;
                } else {
                    store.end_repositories_in_doubt(id, &names)?;
                }
                store.note_repositories(id, note.as_deref())
            })
            .await?;
        self.accounts.learn(&session, Lesson::Catalog(true)).await;
        self.ground.stale(Stale::Repositories { account });
        Ok(match (whole, is_empty) {
            (false, _) => Listed::InPart,
            (true, true) => Listed::Empty,
            (true, false) => Listed::Whole,
        })
    }

    /// Returns the tags of a repository, from the cache: a part of them, after the one that the last part named. Commit tags
    /// are folded into their tag. The first answer of a long list is what stood on top of it when it was last looked at;
    /// `after` that, named by no letter, the list follows from its begin.
    pub async fn tags(
        &self,
        account: String,
        repository: String,
        after: Option<String>,
    ) -> Result<TagList, Problem> {
        let place = self.accounts.place(&account, &repository).await?;
        let (path, wanted, local) = (place.path(), place.clone(), self.local.held());
        let unknown = !local.known;
        let (part, refreshed_at, keep, note) = self
            .ground
            .db(move |store| {
                let keep = rule::of(store, &wanted)?.rule;
                let mut part = part_of(store, &wanted, after.as_deref(), &local)?;
                marks::mark(store, &wanted, &mut part.rows)?;
                let at = store.tags_refreshed_at(&wanted)?;
                Ok((part, at, keep, store.tags_note(&wanted)?))
            })
            .await?;
        if unknown {
            self.look_around();
        }
        Ok(TagList {
            rows: part.rows,
            refreshed_at,
            path,
            keep,
            note: note.as_deref().map(words::of_stored),
            next: part.next,
            top: part.top,
        })
    }

    /// Fetches the names of a repository's tags. A list that ends in doubt takes nothing away. What they point at is asked a row at a time, with `resolve_tag`.
    pub async fn refresh_tags(&self, account: String, repository: String) -> Result<(), Problem> {
        let listed = self.list_tags_anew(&account, &repository).boxed();
        self.accounts.asking(&account, listed).await
    }

    async fn list_tags_anew(&self, account: &str, repository: &str) -> Result<(), Problem> {
        let remote = self.accounts.remote(account, repository).await?;
        let place = remote.place.clone();
        let wanted = place.clone();
        let (before, _) = self.ground.db(move |store| store.tags(&wanted)).await?;
        let mut told = self.tags_told(&remote).await?;
        let mut pages = remote.registry.tags();
        let mut names: Vec<String> = Vec::new();
        let mut parts = Parts::new();
        loop {
            let page = match pages.next().await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                // A repository without tags answers so on some registries; a new one has none yet.
                Err(error) if error.kind == Kind::NotFound && names.is_empty() => break,
                Err(error) => return Err(remote.problem(&error)),
            };
            let page: Vec<String> = page.iter().map(ToString::to_string).collect();
            let (at, count, listed) = (names.len(), page.len(), page.clone());
            let wanted = place.clone();
            self.ground
                .db(move |store| store.add_tags(&wanted, at, &listed))
                .await?;
            self.record_told(&remote, &mut told, &page).await?;
            names.extend(page);
            let (wanted, local) = (place.clone(), self.local.held());
            let rows = self
                .ground
                .db(move |store| {
                    let part = store.tags_at(&wanted, at..at + count)?;
                    let mut rows = TagRecords::of_part(store, &wanted, part)?.rows(&local);
                    marks::mark(store, &wanted, &mut rows)?;
                    Ok(rows)
                })
                .await?;
            if let Some(part) = parts.add(rows) {
                self.ground.tags_listed(&place, part).await;
            }
        }
        if !names.is_empty() {
            self.was_there(remote.session.account.id, repository).await;
        }
        let whole = pages.doubt().is_none();
        let note = note_of(&remote.session, &pages, TAGS_MOST);
        let described = names.iter().any(|name| name == ABOUT_TAG);
        let listed = names.clone();
        self.history
            .record_list(&remote, before, names, whole)
            .await?;
        let wanted = place.clone();
        self.ground
            .db(move |store| store.note_tags(&wanted, note.as_deref()))
            .await?;
        self.ground.stale_tags(&place).await;
        // What a list in doubt lacks may be there all the same.
        if whole || described {
            self.about.tags_were_listed(&remote, described).await;
        }
        self.watching.rescue(&remote).await;
        self.rest_of_told(&remote, told, &listed).await
    }

    /// Asks what a tag points at: one HEAD, and its manifest once ever. What is seen is remembered.
    pub async fn resolve_tag(
        &self,
        account: String,
        repository: String,
        tag: String,
    ) -> Result<TagRow, Problem> {
        let resolved = self.resolve(&account, &repository, &tag).boxed();
        let row = self.accounts.asking(&account, resolved).await?;
        self.ground.events.emit(AppEvent::TagFilled {
            account,
            repository,
            row: row.clone(),
        });
        Ok(row)
    }

    async fn resolve(&self, account: &str, repository: &str, tag: &str) -> Result<TagRow, Problem> {
        let remote = self.accounts.remote(account, repository).await?;
        let place = remote.place.clone();
        let name = names::tag(tag)?;
        let looked = match self.history.look(&remote, &name).await {
            Ok(sighting) => Ok(self.watching.follow(&remote, sighting).await),
            Err(problem) => Err(problem),
        };
        let trouble = match looked {
            Ok(Some(digest)) => self.content.facts(&remote, &digest).await.err(),
            Ok(None) => None,
            // Asked in place by the window.
            Err(problem) if problem.code == Code::SignIn => return Err(problem),
            Err(problem) => Some(problem),
        };
        if let Some(problem) = trouble {
            // What is told of the registry as a whole is no trouble of a row.
            if is_of_the_side(&problem) {
                return Err(problem);
            }
            let change = TagChange::Trouble(problem.what().stored());
            let (wanted, tag) = (place.clone(), tag.to_owned());
            self.ground
                .db(move |store| store.change_tag(&wanted, &tag, &change))
                .await?;
        }
        self.history.tag_row(&place, tag).await
    }

    /// Returns the commits of a tag, from the cache.
    pub async fn commits(
        &self,
        account: String,
        repository: String,
        tag: String,
    ) -> Result<CommitList, Problem> {
        let place = self.accounts.place(&account, &repository).await?;
        let local = self.local.held();
        let wanted = tag.clone();
        let rows = self
            .ground
            .db(move |store| {
                Ok(TagRecords::of_tag(store, &place, &wanted)?.commits(&wanted, &local))
            })
            .await?;
        Ok(CommitList { tag, rows })
    }

    /// Asks for each commit of a tag whether it can still be pulled, which also completes and checks what only a
    /// commit tag tells.
    pub async fn refresh_commits(
        &self,
        account: String,
        repository: String,
        tag: String,
    ) -> Result<(), Problem> {
        let checked = self.check_commits(account.clone(), repository, tag).boxed();
        self.accounts.asking(&account, checked).await
    }

    async fn check_commits(
        &self,
        account: String,
        repository: String,
        tag: String,
    ) -> Result<(), Problem> {
        let remote = self.accounts.remote(&account, &repository).await?;
        let (wanted, name) = (remote.place.clone(), tag.clone());
        let (digests, commit_tags) = self
            .ground
            .db(move |store| Ok(TagRecords::of_tag(store, &wanted, &name)?.to_ask(&name)))
            .await?;
        let stale = Stale::Commits {
            account,
            repository,
            tag,
        };
        let remote = &remote;
        let named = stream::iter(commit_tags)
            .map(|name| async move { self.history.points_at(remote, &name.name()).await })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        // A HEAD of a commit tag has answered for its digest already.
        let answered = named
            .into_iter()
            .filter_map(Result::transpose)
            .collect::<Result<BTreeSet<Digest>, Problem>>()?;
        let all: BTreeSet<Digest> = digests
            .into_iter()
            .chain(answered.iter().cloned())
            .collect();
        let answered = &answered;
        self.ground.stale(stale.clone());
        let asked = stream::iter(all)
            .map(|digest| async move {
                let answered = answered.contains(&digest);
                let index = self.content.platform_of(&digest).await?.is_some();
                if answered || self.content.reachable(remote, &digest).await? {
                    // What can't be shown of one commit is no reason to stop at the others.
                    let _ = self.content.facts(remote, &digest).await;
                    // An index may have lost its platforms; that it is one may be known only now.
                    if (answered || !index) && self.content.platform_of(&digest).await?.is_some() {
                        self.content.reachable(remote, &digest).await?;
                    }
                }
                Ok::<(), Problem>(())
            })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        self.ground.stale(stale);
        asked.into_iter().collect()
    }

    /// Asks the engine once what it holds; what is shown of that is read again then.
    fn look_around(&self) {
        let local = Arc::clone(&self.local);
        tokio::spawn(async move { local.images().await });
    }

    /// Takes that a registry does not list its repositories: many refuse to, and that is no failure of anybody's. What is
    /// known beside it is shown then, with a note; where nobody signed in it may be that which is missing.
    async fn no_catalog(
        &self,
        session: &Session,
        error: &registry::Error,
    ) -> Result<Listed, Problem> {
        let refused = match &error.kind {
            Kind::Denied | Kind::NotFound | Kind::Unsupported => true,
            Kind::SignIn => session.account.user.is_none() || self.is_for_others(session).await,
            _ => false,
        };
        if !refused {
            return Err(session.problem(error));
        }
        self.accounts.learn(session, Lesson::Catalog(false)).await;
        let (id, host) = (session.account.id, &session.account.host);
        if error.kind == Kind::SignIn && session.account.user.is_none() {
            return Err(words::repositories::catalog_after_sign_in(host)
                .coded(Code::SignIn)
                .hint(words::registry::sign_in())
                .detail(error.own_words()));
        }
        let note = words::repositories::known_here(host).stored();
        self.ground
            .db(move |store| store.note_repositories(id, Some(&note)))
            .await?;
        let account = id.to_string();
        self.ground.stale(Stale::Repositories { account });
        Ok(Listed::InPart)
    }

    /// Tells whether a registry takes this sign-in, and has its catalog for others alone. Some say the same of a wrong
    /// password, and the catalog is the first that is asked for: where nothing is known of it, the sign-in is checked then, and
    /// the catalog asked once more. Where it was listed before, the sign-in is what is wrong, and is not sent again.
    async fn is_for_others(&self, session: &Session) -> bool {
        let learned = self.accounts.learned(session.account.id).await;
        if learned.catalog().is_some() || session.registry.check().await.is_err() {
            return false;
        }
        let again = session.registry.catalog().next().await;
        again.is_err_and(|error| error.kind == Kind::Denied)
    }
}

/// Says, as it is stored, what is to be known of a list that has ended: why it may lack something, and what was left out.
fn note_of<T: registry::Entry>(session: &Session, pages: &Pages<T>, most: usize) -> Option<String> {
    let doubt = pages.doubt().map(|doubt| {
        words::repositories::doubt(doubt, most, |error| session.problem(error).what())
    });
    let left_out = words::repositories::left_out(pages.left_out());
    let note = match (doubt, left_out) {
        (Some(doubt), Some(left_out)) => words::general::then(doubt, left_out),
        (doubt, left_out) => doubt.or(left_out)?,
    };
    Some(note.stored())
}
