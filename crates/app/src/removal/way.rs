//! How a registry deletes: asked, not looked up.
//!
//! Products and their versions differ, and settings switch deleting off; a DELETE of what isn't there changes nothing.
//! Grows by a [`TagDeletion`] when a registry needs one.

use super::room::{Removal, TagDeletion};
use crate::accounts::{Deletes, Lesson, Remote};
use crate::content::unique;
use crate::view::problem::Problem;
use crate::words::removal as say;
use oci::{Digest, Tag};
use registry::{At, Error, Kind};
use vendors::Part;

impl Removal {
    /// Tells how this registry takes single tags away. Asked once an account, by deleting what isn't there: a tag and, where
    /// that is refused, a digest nobody has. Writes nothing.
    pub(crate) async fn way(&self, remote: &Remote) -> Result<TagDeletion, Problem> {
        let host = &remote.session.account.host;
        let learned = self.accounts.learned(remote.account().id).await;
        if let Some(deletes) = learned.deletes() {
            let way = way_of(deletes, host);
            return Ok(self.or_by_vendor(remote.account().id, host, way).await);
        }
        self.way_anew(remote).await
    }

    /// Asks it, whatever was learnt before, and remembers the answer.
    pub(crate) async fn way_anew(&self, remote: &Remote) -> Result<TagDeletion, Problem> {
        let host = &remote.session.account.host;
        let deletes = match ask_way(remote).await {
            Ok(deletes) => deletes,
            // One repository's own rights say nothing about the others: not remembered.
            Err(error) if error.kind == Kind::Denied => {
                return Ok(TagDeletion::Impossible(remote.problem(&error).what()));
            }
            Err(error) => return Err(remote.problem(&error)),
        };
        let lesson = Lesson::Deletes(Some(deletes));
        self.accounts.learn(&remote.session, lesson).await;
        let way = way_of(deletes, host);
        Ok(self.or_by_vendor(remote.account().id, host, way).await)
    }

    /// Prefers the vendor's own interface, where it has one, to a decoy, and to a deletion by name that may take more than the tag.
    async fn or_by_vendor(&self, account: i64, host: &oci::Host, way: TagDeletion) -> TagDeletion {
        match way {
            TagDeletion::ByName | TagDeletion::ByDecoy
                if self.kinds.deletes_safer(account).await =>
            {
                TagDeletion::ByVendorAlone
            }
            TagDeletion::ByDecoy if self.kinds.is_native(account, Part::DeleteTag).await => {
                TagDeletion::ByVendor
            }
            TagDeletion::Impossible(_) if self.deletes_commits_by_vendor(account).await => {
                TagDeletion::Impossible(say::commits_alone(host))
            }
            way => way,
        }
    }

    /// Tells whether the vendor's own interface deletes commits, where the protocol deletes nothing.
    pub(crate) async fn deletes_commits_by_vendor(&self, account: i64) -> bool {
        self.kinds.is_native(account, Part::DeleteCommit).await
    }

    /// Returns how the registry of an account at a host deletes, where it was asked.
    pub(crate) async fn known_way(&self, account: i64, host: &oci::Host) -> Option<TagDeletion> {
        let learned = self.accounts.learned(account).await;
        let way = way_of(learned.deletes()?, host);
        Some(self.or_by_vendor(account, host, way).await)
    }

    /// Says what the registry said to a deletion. Where it refused what it once took, it is asked anew the next time.
    pub(crate) async fn refused(&self, remote: &Remote, error: &Error) -> Problem {
        if matches!(error.kind, Kind::Refused | Kind::Unsupported) {
            let lesson = Lesson::Deletes(None);
            self.accounts.learn(&remote.session, lesson).await;
        }
        not_deleted(remote, error)
    }
}

fn way_of(deletes: Deletes, host: &oci::Host) -> TagDeletion {
    match deletes {
        Deletes::ByName => TagDeletion::ByName,
        Deletes::ByDigest => TagDeletion::ByDecoy,
        Deletes::Never => TagDeletion::Impossible(say::deleting_off(host)),
    }
}

/// Takes what is not there any more for deleted; a request that was sent again finds it so.
pub(crate) fn deleted(answer: Result<(), Error>) -> Result<(), Error> {
    match answer {
        Err(error) if error.kind == Kind::NotFound => Ok(()),
        other => other,
    }
}

/// Asks how a registry deletes, by deleting what isn't there.
async fn ask_way(remote: &Remote) -> Result<Deletes, Error> {
    let nothing_to_ask = || Error {
        kind: Kind::Malformed("a tag that nobody made is there".to_owned()),
        status: None,
        said: Box::default(),
        request: format!("HEAD {}", remote.registry.name()),
        cause: None,
        elsewhere: None,
    };
    let unused = Tag::parse(&format!("_longshore.{}", unique())).map_err(|_| nothing_to_ask())?;
    if remote
        .registry
        .head(&At::Tag(unused.clone()))
        .await?
        .is_some()
    {
        return Err(nothing_to_ask());
    }
    match deleted(remote.registry.delete(&At::Tag(unused)).await) {
        Ok(()) => return Ok(Deletes::ByName),
        Err(error) if matches!(error.kind, Kind::Refused | Kind::Unsupported) => {}
        Err(error) => return Err(error),
    }
    let nobodys = Digest::sha256_of(unique().as_bytes());
    match deleted(remote.registry.delete(&At::Digest(nobodys)).await) {
        Ok(()) => Ok(Deletes::ByDigest),
        Err(error) if matches!(error.kind, Kind::Refused | Kind::Unsupported) => Ok(Deletes::Never),
        Err(error) => Err(error),
    }
}

/// Says what the registry said to a deletion.
pub(crate) fn not_deleted(remote: &Remote, error: &Error) -> Problem {
    let told = remote.problem(error);
    let host = &remote.session.account.host;
    let said = match error.kind {
        Kind::Unsupported => say::deleting_off(host),
        Kind::Refused => say::refuses(host),
        _ => return told,
    };
    said.problem()
        .hint(say::ask_its_owner())
        .detail(told.detail)
}
