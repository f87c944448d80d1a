//! Pushing an image onto a tag, so that nothing is lost in silence.
//!
//! The order is the promise: read the tag; stop where it is not what the sheet showed; keep what it points at
//! where the repository keeps, and stop where it moved meanwhile; only then let the engine push; read the tag
//! again and keep what was displaced by then (`after`). Whatever was written stays when the push is cancelled,
//! and is told.

mod after;

use crate::house::{self, Door, House, lock};
use crate::tasks::{Live, Meter, Stop, Work};
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::view::push::{KeepAnswer, PushOrder};
use crate::view::tasks::Outcome;
use crate::{Longshore, problems};
use engine::{Engine, ImageDetail};
use oci::{CommitTag, Digest, Tag};
use registry::Repository;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::Place;

/// How often the tag is looked after while the engine uploads.
const LOOK_AFTER: Duration = Duration::from_secs(2);
/// How long the registry is asked, after a push that was cancelled or failed, what became of it.
const AFTERWARDS: Duration = Duration::from_secs(5);

impl Longshore {
    /// Starts a push; the id of its task.
    pub async fn start_push(&self, order: PushOrder) -> Result<String, Problem> {
        house::tag(&order.tag)?;
        house::place(
            &self.house.account(&order.account).await?,
            &order.repository,
        )?;
        self.house.begin(Work::Push(order)).await
    }
}

/// One push on its way.
struct Push<'a> {
    house: &'a House,
    door: Door,
    place: Place,
    remote: Repository,
    tag: Tag,
    engine: Engine,
    order: &'a PushOrder,
    live: &'a Live,
    /// What was done so far: told also when the push ends early.
    outcome: Mutex<Outcome>,
    /// The commit tag that is being written just now.
    writing: Mutex<Option<CommitTag>>,
    /// The engine was told to push.
    uploading: AtomicBool,
    /// Commits that others put under the tag while the engine uploaded.
    displaced: Mutex<Vec<Digest>>,
}

impl House {
    /// The whole push.
    pub async fn push(self: &Arc<Self>, order: PushOrder, live: &Live) -> Result<Outcome, Stop> {
        let door = self.door(&order.account).await?;
        let (place, remote) = door.repository(&order.repository)?;
        let tag = house::tag(&order.tag)?;
        let outcome = Outcome {
            name: format!("{}:{tag}", place.path()),
            digest: None,
            commit_tag: None,
            previous: None,
            notes: Vec::new(),
        };
        let engine = self.engine().await?;
        // Two pushes of one tag would not see each other: the second reads the tag when the first has settled.
        let _turn = tokio::select! {
            () = live.token().cancelled() => return Err(Stop::Cancelled(None)),
            turn = self.turn(format!("push {}:{tag}", place.path())) => turn,
        };
        let push = Push {
            house: self,
            door,
            place,
            remote,
            tag,
            engine,
            order: &order,
            live,
            outcome: Mutex::new(outcome),
            writing: Mutex::new(None),
            uploading: AtomicBool::new(false),
            displaced: Mutex::new(Vec::new()),
        };
        let ended = push.run().await;
        let outcome = lock(&push.outcome).clone();
        self.stale_tags(&push.place).await;
        match ended {
            Ok(()) => {
                self.remember_repository(&push).await?;
                Ok(outcome)
            }
            Err(Stop::Cancelled(_)) => Err(Stop::Cancelled(Some(Box::new(
                push.left_behind("it was too late to stop").await,
            )))),
            // Once the engine has begun, an error says nothing about what has arrived.
            Err(Stop::Failed(problem, _)) if push.uploading.load(Ordering::Relaxed) => {
                let outcome = push.left_behind("the image has arrived all the same").await;
                Err(Stop::Failed(problem, Some(Box::new(outcome))))
            }
            Err(Stop::Failed(problem, _)) => Err(Stop::Failed(problem, Some(Box::new(outcome)))),
        }
    }

    /// A repository that the catalog does not list (yet) is listed here once one has pushed to it.
    async fn remember_repository(&self, push: &Push<'_>) -> Result<(), Problem> {
        let (account, name) = (push.door.account.id, push.place.repository.to_string());
        self.db(move |store| store.add_repositories(account, &[name]))
            .await?;
        self.stale(Stale::Repositories {
            account: account.to_string(),
        });
        // The engine knows a new digest of the image now.
        let _ = self.look_at_images().await;
        self.stale(Stale::Images);
        Ok(())
    }
}

