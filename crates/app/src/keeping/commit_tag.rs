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
use oci::{Beginning, CommitTag, CommitTagError, Digest, Tag, UtcSeconds};
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

/// How many names are tried under which somebody put something else.
const MOST_TAKEN: usize = 30;
/// After how many of them a name of another time is taken, which nobody could know before.
const FEW_TAKEN: usize = 10;

/// How many commit tags of a commit are asked whether they keep it.
const MOST_ASKED: usize = 10;

/// Why a commit has no commit tag.
#[derive(Clone, Debug)]
pub(crate) struct NotGiven {
    /// What happened.
    pub cause: Problem,
    /// It may pass: what keeps by a rule tries again.
    pub passing: bool,
    /// The sign-in may not write here; another one may.
    pub denied: bool,
}

impl NotGiven {
    fn for_good(cause: Problem) -> Self {
        Self {
            cause,
            passing: false,
            denied: false,
        }
    }

    /// Says that a sign-in may not write here.
    pub(crate) fn denied(cause: Problem) -> Self {
        Self {
            denied: true,
            ..Self::for_good(cause)
        }
    }

    /// Tells why the registry's answer stood in the way; only what it says of this very commit or person is final.
    fn by(error: &registry::Error, cause: Problem) -> Self {
        // A registry that only reads for the time of its clean-up says 405; one that is busy with the same name 409.
        let may_pass = matches!(error.status, Some(405 | 409 | 423 | 425));
        let last = matches!(
            error.kind,
            Kind::Denied
                | Kind::Refused
                | Kind::Unsupported
                | Kind::NotFound
                | Kind::TooLarge { .. }
                | Kind::Digest { .. }
        );
        Self {
            cause,
            passing: may_pass || !last,
            denied: error.kind == Kind::Denied,
        }
    }
}

