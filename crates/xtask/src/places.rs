//! Where things are: the project, what cargo builds, what we keep between clones.

use std::env;
use std::path::{Path, PathBuf};

/// Returns the project's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Returns the UI's folder.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Returns a folder below `target`, where the sandbox and the pictures are: always the project's own, even when
/// cargo builds elsewhere.
pub fn below_target(name: &str) -> PathBuf {
    root().join("target").join(name)
}

/// Returns the person's home folder.
pub fn home() -> Option<PathBuf> {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    env::var_os(name).map(PathBuf::from)
}

/// Returns the folder of what is built once and kept for every clone. The testkit looks there too; where tests have a
/// home of their own, `LONGSHORE_CACHE` names it.
pub fn cache() -> Result<PathBuf, String> {
    if let Some(folder) = env::var_os("LONGSHORE_CACHE") {
        return Ok(root().join(folder));
    }
    let base = match env::var_os("XDG_CACHE_HOME") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => home()
            .ok_or("There is no home folder to keep built programs in.")?
            .join(".cache"),
    };
    Ok(base.join("longshore"))
}

/// Returns the folder where cargo puts what it builds for us.
pub fn cargo_target() -> Result<PathBuf, String> {
    if let Some(folder) = env::var_os("CARGO_TARGET_DIR") {
        return Ok(root().join(folder));
    }
    if is_ci() {
        // Outside the clone: the next clone finds it warm.
        return Ok(cache()?.join("target"));
    }
    // `target/debug/xtask`: two up, wherever a person's cargo settings put it.
    let own = env::current_exe().map_err(|error| format!("Where am I? {error}"))?;
    let target = own.ancestors().nth(2).map(Path::to_owned);
    Ok(target.unwrap_or_else(|| root().join("target")))
}

/// Returns a program of ours that cargo has built.
pub fn built(name: &str) -> Result<PathBuf, String> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    Ok(cargo_target()?.join("debug").join(file))
}

/// Tells whether this is the machine that checks every change: nobody is there to answer.
pub fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

/// Tells whether a window can be shown to a person.
pub fn has_display() -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
