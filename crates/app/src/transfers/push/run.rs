//! The push itself: the order of its steps.

use super::order::Pushing;
use super::under_way::Push;
use crate::accounts::Remote;
use crate::ground::names;
use crate::keeping::guard::{Act, Answer, Before, Overwrite};
use crate::tasks::{Meter, Running, Unfinished};
use crate::transfers::confiding::may_be_told;
use crate::transfers::local_name::{Bearer, NameAt};
use crate::transfers::room::Transfers;
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::view::push::NameAnswer;
use crate::view::tasks::TaskOutcome;
use crate::words::transfers as say;
use engine::{Engine, ImageDetail};
use oci::Digest;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// After so many tries of a layer Docker gives a push up. (Of a pull it is a setting of the engine, which nobody tells.)
const TRIES: u32 = 5;

/// How often the tag is looked after while the engine uploads.
const LOOK_AFTER: Duration = Duration::from_secs(2);

impl Transfers {
    /// Checks an order before it is stored.
    pub(crate) async fn check_push(&self, order: &Pushing) -> Result<(), Problem> {
        names::tag(&order.tag)?;
        self.accounts
            .place(&order.account, &order.repository)
            .await
            .map(|_| ())
    }

    /// Carries out a push.
    pub(crate) async fn push(
        &self,
        order: Pushing,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let remote = self
            .accounts
            .remote(&order.account, &order.repository)
            .await?;
        let tag = names::tag(&order.tag)?;
        let _use = self.local.begin_use();
        let engine = self.local.engine_at(order.engine.as_deref()).await?;
        may_be_told(&engine, &remote, order.secret_goes_to.as_deref())?;
        self.return_names(&engine).await?;
        let turn = tokio::select! {
            () = running.token().cancelled() => return Err(Unfinished::Cancelled(None)),
            turn = self.ground.turns.tag(&remote.place, &tag) => turn,
        };
        let answer = Answer {
            expected: order.expected.clone(),
            keep: order.keep,
            share_rule: order.share_rule,
            allows: order.allows.clone(),
            accept_loss: order.accept_loss,
        };
        let push = Push {
            room: self,
            remote: &remote,
            guard: Overwrite::new(&self.keeping, &remote, turn, Act::Push, answer),
            engine,
            order: &order,
            running,
            uploading: AtomicBool::new(false),
            displaced: Mutex::new(Vec::new()),
        };
        let ended = push.run().await;
        let so_far = || TaskOutcome::Moved(push.guard.outcome());
        self.ground.stale_tags(&remote.place).await;
        match ended {
            Ok(()) => {
                self.remember_repository(&remote, &push.engine).await?;
                Ok(so_far())
            }
            Err(Unfinished::Cancelled(_)) => {
                let outcome = push
                    .left_behind(|tag, short| say::too_late(tag, short))
                    .await;
                Err(Unfinished::Cancelled(Some(Box::new(outcome))))
            }
            // Once the engine has begun, an error says nothing about what has arrived.
            Err(Unfinished::Failed(problem, _)) if push.uploading.load(Ordering::Relaxed) => {
                let late = |tag: &_, short: &_| say::arrived_all_the_same(tag, short);
                let outcome = push.left_behind(late).await;
                Err(Unfinished::Failed(problem, Some(Box::new(outcome))))
            }
            Err(Unfinished::Failed(problem, _)) => {
                Err(Unfinished::Failed(problem, Some(Box::new(so_far()))))
            }
        }
    }

    /// Lists a repository here once one has pushed to it: the catalog may not list it (yet).
    async fn remember_repository(&self, remote: &Remote, engine: &Engine) -> Result<(), Problem> {
        let (account, name) = (remote.account().id, remote.place.repository.to_string());
        self.ground
            .db(move |store| store.add_repositories(account, &[name]))
            .await?;
        self.ground.stale(Stale::Repositories {
            account: account.to_string(),
        });
        // The engine knows a new digest of the image now.
        if self.local.uses(engine) {
            let _ = self.local.images().await;
            self.ground.stale(Stale::Images);
        }
        Ok(())
    }
}

impl Push<'_> {
    async fn run(&self) -> Result<(), Unfinished> {
        let local = &self.room.local;
        let image = local
            .answer_of(&self.engine, self.engine.inspect(&self.order.image).await)
            .await?
            .ok_or_else(say::no_image)?;
        let name = self.name();
        self.bearer(&name, &image).await?;
        let before = tokio::select! {
            biased;
            () = self.running.token().cancelled() => return Err(Unfinished::Cancelled(None)),
            before = self.make_way(&image) => before?,
        };
        // That took its time: somebody may have given the name away meanwhile.
        let (bearer, theirs) = self.bearer(&name, &image).await?;
        let loan = self
            .room
            .lend_name(&name, &image.id, bearer.as_ref())
            .await?;
        self.uploading.store(true, Ordering::Relaxed);
        let pushed = self.upload(before.old.as_ref()).await;
        if pushed.is_err() || (theirs && self.order.taken_name == NameAnswer::Leave) {
            // Where the engine can't do it now, it is done at the next transfer.
            let _ = self.room.return_name(&name).await;
        } else {
            // What arrived has arrived: a memo that can't be written is no failure of it, and the name stays lent.
            let given = self.room.name_given(&name, &image.id, bearer.as_ref());
            let _ = given.await;
        }
        drop(loan);
        let pushed = self.converted(pushed?, before.old.as_ref()).await;
        self.read_back(pushed, &before).await?;
        let _ = self.room.carried(self.order, self.remote, &image.id).await;
        Ok(())
    }

    /// Finds who bears the name, and whether it is somebody else's; refuses where nobody was asked about that.
    async fn bearer(
        &self,
        name: &NameAt<'_>,
        image: &ImageDetail,
    ) -> Result<(Option<Bearer>, bool), Problem> {
        let bearer = self.room.bearer(name).await?;
        let theirs = bearer
            .as_ref()
            .is_some_and(|bearer| bearer.image.id != image.id && !bearer.ours);
        if theirs && self.order.taken_name == NameAnswer::Unasked {
            return Err(say::name_taken(&self.guard.outcome().name));
        }
        Ok((bearer, theirs))
    }

    /// Returns the name in the engine that the push goes by.
    fn name(&self) -> NameAt<'_> {
        NameAt {
            engine: &self.engine,
            place: &self.remote.place,
            tag: self.guard.tag(),
        }
    }

    /// Reads the tag, and keeps what it points at where that is to be kept; not before the push where the tag points at
    /// this very image already.
    async fn make_way(&self, image: &ImageDetail) -> Result<Before, Problem> {
        let now = self.guard.read().await?;
        let same = match &now {
            // Where its facts can't be had it counts as another image: it is kept, then overwritten.
            Some(digest) => {
                let facts = self.room.content.facts(self.remote, digest).await;
                let facts = facts.unwrap_or_default();
                self.room.same_image(image, digest, &facts).await?
            }
            None => false,
        };
        self.guard.make_way(now, same).await
    }

    /// Lets the engine push, while the tag is looked after.
    async fn upload(&self, old: Option<&Digest>) -> Result<Option<Digest>, Unfinished> {
        let place = &self.remote.place;
        let tag = self.guard.tag().as_str();
        self.room
            .carry(
                self.running,
                self.remote,
                |auth| self.engine.push(&place.path(), tag, auth),
                || Meter::with_tries(TRIES),
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
