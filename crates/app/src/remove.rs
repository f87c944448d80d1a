//! Taking one tag away without its siblings: by its name, or, where a registry deletes by digest only, by way of a
//! decoy. The one place that deletes a tag in a registry; a commit with all its names is deleted in `delete/run`.
//!
//! The order is the promise: read the tag, stop where it isn't what was shown, take it away, read it again, and only
//! then say that it is gone. A decoy that can't be deleted gives the tag back what it pointed at.
//!
//! Not here: what else a deletion touches (`delete`), what may be pruned (`keeping`). Grows by a [`Way`] when a
//! registry needs one.

mod decoy;

use self::decoy::{decoy, unique};
use crate::facts::Content;
use crate::house::{Door, House, lock};
use crate::problems;
use crate::reach::head_of_tag;
use crate::view::problem::{Code, Problem};
use bytes::Bytes;
use oci::{Digest, MediaType, Tag};
use registry::{At, Error, Kind, Repository};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Mutex;
use store::{Place, TagChange};
use tokio_util::sync::CancellationToken;

/// How a registry takes a single tag away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By its name.
    ByTag,
    /// By digest only: the tag is pointed at a decoy first, which is then deleted.
    ByDecoy,
    /// Not at all, and why, as a sentence.
    No(String),
}

/// What deletions know in this run.
#[derive(Default)]
pub(crate) struct Removals {
    /// How each account's registry deletes, once it was asked.
    ways: Mutex<HashMap<i64, Way>>,
    /// Ends the deletions that run now.
    stop: Mutex<CancellationToken>,
    /// Decoys that are under a tag just now: nobody's commits.
    decoys: Mutex<HashSet<Digest>>,
    /// The names of a commit that a sheet showed, by repository and digest.
    shown: Mutex<HashMap<(String, Digest), BTreeSet<String>>>,
}

/// Of how many commits is remembered what a sheet showed.
const MOST_SHOWN: usize = 2000;

impl Removals {
    /// Cancelled when the person stops deleting; to be looked at between two deletions, never during one.
    pub fn stopped(&self) -> CancellationToken {
        lock(&self.stop).clone()
    }

    /// How an account's registry deletes, where it was asked in this run.
    pub fn known(&self, account: i64) -> Option<Way> {
        lock(&self.ways).get(&account).cloned()
    }

    /// Ends the deletions that run now; later ones begin anew.
    pub fn stop(&self) {
        std::mem::take(&mut *lock(&self.stop)).cancel();
    }

    /// Whether this is what a tag bears for a moment while it is taken away.
    pub fn is_decoy(&self, digest: &Digest) -> bool {
        lock(&self.decoys).contains(digest)
    }

    /// A sheet showed that a commit goes with these names.
    pub fn show(&self, place: &Place, digest: &Digest, names: BTreeSet<String>) {
        let mut shown = lock(&self.shown);
        if shown.len() >= MOST_SHOWN {
            shown.clear();
        }
        shown.insert((place.path(), digest.clone()), names);
    }

    /// The names a sheet showed; no names where there was no such sheet in this run.
    pub fn shown(&self, place: &Place, digest: &Digest) -> BTreeSet<String> {
        let shown = lock(&self.shown);
        let names = shown.get(&(place.path(), digest.clone()));
        names.cloned().unwrap_or_default()
    }

    /// The sign-in changed: so may have what it is allowed to do.
    pub fn forget(&self, account: i64) {
        lock(&self.ways).remove(&account);
    }
}

impl House {
    /// How this registry takes single tags away. Asked once a run and account, by deleting what isn't there: a tag
    /// and, where that is refused, a digest nobody has. Writes nothing.
    pub async fn way(&self, door: &Door, remote: &Repository) -> Result<Way, Problem> {
        if let Some(way) = lock(&self.removals.ways).get(&door.account.id) {
            return Ok(way.clone());
        }
        let way = match ask_way(remote).await {
            Ok(way) => way,
            // One repository's own rights say nothing about the others: not remembered.
            Err(error) if error.kind == Kind::Denied => {
                return Ok(Way::No(door.problem(&error).message));
            }
            Err(error) if error.kind == Kind::Unsupported => {
                Way::No(deleting_off(&door.account.host))
            }
            Err(error) => return Err(door.problem(&error)),
        };
        lock(&self.removals.ways).insert(door.account.id, way.clone());
        Ok(way)
    }

