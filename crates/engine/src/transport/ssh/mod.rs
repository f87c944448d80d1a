//! The engine of another computer, over the system's `ssh`: the person's own configuration, agent and known hosts count,
//! and nothing is ever asked.
//!
//! What is run at the other end is what the engine's own client has for this: `docker system dial-stdio`, which passes on
//! what is said to the engine there; Podman's where there is no Docker. Each request has a connection of its own, whose
//! end ends both. Not here: the HTTP that goes through. Grows by nothing.

use std::ffi::OsString;
use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::address::SshTarget;
use crate::error::Unreachable;

/// The seconds `ssh` may take to connect.
const CONNECTING: u32 = 8;
/// So much of what `ssh` says is kept.
const MOST_SAID: u64 = 4096;
/// How long is waited for what `ssh` says at its end.
const SAYING: Duration = Duration::from_secs(2);

/// The program that is run at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    Docker,
    Podman,
}

/// What is said to and by the engine at the other end. Dropping it ends `ssh`, and with it what runs there.
pub(super) struct Dialled {
    // First, so that the other end reads to its end before `ssh` goes.
    stdin: ChildStdin,
    stdout: ChildStdout,
    _child: Child,
}

/// What `ssh` says of itself, known at its end.
pub(super) struct Said(JoinHandle<String>);

/// Begins to connect. Whether that succeeds is known once something is answered.
pub(super) fn dial(target: &SshTarget, program: Program) -> io::Result<(Dialled, Said)> {
    let mut command = Command::new(&target.program.program);
    command
        .args(arguments(target, program))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(windows)]
    {
        /// No console window opens for it.
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(CREATE_NO_WINDOW);
    }
    let mut child = command.spawn()?;
    match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
        (Some(stdin), Some(stdout), Some(stderr)) => {
            let dialled = Dialled {
                stdin,
                stdout,
                _child: child,
            };
            Ok((dialled, Said(tokio::spawn(said(stderr)))))
        }
        _ => Err(io::Error::other("a pipe to ssh is missing")),
    }
}

/// Returns what `ssh` is called with. Nothing of it is read by a shell here; what stands behind the host is read by one
/// there, and holds nothing of a person's but the path, which has plain characters alone.
fn arguments(target: &SshTarget, program: Program) -> Vec<OsString> {
    let mut all: Vec<OsString> = Vec::new();
    let mut add = |parts: &[&str]| all.extend(parts.iter().map(OsString::from));
    // It never asks: there is nobody to answer. It makes no master that would outlive it, and opens nothing else.
    add(&["-T", "-o", "BatchMode=yes", "-o", "ControlMaster=no"]);
    add(&["-o", "ClearAllForwardings=yes"]);
    add(&["-o", &format!("ConnectTimeout={CONNECTING}")]);
    if let Some(user) = &target.user {
        add(&["-l", user]);
    }
    if let Some(port) = target.port {
        add(&["-p", &port.to_string()]);
    }
    if let Some(config) = &target.program.config {
        all.push("-F".into());
        all.push(config.into());
    }
    let mut add = |parts: &[&str]| all.extend(parts.iter().map(OsString::from));
    add(&["--", &target.host]);
    let socket = target.path.as_ref().map(|path| format!("unix://{path}"));
    match (program, &socket) {
        (Program::Docker, Some(socket)) => add(&["docker", "--host", socket]),
        (Program::Docker, None) => add(&["docker"]),
        (Program::Podman, Some(socket)) => add(&["podman", "--url", socket]),
        (Program::Podman, None) => add(&["podman"]),
    }
    add(&["system", "dial-stdio"]);
    all
}

async fn said(mut stderr: ChildStderr) -> String {
    let mut said = Vec::new();
    let _ = (&mut stderr).take(MOST_SAID).read_to_end(&mut said).await;
    // Whatever else it says must find a reader, or it would wait.
    let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&said).trim().to_owned()
}

impl Said {
    /// Reads why nothing came through; none where `ssh` had nothing against it.
    pub async fn trouble(self) -> Option<Unreachable> {
        let said = tokio::time::timeout(SAYING, self.0).await;
        let said = said.ok()?.ok()?;
        (!said.is_empty()).then(|| read(&said))
    }
}

/// Reads what `ssh`, and the shell at the other end, say: they tell it in words only.
fn read(said: &str) -> Unreachable {
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
        "no route to host",
        "network is unreachable",
    ]) {
        Unreachable::NoAnswer(said.to_owned())
    } else {
        Unreachable::Other(said.to_owned())
    }
}

impl AsyncRead for Dialled {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdout).poll_read(context, buffer)
    }
}

impl AsyncWrite for Dialled {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stdin).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdin).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stdin).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Address, SshProgram};

    fn called(given: &str, program: Program) -> String {
        let Address::Ssh(mut target) = Address::parse(given) else {
            panic!("{given}");
        };
        target.program = SshProgram {
            program: "ssh".into(),
            config: Some("/c/config".into()),
        };
        let all = arguments(&target, program);
        let all: Vec<&str> = all.iter().filter_map(|part| part.to_str()).collect();
        all.join(" ")
    }

    #[test]
    fn ssh_is_called_so_that_it_asks_nothing_and_leaves_nothing() {
        let docker = called("ssh://ana@lab:2222/run/x.sock", Program::Docker);
        for part in [
            "-o BatchMode=yes",
            "-o ControlMaster=no",
            "-l ana -p 2222",
            "-F /c/config",
        ] {
            assert!(docker.contains(part), "{docker}");
        }
        let end = " -- lab docker --host unix:///run/x.sock system dial-stdio";
        assert!(docker.ends_with(end), "{docker}");
        let podman = called("ssh://lab", Program::Podman);
        assert!(
            podman.ends_with(" -- lab podman system dial-stdio"),
            "{podman}"
        );
    }

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
        // The engine there, and not the way to it.
        is(
            "Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?",
            |told| matches!(told, Unreachable::Other(_)),
        );
    }
}
