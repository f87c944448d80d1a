//! Who may use whom among the rooms of the crate, read from its sources: the twin of the table over crates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use testkit::imports;

/// What every room may use: the types that cross to the window, the sentences, the ground floor.
const EVERYONES: &[&str] = &["view", "words", "ground"];

/// Each room, and the rooms below it that it may use. There are no exceptions.
const ROOMS: &[(&str, &[&str])] = &[
    ("view", &[]),
    ("words", &["view"]),
    ("ground", &["view", "words"]),
    ("settings", &[]),
    ("tasks", &[]),
    ("accounts", &[]),
    ("kinds", &["accounts"]),
    ("local", &[]),
    ("hosting", &["accounts", "local", "tasks"]),
    ("content", &["accounts"]),
    ("about", &["accounts", "kinds", "content"]),
    ("history", &["accounts", "local", "content", "about"]),
    ("keeping", &["accounts", "content", "about", "history"]),
    (
        "removal",
        &["accounts", "kinds", "content", "about", "history", "tasks"],
    ),
    (
        "connection",
        &["accounts", "local", "content", "about", "removal"],
    ),
    ("computer", &["local", "history", "tasks"]),
    ("making", &["local", "tasks"]),
    ("search", &["local"]),
    (
        "active",
        &[
            "accounts", "kinds", "content", "about", "history", "keeping",
        ],
    ),
    (
        "transfers",
        &[
            "accounts", "local", "content", "about", "history", "keeping", "tasks",
        ],
    ),
    (
        "watching",
        &[
            "accounts", "content", "about", "history", "keeping", "active",
        ],
    ),
    (
        "repositories",
        &[
            "accounts", "kinds", "local", "content", "about", "history", "keeping", "removal",
            "watching",
        ],
    ),
    (
        "work",
        &[
            "computer",
            "transfers",
            "removal",
            "making",
            "hosting",
            "tasks",
        ],
    ),
];

/// The table of contents, which names every room; and what only tests compile.
const ABOVE: &[&str] = &["lib", "bindings"];

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The room of a file: its first folder, or its own name.
fn room(file: &Path) -> String {
    let first = file.iter().next().unwrap().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn rooms() -> BTreeMap<String, BTreeSet<String>> {
    let graph = imports::read(&sources()).unwrap();
    assert!(graph.len() > 50, "too little was read: {graph:?}");
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, names) in &graph {
        let uses = rooms.entry(room(file)).or_default();
        uses.extend(names.iter().map(|file| room(file)));
    }
    rooms
}

