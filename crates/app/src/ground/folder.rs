//! The data folder: made, taken from everybody else, and held by one window at a time.
//!
//! A window takes turns, tells what went stale and watches as if nobody else did; two of them on one folder would do each
//! thing twice. So a window locks the folder, and one that can't changes nothing and says so. A program without a window
//! needs no lock: its tasks are told apart by their runs (`run`). Not here: what lies in the folder. Grows by a reason not
//! to open a folder.

use super::private::{narrow_all_in, private_file, private_folder};
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The name of the database in the folder.
pub(crate) const DATABASE: &str = "longshore.db";
/// The file that a window locks.
const LOCK: &str = "window.lock";

/// How a program uses the data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// As its one window. A second one is refused before it has changed anything.
    Alone,
    /// Beside others: without a watch, and without a window that others' changes would leave stale.
    Shared,
}

/// The data folder, in use: the lock is held until this is dropped or the process ends.
pub(crate) struct DataFolder {
    path: PathBuf,
    _lock: Option<File>,
}

impl DataFolder {
    /// Makes the folder ready: its lock first, then the rights of all that lies in it.
    pub fn open(folder: &Path, access: Access) -> Result<Self, FolderError> {
        private_folder(folder)?;
        let lock = match access {
            Access::Alone => Some(lock(folder)?),
            Access::Shared => None,
        };
        narrow_all_in(folder);
        // SQLite gives the files beside the database the rights of the database.
        private_file(
            File::options().create(true).append(true),
            &folder.join(DATABASE),
        )?;
        Ok(Self {
            path: folder.to_owned(),
            _lock: lock,
        })
    }

    /// Returns where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn lock(folder: &Path) -> Result<File, FolderError> {
    let file = private_file(
        File::options().create(true).append(true),
        &folder.join(LOCK),
    )?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FolderError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Why the data folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    /// Another window has it.
    #[error("another window has the data folder")]
    InUse,
    /// The system refused.
    #[error(transparent)]
    File(#[from] io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_window_has_the_folder_and_the_next_one_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let open = |access| DataFolder::open(folder.path(), access);
        let first = open(Access::Alone).unwrap();
        assert!(matches!(open(Access::Alone), Err(FolderError::InUse)));
        assert!(open(Access::Shared).is_ok());
        drop(first);
        assert!(open(Access::Alone).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn hostile_what_was_open_to_others_is_taken_from_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir_all(data.join("runs")).unwrap();
        let set = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let files = [
            "longshore.db",
            "longshore.db-wal",
            "longshore.db-shm",
            "faults.log",
        ];
        for file in files {
            std::fs::write(data.join(file), "").unwrap();
            set(&data.join(file), 0o664);
        }
        // What somebody else keeps there is not ours, nor is what a link leads to.
        let script = data.join("script.sh");
        std::fs::write(&script, "").unwrap();
        set(&script, 0o755);
        let outside = folder.path().join("outside");
        std::fs::write(&outside, "").unwrap();
        set(&outside, 0o644);
        std::os::unix::fs::symlink(&outside, data.join("longshore.link")).unwrap();
        set(&data.join("runs"), 0o755);
        set(&data, 0o777);

        DataFolder::open(&data, Access::Alone).unwrap();
        assert_eq!((mode(&data), mode(&data.join("runs"))), (0o700, 0o700));
        for file in files.into_iter().chain([LOCK]) {
            assert_eq!(mode(&data.join(file)), 0o600, "{file}");
        }
        assert_eq!((mode(&outside), mode(&script)), (0o644, 0o755));
    }
}
