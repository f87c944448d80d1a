//! The versions of a package, which are its commits: those with tags, those without one, one that is deleted, and one that is put back.
//!
//! A version has a number, by which it is deleted and put back: its list is walked for it, the newest first. Not here: whose a package
//! is (`owner`).

use super::owner::{Owner, asked, login};
use super::{Ghcr, PAGE, PAGES};
use crate::parts::{Asking, DeletesCommit, History, Restores, TagFacts};
use crate::read;
use crate::values::{Cursor, Image, Moment, Page, TagFact};
use crate::way::{Failure, Way};
use oci::{Digest, RepositoryName, Tag};
use registry::{Ask, At, Told};
use serde_json::Value;
use std::collections::BTreeMap;

/// A package, whose it is as far as is known, and where in its list of versions a page begins.
struct Package<'a> {
    name: &'a str,
    owner: Owner,
    number: u32,
}

impl<'a> Package<'a> {
    /// Reads a cursor; at the begin, who the owner is is found out with the first page.
    async fn at(way: &Way, name: &'a RepositoryName, at: &Cursor) -> Result<Self, Failure> {
        let (owner, rest) = name.as_str().split_once('/').ok_or(Failure::NotFound)?;
        let known = match at {
            Cursor::Text(text) => text.split_once(' '),
            _ => None,
        };
        let (owner, number) = if let Some((number, owner)) = known {
            let owner = Owner::read(owner).ok_or(Failure::NotFound)?;
            (owner, number.parse().map_err(|_| Failure::NotFound)?)
        } else {
            let user = way.registry.user().await?;
            let is_own = user.is_some_and(|user| user.eq_ignore_ascii_case(owner));
            let of = if is_own { Owner::Own } else { Owner::Either };
            (of(owner.to_owned()), 1)
        };
        Ok(Self {
            name: rest,
            owner,
            number,
        })
    }

    /// Begins its path.
    fn path(&self, owner: &Owner, ask: Ask) -> Ask {
        owner.packages(ask).at("/container").value(self.name)
    }

    /// Begins the path of its versions.
    fn versions(&self, owner: &Owner, ask: Ask) -> Ask {
        self.path(owner, ask).at("/versions")
    }

    /// Asks for a page of its versions, and learns whose it is.
    async fn page(&mut self, way: &Way, state: &'static str) -> Result<Told, Failure> {
        let ask = |owner: &Owner| {
            let ask = self.versions(owner, Ask::get()).query("state", state);
            read::numbered(ask, PAGE, self.number)
        };
        let (owner, told) = asked(way, &self.owner, ask).await?;
        if let (Owner::Own(name), Owner::Oneself) = (&self.owner, &owner) {
            self.check_owner(way, name).await?;
        }
        self.owner = owner;
        Ok(told)
    }

    /// Checks that a package of whoever is signed in is the one that is meant: the user of the account may be another name.
    async fn check_owner(&self, way: &Way, name: &str) -> Result<(), Failure> {
        let told = way.ask(&self.path(&Owner::Oneself, Ask::get())).await?;
        let owner = login(&told.json::<Value>()?["owner"]["login"]);
        let is_theirs = owner.as_deref() == Some(name);
        is_theirs.then_some(()).ok_or(Failure::NotFound)
    }

    /// Walks the list for the version that a commit is.
    async fn find(
        &mut self,
        way: &Way,
        state: &'static str,
        digest: &Digest,
    ) -> Result<Value, Failure> {
        loop {
            let told = self.page(way, state).await?;
            let versions = told.json::<Vec<Value>>()?;
            let has_more = self.number < PAGES && read::has_more(&told, versions.len(), PAGE);
            let is_it = |version: &Value| read::digest(&version["name"]).as_ref() == Some(digest);
            if let Some(found) = versions.into_iter().find(is_it) {
                return Ok(found);
            }
            if !has_more {
                return Err(Failure::NotFound);
            }
            self.number += 1;
        }
    }

    /// Begins the path of one version.
    fn version(&self, ask: Ask, version: &Value) -> Result<Ask, Failure> {
        let id = version["id"].as_u64().ok_or(Failure::NotFound)?;
        Ok(self.versions(&self.owner, ask).value(&id.to_string()))
    }

    /// Returns where the next page begins.
    fn next(&self, told: &Told, sent: usize) -> Option<Cursor> {
        let more = self.number < PAGES && read::has_more(told, sent, PAGE);
        let next = || format!("{} {}", self.number + 1, self.owner.text());
        more.then(|| Cursor::Text(next()))
    }
}

