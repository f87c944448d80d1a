//! The about manifest of a repository, looked at and changed: the one place that reads and writes it.

use super::manifest::{self, Annotations};
use crate::house::{self, Door, House, lock};
use crate::problems;
use crate::rows::ABOUT;
use crate::view::problem::{Code, Problem};
use oci::{Digest, MediaType, Tag, UtcSeconds};
use registry::{At, Kind, Repository};
use store::{About, Place};

/// What a change of an about manifest was made for.
pub(crate) enum Basis {
    /// Whatever is there: only what is changed was decided.
    Any,
    /// What a sheet showed; none where there was none.
    Shown(Option<Digest>),
}

/// Why an about manifest was not written.
pub(crate) enum Unwritten {
    /// The registry, or what is there, won't have it: trying again changes nothing.
    Refused(Problem),
    /// Anything else.
    Failed(Problem),
}

impl Unwritten {
    pub(crate) fn into_problem(self) -> Problem {
        match self {
            Self::Refused(problem) | Self::Failed(problem) => problem,
        }
    }
}

impl From<Problem> for Unwritten {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

/// What the about tag points at.
enum There {
    /// Nothing.
    Nothing,
    /// An about manifest.
    About(Digest, Annotations),
    /// Something else, which is somebody's: nothing is read from it, and it is never overwritten.
    Other,
}

impl House {
    /// One HEAD: what a repository says of itself now, remembered; fetched only where it changed.
    pub(crate) async fn look_about(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
    ) -> Result<About, Problem> {
        let _turn = self.turn(format!("about {}", place.path())).await;
        let now = self.now();
        lock(&self.learnt.asked).insert(place.clone(), now);
        let about = match self.read_about(door, remote).await? {
            There::About(digest, annotations) => manifest::read(digest, &annotations, now),
            There::Nothing | There::Other => About {
                asked_at: now,
                ..About::default()
            },
        };
        self.remember_about(place, &about).await?;
        Ok(about)
    }

    /// A list of tags was fetched whole: its repository's words are looked at. Trouble with them is none of the list's.
    pub(crate) async fn tags_were_listed(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        listed: bool,
    ) {
        let wanted = place.clone();
        let known = self.db(move |store| store.about(&wanted)).await;
        let known = known.ok().flatten();
        // What is neither listed nor known needs no question.
        if listed || known.as_ref().is_some_and(|about| about.digest.is_some()) {
            let _ = self.look_about(door, place, remote).await;
        } else if known.is_none() {
            let none = About {
                asked_at: self.now(),
                ..About::default()
            };
            let _ = self.remember_about(place, &none).await;
        }
    }

    /// Reads the about manifest again, changes it, and stores it; another one there than the sheet was filled from
    /// stops. Who described a repository first, and when, stays.
    pub(crate) async fn write_about(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        basis: Basis,
        change: impl FnOnce(&mut Annotations),
    ) -> Result<About, Unwritten> {
        let _turn = self.turn(format!("about {}", place.path())).await;
        let (now, before) = match self.read_about(door, remote).await? {
            There::Nothing => (None, Annotations::new()),
            There::About(digest, annotations) => (Some(digest), annotations),
            There::Other => {
                return Err(Unwritten::Refused(
                    problems::plain(format!(
                        "The tag {ABOUT} of {} holds something else, which is left alone.",
                        place.path()
                    ))
                    .hint("Ask whoever put it there."),
                ));
            }
        };
        if matches!(&basis, Basis::Shown(shown) if *shown != now) {
            return Err(Unwritten::Failed(changed_meanwhile()));
        }
        let mut annotations = before.clone();
        change(&mut annotations);
        let asked_at = self.now();
        if let (Some(digest), true) = (&now, annotations == before) {
            let about = manifest::read(digest.clone(), &annotations, asked_at);
            self.remember_about(place, &about).await?;
            return Ok(about);
        }
        if now.is_none() {
            annotations
                .entry(manifest::CREATED.to_owned())
                .or_insert_with(|| UtcSeconds(asked_at).rfc3339());
            let user = door.account.user.as_deref().unwrap_or_default();
            if let Some(user) = manifest::words(user, manifest::MAX_AUTHORS, false) {
                annotations
                    .entry(manifest::AUTHORS.to_owned())
                    .or_insert(user);
            }
        }
        let refused = |error| refused(door, place, &error);
        remote.put_blob(manifest::EMPTY).await.map_err(refused)?;
        // That took its time: words that came meanwhile are not overwritten unseen.
        let still = remote.head(&At::Tag(about_tag()?)).await;
        let still = still.map_err(|error| door.problem(&error))?;
        if still.map(|head| head.digest) != now {
            return Err(Unwritten::Failed(changed_meanwhile()));
        }
        let put = remote
            .put_manifest(
                &At::Tag(about_tag()?),
                &MediaType::OciManifest,
                manifest::write(&annotations),
            )
            .await
            .map_err(refused)?;
        let about = manifest::read(put.digest, &annotations, asked_at);
        self.remember_about(place, &about).await?;
        Ok(about)
    }

