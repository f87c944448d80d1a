//! A file of secrets that a passphrase encrypts, for a computer that has no keychain: an `age` file, as the program of that
//! name reads and writes it too.
//!
//! It is opened by its passphrase once a run. Making the key takes about a second and much memory, by design, so what is in
//! the file is kept in memory while it is open, and decrypted anew only when the file has changed: another process may write
//! it too. Nothing of it is ever written in plain text. A file that can't be read is never written over.
//!
//! Not here: what is in it (`contents`), how it is encrypted (`age_file`). Grows by a change of the passphrase.

mod age_file;
mod contents;

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use self::contents::Contents;
use crate::files::small_file;
use crate::write::{Rights, replace};
use crate::{SecretKey, SecretStore, StoreError};

/// The fewest characters of a new passphrase: each guess costs a second, and so many can't be tried.
pub const SHORTEST_PASSPHRASE: usize = 8;
/// The base-2 logarithm of scrypt's work in what is written: a second or so and 256 MiB. The program `age` takes the same.
const WORK_FACTOR: u8 = 18;
/// The largest file that is read.
const LARGEST: usize = 1024 * 1024;
/// How often a file is written that somebody changes without its lock.
const TRIES: usize = 3;
/// How many files that were put aside can lie beside it.
const MOST_ASIDE: usize = 1000;

/// Why the encrypted file could not do what was asked. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncryptedFileError {
    /// It wants its passphrase first; or the one it was opened with is not its any more.
    #[error("the encrypted file is closed")]
    Closed,
    /// This is not its passphrase. An `age` file can't tell that from a header that was damaged.
    #[error("the passphrase does not open the encrypted file")]
    WrongPassphrase,
    /// A new file's passphrase is shorter than [`SHORTEST_PASSPHRASE`].
    #[error("the passphrase is too short")]
    TooShort,
    /// It can't be read, or is none of ours; the text says why. It is left as it is.
    #[error("the encrypted file cannot be read: {0}")]
    Unreadable(String),
    /// It can't be written; the text says why.
    #[error("the encrypted file cannot be written: {0}")]
    NotWritten(String),
}

/// Secrets in a file that a passphrase encrypts.
pub struct EncryptedFile {
    path: PathBuf,
    work_factor: u8,
    open: Mutex<Option<Open>>,
    /// Whether it is open, to be told without waiting for who uses it.
    is_open: AtomicBool,
}

/// What is known of the file while it is open.
struct Open {
    passphrase: SecretString,
    /// The bytes that were decrypted last; `None` where there was no file.
    seen: Option<Vec<u8>>,
    contents: Contents,
}

impl EncryptedFile {
    /// Names the file; nothing is read. A lock and the files that are put aside lie beside it.
    pub fn new(path: PathBuf) -> Self {
        Self::with_work_factor(path, WORK_FACTOR)
    }

    /// As above, with other work for what is written (the base-2 logarithm of scrypt's N): tests can't wait.
    pub fn with_work_factor(path: PathBuf, work_factor: u8) -> Self {
        Self {
            path,
            work_factor: work_factor.clamp(1, age_file::MOST_WORK),
            open: Mutex::default(),
            is_open: AtomicBool::new(false),
        }
    }

    /// Tells whether there is a file. It asks the disk.
    pub fn is_there(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok()
    }

