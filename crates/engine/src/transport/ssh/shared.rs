//! One sign-in for many requests: an `ssh` of ours that others go through, over a socket in a folder that only the person
//! can open. A full handshake a request would take seconds on a network of any length.
//!
//! It lives as long as somebody holds it, and not longer than we do: the shell at the other end waits for a line from it,
//! and ends where the input does, which the system closes even where we are killed. What finds it gone signs in again;
//! `ssh` does so by itself where it went just now. Where the person's own `ssh` shares one that runs, theirs is used. Not
//! here: how `ssh` is called (the module above), Windows, whose `ssh` can't (`alone.rs` stands there). Grows by nothing.

use std::ffi::OsString;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStdin};
use tokio::sync::watch::{self, Receiver};
use tokio::task::AbortHandle;

use super::own::Own;
use super::said::{read, words};
use super::{SIGNING_IN, command, manner, no_ssh, whom};
use crate::address::SshTarget;
use crate::error::Unreachable;

/// What is run at the other end for a sign-in that is held: the shell there waits for a line that never comes, and ends
/// where its input does. No shell but Windows' and `csh` lacks it.
const HOLD: &str = "read line";
/// What OpenSSH ends with where it failed itself; any other number is that of what was run at the other end (ssh(1), *Exit
/// status*).
const FAILED_ITSELF: i32 = 255;
/// How often is looked whether it has signed in: nothing tells but the socket, which is there from then on.
const LOOK: Duration = Duration::from_millis(20);
/// How long is waited for the end of one that may be ending.
const ENDING: Duration = Duration::from_millis(500);
/// The longest path of a socket (bytes): macOS takes 104, and `ssh` adds 18 of its own while it makes it.
const LONGEST: usize = 84;

/// The sign-in that requests share.
#[derive(Debug, Default)]
pub(super) struct Slot {
    state: tokio::sync::Mutex<State>,
    /// How many attempts to sign in have failed.
    failures: AtomicU64,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    None,
    There(Arc<Master>),
    /// The last attempt to sign in failed.
    Failed(Unreachable),
    /// It can't be shared.
    Never,
}

/// An `ssh` that others go through; dropping it ends it.
#[derive(Debug)]
pub(super) struct Master {
    socket: PathBuf,
    /// How it ended, once it has.
    ended: Receiver<Option<End>>,
    task: AbortHandle,
    // Last, as the socket is in it.
    _folder: TempDir,
}

/// How an `ssh` ended that others went through.
#[derive(Debug)]
struct End {
    /// What it said, and the shell at the other end.
    said: String,
    /// The number it ended with; none where it was killed.
    code: Option<i32>,
}

impl End {
    /// Tells whether it ended because what was run at the other end did: the shell there can't hold a sign-in.
    fn is_of_shell(&self) -> bool {
        self.code.is_some_and(|code| code != FAILED_ITSELF)
    }

    /// Reads why it ended; none where it had nothing to say, or that is the shell's, which tells nothing of the way there.
    fn why(&self) -> Option<Unreachable> {
        (!self.is_of_shell() && !self.said.is_empty()).then(|| read(&self.said))
    }
}

impl Drop for Master {
    fn drop(&mut self) {
        self.task.abort(); // the program ends with it
    }
}

impl Slot {
    /// Returns the one to go through, signed in where there is none; none where each goes by itself. Whoever comes meanwhile
    /// waits for it, and fails with it: they would fail one after the other, and some computers shut out who fails often.
    pub async fn master(
        &self,
        target: &SshTarget,
        own: &Own,
    ) -> Result<Option<Arc<Master>>, Unreachable> {
        let failures = self.failures.load(Ordering::Relaxed);
        let mut state = self.state.lock().await;
        match &*state {
            State::There(master) if master.is_there() => return Ok(Some(Arc::clone(master))),
            State::There(master) if master.is_of_no_use() => {
                *state = State::Never;
                return Ok(None);
            }
            State::Failed(why) if self.failures.load(Ordering::Relaxed) != failures => {
                return Err(why.clone());
            }
            State::Never => return Ok(None),
            _ => {}
        }
        if let Some(theirs) = &own.theirs
            && runs(theirs).await
        {
            return Ok(None);
        }
        *state = State::None;
        let Ok((folder, socket)) = place() else {
            *state = State::Never;
            return Ok(None);
        };
        match Master::start(target, own, folder, socket).await {
            Ok(master) => {
                let master = Arc::new(master);
                *state = State::There(Arc::clone(&master));
                Ok(Some(master))
            }
            // It may be the sharing itself that is wrong.
            Err(Unreachable::Other(_) | Unreachable::NoProgram(_)) => {
                *state = State::Never;
                Ok(None)
            }
            Err(why) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                *state = State::Failed(why.clone());
                Err(why)
            }
        }
    }
}