impl Push<'_> {
    async fn run(&self) -> Result<(), Stop> {
        let image = self
            .house
            .heard(self.engine.inspect(&self.order.image).await)
            .await?
            .ok_or_else(|| {
                problems::plain("The engine no longer has this image.")
                    .hint("Refresh the images and choose it again.")
            })?;
        let name = lock(&self.outcome).name.clone();
        let borne = self.house.heard(self.engine.inspect(&name).await).await?;
        if borne.as_ref().is_some_and(|other| other.id != image.id) && !self.order.move_name {
            return Err(name_taken(&name).into());
        }
        let old = tokio::select! {
            biased;
            () = self.live.token().cancelled() => return Err(Stop::Cancelled(None)),
            old = self.out_of_the_way(&image) => old?,
        };
        self.house
            .heard(
                self.engine
                    .tag(&image.id, &self.place.path(), self.tag.as_str())
                    .await,
            )
            .await?;
        self.uploading.store(true, Ordering::Relaxed);
        let pushed = self.upload(old.as_ref().map(|(digest, _)| digest)).await;
        if pushed.is_err() {
            self.put_name_back(&name, borne.as_ref(), &image).await;
        }
        self.settle(pushed?, old).await.map_err(Stop::from)
    }

    /// Reads the tag and keeps what it points at, where that is to be kept. What is to be kept only after the push
    /// (because the tag points at this very image already) is given back.
    async fn out_of_the_way(&self, image: &ImageDetail) -> Result<Option<(Digest, bool)>, Stop> {
        let now = self
            .house
            .look(&self.door, &self.place, &self.remote, &self.tag)
            .await?;
        let same = match &now {
            // Where its facts can't be had it counts as another image: it is kept, then overwritten.
            Some(digest) => {
                let facts = self
                    .house
                    .facts(&self.door, &self.remote, digest)
                    .await
                    .unwrap_or_default();
                self.house.same_image(image, digest, &facts).await?
            }
            None => false,
        };
        let as_shown = now.as_ref().map(Digest::as_str) == self.order.expected.as_deref();
        if !as_shown && !same {
            return Err(self.moved(now.as_ref()).into());
        }
        lock(&self.outcome).previous = now.as_ref().map(ToString::to_string);
        // What the repository says now holds, not what it said when this computer last asked.
        let _ = self
            .house
            .look_about(&self.door, &self.place, &self.remote)
            .await;
        if now.is_some() && !same {
            self.was_asked().await?;
        }
        let (answer, share) = (self.order.keep, self.order.share_rule);
        let decided = self
            .house
            .decide(&self.door, &self.place, &self.remote, answer, share)
            .await?;
        if let Some(note) = decided.note {
            self.note(note);
        }
        let keep = decided.keep;
        let Some(digest) = now else { return Ok(None) };
        if same || !keep {
            return Ok(Some((digest, keep)));
        }
        match self.keep_old(&digest).await {
            Ok(()) => {}
            Err(problem) if self.order.accept_loss && problem.code == Code::NotKept => {
                self.note(format!("{} was not kept, as you agreed.", digest.short()));
            }
            Err(problem) => return Err(problem.into()),
        }
        self.unmoved(&digest).await?;
        Ok(Some((digest, false)))
    }

    /// Keeping took its time: what came under the tag meanwhile is not overwritten unseen.
    async fn unmoved(&self, old: &Digest) -> Result<(), Problem> {
        let now = self
            .house
            .look(&self.door, &self.place, &self.remote, &self.tag)
            .await?;
        if now.as_ref() == Some(old) {
            return Ok(());
        }
        Err(self.moved(now.as_ref()))
    }

    /// Nothing is overwritten by default: somebody has said, here or earlier, how this repository keeps.
    async fn was_asked(&self) -> Result<(), Problem> {
        let by_rule = self.order.keep == KeepAnswer::ByRule && !self.order.accept_loss;
        if by_rule && self.house.rule(&self.place).await?.is_none() {
            let message = "How this repository keeps was never said, so nothing was overwritten.";
            return Err(
                problems::coded(Code::TagMoved, message).hint("Choose it in the sheet, then push.")
            );
        }
        Ok(())
    }

    /// Gives the commit a commit tag. Nothing has been overwritten yet.
    async fn keep_old(&self, digest: &Digest) -> Result<(), Problem> {
        let name = self
            .house
            .give_commit_tag(
                &self.door,
                &self.place,
                &self.remote,
                &self.tag,
                digest,
                |name| *lock(&self.writing) = name.cloned(),
            )
            .await?
            .map_err(|cause| crate::keep::not_kept(cause, digest.short()))?;
        // Told before it is asked how the registry lists it: the push may be cancelled meanwhile.
        lock(&self.outcome).commit_tag = Some(name.to_string());
        let (listed, note) = crate::keep::as_listed(&self.remote, &name).await;
        let mut outcome = lock(&self.outcome);
        outcome.commit_tag = Some(listed);
        outcome.notes.extend(note);
        Ok(())
    }

    fn moved(&self, now: Option<&Digest>) -> Problem {
        let next = "Look at the sheet again, then push.";
        problems::tag_moved(&self.tag, now, "pushed", next)
    }

    /// The engine pushes, while the tag is looked after.
    async fn upload(&self, old: Option<&Digest>) -> Result<Option<Digest>, Stop> {
        let transfer = self
            .engine
            .push(&self.place.path(), self.tag.as_str(), &self.door.auth);
        let host = self.place.host.clone();
        self.house
            .follow(
                self.live,
                &host,
                transfer,
                Meter::default(),
                |last| async move {
                    // Once every layer is there the manifest follows at once: the moment to look.
                    if !last {
                        tokio::time::sleep(LOOK_AFTER).await;
                    }
                    self.look_after(old).await;
                },
            )
            .await
    }
}

/// Asked before a local name moves.
pub(crate) fn name_taken(name: &str) -> Problem {
    problems::coded(
        Code::NameTaken,
        format!("On this computer {name} is another image."),
    )
    .hint("Let the name move to this image; the other one stays, without that name.")
}
