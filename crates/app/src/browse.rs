//! Repositories, tags and commits: from the cache at once, refreshed behind.

use crate::house::{Door, House};
use crate::reach::head_of_tag;
use crate::rows::Shelf;
use crate::view::browse::{CommitList, RepositoryList, TagList, TagRow};
use crate::view::events::{AppEvent, Stale};
use crate::view::problem::{Code, Problem};
use crate::{Longshore, house, moves, problems};
use futures_util::{StreamExt, stream};
use oci::{Digest, MediaType};
use registry::{Head, Kind, Repository};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use store::{News, Observation, Place, TagChange};

/// How many questions about one list run at once; the registry crate limits a host besides.
const AT_ONCE: usize = 6;

impl Longshore {
    /// The repositories of an account, from the cache.
    pub async fn repositories(&self, account: String) -> Result<RepositoryList, Problem> {
        let id = self.house.account(&account).await?.id;
        let (names, refreshed_at) = self.house.db(move |store| store.repositories(id)).await?;
        Ok(RepositoryList {
            names,
            marks: self.house.marks(id).await?,
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
            .map_err(|error| no_catalog(&self.house, &door, &error))?
        {
            let page: Vec<String> = page.iter().map(ToString::to_string).collect();
            names.extend(page.iter().cloned());
            self.house
                .db(move |store| store.add_repositories(id, &page))
                .await?;
            self.house.stale(stale.clone());
        }
        let now = self.house.now();
        self.house
            .db(move |store| store.finish_repositories(id, &names, now))
            .await?;
        self.house.learnt.catalog(id, true);
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
                let keep = crate::rule::of(store, &wanted)?.rule;
                let mut rows = all.rows(&local);
                moves::mark(store, &wanted, &mut rows)?;
                Ok((rows, refreshed_at, keep))
            })
            .await?;
        if unknown {
            self.look_around(place);
        }
        Ok(TagList {
            rows,
            refreshed_at,
            path,
            keep,
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
        self.house.missed(&place, missed).await?;
        self.house.stale_tags(&place).await;
        let described = listed.contains(crate::rows::ABOUT);
        self.house
            .tags_were_listed(&door, &place, &remote, described)
            .await;
        self.house.rescue(&door, &place, &remote).await;
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
                let answered = answered.contains(&digest);
                let index = house.platform_of(&digest).await?.is_some();
                if answered || house.reachable(door, place, remote, &digest).await? {
                    // What can't be shown of one commit is no reason to stop at the others.
                    let _ = house.facts(door, remote, &digest).await;
                    // An index may have lost its platforms; that it is one may be known only now.
                    if (answered || !index) && house.platform_of(&digest).await?.is_some() {
                        house.reachable(door, place, remote, &digest).await?;
                    }
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
        let head = head_of_tag(remote, tag)
            .await
            .map_err(|error| door.problem(&error))?;
        self.looked(door, place, remote, tag, head).await
    }

    /// What a HEAD for a tag has told, remembered; a move by someone else is noted, and what a rule says is kept.
    pub async fn looked(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &oci::Tag,
        head: Option<Head>,
    ) -> Result<Option<Digest>, Problem> {
        let Some(head) = head else {
            let (wanted, name, now) = (place.clone(), tag.to_string(), self.now());
            let moved = self
                .db(move |store| store.missed_tag(&wanted, &name, now))
                .await?;
            if let Some(id) = moved {
                self.moved(place, vec![id]).await?;
                self.rescue(door, place, remote).await;
            }
            return Ok(None);
        };
        // What stands in a tag's place while Longshore takes it away is nobody's commit.
        if self.removals.is_decoy(&head.digest) {
            return Ok(None);
        }
        let at = self.registry_time(head.date);
        if self
            .saw(place, tag.as_str(), &head.digest, at, false)
            .await?
        {
            self.keep_displaced(door, place, remote, tag).await;
            self.rescue(door, place, remote).await;
        }
        Ok(Some(head.digest))
    }

    /// Tags that were listed before, and no longer are: someone deleted them.
    pub async fn missed(&self, place: &Place, names: Vec<String>) -> Result<(), Problem> {
        let (wanted, now) = (place.clone(), self.now());
        let moved = self
            .db(move |store| store.finish_tags(&wanted, &names, now))
            .await?;
        self.moved(place, moved).await
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
        self.remember(place, tag, digest, at, exact, None).await
    }

    /// Remembers what this account's person has just made a tag point at.
    pub async fn did(
        &self,
        door: &Door,
        place: &Place,
        tag: &str,
        digest: &Digest,
        at: i64,
    ) -> Result<bool, Problem> {
        let who = door.account.user.clone();
        self.remember(place, tag, digest, at, true, who).await
    }

    async fn remember(
        &self,
        place: &Place,
        tag: &str,
        digest: &Digest,
        at: i64,
        exact: bool,
        who: Option<String>,
    ) -> Result<bool, Problem> {
        let (wanted, tag, digest) = (place.clone(), tag.to_owned(), digest.clone());
        let seen = self
            .db(move |store| {
                store.change_tag(&wanted, &tag, &TagChange::PointsAt(digest.clone()))?;
                let commit_tag = oci::CommitTag::parse(&tag).is_some();
                // Of an index it says nothing yet: since when its platforms are gone is not to be forgotten.
                let known = store.manifest(&digest)?;
                if !known
                    .is_some_and(|(kind, _)| MediaType::from_header(&kind).is_index() && commit_tag)
                {
                    store.set_reach(&wanted, &digest, at, true)?;
                }
                if commit_tag {
                    return Ok(News::default());
                }
                store.observe_move(
                    &wanted,
                    &Observation {
                        tag,
                        digest,
                        at,
                        exact,
                        who,
                    },
                )
            })
            .await?;
        match seen.moved {
            Some(id) => self.moved(place, vec![id]).await?,
            None if seen.answered => self.stale_moves(place).await,
            None => {}
        }
        Ok(seen.news)
    }

    /// The row of a tag, from the cache.
    pub async fn tag_row(&self, place: &Place, tag: &str) -> Result<TagRow, Problem> {
        let (place, tag, local) = (place.clone(), tag.to_owned(), self.local());
        self.db(move |store| {
            let mut row = Shelf::of_tag(store, &place, &tag)?.only_row(&tag, &local);
            moves::mark(store, &place, std::slice::from_mut(&mut row))?;
            Ok(row)
        })
        .await
    }
}

/// Many registries refuse to list their repositories; that is no failure of the person's.
fn no_catalog(house: &House, door: &Door, error: &registry::Error) -> Problem {
    let refused = matches!(
        error.kind,
        Kind::Denied | Kind::NotFound | Kind::Unsupported
    ) || (error.kind == Kind::SignIn && door.account.user.is_none());
    if !refused {
        return door.problem(error);
    }
    house.learnt.catalog(door.account.id, false);
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