/// Tells whether the `ssh` of this socket runs: the socket of one that was killed stays.
pub(super) async fn runs(socket: &Path) -> bool {
    UnixStream::connect(socket).await.is_ok()
}

/// Returns what the `ssh` is called with that holds a sign-in for others, over this socket.
pub(super) fn holding(target: &SshTarget, own: &Own, socket: &Path) -> Vec<OsString> {
    let mut all = manner(own, "yes", Some(socket));
    all.extend(whom(target));
    all.push(HOLD.into());
    all
}

/// Makes a folder that nobody else can open, and names a socket in it.
fn place() -> io::Result<(TempDir, PathBuf)> {
    let of_person = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let at = of_person.filter(|folder| folder.is_absolute() && folder.is_dir());
    let at = at.unwrap_or_else(std::env::temp_dir);
    let mut builder = tempfile::Builder::new();
    builder.prefix("longshore-");
    builder.permissions(Permissions::from_mode(0o700));
    let folder = builder.tempdir_in(at)?;
    let socket = folder.path().join("s");
    // `ssh` would read these characters as something else.
    let text = socket.to_str().filter(|text| !text.contains(['%', '$']));
    match text {
        Some(text) if text.len() <= LONGEST => Ok((folder, socket)),
        _ => Err(io::Error::other("no path for a socket")),
    }
}

impl Master {
    /// Signs in.
    async fn start(
        target: &SshTarget,
        own: &Own,
        folder: TempDir,
        socket: PathBuf,
    ) -> Result<Self, Unreachable> {
        let mut child = command(target)
            .args(holding(target, own, &socket))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| no_ssh(&error))?;
        let stdin = child.stdin.take();
        let (sender, ended) = watch::channel(None);
        let task = tokio::spawn(async move {
            let end = live(child, stdin).await;
            let _ = sender.send(Some(end));
        });
        let master = Self {
            socket,
            ended,
            task: task.abort_handle(),
            _folder: folder,
        };
        let signed_in = tokio::time::timeout(SIGNING_IN, master.signed_in()).await;
        signed_in.unwrap_or_else(|_| {
            let why = format!("no sign-in within {} seconds", SIGNING_IN.as_secs());
            Err(Unreachable::NoAnswer(why))
        })?;
        Ok(master)
    }

    async fn signed_in(&self) -> Result<(), Unreachable> {
        let mut ended = self.ended.clone();
        while !tokio::fs::try_exists(&self.socket)
            .await
            .unwrap_or_default()
        {
            tokio::select! {
                _ = ended.changed() => return Err(self.why().unwrap_or_else(|| {
                    Unreachable::Other("ssh ended without a word of its own".to_owned())
                })),
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        Ok(())
    }

    /// Returns the socket that others go through.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Tells whether it still runs.
    fn is_there(&self) -> bool {
        self.ended.borrow().is_none()
    }

    /// Tells whether it has ended so that another would as well.
    fn is_of_no_use(&self) -> bool {
        self.ended.borrow().as_ref().is_some_and(End::is_of_shell)
    }

    /// Reads why it ended; none where it goes on, or had nothing to say of the way there.
    pub async fn why_ended(&self) -> Option<Unreachable> {
        let mut ended = self.ended.clone();
        let end = ended.wait_for(Option::is_some);
        let _ = tokio::time::timeout(ENDING, end).await;
        self.why()
    }

    fn why(&self) -> Option<Unreachable> {
        self.ended.borrow().as_ref().and_then(End::why)
    }
}

/// Waits for the end of a program, whose input stays open until then.
async fn live(mut child: Child, stdin: Option<ChildStdin>) -> End {
    let said = match child.stderr.take() {
        Some(stderr) => words(stderr).await,
        None => String::new(),
    };
    let status = child.wait().await;
    drop(stdin);
    End {
        said,
        code: status.ok().and_then(|status| status.code()),
    }
}
