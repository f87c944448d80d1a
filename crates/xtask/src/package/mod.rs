//! `package`: what a person installs, made by Tauri's own bundler from the release build.
//!
//! On Linux a `.deb` and an `.rpm`, which need no other program; on macOS a `.dmg`, on Windows an `.msi`. Nothing is
//! signed here, and nothing is published: that is for who releases. The notices of what is linked in are written first,
//! and lie in each.

mod crates;
mod notices;
mod page;
mod sources;
mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};

use crate::setup::{self, For};
use crate::{Done, places, shell};

/// What a package may weigh, in bytes: whoever tries Longshore should not wait for the download.
const LARGEST: u64 = 10_000_000;

/// Where the notices are written, as `tauri.conf.json` names it.
const NOTICES: &str = "target/notices/THIRD-PARTY-NOTICES.txt";

/// The kinds of packages of this system, as the bundler names them.
fn kinds() -> &'static [&'static str] {
    if cfg!(target_os = "macos") {
        &["dmg"]
    } else if cfg!(windows) {
        &["msi"]
    } else {
        &["deb", "rpm"]
    }
}

/// Runs `cargo xtask package`.
pub fn package() -> Done {
    setup::prepare(For::Build)?;
    shell::step("package");
    let target = places::cargo_target()?;
    // What an earlier version left there would be taken for new.
    for kind in kinds() {
        let old = target.join("release/bundle").join(kind);
        if old.is_dir() {
            fs::remove_dir_all(&old).map_err(|error| format!("{}: {error}", old.display()))?;
        }
    }
    write_notices()?;
    // Not through npm: it would start in the UI's folder, from where Tauri's command finds no configuration.
    let mut tauri = shell::program("node");
    tauri
        .arg("ui/node_modules/@tauri-apps/cli/tauri.js")
        .args(["build", "--ci", "--bundles", &kinds().join(",")])
        .args(["--config", &settings()])
        // What only tests and chores need is left out, and asks for no feature of what is linked in.
        .args(["--", "--locked", "--package", "longshore-app"])
        .env("CARGO_TARGET_DIR", &target);
    shell::succeed(tauri)?;
    let folder = places::below_target("package");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for kind in kinds() {
        let made = made(&target, kind)?;
        let size = fs::metadata(&made).map_or(0, |file| file.len());
        let name = made.file_name().unwrap_or_default();
        let place = folder.join(name);
        fs::copy(&made, &place).map_err(|error| format!("{}: {error}", place.display()))?;
        shell::say(&format!("{} ({})", place.display(), megabytes(size)));
        if size > LARGEST {
            return Err(format!(
                "{} is too large: at most {} was meant.",
                place.display(),
                megabytes(LARGEST)
            ));
        }
    }
    Ok(())
}

/// Builds the page, and writes the notices of the libraries that are in it and in the program.
fn write_notices() -> Done {
    let folder = places::below_target("notices");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut libraries = vec![toolchain::library()?];
    libraries.extend(crates::libraries()?);
    libraries.extend(page::libraries(&folder.join("page.txt"))?);
    let place = places::root().join(NOTICES);
    fs::write(&place, notices::compose(libraries)?)
        .map_err(|error| format!("{}: {error}", place.display()))?;
    shell::say(&format!("{} is written.", place.display()));
    Ok(())
}

/// Returns what differs from `tauri.conf.json`, as JSON: the page is built already; and what has no folder of documents
/// to put the notices into has them among the program's own files. Any other build knows nothing of them, as it would
/// fail where they are not written yet.
fn settings() -> String {
    let resources = if cfg!(target_os = "linux") {
        String::new()
    } else {
        format!(r#","bundle":{{"resources":{{"{NOTICES}":"THIRD-PARTY-NOTICES.txt"}}}}"#)
    };
    format!(r#"{{"build":{{"beforeBuildCommand":null}}{resources}}}"#)
}

/// Finds the one package of a kind that the bundler has made.
fn made(target: &Path, kind: &str) -> Result<PathBuf, String> {
    let folder = target.join("release/bundle").join(kind);
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == kind))
        .ok_or_else(|| format!("The bundler left no .{kind} in {}.", folder.display()))
}

/// Writes bytes in MB, with one decimal.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes * 10 / 1_000_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, NOTICES, megabytes, settings};
    use std::fs;

    #[test]
    fn sizes_read_as_people_write_them() {
        assert_eq!(megabytes(6_240_000), "6.2 MB");
        assert_eq!(megabytes(LARGEST), "10.0 MB");
        assert_eq!(megabytes(0), "0.0 MB");
    }

    #[test]
    fn each_kind_of_package_has_the_notices() {
        let file = crate::places::root().join("tauri.conf.json");
        let named = fs::read_to_string(file).unwrap().matches(NOTICES).count();
        assert_eq!(named, 2, "the .deb and the .rpm");
        let elsewhere = settings().contains(NOTICES);
        assert_eq!(elsewhere, !cfg!(target_os = "linux"), "{}", settings());
    }
}
