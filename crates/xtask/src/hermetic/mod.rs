//! Checks that tests write nothing outside their temporary folders.
//!
//! Tests run with an empty home of their own, in which every entry counts. The person's folders are looked at before
//! and after as well: some programs ask the user database for the home, not the environment. This is no sandbox: what a
//! test writes elsewhere on the disk isn't seen. It may grow by folders in which programs keep what they remember.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::{places, shell};

/// Folders in which programs keep what they remember. An entry that comes or goes in one of them is somebody's data.
const SHELVES: &[&str] = &[
    "",
    ".cache",
    ".config",
    ".local/share",
    ".local/state",
    "Library/Application Support",
    "Library/Caches",
    "AppData/Local",
    "AppData/Roaming",
];

/// Entries whose inside counts too: ours, and what a sign-in might touch.
const WATCHED: &[&str] = &[
    ".cache/dev.longshore.app",
    ".cache/longshore-app",
    ".config/dev.longshore.app",
    ".docker",
    ".local/share/dev.longshore.app",
    ".local/share/keyrings",
    ".local/share/longshore-app",
    "AppData/Local/dev.longshore.app",
    "AppData/Roaming/dev.longshore.app",
    "Library/Application Support/dev.longshore.app",
    "Library/WebKit/dev.longshore.app",
];

/// Entries whose inside counts where nobody else works: what graphics, fonts, the web view, the session bus and
/// engines leave. Caches of cargo, npm and Go are not among them: building may fill those.
const WATCHED_ALONE: &[&str] = &[
    ".Xauthority",
    ".cache/WebKitGTK",
    ".cache/at-spi",
    ".cache/dconf",
    ".cache/event-sound-cache.tdb",
    ".cache/fontconfig",
    ".cache/gstreamer-1.0",
    ".cache/mesa_shader_cache",
    ".cache/mesa_shader_cache_db",
    ".config/containers",
    ".config/dconf",
    ".config/gtk-3.0",
    ".config/pulse",
    ".dbus",
    ".local/share/applications",
    ".local/share/containers",
    ".local/share/docker",
    ".local/share/gvfs-metadata",
    ".local/share/recently-used.xbel",
    ".local/share/webkitgtk",
    ".pki",
];

/// Names for folders of the person that point away from the home.
const OTHER_NAMES: &[&str] = &[
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
];

type Times = BTreeMap<PathBuf, Option<SystemTime>>;

/// An empty home for the tests. Built programs and toolchains are found where they are.
#[derive(Debug)]
pub struct OwnHome(PathBuf);

impl OwnHome {
    /// Makes the home anew. Returns none where the system finds a home in other ways than by a variable.
    pub fn make() -> Result<Option<Self>, String> {
        if !cfg!(target_os = "linux") {
            return Ok(None);
        }
        Self::make_at(places::below_target("test-home")).map(Some)
    }

    fn make_at(folder: PathBuf) -> Result<Self, String> {
        let said = |error: std::io::Error| format!("{}: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(said)?;
        }
        fs::create_dir_all(&folder).map_err(said)?;
        Ok(Self(folder))
    }

    /// Lets a program find this home, and only its toolchain and what we have built in the person's.
    pub fn lend(&self, command: &mut Command) -> Result<(), String> {
        command.env("LONGSHORE_CACHE", places::cache()?);
        for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            if let (None, Some(home)) = (env::var_os(name), places::home()) {
                command.env(name, home.join(folder));
            }
        }
        for name in OTHER_NAMES {
            command.env_remove(name);
        }
        command.env("HOME", &self.0);
        Ok(())
    }

    /// Returns what stands in it, as sentences.
    pub fn findings(&self) -> Vec<String> {
        let mut files = Times::new();
        for entry in entries(&self.0) {
            walk(&entry, &mut files);
        }
        let written = files.keys();
        written
            .map(|path| format!("a test wrote {}", path.display()))
            .collect()
    }
}

/// A look at a person's folders and the clone at one moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Look {
    files: Times,
    clone: Option<String>,
}

impl Look {
    /// Looks now. On a person's computer other programs write too, and the person may be editing: there
    /// only the watched entries count.
    pub fn now() -> Self {
        let alone = places::is_ci();
        let mut look = match places::home() {
            Some(home) => Self::at(&home, alone),
            None => Self {
                files: Times::new(),
                clone: None,
            },
        };
        if !alone {
            return look;
        }
        let mut git = Command::new("git");
        git.args(["status", "--porcelain"])
            .current_dir(places::root());
        look.clone = shell::output(git);
        look
    }

    fn at(home: &Path, alone: bool) -> Self {
        let mut files = Times::new();
        for shelf in SHELVES.iter().filter(|_| alone) {
            for entry in entries(&home.join(shelf)) {
                // The time of an entry says little (cargo works in there too); that it came or went says enough.
                files.insert(entry, None);
            }
        }
        let besides = WATCHED_ALONE.iter().filter(|_| alone);
        for watched in WATCHED.iter().chain(besides) {
            walk(&home.join(watched), &mut files);
        }
        Self { files, clone: None }
    }

    /// Returns what came, changed, was touched or went since, as sentences.
    pub fn changes(&self, after: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (path, time) in &after.files {
            match self.files.get(path) {
                None => found.push(format!("a test wrote {}", path.display())),
                Some(before) if before != time => {
                    found.push(format!("a test changed {}", path.display()));
                }
                Some(_) => {}
            }
        }
        let gone = self.files.keys();
        let gone = gone.filter(|path| !after.files.contains_key(*path));
        found.extend(gone.map(|path| format!("a test removed {}", path.display())));
        if let (Some(before), Some(after)) = (&self.clone, &after.clone) {
            let known: Vec<&str> = before.lines().collect();
            let fresh = after.lines().filter(|line| !known.contains(line));
            found.extend(fresh.map(|line| format!("a test changed the clone: {line}")));
        }
        found
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let list = fs::read_dir(folder).into_iter().flatten().flatten();
    list.map(|entry| entry.path()).collect()
}

fn walk(path: &Path, files: &mut Times) {
    let Ok(about) = fs::symlink_metadata(path) else {
        return;
    };
    files.insert(path.to_owned(), about.modified().ok());
    if about.is_dir() {
        for entry in entries(path) {
            walk(&entry, files);
        }
    }
}

#[cfg(test)]
mod tests;
