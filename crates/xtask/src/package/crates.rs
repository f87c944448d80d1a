//! The crates that are linked into the program, as cargo tells them: what builds it, tests it or writes its code while it
//! is built is in nobody's package.
//!
//! Not here: what is in the page (`page`). Grows when a crate comes from elsewhere than crates.io.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::notices::Library;
use super::sources;
use crate::{places, shell};

/// Folders of crates that hold others' works which are not linked in.
const LEFT_OUT: [(&str, &str); 2] = [
    // Built for tests of its own.
    ("bollard", "resources"),
    // The system's own library is linked.
    ("libdbus-sys", "vendor"),
];

/// A line of `cargo tree`.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    name: String,
    version: String,
    licence: String,
}

/// Returns the crates of others that the app is linked with, on this system.
pub fn libraries() -> Result<Vec<Library>, String> {
    let mut cargo = shell::cargo()?;
    cargo.args(["tree", "--locked", "--package", "longshore-app"]);
    cargo.args(["--features", "custom-protocol"]);
    cargo.args(["--edges", "normal,no-proc-macro"]);
    cargo.args(["--prefix", "none", "--format", "{p}\t{l}"]);
    let tree = shell::output(cargo).ok_or("cargo tree did not tell what is linked in.")?;
    let sources = source_folders()?;
    let mut libraries = Vec::new();
    for line in read(&tree, &places::root())? {
        libraries.push(library(line, &sources)?);
    }
    Ok(libraries)
}

/// Reads what `cargo tree` printed, each crate once and without our own.
fn read(tree: &str, root: &Path) -> Result<Vec<Line>, String> {
    let mut lines: Vec<Line> = Vec::new();
    for text in tree.lines().filter(|text| !text.trim().is_empty()) {
        let (package, licence) = text.split_once('\t').unwrap_or((text, ""));
        let mut words = package.splitn(3, ' ');
        let (Some(name), Some(version)) = (words.next(), words.next()) else {
            return Err(format!(
                "cargo tree wrote a line that is not understood: {text}"
            ));
        };
        if let Some(place) = words.next().map(|place| place.trim_matches(['(', ')'])) {
            if Path::new(place).starts_with(root) {
                continue;
            }
            return Err(format!(
                "{name} comes from {place}: how are its licences found there?"
            ));
        }
        let line = Line {
            name: name.to_owned(),
            version: version.trim_start_matches('v').to_owned(),
            licence: licence.trim_end_matches(" (*)").trim().to_owned(),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// Returns the folders into which cargo unpacks sources, one for each registry.
fn source_folders() -> Result<Vec<PathBuf>, String> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| places::home().map(|home| home.join(".cargo")))
        .ok_or("There is no home folder in which cargo keeps sources.")?;
    let folder = home.join("registry/src");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn library(line: Line, sources: &[PathBuf]) -> Result<Library, String> {
    let Line {
        name,
        version,
        licence,
    } = line;
    let folder = sources
        .iter()
        .map(|each| each.join(format!("{name}-{version}")))
        .find(|folder| folder.is_dir())
        .ok_or_else(|| {
            format!("The sources of {name} {version} are not where cargo keeps them.")
        })?;
    let left_out: Vec<PathBuf> = LEFT_OUT
        .iter()
        .filter(|(of, _)| *of == name)
        .map(|(_, below)| folder.join(below))
        .collect();
    if let Some(gone) = left_out.iter().find(|left| !left.is_dir()) {
        return Err(format!("{} is left out, and not there.", gone.display()));
    }
    let texts = sources::texts(&folder, &left_out)?;
    Ok(Library {
        address: format!("https://crates.io/crates/{name}/{version}"),
        name,
        version,
        licence,
        texts,
    })
}

#[cfg(test)]
mod tests {
    use super::{Line, library, read};
    use std::path::Path;

    fn line(name: &str, version: &str, licence: &str) -> Line {
        Line {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: licence.to_owned(),
        }
    }

    #[test]
    fn each_crate_of_others_is_told_once() {
        let tree = "longshore-app v0.1.0 (/there/longshore)\tMIT OR Apache-2.0\n\
            aes v0.9.4\tMIT OR Apache-2.0\n\
            app v0.1.0 (/there/longshore/crates/app)\tMIT\n\
            toml v1.2.1+spec-1.1.0\tMIT\n\
            silent v1.0.0\t\n\
            \n\
            aes v0.9.4\tMIT OR Apache-2.0 (*)\n";
        let found = read(tree, Path::new("/there/longshore")).unwrap();
        let meant = [
            line("aes", "0.9.4", "MIT OR Apache-2.0"),
            line("toml", "1.2.1+spec-1.1.0", "MIT"),
            line("silent", "1.0.0", ""),
        ];
        assert_eq!(found, meant);
    }

    #[test]
    fn what_comes_from_elsewhere_is_not_passed_over() {
        for place in ["(https://example.com/a.git#0123)", "(/elsewhere/a)"] {
            let told = read(&format!("a v1.0.0 {place}\tMIT"), Path::new("/there")).unwrap_err();
            assert!(told.starts_with("a comes from "), "{told}");
        }
        let told = library(line("a", "1.0.0", "MIT"), &[]).unwrap_err();
        assert!(told.contains("a 1.0.0"), "{told}");
    }
}
