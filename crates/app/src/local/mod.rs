//! This computer's engine: which one is used, what it was last seen to hold, and what happens in it.
//!
//! Not here: what a person does with it (`computer`, `transfers`). Grows when several engines are used at once.

mod again;
mod back;
mod changes;
mod choosing;
mod engines;
mod held;
mod names;
mod pace;
mod place;
mod watch;

pub(crate) use back::Use;
pub(crate) use changes::change_count;
pub(crate) use engines::{place as place_of, store as store_of};
pub(crate) use held::{Held, whole_reference};

use self::back::{Return, Uses};
use self::engines::Engines;
use self::pace::Pace;
use self::place::{Candidates, NEWS, PATIENCE, Place};
use self::watch::{Heard, Looked, Watcher};
use crate::ground::options::Options;
use crate::ground::{Ground, blocking, lock, sandbox};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words;
use engine::{Address, Candidate, Change, Engine, Env, LocalImage, SshProgram};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tokio_util::sync::DropGuard;

/// How long those who watch an engine may take to let go of it.
const LETTING_GO: Duration = Duration::from_millis(50);

/// How long an engine is waited for that is asked beside something else.
const BRIEFLY: Duration = Duration::from_secs(3);

/// The engine that is used.
pub(crate) struct LocalEngine {
    ground: Arc<Ground>,
    docker_host: Option<String>,
    docker_config: Option<PathBuf>,
    sandbox: Option<PathBuf>,
    ssh: SshProgram,
    engines: Engines,
    /// Where the engine is that is used, or was last.
    used: Mutex<Option<Address>>,
    place: tokio::sync::Mutex<Place>,
    held: Mutex<Held>,
    /// How soon its images, and its containers, are read again.
    images: Pace,
    containers: Pace,
    /// The watch over the engine that answered last.
    watch: Mutex<Option<DropGuard>>,
    /// What moves through it.
    uses: Arc<Mutex<Uses>>,
    /// The search for those that lost their place.
    search: Mutex<Option<DropGuard>>,
    me: Weak<Self>,
}

