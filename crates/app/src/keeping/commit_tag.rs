//! Keeping a commit: giving it a commit tag, so that it outlives the move of its tag.

use super::room::Keeping;
use crate::accounts::Remote;
use crate::content::{KnownManifest, head_of_tag};
use crate::history::TagRecords;
use crate::view::browse::TimeKind;
use crate::view::note::Note;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use crate::words;
use oci::{CommitTag, CommitTagError, Digest, Tag, UtcSeconds};
use registry::{At, Kind};
use store::{Place, TagChange};
use timeline::Commit;

/// Whether, and under which name, a commit can be kept.
#[derive(Clone, Debug)]
pub(crate) enum Keepable {
    /// Its commit tag; `there` where this very entry has one already.
    As {
        /// The name.
        name: CommitTag,
        /// The entry has it already.
        there: bool,
    },
    /// It can't, and why.
    No(Said),
}

impl Keeping {
    /// Tells how the commit that a tag points at now would be kept. The time is when it became active, as best known,
    /// else when it was first seen; never when it was built.
    pub(crate) async fn keepable(
        &self,
        place: &Place,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<Keepable, Problem> {
        let (wanted, name) = (place.clone(), tag.to_string());
        let (entries, periods) = self
            .ground
            .db(move |store| {
                Ok((
                    TagRecords::of_tag(store, &wanted, &name)?.entries(&name),
                    store.periods(&wanted, &name)?,
                ))
            })
            .await?;
        let entry = entries
            .into_iter()
            .find(|entry| entry.commit == Commit::Whole(digest.clone()));
        if let Some(name) = entry.as_ref().and_then(|entry| entry.own_tag.clone()) {
            return Ok(Keepable::As { name, there: true });
        }
        let seen = || {
            periods
                .iter()
                .rev()
                .find(|period| period.digest == *digest)
                .map(|period| period.first_seen)
        };
        let at = match entry.map(|entry| entry.time) {
            Some(time) if time.kind != TimeKind::Built => time.at,
            _ => seen().unwrap_or_else(|| self.ground.now()),
        };
        Ok(match CommitTag::new(tag, UtcSeconds(at), digest) {
            Ok(name) => Keepable::As { name, there: false },
            Err(CommitTagError::TooLong) => {
                let start = words::bounded(tag.as_str(), 40);
                Keepable::No(words::keeping::tag_too_long(&start, &oci::MAX_TAG))
            }
            Err(CommitTagError::OfCommitTag) => Keepable::No(words::keeping::is_commit_tag(tag)),
        })
    }

    /// Writes a commit tag: the commit's own manifest, byte for byte, under another name. The problem is the cause alone.
    pub(crate) async fn write_commit_tag(
        &self,
        remote: &Remote,
        name: &CommitTag,
        content: KnownManifest,
    ) -> Result<(), Problem> {
        let put = remote
            .registry
            .put_manifest(&At::Tag(name.name()), &content.media_type, content.bytes)
            .await
            .map_err(|error| words::of_write(&error, &remote.session.account, &name.to_string()))?;
        if !name.matches(&put.digest) {
            return Err(words::keeping::other_stored().problem());
        }
        self.record_commit_tag(&remote.place, name, put.digest)
            .await
    }

    /// Remembers a commit tag that is there.
    pub async fn record_commit_tag(
        &self,
        place: &Place,
        name: &CommitTag,
        digest: Digest,
    ) -> Result<(), Problem> {
        let (place, name) = (place.clone(), name.to_string());
        self.ground
            .db(move |store| store.change_tag(&place, &name, &TagChange::PointsAt(digest)))
            .await
    }

    /// Gives a commit a commit tag, or finds the one it has; the inner problem tells why that can't be. Whatever
    /// somebody put under the name is not ours to overwrite. `writing` is told the name while it is on its way.
    pub(crate) async fn give_commit_tag(
        &self,
        remote: &Remote,
        tag: &Tag,
        digest: &Digest,
        writing: impl Fn(Option<&CommitTag>),
    ) -> Result<Result<CommitTag, Problem>, Problem> {
        let _turn = self.ground.turns.commit_tag(&remote.place, digest).await;
        let name = match self.keepable(&remote.place, tag, digest).await? {
            Keepable::As { name, .. } => name,
            Keepable::No(why) => return Ok(Err(why.coded(Code::NotKept))),
        };
        // A commit tag remembered here may have been removed or moved there: one HEAD tells.
        let there = match head_of_tag(remote, &name.name()).await {
            Ok(head) => head.map(|head| head.digest),
            // A registry that refuses the name refuses it in better words when it is written.
            Err(error) if matches!(error.kind, Kind::Refused | Kind::Unsupported) => None,
            // Somebody's may be there: nothing is written over what can't be read.
            Err(error) => return Ok(Err(remote.problem(&error))),
        };
        if there.as_ref() == Some(digest) {
            self.record_commit_tag(&remote.place, &name, digest.clone())
                .await?;
        } else if let Some(other) = there {
            let cause = words::keeping::name_is_taken(&name, other.short());
            return Ok(Err(cause.problem()));
        } else {
            let content = match self.content.manifest(remote, digest).await {
                Ok(content) => content,
                Err(cause) => return Ok(Err(cause)),
            };
            writing(Some(&name));
            let kept = self.write_commit_tag(remote, &name, content).await;
            writing(None);
            if let Err(cause) = kept {
                return Ok(Err(cause));
            }
        }
        self.ground.stale_tags(&remote.place).await;
        Ok(Ok(name))
    }
}

/// Returns a commit tag as the registry lists it, and a note where that is another name: some write tags in lower case.
pub(crate) async fn as_listed(remote: &Remote, name: &CommitTag) -> (String, Option<Note>) {
    let written = name.to_string();
    let lower = written.to_lowercase();
    if written == lower {
        return (written, None);
    }
    let Ok(tags) = remote.registry.tags().all().await else {
        return (written, None);
    };
    let lists = |name: &str| tags.iter().any(|tag| tag.as_str() == name);
    if lists(&written) || !lists(&lower) {
        return (written, None);
    }
    let note = words::keeping::in_lower_case(&lower).note_of(lower.clone());
    (lower, Some(note))
}

/// Says that the old commit can't be kept: the person is asked, as `hint` says, before anything is overwritten.
pub(crate) fn not_kept(cause: Problem, short: &str, hint: Said) -> Problem {
    words::keeping::not_kept_nor_overwritten(short, cause.what())
        .coded(code_of(&cause))
        .hint(hint)
        .detail(cause.detail)
}

/// Returns the code of a commit that could not be kept. A sign-in that expired is asked for in place; the act then
/// starts again.
pub(super) fn code_of(cause: &Problem) -> Code {
    match cause.code {
        Code::SignIn => Code::SignIn,
        _ => Code::NotKept,
    }
}
