//! What vendors tell, in one form for all of them.

use oci::{Digest, Platform, RepositoryName, Tag, UtcSeconds};
use registry::Next;

/// Where in a list a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// At its begin.
    #[default]
    First,
    /// At the page of this number, counted from 1.
    Number(u32),
    /// Where a link leads.
    Link(Next),
    /// Where a text says that the vendor gave for it.
    Text(String),
}

impl Cursor {
    /// Returns the number of the page, where pages are numbered.
    pub(crate) fn number(&self) -> u32 {
        match self {
            Self::Number(number) => *number,
            _ => 1,
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What could be read of it.
    pub rows: Vec<T>,
    /// How many entries the vendor sent, those that couldn't be read included; an entry may be several rows or none.
    pub sent: usize,
    /// How many of them couldn't be read.
    pub left_out: usize,
    /// How many the whole list has, where the vendor tells.
    pub total: Option<u64>,
    /// The vendor's clock when it answered.
    pub date: Option<UtcSeconds>,
    /// The next page; none: this is the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes the only page of a list with nothing in it.
    pub(crate) fn empty() -> Self {
        Self {
            rows: Vec::new(),
            sent: 0,
            left_out: 0,
            total: None,
            date: None,
            next: None,
        }
    }

    /// Makes others of its rows.
    pub(crate) fn with_rows<U>(self, of: impl FnOnce(Vec<T>) -> Vec<U>) -> Page<U> {
        Page {
            rows: of(self.rows),
            sent: self.sent,
            left_out: self.left_out,
            total: self.total,
            date: self.date,
            next: self.next,
        }
    }

    /// Makes something else of its rows.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(each).collect(),
            sent: self.sent,
            left_out: self.left_out,
            total: self.total,
            date: self.date,
            next: self.next,
        }
    }
}

/// A repository in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: RepositoryName,
    /// What it says of itself.
    pub words: Words,
    /// The vendor's own name for it, where its calls want one.
    pub id: Option<String>,
    /// When it was made.
    pub created: Option<UtcSeconds>,
    /// Who made it.
    pub created_by: Option<String>,
    /// When something in it was last changed.
    pub updated: Option<UtcSeconds>,
    /// How many tags it has.
    pub tags: Option<u64>,
    /// Whether only some may see it.
    pub private: Option<bool>,
}

/// What a repository says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// In a sentence or two.
    pub description: Option<String>,
    /// At length.
    pub full: Option<String>,
    /// Which version of it this is, where the vendor tells them apart.
    pub version: Option<String>,
    /// The description is longer than what was read of it.
    pub is_cut: bool,
}

/// What a repository is to say of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewWords {
    /// In a sentence or two.
    pub description: String,
    /// At length, where the vendor has that; none: that stays as it is.
    pub full: Option<String>,
}

/// A tag with what it points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagFact {
    /// The tag.
    pub tag: Tag,
    /// What it points at.
    pub digest: Digest,
    /// Since when it does (`exact`), or when its commit was pushed.
    pub pushed: Option<UtcSeconds>,
    /// The time is that of the tag, and not of its commit.
    pub exact: bool,
    /// Who pushed it.
    pub by: Option<String>,
    /// What it is; none where it may be a manifest of ours: then the registry itself is asked.
    pub what: Option<Image>,
}

/// The last push of a tag. What it pushed nobody says: that takes a look at the tag after it, and none of the vendor's other words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPush {
    /// The tag.
    pub tag: Tag,
    /// When it was pushed.
    pub at: UtcSeconds,
    /// Who pushed it.
    pub by: Option<String>,
}

/// What a vendor tells of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagTold {
    /// What it points at.
    Fact(TagFact),
    /// When it was pushed last, and no more.
    Push(TagPush),
}

impl TagTold {
    /// Returns the tag.
    pub fn tag(&self) -> &Tag {
        match self {
            Self::Fact(fact) => &fact.tag,
            Self::Push(push) => &push.tag,
        }
    }
}

/// What is no manifest of ours, as its vendor tells it. What isn't told is for its manifest to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Compressed bytes of an image for one platform.
    pub size: Option<u64>,
    /// What that runs on.
    pub platform: Option<Platform>,
}

/// What a tag pointed at for a while, or a commit without a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The commit.
    pub digest: Digest,
    /// The tag; none: it has none.
    pub tag: Option<Tag>,
    /// Since when.
    pub from: UtcSeconds,
    /// Until when; none: it is so, or nobody says.
    pub until: Option<UtcSeconds>,
    /// Who made it so.
    pub by: Option<String>,
    /// Until when it can be put back.
    pub restorable_until: Option<UtcSeconds>,
    /// What it is, where it has no tag.
    pub what: Option<Image>,
}
