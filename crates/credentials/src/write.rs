//! Replacing a small file in one step: who reads it sees the old one or the new one, whole.
//!
//! A link stays a link, and what it leads to is replaced; mode and owner of another program's file stay; a new file is for
//! its owner alone. Neither Docker nor Podman locks its files, so what was read is compared with what is there right before
//! the step.
//!
//! Not here: what is written (`clients::edit`, `encrypted`).

use std::fs::{self, File};
use std::io::{Error, ErrorKind, Result, Write as _};
use std::path::{Path, PathBuf};

use crate::files::small_file;

/// How many links are followed.
const LINKS: usize = 16;

/// Whose rights a file has once it is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    /// Those that it had.
    AsBefore,
    /// Its owner's alone, whatever it had.
    OwnersAlone,
}

/// Replaces what a file holds, or removes it. `false`: somebody else has changed it since it was read as `before`, and
/// nothing was done.
pub(crate) fn replace(
    path: &Path,
    before: Option<&[u8]>,
    after: Option<&[u8]>,
    rights: Rights,
) -> Result<bool> {
    let target = target(path)?;
    let folder = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .ok_or_else(|| Error::new(ErrorKind::InvalidInput, "it is in no folder"))?;
    let Some(after) = after else {
        if !is_still(&target, before)? {
            return Ok(false);
        }
        fs::remove_file(&target)?;
        return Ok(true);
    };
    make_folder(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".longshore-")
        .suffix(".new")
        .tempfile_in(folder)?;
    file.write_all(after)?;
    if rights == Rights::AsBefore {
        like(file.as_file(), &target)?;
    }
    file.as_file().sync_all()?;
    if !is_still(&target, before)? {
        return Ok(false);
    }
    file.persist(&target).map_err(|error| error.error)?;
    // So that the new name outlives a loss of power; where a folder can't be opened, it does so a little later.
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(true)
}

fn is_still(target: &Path, before: Option<&[u8]>) -> Result<bool> {
    let now = small_file(target)?;
    Ok(now.as_ref().map(|now| now.as_slice()) == before)
}

/// Follows links to what is to be replaced, be it there or not.
fn target(path: &Path) -> Result<PathBuf> {
    let mut at = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&at) {
            Ok(next) => at = at.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(at),
        }
    }
    Err(Error::other("its links lead in a circle"))
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)
}

/// Gives a new file the mode and the owner of the one it replaces. Who may not give it away keeps it.
#[cfg(unix)]
fn like(file: &File, target: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let there = match fs::metadata(target) {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (there.uid(), there.gid()) {
        let _ = std::os::unix::fs::fchown(file, Some(there.uid()), Some(there.gid()));
    }
    file.set_permissions(there.permissions())
}

#[cfg(not(unix))]
fn like(_: &File, _: &Path) -> Result<()> {
    Ok(())
}
