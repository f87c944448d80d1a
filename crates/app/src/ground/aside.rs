//! Putting aside a file of settings that can't be read: it is never written over, as a person may mend it.
//!
//! Not here: what is read of it (`settings`). Grows by another reason why a file is none.

use serde_json::Value;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest file that is read (bytes): many times what is ever written.
const LONGEST: u64 = 4 * 1024 * 1024;
/// How many files that could not be read are kept beside each other before the last one is given up.
const ASIDE: u32 = 99;

/// Why the file that was there does not hold, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// None of it; it lies under this path now.
    All {
        /// Where what was in it is.
        aside: PathBuf,
        /// What the system or the reader said.
        why: String,
    },
    /// These names of it; all of it lies under this path as well.
    Some {
        /// Where a copy is; none where none could be made.
        aside: Option<PathBuf>,
        /// What they are called.
        names: Vec<String>,
    },
    /// It could not even be put aside: nothing is written, so that it stays.
    Stuck {
        /// What the system said.
        why: String,
    },
}

/// Looks at the file before anything reads it, and puts one aside that is no settings file.
pub(super) fn put_aside(path: &Path) -> Result<(), Unread> {
    let why = match look(path) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => error.to_string(),
    };
    let stuck = |why: String| Unread::Stuck { why };
    let aside = free_name(path).ok_or_else(|| stuck(why.clone()))?;
    std::fs::rename(path, &aside).map_err(|error| stuck(format!("{why}; {error}")))?;
    Err(Unread::All { aside, why })
}

fn look(path: &Path) -> io::Result<()> {
    let wrong = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why);
    let mut bytes = Vec::new();
    // Before it is opened: to open a pipe is to wait for whoever writes to it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(wrong("it is no file"));
    }
    let file = std::fs::File::open(path)?;
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(wrong("it is longer than 4 MiB"));
    }
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(Value::Object(_)) => Ok(()),
        Ok(_) => Err(wrong("it is no JSON object")),
        Err(error) => Err(wrong(&error.to_string())),
    }
}

/// Returns a name beside the file that is not taken: `settings.json.bad`, `settings.json.bad-2`, …
pub(super) fn free_name(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    (1..=ASIDE)
        .map(|number| {
            let end = if number == 1 {
                String::new()
            } else {
                format!("-{number}")
            };
            path.with_file_name(format!("{name}.bad{end}"))
        })
        .find(|aside| std::fs::symlink_metadata(aside).is_err())
}
