//! A program that was started here, and goes on without the window: started, found again, stopped where it is surely ours.
//!
//! It is given a file of ours that is locked as its input: the lock is its as long as it lives, whoever else ends, and goes
//! with it. So whether it runs is asked of the lock, and its number, which stands in a file beside it, can be nobody else's
//! while the lock is held. It is of a group of its own, so that what ends a terminal doesn't end it. It ends with the
//! person's session, and doesn't come back by itself.
//!
//! Everything here blocks, but for starting. Not here: what it is told (`program`). Grows by nothing.

use crate::ground::{private_file, private_folder};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// How long it has to end once it was asked to; then it is killed.
const ENDING: Duration = Duration::from_secs(10);
/// How long it may take to be gone once it was killed.
const DYING: Duration = Duration::from_secs(5);
/// How often the lock is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(50);
/// How often a lock is tried for that somebody may just be looking at.
const TRIES: u32 = 20;
/// How much of what it wrote last is read (bytes), and how many lines of that are told.
const LAST: u64 = 16 * 1024;
const LINES: usize = 20;

/// The files that a program is started by.
#[derive(Clone, Debug)]
pub(super) struct Own {
    folder: PathBuf,
}

impl Own {
    pub fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Returns the folder with nothing in it but who may sign in.
    pub fn sign_in_folder(&self) -> PathBuf {
        self.file("auth")
    }

    pub fn htpasswd(&self) -> PathBuf {
        self.sign_in_folder().join("htpasswd")
    }

    /// Writes who may sign in.
    pub fn write_htpasswd(&self, line: &str) -> io::Result<()> {
        private_folder(&self.folder)?;
        private_folder(&self.sign_in_folder())?;
        write(&self.htpasswd(), line)
    }

    /// Removes all these files.
    pub fn remove(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Starts a program with these settings. It runs on whatever becomes of us. Needs a runtime.
    pub fn start(&self, program: &Path, settings: &str) -> io::Result<()> {
        private_folder(&self.folder)?;
        let config = self.file("config.json");
        write(&config, settings)?;
        let lock = self.locked()?;
        let mut new = OpenOptions::new();
        let log = private_file(
            new.create(true).write(true).truncate(true),
            &self.file("log"),
        )?;
        let mut command = Command::new(program);
        command
            .arg("serve")
            .arg(&config)
            .current_dir(&self.folder)
            // Variables of the person's could change its settings.
            .env_clear()
            .env("HOME", &self.folder)
            .envs(super::TRACES_NOWHERE)
            .envs(of_the_system())
            .stdin(Stdio::from(lock))
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log));
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn()?;
        let number = child.id().unwrap_or_default();
        write(&self.file("pid"), &number.to_string())
    }

    /// Locks the file that a program is given. Somebody may be looking at it just now.
    fn locked(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        let file = private_file(
            options.create(true).read(true).append(true),
            &self.file("lock"),
        )?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOOK),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// Tells whether the program runs.
    pub fn runs(&self) -> bool {
        let Ok(file) = File::open(self.file("lock")) else {
            return false;
        };
        // Shared, so that two who look don't take each other for it.
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// Stops the program; one that doesn't run is no failure. Returns whether it is gone.
    pub fn stop(&self) -> bool {
        for (is_hard, patience) in [(false, ENDING), (true, DYING)] {
            if !self.runs() {
                return true;
            }
            let Some(number) = self.number() else {
                return false;
            };
            signal(number, is_hard);
            let looks = patience.as_millis() / LOOK.as_millis();
            for _ in 0..looks {
                if !self.runs() {
                    return true;
                }
                std::thread::sleep(LOOK);
            }
        }
        !self.runs()
    }

    /// Returns the number of the program that has the lock; none where it isn't known, or is another's.
    fn number(&self) -> Option<i32> {
        let written = fs::read_to_string(self.file("pid")).ok()?;
        let number: i32 = written.trim().parse().ok().filter(|number| *number > 1)?;
        if cfg!(target_os = "linux") {
            // There it can be seen whose input the file is.
            let input = fs::read_link(format!("/proc/{number}/fd/0")).ok()?;
            let lock = fs::canonicalize(self.file("lock")).ok()?;
            return (input == lock).then_some(number);
        }
        Some(number)
    }

    /// Returns the last lines that the program wrote.
    pub fn last_lines(&self) -> Option<String> {
        let mut file = File::open(self.file("log")).ok()?;
        let length = file.metadata().ok()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LAST)))
            .ok()?;
        let mut written = Vec::new();
        file.take(LAST).read_to_end(&mut written).ok()?;
        let written = String::from_utf8_lossy(&written);
        let lines: Vec<&str> = written.lines().collect();
        let last = lines.len().saturating_sub(LINES);
        Some(lines.get(last..)?.join("\n")).filter(|lines| !lines.is_empty())
    }
}

