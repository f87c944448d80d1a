//! The image of a registry comes into the engine: a pull like any other, of the one image that is proposed, as nobody.
//!
//! Not here: what is made of it (`container`). Grows by another image.

use super::room::Hosting;
use crate::tasks::{Meter, Running, Unfinished};
use crate::view::problem::Problem;
use crate::view::tasks::{Outcome, TaskOutcome};
use crate::words::hosting as say;
use engine::{Event, RegistryAuth};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// Where the image comes from, its repository there, and its tag.
pub(super) const FROM: &str = "docker.io";
const REPOSITORY: &str = "library/registry";
const TAG: &str = "3";
/// What it is called in an engine.
pub(super) const IMAGE: &str = "registry:3";

/// The window is told at most this often.
const TICK: Duration = Duration::from_millis(100);

/// A download as it is stored, to be repeated.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Downloading {
    /// The engine that it comes into.
    pub engine: String,
}

impl Downloading {
    /// Returns where it comes from: a repository with its registry.
    pub(crate) fn repository() -> String {
        format!("{FROM}/{REPOSITORY}")
    }

    /// Returns its tag.
    pub(crate) fn tag() -> String {
        TAG.to_owned()
    }
}

impl Hosting {
    /// Carries out a download.
    pub(crate) async fn download(
        &self,
        order: Downloading,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let _use = self.local.begin_use();
        let engine = self.local.engine_at(Some(&order.engine)).await?;
        let mut transfer = engine.pull(&Downloading::repository(), TAG, &RegistryAuth::None);
        let mut meter = Meter::with_layers([]);
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut digest = None;
        running.show(&mut meter);
        loop {
            tokio::select! {
                biased;
                () = running.token().cancelled() => return Err(Unfinished::Cancelled(None)),
                _ = tick.tick() => if meter.is_dirty() { running.show(&mut meter) },
                event = transfer.next() => match event {
                    Some(Ok(Event::Layer { id, state })) => meter.take(&id, state),
                    Some(Ok(Event::Digest(told))) => digest = Some(told.to_string()),
                    Some(Ok(Event::Status(_))) => {}
                    Some(Err(error)) => {
                        let problem: Problem = say::of_download(IMAGE, FROM, &error);
                        return Err(problem.into());
                    }
                    None => break,
                },
            }
        }
        running.show(&mut meter);
        Ok(TaskOutcome::Moved(Outcome {
            name: IMAGE.to_owned(),
            digest,
            commit_tag: None,
            previous: None,
            notes: Vec::new(),
        }))
    }
}
