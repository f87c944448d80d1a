//! One child process with a log file, in a group of its own, that never outlives its owner.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::guard;

/// A running program. Dropping it ends its whole group and waits for it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Option<Child>,
    log: PathBuf,
    grace: Duration,
}

impl Process {
    /// Starts a program with its output in `log`; standard input stays as the command says.
    pub fn start(mut command: Command, log: &Path) -> Result<Self> {
        let name = Path::new(command.get_program())
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let file = File::options().create(true).append(true).open(log)?;
        command.stdout(file.try_clone()?).stderr(file);
        Self::spawn(command, name, log)
    }

    /// Starts a program whose standard output the caller reads; only its errors go to `log`.
    pub(crate) fn start_piped(mut command: Command, log: &Path) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let file = File::options().create(true).append(true).open(log)?;
        command.stdout(Stdio::piped()).stderr(file);
        Self::spawn(command, name, log)
    }

    fn spawn(mut command: Command, name: String, log: &Path) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn().with_context(|| format!("start {name}"))?;
        guard::watch(child.id());
        Ok(Self {
            name,
            child: Some(child),
            log: log.to_owned(),
            grace: Duration::from_secs(10),
        })
    }

    pub(crate) fn child(&mut self) -> Option<&mut Child> {
        self.child.as_mut()
    }

    /// Its process id, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Tells whether it still runs.
    pub fn alive(&mut self) -> bool {
        self.child
            .as_mut()
            .is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Returns everything it has printed.
    pub fn log(&self) -> String {
        std::fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Returns the last lines it printed, for an error.
    pub fn tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(25)..].join("\n")
    }

    /// Asks `ready` again and again until it gives a value; fails when the process ends or time is up.
    pub async fn until<T>(
        &mut self,
        limit: Duration,
        mut ready: impl AsyncFnMut(&Self) -> Option<T>,
    ) -> Result<T> {
        let start = Instant::now();
        loop {
            if let Some(value) = ready(self).await {
                // Another program may answer on our address while ours has already given up.
                if self.alive() {
                    return Ok(value);
                }
            }
            if !self.alive() {
                bail!("{} ended at once:\n{}", self.name, self.tail());
            }
            if start.elapsed() > limit {
                bail!(
                    "{} is not ready after {limit:?}:\n{}",
                    self.name,
                    self.tail()
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Stops it where it is, as a program that hangs; it keeps its connections, and answers nothing.
    #[cfg(unix)]
    pub fn pause(&self) {
        self.tell(rustix::process::Signal::STOP);
    }

    /// Lets it go on after a pause.
    #[cfg(unix)]
    pub fn resume(&self) {
        self.tell(rustix::process::Signal::CONT);
    }

    #[cfg(unix)]
    fn tell(&self, signal: rustix::process::Signal) {
        let group = self.child.as_ref().map(Child::id).and_then(group);
        if let Some(group) = group {
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }

    /// Asks it to end, waits, and insists after a while.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        let running = matches!(child.try_wait(), Ok(None));
        if running {
            end(&mut child, self.grace);
        }
        guard::forget(child.id());
    }
}

fn end(child: &mut Child, grace: Duration) {
    signal(child, false);
    let start = Instant::now();
    while start.elapsed() < grace {
        if !matches!(child.try_wait(), Ok(None)) {
            // Its group may hold children that outlived it.
            signal_group(child.id(), true);
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    signal(child, true);
    let _ = child.wait();
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(unix)]
fn signal(child: &mut Child, hard: bool) {
    signal_group(child.id(), hard);
}

#[cfg(unix)]
fn signal_group(id: u32, hard: bool) {
    use rustix::process::{Signal, kill_process_group};
    let signal = if hard { Signal::KILL } else { Signal::TERM };
    if let Some(group) = group(id) {
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(unix)]
fn group(id: u32) -> Option<rustix::process::Pid> {
    i32::try_from(id)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
}

#[cfg(not(unix))]
fn signal(child: &mut Child, _hard: bool) {
    let _ = child.kill();
}

#[cfg(not(unix))]
fn signal_group(_id: u32, _hard: bool) {}
