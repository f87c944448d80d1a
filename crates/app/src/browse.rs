//! Repositories, tags and commits: from the cache at once, refreshed behind.

use crate::clock::{now, registry_time};
use crate::house::{Door, House};
use crate::rows::Shelf;
use crate::view::browse::{CommitList, KeepRule, RepositoryList, TagList, TagRow};
use crate::view::events::{AppEvent, Stale};
use crate::view::problem::{Code, Problem};
use crate::{Longshore, house, problems};
use futures_util::{StreamExt, stream};
use oci::Digest;
use registry::{At, Kind, Repository};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use store::{Observation, Place, TagChange};

/// How many questions about one list run at once; the registry crate limits a host besides.
const AT_ONCE: usize = 6;

impl Longshore {
    /// The repositories of an account, from the cache.
    pub async fn repositories(&self, account: String) -> Result<RepositoryList, Problem> {
        let id = self.house.account(&account).await?.id;
        let (names, refreshed_at) = self.house.db(move |store| store.repositories(id)).await?;
        Ok(RepositoryList {
            names,
            refreshed_at,
        })
    }

    /// Fetches the repositories of an account; each page shows as it comes.
    pub async fn refresh_repositories(&self, account: String) -> Result<(), Problem> {
        let door = self.house.door(&account).await?;
        let (id, stale) = (door.account.id, Stale::Repositories { account });
        let mut pages = door.registry.catalog();
        let mut names: Vec<String> = Vec::new();
        while let Some(page) = pages
            .next()
            .await
            .map_err(|error| no_catalog(&door, &error))?
        {
            let page: Vec<String> = page.iter().map(ToString::to_string).collect();
            names.extend(page.iter().cloned());
            self.house
                .db(move |store| store.add_repositories(id, &page))
                .await?;
            self.house.stale(stale.clone());
        }
        self.house
            .db(move |store| store.finish_repositories(id, &names, now()))
            .await?;
        self.house.stale(stale);
        Ok(())
    }

    /// The tags of a repository, from the cache; commit tags are folded into their tag.
    pub async fn tags(&self, account: String, repository: String) -> Result<TagList, Problem> {
        let place = house::place(&self.house.account(&account).await?, &repository)?;
        let (path, wanted, local) = (place.path(), place.clone(), self.house.local());
        let unknown = !local.known;
        let (rows, refreshed_at, keep) = self
            .house
            .db(move |store| {
                let (all, refreshed_at) = Shelf::of_repository(store, &wanted)?;
                Ok((all.rows(&local), refreshed_at, store.keep_rule(&wanted)?))
            })
            .await?;
        if unknown {
            self.look_around(place);
        }
        Ok(TagList {
            rows,
            refreshed_at,
            path,
            keep: keep.as_deref().and_then(KeepRule::parse),
        })
    }

    /// Fetches the names of a repository's tags. What they point at is asked a row at a time, with `resolve_tag`.
    pub async fn refresh_tags(&self, account: String, repository: String) -> Result<(), Problem> {
        let door = self.house.door(&account).await?;
        let (place, remote) = door.repository(&repository)?;
        let wanted = place.clone();
        let (before, _) = self.house.db(move |store| store.tags(&wanted)).await?;
        let mut pages = remote.tags();
        let mut names: Vec<String> = Vec::new();
        loop {
            let page = match pages.next().await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                // A repository without tags answers so on some registries; a new one has none yet.
                Err(error) if error.kind == Kind::NotFound && names.is_empty() => break,
                Err(error) => return Err(door.problem(&error)),
            };
            let page: Vec<String> = page.iter().map(ToString::to_string).collect();
            let (at, listed, wanted) = (names.len(), page.clone(), place.clone());
            names.extend(page);
            self.house
                .db(move |store| store.add_tags(&wanted, at, &listed))
                .await?;
            self.house.stale_tags(&place).await;
        }
        // Only what was listed before the first page was asked for: a tag that is pushed meanwhile is in none of them.
        let listed: HashSet<String> = names.into_iter().collect();
        let missed: Vec<String> = before
            .into_iter()
            .filter(|tag| tag.deleted_at.is_none() && !listed.contains(&tag.name))
            .map(|tag| tag.name)
            .collect();
        let wanted = place.clone();
        self.house
            .db(move |store| store.finish_tags(&wanted, &missed, now()))
            .await?;
        self.house.stale_tags(&place).await;
        Ok(())
    }

    /// Asks what a tag points at: one HEAD, and its manifest once ever. What is seen is remembered.
    pub async fn resolve_tag(
        &self,
        account: String,
        repository: String,
        tag: String,
    ) -> Result<TagRow, Problem> {
        let door = self.house.door(&account).await?;
        let (place, remote) = door.repository(&repository)?;
        let name = house::tag(&tag)?;
        let trouble = match self.house.look(&door, &place, &remote, &name).await {
            Ok(Some(digest)) => self.house.facts(&door, &remote, &digest).await.err(),
            Ok(None) => None,
            // Asked in place by the window; every other trouble stays in its row.
            Err(problem) if problem.code == Code::SignIn => return Err(problem),
            Err(problem) => Some(problem),
        };
        if let Some(problem) = trouble {
            let sentence = problems::bounded(&problem.message, 300);
            let (wanted, tag, change) = (place.clone(), tag.clone(), TagChange::Trouble(sentence));
            self.house
                .db(move |store| store.change_tag(&wanted, &tag, &change))
                .await?;
        }
        let row = self.house.tag_row(&place, &tag).await?;
        self.house.events.emit(AppEvent::TagFilled {
            account,
            repository,
            row: row.clone(),
        });
        Ok(row)
    }

    /// The commits of a tag, from the cache.
    pub async fn commits(
        &self,
        account: String,
        repository: String,
        tag: String,
    ) -> Result<CommitList, Problem> {
        let place = house::place(&self.house.account(&account).await?, &repository)?;
        let local = self.house.local();
        let wanted = tag.clone();
        let rows = self
            .house
            .db(move |store| Ok(Shelf::of_tag(store, &place, &wanted)?.commits(&wanted, &local)))
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
        let door = self.house.door(&account).await?;
        let (place, remote) = door.repository(&repository)?;
        let (wanted, name) = (place.clone(), tag.clone());
        let (digests, commit_tags) = self
            .house
            .db(move |store| Ok(Shelf::of_tag(store, &wanted, &name)?.to_ask(&name)))
            .await?;
        let stale = Stale::Commits {
            account,
            repository,
            tag,
        };
        let house = &self.house;
        let (door, place, remote) = (&door, &place, &remote);
        let named = stream::iter(commit_tags)
            .map(|name| async move { house.look(door, place, remote, &name.name()).await })
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
        house.stale(stale.clone());
        let asked = stream::iter(all)
            .map(|digest| async move {
                if answered.contains(&digest)
                    || house.reachable(door, place, remote, &digest).await?
                {
                    // What can't be shown of one commit is no reason to stop at the others.
                    let _ = house.facts(door, remote, &digest).await;
                }
                Ok::<(), Problem>(())
            })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
        house.stale(stale);
        asked.into_iter().collect()
    }

    /// Asks the engine once what it holds, then has the tags read again.
    fn look_around(&self, place: Place) {
        let house = Arc::clone(&self.house);
        tokio::spawn(async move {
            if house
                .look_at_images()
                .await
                .is_ok_and(|images| !images.is_empty())
            {
                house.stale_tags(&place).await;
            }
        });
    }
}

