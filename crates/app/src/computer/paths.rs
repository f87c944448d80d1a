//! What was dropped on the window, or chosen: a folder to build from, an archive to load, or neither.
//!
//! It is looked at and nothing more. Not here: what becomes of it. Grows by another kind of thing that can be dropped.

use super::room::Computer;
use crate::ground::blocking;
use crate::view::computer::{Dropped, DroppedKind};
use crate::view::problem::Problem;
use crate::words::computer as say;
use engine::{ArchiveFile, Dockerfile};
use std::path::Path;

/// So many things are looked at; a drop of more is refused by its number.
const MOST: usize = 20;

impl Computer {
    /// Looks at files and folders, by their whole paths.
    pub async fn look_at(&self, paths: Vec<String>) -> Result<Vec<Dropped>, Problem> {
        blocking(move || paths.iter().take(MOST).map(|path| look(path)).collect()).await
    }
}

/// Looks at one. Blocks.
fn look(path: &str) -> Dropped {
    let at = Path::new(path);
    let name = at.file_name().unwrap_or(at.as_os_str());
    let name = oci::text::plain(&name.to_string_lossy(), 200);
    let folder = at.is_dir();
    let dockerfile = folder && !Dockerfile::list(at, 1).is_empty();
    let (kind, why) = if folder {
        let why = (!dockerfile).then(|| say::no_dockerfile(&name));
        (DroppedKind::Folder, why)
    } else {
        match ArchiveFile::open(at) {
            Ok(Some(_)) => (DroppedKind::Archive, None),
            Ok(None) => (DroppedKind::Other, Some(say::neither(&name))),
            Err(_) => (DroppedKind::Other, Some(say::unreadable(&name))),
        }
    };
    Dropped {
        path: path.to_owned(),
        name,
        kind,
        dockerfile,
        why: why.map(|said| said.text()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_dropped_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        std::fs::create_dir(at("aligner")).unwrap();
        let bare = look(&at("aligner"));
        assert_eq!((bare.kind, bare.dockerfile), (DroppedKind::Folder, false));
        assert_eq!(bare.why.as_deref(), Some("No Dockerfile in aligner."));
        std::fs::write(at("aligner/Containerfile"), "FROM scratch").unwrap();
        let whole = look(&at("aligner"));
        assert_eq!(
            (whole.name.as_str(), whole.dockerfile, whole.why),
            ("aligner", true, None)
        );
        std::fs::write(at("a.tgz"), b"\x1f\x8b\x08").unwrap();
        assert_eq!(look(&at("a.tgz")).kind, DroppedKind::Archive);
        std::fs::write(at("notes.txt"), "hello").unwrap();
        let other = look(&at("notes.txt"));
        assert_eq!(other.kind, DroppedKind::Other);
        assert!(other.why.unwrap().starts_with("notes.txt is neither"));
        assert_eq!(look(&at("nothing")).kind, DroppedKind::Other);
    }
}
