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
use crate::content::{KnownManifest, Shape, decoy, head_of_tag};
use crate::ground::turns::TagTurn;
use crate::tasks::Running;
use crate::view::problem::Problem;
use crate::words;
use crate::words::removal::moved;
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
        running: &Running,
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
        let way = way?;
        let by_name = way == TagDeletion::ByName;
        let at = At::Tag(tag.clone());
        match way {
            TagDeletion::ByName => {
                let answer = remote.registry.delete(&at).await;
                let names = std::slice::from_ref(tag);
                let ended = self.ended(remote, &at, names, expected, answer).await?;
                if let Err(error) = ended {
                    return Err(self.refused(remote, &error).await);
                }
            }
            // It takes the tag of this very commit, and nothing else.
            TagDeletion::ByVendor if self.kinds.delete_tag(remote, tag, expected).await? => {}
            // Nothing is put in the place of what it doesn't let go.
            TagDeletion::ByVendorAlone => {
                let answer = self.kinds.delete_tag(remote, tag, expected).await;
                // What it did all the same, be the answer what it was, is done.
                let is_done = matches!(answer, Ok(true))
                    || matches!(head_of_tag(remote, tag).await, Ok(None));
                if !is_done {
                    let host = &remote.session.account.host;
                    let refused = words::removal::refuses(host).problem();
                    let refused = refused.hint(words::removal::ask_its_owner());
                    return Err(answer.err().unwrap_or(refused));
                }
            }
            TagDeletion::ByVendor | TagDeletion::ByDecoy => {
                self.by_decoy(remote, tag, expected, running).await?;
            }
            TagDeletion::Impossible(why) => return Err(why.problem()),
        }
        // Some registries say yes and take their time, or do nothing.
        if let Some(left) = self.left(remote, &at, expected, running).await {
            if left != *expected {
                return Err(moved(tag, &left));
            }
            let host = &remote.session.account.host;
            if !by_name {
                return Err(words::removal::yet_has_it(host, tag.as_str()));
            }
            self.awaits(turn.place(), tag, expected).await?;
            return Err(words::removal::has_it_for_now(host, tag.as_str()));
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

    /// Points the tag at a manifest of its own, in a form that the registry takes, then deletes that by its digest.
    async fn by_decoy(
        &self,
        remote: &Remote,
        tag: &Tag,
        expected: &Digest,
        running: &Running,
    ) -> Result<(), Problem> {
        // What the tag points at is at hand before it is moved, so that it can be given back.
        let old = self.content.manifest(remote, expected).await?;
        let (mut shape, mut first) = (Shape::Empty, None);
        loop {
            self.content
                .prepare(remote, shape)
                .await
                .map_err(|error| not_deleted(remote, &error))?;
            let bytes = decoy(tag, self.ground.registry_now(&remote.place.host), shape);
            let digest = Digest::sha256_of(&bytes);
            let _veil = self.history.veil(digest.clone());
            // Getting ready took its time: what came under the tag meanwhile is not taken away unseen.
            let now = head_of_tag(remote, tag).await;
            match now.map_err(|error| not_deleted(remote, &error))? {
                Some(now) if now.digest == *expected => {}
                Some(now) => return Err(moved(tag, &now.digest)),
                // Somebody was faster.
                None => return Ok(()),
            }
            let put = remote
                .registry
                .put_manifest(&At::Tag(tag.clone()), &MediaType::OciManifest, bytes)
                .await;
            let Err(error) = put else {
                return self.delete_decoy(remote, tag, &digest, old, running).await;
            };
            if let Some(next) = shape.after(&error) {
                shape = next;
                first = Some(error);
                continue;
            }
            // Gateways give up on what the registry behind them does all the same: then the decoy is there, as if it had
            // been answered.
            if bears(remote, tag).await.as_ref() == Some(&digest) {
                return self.delete_decoy(remote, tag, &digest, old, running).await;
            }
            return Err(no_decoy(remote, tag, &first.unwrap_or(error)));
        }
    }

    /// Deletes the decoy that a tag bears. Where that fails, or is promised and not done, the tag gets back what it had.
    async fn delete_decoy(
        &self,
        remote: &Remote,
        tag: &Tag,
        digest: &Digest,
        old: KnownManifest,
        running: &Running,
    ) -> Result<(), Problem> {
        let at = At::Tag(tag.clone());
        let decoy = At::Digest(digest.clone());
        // What somebody pushed right after it stays; the decoy, which no tag names any more, goes all the same.
        if let Some(now) = bears(remote, tag).await
            && now != *digest
        {
            let _ = remote.registry.delete(&decoy).await;
            return Err(moved(tag, &now));
        }
        let answer = remote.registry.delete(&decoy).await;
        let answer = self.ended(remote, &at, &[], digest, answer).await?;
        let left = match &answer {
            Ok(()) => self.left(remote, &at, digest, running).await,
            Err(_) => bears(remote, tag).await,
        };
        let told = match &answer {
            Ok(()) if left.as_ref() != Some(digest) => return Ok(()),
            Ok(()) => words::removal::yet_has_it(&remote.session.account.host, tag.as_str()),
            Err(error) => self.refused(remote, error).await,
        };
        // Somebody may have given the tag something of their own meanwhile: that stays.
        if left.is_some_and(|left| left != *digest) {
            return Err(told);
        }
        let signed = oci::signed_bytes(&old.media_type, &old.bytes);
        let given = Digest::sha256_of(&signed);
        let back = remote
            .registry
            .put_manifest(&at, &old.media_type, old.bytes.clone())
            .await;
        if back.is_ok() || bears(remote, tag).await.as_ref() == Some(&given) {
            return Err(told);
        }
        Err(words::removal::decoy_stays(tag)
            .problem()
            .hint(words::removal::make_active_again(given.short()))
            .detail(told.detail))
    }
}

/// Returns what a tag bears, as far as it can be told.
async fn bears(remote: &Remote, tag: &Tag) -> Option<Digest> {
    let head = head_of_tag(remote, tag).await;
    head.ok().flatten().map(|head| head.digest)
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
