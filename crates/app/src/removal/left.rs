//! What is left after a deletion: asked again where it was accepted, since some registries say yes and do it seconds later (Pulp,
//! by a task), and asked where no answer came, since gateways give up on what the registry behind them does all the same.
//!
//! Not here: the deletion itself (`tag`, `run`). Grows by a sign that a registry is still at it.

use super::room::Removal;
use super::way::deleted;
use crate::accounts::Remote;
use crate::content::head_of_tag;
use crate::tasks::Running;
use crate::view::problem::Problem;
use oci::{Digest, Tag};
use registry::{At, Error, Head};
use std::time::Duration;

/// How long a registry is given before each further question: some seconds in all.
const WAITS: [Duration; 6] = [
    Duration::from_millis(150),
    Duration::from_millis(350),
    Duration::from_millis(700),
    Duration::from_millis(1200),
    Duration::from_millis(1800),
    Duration::from_millis(2500),
];

impl Removal {
    /// Returns what a tag or digest still bears after its deletion was accepted; none where it is gone. While it bears what was
    /// `deleted`, it is asked again; once the person stops the run, no more.
    pub(super) async fn left(
        &self,
        remote: &Remote,
        at: &At,
        deleted: &Digest,
        running: &Running,
    ) -> Option<Digest> {
        let mut waits = WAITS.iter();
        loop {
            let found = match ask(remote, at).await {
                Ok(found) => Some(found?.digest),
                Err(_) => None,
            };
            if found.as_ref().is_some_and(|found| found != deleted) {
                return found;
            }
            let Some(wait) = waits.next() else {
                // It has said that it is done; that it can't be asked at all says nothing else.
                return found;
            };
            if running
                .unless_stopped(tokio::time::sleep(*wait))
                .await
                .is_none()
            {
                return found;
            }
        }
    }

    /// Tells how a deletion ended. Of which no answer came, is done where nothing is left; else these names are noted as asked
    /// for, so that what goes later went from here.
    pub(super) async fn ended(
        &self,
        remote: &Remote,
        at: &At,
        names: &[Tag],
        digest: &Digest,
        answer: Result<(), Error>,
    ) -> Result<Result<(), Error>, Problem> {
        let answer = deleted(answer);
        if !matches!(&answer, Err(error) if error.is_no_answer()) {
            return Ok(answer);
        }
        if matches!(ask(remote, at).await, Ok(None)) {
            return Ok(Ok(()));
        }
        for name in names {
            self.awaits(&remote.place, name, digest).await?;
        }
        Ok(answer)
    }
}

async fn ask(remote: &Remote, at: &At) -> Result<Option<Head>, Error> {
    match at {
        At::Tag(tag) => head_of_tag(remote, tag).await,
        At::Digest(_) => remote.registry.head(at).await,
    }
}
