//! Keeping a commit: giving it a commit tag, so that it outlives the move of its tag.

use crate::facts::Content;
use crate::house::{Door, House};
use crate::problems;
use crate::reach::head_of_tag;
use crate::rows::Shelf;
use crate::view::browse::{KeepRule, TimeKind};
use crate::view::problem::{Code, Problem};
use oci::{CommitTag, CommitTagError, Digest, Tag, UtcSeconds};
use registry::{At, Kind, Repository};
use store::{Place, TagChange};

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
    No(String),
}

impl House {
    /// How the commit that a tag points at now would be kept. The time is when it became active, as best known,
    /// else when it was first seen; never when it was built.
    pub async fn keepable(
        &self,
        place: &Place,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<Keepable, Problem> {
        let (wanted, name) = (place.clone(), tag.to_string());
        let (entries, periods) = self
            .db(move |store| {
                Ok((
                    Shelf::of_tag(store, &wanted, &name)?.entries(&name),
                    store.periods(&wanted, &name)?,
                ))
            })
            .await?;
        let entry = entries
            .into_iter()
            .find(|entry| entry.commit == timeline::Commit::Whole(digest.clone()));
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
            _ => seen().unwrap_or_else(|| self.now()),
        };
        Ok(match CommitTag::new(tag, UtcSeconds(at), digest) {
            Ok(name) => Keepable::As { name, there: false },
            Err(CommitTagError::TooLong) => Keepable::No(format!(
                "A commit tag of {} would be too long: a tag may have at most {} characters for that.",
                problems::bounded(tag.as_str(), 40),
                oci::MAX_TAG
            )),
            Err(CommitTagError::OfCommitTag) => Keepable::No(format!(
                "{tag} is itself a commit tag; what it points at isn’t kept again."
            )),
        })
    }

    /// Writes a commit tag: the commit's own manifest, byte for byte, under another name. The problem is the cause alone.
    pub async fn keep(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        name: &CommitTag,
        content: Content,
    ) -> Result<(), Problem> {
        let put = remote
            .put_manifest(&At::Tag(name.name()), &content.media_type, content.bytes)
            .await
            .map_err(|error| problems::of_write(&error, &door.account, &name.to_string()))?;
        if !name.matches(&put.digest) {
            return Err(problems::plain(
                "The registry stored something else under the commit tag.",
            ));
        }
        self.kept(place, name, put.digest).await
    }

    /// Keeps a commit that this computer pushed and now finds displaced, where the repository keeps at each
    /// overwrite: that rule is the yes. Asked once, when the displacement is news.
    pub async fn keep_displaced(&self, door: &Door, place: &Place, remote: &Repository, tag: &Tag) {
        if !self.keeps_overwritten(place).await.unwrap_or_default() {
            return;
        }
        let (wanted, name) = (place.clone(), tag.to_string());
        let Ok(periods) = self.db(move |store| store.periods(&wanted, &name)).await else {
            return;
        };
        let [.., ours, theirs] = periods.as_slice() else {
            return;
        };
        if !ours.exact || theirs.exact {
            return;
        }
        let keepable = self.keepable(place, tag, &ours.digest).await;
        if !matches!(keepable, Ok(Keepable::As { there: false, .. })) {
            return;
        }
        // What the repository says now holds, not what it said when this computer last asked.
        let _ = self.look_about(door, place, remote).await;
        if self.keeps_overwritten(place).await.unwrap_or_default() {
            // What can't be kept any more shows as gone once its commits are asked for.
            let _ = self
                .give_commit_tag(door, place, remote, tag, &ours.digest, |_| {})
                .await;
        }
    }

    /// Remembers a commit tag that is there.
    pub async fn kept(
        &self,
        place: &Place,
        name: &CommitTag,
        digest: Digest,
    ) -> Result<(), Problem> {
        let (place, name) = (place.clone(), name.to_string());
        self.db(move |store| store.change_tag(&place, &name, &TagChange::PointsAt(digest)))
            .await
    }

    /// Whether the repository keeps what is overwritten without being asked each time.
    pub async fn keeps_overwritten(&self, place: &Place) -> Result<bool, Problem> {
        Ok(self
            .rule(place)
            .await?
            .is_some_and(KeepRule::keeps_overwritten))
    }

    /// Keeps the commit a tag is about to leave; its commit tag. Nothing has been overwritten yet.
    pub async fn keep_before(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<CommitTag, Problem> {
        self.give_commit_tag(door, place, remote, tag, digest, |_| {})
            .await?
            .map_err(|cause| not_kept(cause, digest.short()))
    }

    /// Gives a commit a commit tag, or finds the one it has; the inner problem tells why that can't be. Whatever
    /// somebody put under the name is not ours to overwrite. `writing` is told the name while it is on its way.
    pub async fn give_commit_tag(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &Tag,
        digest: &Digest,
        writing: impl Fn(Option<&CommitTag>),
    ) -> Result<Result<CommitTag, Problem>, Problem> {
        let name = match self.keepable(place, tag, digest).await? {
            Keepable::As { name, .. } => name,
            Keepable::No(why) => return Ok(Err(problems::coded(Code::NotKept, why))),
        };
        // A commit tag remembered here may have been removed or moved there: one HEAD tells.
        let there = match head_of_tag(remote, &name.name()).await {
            Ok(head) => head.map(|head| head.digest),
            // A registry that refuses the name refuses it in better words when it is written.
            Err(error) if matches!(error.kind, Kind::Refused | Kind::Unsupported) => None,
            // Somebody's may be there: nothing is written over what can't be read.
            Err(error) => return Ok(Err(door.problem(&error))),
        };
        if there.as_ref() == Some(digest) {
            self.kept(place, &name, digest.clone()).await?;
        } else if let Some(other) = there {
            let cause = format!("Its commit tag {name} points at {} there.", other.short());
            return Ok(Err(problems::plain(cause)));
        } else {
            let content = match self.manifest(door, remote, digest).await {
                Ok(content) => content,
                Err(cause) => return Ok(Err(cause)),
            };
            writing(Some(&name));
            let kept = self.keep(door, place, remote, &name, content).await;
            writing(None);
            if let Err(cause) = kept {
                return Ok(Err(cause));
            }
        }
        self.stale_tags(place).await;
        Ok(Ok(name))
    }
}

/// A commit tag as the registry lists it, and a sentence where that is another name: some write tags in lower case.
pub(crate) async fn as_listed(remote: &Repository, name: &CommitTag) -> (String, Option<String>) {
    let written = name.to_string();
    let lower = written.to_lowercase();
    if written == lower {
        return (written, None);
    }
    let Ok(tags) = remote.tags().all().await else {
        return (written, None);
    };
    let lists = |name: &str| tags.iter().any(|tag| tag.as_str() == name);
    if lists(&written) || !lists(&lower) {
        return (written, None);
    }
    let note = format!("This registry writes tags in lower case: the commit is kept as {lower}.");
    (lower, Some(note))
}

/// The old commit can't be kept: the person is asked before anything is overwritten.
pub(crate) fn not_kept(cause: Problem, short: &str) -> Problem {
    Problem {
        // A sign-in that expired is asked for in place; the push then starts again.
        code: if cause.code == Code::SignIn {
            Code::SignIn
        } else {
            Code::NotKept
        },
        message: format!(
            "{short} could not be kept, so nothing was overwritten. {}",
            cause.message
        ),
        hints: vec!["Push again without keeping it, or leave things as they are.".to_owned()],
        detail: cause.detail,
    }
}