impl LocalEngine {
    pub fn new(ground: &Arc<Ground>, options: &Options) -> Arc<Self> {
        let pace = |what: Stale| {
            let ground = Arc::clone(ground);
            Pace::new(move || ground.stale(what.clone()))
        };
        Arc::new_cyclic(|me| Self {
            ground: Arc::clone(ground),
            images: pace(Stale::Images),
            containers: pace(Stale::Containers),
            docker_host: options.engine.clone(),
            docker_config: options.docker_config.clone(),
            sandbox: options.sandbox.clone(),
            ssh: options.ssh.clone(),
            engines: Engines::default(),
            used: Mutex::default(),
            place: tokio::sync::Mutex::new(Place::new(options.engine_patience.unwrap_or(PATIENCE))),
            held: Mutex::default(),
            watch: Mutex::default(),
            uses: Arc::default(),
            search: Mutex::default(),
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
        self.follow_up(&place, &engine);
        Ok(engine)
    }

    /// Returns what the engine is called, where it answers and may speak to a registry without TLS.
    pub async fn may_do_without_tls(&self, host: &oci::Host) -> Option<&'static str> {
        let asked = async {
            let engine = self.engine().await.ok()?;
            let info = engine.info().await.ok()?;
            info.insecure.covers(host).then(|| engine.name())
        };
        // Whoever asks has something else to tell too.
        tokio::time::timeout(BRIEFLY, asked).await.ok().flatten()
    }

    /// Notes that something of the person's moves through the engine, for as long as what is returned lives: no other takes
    /// its place by itself meanwhile, and for a while after.
    pub fn begin_use(&self) -> Use {
        Use::begin(&self.uses)
    }

    /// Tells whether an engine that is back may have its place again.
    async fn rests(&self) -> bool {
        let patience = self.place.lock().await.patience();
        lock(&self.uses).rest(patience)
    }

    /// Gives an engine that is back its place again; true where no more looking is wanted.
    async fn give_back(&self, engine: Engine) -> bool {
        let set = self.ground.kept.settings().engine;
        let Ok(candidates) = self.candidates(set).await else {
            return false;
        };
        let mut place = self.place.lock().await;
        // Something may have begun, or the one that is used be gone, since it was asked.
        if !lock(&self.uses).rest(place.patience()) {
            return false;
        }
        if !place.give_back(engine.clone(), candidates) {
            return true;
        }
        self.hold(Held::default());
        self.follow_up(&place, &engine);
        true
    }

    /// Tells that another engine is used, watches it, and looks for those that lost their place. Nothing is to follow: who
    /// found it may be the watch, or the search, of before, and ends with it.
    fn follow_up(&self, place: &Place, engine: &Engine) {
        *lock(&self.used) = Some(engine.address().clone());
        self.changed();
        let former = place.former().to_vec();
        *lock(&self.search) = (!former.is_empty()).then(|| self.search(former));
        if place.back().is_some() {
            // Once it is no news any more, the window says it no longer.
            let room = self.me.clone();
            tokio::spawn(async move {
                tokio::time::sleep(NEWS).await;
                if let Some(room) = room.upgrade() {
                    room.ground.stale(Stale::Engine);
                }
            });
        }
        self.keep_watch(engine);
    }

    /// Looks for engines that lost their place.
    fn search(&self, former: Vec<engine::Address>) -> DropGuard {
        let (asker, giver) = (self.me.clone(), self.me.clone());
        let back = Return {
            may: Box::new(move || {
                let room = asker.upgrade();
                Box::pin(async move {
                    match room {
                        Some(room) => room.rests().await,
                        None => false,
                    }
                })
            }),
            give: Box::new(move |engine| {
                let room = giver.upgrade();
                Box::pin(async move {
                    match room {
                        Some(room) => room.give_back(engine).await,
                        None => true,
                    }
                })
            }),
        };
        back::look(former, back)
    }

    /// Returns that another engine is used than was before, where nobody chose it.
    pub async fn instead(&self) -> Option<Said> {
        self.place.lock().await.instead().cloned()
    }

    /// Returns that the engine of before is used again, for as long as that is news.
    pub async fn back(&self) -> Option<Said> {
        self.place.lock().await.back().cloned()
    }

    /// Returns the variables by which engines are looked for.
    pub fn env(&self) -> Env {
        let mut env = Env::of_process();
        env.docker_config = self.docker_config.clone().or(env.docker_config);
        env.docker_host = self.docker_host.clone().or(env.docker_host);
        env.ssh = self.ssh.clone();
        env
    }

    /// Lists where the engine to use may be.
    async fn candidates(&self, set: Option<String>) -> Result<Candidates, Problem> {
        // Whoever started a sandbox plays in it: its engine comes before any of the person's own, so that
        // nothing of theirs is touched.
        let sandbox = self.sandbox_engine().await?;
        let env = self.env();
        let wanted = set.clone();
        let addresses = blocking(move || {
            let of_sandbox = sandbox.map(|host| Candidate::by_id(&env, &host));
            // One that somebody chose is never silently replaced by another.
            let others = match wanted {
                Some(set) => vec![Candidate::by_id(&env, &set)],
                None => engine::find(&env),
            };
            let all = of_sandbox.into_iter().chain(others);
            all.map(|candidate| candidate.address).collect()
        })
        .await?;
        Ok(Candidates { set, addresses })
    }

    /// Returns where the sandbox's engine is, where one runs.
    async fn sandbox_engine(&self) -> Result<Option<String>, Problem> {
        let Some(file) = self.sandbox.clone() else {
            return Ok(None);
        };
        let sandbox = blocking(move || sandbox::read(&file)).await?;
        Ok(sandbox.and_then(|sandbox| sandbox.docker_host))
    }

    /// Looks for an engine.
    async fn look(&self) -> Looked {
        match self.engine().await {
            Ok(_) => Looked::Enough,
            Err(_) => Looked::None {
                far: self.place.lock().await.looks_far(),
            },
        }
    }

    /// Watches an engine, in the place of the one before.
    fn keep_watch(&self, engine: &Engine) {
        let (hearer, misser, looker) = (self.me.clone(), self.me.clone(), self.me.clone());
        let watcher = Watcher {
            hear: Box::new(move |heard| {
                if let Some(room) = hearer.upgrade() {
                    room.hear(&heard);
                }
            }),
            missed: Box::new(move || {
                Box::pin(async move {
                    if let Some(room) = misser.upgrade() {
                        room.is_gone().await;
                    }
                })
            }),
            look: Box::new(move || {
                let room = looker.upgrade();
                Box::pin(async move {
                    match room {
                        Some(room) => room.look().await,
                        None => Looked::Enough,
                    }
                })
            }),
        };
        *lock(&self.watch) = Some(watch::watch(engine.clone(), watcher));
    }

    /// Tells the window what is to be read again after what was heard.
    fn hear(&self, heard: &Heard) {
        let (images, containers) = match heard {
            Heard::Listens => (self.images.was_read(), self.containers.was_read()),
            Heard::Change(Change::Images) => (true, false),
            // An image tells which containers use it.
            Heard::Change(Change::Container {
                uses, made_image, ..
            }) => (*uses || *made_image, true),
        };
        if images {
            self.images.changed();
        }
        if containers {
            self.containers.changed();
        }
    }

    /// Tells whether an engine is the one that is used.
    pub fn uses(&self, engine: &Engine) -> bool {
        lock(&self.used).as_ref() == Some(engine.address())
    }

    /// Takes an engine's answer; where it is the one that is used, and gone, it is looked for anew the next time.
    pub async fn answer_of<T>(
        &self,
        engine: &Engine,
        answer: Result<T, engine::Error>,
    ) -> Result<T, Problem> {
        if self.uses(engine) {
            return self.answer(answer).await;
        }
        answer.map_err(|error| words::of_engine(&error))
    }

    /// Takes an answer of the engine that is used; where that is gone, it is looked for anew the next time.
    pub async fn answer<T>(&self, answer: Result<T, engine::Error>) -> Result<T, Problem> {
        match answer {
            Ok(value) => Ok(value),
            Err(error) => {
                if error.is_absent() || matches!(error, engine::Error::Broken(_)) {
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
        for what in [Stale::Engine, Stale::Images, Stale::Containers] {
            self.ground.stale(what);
        }
        for list in [&self.images, &self.containers] {
            list.anew();
        }
    }

    /// Asks the engine that is used for its images.
    pub async fn images(&self) -> Result<Vec<LocalImage>, Problem> {
        let engine = self.engine().await?;
        self.images_of(&engine).await
    }

    /// Asks an engine for its images; what is here is remembered of the one that is used.
    pub async fn images_of(&self, engine: &Engine) -> Result<Vec<LocalImage>, Problem> {
        let reading = self.images.read();
        let images = self.answer_of(engine, engine.images().await).await?;
        drop(reading);
        if self.uses(engine) {
            self.hold(Held::of(&images));
        }
        Ok(images)
    }

    /// Lets go of the engine, at the end: what is shared between questions to it ends with the last who has it.
    pub async fn leave(&self) {
        (*lock(&self.watch), *lock(&self.search)) = (None, None);
        // Who has the place may be waiting for an engine.
        if let Ok(mut place) = tokio::time::timeout(LETTING_GO, self.place.lock()).await {
            place.leave();
        }
        // The watch has it until its next turn.
        tokio::time::sleep(LETTING_GO).await;
    }

    /// Returns what the engine was last seen to hold.
    pub fn held(&self) -> Held {
        lock(&self.held).clone()
    }
}