#[test]
fn every_room_is_in_the_table_and_uses_what_it_may() {
    let rooms = rooms();
    let table: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (room, uses) in &rooms {
        if ABOVE.contains(&room.as_str()) {
            continue;
        }
        let Some(may) = table.get(room.as_str()) else {
            wrong.push(format!("{room} is in no line of the table"));
            continue;
        };
        let low = ["view", "words", "ground"].contains(&room.as_str());
        for used in uses.iter().filter(|used| *used != room) {
            let everyones = !low && EVERYONES.contains(&used.as_str());
            if !everyones && !may.contains(&used.as_str()) {
                wrong.push(format!("{room} → {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows nobody agreed on: {wrong:#?}");
    let gone: Vec<&&str> = table
        .keys()
        .filter(|room| !rooms.contains_key(**room))
        .collect();
    assert!(gone.is_empty(), "rooms that are not there: {gone:?}");
}

#[test]
fn imports_go_in_no_circle() {
    let graph = imports::read(&sources()).unwrap();
    let circle = imports::find_circle(&graph);
    assert_eq!(circle, None, "each of these imports the next");
}

#[test]
fn the_table_of_contents_has_no_methods_but_to_open() {
    let text = std::fs::read_to_string(sources().join("lib.rs")).unwrap();
    let (_, after) = text.split_once("impl Longshore {").unwrap();
    let (methods, _) = after.split_once("\n}\n").unwrap();
    let named: Vec<&str> = methods
        .lines()
        .filter(|line| line.starts_with("    pub") && line.contains("fn "))
        .collect();
    assert_eq!(named.len(), 1, "{named:?}");
    let mut others = Vec::new();
    for file in imports::read(&sources()).unwrap().keys() {
        let text = std::fs::read_to_string(sources().join(file)).unwrap();
        if text.contains("impl Longshore") && file != Path::new("lib.rs") {
            others.push(file.clone());
        }
    }
    assert!(others.is_empty(), "{others:?}");
}

/// The only files that write to a registry, and how. A look, a plan or a list is in none of them.
const WRITERS: &[(&str, &[&str])] = &[
    ("about/stored.rs", &["put_manifest"]),
    // A person asks for it, and it is given up.
    ("connection/uploads.rs", &["start_upload", "upload_chunk"]),
    // What a manifest of ours names, for `about` and `removal`.
    ("content/empty.rs", &["put_blob"]),
    ("content/restore.rs", &["put_manifest"]),
    ("keeping/commit_tag.rs", &["put_manifest"]),
    ("removal/commit.rs", &["delete"]),
    ("removal/tag.rs", &["delete", "put_manifest"]),
    // What the engine pushed, in another format under the same tag.
    ("transfers/push/converted.rs", &["put_manifest"]),
    // It asks how a registry deletes, by deleting what isn't there.
    ("removal/way.rs", &["delete"]),
];

#[test]
fn what_writes_to_a_registry_stands_in_a_few_files() {
    let calls = [
        "put_manifest",
        "put_blob",
        "delete",
        "upload_chunk",
        "start_upload",
    ];
    let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for file in imports::read(&sources()).unwrap().keys() {
        let text = std::fs::read_to_string(sources().join(file)).unwrap();
        // `remote.registry.delete(…)`, however it is broken into lines.
        let text: String = text.split_whitespace().collect();
        for call in calls {
            if text.contains(&format!(".registry.{call}(")) {
                let name = file.to_string_lossy().replace('\\', "/");
                found.entry(name).or_default().insert(call);
            }
        }
    }
    let table: BTreeMap<String, BTreeSet<&str>> = WRITERS
        .iter()
        .map(|(file, calls)| ((*file).to_owned(), calls.iter().copied().collect()))
        .collect();
    assert_eq!(found, table);
}

/// The only file that writes to a registry by its vendor's own interface.
#[test]
fn what_writes_by_a_vendors_interface_stands_in_one_file() {
    let parts = [".deletes_tag()", ".deletes_commit()", ".restores()"];
    let mut found = BTreeSet::new();
    for file in imports::read(&sources()).unwrap().keys() {
        let text = std::fs::read_to_string(sources().join(file)).unwrap();
        let text: String = text.split_whitespace().collect();
        // Words are read in another file as well, and what is asked of whoever makes a repository.
        let words = text.contains(".describes()") && text.contains(".write(");
        let makes = text.contains(".creates()") && text.contains(".create(");
        if words || makes || parts.iter().any(|part| text.contains(part)) {
            found.insert(file.to_string_lossy().replace('\\', "/"));
        }
    }
    assert_eq!(found, BTreeSet::from(["kinds/writes.rs".to_owned()]));
}

/// The only rooms that may do what follows from a look, each by its name.
#[test]
fn what_follows_from_a_look_is_done_in_two_places() {
    let mut callers = BTreeSet::new();
    for file in imports::read(&sources()).unwrap().keys() {
        let text = std::fs::read_to_string(sources().join(file)).unwrap();
        let text: String = text.split_whitespace().collect();
        if [".follow(&remote", ".rescue(&", ".rescue_everywhere("]
            .iter()
            .any(|call| text.contains(call))
        {
            callers.insert(room(file));
        }
    }
    let two = ["repositories", "watching"].map(str::to_owned);
    assert_eq!(callers, BTreeSet::from(two));
}
