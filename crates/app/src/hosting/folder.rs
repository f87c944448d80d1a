//! The folder of a registry's data: looked at as it is typed, made ready, measured, and its data deleted where a person says so.
//!
//! Only what a registry has made is ever deleted: other things in the folder stay, and no link is followed. Everything here
//! blocks. Not here: which folder (a person says). Grows by the layout of another registry.

use super::record::Make;
use crate::ground::{private_file, private_folder, whole_path};
use crate::view::problem::Problem;
use crate::words::hosting as say;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The most files that are counted.
const MOST: usize = 200_000;

/// What a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// It is empty, or not there yet.
    Nothing,
    /// A registry's data, of some make.
    Registry,
    /// Other things alone.
    Others,
}

/// How much data there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub bytes: u64,
    /// There is more than was counted.
    pub more: bool,
}

/// Looks at a folder as it was typed; nothing is made. Returns its whole path and what it holds.
pub(super) fn look(typed: &str) -> Result<(PathBuf, Holds), Problem> {
    let path = whole_path(typed).ok_or_else(|| say::no_path(typed))?;
    let shown = path.display();
    let is_too_wide =
        path.parent().is_none() || std::env::home_dir().is_some_and(|home| home.starts_with(&path));
    if is_too_wide {
        return Err(say::bad_folder(say::folder_too_wide(&shown)));
    }
    if path.is_file() {
        return Err(say::bad_folder(say::folder_is_file(&shown)));
    }
    let holds = if [Make::Distribution, Make::Zot]
        .iter()
        .any(|make| is_folder(&data_of(&path, *make)))
    {
        Holds::Registry
    } else if fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_some()) {
        Holds::Others
    } else {
        Holds::Nothing
    };
    Ok((path, holds))
}

/// Makes a folder where it is missing, and tries whether it can be written.
pub(super) fn ready(path: &Path) -> Result<(), Problem> {
    let refused = |error: io::Error| say::unwritable(path, &error);
    if !path.is_dir() {
        private_folder(path).map_err(refused)?;
    }
    let probe = path.join(format!(".longshore-{}", uuid::Uuid::new_v4()));
    private_file(OpenOptions::new().write(true).create_new(true), &probe).map_err(refused)?;
    fs::remove_file(&probe).map_err(refused)
}

/// Returns the folder that a registry of this make is told to keep its data in.
pub(super) fn root_of(folder: &Path, make: Make) -> PathBuf {
    match make {
        // It makes `docker/registry/v2` there by itself.
        Make::Distribution => folder.to_owned(),
        // It puts its repositories straight there.
        Make::Zot => folder.join("zot"),
    }
}

/// Returns the folder that holds nothing but the data of a registry of this make.
fn data_of(folder: &Path, make: Make) -> PathBuf {
    match make {
        Make::Distribution => folder.join("docker").join("registry"),
        Make::Zot => folder.join("zot"),
    }
}

/// Measures the data of a registry.
pub(super) fn size(folder: &Path, make: Make) -> Size {
    let mut size = Size::default();
    let mut left = MOST;
    let mut folders = vec![data_of(folder, make)];
    while let Some(folder) = folders.pop() {
        let entries = if is_folder(&folder) {
            fs::read_dir(&folder).ok()
        } else {
            None
        };
        for entry in entries.into_iter().flatten().flatten() {
            if left == 0 {
                size.more = true;
                return size;
            }
            left -= 1;
            // Of a link, itself.
            let Ok(about) = entry.metadata() else {
                size.more = true;
                continue;
            };
            if about.is_dir() {
                folders.push(entry.path());
            } else if about.is_file() {
                size.bytes = size.bytes.saturating_add(about.len());
            }
        }
    }
    size
}

/// Deletes the data of a registry, and the folders around it that are empty then.
pub(super) fn delete(folder: &Path, make: Make) -> io::Result<()> {
    let data = data_of(folder, make);
    // Nothing is reached by a link that somebody put in its place.
    let real = data
        .ancestors()
        .take_while(|above| *above != folder)
        .all(is_folder);
    if real {
        fs::remove_dir_all(&data)?;
    }
    for above in data.ancestors().skip(1) {
        // One with other things in it stays.
        if !above.starts_with(folder) || fs::remove_dir(above).is_err() {
            break;
        }
    }
    Ok(())
}

/// Tells whether a folder is there, and no link to one.
fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|about| about.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_looked_at_and_nothing_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let look = |path: &Path| super::look(&path.display().to_string()).map(|(_, holds)| holds);
        assert_eq!(look(&at("new")), Ok(Holds::Nothing));
        assert!(!at("new").exists());
        fs::write(at("file"), "x").unwrap();
        assert_eq!(look(folder.path()), Ok(Holds::Others));
        fs::create_dir_all(at("docker/registry/v2")).unwrap();
        assert_eq!(look(folder.path()), Ok(Holds::Registry));
        for bad in ["", "relative", "/"] {
            assert!(super::look(bad).is_err(), "{bad}");
        }
        assert!(look(&at("file")).is_err());
        assert!(look(&std::env::home_dir().unwrap()).is_err());
    }

    #[test]
    fn a_folder_is_made_and_one_that_cannot_be_written_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("a/b");
        ready(&new).unwrap();
        assert!(fs::read_dir(&new).unwrap().next().is_none());
        fs::write(folder.path().join("file"), "x").unwrap();
        assert!(ready(&folder.path().join("file/below")).is_err());
    }

    #[test]
    fn the_data_goes_and_what_else_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("data");
        let blobs = at.join("docker/registry/v2/blobs");
        fs::create_dir_all(&blobs).unwrap();
        fs::write(blobs.join("one"), [0; 1000]).unwrap();
        fs::write(at.join("mine"), [0; 77]).unwrap();
        let size = super::size(&at, Make::Distribution);
        assert_eq!((size.bytes, size.more), (1000, false));
        delete(&at, Make::Distribution).unwrap();
        assert!(at.join("mine").is_file() && !at.join("docker").exists());
        fs::remove_file(at.join("mine")).unwrap();
        fs::create_dir_all(at.join("zot/app/blobs")).unwrap();
        delete(&at, Make::Zot).unwrap();
        assert!(!at.exists() && folder.path().is_dir());
        // There is nothing left to delete.
        delete(&at, Make::Zot).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn hostile_no_link_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("outside/registry");
        fs::create_dir_all(&outside).unwrap();
        fs::write(outside.join("mine"), "mine").unwrap();
        let at = folder.path().join("data");
        fs::create_dir_all(&at).unwrap();
        std::os::unix::fs::symlink(folder.path().join("outside"), at.join("docker")).unwrap();
        delete(&at, Make::Distribution).unwrap();
        std::os::unix::fs::symlink(folder.path().join("outside"), at.join("zot")).unwrap();
        assert_eq!(size(&at, Make::Zot), Size::default());
        delete(&at, Make::Zot).unwrap();
        assert_eq!(fs::read(outside.join("mine")).unwrap(), b"mine");
    }
}
