//! The about manifest, looked at and changed: the one place that reads and writes it.

use super::manifest;
use super::room::About;
use crate::accounts::Remote;
use crate::content::{Annotations, Shape};
use crate::ground::{is_of_the_side, lock, names};
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::words;
use oci::{ABOUT_TAG, Digest, MediaType, Tag, UtcSeconds};
use registry::{At, Kind, Put};
use store::{About as AboutRecord, Place};

/// What was asked is not asked again for so long (seconds), unless the person refreshes.
const FRESH: i64 = 600;

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

impl About {
    /// Tells whether a repository was asked for its words lately.
    pub fn is_fresh(&self, place: &Place) -> bool {
        let now = self.ground.now();
        let asked = lock(&self.asked);
        asked
            .get(place)
            .is_some_and(|at| (0..FRESH).contains(&(now - at)))
    }

    /// Tells the window that what a repository says of itself, or how it keeps, changed.
    pub async fn stale_about(&self, place: &Place) {
        let about = |account, repository| Stale::About {
            account,
            repository,
        };
        let listed = |account, _| Stale::Repositories { account };
        self.ground.stale_everywhere(place, [about, listed]).await;
    }

    /// Looks at what a repository says of itself now, by one HEAD, and remembers it; fetches it only where it changed.
    pub(crate) async fn look(&self, remote: &Remote) -> Result<AboutRecord, Problem> {
        let _turn = self.ground.turns.about(&remote.place).await;
        let now = self.ground.now();
        lock(&self.asked).insert(remote.place.clone(), now);
        let there = self.read(remote).await.inspect_err(|problem| {
            // What nobody answered may be asked again at once.
            if is_of_the_side(problem) {
                lock(&self.asked).remove(&remote.place);
            }
        })?;
        let about = match there {
            There::About(digest, annotations) => manifest::read(digest, &annotations, now),
            There::Nothing | There::Other => AboutRecord {
                asked_at: now,
                ..AboutRecord::default()
            },
        };
        self.remember(&remote.place, &about).await?;
        Ok(about)
    }

    /// Looks at a repository's words once its list of tags was fetched whole. Trouble with them is none of the list's.
    pub(crate) async fn tags_were_listed(&self, remote: &Remote, listed: bool) {
        let wanted = remote.place.clone();
        let known = self.ground.db(move |store| store.about(&wanted)).await;
        let known = known.ok().flatten();
        // What is neither listed nor known needs no question.
        if listed || known.as_ref().is_some_and(|about| about.digest.is_some()) {
            let _ = self.look(remote).await;
        } else if known.is_none() {
            let none = AboutRecord {
                asked_at: self.ground.now(),
                ..AboutRecord::default()
            };
            let _ = self.remember(&remote.place, &none).await;
        }
    }

    /// Reads the about manifest again, changes it, and stores it; another one there than the sheet was filled from
    /// stops. Who described a repository first, and when, stays.
    pub(crate) async fn write(
        &self,
        remote: &Remote,
        basis: Basis,
        change: impl FnOnce(&mut Annotations),
    ) -> Result<AboutRecord, Unwritten> {
        let _turn = self.ground.turns.about(&remote.place).await;
        let (now, before) = match self.read(remote).await? {
            There::Nothing => (None, Annotations::new()),
            There::About(digest, annotations) => (Some(digest), annotations),
            There::Other => {
                let said = words::about::something_else(ABOUT_TAG, &remote.place.path());
                return Err(Unwritten::Refused(
                    said.problem().hint(words::about::ask_its_owner()),
                ));
            }
        };
        if matches!(&basis, Basis::Shown(shown) if *shown != now) {
            return Err(Unwritten::Failed(changed_meanwhile()));
        }
        let mut annotations = before.clone();
        change(&mut annotations);
        let asked_at = self.ground.now();
        if let (Some(digest), true) = (&now, annotations == before) {
            let about = manifest::read(digest.clone(), &annotations, asked_at);
            self.remember(&remote.place, &about).await?;
            return Ok(about);
        }
        if now.is_none() {
            annotations
                .entry(manifest::CREATED.to_owned())
                .or_insert_with(|| UtcSeconds(asked_at).rfc3339());
            let user = remote.session.account.user.as_deref().unwrap_or_default();
            if let Some(user) = manifest::words(user, manifest::MAX_AUTHORS, false) {
                annotations
                    .entry(manifest::AUTHORS.to_owned())
                    .or_insert(user);
            }
        }
        let put = self.put(remote, now.as_ref(), &annotations).await?;
        let about = manifest::read(put.digest, &annotations, asked_at);
        self.remember(&remote.place, &about).await?;
        Ok(about)
    }