    async fn read_about(&self, door: &Door, remote: &Repository) -> Result<There, Problem> {
        let head = remote
            .head(&At::Tag(about_tag()?))
            .await
            .map_err(|error| door.problem(&error))?;
        let Some(head) = head else {
            return Ok(There::Nothing);
        };
        if !head.media_type.is_manifest() || head.media_type.is_index() {
            return Ok(There::Other);
        }
        // Fetched once, ever: the database has what didn't change.
        let content = self.manifest(door, remote, &head.digest).await?;
        Ok(match manifest::annotations(&content.manifest) {
            Some(annotations) => There::About(head.digest, annotations.clone()),
            None => There::Other,
        })
    }

    /// Remembers what was read, and tells the windows where that changes anything.
    async fn remember_about(&self, place: &Place, about: &About) -> Result<(), Problem> {
        let (wanted, new) = (place.clone(), about.clone());
        let before = self
            .db(move |store| {
                let before = store.about(&wanted)?;
                store.set_about(&wanted, &new)?;
                Ok(before)
            })
            .await?;
        let kept = |about: &About| (about.keep.clone(), about.keep_rule.clone(), about.rescue);
        let words = |about: &About| About {
            asked_at: 0,
            ..about.clone()
        };
        if before.as_ref().map(words) == Some(words(about)) {
            return Ok(());
        }
        self.stale_about(place).await;
        if before.as_ref().map(kept).unwrap_or_default() != kept(about) {
            self.stale_tags(place).await;
        }
        Ok(())
    }
}

fn changed_meanwhile() -> Problem {
    problems::coded(
        Code::TagMoved,
        "Someone else changed these words meanwhile. Nothing was written.",
    )
    .hint("Look at the sheet again, then save.")
}

fn about_tag() -> Result<Tag, Problem> {
    house::tag(ABOUT)
}

/// What the registry says to an about manifest, told apart by whether trying again may help.
fn refused(door: &Door, place: &Place, error: &registry::Error) -> Unwritten {
    let told = problems::of_write(error, &door.account, ABOUT);
    let final_word = match error.kind {
        Kind::Denied | Kind::Unsupported | Kind::Refused => true,
        Kind::SignIn => door.account.user.is_none(),
        Kind::NotFound => {
            let message = format!(
                "{} doesn’t make {} by a push.",
                place.host, place.repository
            );
            return Unwritten::Refused(
                problems::plain(message)
                    .hint(
                        "Make it where the registry makes its repositories, then describe it here.",
                    )
                    .detail(told.detail),
            );
        }
        _ => false,
    };
    if final_word {
        Unwritten::Refused(told)
    } else {
        Unwritten::Failed(told)
    }
}
