//! The commit itself: one long question to the engine, then the name.

use super::order::Committing;
use super::plan::name_of;
use crate::making::room::Making;
use crate::tasks::{Running, Unfinished};
use crate::view::events::Stale;
use crate::view::making::Made;
use crate::view::note::Note;
use crate::view::problem::Problem;
use crate::view::tasks::TaskOutcome;
use crate::words;
use crate::words::making as say;
use engine::{Engine, Error};
use oci::Reference;

impl Making {
    /// Carries out a commit. Where it is stopped nobody waits for the engine any more; it may end it all the same.
    pub(crate) async fn commit(
        &self,
        order: Committing,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let name = name_of(&order)?;
        let _use = self.local.begin_use();
        let engine = self.local.engine().await?;
        // What follows goes from this one, also where another is used by then.
        let id = self.local.id_of(engine.address()).await?;
        running.count(0, 1);
        let of = order.of();
        let committed = running
            .unless_stopped(engine.commit(&of))
            .await
            .ok_or(Unfinished::Cancelled(None))?;
        let image = match committed {
            Ok(image) => image,
            Err(error) => {
                return Err(self
                    .not_committed(&engine, error, !of.lines.is_empty())
                    .await
                    .into());
            }
        };
        // Not every engine tells of an image without a name.
        self.ground.stale(Stale::Images);
        let mut made = Made {
            image,
            name: None,
            then: order.then.is_some(),
            engine: Some(id),
            next: None,
            notes: Vec::new(),
        };
        let Some(name) = name else {
            return Ok(TaskOutcome::Made(made));
        };
        match self
            .name(&engine, &made.image, &name, order.move_name)
            .await
        {
            Ok(true) => made.name = Some(name.familiar()),
            Ok(false) => made.notes = vec![Note::from(say::name_stayed(&name.familiar()))],
            Err(problem) => {
                let made = Box::new(TaskOutcome::Made(made));
                return Err(Unfinished::Failed(Box::new(problem), Some(made)));
            }
        }
        self.ground.stale(Stale::Images);
        Ok(TaskOutcome::Made(made))
    }

    /// Names what was made; false where the name has become another image's since it was asked about.
    async fn name(
        &self,
        engine: &Engine,
        image: &str,
        name: &Reference,
        may_move: bool,
    ) -> Result<bool, Problem> {
        let bearer = self.local.bearer(engine, name).await?;
        if !may_move && bearer.is_some_and(|bearer| bearer.id != image) {
            return Ok(false);
        }
        self.local.give_name(engine, image, name).await?;
        Ok(true)
    }

    /// Says why no image was made.
    async fn not_committed(&self, engine: &Engine, error: Error, lines: bool) -> Problem {
        if let Error::Refused { status, message } = &error
            && let Some(problem) = say::of_commit(*status, message, lines)
        {
            return problem;
        }
        match self.local.answer_of::<()>(engine, Err(error)).await {
            Err(problem) => problem,
            Ok(()) => words::unexpected("no error"),
        }
    }
}
