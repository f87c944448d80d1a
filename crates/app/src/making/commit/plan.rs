//! The sheet of a commit: what changed in the container, and what stays out, before the button.

use super::lines;
use super::order::Committing;
use crate::ground::{count, names};
use crate::local::change_count;
use crate::making::room::Making;
use crate::view::making::CommitPlan;
use crate::view::problem::Problem;
use crate::words::making as say;
use engine::{ContainerDetail, Engine};
use std::time::Duration;

/// How long the engine may compare the container's files: a sheet is not worth more.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many changes are named.
const NAMED: usize = 200;
/// How many places of volumes are named.
const MOUNTS: usize = 8;
/// The longest that is shown of one, in characters.
const LONGEST: usize = 400;
/// The longest that may be said with a commit, in bytes: it stands in the address that the engine is asked at.
const SAID: usize = 4096;

impl Making {
    /// Says what would become an image.
    pub async fn plan_commit(&self, container: String) -> Result<CommitPlan, Problem> {
        let engine = self.local.engine().await?;
        let detail = self.container(&engine, &container).await?;
        // Where it takes long, or the engine can't, the sheet does without.
        let changes = engine.changes(&detail.id, NAMED, PATIENCE).await;
        let mut mounts = detail.mounts;
        mounts.retain(|path| !path.is_empty());
        mounts.sort_unstable();
        let more_mounts = count(mounts.len().saturating_sub(MOUNTS));
        let shown = |path: &String| oci::text::plain(path, LONGEST);
        Ok(CommitPlan {
            container: detail.id,
            name: detail.name,
            image_id: detail.image_id,
            running: detail.running && !detail.paused,
            changed: changes.ok().map(change_count),
            mounts: mounts.iter().take(MOUNTS).map(shown).collect(),
            more_mounts,
            lines: engine
                .commit_lines()
                .into_iter()
                .map(str::to_owned)
                .collect(),
        })
    }

    /// Checks an order before it is stored. `ours` are images that builds and commits gave the name: from them it moves by
    /// itself.
    pub(crate) async fn check_commit(
        &self,
        order: &mut Committing,
        ours: &[String],
    ) -> Result<(), Problem> {
        if let Some(then) = &order.then {
            names::tag(&then.tag)?;
        }
        if order.author.len() > SAID || order.message.len() > SAID {
            return Err(say::too_much(&SAID).problem());
        }
        let engine = self.local.engine().await?;
        lines::check(&order.lines, &engine.commit_lines())?;
        self.container(&engine, &order.container).await?;
        self.check_name(&engine, &mut order.naming, ours).await
    }

    async fn container(&self, engine: &Engine, id: &str) -> Result<ContainerDetail, Problem> {
        let looked = engine.container(id).await;
        let found = self.local.answer_of(engine, looked).await?;
        found.ok_or_else(say::no_container)
    }
}