    /// Stores the about manifest in the form that the registry takes, where the tag still bears what it bore.
    async fn put(
        &self,
        remote: &Remote,
        now: Option<&Digest>,
        annotations: &Annotations,
    ) -> Result<Put, Unwritten> {
        let at = At::Tag(about_tag()?);
        let (mut shape, mut first) = (Shape::Empty, None);
        loop {
            self.content
                .prepare(remote, shape)
                .await
                .map_err(|error| refused(remote, &error))?;
            // That took its time: words that came meanwhile are not overwritten unseen.
            let still = remote.registry.head(&at).await;
            let still = still.map_err(|error| remote.problem(&error))?;
            if still.map(|head| head.digest).as_ref() != now {
                return Err(Unwritten::Failed(changed_meanwhile()));
            }
            let bytes = manifest::write(annotations, shape);
            let put = remote
                .registry
                .put_manifest(&at, &MediaType::OciManifest, bytes)
                .await;
            let error = match put {
                Ok(put) => return Ok(put),
                Err(error) => error,
            };
            match shape.after(&error) {
                Some(next) => {
                    shape = next;
                    first = Some(error);
                }
                // What is told is what was said to the usual form.
                None => return Err(refused(remote, &first.unwrap_or(error))),
            }
        }
    }

    async fn read(&self, remote: &Remote) -> Result<There, Problem> {
        let head = remote
            .registry
            .head(&At::Tag(about_tag()?))
            .await
            .map_err(|error| remote.problem(&error))?;
        let Some(head) = head else {
            return Ok(There::Nothing);
        };
        if !head.media_type.is_manifest() || head.media_type.is_index() {
            return Ok(There::Other);
        }
        // Fetched once, ever: the database has what didn't change.
        let content = self.content.manifest(remote, &head.digest).await?;
        Ok(match manifest::annotations(&content.manifest) {
            Some(annotations) => There::About(head.digest, annotations.clone()),
            None => There::Other,
        })
    }

    /// Remembers what was read, and tells the windows where that changes anything.
    async fn remember(&self, place: &Place, about: &AboutRecord) -> Result<(), Problem> {
        let (wanted, new) = (place.clone(), about.clone());
        let before = self
            .ground
            .db(move |store| {
                let before = store.about(&wanted)?;
                store.set_about(&wanted, &new)?;
                Ok(before)
            })
            .await?;
        let kept =
            |about: &AboutRecord| (about.keep.clone(), about.keep_rule.clone(), about.rescue);
        let words = |about: &AboutRecord| AboutRecord {
            asked_at: 0,
            ..about.clone()
        };
        if before.as_ref().map(words) == Some(words(about)) {
            return Ok(());
        }
        self.stale_about(place).await;
        if before.as_ref().map(kept).unwrap_or_default() != kept(about) {
            self.ground.stale_tags(place).await;
        }
        Ok(())
    }
}

fn changed_meanwhile() -> Problem {
    words::about::changed_meanwhile()
        .coded(Code::Changed)
        .hint(words::about::look_then_save())
}

fn about_tag() -> Result<Tag, Problem> {
    names::tag(ABOUT_TAG)
}

/// Says what the registry said to an about manifest, told apart by whether trying again may help.
fn refused(remote: &Remote, error: &registry::Error) -> Unwritten {
    let told = words::of_write(error, &remote.session.account, ABOUT_TAG);
    let final_word = match error.kind {
        Kind::Denied | Kind::Unsupported | Kind::Refused => true,
        Kind::SignIn => remote.session.account.user.is_none(),
        Kind::NotFound => {
            let place = &remote.place;
            return Unwritten::Refused(
                words::about::made_elsewhere(&place.host, &place.repository)
                    .problem()
                    .hint(words::about::make_it_there())
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
