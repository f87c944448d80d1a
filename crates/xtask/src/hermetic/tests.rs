//! The check itself: what comes, goes, is touched or stays is told apart.

use super::{Look, OwnHome};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

/// A home with a data folder of the app in it, and a shader cache.
struct Lived(PathBuf);

impl Lived {
    fn new(name: &str) -> Self {
        let id = std::process::id();
        let home = std::env::temp_dir().join(format!("longshore-hermetic-{name}-{id}"));
        fs::create_dir_all(home.join(".local/share/dev.longshore.app")).unwrap();
        fs::create_dir_all(home.join(".cache/mesa_shader_cache")).unwrap();
        fs::write(home.join(".cache/mesa_shader_cache/index"), "x").unwrap();
        let lived = Self(home);
        fs::write(lived.data().join("data.db"), "x").unwrap();
        lived
    }

    fn data(&self) -> PathBuf {
        self.0.join(".local/share/dev.longshore.app")
    }

    fn look(&self) -> Look {
        Look::at(&self.0, true)
    }

    /// Returns what is seen of an act by who is alone, and what by who is not.
    fn seen(&self, act: impl FnOnce()) -> (Vec<String>, Vec<String>) {
        let before = (self.look(), Look::at(&self.0, false));
        act();
        let after = (self.look(), Look::at(&self.0, false));
        (before.0.changes(&after.0), before.1.changes(&after.1))
    }
}

impl Drop for Lived {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn said(did: &str, path: &Path) -> String {
    format!("a test {did} {}", path.display())
}

fn touch(path: &Path) {
    let then = SystemTime::now() - Duration::from_hours(1);
    File::open(path).unwrap().set_modified(then).unwrap();
}

#[test]
fn nothing_done_is_nothing_seen() {
    let home = Lived::new("unchanged");
    assert_eq!(home.seen(|| {}), (vec![], vec![]));
}

#[test]
fn what_is_made_is_seen() {
    let home = Lived::new("made");
    let other = home.0.join(".cache/of-another-program");
    let seen = home.seen(|| fs::create_dir_all(&other).unwrap());
    assert_eq!(seen, (vec![said("wrote", &other)], vec![]));
    let ours = home.0.join(".config/dev.longshore.app");
    let (alone, beside) = home.seen(|| fs::create_dir_all(&ours).unwrap());
    assert!(alone.contains(&said("wrote", &ours)), "{alone:?}");
    assert_eq!(beside, [said("wrote", &ours)]);
    let file = home.data().join("window.json");
    let (alone, beside) = home.seen(|| fs::write(&file, "x").unwrap());
    assert!(alone.contains(&said("wrote", &file)), "{alone:?}");
    assert!(beside.contains(&said("wrote", &file)), "{beside:?}");
}

#[test]
fn what_is_removed_is_seen() {
    let home = Lived::new("removed");
    let file = home.data().join("data.db");
    let (alone, beside) = home.seen(|| fs::remove_dir_all(home.data()).unwrap());
    for path in [&home.data(), &file] {
        assert!(alone.contains(&said("removed", path)), "{alone:?}");
        assert!(beside.contains(&said("removed", path)), "{beside:?}");
    }
    let shelf = home.0.join(".cache/mesa_shader_cache");
    let (alone, beside) = home.seen(|| fs::remove_dir_all(&shelf).unwrap());
    assert!(alone.contains(&said("removed", &shelf)), "{alone:?}");
    assert_eq!(beside, Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn what_is_only_touched_is_seen() {
    let home = Lived::new("touched");
    let seen = home.seen(|| touch(&home.data()));
    let changed = vec![said("changed", &home.data())];
    assert_eq!(seen, (changed.clone(), changed));
    let file = home.data().join("data.db");
    let seen = home.seen(|| touch(&file));
    let changed = vec![said("changed", &file)];
    assert_eq!(seen, (changed.clone(), changed));
    let cache = home.0.join(".cache/mesa_shader_cache/index");
    let seen = home.seen(|| touch(&cache));
    assert_eq!(seen, (vec![said("changed", &cache)], vec![]));
}

#[test]
fn in_the_tests_own_home_everything_counts() {
    let lived = Lived::new("own");
    let old = lived.0.join("own/.left-by-the-last-run");
    fs::create_dir_all(&old).unwrap();
    let own = OwnHome::make_at(lived.0.join("own")).unwrap();
    assert_eq!(own.findings(), Vec::<String>::new());
    let share = own.0.join(".local/share");
    fs::create_dir_all(&share).unwrap();
    let found = own.findings();
    assert_eq!(
        found,
        [said("wrote", &own.0.join(".local")), said("wrote", &share)]
    );
}

#[test]
fn a_program_finds_the_own_home_and_the_toolchain() {
    let lived = Lived::new("lent");
    let own = OwnHome::make_at(lived.0.join("own")).unwrap();
    let mut program = Command::new("program");
    program.env("XDG_DATA_HOME", "/elsewhere");
    own.lend(&mut program).unwrap();
    let told = |name: &str| {
        let mut set = program.get_envs();
        set.find(|(known, _)| *known == OsStr::new(name))
            .map(|(_, value)| value)
    };
    assert_eq!(told("HOME"), Some(Some(own.0.as_os_str())));
    assert_eq!(told("XDG_DATA_HOME"), Some(None));
    assert_eq!(told("XDG_CACHE_HOME"), Some(None));
    assert!(told("LONGSHORE_CACHE").flatten().is_some());
    assert!(told("CARGO_HOME").is_some() || std::env::var_os("CARGO_HOME").is_some());
}
