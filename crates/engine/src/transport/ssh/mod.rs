//! The engine of another computer, over the system's `ssh`: the person's own configuration, agent and known hosts count,
//! and nothing is ever asked.
//!
//! What is run at the other end is what the engine's own client has for this: `docker system dial-stdio`, which passes on
//! what is said to the engine there; Podman's where there is no Docker. Each request has a run of it, whose end ends both;
//! all go over one sign-in (`shared`). Not here: the HTTP that goes through. Grows by nothing.

mod own;
mod said;
#[cfg_attr(not(unix), path = "alone.rs")]
mod shared;

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::OnceCell;

use self::own::Own;
pub(super) use self::said::Said;
use crate::address::SshTarget;
use crate::error::Unreachable;

/// The seconds `ssh` may take to connect and agree on keys, where the person's configuration says nothing of it.
const CONNECTING: u32 = 8;
/// After so many seconds of silence `ssh` asks whether anybody is there, and gives up after so many questions, where the
/// person's configuration says nothing of it. What is alive answers, however long the engine itself says nothing.
const SILENT: u32 = 10;
const QUESTIONS: u32 = 3;
/// How long a sign-in may take, and opening what goes over it: some keys want to be touched.
pub(super) const SIGNING_IN: Duration = Duration::from_secs(30);

/// The program that is run at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    Docker,
    Podman,
}

/// The way to one computer: what the person's configuration says of it, and the sign-in that requests share.
#[derive(Debug, Default)]
pub(super) struct Line {
    own: OnceCell<Own>,
    shared: shared::Slot,
}

/// What is said to and by the engine at the other end. Dropping it ends `ssh`, and with it what runs there.
pub(super) struct Dialled {
    // First, so that the other end reads to its end before `ssh` goes.
    stdin: ChildStdin,
    stdout: ChildStdout,
    _child: Child,
    /// It goes over this one.
    _master: Option<Arc<shared::Master>>,
}

/// What stands in the place of a socket where `ssh` goes by itself, although the person's configuration names one. The
/// socket of an `ssh` that was killed stays, and `ssh` would complain that nobody listens there.
const BY_ITSELF: &str = "none";

impl Line {
    /// Begins to connect. Whether that succeeds is known once something is answered.
    pub(super) async fn dial(
        &self,
        target: &SshTarget,
        program: Program,
    ) -> Result<(Dialled, Said), Unreachable> {
        let own = self.own(target).await?;
        let master = if own.can_share {
            self.shared.master(target, &own).await?
        } else {
            None
        };
        let socket = match (&master, own.theirs.as_deref()) {
            (Some(master), _) => Some(master.socket()),
            (None, Some(theirs)) if !shared::runs(theirs).await => Some(Path::new(BY_ITSELF)),
            // Theirs, or none at all.
            (None, _) => None,
        };
        let (mut child, stdin) =
            start(target, program, &own, socket).map_err(|error| no_ssh(&error))?;
        let stdout = child.stdout.take().ok_or_else(no_pipe)?;
        let said = Said::of(&mut child, master.clone())?;
        let dialled = Dialled {
            stdin,
            stdout,
            _child: child,
            _master: master,
        };
        Ok((dialled, said))
    }

    /// Reads what the person's configuration says, once: an `ssh` that is slow to say it is asked again the next time.
    async fn own(&self, target: &SshTarget) -> Result<Own, Unreachable> {
        if let Some(own) = self.own.get() {
            return Ok(own.clone());
        }
        // Who asks meanwhile asks as well: waiting for one that is slow would be waiting twice.
        let said = own::ask(target).await.map_err(|error| no_ssh(&error))?;
        Ok(match said {
            Some(said) => self.own.get_or_init(async || said).await.clone(),
            None => Own::unknown(),
        })
    }
}

/// Starts `ssh`, which hears and is heard through pipes.
fn start(
    target: &SshTarget,
    program: Program,
    own: &Own,
    socket: Option<&Path>,
) -> io::Result<(Child, ChildStdin)> {
    let mut child = command(target)
        .args(arguments(target, program, own, socket))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take();
    let stdin = stdin.ok_or_else(|| io::Error::other("a pipe to ssh is missing"))?;
    Ok((child, stdin))
}

/// Returns a call of `ssh` without arguments, which ends with us.
fn command(target: &SshTarget) -> Command {
    let mut command = Command::new(&target.program.program);
    command.kill_on_drop(true);
    #[cfg(windows)]
    {
        /// No console window opens for it.
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(CREATE_NO_WINDOW);
    }
    command
}

/// Returns what `ssh` is called with. Nothing of it is read by a shell here; what stands behind the host is read by one
/// there, and holds nothing of a person's but the path, which has plain characters alone. The socket is the one to go
/// through; none: the person's, where one runs.
fn arguments(
    target: &SshTarget,
    program: Program,
    own: &Own,
    socket: Option<&Path>,
) -> Vec<OsString> {
    let mut all = manner(own, "no", socket);
    all.extend(whom(target));
    let mut add = |parts: &[&str]| all.extend(parts.iter().map(OsString::from));
    let engine = target.path.as_ref().map(|path| format!("unix://{path}"));
    match (program, &engine) {
        (Program::Docker, Some(engine)) => add(&["docker", "--host", engine]),
        (Program::Docker, None) => add(&["docker"]),
        (Program::Podman, Some(engine)) => add(&["podman", "--url", engine]),
        (Program::Podman, None) => add(&["podman"]),
    }
    add(&["system", "dial-stdio"]);
    all
}