impl House {
    /// One HEAD for a tag: what it points at now, remembered with the registry's time. None: no such tag.
    pub async fn look(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &oci::Tag,
    ) -> Result<Option<Digest>, Problem> {
        let head = remote
            .head(&At::Tag(tag.clone()))
            .await
            .map_err(|error| door.problem(&error))?;
        let Some(head) = head else {
            let (place, tag) = (place.clone(), tag.to_string());
            self.db(move |store| store.change_tag(&place, &tag, &TagChange::Gone(now())))
                .await?;
            return Ok(None);
        };
        if self
            .saw(
                place,
                tag.as_str(),
                &head.digest,
                registry_time(head.date),
                false,
            )
            .await?
        {
            self.keep_displaced(door, place, remote, tag).await;
        }
        Ok(Some(head.digest))
    }

    /// Remembers what a tag points at; true where that is news. A commit tag has no timeline of its own.
    pub async fn saw(
        &self,
        place: &Place,
        tag: &str,
        digest: &Digest,
        at: i64,
        exact: bool,
    ) -> Result<bool, Problem> {
        let (place, tag, digest) = (place.clone(), tag.to_owned(), digest.clone());
        self.db(move |store| {
            store.change_tag(&place, &tag, &TagChange::PointsAt(digest.clone()))?;
            store.set_reach(&place, &digest, at, true)?;
            if oci::CommitTag::parse(&tag).is_some() {
                return Ok(false);
            }
            store.observe(
                &place,
                &Observation {
                    tag,
                    digest,
                    at,
                    exact,
                },
            )
        })
        .await
    }

    /// One HEAD for a digest, remembered.
    async fn reachable(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        digest: &Digest,
    ) -> Result<bool, Problem> {
        let head = remote
            .head(&At::Digest(digest.clone()))
            .await
            .map_err(|error| door.problem(&error))?;
        let at = head
            .as_ref()
            .map_or_else(now, |head| registry_time(head.date));
        let (place, digest, there) = (place.clone(), digest.clone(), head.is_some());
        self.db(move |store| store.set_reach(&place, &digest, at, there))
            .await?;
        Ok(there)
    }

    /// The row of a tag, from the cache.
    pub async fn tag_row(&self, place: &Place, tag: &str) -> Result<TagRow, Problem> {
        let (place, tag, local) = (place.clone(), tag.to_owned(), self.local());
        self.db(move |store| Ok(Shelf::of_tag(store, &place, &tag)?.only_row(&tag, &local)))
            .await
    }
}

/// Many registries refuse to list their repositories; that is no failure of the person's.
fn no_catalog(door: &Door, error: &registry::Error) -> Problem {
    let refused = matches!(
        error.kind,
        Kind::Denied | Kind::NotFound | Kind::Unsupported
    ) || (error.kind == Kind::SignIn && door.account.user.is_none());
    if !refused {
        return door.problem(error);
    }
    let host = &door.account.host;
    let problem = problems::plain(format!("{host} doesn’t list its repositories for you."))
        .hint("Push to a repository by its name; it is listed here from then on.");
    match (error.kind.clone(), &door.account.user) {
        (Kind::SignIn, _) => problems::coded(
            Code::SignIn,
            format!("{host} lists its repositories only after a sign-in."),
        )
        .hint("Sign in with a user and secret."),
        _ => problem,
    }
    .detail(error.own_words())
}