/// Writes a file that is the person's alone.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = private_file(options.create(true).write(true).truncate(true), path)?;
    file.write_all(text.as_bytes())
}

/// Asks a program to end, or ends it.
#[cfg(unix)]
fn signal(number: i32, is_hard: bool) {
    use rustix::process::{Pid, Signal, kill_process};
    let signal = if is_hard { Signal::KILL } else { Signal::TERM };
    if let Some(number) = Pid::from_raw(number) {
        // Where it ended meanwhile the lock tells.
        let _ = kill_process(number, signal);
    }
}

#[cfg(not(unix))]
fn signal(_: i32, _: bool) {}

/// Returns those variables of this program without which Windows starts none that speaks to a network.
fn of_the_system() -> impl Iterator<Item = (OsString, OsString)> {
    let is_of_it = |name: &OsStr| cfg!(windows) && name.eq_ignore_ascii_case("SystemRoot");
    std::env::vars_os().filter(move |(name, _)| is_of_it(name))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Makes a program that serves nothing and runs until it is ended. Another process makes it: one that is written to can't
    /// be run.
    fn program(folder: &Path, text: &str) -> io::Result<PathBuf> {
        let (draft, program) = (folder.join("draft"), folder.join("program"));
        fs::write(&draft, format!("#!/bin/sh\n{text}\n"))?;
        let installed = std::process::Command::new("install")
            .args(["-m", "755"])
            .args([&draft, &program])
            .status()?;
        assert!(installed.success());
        Ok(program)
    }

    async fn until(what: impl Fn() -> bool) {
        for _ in 0..600 {
            if what() {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("it never came so far");
    }

    #[tokio::test]
    async fn a_program_is_found_again_by_its_lock_and_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let own = Own::of(folder.path().join("own"));
        assert!(!own.runs() && own.stop());
        let sleeps = program(folder.path(), "echo begun >&2\nexec sleep 600").unwrap();
        own.start(&sleeps, "{}").unwrap();
        assert!(own.runs());
        // Whoever comes later finds it by its files alone.
        let again = Own::of(folder.path().join("own"));
        assert!(again.runs());
        until(|| again.last_lines().as_deref() == Some("begun")).await;
        assert!(again.number().is_some());
        // A second one is not started beside it.
        assert!(own.start(&sleeps, "{}").is_err());
        assert!(
            tokio::task::spawn_blocking(move || again.stop())
                .await
                .unwrap()
        );
        assert!(!own.runs());
        own.remove().unwrap();
    }

    #[tokio::test]
    async fn hostile_nobody_else_is_ended_whatever_the_file_says() {
        let folder = tempfile::tempdir().unwrap();
        let own = Own::of(folder.path().join("own"));
        let sleeps = program(folder.path(), "exec sleep 600").unwrap();
        own.start(&sleeps, "{}").unwrap();
        let pid = own.file("pid");
        let number = fs::read_to_string(&pid).unwrap();
        for other in [
            std::process::id().to_string(),
            "1".to_owned(),
            "-1".to_owned(),
            "0".to_owned(),
            "x".to_owned(),
        ] {
            fs::write(&pid, &other).unwrap();
            assert_eq!(own.number(), None, "{other}");
        }
        assert!(!own.stop() && own.runs());
        fs::write(&pid, number).unwrap();
        assert!(
            tokio::task::spawn_blocking(move || own.stop())
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn one_that_ends_by_itself_runs_no_more_and_its_last_lines_are_there() {
        let folder = tempfile::tempdir().unwrap();
        let own = Own::of(folder.path().join("own"));
        let fails = program(
            folder.path(),
            "for n in $(seq 100); do echo line $n; done; exit 1",
        )
        .unwrap();
        own.start(&fails, "{}").unwrap();
        until(|| !own.runs()).await;
        let lines = own.last_lines().unwrap();
        assert_eq!(lines.lines().count(), LINES);
        assert!(lines.ends_with("line 100"), "{lines}");
    }
}