/// Returns the arguments that say how `ssh` goes about it.
fn manner(own: &Own, master: &str, socket: Option<&Path>) -> Vec<OsString> {
    let mut all: Vec<OsString> = Vec::new();
    let mut add = |parts: &[&str]| all.extend(parts.iter().map(OsString::from));
    // It never asks: there is nobody to answer. It makes no master that would outlive it, and opens nothing else.
    add(&["-T", "-o", "BatchMode=yes", "-o", "ClearAllForwardings=yes"]);
    if !own.limits_connecting {
        add(&["-o", &format!("ConnectTimeout={CONNECTING}")]);
    }
    if !own.limits_silence {
        add(&["-o", &format!("ServerAliveInterval={SILENT}")]);
        add(&["-o", &format!("ServerAliveCountMax={QUESTIONS}")]);
    }
    add(&["-o", &format!("ControlMaster={master}")]);
    add(&["-o", "ControlPersist=no"]);
    if let Some(socket) = socket {
        all.extend(["-S".into(), socket.into()]);
    }
    all
}

/// Returns the arguments that say which computer is meant, the last of all but a command.
fn whom(target: &SshTarget) -> Vec<OsString> {
    let mut all: Vec<OsString> = Vec::new();
    if let Some(user) = &target.user {
        all.extend(["-l".into(), user.into()]);
    }
    if let Some(port) = target.port {
        all.extend(["-p".into(), port.to_string().into()]);
    }
    if let Some(config) = &target.program.config {
        all.extend(["-F".into(), config.into()]);
    }
    all.extend(["--".into(), (&target.host).into()]);
    all
}

fn no_ssh(error: &io::Error) -> Unreachable {
    Unreachable::NoSsh(error.to_string())
}

fn no_pipe() -> Unreachable {
    Unreachable::NoSsh("a pipe to ssh is missing".to_owned())
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

    fn target(given: &str) -> SshTarget {
        let Address::Ssh(mut target) = Address::parse(given) else {
            panic!("{given}");
        };
        target.program = SshProgram {
            program: "ssh".into(),
            config: Some("/c/config".into()),
        };
        target
    }

    fn called(given: &str, program: Program, own: &Own, socket: Option<&Path>) -> String {
        let all = arguments(&target(given), program, own, socket);
        let all: Vec<&str> = all.iter().filter_map(|part| part.to_str()).collect();
        all.join(" ")
    }

    #[test]
    fn ssh_is_called_so_that_it_asks_nothing_and_leaves_nothing() {
        let (given, nothing) = ("ssh://ana@lab:2222/run/x.sock", Own::default());
        let docker = called(given, Program::Docker, &nothing, None);
        for part in [
            "-o BatchMode=yes",
            "-o ControlMaster=no",
            "-o ControlPersist=no",
            "-l ana -p 2222",
            "-F /c/config",
        ] {
            assert!(docker.contains(part), "{docker}");
        }
        assert!(!docker.contains("-S "), "{docker}");
        let end = " -- lab docker --host unix:///run/x.sock system dial-stdio";
        assert!(docker.ends_with(end), "{docker}");
        let podman = called("ssh://lab", Program::Podman, &nothing, None);
        assert!(
            podman.ends_with(" -- lab podman system dial-stdio"),
            "{podman}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_sign_in_is_shared_over_a_socket_and_by_one_alone() {
        let (nothing, socket) = (Own::default(), Path::new("/run/l/s"));
        let call = |socket| called("ssh://lab", Program::Docker, &nothing, Some(socket));
        let master = shared::holding(&target("ssh://lab"), &nothing, socket);
        let master: Vec<&str> = master.iter().filter_map(|part| part.to_str()).collect();
        let master = master.join(" ");
        let shared = "-o ControlMaster=yes -o ControlPersist=no -S /run/l/s -F";
        assert!(
            master.contains(shared) && master.ends_with(" -- lab read line"),
            "{master}"
        );
        let other = call(socket);
        assert!(
            other.contains("-o ControlMaster=no -o ControlPersist=no -S /run/l/s -F"),
            "{other}"
        );
        let alone = call(Path::new(BY_ITSELF));
        assert!(
            alone.contains("-o ControlMaster=no -o ControlPersist=no -S none -F"),
            "{alone}"
        );
    }

    /// What a silent connection may take is the person's to say; else it is ours.
    #[test]
    fn the_limits_of_the_persons_configuration_come_first() {
        let limits = |own: &Own| {
            let all = called("ssh://lab", Program::Docker, own, None);
            [
                "ConnectTimeout=8",
                "ServerAliveInterval=10",
                "ServerAliveCountMax=3",
            ]
            .map(|limit| all.contains(limit))
        };
        assert_eq!(limits(&Own::default()), [true; 3]);
        let own = Own {
            limits_connecting: true,
            ..Own::default()
        };
        assert_eq!(limits(&own), [false, true, true]);
        let own = Own {
            limits_silence: true,
            ..Own::default()
        };
        assert_eq!(limits(&own), [true, false, false]);
    }
}
