//! The file: links, modes, and who else writes.

use std::fs;
use std::path::Path;

use crate::write::{self, Rights};

fn replace(path: &Path, before: Option<&str>, after: Option<&str>) -> std::io::Result<bool> {
    let (before, after) = (before.map(str::as_bytes), after.map(str::as_bytes));
    write::replace(path, before, after, Rights::AsBefore)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_is_made_replaced_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/config.json");
    assert!(replace(&path, None, Some("{}")).unwrap());
    assert!(replace(&path, Some("{}"), Some("{\"a\":1}")).unwrap());
    assert_eq!(text(&path), "{\"a\":1}");
    assert!(replace(&path, Some("{\"a\":1}"), None).unwrap());
    assert!(names(path.parent().unwrap()).is_empty());
}

#[test]
fn what_somebody_changed_meanwhile_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    fs::write(&path, "theirs").unwrap();
    assert!(!replace(&path, Some("{}"), Some("ours")).unwrap());
    assert!(!replace(&path, None, Some("ours")).unwrap());
    assert!(!replace(&path, Some("{}"), None).unwrap());
    assert_eq!(text(&path), "theirs");
    fs::remove_file(&path).unwrap();
    assert!(!replace(&path, Some("{}"), Some("ours")).unwrap());
    assert!(names(folder.path()).is_empty(), "nothing is left behind");
}

#[cfg(unix)]
mod unix {
    use super::{names, replace, text};
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::Path;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_new_file_is_for_its_owner_alone_and_an_old_one_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".docker/config.json");
        replace(&path, None, Some("{}")).unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        for kept in [0o640, 0o600, 0o444] {
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            assert!(replace(&path, Some("{}"), Some("{}")).unwrap());
            assert_eq!(mode(&path), kept);
        }
    }

    #[test]
    fn a_link_stays_a_link_and_what_it_leads_to_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (dotfiles, home) = (folder.path().join("dotfiles"), folder.path().join("home"));
        fs::create_dir(&dotfiles).unwrap();
        fs::create_dir(&home).unwrap();
        let (real, link) = (dotfiles.join("docker.json"), home.join("config.json"));
        symlink("../dotfiles/docker.json", home.join("between")).unwrap();
        symlink("between", &link).unwrap();
        // A link to nothing yet.
        assert!(replace(&link, None, Some("{}")).unwrap());
        assert!(replace(&link, Some("{}"), Some("{\"a\":1}")).unwrap());
        assert_eq!(text(&real), "{\"a\":1}");
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("between"));
        assert!(replace(&link, Some("{\"a\":1}"), None).unwrap());
        assert_eq!(names(&home), ["between", "config.json"]);
        assert!(names(&dotfiles).is_empty());
        symlink("circle", home.join("circle")).unwrap();
        assert!(replace(&home.join("circle"), None, Some("{}")).is_err());
    }
}
