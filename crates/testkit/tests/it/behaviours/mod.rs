//! What registries of the world do and Longshore takes, as the table of `docs/architecture.md`; and how many hostile
//! ones are withstood.
//!
//! A test that shows such a behaviour says so in two doc lines above its attributes, `Behaviour (<kind>): <sentence>` and
//! `Source: <text>`; the table is made of these. `LONGSHORE_TABLE=write cargo test -p testkit --test it behaviours` writes it
//! there. Not here: what the tests do. Grows by a kind.

mod read;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, ensure};
use read::{Test, tests_in};

const BEGIN: &str = "<!-- behaviours: written by crates/testkit/tests/it/behaviours -->\n";
const END: &str = "<!-- /behaviours -->";

/// The kinds of behaviour, as the table is sorted.
const KINDS: [&str; 13] = [
    "sign-in",
    "lists",
    "manifests",
    "addresses",
    "certificates",
    "deletions",
    "waiting",
    "about",
    "files",
    "helpers",
    "search",
    "check",
    "vendors",
];

/// How many tests with a hostile registry, realm or file there are at least.
const HOSTILE: usize = 30;

/// Where Rust is, from the root of the workspace.
const FOLDERS: [&str; 3] = ["crates", "src-tauri", "tests"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every test of the workspace with the file it is in, from the root down, in the order of the files.
fn all_tests() -> Result<Vec<(String, Test)>> {
    let root = root();
    let mut files = BTreeSet::new();
    for folder in FOLDERS {
        find_sources(&root.join(folder), &mut files)?;
    }
    let mut all = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let name = file.strip_prefix(&root)?.display().to_string();
        let name = name.replace('\\', "/");
        let tests = tests_in(&text).map_err(|why| anyhow!("{name}: {why}"))?;
        if !tests.is_empty() {
            ensure!(
                is_declared(&file)?,
                "{name} has tests and is no module of its crate"
            );
        }
        all.extend(tests.into_iter().map(|test| (name.clone(), test)));
    }
    Ok(all)
}

fn find_sources(folder: &Path, into: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find_sources(&path, into)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.insert(path);
        }
    }
    Ok(())
}

/// Tells whether a file belongs to its crate: a root does, another one where the file above declares it.
fn is_declared(file: &Path) -> Result<bool> {
    let stem = |path: &Path| {
        let name = path.file_stem().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let parent = file.parent().context("a file is in a folder")?;
    let (name, folder) = match stem(file).as_str() {
        "lib" | "main" => return Ok(true),
        "mod" => {
            let above = parent.parent().context("a folder is in another")?;
            (stem(parent), above)
        }
        name => (name.to_owned(), parent),
    };
    let wanted = format!("{name};");
    let above = ["mod.rs", "lib.rs", "main.rs"].map(|name| folder.join(name));
    let declares = |file: &Path| {
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().any(|line| {
            line.trim()
                .rsplit_once("mod ")
                .is_some_and(|(_, rest)| rest == wanted)
        })
    };
    Ok(above
        .iter()
        .chain([&folder.with_extension("rs")])
        .any(|file| declares(file)))
}

fn table(tests: &[(String, Test)]) -> String {
    let mut text = String::from("| kind | what is taken | source | test |\n|---|---|---|---|\n");
    let cell = |text: &str| text.replace('|', "\\|");
    for kind in KINDS {
        for (file, test) in tests {
            for behaviour in &test.behaviours {
                if behaviour.kind == kind {
                    let _ = writeln!(
                        text,
                        "| {kind} | {} | {} | [{}](../{file}) |",
                        cell(&behaviour.what),
                        cell(&behaviour.source),
                        test.name,
                    );
                }
            }
        }
    }
    text
}

#[test]
fn the_table_of_the_docs_is_what_the_tests_show() -> Result<()> {
    let tests = all_tests()?;
    for (file, test) in &tests {
        for behaviour in &test.behaviours {
            let kind = behaviour.kind.as_str();
            assert!(
                KINDS.contains(&kind),
                "{file}: {}: no kind is called {kind}",
                test.name
            );
        }
    }
    let path = root().join("docs/architecture.md");
    let text = fs::read_to_string(&path)?;
    let (before, rest) = text.split_once(BEGIN).context("the marker is there")?;
    let (shown, after) = rest
        .split_once(END)
        .context("the closing marker is there")?;
    let table = table(&tests);
    if std::env::var_os("LONGSHORE_TABLE").is_some_and(|what| what == "write") {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}"))?;
    } else {
        assert_eq!(
            shown, table,
            "write it with LONGSHORE_TABLE=write cargo test -p testkit --test it behaviours"
        );
    }
    Ok(())
}

#[test]
fn no_kind_is_without_a_test() -> Result<()> {
    let tests = all_tests()?;
    let shown: BTreeSet<&str> = tests
        .iter()
        .flat_map(|(_, test)| &test.behaviours)
        .map(|behaviour| behaviour.kind.as_str())
        .collect();
    assert_eq!(shown, BTreeSet::from(KINDS));
    Ok(())
}

#[test]
fn enough_hostile_ones_are_withstood() -> Result<()> {
    let tests = all_tests()?;
    let hostile: BTreeSet<&str> = tests
        .iter()
        .map(|(_, test)| test.name.as_str())
        .filter(|name| name.starts_with("hostile_"))
        .collect();
    assert!(
        hostile.len() >= HOSTILE,
        "{} of {HOSTILE}: {hostile:#?}",
        hostile.len()
    );
    Ok(())
}
