//! Lists of tags and commits: from the cache at once, refreshed behind.
//!
//! Not here: the list of repositories (`lists`), where the names of tags come from (`tag_names`), how a list crosses in parts
//! (`tag_parts`). Grows by a list inside a repository.

use super::room::Repositories;
use super::tag_names::TagNames;
use super::tag_parts::part_of;
use crate::about::rule;
use crate::accounts::Remote;
use crate::ground::{is_of_the_side, names};
use crate::history::{TagRecords, marks};
use crate::view::browse::{CommitList, TagList, TagRow};
use crate::view::events::{AppEvent, Stale};
use crate::view::problem::{Code, Problem};
use crate::words;
use futures_util::{FutureExt, StreamExt, stream};
use oci::{ABOUT_TAG, Digest, Tag};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::TagChange;

/// How many questions about one list run at once; the registry crate limits a host besides.
const AT_ONCE: usize = 6;

impl Repositories {
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
        let is_new = before.is_empty();
        let mut told = self.tags_told(&remote).await?;
        let names = if let Some(names) = self.names_as_told(&remote, &mut told, is_new).await? {
            names
        } else {
            let names = self.names_as_listed(&remote, &mut told).await?;
            if names.whole {
                self.forget_told_alone(&place, &told).await?;
            }
            names
        };
        let TagNames { names, whole, note } = names;
        if !names.is_empty() {
            self.was_there(remote.session.account.id, repository).await;
        }
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

    /// Asks what a tag points at: one HEAD, and its manifest once ever. What is seen is remembered. Where the vendor has just told
    /// what it points at, and no more, only that is asked for.
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
        if let Some(digest) = self.history.told_in_part(&place, tag).await?
            && self.content.facts(&remote, &digest).await.is_ok()
        {
            return self.history.tag_row(&place, tag).await;
        }
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
        let name = names::tag(&tag)?;
        let stale = Stale::Commits {
            account,
            repository,
            tag,
        };
        let known = BTreeSet::new();
        // What is known need not wait for what a vendor remembers.
        let (learnt, checked) = tokio::join!(
            self.learn_past(&remote, Some(&name)),
            self.check_known(&remote, &name, &known, &stale)
        );
        let checked = checked?;
        if learnt? {
            self.check_known(&remote, &name, &checked, &stale).await?;
        }
        Ok(())
    }

    /// Asks for those commits of a tag that are known now, but for these; returns all of them.
    async fn check_known(
        &self,
        remote: &Remote,
        tag: &Tag,
        checked: &BTreeSet<Digest>,
        stale: &Stale,
    ) -> Result<BTreeSet<Digest>, Problem> {
        let (wanted, name) = (remote.place.clone(), tag.to_string());
        let (digests, mut commit_tags) = self
            .ground
            .db(move |store| Ok(TagRecords::of_tag(store, &wanted, &name)?.to_ask(&name)))
            .await?;
        if !checked.is_empty() {
            // No vendor's history tells one.
            commit_tags.clear();
        }
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
        let mut all: BTreeSet<Digest> = digests
            .into_iter()
            .chain(answered.iter().cloned())
            .collect();
        all.retain(|digest| !checked.contains(digest));
        let answered = &answered;
        self.ground.stale(stale.clone());
        let asked = stream::iter(all.iter().cloned())
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
        self.ground.stale(stale.clone());
        asked.into_iter().collect::<Result<(), Problem>>()?;
        Ok(all)
    }

    /// Asks the engine once what it holds; what is shown of that is read again then.
    fn look_around(&self) {
        let local = Arc::clone(&self.local);
        tokio::spawn(async move { local.images().await });
    }
}
