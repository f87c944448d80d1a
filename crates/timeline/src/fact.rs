//! What a source can say of a tag, and the words for times and sources that cross to the window.
//!
//! Not here: what follows from several facts (`merge`). Grows by a [`FactKind`] when a new source appears.

use oci::{Beginning, CommitTag, Digest};
use serde::Serialize;
use ts_rs::TS;

/// One fact about one tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// When the tag pointed at the commit (seconds, UTC).
    pub at: i64,
    /// Which commit.
    pub commit: Commit,
    /// Who says so, and how much is said.
    pub kind: FactKind,
    /// Order of what this computer saw within one second; absent for other sources.
    pub order: Option<i64>,
}

/// A commit, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Commit {
    /// None: the tag was seen to be deleted. It parts what is before from what comes after, and is no entry.
    Nothing,
    /// Its digest.
    Whole(Digest),
    /// Only as many of its digits as a commit tag carries.
    Start(String),
    /// A commit tag that points at something else than it says: believed by nobody, shown as such.
    Lie(CommitTag),
}

/// Who says so, and how much is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// This computer made it so: it began then.
    DoneHere {
        /// The name of the sign-in it was done with.
        who: Option<String>,
    },
    /// The vendor's own interface: it began then.
    Vendor {
        /// The name of the sign-in it was done with, where the vendor tells.
        who: Option<String>,
    },
    /// A commit tag: it began then, or was noticed by then, somebody says.
    CommitTag {
        /// The commit tag.
        name: CommitTag,
        /// What is known of it itself.
        standing: Standing,
    },
    /// This computer saw it so; `first` where nothing had ever been seen of the tag before.
    SeenHere {
        /// Nothing had been seen of the tag before.
        first: bool,
    },
    /// Another computer says so: that it made it so (`exact`), or only that it saw it.
    Imported {
        /// It made it so itself: it began then, that computer says.
        exact: bool,
        /// It had seen nothing of the tag before.
        first: bool,
        /// The name of the sign-in it was done with there.
        who: Option<String>,
    },
}

/// What is known of a commit tag itself. However it stands, it tells; only one that was shown keeps anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The registry was asked, and showed what it points at.
    Shown,
    /// The registry lists it; nobody asked what it points at.
    Listed,
    /// The registry no longer has it.
    Gone,
}

impl FactKind {
    /// Returns where a fact of this kind comes from.
    pub(crate) fn source(&self) -> Source {
        match self {
            Self::Vendor { .. } => Source::Registry,
            Self::CommitTag { .. } => Source::CommitTag,
            Self::DoneHere { .. } | Self::SeenHere { .. } => Source::SeenHere,
            Self::Imported { .. } => Source::Imported,
        }
    }

    /// Ranks whose word counts most; lower is better.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::DoneHere { .. } => 0,
            Self::Vendor { .. } => 1,
            Self::CommitTag { .. } => 2,
            Self::SeenHere { .. } => 3,
            Self::Imported { .. } => 4,
        }
    }

    /// Tells whether it says when the commit became active, and not just that it was active.
    pub(crate) fn began(&self) -> bool {
        match self {
            Self::DoneHere { .. } | Self::Vendor { .. } => true,
            Self::CommitTag { name, .. } => name.beginning == Beginning::Since,
            Self::SeenHere { .. } => false,
            Self::Imported { exact, .. } => *exact,
        }
    }

    /// Returns the sign-in with which it was done, where that is known.
    pub(crate) fn who(&self) -> Option<&str> {
        match self {
            Self::DoneHere { who } | Self::Vendor { who } | Self::Imported { who, .. } => {
                who.as_deref()
            }
            Self::CommitTag { .. } | Self::SeenHere { .. } => None,
        }
    }
}

/// A time and where it is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TimeFact {
    /// Seconds since the epoch, UTC.
    #[ts(type = "number")]
    pub at: i64,
    /// What happened then.
    pub kind: TimeKind,
    /// Who says so.
    pub source: Source,
    /// Of a time that was only noticed: the tag was something else at least until then, so it is newer than that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub after: Option<i64>,
}

impl TimeFact {
    /// Returns the time below which nothing newer can be known to be: the time itself, or, where it was only noticed that
    /// it was so already, what it is known to be newer than; none where that is nothing.
    pub fn place(&self) -> Option<i64> {
        match self.kind {
            TimeKind::Since | TimeKind::Built | TimeKind::Pushed => Some(self.at),
            TimeKind::By => self.after,
        }
    }
}

/// What a time tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TimeKind {
    /// Became active at this time.
    Since,
    /// Was active at the latest by this time ("before 9 Nov 16:40").
    By,
    /// Was built then; when it was pushed nobody knows.
    Built,
    /// Was pushed then; since when the tag points at it nobody knows.
    Pushed,
}

/// How old a commit is, for one of which nobody knows since when its tag points at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// When it was pushed or built (seconds, UTC).
    pub at: i64,
    /// It was pushed then, its registry says; else it was built then, its config says.
    pub was_pushed: bool,
}

impl Age {
    /// Takes when its config says that it was built.
    pub fn built(at: i64) -> Self {
        Self {
            at,
            was_pushed: false,
        }
    }

    /// Takes when its registry says that it was pushed.
    pub fn pushed(at: i64) -> Self {
        Self {
            at,
            was_pushed: true,
        }
    }

    /// Returns it as a time with its source.
    pub fn time(self) -> TimeFact {
        let (kind, source) = if self.was_pushed {
            (TimeKind::Pushed, Source::Registry)
        } else {
            (TimeKind::Built, Source::ImageLabel)
        };
        TimeFact {
            at: self.at,
            kind,
            source,
            after: None,
        }
    }
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The registry's own answer.
    Registry,
    /// A commit tag.
    CommitTag,
    /// The image's config or labels.
    ImageLabel,
    /// This computer saw or did it.
    SeenHere,
    /// Another computer's export, or another tool's listing, said so.
    Imported,
}

/// Who did something, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// The name of their sign-in.
    pub name: String,
    /// It was this computer's own person.
    pub you: bool,
    /// Who says so.
    pub source: Source,
}
