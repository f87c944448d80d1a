//! New files for the person: none that is there is ever touched, and nobody else may read them.
//!
//! Not here: which folder, and what is in a file. Grows by nothing.

use super::private::private_file;
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// So many files of one name there may be.
const MOST: u32 = 999;

/// Why there is no new file.
#[derive(Debug)]
pub(crate) enum NotMade {
    /// There are too many of that name.
    Full,
    /// It, or its folder, can't be made.
    File(PathBuf, Error),
}

/// Makes a new file in a folder, which is made where it is missing: `stem.extension`, or `stem-2.extension` and so on
/// where there are others. Blocks.
pub(crate) fn new_file(
    folder: &Path,
    stem: &str,
    extension: &str,
) -> Result<(PathBuf, File), NotMade> {
    std::fs::create_dir_all(folder).map_err(|error| NotMade::File(folder.to_owned(), error))?;
    for number in 1..=MOST {
        let name = match number {
            1 => format!("{stem}.{extension}"),
            _ => format!("{stem}-{number}.{extension}"),
        };
        let path = folder.join(name);
        let options = &mut OpenOptions::new();
        match private_file(options.write(true).create_new(true), &path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(NotMade::File(path, error)),
        }
    }
    Err(NotMade::Full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_that_is_there_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        let name = |made: Result<(PathBuf, File), NotMade>| {
            let (path, _) = made.unwrap();
            path.file_name().unwrap().to_string_lossy().into_owned()
        };
        assert_eq!(name(new_file(&inner, "x", "tar")), "x.tar");
        std::fs::write(inner.join("x-2.tar"), "mine").unwrap();
        assert_eq!(name(new_file(&inner, "x", "tar")), "x-3.tar");
        assert_eq!(std::fs::read(inner.join("x-2.tar")).unwrap(), b"mine");
        let file = inner.join("x.tar");
        assert!(matches!(
            new_file(&file, "y", "tar"),
            Err(NotMade::File(..))
        ));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
