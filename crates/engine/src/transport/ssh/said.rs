//! What `ssh` says of itself, and the shell at the other end: why nothing came through.
//!
//! Grows by other words for the same.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr};
use tokio::task::JoinHandle;

use super::no_pipe;
use super::shared::Master;
use crate::error::Unreachable;

/// So much of what `ssh` says is kept.
const MOST_SAID: u64 = 4096;
/// How long is waited for what `ssh` says at its end.
const SAYING: Duration = Duration::from_secs(2);

/// What `ssh` says of itself, known at its end.
pub(in crate::transport) struct Said {
    words: JoinHandle<String>,
    /// It goes over this one, which may have more to say.
    master: Option<Arc<Master>>,
}

impl Said {
    /// Listens to a program that has just begun.
    pub(super) fn of(child: &mut Child, master: Option<Arc<Master>>) -> Result<Self, Unreachable> {
        let stderr = child.stderr.take().ok_or_else(no_pipe)?;
        Ok(Self {
            words: tokio::spawn(words(stderr)),
            master,
        })
    }

    /// Reads why nothing came through; none where `ssh` had nothing against it.
    pub async fn trouble(self) -> Option<Unreachable> {
        let said = tokio::time::timeout(SAYING, self.words).await;
        let said = said.ok().and_then(Result::ok).unwrap_or_default();
        let own = (!said.is_empty()).then(|| read(&said));
        if matches!(own, None | Some(Unreachable::Other(_)))
            && let Some(master) = self.master
            && let Some(why) = master.why_ended().await
        {
            return Some(why);
        }
        own
    }
}

/// Reads what a program says until its end.
pub(super) async fn words(mut stderr: ChildStderr) -> String {
    let mut said = Vec::new();
    let _ = (&mut stderr).take(MOST_SAID).read_to_end(&mut said).await;
    // Whatever else it says must find a reader, or it would wait.
    let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&said).trim().to_owned()
}

/// Reads what `ssh`, and the shell at the other end, say: they tell it in words only.
pub(super) fn read(said: &str) -> Unreachable {
    let small = said.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| small.contains(part));
    if has(&[
        "host key verification failed",
        "host identification has changed",
    ]) {
        Unreachable::UnknownKey {
            changed: has(&["identification has changed"]),
            said: said.to_owned(),
        }
    } else if has(&["permission denied (", "too many authentication failures"]) {
        Unreachable::KeyRefused(said.to_owned())
    } else if has(&["could not resolve hostname", "name or service not known"]) {
        Unreachable::NoSuchHost(said.to_owned())
    } else if has(&[
        "command not found",
        ": not found",
        "not recognized as an internal",
        "unknown command: ",
        "no such file or directory: docker",
    ]) {
        Unreachable::NoProgram(said.to_owned())
    } else if has(&[
        "connection refused",
        "timed out",
        // Nobody answered `ServerAliveCountMax` questions.
        "not responding",
        "no route to host",
        "network is unreachable",
    ]) {
        Unreachable::NoAnswer(said.to_owned())
    } else {
        Unreachable::Other(said.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ssh_says_is_read() {
        let is = |said: &str, wanted: fn(&Unreachable) -> bool| {
            let told = read(said);
            assert!(wanted(&told), "{said}: {told:?}");
        };
        is(
            "No ED25519 host key is known for lab and you have requested strict checking.\r\nHost key verification failed.",
            |told| matches!(told, Unreachable::UnknownKey { changed: false, .. }),
        );
        is(
            "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
            |told| matches!(told, Unreachable::UnknownKey { changed: true, .. }),
        );
        is("ana@lab: Permission denied (publickey).", |told| {
            matches!(told, Unreachable::KeyRefused(_))
        });
        is(
            "ssh: Could not resolve hostname lab: Name or service not known",
            |told| matches!(told, Unreachable::NoSuchHost(_)),
        );
        for said in [
            "bash: line 1: docker: command not found",
            "sh: 1: docker: not found",
            "fish: Unknown command: docker",
            "zsh:1: command not found: docker",
            "'docker' is not recognized as an internal or external command,",
        ] {
            is(said, |told| matches!(told, Unreachable::NoProgram(_)));
        }
        is(
            "ssh: connect to host 127.0.0.1 port 1: Connection refused",
            |told| matches!(told, Unreachable::NoAnswer(_)),
        );
        is("Timeout, server lab not responding.", |told| {
            matches!(told, Unreachable::NoAnswer(_))
        });
        // The engine there, and not the way to it.
        is(
            "Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?",
            |told| matches!(told, Unreachable::Other(_)),
        );
    }
}
