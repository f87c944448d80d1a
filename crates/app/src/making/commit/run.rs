//! The commit itself: one long question to the engine, then the name.

use super::order::Committing;
use crate::making::room::Making;
use crate::tasks::{Running, Unfinished};
use crate::view::making::Made;
use crate::view::problem::Problem;
use crate::view::tasks::TaskOutcome;
use crate::words;
use crate::words::making as say;
use engine::{Engine, Error};

impl Making {
    /// Carries out a commit. Where it is stopped nobody waits for the engine any more; it may end it all the same.
    pub(crate) async fn commit(
        &self,
        order: Committing,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
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
        let made = Made {
            image,
            name: None,
            then: order.then.is_some(),
            engine: Some(id),
            next: None,
            notes: Vec::new(),
        };
        self.give_name(&engine, &order.naming, made).await
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
