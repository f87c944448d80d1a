//! Taking one tag away without its siblings: by its name, or, where a registry deletes by digest only, by way of a
//! decoy. The one place that deletes a tag in a registry; a commit with all its names is deleted in `commit`.
//!
//! The order is the promise: read the tag, stop where it isn't what was shown, take it away, read it again, and only
//! then say that it is gone. A decoy that can't be deleted gives the tag back what it pointed at.
//!
//! Not here: what else a deletion touches (`plan`), what may be pruned (`prune`).

use super::room::Removal;
use super::room::TagDeletion;
use super::way::{deleted, not_deleted};
use crate::accounts::Remote;
use crate::content::{KnownManifest, decoy, head_of_tag};
use crate::ground::turns::TagTurn;
use crate::view::problem::Problem;
use crate::words;
use crate::words::removal::moved;
use bytes::Bytes;
use oci::{Digest, MediaType, Tag};
use registry::{At, Error, Kind};

/// How a tag came to be gone.
pub(super) enum Gone {
    /// It was already.
    Already,
    /// It was taken away.
    Now {
        /// What somebody pushed between our last look and the taking, where another look of this computer saw it: it has
        /// lost the tag. What no look saw can't be known; no registry tells.
        slipped: Option<Digest>,
    },
}

impl Removal {
    /// Takes a tag away, and nothing else. One that points at something else than `expected` is left alone
    /// (`Code::TagMoved`).
    pub(super) async fn take_tag(
        &self,
        turn: &TagTurn,
        remote: &Remote,
        expected: &Digest,
    ) -> Result<Gone, Problem> {
        let tag = turn.tag();
        // Asked before the tag is, so that nothing comes between reading it and taking it away.
        let way = self.way(remote).await;
        match self.history.points_at(remote, tag).await? {
            None => match self.history.decoy_at(remote, tag).await? {
                None => return Ok(Gone::Already),
                // A crash left it there: the tag goes with it.
                Some(decoy) => {
                    deleted(remote.registry.delete(&At::Digest(decoy)).await)
                        .map_err(|error| not_deleted(remote, &error))?;
                    self.is_gone(turn.place(), tag).await?;
                    return Ok(Gone::Now { slipped: None });
                }
            },
            Some(now) if now != *expected => return Err(moved(tag, &now)),
            Some(_) => {}
        }
        match way? {
            TagDeletion::ByName => deleted(remote.registry.delete(&At::Tag(tag.clone())).await)
                .map_err(|error| not_deleted(remote, &error))?,
            TagDeletion::ByDecoy => self.by_decoy(remote, tag, expected).await?,
            TagDeletion::Impossible(why) => return Err(why.problem()),
        }
        // Some registries say yes and do nothing.
        let after = remote.registry.head(&At::Tag(tag.clone())).await;
        if let Ok(Some(head)) = after {
            return Err(if head.digest == *expected {
                words::removal::yet_has_it(&remote.session.account.host, tag.as_str())
            } else {
                moved(tag, &head.digest)
            });
        }
        let slipped = self.seen_meanwhile(turn, expected).await?;
        // Recorded without asking again: what was done here is nobody else's move.
        self.is_gone(turn.place(), tag).await?;
        Ok(Gone::Now { slipped })
    }

    /// Returns what another look of this computer saw under the tag since it was last read here.
    async fn seen_meanwhile(
        &self,
        turn: &TagTurn,
        expected: &Digest,
    ) -> Result<Option<Digest>, Problem> {
        let (place, tag) = (turn.place().clone(), turn.tag().to_string());
        let periods = self
            .ground
            .db(move |store| store.periods(&place, &tag))
            .await?;
        let last = periods.into_iter().next_back().map(|period| period.digest);
        Ok(last.filter(|last| last != expected))
    }

    /// Points the tag at a manifest of its own, then deletes that by its digest.
    async fn by_decoy(&self, remote: &Remote, tag: &Tag, expected: &Digest) -> Result<(), Problem> {
        // What the tag points at is at hand before it is moved, so that it can be given back.
        let content = self.content.manifest(remote, expected).await?;
        let decoy = decoy(tag, self.ground.registry_now(&remote.place.host));
        remote
            .registry
            .put_blob(&b"{}"[..])
            .await
            .map_err(|error| not_deleted(remote, &error))?;
        let digest = Digest::sha256_of(&decoy);
        let _veil = self.history.veil(digest.clone());
        self.put_and_delete(remote, tag, decoy, &digest, content)
            .await
    }

    async fn put_and_delete(
        &self,
        remote: &Remote,
        tag: &Tag,
        decoy: Bytes,
        digest: &Digest,
        old: KnownManifest,
    ) -> Result<(), Problem> {
        let at = At::Tag(tag.clone());
        // Getting ready took its time: what came under the tag meanwhile is not taken away unseen.
        let now = head_of_tag(remote, tag).await;
        let now = now.map_err(|error| not_deleted(remote, &error))?;
        match now.map(|head| head.digest) {
            Some(now) if now == Digest::sha256_of(&old.bytes) => {}
            Some(now) => return Err(moved(tag, &now)),
            // Somebody was faster.
            None => return Ok(()),
        }
        remote
            .registry
            .put_manifest(&at, &MediaType::OciManifest, decoy)
            .await
            .map_err(|error| no_decoy(remote, tag, &error))?;
        let decoy = At::Digest(digest.clone());
        // What somebody pushed right after it stays; the decoy, which no tag names any more, goes all the same.
        if let Ok(Some(head)) = head_of_tag(remote, tag).await
            && head.digest != *digest
        {
            let _ = remote.registry.delete(&decoy).await;
            return Err(moved(tag, &head.digest));
        }
        let Err(error) = deleted(remote.registry.delete(&decoy).await) else {
            return Ok(());
        };
        // Somebody may have given the tag something of their own meanwhile: that stays.
        if let Ok(Some(head)) = head_of_tag(remote, tag).await
            && head.digest != *digest
        {
            return Err(not_deleted(remote, &error));
        }
        let short = Digest::sha256_of(&old.bytes);
        let back = remote
            .registry
            .put_manifest(&at, &old.media_type, old.bytes)
            .await;
        Err(match back {
            Ok(_) => not_deleted(remote, &error),
            Err(_) => words::removal::decoy_stays(tag)
                .problem()
                .hint(words::removal::make_active_again(short.short()))
                .detail(remote.problem(&error).detail),
        })
    }
}

fn no_decoy(remote: &Remote, tag: &Tag, error: &Error) -> Problem {
    let told = remote.problem(error);
    if error.kind != Kind::Refused {
        return told;
    }
    words::removal::no_decoy(&remote.session.account.host, tag)
        .problem()
        .detail(told.detail)
}
