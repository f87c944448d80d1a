//! What is asked of a registry that takes the sign-in, and of one of its repositories: nothing of it writes.

use super::check::{Check, Halt};
use super::lines::{Found, OF_A_REPOSITORY};

use crate::about::habits;
use crate::accounts::{Lesson, Remote, Session};
use crate::content::unique;
use crate::ground::names;
use crate::removal::TagDeletion;
use crate::view::connection::{CheckMark, Probe};
use crate::view::problem::Code;
use crate::words::connection as say;
use crate::words::repositories as known;
use oci::{CommitTag, Digest, Manifest, Tag, UtcSeconds};
use registry::{At, Kind, Paging};

impl Check<'_> {
    /// Asks what is of the whole registry.
    pub async fn of_registry(&mut self, session: &Session) -> Result<(), Halt> {
        let accounts = &self.room.accounts;
        let found = match session.registry.first_repository().await {
            Ok(page) => {
                if page.first.is_some() {
                    accounts.learn(session, Lesson::Catalog(true)).await;
                }
                // One without a repository to ask tells of its lists here.
                if self.view.repository.is_none() {
                    self.tell(Probe::Paging, paging(page.paging));
                }
                match page.first {
                    Some(_) => Found::new(CheckMark::Good, say::lists()),
                    None => Found::new(CheckMark::No, say::lists_nothing()),
                }
            }
            Err(error) => match error.kind {
                Kind::SignIn if self.account.user.is_none() => {
                    Found::new(CheckMark::No, say::only_after_sign_in()).asked(&error)
                }
                // The sign-in was taken a moment ago: it is the catalog that is not for it.
                Kind::SignIn | Kind::Denied | Kind::NotFound | Kind::Unsupported => {
                    accounts.learn(session, Lesson::Catalog(false)).await;
                    Found::new(CheckMark::No, say::not_for_you()).asked(&error)
                }
                _ => self.failed(&error)?,
            },
        };
        self.tell(Probe::Catalog, found);
        Ok(())
    }

    /// Asks what is asked of a repository.
    pub async fn of_repository(&mut self, session: &Session) -> Result<(), Halt> {
        let remote = self.view.repository.as_deref();
        let place = remote.map(|name| names::place(&self.account, name));
        let Some(Ok(place)) = place else {
            for probe in OF_A_REPOSITORY.into_iter().take(7) {
                let is_told = self
                    .view
                    .lines
                    .iter()
                    .any(|line| line.probe == probe && line.mark != CheckMark::Asking);
                if !is_told {
                    self.tell(
                        probe,
                        Found::new(CheckMark::Unknown, say::open_a_repository()),
                    );
                }
            }
            return Ok(());
        };
        let remote = session.remote_at(place);
        let digest = self.reads(&remote).await?;
        if digest.is_some() {
            self.pushes(&remote).await?;
        } else {
            // zot makes a repository of a question about an upload to it: only one that is there is asked.
            let found = Found::new(CheckMark::Unknown, say::only_a_push_tells());
            self.tell(Probe::Push, found);
        }
        self.deletes(&remote).await?;
        self.contents(&remote, digest.as_ref()).await?;
        self.commit_tags(&remote).await
    }

    /// Asks for one tag of it and what that points at, and returns that.
    async fn reads(&mut self, remote: &Remote) -> Result<Option<Digest>, Halt> {
        let repository = remote.place.repository.as_str().to_owned();
        let page = match remote.registry.first_tag_of().await {
            Ok(page) => page,
            Err(error) => {
                let found = match error.kind {
                    Kind::NotFound => {
                        Found::new(CheckMark::Unknown, say::nothing_there(&repository))
                    }
                    _ => self.failed(&error)?,
                };
                self.tell(
                    Probe::Paging,
                    Found::new(CheckMark::Unknown, say::too_short()),
                );
                self.tell(Probe::Read, found);
                return Ok(None);
            }
        };
        self.tell(Probe::Paging, paging(page.paging));
        let Some(tag) = page.first else {
            let nothing = say::nothing_there(&repository);
            self.tell(Probe::Read, Found::new(CheckMark::Unknown, nothing));
            return Ok(None);
        };
        match remote.registry.head(&At::Tag(tag)).await {
            Ok(head) => {
                self.tell(
                    Probe::Read,
                    Found::new(CheckMark::Good, say::may_read(&repository)),
                );
                Ok(head.map(|head| head.digest))
            }
            Err(error) => {
                let found = self.failed(&error)?;
                self.tell(Probe::Read, found);
                Ok(None)
            }
        }
    }

    async fn pushes(&mut self, remote: &Remote) -> Result<(), Halt> {
        let repository = remote.place.repository.as_str();
        // Of nobody's making: there is nothing to write to.
        let nobodys = uuid::Uuid::new_v4().to_string();
        let found = match remote.registry.may_push(&nobodys).await {
            Ok(Some(true)) => Found::new(CheckMark::Good, say::may_push(repository)),
            Ok(Some(false)) => Found::new(CheckMark::No, say::may_only_read(repository)),
            Ok(None) => Found::new(CheckMark::Unknown, say::only_a_push_tells()),
            Err(error) => {
                let found = self.failed(&error)?;
                self.tell(Probe::Push, found);
                return Ok(());
            }
        };
        let only_reads = (found.mark == CheckMark::No).then(|| found.said.clone());
        self.room.note_writable(remote, only_reads);
        self.tell(Probe::Push, found);
        Ok(())
    }

    /// Asks how it deletes, by deleting what isn't there.
    async fn deletes(&mut self, remote: &Remote) -> Result<(), Halt> {
        let found = match self.room.removal.way_anew(remote).await {
            Ok(TagDeletion::ByName) => Found::new(CheckMark::Good, say::by_name()),
            Ok(TagDeletion::ByVendor) => Found::new(CheckMark::Good, say::by_its_interface()),
            Ok(TagDeletion::ByDecoy) => Found::new(CheckMark::Good, say::by_digest()),
            Ok(TagDeletion::Impossible(why)) => Found::new(CheckMark::No, why),
            Err(problem) if problem.code == Code::Ended => return Err(Halt::Ended(problem)),
            Err(problem) => Found::failed(&problem),
        };
        self.tell(Probe::Delete, found);
        Ok(())
    }

    /// Asks for what belongs to the contents of a tag, as far as it is known without fetching anything.
    async fn contents(&mut self, remote: &Remote, digest: Option<&Digest>) -> Result<(), Halt> {
        let unknown = || Found::new(CheckMark::Unknown, say::open_a_tag());
        let referrers = match digest {
            None => unknown(),
            Some(digest) => match remote.registry.lists_referrers(digest).await {
                Ok(lists) => {
                    let lesson = Lesson::Referrers(lists);
                    self.room.accounts.learn(&remote.session, lesson).await;
                    if lists {
                        Found::new(CheckMark::Good, say::referrers())
                    } else {
                        Found::new(CheckMark::No, say::no_referrers())
                    }
                }
                Err(error) => self.failed(&error)?,
            },
        };
        self.tell(Probe::Referrers, referrers);
        let blob = match digest {
            Some(digest) => self.known_blob(digest).await,
            None => None,
        };
        let ranges = match blob {
            None => unknown(),
            Some(blob) => match remote.registry.gives_ranges(&blob).await {
                Ok(true) => Found::new(CheckMark::Good, say::goes_on()),
                Ok(false) => Found::new(CheckMark::No, say::begins_anew()),
                Err(error) => self.failed(&error)?,
            },
        };
        self.tell(Probe::Ranges, ranges);
        Ok(())
    }

    /// Returns a blob of a commit whose manifest this computer has fetched before: fetching one may count as a pull.
    pub async fn known_blob(&self, digest: &Digest) -> Option<Digest> {
        let mut digest = digest.clone();
        for _ in 0..2 {
            let known = self.room.content.known(&digest).await.ok().flatten()?;
            match known.manifest {
                Manifest::Image(image) => return Some(image.config.digest),
                Manifest::Index(index) => {
                    let first = index.pick(&self.room.ground.platform);
                    digest = first.map(|first| first.digest.clone())?;
                }
                Manifest::Old(_) => return None,
            }
        }
        None
    }

    /// Asks whether the names of commit tags may be written, unless some were seen.
    async fn commit_tags(&mut self, remote: &Remote) -> Result<(), Halt> {
        let place = remote.place.clone();
        let tags = self.room.ground.db(move |store| store.tags(&place)).await;
        let (tags, _) = tags.unwrap_or_default();
        let seen = tags
            .iter()
            .any(|tag| tag.shown_at.is_some() && CommitTag::parse(&tag.name).is_some());
        let name = nobodys_commit_tag(self.room.ground.now());
        let found = match (seen, name) {
            (true, _) => Found::new(CheckMark::Good, say::names_seen()),
            (false, None) => Found::new(CheckMark::Unknown, say::no_clock()),
            (false, Some(name)) => match remote.registry.takes_name(&name).await {
                Ok(true) => Found::new(CheckMark::Good, say::names_taken()),
                Ok(false) => Found::new(CheckMark::No, say::names_refused()),
                Err(error) => self.failed(&error)?,
            },
        };
        self.tell(Probe::CommitTags, found);
        Ok(())
    }

    /// Tells what is known without asking.
    pub async fn last_lines(&mut self) {
        let host = &self.account.host;
        let repository = self.view.repository.as_deref();
        let place = repository.and_then(|name| names::place(&self.account, name).ok());
        let (known_to_drop, drops) = match &place {
            Some(place) => (
                self.room.about.is_known_to_drop(place).await,
                self.room.about.drops_overwritten(place).await.ok(),
            ),
            None => (false, None),
        };
        let old = if known_to_drop {
            Found::new(CheckMark::No, known::known_to_drop())
        } else if drops == Some(true) {
            Found::new(CheckMark::No, known::seen_to_drop())
        } else if habits::keeps_by_itself(host) {
            Found::new(CheckMark::Good, known::documented())
        } else {
            Found::new(CheckMark::Unknown, known::not_known())
        };
        self.tell(Probe::OldVersions, old);
        let limit = match self.room.accounts.limit(self.account.id) {
            None => Found::new(CheckMark::Unknown, say::no_limit()),
            Some(limit) => {
                let mark = if limit.low {
                    CheckMark::Warn
                } else {
                    CheckMark::Good
                };
                Found::new(mark, say::limit(&limit))
            }
        };
        self.tell(Probe::Limits, limit);
        for probe in [Probe::Mount, Probe::Chunks] {
            self.tell(
                probe,
                Found::new(CheckMark::Unknown, say::only_an_upload_tells()),
            );
        }
    }
}

fn paging(how: Paging) -> Found {
    match how {
        Paging::Parts => Found::new(CheckMark::Good, say::in_parts()),
        Paging::Whole => Found::new(CheckMark::Good, say::in_one()),
        Paging::Unsaid => Found::new(CheckMark::Warn, say::unsaid()),
        Paging::TooFew => Found::new(CheckMark::Unknown, say::too_short()),
    }
}

/// Returns the name of a commit tag that nobody has made.
fn nobodys_commit_tag(now: i64) -> Option<Tag> {
    let tag = Tag::parse("v1").ok()?;
    let digest = Digest::sha256_of(unique().as_bytes());
    let made = CommitTag::new(&tag, UtcSeconds(now), oci::Beginning::Since, &digest);
    made.ok().map(|made| made.name())
}
