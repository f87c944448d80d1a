//! One run of a helper: what it is told, what it says within its bounds, and its end, whatever it does.
//!
//! Not here: what its words mean (`reply`).

use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use secrecy::zeroize::Zeroizing;

use super::{HelperError, Programs};

/// The most a helper may say, in bytes; a secret with its JSON is a few thousand.
pub(super) const MOST: usize = 256 * 1024;
/// How much of its errors is heard, in bytes.
const ERRORS: usize = 16 * 1024;
/// How often is looked whether a helper has ended that something else still speaks for.
const GLANCE: Duration = Duration::from_millis(20);
/// How long is waited for the last words of a helper that has ended, while a child of its own holds its output.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How often a program that is just being written is tried again.
const TRIES: u32 = 10;

/// Bytes that are wiped when they are dropped.
pub(super) type Bytes = Zeroizing<Vec<u8>>;

/// What a helper said, and how it ended.
pub(super) struct Said {
    pub ended_well: bool,
    pub text: Bytes,
    /// Its errors, where they were heard.
    pub errors: Bytes,
}

/// What a program is run with.
pub(super) struct Order<'a> {
    pub arguments: &'a [&'a str],
    /// What it reads; none: there is nothing to be read, and nobody to be asked.
    pub told: Option<Bytes>,
    /// The most it may say, in bytes.
    pub most: usize,
    /// Its errors are heard as well; else they are dropped: they may hold anything.
    pub hears_errors: bool,
}

/// Runs a program to its end.
pub(super) fn run(
    program: &Path,
    order: Order<'_>,
    programs: &Programs,
    patience: Duration,
) -> Result<Said, HelperError> {
    let deadline = Instant::now() + patience;
    let mut command = Command::new(program);
    let input = order
        .told
        .as_ref()
        .map_or_else(Stdio::null, |_| Stdio::piped());
    let errors = if order.hears_errors {
        Stdio::piped()
    } else {
        Stdio::null()
    };
    command
        .args(order.arguments)
        .env_clear()
        .envs(programs.others())
        .env("PATH", programs.shown_path())
        .stdin(input)
        .stdout(Stdio::piped())
        .stderr(errors);
    group::begin(&mut command);
    let mut child = Running(Some(start(&mut command)?));
    if let Some(told) = order.told {
        child.tell(told)?;
    }
    let errors = child.listen_to_errors()?;
    let said = child.listen(order.most)?;
    let status = match child.wait(&said, deadline) {
        Ok(Quiet::Yes) => child.leave(),
        Ok(Quiet::No) => child.end(),
        Err(error) => {
            child.end();
            return Err(error);
        }
    };
    let text = said.take();
    Ok(Said {
        ended_well: status.is_some_and(|status| status.success()),
        text,
        errors: take(&errors),
    })
}

