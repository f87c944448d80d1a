//! Files and folders that are a person's alone: nobody else on the computer may read them, whatever the umask says.
//!
//! The one place that sets rights. On Windows the profile has its own, which hold for all that lies in it. A file system
//! that knows no rights leaves them as they are: the app works there as well. Not here: what is in a file, the lock of the
//! folder. Grows by a system whose rights are another kind.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a folder where it is missing, and takes it from everybody else where it is there.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    match folder.parent() {
        Some(above) if !above.as_os_str().is_empty() => std::fs::create_dir_all(above)?,
        _ => {}
    }
    if let Err(error) = rights::make_folder(folder)
        && !(error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir())
    {
        return Err(error);
    }
    rights::narrow_folder(folder);
    Ok(())
}

/// Opens a file as the options say, makes it where they say so, and takes it from everybody else.
pub fn private_file(options: &mut OpenOptions, file: &Path) -> io::Result<File> {
    let file = rights::open(options, file)?;
    rights::narrow(&file);
    Ok(file)
}

/// How the names of files begin that the app makes in its data folder: the settings, the encrypted file of
/// sign-ins, and what of them was put aside.
const BEGIN: &[&str] = &["longshore", "settings.json", "sign-ins."];
/// What it makes there besides.
const OURS: &[&str] = &[
    "window.lock",
    "faults.log",
    "requests.log",
    "runs",
    "exports",
    "hosted",
    ".window-state.json",
    "window.json",
];

/// Takes the files of ours in a folder, and the folders of ours in it, from everybody else: whoever names a folder with other
/// things in it as the data folder keeps their rights. Links are not followed.
pub(crate) fn narrow_all_in(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = BEGIN.iter().any(|begin| name.starts_with(begin));
        if !(ours || OURS.contains(&name.as_ref())) {
            continue;
        }
        if kind.is_dir() {
            rights::narrow_folder(&entry.path());
        } else if kind.is_file()
            && let Ok(file) = File::open(entry.path())
        {
            rights::narrow(&file);
        }
    }
}

#[cfg(unix)]
mod rights {
    use std::fs::{DirBuilder, File, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    const FOLDER: u32 = 0o700;
    const FILE: u32 = 0o600;

    pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().mode(FOLDER).create(folder)
    }

    pub(super) fn narrow_folder(folder: &Path) {
        let others = |mode: u32| mode & 0o777 != FOLDER;
        if std::fs::metadata(folder).is_ok_and(|known| others(known.permissions().mode())) {
            // Where the file system knows no rights, or the folder is another's, it stays as it is.
            let _ = std::fs::set_permissions(folder, Permissions::from_mode(FOLDER));
        }
    }

    pub(super) fn open(options: &mut OpenOptions, file: &Path) -> io::Result<File> {
        options.mode(FILE).open(file)
    }

    /// Narrows an open file; a terminal or a pipe that somebody named is none of ours.
    pub(super) fn narrow(file: &File) {
        let wider = |mode: u32| mode & 0o777 != FILE;
        if file
            .metadata()
            .is_ok_and(|known| known.is_file() && wider(known.permissions().mode()))
        {
            let _ = file.set_permissions(Permissions::from_mode(FILE));
        }
    }
}

#[cfg(not(unix))]
mod rights {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
        std::fs::create_dir(folder)
    }

    pub(super) fn narrow_folder(_: &Path) {}

    pub(super) fn open(options: &mut OpenOptions, file: &Path) -> io::Result<File> {
        options.open(file)
    }

    pub(super) fn narrow(_: &File) {}
}
