//! Keeping a commit: giving it a commit tag, so that it outlives the move of its tag.

use crate::facts::Content;
use crate::house::{Door, House};
use crate::rows::Shelf;
use crate::view::browse::{KeepRule, TimeKind};
use crate::view::problem::{Code, Problem};
use crate::view::push::KeepAnswer;
use crate::{clock, problems};
use oci::{CommitTag, CommitTagError, Digest, Tag, UtcSeconds};
use registry::{At, Repository};
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
            .find(|entry| entry.commit == crate::timeline::Commit::Whole(digest.clone()));
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
            _ => seen().unwrap_or_else(clock::now),
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

    /// Writes a commit tag: the commit's own manifest, byte for byte, under another name.
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
            .map_err(|error| not_kept(door.problem(&error), name))?;
        if !name.matches(&put.digest) {
            let cause = problems::plain("The registry stored something else under the commit tag.");
            return Err(not_kept(cause, name));
        }
        self.kept(place, name, put.digest).await
    }

    /// Keeps a commit that this computer pushed and now finds displaced, where the repository keeps at each
    /// overwrite: that rule is the yes. Asked once, when the displacement is news.
    pub async fn keep_displaced(&self, door: &Door, place: &Place, remote: &Repository, tag: &Tag) {
        let Ok(Some(KeepRule::Overwrite)) = self.rule(place).await else {
            return;
        };
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
        let Ok(Keepable::As { name, there: false }) = self.keepable(place, tag, &ours.digest).await
        else {
            return;
        };
        // What can't be kept any more shows as gone once its commits are asked for.
        if let Ok(content) = self.manifest(door, remote, &ours.digest).await
            && self.keep(door, place, remote, &name, content).await.is_ok()
        {
            self.stale_tags(place).await;
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

    /// What the answer and the repository's rule come to; a new rule is stored. True: keep.
    pub async fn decide(&self, place: &Place, answer: KeepAnswer) -> Result<bool, Problem> {
        let (keep, rule) = match answer {
            KeepAnswer::ByRule => return Ok(self.rule(place).await? == Some(KeepRule::Overwrite)),
            KeepAnswer::NotThis => return Ok(false),
            KeepAnswer::EachOverwrite => (true, KeepRule::Overwrite),
            KeepAnswer::JustThis => (true, KeepRule::OnRequest),
            KeepAnswer::Off => (false, KeepRule::Off),
        };
        let place = place.clone();
        self.db(move |store| store.set_keep_rule(&place, rule.as_str()))
            .await?;
        Ok(keep)
    }

    /// How a repository keeps, where it was ever said.
    pub async fn rule(&self, place: &Place) -> Result<Option<KeepRule>, Problem> {
        let place = place.clone();
        let rule = self.db(move |store| store.keep_rule(&place)).await?;
        Ok(rule.as_deref().and_then(KeepRule::parse))
    }
}

/// The old commit can't be kept: the person is asked before anything is overwritten.
pub(crate) fn not_kept(cause: Problem, name: &CommitTag) -> Problem {
    Problem {
        // A sign-in that expired is asked for in place; the push then starts again.
        code: if cause.code == Code::SignIn {
            Code::SignIn
        } else {
            Code::NotKept
        },
        message: format!(
            "{} could not be kept, so nothing was overwritten. {}",
            name.digest_start, cause.message
        ),
        hints: vec!["Push again without keeping it, or leave things as they are.".to_owned()],
        detail: cause.detail,
    }
}