    /// Tells whether it was opened; nothing is waited for.
    pub fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Relaxed)
    }

    /// Opens it by its passphrase. Where there is none, the passphrase is the one that the file is made with once it has
    /// something to hold. One that is open stays so where the passphrase is wrong.
    pub fn open(&self, passphrase: &SecretString) -> Result<(), EncryptedFileError> {
        let mut open = self.opened();
        let seen = self.read()?;
        let contents = match &seen {
            Some(bytes) => age_file::decrypt(bytes, passphrase)?,
            None if is_too_short(passphrase) => return Err(EncryptedFileError::TooShort),
            None => Contents::default(),
        };
        let passphrase = passphrase.clone();
        *open = Some(Open {
            passphrase,
            seen,
            contents,
        });
        self.is_open.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Puts the file aside, for one whose passphrase is forgotten: it stays, under the name that is returned, and the next
    /// passphrase begins a new one. `None`: there was no file.
    pub fn put_aside(&self) -> Result<Option<PathBuf>, EncryptedFileError> {
        let mut open = self.opened();
        let _turn = self.turn().map_err(not_written)?;
        let to = self.unused_name().map_err(not_written)?;
        let moved = match fs::rename(&self.path, &to) {
            Ok(()) => Some(to),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(not_written(error)),
        };
        self.close(&mut open);
        Ok(moved)
    }

    /// Reads what is in it now.
    fn reading<T>(&self, read: impl FnOnce(&Contents) -> T) -> Result<T, EncryptedFileError> {
        let mut open = self.opened();
        self.refresh(&mut open)?;
        let known = open.as_ref().ok_or(EncryptedFileError::Closed)?;
        Ok(read(&known.contents))
    }

    /// Changes what is in it, where there is something to change. Who else writes it waits, and its changes stay.
    fn changing(&self, change: impl Fn(&mut Contents) -> bool) -> Result<(), EncryptedFileError> {
        let mut open = self.opened();
        if open.is_none() {
            return Err(EncryptedFileError::Closed);
        }
        let _turn = self.turn().map_err(not_written)?;
        for _ in 0..TRIES {
            self.refresh(&mut open)?;
            let known = open.as_mut().ok_or(EncryptedFileError::Closed)?;
            let mut contents = known.contents.clone();
            if !change(&mut contents) {
                return Ok(());
            }
            let bytes = age_file::encrypt(&contents, &known.passphrase, self.work_factor)?;
            if bytes.len() > LARGEST {
                let full = "it would be far too large".to_owned();
                return Err(EncryptedFileError::NotWritten(full));
            }
            let before = known.seen.as_deref();
            if replace(&self.path, before, Some(&bytes), Rights::OwnersAlone)
                .map_err(not_written)?
            {
                known.contents = contents;
                known.seen = Some(bytes);
                return Ok(());
            }
        }
        let busy = "another program keeps changing it".to_owned();
        Err(EncryptedFileError::NotWritten(busy))
    }

    /// Reads the file anew where it has changed. One that another passphrase encrypts now is closed.
    fn refresh(&self, open: &mut Option<Open>) -> Result<(), EncryptedFileError> {
        let Some(known) = open else {
            return Err(EncryptedFileError::Closed);
        };
        let seen = self.read()?;
        if seen == known.seen {
            return Ok(());
        }
        let contents = match &seen {
            Some(bytes) => age_file::decrypt(bytes, &known.passphrase),
            None => Ok(Contents::default()),
        };
        match contents {
            Ok(contents) => {
                known.contents = contents;
                known.seen = seen;
                Ok(())
            }
            Err(EncryptedFileError::WrongPassphrase) => {
                self.close(open);
                Err(EncryptedFileError::Closed)
            }
            Err(error) => Err(error),
        }
    }

    fn read(&self) -> Result<Option<Vec<u8>>, EncryptedFileError> {
        let unreadable = |why: String| EncryptedFileError::Unreadable(why);
        let bytes = small_file(&self.path).map_err(|error| unreadable(error.to_string()))?;
        match bytes {
            Some(bytes) if bytes.len() > LARGEST => {
                Err(unreadable("it is far too large".to_owned()))
            }
            bytes => Ok(bytes.map(|bytes| bytes.to_vec())),
        }
    }

    fn close(&self, open: &mut Option<Open>) {
        *open = None;
        self.is_open.store(false, Ordering::Relaxed);
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no other process writes the file. The lock is a file of its own, since the other one is replaced.
    fn turn(&self) -> io::Result<File> {
        let lock = private(OpenOptions::new().create(true).append(true))
            .open(self.path.with_extension("lock"))?;
        lock.lock()?;
        Ok(lock)
    }

    fn unused_name(&self) -> io::Result<PathBuf> {
        (1..=MOST_ASIDE)
            .map(|number| self.path.with_extension(format!("old-{number}.age")))
            .find(|name| fs::symlink_metadata(name).is_err())
            .ok_or_else(|| io::Error::other("too many old ones lie beside it"))
    }
}

impl fmt::Debug for EncryptedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl SecretStore for EncryptedFile {
    fn get(&self, key: &SecretKey) -> Result<Option<SecretString>, StoreError> {
        Ok(self.reading(|contents| contents.get(key).cloned())?)
    }

    fn set(&self, key: &SecretKey, secret: &SecretString) -> Result<(), StoreError> {
        let put = |contents: &mut Contents| {
            let before = contents.insert(key.clone(), secret.clone());
            before.is_none_or(|before| before.expose_secret() != secret.expose_secret())
        };
        Ok(self.changing(put)?)
    }

    fn remove(&self, key: &SecretKey) -> Result<(), StoreError> {
        Ok(self.changing(|contents| contents.remove(key).is_some())?)
    }
}

fn is_too_short(passphrase: &SecretString) -> bool {
    passphrase.expose_secret().trim().chars().count() < SHORTEST_PASSPHRASE
}

#[allow(clippy::needless_pass_by_value)] // it is mapped by
fn not_written(error: io::Error) -> EncryptedFileError {
    EncryptedFileError::NotWritten(error.to_string())
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(test)]
mod tests;
