//! Tests write nothing outside their temporary folders: looks at the person's folders before and after.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::{places, shell};

/// Folders in which programs keep what they remember. A new entry in one of them is somebody's data.
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

/// What a person's folders and the clone looked like.
#[derive(Debug, PartialEq, Eq)]
pub struct Look {
    files: BTreeMap<PathBuf, Option<SystemTime>>,
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
                files: BTreeMap::new(),
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
        let mut files = BTreeMap::new();
        for shelf in SHELVES.iter().filter(|_| alone) {
            for entry in entries(&home.join(shelf)) {
                // The time of an entry says little (cargo works in there too); that it is new says enough.
                files.insert(entry, None);
            }
        }
        for watched in WATCHED {
            walk(&home.join(watched), &mut files);
        }
        Self { files, clone: None }
    }

    /// What is new or has changed since, as sentences.
    pub fn changes(&self, after: &Self) -> Vec<String> {
        let mut found: Vec<String> = after
            .files
            .iter()
            .filter(|(path, time)| self.files.get(*path) != Some(*time))
            .map(|(path, _)| format!("a test wrote {}", path.display()))
            .collect();
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

fn walk(path: &Path, files: &mut BTreeMap<PathBuf, Option<SystemTime>>) {
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
mod tests {
    use super::Look;
    use std::fs;

    #[test]
    fn a_new_data_folder_and_a_changed_file_are_seen() {
        let home = std::env::temp_dir().join(format!("longshore-hermetic-{}", std::process::id()));
        let data = home.join(".local/share/dev.longshore.app");
        fs::create_dir_all(home.join(".local/share")).unwrap();
        let empty = Look::at(&home, true);
        assert_eq!(empty.changes(&Look::at(&home, true)), Vec::<String>::new());
        fs::create_dir_all(&data).unwrap();
        let made = Look::at(&home, true);
        assert_eq!(empty.changes(&made).len(), 1);
        let other = home.join(".cache/of-another-program");
        fs::create_dir_all(&other).unwrap();
        assert_eq!(made.changes(&Look::at(&home, true)).len(), 2);
        let watched = Look::at(&home, false);
        assert!(watched.files.contains_key(&data) && !watched.files.contains_key(&other));
        fs::write(data.join("data.db"), "x").unwrap();
        let written = made.changes(&Look::at(&home, true));
        assert!(
            written.iter().any(|line| line.ends_with("data.db")),
            "{written:?}"
        );
        fs::remove_dir_all(&home).unwrap();
    }
}
