//! The build itself: following what the builder says, with its log and a way out.

use super::log::Log;
use super::order::Building;
use crate::ground::lock;
use crate::making::room::Making;
use crate::tasks::{Running, Unfinished};
use crate::view::events::AppEvent;
use crate::view::making::{BuildLog, Made, StepState};
use crate::view::note::Note;
use crate::view::problem::Problem;
use crate::view::tasks::TaskOutcome;
use crate::words;
use crate::words::making as say;
use engine::{Build, BuildEvent, Engine};
use futures_util::StreamExt;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// The window is told at most this often.
const TICK: Duration = Duration::from_millis(100);
/// So many warnings of a builder are told.
const WARNINGS: usize = 20;

/// What a build led to, as the builder told it.
#[derive(Default)]
struct Told {
    image: Option<String>,
    warnings: Vec<String>,
}

impl Making {
    /// Returns what a build has said.
    pub fn build_log(&self, task: &str) -> BuildLog {
        task.parse()
            .map(|task| self.logs.of(task))
            .unwrap_or_default()
    }

    /// Carries out a build.
    pub(crate) async fn build(
        &self,
        order: Building,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let _use = self.local.begin_use();
        let engine = self.local.engine().await?;
        // What follows goes from this one, also where another is used by then.
        let id = self.local.id_of(engine.address()).await?;
        self.check_name_again(&engine, &order.naming).await?;
        let buildx = if order.engine_builder {
            None
        } else {
            self.builders.of(&self.local, &engine).await?.1
        };
        let build = match buildx {
            Some(buildx) => engine.build_with(&buildx, order.of()),
            None if !order.secrets.is_empty() => return Err(say::no_secrets().into()),
            None => engine.build(order.of()),
        };
        let log = self.logs.begin(running.id());
        let followed = self.follow(&engine, running, &log, build).await;
        lock(&log).end(match &followed {
            Err(Unfinished::Cancelled(_)) => StepState::Stopped,
            Err(Unfinished::Failed(..)) => StepState::Failed,
            Ok(_) => StepState::Done,
        });
        self.tell(running, &log);
        let told = followed?;
        let looked = self.image(&engine, told.image);
        let image = running
            .unless_stopped(looked)
            .await
            .ok_or(Unfinished::Cancelled(None))??;
        let note = |text: &String| Note::from(say::warned(text));
        let made = Made {
            image,
            name: None,
            then: order.then.is_some(),
            engine: Some(id),
            next: None,
            notes: told.warnings.iter().map(note).collect(),
        };
        self.give_name(&engine, &order.naming, made).await
    }

    /// Follows a build to its end. The engine stops when the person does.
    async fn follow(
        &self,
        engine: &Engine,
        running: &Running,
        log: &Mutex<Log>,
        mut build: Build,
    ) -> Result<Told, Unfinished> {
        let mut told = Told::default();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // The tick before the stream: a builder that never stops talking must not silence the window.
            tokio::select! {
                biased;
                () = running.token().cancelled() => return Err(Unfinished::Cancelled(None)),
                _ = tick.tick() => {
                    lock(log).sent = build.sent();
                    self.tell(running, log);
                }
                event = build.next() => match event {
                    Some(Ok(BuildEvent::Image(id))) => told.image = Some(id),
                    Some(Ok(BuildEvent::Warning(text))) if told.warnings.len() < WARNINGS => {
                        told.warnings.push(text);
                    }
                    Some(Ok(event)) => {
                        lock(log).take(event, self.ground.now());
                    }
                    Some(Err(error)) => {
                        let failed = lock(log).failed();
                        return Err(self.failed(engine, error, failed).await.into());
                    }
                    None => return Ok(told),
                },
            }
        }
    }

    /// Tells the window what changed.
    fn tell(&self, running: &Running, log: &Mutex<Log>) {
        let (news, (done, all)) = {
            let mut log = lock(log);
            (log.news(), log.count())
        };
        let Some((steps, sent)) = news else { return };
        if !steps.is_empty() {
            running.count(done, all);
        }
        self.ground.events.emit(AppEvent::Build {
            task: running.id().to_string(),
            steps,
            sent,
        });
    }

    /// Says why a build failed: in which step, where it was in one.
    async fn failed(
        &self,
        engine: &Engine,
        error: engine::Error,
        step: Option<(String, String)>,
    ) -> Problem {
        match (error, step) {
            (engine::Error::InStream(why) | engine::Error::Refused { message: why, .. }, step) => {
                say::of_build(&why, step)
            }
            (error, _) => match self.local.answer_of::<()>(engine, Err(error)).await {
                Err(problem) => problem,
                Ok(()) => words::unexpected("no error"),
            },
        }
    }

    /// Looks at what was built: the engine knows it by this id from now on.
    async fn image(&self, engine: &Engine, told: Option<String>) -> Result<String, Problem> {
        let id = told.ok_or_else(say::no_image)?;
        let answer = engine.inspect(&id).await;
        let image = self.local.answer_of(engine, answer).await?;
        Ok(image.ok_or_else(say::no_image)?.id)
    }
}