impl Keeping {
    /// Tells how the commit that a tag points at now would be kept. The time is when it became active where that is known,
    /// else when it was first noticed; never when it was built.
    pub(crate) async fn keepable(
        &self,
        place: &Place,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<Keepable, Problem> {
        self.keepable_but(place, tag, digest, &[]).await
    }

    /// Tells the same, for where these names were found to bear something else.
    async fn keepable_but(
        &self,
        place: &Place,
        tag: &Tag,
        digest: &Digest,
        taken: &[CommitTag],
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
            .find(|entry| entry.commit == Commit::Whole(digest.clone()) && !entry.contradicted);
        if let Some(entry) = &entry
            && taken.len() < FEW_TAKEN
            && let Some(name) = entry.own_tag.clone().filter(|name| !taken.contains(name))
        {
            let there = entry.kept_by.as_ref() == Some(&name);
            return Ok(Keepable::As { name, there });
        }
        let seen = || {
            periods
                .iter()
                .rev()
                .find(|period| period.digest == *digest)
                .map(|period| period.first_seen)
        };
        let (at, beginning) = match entry.map(|entry| entry.time) {
            // Whoever planted names for the time it has could not plant one for this moment: it was there by now.
            _ if taken.len() >= FEW_TAKEN => {
                (self.ground.registry_now(&place.host), Beginning::Noticed)
            }
            Some(time) if time.kind == TimeKind::Since => (time.at, Beginning::Since),
            Some(time) if time.kind == TimeKind::By => (time.at, Beginning::Noticed),
            _ => {
                let at = seen().unwrap_or_else(|| self.ground.registry_now(&place.host));
                (at, Beginning::Noticed)
            }
        };
        Ok(
            match CommitTag::new(tag, UtcSeconds(at), beginning, digest) {
                Ok(mut name) => {
                    while taken.contains(&name) {
                        name = name.next_second();
                    }
                    Keepable::As { name, there: false }
                }
                Err(CommitTagError::TooLong) => {
                    let start = words::bounded(tag.as_str(), 40);
                    Keepable::No(words::keeping::tag_too_long(&start, &oci::MAX_TAG))
                }
                Err(CommitTagError::OfCommitTag) => {
                    Keepable::No(words::keeping::is_commit_tag(tag))
                }
            },
        )
    }

    /// Writes a commit tag: the commit's own manifest, byte for byte, under another name.
    async fn write_commit_tag(
        &self,
        remote: &Remote,
        name: &CommitTag,
        content: KnownManifest,
    ) -> Result<Result<(), NotGiven>, Problem> {
        let put = remote
            .registry
            .put_manifest(&At::Tag(name.name()), &content.media_type, content.bytes)
            .await;
        let put = match put {
            Ok(put) => put,
            Err(error) => {
                let cause = words::of_write(&error, &remote.session.account, &name.to_string());
                return Ok(Err(NotGiven::by(&error, cause)));
            }
        };
        if !name.matches(&put.digest) {
            let cause = words::keeping::other_stored().problem();
            return Ok(Err(NotGiven::for_good(cause)));
        }
        let at = self.ground.registry_time(&remote.place.host, put.date);
        self.record_commit_tag(&remote.place, name, put.digest, at)
            .await?;
        Ok(Ok(()))
    }

    /// Remembers what a commit tag was shown to point at (seconds, UTC).
    async fn record_commit_tag(
        &self,
        place: &Place,
        name: &CommitTag,
        digest: Digest,
        at: i64,
    ) -> Result<(), Problem> {
        let (place, name) = (place.clone(), name.to_string());
        self.ground
            .db(move |store| store.change_tag(&place, &name, &TagChange::PointsAt(digest, at)))
            .await
    }

    /// Tells whether a commit tag of a tag keeps a commit already, of whatever time: each that may is asked, until one does.
    pub(crate) async fn is_kept(
        &self,
        remote: &Remote,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<bool, Problem> {
        let (place, name, wanted) = (remote.place.clone(), tag.to_string(), digest.clone());
        let names = self
            .ground
            .db(move |store| Ok(TagRecords::of_tag(store, &place, &name)?.may_keep(&name, &wanted)))
            .await?;
        for name in names.into_iter().take(MOST_ASKED) {
            // One that can't be asked keeps nothing: at worst the commit gets one more.
            let bears = self.history.points_at(remote, &name.name()).await;
            if bears.is_ok_and(|bears| bears.as_ref() == Some(digest)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives a commit a commit tag, or finds the one it has; the inner error tells why that can't be. Whether it has one
    /// is asked, never remembered: whoever may push may plant a name, or point one elsewhere. What somebody put under a
    /// name is not ours to overwrite: the next second is taken. `writing` is told the name while it is on its way.
    pub(crate) async fn give_commit_tag(
        &self,
        remote: &Remote,
        tag: &Tag,
        digest: &Digest,
        writing: impl Fn(Option<&CommitTag>),
    ) -> Result<Result<CommitTag, NotGiven>, Problem> {
        let _turn = self.ground.turns.commit_tag(&remote.place, digest).await;
        let mut taken = Vec::new();
        loop {
            let name = match self
                .keepable_but(&remote.place, tag, digest, &taken)
                .await?
            {
                Keepable::As { name, .. } => name,
                Keepable::No(why) => {
                    return Ok(Err(NotGiven::for_good(why.coded(Code::NotKept))));
                }
            };
            let head = match head_of_tag(remote, &name.name()).await {
                Ok(head) => head,
                // A registry that refuses the name refuses it in better words when it is written.
                Err(error) if matches!(error.kind, Kind::Refused | Kind::Unsupported) => None,
                // Somebody's may be there: nothing is written over what can't be read.
                Err(error) => return Ok(Err(NotGiven::by(&error, remote.problem(&error)))),
            };
            let Some(head) = head else {
                let content = match self.content.fetch(remote, digest).await? {
                    Ok(content) => content,
                    Err(error) => return Ok(Err(NotGiven::by(&error, remote.problem(&error)))),
                };
                writing(Some(&name));
                let kept = self.write_commit_tag(remote, &name, content).await;
                writing(None);
                if let Err(not) = kept? {
                    return Ok(Err(not));
                }
                self.ground.stale_tags(&remote.place).await;
                return Ok(Ok(name));
            };
            let at = self.ground.registry_time(&remote.place.host, head.date);
            let other = head.digest.clone();
            self.record_commit_tag(&remote.place, &name, head.digest, at)
                .await?;
            self.ground.stale_tags(&remote.place).await;
            if other == *digest {
                return Ok(Ok(name));
            }
            taken.push(name.clone());
            if taken.len() >= MOST_TAKEN {
                let cause = words::keeping::name_is_taken(&name, other.short());
                return Ok(Err(NotGiven {
                    cause: cause.problem(),
                    passing: true,
                    denied: false,
                }));
            }
        }
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