    /// Takes a tag away, and nothing else. One that points at something else than `expected` is left alone
    /// (`Code::TagMoved`); one that is gone already is fine. Takes the tag's turn: don't hold it.
    pub async fn remove_tag(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &Tag,
        expected: &Digest,
    ) -> Result<(), Problem> {
        self.take_tag(door, place, remote, tag, expected)
            .await
            .map(|_| ())
    }

    /// The same; false where the tag was gone already.
    pub async fn take_tag(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &Tag,
        expected: &Digest,
    ) -> Result<bool, Problem> {
        let _turn = self.turn(format!("push {}:{tag}", place.path())).await;
        // Asked before the tag is, so that nothing comes between reading it and taking it away.
        let way = self.way(door, remote).await;
        match self.look(door, place, remote, tag).await? {
            None => return Ok(false),
            Some(now) if now != *expected => return Err(moved(tag, &now)),
            Some(_) => {}
        }
        match way? {
            Way::ByTag => deleted(remote.delete(&At::Tag(tag.clone())).await)
                .map_err(|error| not_deleted(door, &error))?,
            Way::ByDecoy => self.by_decoy(door, remote, tag, expected).await?,
            Way::No(why) => return Err(problems::plain(why)),
        }
        // Some registries say yes and do nothing.
        let after = remote.head(&At::Tag(tag.clone())).await;
        if let Ok(Some(head)) = after {
            return Err(if head.digest == *expected {
                problems::plain(format!(
                    "{} says that {tag} was deleted, and yet has it.",
                    door.account.host
                ))
                .hint("Try again in a moment; some registries delete later.")
            } else {
                moved(tag, &head.digest)
            });
        }
        // Recorded without asking again: what was done here is nobody else's move.
        let (wanted, name, now) = (place.clone(), tag.to_string(), self.now());
        self.db(move |store| store.change_tag(&wanted, &name, &TagChange::Gone(now)))
            .await?;
        Ok(true)
    }

    /// Points the tag at a manifest of its own, then deletes that by its digest.
    async fn by_decoy(
        &self,
        door: &Door,
        remote: &Repository,
        tag: &Tag,
        expected: &Digest,
    ) -> Result<(), Problem> {
        // What the tag points at is at hand before it is moved, so that it can be given back.
        let content = self.manifest(door, remote, expected).await?;
        let decoy = decoy(tag, self.now());
        remote
            .put_blob(&b"{}"[..])
            .await
            .map_err(|error| not_deleted(door, &error))?;
        let digest = Digest::sha256_of(&decoy);
        lock(&self.removals.decoys).insert(digest.clone());
        let ended = self
            .put_and_delete(door, remote, tag, decoy, &digest, content)
            .await;
        lock(&self.removals.decoys).remove(&digest);
        ended
    }

