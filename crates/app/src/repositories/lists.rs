//! Lists of repositories: from the cache at once, refreshed behind; and what is made of a registry that doesn't list them.
//!
//! Not here: lists of tags and commits (`tag_lists`), what a vendor's own interface lists (`told`). Grows by a reason why a
//! list may lack something.

use super::gather::{self, Gathered};
use super::room::Repositories;
use crate::accounts::{Lesson, Session};
use crate::ground::Parts;
use crate::view::browse::{KnownRepository, RepositoryList};
use crate::view::events::{AppEvent, Stale};
use crate::view::problem::{Code, Problem};
use crate::words;
use futures_util::FutureExt;
use registry::{Kind, Pages, REPOSITORIES_MOST};

/// How many repositories cross to the window at once.
const NAMES: u32 = 10_000;

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
        let listed = names.clone();
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
        self.add_told(&session, &listed).await?;
        Ok(match (whole, is_empty) {
            (false, _) => Listed::InPart,
            (true, true) => Listed::Empty,
            (true, false) => Listed::Whole,
        })
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
pub(super) fn note_of<T: registry::Entry>(
    session: &Session,
    pages: &Pages<T>,
    most: usize,
) -> Option<String> {
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