fn start(command: &mut Command) -> Result<Child, HelperError> {
    let mut tries = 0;
    loop {
        match command.spawn() {
            Ok(child) => return Ok(child),
            // It is being replaced at this moment, as by an update.
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy && tries < TRIES => {
                tries += 1;
                thread::sleep(GLANCE);
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(HelperError::Missing),
            Err(error) => return Err(HelperError::NotStarted(error.kind().to_string())),
        }
    }
}

/// Does something on a thread of its own.
fn beside(work: impl FnOnce() + Send + 'static) -> Result<(), HelperError> {
    let started = thread::Builder::new().spawn(work);
    started
        .map(drop)
        .map_err(|error| HelperError::NotStarted(error.kind().to_string()))
}

/// A helper that runs. Its whole group is ended where it hangs, says too much, or leaves something that holds its output,
/// and where we give it up. What it has left that holds nothing goes on.
struct Running(Option<Child>);

impl Running {
    /// Tells it what it reads. A helper that doesn't read must not hold us up, nor one that has closed its input.
    fn tell(&mut self, told: Bytes) -> Result<(), HelperError> {
        let Some(mut input) = self.0.as_mut().and_then(|child| child.stdin.take()) else {
            return Ok(());
        };
        beside(move || {
            let _ = input.write_all(&told);
        })
    }

    /// Listens to its errors: to the first of them, and no longer than to what it says.
    fn listen_to_errors(&mut self) -> Result<Arc<Mutex<Bytes>>, HelperError> {
        let heard = Arc::new(Mutex::new(Zeroizing::new(Vec::with_capacity(ERRORS))));
        if let Some(errors) = self.0.as_mut().and_then(|child| child.stderr.take()) {
            let heard = Arc::clone(&heard);
            beside(move || hear_begin(errors, &heard))?;
        }
        Ok(heard)
    }

    fn listen(&mut self, most: usize) -> Result<Listening, HelperError> {
        let (ended, ends) = mpsc::channel();
        // A secret has all the room at once, so that growing leaves no copies behind.
        let room = Vec::with_capacity(most.min(MOST));
        let heard = Arc::new(Mutex::new(Zeroizing::new(room)));
        if let Some(output) = self.0.as_mut().and_then(|child| child.stdout.take()) {
            let heard = Arc::clone(&heard);
            beside(move || hear(output, most, &heard, &ended))?;
        }
        Ok(Listening { heard, ends })
    }

    /// Waits until it has said all and ended.
    fn wait(&mut self, said: &Listening, deadline: Instant) -> Result<Quiet, HelperError> {
        let mut last_words = None;
        loop {
            let now = Instant::now();
            if last_words.is_none() {
                if self.has_ended() {
                    last_words = Some((now + LAST_WORDS).min(deadline));
                } else if now >= deadline {
                    return Err(HelperError::Hung);
                }
            }
            match said.ends.recv_timeout(GLANCE) {
                Ok(End::TooMuch) => return Err(HelperError::TooMuch),
                Ok(End::All) => return self.wait_for_end(deadline),
                Err(RecvTimeoutError::Disconnected) => return Err(HelperError::Broken),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if last_words.is_some_and(|until| Instant::now() >= until) {
                // What it had to say it said before it ended.
                return Ok(Quiet::No);
            }
        }
    }

    /// Waits for the end of one that has closed its output.
    fn wait_for_end(&mut self, deadline: Instant) -> Result<Quiet, HelperError> {
        let mut pause = Duration::from_millis(1);
        while !self.has_ended() {
            if Instant::now() >= deadline {
                return Err(HelperError::Hung);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(GLANCE);
        }
        Ok(Quiet::Yes)
    }

    fn has_ended(&mut self) -> bool {
        self.0.as_mut().is_none_or(group::has_ended)
    }

    /// Returns how it has ended. What it left running on purpose, as an agent, goes on.
    fn leave(&mut self) -> Option<ExitStatus> {
        self.0.take()?.wait().ok()
    }

    /// Ends it with all of its group, and returns how it had ended by itself.
    fn end(&mut self) -> Option<ExitStatus> {
        let mut child = self.0.take()?;
        group::kill(&mut child);
        child.wait().ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether nothing speaks for a helper any more that has ended.
enum Quiet {
    Yes,
    No,
}

enum End {
    All,
    TooMuch,
}

struct Listening {
    heard: Arc<Mutex<Bytes>>,
    ends: Receiver<End>,
}

impl Listening {
    /// Takes what was said so far.
    fn take(&self) -> Bytes {
        take(&self.heard)
    }
}

fn take(heard: &Mutex<Bytes>) -> Bytes {
    let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *heard, Zeroizing::new(Vec::new()))
}

/// Hears the begin, and lets the rest go by, so that nobody waits for it to be read.
fn hear_begin(mut errors: impl Read, heard: &Mutex<Bytes>) {
    let mut chunk = Zeroizing::new([0_u8; 8192]);
    loop {
        let count = match errors.read(&mut chunk[..]) {
            Ok(0) => return,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        let room = ERRORS.saturating_sub(heard.len()).min(count);
        heard.extend_from_slice(&chunk[..room]);
    }
}

fn hear(mut output: impl Read, most: usize, heard: &Mutex<Bytes>, ended: &Sender<End>) {
    let mut chunk = Zeroizing::new([0_u8; 8192]);
    let end = loop {
        let count = match output.read(&mut chunk[..]) {
            Ok(0) => break End::All,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => break End::All,
        };
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() + count > most {
            break End::TooMuch;
        }
        heard.extend_from_slice(&chunk[..count]);
    };
    // Nobody listens any more where the helper was ended before.
    let _ = ended.send(end);
}

/// A process group of the helper's own, by which what it has started can be ended with it.
#[cfg(unix)]
mod group {
    use std::os::unix::process::CommandExt as _;
    use std::process::{Child, Command};

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    pub(super) fn begin(command: &mut Command) {
        command.process_group(0);
    }

    /// Tells whether it has ended, and leaves it to be waited for: until then nothing else gets its number.
    pub(super) fn has_ended(child: &mut Child) -> bool {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        // An error means that there is nothing to wait for any more.
        waitid(WaitId::Pid(Pid::from_child(child)), look).map_or(true, |status| status.is_some())
    }

    pub(super) fn kill(child: &mut Child) {
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    }
}

/// Elsewhere the helper alone can be ended; what it has started goes on until it ends by itself.
#[cfg(not(unix))]
mod group {
    use std::process::{Child, Command};

    #[cfg(windows)]
    pub(super) fn begin(command: &mut Command) {
        use std::os::windows::process::CommandExt as _;

        /// No console window opens for it.
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(CREATE_NO_WINDOW);
    }

    #[cfg(not(windows))]
    pub(super) fn begin(_: &mut Command) {}

    pub(super) fn has_ended(child: &mut Child) -> bool {
        child.try_wait().map_or(true, |status| status.is_some())
    }

    pub(super) fn kill(child: &mut Child) {
        let _ = child.kill();
    }
}