    async fn put_and_delete(
        &self,
        door: &Door,
        remote: &Repository,
        tag: &Tag,
        decoy: Bytes,
        digest: &Digest,
        old: Content,
    ) -> Result<(), Problem> {
        let at = At::Tag(tag.clone());
        // Getting ready took its time: what came under the tag meanwhile is not taken away unseen.
        let now = head_of_tag(remote, tag).await;
        let now = now.map_err(|error| not_deleted(door, &error))?;
        match now.map(|head| head.digest) {
            Some(now) if now == Digest::sha256_of(&old.bytes) => {}
            Some(now) => return Err(moved(tag, &now)),
            // Somebody was faster.
            None => return Ok(()),
        }
        remote
            .put_manifest(&at, &MediaType::OciManifest, decoy)
            .await
            .map_err(|error| no_decoy(door, tag, &error))?;
        let decoy = At::Digest(digest.clone());
        let Err(error) = deleted(remote.delete(&decoy).await) else {
            return Ok(());
        };
        // Somebody may have given the tag something of their own meanwhile: that stays.
        if let Ok(Some(head)) = head_of_tag(remote, tag).await
            && head.digest != *digest
        {
            return Err(not_deleted(door, &error));
        }
        let short = Digest::sha256_of(&old.bytes);
        let back = remote.put_manifest(&at, &old.media_type, old.bytes).await;
        Err(match back {
            Ok(_) => not_deleted(door, &error),
            Err(_) => problems::plain(format!(
                "{tag} could not be deleted, and points at an empty manifest now."
            ))
            .hint(format!(
                "Make {} active again in its timeline.",
                short.short()
            ))
            .detail(door.problem(&error).detail),
        })
    }
}

/// What is not there any more is deleted; a request that was sent again finds it so.
pub(crate) fn deleted(answer: Result<(), Error>) -> Result<(), Error> {
    match answer {
        Err(error) if error.kind == Kind::NotFound => Ok(()),
        other => other,
    }
}

/// Asks by deleting what isn't there.
async fn ask_way(remote: &Repository) -> Result<Way, Error> {
    let nothing_to_ask = || Error {
        kind: Kind::Malformed("a tag that nobody made is there".to_owned()),
        status: None,
        said: Vec::new(),
        request: format!("HEAD {}", remote.name()),
        cause: None,
    };
    let unused = Tag::parse(&format!("_longshore.{}", unique())).map_err(|_| nothing_to_ask())?;
    if remote.head(&At::Tag(unused.clone())).await?.is_some() {
        return Err(nothing_to_ask());
    }
    match deleted(remote.delete(&At::Tag(unused)).await) {
        Ok(()) => return Ok(Way::ByTag),
        Err(error) if matches!(error.kind, Kind::Refused | Kind::Unsupported) => {}
        Err(error) => return Err(error),
    }
    let nobodys = Digest::sha256_of(unique().as_bytes());
    match deleted(remote.delete(&At::Digest(nobodys)).await) {
        Ok(()) => Ok(Way::ByDecoy),
        Err(error) if error.kind == Kind::Refused => Err(Error {
            kind: Kind::Unsupported,
            ..error
        }),
        Err(error) => Err(error),
    }
}

/// The tag is left alone.
pub(crate) fn moved(tag: &Tag, now: &Digest) -> Problem {
    problems::coded(
        Code::TagMoved,
        format!(
            "{tag} was moved meanwhile: it points at {} now. It was left alone.",
            now.short()
        ),
    )
    .hint("Look again, then delete.")
}

fn deleting_off(host: &oci::Host) -> String {
    format!("{host} doesn’t let anything be deleted this way; its own website may.")
}

/// What the registry says to a deletion.
pub(crate) fn not_deleted(door: &Door, error: &Error) -> Problem {
    let told = door.problem(error);
    let host = &door.account.host;
    let message = match error.kind {
        Kind::Unsupported => deleting_off(host),
        Kind::Refused => format!("{host} refuses to delete this."),
        _ => return told,
    };
    problems::plain(message)
        .hint("Ask whoever runs it; some keep tags from being changed or deleted.")
        .detail(told.detail)
}

fn no_decoy(door: &Door, tag: &Tag, error: &Error) -> Problem {
    let told = door.problem(error);
    if error.kind != Kind::Refused {
        return told;
    }
    problems::plain(format!(
        "{} refuses the empty manifest that would take the place of {tag}, so nothing was deleted.",
        door.account.host
    ))
    .detail(told.detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stopping_ends_what_runs_and_not_what_comes() {
        let removals = Removals::default();
        let running = removals.stopped();
        removals.stop();
        assert!(running.is_cancelled() && !removals.stopped().is_cancelled());
    }
}
