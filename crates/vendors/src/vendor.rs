//! What a vendor is, and the table of what works how, which is made of what the vendors have.

use crate::interface::Interface;
use crate::parts::{
    Creates, DeletesCommit, DeletesTag, Describes, History, Lists, Projects, Restores, TagFacts,
    TagPushes,
};
use crate::sign::Sign;
use registry::{Seen, TokenActions};
use serde::{Deserialize, Serialize};

/// The vendors, by the names they are stored under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // their names say it
pub enum VendorId {
    /// Any registry that is no other.
    Plain,
    Hub,
    Synapse,
    Polly,
    Harbor,
    Quay,
    Ghcr,
    Gitlab,
    Gitea,
    Ecr,
    EcrPublic,
    Google,
    Acr,
    Artifactory,
    Nexus,
    Zot,
    Pulp,
}

/// What a vendor's interface may have beside the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The repositories of an account, with their words.
    List,
    /// What a repository says of itself, read and written.
    Describe,
    /// A new repository.
    Create,
    /// Tags with what they point at, its size and when it was pushed.
    TagFacts,
    /// What a tag pointed at before, and commits without a tag.
    History,
    /// One tag deleted, its commit left.
    DeleteTag,
    /// A commit deleted with every tag it has.
    DeleteCommit,
    /// A commit put back that was let go of.
    Restore,
}

impl Part {
    /// All parts, in the order of every table.
    pub const ALL: [Self; 8] = [
        Self::List,
        Self::Describe,
        Self::Create,
        Self::TagFacts,
        Self::History,
        Self::DeleteTag,
        Self::DeleteCommit,
        Self::Restore,
    ];
}

/// How a part works with a vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// By the vendor's own interface.
    Native,
    /// By the protocol that all registries speak; what a repository says of itself by a manifest.
    ByProtocol,
    /// By commit tags, and what was seen here.
    ByCommitTags,
    /// Not at all, and why.
    Impossible(Reason),
}

/// What takes the place of a part that isn't there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// The protocol that all registries speak.
    ByProtocol,
    /// Commit tags, and what was seen here.
    ByCommitTags,
    /// Nothing, and why.
    Impossible(Reason),
}

/// Why something can't be had of a vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It serves no deletion to anybody who isn't at its own pages or its own other interface.
    NoDeletion,
    /// It makes a repository when the first image is pushed to it, and at nothing else.
    FirstPush,
}

/// What becomes of a commit that no tag names any more, as the vendor's source or its documents say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetsGo {
    /// Nobody knows; many let go of it at some clean-up.
    Unknown,
    /// It is gone at once.
    AtOnce {
        /// Also where its tag was deleted, and not put on another commit.
        at_deletion: bool,
    },
    /// It is gone so long after its last tag left it.
    After {
        /// How long (seconds).
        seconds: i64,
        /// It answers to nobody in that time, and can be put back.
        hidden: bool,
    },
    /// It stays, until a rule or a person takes it away.
    Stays,
}

/// A vendor's own command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name on the PATH.
    pub name: &'static str,
    /// The arguments by which it prints a line that signs in.
    pub login: &'static [&'static str],
}

/// A vendor: how it is recognised, and which parts its interface has.
pub trait Vendor: Sync {
    /// Returns its name.
    fn id(&self) -> VendorId;

    /// Tells whether it is the one that answered so at `/v2/`.
    fn signs(&self, seen: &Seen) -> Sign;

    /// Tells whether a registry at this host can be its: one whose interface is at a fixed address of its own has its registry at a
    /// fixed name.
    fn may_be_at(&self, _: &oci::Host) -> bool {
        true
    }

    /// Returns where a part of its interface is, and what is shown there.
    fn interface(&self, _: Part) -> Interface {
        Interface::OWN
    }

    /// Returns the actions that its token service may be asked for: some fail at others than they know.
    fn token_actions(&self) -> TokenActions {
        TokenActions::Any
    }

    /// Tells whether its interface knows of images in Docker's own format alone, and of no OCI manifest and no index.
    fn shows_docker_alone(&self) -> bool {
        false
    }

    /// Tells what takes the place of a part that it doesn't have here. Each says it for itself.
    fn lacks(&self, part: Part) -> Fallback;

    /// Tells what becomes of a commit that no tag names any more. Each says it for itself.
    fn lets_go(&self) -> LetsGo;

    /// Tells whether it writes all tags in small letters, and answers to them in any.
    fn folds_tags(&self) -> bool {
        false
    }

    /// Returns the program that its interface is, where it has none but its own command: its parts are to be had where that is on the
    /// PATH and a person let it run.
    fn program(&self) -> Option<Program> {
        None
    }

    /// Returns its list of repositories.
    fn lists(&self) -> Option<&dyn Lists> {
        None
    }

    /// Returns its projects, where a new repository's name begins with one.
    fn projects(&self) -> Option<&dyn Projects> {
        None
    }

    /// Returns its words of repositories.
    fn describes(&self) -> Option<&dyn Describes> {
        None
    }

    /// Returns how it makes a repository.
    fn creates(&self) -> Option<&dyn Creates> {
        None
    }

    /// Returns its tags with what they point at.
    fn facts(&self) -> Option<&dyn TagFacts> {
        None
    }

    /// Returns its tags with when they were pushed last; of those that have no [`facts`](Self::facts).
    fn pushes(&self) -> Option<&dyn TagPushes> {
        None
    }

    /// Returns its memory.
    fn history(&self) -> Option<&dyn History> {
        None
    }

    /// Returns how it deletes a tag.
    fn deletes_tag(&self) -> Option<&dyn DeletesTag> {
        None
    }

    /// Returns how it deletes a commit; of those whose protocol deletes none.
    fn deletes_commit(&self) -> Option<&dyn DeletesCommit> {
        None
    }

    /// Returns how it puts a commit back.
    fn restores(&self) -> Option<&dyn Restores> {
        None
    }
}

/// Tells whether a vendor takes a second sign-in for a part that it has, of an account of this user.
pub fn takes_second(vendor: &dyn Vendor, part: Part, user: Option<&str>) -> bool {
    let is_native = means(vendor, part) == Means::Native;
    is_native && vendor.interface(part).takes_second(user)
}

/// Tells how a part works with a vendor: the one place that this is decided. A part that is there is native.
pub fn means(vendor: &dyn Vendor, part: Part) -> Means {
    let is_native = match part {
        Part::List => vendor.lists().is_some(),
        Part::Describe => vendor.describes().is_some(),
        Part::Create => vendor.creates().is_some(),
        Part::TagFacts => vendor.facts().is_some() || vendor.pushes().is_some(),
        Part::History => vendor.history().is_some(),
        Part::DeleteTag => vendor.deletes_tag().is_some(),
        Part::DeleteCommit => vendor.deletes_commit().is_some(),
        Part::Restore => vendor.restores().is_some(),
    };
    if is_native {
        Means::Native
    } else {
        lacking(vendor, part)
    }
}

/// Tells how a part works with a vendor whose own interface is not to be had.
pub fn lacking(vendor: &dyn Vendor, part: Part) -> Means {
    match vendor.lacks(part) {
        Fallback::ByProtocol => Means::ByProtocol,
        Fallback::ByCommitTags => Means::ByCommitTags,
        Fallback::Impossible(reason) => Means::Impossible(reason),
    }
}
