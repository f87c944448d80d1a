//! The parts of a vendor's interface: what each is asked, in one form for all vendors.
//!
//! Each call is one question, or as few as the vendor allows; who walks the pages, and what is made of them, is the caller's. Not
//! here: what is told (`values`). Grows by a part.

use crate::values::{Cursor, Listed, Moment, NewWords, Page, TagFact, TagPush, Words};
use crate::way::{Failure, Way};
use oci::{Digest, RepositoryName, Tag};
use std::pin::Pin;

/// A question under way.
pub type Asking<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// The repositories that an account sees.
pub trait Lists: Sync {
    /// Asks for a page of them.
    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Listed>>;

    /// Tells whether its list stands for the registry's own. Else it only adds words to what that names, and is told which namespaces
    /// those are in.
    fn is_whole(&self) -> bool {
        true
    }

    /// Tells whether it is given what it told before, and the namespaces of what is known beside: each page is then for it to complete.
    fn wants_known(&self) -> bool {
        false
    }
}

/// The projects that repositories stand under, with their titles.
pub trait Projects: Sync {
    /// Asks for a page of those that the account may use.
    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Project>>;
}

/// A project that repositories stand under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// What the names of its repositories begin with.
    pub name: String,
    /// What people call it.
    pub title: Option<String>,
}

/// What a repository says of itself.
pub trait Describes: Sync {
    /// Asks for it.
    fn read<'a>(&'a self, way: &'a Way, name: &'a RepositoryName) -> Asking<'a, Words>;

    /// Changes it; where the vendor tells versions of it apart, that one alone which was read.
    fn write<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        words: &'a NewWords,
        version: Option<&'a str>,
    ) -> Asking<'a, Words>;

    /// Returns how long the words may be.
    fn limits(&self) -> WordLimits;
}

/// How many characters words may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordLimits {
    /// Of the description.
    pub description: usize,
    /// Of the long text; none where there is none.
    pub full: Option<usize>,
}

/// New repositories.
pub trait Creates: Sync {
    /// Makes one.
    fn create<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        words: &'a NewWords,
        private: Option<bool>,
    ) -> Asking<'a, ()>;

    /// Tells whether one is made for some people or for all as is wished; else that wish is not heard.
    fn takes_private(&self) -> bool {
        true
    }

    /// Tells what a new one stands under.
    fn under(&self) -> Under;
}

/// What a new repository stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Under {
    /// Whatever its name says.
    Anything,
    /// A project that is there already.
    Project,
}

/// Tags with what they point at.
pub trait TagFacts: Sync {
    /// Asks for a page of them, the newest first where the vendor can.
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>>;

    /// Tells whether it names every tag that the registry's own list names, so that this need not be asked as well: also tags of
    /// signatures, and of what a mirror has not fetched yet. A page that may lack one counts it as left out.
    fn names_all(&self) -> bool {
        false
    }

    /// Asks whether that is so of this repository, where it isn't of each. What it says doesn't change.
    fn names_all_of<'a>(&'a self, _: &'a Way, _: &'a RepositoryName) -> Asking<'a, bool> {
        Box::pin(async { Ok(true) })
    }

    /// Tells whether its times are those of the tags: since when each points where it does.
    fn tells_since(&self) -> bool {
        true
    }
}

/// Tags with since when they point where they do, and not with where that is: what takes the place of [`TagFacts`] with a vendor that
/// tells no more.
pub trait TagPushes: Sync {
    /// Asks for a page of them, the newest first where the vendor can.
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagPush>>;
}

/// What tags pointed at before, and commits without a tag.
pub trait History: Sync {
    /// Tells whether what happened last to any tag comes first. Else it does so for one tag, and what ended lately of all may stand
    /// where it began.
    fn is_by_event(&self) -> bool {
        true
    }

    /// Asks for a page of it, of one tag or of all: first the commits without a tag, where all is asked for, then what tags pointed
    /// at, what happened last first. Moments of other tags may be among those of one: they cost nothing, and tell how far it is.
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: Option<&'a Tag>,
        at: &'a Cursor,
    ) -> Asking<'a, Page<Moment>>;
}

/// The deletion of a tag that leaves its commit.
pub trait DeletesTag: Sync {
    /// Deletes a tag that points at this commit, and at this one alone.
    fn delete<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: &'a Tag,
        digest: &'a Digest,
    ) -> Asking<'a, ()>;

    /// Tells whether it goes before the protocol's deletion by name, which isn't known to leave the commit there.
    fn is_safer(&self) -> bool {
        false
    }
}

/// The deletion of a commit with every tag it has.
pub trait DeletesCommit: Sync {
    /// Deletes one that has no other tags than these.
    fn delete<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        digest: &'a Digest,
        tags: &'a [Tag],
    ) -> Asking<'a, ()>;
}

/// Commits that were let go of.
pub trait Restores: Sync {
    /// Puts one back under a tag.
    fn restore<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: &'a Tag,
        digest: &'a Digest,
    ) -> Asking<'a, ()>;
}