impl TagFacts for Ghcr {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>> {
        Box::pin(async move {
            let mut package = Package::at(way, name, at).await?;
            let told = package.page(way, "active").await?;
            let versions = told.json::<Vec<Value>>()?;
            let (mut facts, mut left_out) = (BTreeMap::new(), 0);
            for version in &versions {
                let (Some(digest), Some(tags)) = (read::digest(&version["name"]), tags(version))
                else {
                    left_out += 1;
                    continue;
                };
                for tag in tags {
                    let Some(tag) = tag.as_str().and_then(|tag| Tag::parse(tag).ok()) else {
                        left_out += 1;
                        continue;
                    };
                    // One that two versions claim is left to be listed and asked.
                    let twice = facts.contains_key(&tag);
                    left_out += usize::from(twice);
                    let fact = fact(tag.clone(), digest.clone(), version);
                    facts.insert(tag, (!twice).then_some(fact));
                }
            }
            Ok(Page {
                rows: facts.into_values().flatten().collect(),
                sent: versions.len(),
                left_out,
                total: None,
                date: told.date(),
                next: package.next(&told, versions.len()),
            })
        })
    }

    fn tells_since(&self) -> bool {
        false
    }

    fn names_all(&self) -> bool {
        // A tag is one of a version's, and nowhere else.
        true
    }
}

impl History for Ghcr {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: Option<&'a Tag>,
        at: &'a Cursor,
    ) -> Asking<'a, Page<Moment>> {
        Box::pin(async move {
            if tag.is_some() {
                // What a tag has left doesn't say which tag that was.
                return Ok(Page::empty());
            }
            let mut package = Package::at(way, name, at).await?;
            let told = package.page(way, "active").await?;
            let versions = told.json::<Vec<Value>>()?;
            let page = read::linked(&told, &versions, untagged);
            Ok(Page {
                next: package.next(&told, page.sent),
                ..page.with_rows(|rows| rows.into_iter().flatten().collect())
            })
        })
    }
}

impl DeletesCommit for Ghcr {
    fn delete<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        digest: &'a Digest,
        known: &'a [Tag],
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let mut package = Package::at(way, name, &Cursor::First).await?;
            let version = package.find(way, "active", digest).await?;
            let has = tags(&version).ok_or(Failure::Changed)?;
            let is_known = |tag: &Value| known.iter().any(|known| tag == known.as_str());
            if !has.iter().all(is_known) {
                return Err(Failure::Changed);
            }
            // It is there, as it was read just before: whoever may not delete it is told that it isn't.
            match way.ask(&package.version(Ask::delete(), &version)?).await {
                Err(Failure::NotFound) => Err(Failure::Denied),
                told => told.map(drop),
            }
        })
    }
}

impl Restores for Ghcr {
    /// Puts a deleted version back, and its tag by the protocol where that did not come back with it.
    fn restore<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: &'a Tag,
        digest: &'a Digest,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let mut package = Package::at(way, name, &Cursor::First).await?;
            let version = package.find(way, "deleted", digest).await?;
            let ask = package.version(Ask::post(), &version)?.at("/restore");
            way.ask(&ask).await?;
            let repository = way.registry.repository(name.clone());
            let under = At::Tag(tag.clone());
            match repository.head(&under).await? {
                Some(now) if now.digest == *digest => return Ok(()),
                Some(_) => return Err(Failure::Changed),
                None => {}
            }
            let fetched = repository.manifest(&At::Digest(digest.clone())).await?;
            repository
                .put_manifest(&under, &fetched.media_type, fetched.bytes)
                .await?;
            Ok(())
        })
    }
}

/// Returns the tags of a version; none where nothing is said of them.
fn tags(version: &Value) -> Option<&[Value]> {
    let tags = version["metadata"]["container"]["tags"].as_array()?;
    Some(tags)
}

fn fact(tag: Tag, digest: Digest, version: &Value) -> TagFact {
    TagFact {
        tag,
        digest,
        pushed: read::time(&version["created_at"]),
        exact: false,
        by: None,
        // Nothing of ours ever stands in a tag's place here, as nothing is deleted.
        what: Some(Image::default()),
    }
}

/// Reads a commit that no tag names; one that some do is no row and not left out.
fn untagged(version: &Value) -> Option<Vec<Moment>> {
    let digest = read::digest(&version["name"])?;
    if !tags(version)?.is_empty() {
        return Some(Vec::new());
    }
    Some(vec![Moment {
        digest,
        tag: None,
        from: read::time(&version["created_at"])?,
        until: None,
        by: None,
        restorable_until: None,
        what: None,
    }])
}
