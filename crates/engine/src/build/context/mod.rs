//! What goes to the engine for a build: the files of a folder, without what a `.dockerignore` leaves out.
//!
//! What it is: a walk over the folder, in the order of names. It ends when nobody wants it any more, and nothing in the
//! folder makes it wait. What it is not: it knows no engine; how files go out is `sending`. Grows by another source of files.

mod sending;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::ignore::{Fitted, Ignore};
use crate::Error;

/// The name of the file that says what is left out.
const IGNORE_FILE: &str = ".dockerignore";
/// The longest such file that is read.
const LONGEST_IGNORE: u64 = 1024 * 1024;

/// Which file says what is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IgnoreFile {
    /// The `.dockerignore` of the folder: so reads the engine's own builder.
    OfFolder,
    /// The one beside the Dockerfile that has its name and `.dockerignore`, where it is there, else the folder's: so reads
    /// `BuildKit` (<https://docs.docker.com/build/concepts/context/#filename-and-location>).
    OfDockerfile,
}

/// The files that a build may read.
#[derive(Debug, Clone)]
pub struct Context {
    folder: PathBuf,
    /// What is sent whatever the rules say: the engine reads it itself.
    always: [String; 2],
    ignore: Ignore,
}

/// How much a context is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ContextSize {
    /// Files, without folders.
    pub files: u64,
    /// The bytes in them.
    pub bytes: u64,
    /// There are more; they were not counted to the end.
    pub cut: bool,
}

/// Something that goes along.
struct Entry<'a> {
    /// Where it is.
    path: &'a Path,
    /// Where it lies in the context.
    name: &'a Path,
    metadata: &'a Metadata,
}

/// A walk over a context.
struct Walk<'a> {
    of: &'a Context,
    /// Asked before anything is looked at, be it left out or not: false ends the walk.
    goes_on: &'a dyn Fn() -> bool,
    visit: &'a mut dyn FnMut(&Entry<'_>) -> Result<(), Stop>,
    /// Folders on the way that are left out, but for what may be found in them.
    waiting: Vec<(PathBuf, Metadata)>,
}

/// Why a walk ends before its end.
enum Stop {
    Enough,
    Trouble(Error),
}

impl Context {
    /// Looks at a folder and the file that says what is left out. `dockerfile` is its path in the folder, with `/`. Blocks.
    pub fn open(folder: &Path, dockerfile: &str, says: IgnoreFile) -> Result<Self, Error> {
        let folder = folder.canonicalize().map_err(|error| at(folder, &error))?;
        if !folder.is_dir() {
            return Err(Error::Context(format!(
                "{} is not a folder.",
                folder.display()
            )));
        }
        let file = inside(&folder, dockerfile)?;
        if !file.is_file() {
            return Err(Error::Context(format!(
                "There is no {dockerfile} in {}.",
                folder.display()
            )));
        }
        let own = format!("{dockerfile}{IGNORE_FILE}");
        let first = match says {
            IgnoreFile::OfFolder => None,
            IgnoreFile::OfDockerfile => read_rules(&folder, &own)?.map(|rules| (own, rules)),
        };
        let (file, ignore) = if let Some(found) = first {
            found
        } else {
            let rules = read_rules(&folder, IGNORE_FILE)?;
            (IGNORE_FILE.to_owned(), rules.unwrap_or_default())
        };
        Ok(Self {
            folder,
            always: [dockerfile.to_owned(), file],
            ignore,
        })
    }

    /// Counts what goes along. It looks at no more than `most` files and folders, left out or not, and ends where it is told
    /// not to go on. Blocks.
    pub fn size(&self, most: u64, goes_on: impl Fn() -> bool) -> Result<ContextSize, Error> {
        let mut size = ContextSize::default();
        let looked = Cell::new(0);
        let goes_on = || {
            looked.set(looked.get() + 1);
            looked.get() <= most && goes_on()
        };
        let counted = self.walk(&goes_on, &mut |entry| {
            if !entry.metadata.is_dir() {
                size.files += 1;
            }
            if entry.metadata.is_file() {
                size.bytes += entry.metadata.len();
            }
            Ok(())
        });
        match counted {
            Ok(()) => Ok(size),
            Err(Stop::Enough) => Ok(ContextSize { cut: true, ..size }),
            Err(Stop::Trouble(error)) => Err(error),
        }
    }

