//! What somebody else does in the very moment between two requests of a client.

use super::{Shared, locked};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Something that is done once, before a request is answered.
pub(super) struct Hook {
    method: String,
    part: String,
    act: Box<dyn FnOnce(&Hand) + Send>,
}

impl Hook {
    pub(super) fn new(method: &str, part: &str, act: impl FnOnce(&Hand) + Send + 'static) -> Self {
        Self {
            method: method.to_owned(),
            part: part.to_owned(),
            act: Box::new(act),
        }
    }
}

/// Somebody's hand in the registry: what others do there without asking by HTTP.
pub struct Hand(Arc<Shared>);

impl Hand {
    /// Does something more before another request, as [`Scripted::before`](super::Scripted::before) does.
    pub fn before(&self, method: &str, part: &str, act: impl FnOnce(&Self) + Send + 'static) {
        locked(&self.0.hooks).push(Hook::new(method, part, act));
    }

    /// Lets another request wait, as [`Scripted::hold`](super::Scripted::hold) does.
    pub fn hold(&self, method: &str, part: &str) -> Held {
        hold(&self.0, method, part)
    }

    /// Stores a whole small image whose layer holds this text, and returns the manifest's digest.
    pub fn push_image(&self, repository: &str, tag: &str, text: &str) -> String {
        locked(&self.0.content).push_image(repository, tag, text)
    }

    /// Stores a manifest, under a tag or under its digest alone, and returns its digest.
    pub fn put_manifest(
        &self,
        repository: &str,
        tag: Option<&str>,
        kind: &str,
        bytes: &[u8],
    ) -> String {
        locked(&self.0.content).put_manifest(repository, tag, kind, bytes)
    }

    /// Returns all repositories.
    pub fn repositories(&self) -> Vec<String> {
        locked(&self.0.content).repositories()
    }

    /// Returns the tags of a repository, each with the digest it points at; none where it isn't there.
    pub fn tags(&self, repository: &str) -> Option<Vec<(String, String)>> {
        let content = locked(&self.0.content);
        let names = content.tags(repository)?.into_iter();
        let pairs = names.filter_map(|tag| {
            let digest = content.tagged(repository, &tag)?;
            Some((tag, digest))
        });
        Some(pairs.collect())
    }

    /// Returns the digests of all manifests of a repository, those without a tag too.
    pub fn digests(&self, repository: &str) -> Vec<String> {
        locked(&self.0.content).digests(repository)
    }

    /// Returns the bytes of a manifest.
    pub fn manifest(&self, repository: &str, digest: &str) -> Option<Vec<u8>> {
        let content = locked(&self.0.content);
        content
            .manifest(repository, digest)
            .map(|(_, bytes)| bytes.to_vec())
    }

    /// Forgets a tag, or a manifest with its tags.
    pub fn drop_manifest(&self, repository: &str, at: &str) {
        locked(&self.0.content).delete(repository, at);
    }

    /// Returns the digest and the bytes of what a tag points at.
    pub fn manifest_of(&self, repository: &str, tag: &str) -> Option<(String, Vec<u8>)> {
        let (digest, _, bytes) = locked(&self.0.content).resolve(repository, tag)?;
        Some((digest, bytes.to_vec()))
    }
}

/// A request that waits for its answer until this is dropped.
pub struct Held {
    came: oneshot::Receiver<()>,
    _until: oneshot::Sender<()>,
}

impl Held {
    /// Waits until it has come.
    pub async fn came(&mut self) {
        // An error is a registry that has ended, with which the test ends as well.
        let _ = (&mut self.came).await;
    }
}

/// Which request waits, whom that is told, and until when.
pub(super) struct Hold {
    method: String,
    part: String,
    came: oneshot::Sender<()>,
    until: oneshot::Receiver<()>,
}

/// Lets the next such request wait.
pub(super) fn hold(shared: &Shared, method: &str, part: &str) -> Held {
    let ((tells, came), (release, until)) = (oneshot::channel(), oneshot::channel());
    locked(&shared.holds).push(Hold {
        method: method.to_owned(),
        part: part.to_owned(),
        came: tells,
        until,
    });
    Held {
        came,
        _until: release,
    }
}

/// Waits where this request is one that is held.
pub(super) async fn wait(shared: &Shared, method: &str, path: &str) {
    let held = {
        let mut holds = locked(&shared.holds);
        let at = holds
            .iter()
            .position(|hold| hold.method == method && path.contains(&hold.part));
        at.map(|at| holds.remove(at))
    };
    if let Some(hold) = held {
        let _ = hold.came.send(());
        // It ends with an error: nothing is ever sent, what is held is let go by dropping.
        let _ = hold.until.await;
    }
}

/// Returns a hand in the registry.
pub(super) fn hand(shared: &Arc<Shared>) -> Hand {
    Hand(Arc::clone(shared))
}

/// Does what waits for this request.
pub(super) fn run(shared: &Arc<Shared>, method: &str, path: &str) {
    let waits = |hook: &Hook| hook.method == method && path.contains(&hook.part);
    let due: Vec<Hook> = {
        let mut hooks = locked(&shared.hooks);
        let (due, later) = std::mem::take(&mut *hooks).into_iter().partition(waits);
        *hooks = later;
        due
    };
    for hook in due {
        (hook.act)(&Hand(Arc::clone(shared)));
    }
}
