//! The sandbox as `run` and `sandbox reset` see it: a program to start, and a folder to empty.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use crate::{Done, places, shell};

/// A running sandbox. Dropping it closes its input, at which it ends, and waits for it.
pub struct Sandbox {
    child: Child,
}

fn folder() -> PathBuf {
    places::below_target("sandbox")
}

/// Returns the file in which the sandbox tells the app about itself.
pub fn facts() -> PathBuf {
    folder().join("sandbox.json")
}

/// Starts it, shows what it says, and returns when it is ready.
pub fn start() -> Result<Sandbox, String> {
    let mut command = shell::program(places::built("sandbox")?);
    command
        .arg(folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| format!("The sandbox did not start: {error}"))?;
    let output = child.stdout.take();
    let sandbox = Sandbox { child };
    for line in BufReader::new(output.ok_or("The sandbox says nothing.")?).lines() {
        let line = line.map_err(|error| error.to_string())?;
        if line.starts_with("ready ") {
            return Ok(sandbox);
        }
        shell::say(&line);
    }
    Err("The sandbox ended before it was ready.".to_owned())
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Runs `cargo xtask sandbox reset`.
pub fn reset() -> Done {
    let folder = folder();
    if !folder.exists() {
        shell::say("There is no sandbox yet.");
        return Ok(());
    }
    // The sandbox holds this lock while it runs.
    let lock = fs::File::options()
        .create(true)
        .append(true)
        .open(folder.join("lock"));
    let lock = lock.map_err(|error| format!("{}: {error}", folder.display()))?;
    if lock.try_lock().is_err() {
        return Err("The sandbox is running: close the app first.".to_owned());
    }
    let mut done = fs::remove_dir_all(&folder);
    if done.is_err() {
        // An engine leaves folders that nobody may look into, not even their owner.
        open_up(&folder);
        done = fs::remove_dir_all(&folder);
    }
    done.map_err(|error| format!("{}: {error}", folder.display()))?;
    shell::say("The sandbox is empty; the next `cargo xtask run` fills it again.");
    Ok(())
}

#[cfg(unix)]
fn open_up(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        // Not through a link: what it points at is not ours.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(not(unix))]
fn open_up(_folder: &std::path::Path) {}