    fn walk(
        &self,
        goes_on: &dyn Fn() -> bool,
        visit: &mut dyn FnMut(&Entry<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut walk = Walk {
            of: self,
            goes_on,
            visit,
            waiting: Vec::new(),
        };
        walk.below(Path::new(""), "", &Fitted::default())
    }

    fn may_keep_below(&self, folder: &str) -> bool {
        let leads = |path: &String| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.always.iter().any(leads) || self.ignore.may_keep_below(folder)
    }
}

impl Walk<'_> {
    /// Visits what lies in a folder.
    fn below(&mut self, name: &Path, text: &str, fitted: &Fitted) -> Result<(), Stop> {
        let context = self.of;
        for last in self.names(&context.folder.join(name))? {
            let name = name.join(&last);
            let path = context.folder.join(&name);
            let text = match (text, last.to_string_lossy()) {
                ("", last) => last.into_owned(),
                (text, last) => format!("{text}/{last}"),
            };
            let (out, known) = context.ignore.leaves_out(&text, fitted);
            let out = out && !context.always.contains(&text);
            let metadata = match fs::symlink_metadata(&path) {
                Ok(metadata) => metadata,
                // What is left out may come and go, and need not be readable.
                Err(_) if out => continue,
                Err(error) => return Err(Stop::Trouble(at(&path, &error))),
            };
            if out && !(metadata.is_dir() && context.may_keep_below(&text)) {
                continue;
            }
            let before = self.waiting.len();
            if out {
                self.waiting.push((name.clone(), metadata.clone()));
            } else {
                for (name, metadata) in self.waiting.drain(..) {
                    (self.visit)(&Entry {
                        path: &context.folder.join(&name),
                        name: &name,
                        metadata: &metadata,
                    })?;
                }
                (self.visit)(&Entry {
                    path: &path,
                    name: &name,
                    metadata: &metadata,
                })?;
            }
            if metadata.is_dir() {
                self.below(&name, &text, &known)?;
            }
            self.waiting.truncate(before);
        }
        Ok(())
    }

    /// Lists a folder, in the order of names.
    fn names(&self, folder: &Path) -> Result<Vec<std::ffi::OsString>, Stop> {
        let trouble = |error| Stop::Trouble(at(folder, &error));
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(trouble)? {
            if !(self.goes_on)() {
                return Err(Stop::Enough);
            }
            names.push(entry.map_err(trouble)?.file_name());
        }
        names.sort_unstable();
        Ok(names)
    }
}

/// Reads a file that says what is left out; none where it isn't there.
fn read_rules(folder: &Path, name: &str) -> Result<Option<Ignore>, Error> {
    let path = folder.join(name);
    let (file, _) = match open(&path, Links::Followed) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(&path, &error)),
    };
    let mut text = Vec::new();
    let read = file.take(LONGEST_IGNORE + 1).read_to_end(&mut text);
    read.map_err(|error| at(&path, &error))?;
    if text.len() as u64 > LONGEST_IGNORE {
        return Err(Error::Context(format!("{name} is too large.")));
    }
    Ignore::parse(&String::from_utf8_lossy(&text), name).map(Some)
}

/// Finds a file that must lie in a folder.
pub(super) fn inside(folder: &Path, name: &str) -> Result<PathBuf, Error> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(':');
    if !name.split('/').all(plain) || Path::new(name).is_absolute() {
        return Err(Error::Context(format!(
            "“{name}” is not the name of a file in {}.",
            folder.display()
        )));
    }
    Ok(folder.join(name))
}

/// What is done with a link that stands where a file is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Followed,
    Refused,
}

/// Opens a file to be read. What stands there may be another thing than what was looked at: a pipe would make its reader
/// wait for ever.
pub(super) fn open(path: &Path, links: Links) -> io::Result<(File, Metadata)> {
    let mut options = OpenOptions::new();
    options.read(true);
    at_once(&mut options, links);
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    Ok((file, metadata))
}

#[cfg(unix)]
fn at_once(options: &mut OpenOptions, links: Links) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = match links {
        Links::Followed => OFlags::NONBLOCK,
        Links::Refused => OFlags::NONBLOCK | OFlags::NOFOLLOW,
    };
    options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
}

#[cfg(not(unix))]
fn at_once(_: &mut OpenOptions, _: Links) {}

fn at(path: &Path, error: &io::Error) -> Error {
    Error::Context(format!("{} can’t be read: {error}.", path.display()))
}
