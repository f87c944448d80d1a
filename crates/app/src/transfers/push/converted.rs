//! What the engine pushed, put under its tag once more in Docker's own format, for a registry that lists no other.
//!
//! It is the same overwrite, which the guard has made way for: what stood there before is kept as the sheet said, and the tag is read
//! again right before. What the engine pushed keeps its digest. Where it can't be done the push has been done all the same, and that
//! is said. Not here: the form itself (`content/dockers_format`). Grows by nothing.

use super::under_way::Push;
use crate::content::{DockersFormat, head_of_tag};
use crate::ground::lock;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words::kinds as say;
use crate::words::transfers;
use oci::{Digest, MediaType};
use registry::At;

impl Push<'_> {
    /// Converts what the engine pushed, where the person wants that; returns what was pushed in the end.
    pub(super) async fn converted(
        &self,
        told: Option<Digest>,
        old: Option<&Digest>,
    ) -> Option<Digest> {
        if !self.order.as_docker {
            return told;
        }
        // Not as a look: what the engine put there for a moment is nobody's move.
        let head = head_of_tag(self.remote, self.guard.tag()).await;
        let read = head
            .map(|head| head.map(|head| head.digest))
            .map_err(|error| self.remote.problem(&error));
        let Some(pushed) = told.clone().or_else(|| arrived(&read, old)) else {
            return told;
        };
        match self.convert(&pushed, read).await {
            Ok(Some(digest)) => {
                let (tag, converted) = (self.guard.tag(), digest.short());
                self.guard
                    .note(say::in_dockers_format(tag, converted, pushed.short()));
                // The engine's own is nobody else's, should it have been seen on its way.
                lock(&self.displaced).retain(|seen| *seen != pushed);
                Some(digest)
            }
            Ok(None) => told,
            Err(said) => {
                self.guard.note(said);
                told
            }
        }
    }

    /// Puts a commit under the tag in Docker's own format; none where it is in it.
    async fn convert(
        &self,
        pushed: &Digest,
        read: Result<Option<Digest>, Problem>,
    ) -> Result<Option<Digest>, Said> {
        let failed = |problem: Problem| say::not_converted(pushed.short(), problem.what());
        if let Some(other) = read.map_err(failed)?.filter(|now| now != pushed) {
            return Err(transfers::at_others(self.guard.tag(), other.short()));
        }
        let content = &self.room.content;
        let form = content.in_dockers_format(self.remote, pushed).await;
        let bytes = match form.map_err(failed)? {
            DockersFormat::Already => return Ok(None),
            DockersFormat::None => return Err(say::not_in_dockers_format(pushed.short())),
            DockersFormat::Bytes(bytes) => bytes,
        };
        let at = At::Tag(self.guard.tag().clone());
        let put = self
            .remote
            .registry
            .put_manifest(&at, &MediaType::DockerManifest, bytes)
            .await;
        match put {
            Ok(put) => Ok(Some(put.digest)),
            Err(error) => Err(failed(self.remote.problem(&error))),
        }
    }
}

/// Returns what the tag points at where the engine's push is what put it there.
fn arrived(read: &Result<Option<Digest>, Problem>, old: Option<&Digest>) -> Option<Digest> {
    let now = read.as_ref().ok()?.clone();
    now.filter(|now| Some(now) != old)
}
