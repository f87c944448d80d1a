//! What the window is granted: our commands and our events, and nothing of files, programs or requests.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap()
}

fn files(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    entries
        .map(|entry| format!("{folder}/{}", entry.unwrap().file_name().display()))
        .collect()
}

fn strings(list: &Value) -> BTreeSet<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_str().unwrap().to_owned())
        .collect()
}

/// Returns every command that a permission file allows.
pub fn permitted() -> BTreeSet<String> {
    let mut commands = BTreeSet::new();
    for file in files("src-tauri/permissions") {
        let text = read(&file);
        for list in text.split("commands.allow = [").skip(1) {
            let list = list.split_once(']').unwrap().0;
            let named = list.split('"').skip(1).step_by(2).map(str::to_owned);
            for command in named {
                assert!(
                    commands.insert(command.clone()),
                    "{command} is allowed twice"
                );
            }
        }
    }
    commands
}

#[test]
fn there_is_one_capability_and_it_names_the_main_window() {
    assert_eq!(
        files("src-tauri/capabilities"),
        ["src-tauri/capabilities/main.json"]
    );
    let capability = json("src-tauri/capabilities/main.json");
    assert_eq!(
        strings(&capability["windows"]),
        BTreeSet::from(["main".to_owned()])
    );
    assert!(capability.get("webviews").is_none());
    assert!(
        capability.get("remote").is_none(),
        "no page from elsewhere is granted anything"
    );
    assert_eq!(
        strings(&json("tauri.conf.json")["app"]["security"]["capabilities"]),
        BTreeSet::from(["main".to_owned()])
    );
}

#[test]
fn nothing_of_files_programs_or_requests_is_granted() {
    let granted = strings(&json("src-tauri/capabilities/main.json")["permissions"]);
    let wanted = [
        "core:event:allow-listen",
        "core:event:allow-unlisten",
        "allow-browse",
        "allow-computer",
        "allow-credentials",
        "allow-hosting",
        "allow-keep",
        "allow-kinds",
        "allow-making",
        "allow-transfer",
        "allow-window",
    ];
    assert_eq!(granted, wanted.map(str::to_owned).into());
}

#[test]
fn what_tauri_compiled_grants_nothing_else() {
    // Written by the build from the files above: what the running app really goes by.
    let compiled = json("gen/schemas/capabilities.json");
    let capabilities: Vec<&String> = compiled.as_object().unwrap().keys().collect();
    assert_eq!(capabilities, ["main"]);
    let text = compiled.to_string();
    for plugin in [
        "fs:",
        "shell:",
        "http:",
        "process:",
        "opener:",
        "dialog:",
        "store:",
        "core:default",
    ] {
        assert!(!text.contains(&format!("\"{plugin}")), "{plugin}");
    }
}

#[test]
fn the_content_policy_lets_in_nothing_from_elsewhere() {
    let config = json("tauri.conf.json");
    let security = &config["app"]["security"];
    let policy = security["csp"].as_object().unwrap();
    assert_eq!(policy["default-src"], "'none'");
    for (directive, sources) in policy {
        let sources = sources.as_str().unwrap();
        for source in sources.split(' ') {
            let ours = matches!(source, "'self'" | "'none'")
                || (directive == "img-src" && source == "data:")
                || (directive == "connect-src"
                    && matches!(source, "ipc:" | "http://ipc.localhost"));
            assert!(ours, "{directive} {source}");
        }
    }
    for directive in ["object-src", "base-uri", "form-action", "frame-src"] {
        assert_eq!(policy[directive], "'none'", "{directive}");
    }
    assert_eq!(security["freezePrototype"], true);
    assert!(security.get("assetProtocol").is_none());
    assert!(
        security
            .get("dangerousDisableAssetCspModification")
            .is_none()
    );
    assert_eq!(config["app"]["withGlobalTauri"], false);
}

#[test]
fn the_window_is_made_by_us_and_stays_small_enough_for_small_screens() {
    let config = json("tauri.conf.json");
    let windows = config["app"]["windows"].as_array().unwrap();
    assert_eq!(windows.len(), 1);
    let main = &windows[0];
    assert_eq!(main["label"], longshore_app::MAIN_WINDOW);
    // Ours is given rules for where it may go; one that Tauri makes by itself has none.
    assert_eq!(main["create"], false);
    assert_eq!(
        (&main["minWidth"], &main["minHeight"]),
        (&Value::from(900), &Value::from(600))
    );
    assert_eq!(main["dragDropEnabled"], true);
}
