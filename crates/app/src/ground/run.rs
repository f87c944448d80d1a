//! One run of the app over a data folder, and how another program tells whether it still lives.
//!
//! A window and programs without one may work on one data folder at once. Each run holds a lock on a file of its own; a
//! run whose file can be locked by another is over, however it ended. Not here: what a run's tasks are, and that a folder
//! has one window only (`folder`).

use super::folder::DataFolder;
use super::private::{private_file, private_folder};
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use store::Store;

/// Where the files of runs lie, below the data folder.
const FOLDER: &str = "runs";

/// A run that lives: its file stays locked until this is dropped or the process ends.
pub(crate) struct Run {
    id: i64,
    folder: PathBuf,
    _file: File,
    _data: DataFolder,
}

impl Run {
    /// Begins a run: a row in the database, and a locked file in the data folder.
    /// The data folder is held as long as the run lives.
    pub fn begin(store: &Store, data: DataFolder, now: i64) -> Result<Self, RunError> {
        let folder = data.path().join(FOLDER);
        private_folder(&folder)?;
        loop {
            let id = store.add_run(now)?;
            let options = &mut File::options();
            let file = private_file(options.write(true).create(true), &file_of(&folder, id))?;
            match file.try_lock() {
                Ok(()) => {}
                // Held by another: its database was taken away, and numbers begin anew.
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
            let run = Self {
                id,
                folder,
                _file: file,
                _data: data,
            };
            run.sweep();
            return Ok(run);
        }
    }

    /// Returns the number of the run; never used twice in a data folder.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Tells whether another run is over. One that can't be asked counts as living: its tasks are left alone.
    pub fn is_over(&self, other: i64) -> bool {
        if other == self.id {
            return false;
        }
        match File::open(file_of(&self.folder, other)) {
            Ok(file) => match file.try_lock() {
                Ok(()) => true,
                Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
            },
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }

    /// Removes the files of runs that are over: a process that is killed leaves its own. One that can't be removed does
    /// no harm: it can be locked, so the run stays over.
    fn sweep(&self) {
        let Ok(files) = std::fs::read_dir(&self.folder) else {
            return;
        };
        for file in files.filter_map(Result::ok) {
            let path = file.path();
            let number = path.file_stem().and_then(|stem| stem.to_str());
            let number = number.and_then(|stem| stem.parse::<i64>().ok());
            if number.is_some_and(|number| self.is_over(number)) {
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(file_of(&self.folder, self.id));
    }
}

fn file_of(folder: &Path, id: i64) -> PathBuf {
    folder.join(format!("{id}.lock"))
}

/// Why a run could not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The data folder refused.
    #[error(transparent)]
    File(#[from] io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Access;

    fn data(folder: &tempfile::TempDir) -> DataFolder {
        DataFolder::open(folder.path(), Access::Shared).unwrap()
    }

    #[test]
    fn a_run_lives_until_it_is_dropped_and_its_number_is_not_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("longshore.db")).unwrap();
        let begin = || Run::begin(&store, data(&folder), 7).unwrap();
        let (first, second) = (begin(), begin());
        assert!(!first.is_over(second.id()) && !second.is_over(first.id()));
        let id = first.id();
        drop(first);
        assert!(second.is_over(id));
        assert_ne!(begin().id(), id);
    }

    #[test]
    fn a_run_that_crashed_is_over_although_its_file_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("longshore.db")).unwrap();
        let run = Run::begin(&store, data(&folder), 7).unwrap();
        let crashed = store.add_run(8).unwrap();
        std::fs::write(file_of(&run.folder, crashed), "").unwrap();
        assert!(run.is_over(crashed));
        let next = Run::begin(&store, data(&folder), 9).unwrap();
        assert!(next.is_over(crashed) && !file_of(&next.folder, crashed).exists());
        assert!(!next.is_over(run.id()), "one that lives is left alone");
    }
}
