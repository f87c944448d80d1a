//! What a name still bears after its deletion was accepted: asked again, since some registries say yes and do it seconds later
//! (Pulp, by a task).
//!
//! Not here: the deletion itself (`tag`, `run`). Grows by a sign that a registry is still at it.

use super::room::Removal;
use crate::accounts::Remote;
use crate::content::head_of_tag;
use crate::tasks::Running;
use oci::Digest;
use registry::At;
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
            let asked = match at {
                At::Tag(tag) => head_of_tag(remote, tag).await,
                At::Digest(_) => remote.registry.head(at).await,
            };
            let found = match asked {
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
}
