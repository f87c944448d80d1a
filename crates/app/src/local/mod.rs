//! This computer's engine: which one is used, and what it was last seen to hold.
//!
//! Not here: what a person does with it (`computer`, `transfers`). Grows when several engines are used at once.

mod held;
mod place;
mod watch;

pub(crate) use held::{Held, whole_reference};

use self::place::{Candidates, PATIENCE, Place};
use self::watch::Missed;
use crate::ground::options::Options;
use crate::ground::{Ground, blocking, lock, sandbox};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words;
use engine::{Engine, Env, LocalImage};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};
use tokio_util::sync::DropGuard;

/// The engine that is used.
pub(crate) struct LocalEngine {
    ground: Arc<Ground>,
    docker_host: Option<String>,
    docker_config: Option<PathBuf>,
    sandbox: Option<PathBuf>,
    place: tokio::sync::Mutex<Place>,
    held: Mutex<Held>,
    /// The watch over the engine that answered last.
    watch: Mutex<Option<DropGuard>>,
    me: Weak<Self>,
}

impl LocalEngine {
    pub fn new(ground: &Arc<Ground>, options: &Options) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            ground: Arc::clone(ground),
            docker_host: options.engine.clone(),
            docker_config: options.docker_config.clone(),
            sandbox: options.sandbox.clone(),
            place: tokio::sync::Mutex::new(Place::new(options.engine_patience.unwrap_or(PATIENCE))),
            held: Mutex::default(),
            watch: Mutex::default(),
            me: me.clone(),
        })
    }

    /// Returns the engine that is used. One that is gone keeps its place for a while; then it is the first that answers.
    pub async fn engine(&self) -> Result<Engine, Problem> {
        let mut place = self.place.lock().await;
        let set = self.ground.kept.settings().engine;
        if let Some(engine) = place.engine(set.as_deref()) {
            return Ok(engine.clone());
        }
        // Another one may be chosen meanwhile: what the one before holds says nothing of it.
        if place.leave() {
            self.hold(Held::default());
        }
        let candidates = self.candidates(set).await?;
        let engine = place.find(candidates).await?;
        drop(place);
        self.changed();
        // Last: whoever looks for an engine that is gone may be the former watch itself.
        self.keep_watch(&engine);
        Ok(engine)
    }

    /// Returns that another engine is used than was before, where nobody chose it.
    pub async fn instead(&self) -> Option<Said> {
        self.place.lock().await.instead().cloned()
    }

    /// Lists where an engine may be.
    async fn candidates(&self, set: Option<String>) -> Result<Candidates, Problem> {
        let mut env = Env::of_process();
        env.docker_config = self.docker_config.clone().or(env.docker_config);
        env.docker_host = self.docker_host.clone().or(env.docker_host);
        // One that somebody chose is never silently replaced by another.
        let mut addresses = match &set {
            Some(set) => vec![engine::Address::parse(set, false)],
            None => engine::find(&env),
        };
        // Whoever started a sandbox plays in it: its engine comes before any of the person's own, so that
        // nothing of theirs is touched.
        if let Some(file) = self.sandbox.clone()
            && let Some(host) = blocking(move || sandbox::read(&file))
                .await?
                .and_then(|sandbox| sandbox.docker_host)
        {
            addresses.insert(0, engine::Address::parse(&host, false));
        }
        Ok(Candidates { set, addresses })
    }

    /// Watches an engine, in the place of the one before.
    fn keep_watch(&self, engine: &Engine) {
        let (teller, looker) = (self.me.clone(), self.me.clone());
        let missed = Missed {
            tell: Box::new(move || {
                Box::pin(async move {
                    if let Some(room) = teller.upgrade() {
                        room.is_gone().await;
                    }
                })
            }),
            look: Box::new(move || {
                let room = looker.upgrade();
                Box::pin(async move {
                    match room {
                        Some(room) => room.engine().await.is_ok(),
                        None => true,
                    }
                })
            }),
        };
        *lock(&self.watch) = Some(watch::watch(engine.clone(), missed));
    }

    /// Takes an engine's answer; where the engine is gone, it is looked for anew the next time.
    pub async fn answer<T>(&self, answer: Result<T, engine::Error>) -> Result<T, Problem> {
        match answer {
            Ok(value) => Ok(value),
            Err(error) => {
                if matches!(error, engine::Error::Absent(_) | engine::Error::Broken(_)) {
                    self.is_gone().await;
                    return Err(self.place.lock().await.told(&error));
                }
                Err(words::of_engine(&error))
            }
        }
    }

    /// Notes that the engine is gone; the next time it is looked for, and after a while any other.
    async fn is_gone(&self) {
        let known = self.place.lock().await.leave();
        self.hold(Held::default());
        if known {
            self.changed();
        }
    }

    /// Remembers what the engine holds; where that is not what it was, the window reads again what it shows of it.
    fn hold(&self, now: Held) {
        let is_news = {
            let mut held = lock(&self.held);
            *held != now && {
                *held = now;
                true
            }
        };
        if is_news {
            self.ground.stale(Stale::Held);
        }
    }

    /// Tells the window that what it shows of the engine is old.
    fn changed(&self) {
        self.ground.stale(Stale::Engine);
        self.ground.stale(Stale::Images);
    }

    /// Asks the engine for its images and remembers which commits are here.
    pub async fn images(&self) -> Result<Vec<LocalImage>, Problem> {
        let engine = self.engine().await?;
        let images = self.answer(engine.images().await).await?;
        self.hold(Held::of(&images));
        Ok(images)
    }

    /// Returns what the engine was last seen to hold.
    pub fn held(&self) -> Held {
        lock(&self.held).clone()
    }
}
