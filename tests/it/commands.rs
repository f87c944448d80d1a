//! Every command the window calls is there, for the main window and our own page alone.

use crate::shell::{Shell, door, home};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Tells whether Tauri refused a command: the window may not call it, or it is not there.
fn refused(answer: &Result<Value, Value>) -> bool {
    let Err(Value::String(said)) = answer else {
        return false;
    };
    said.contains("not allowed") || said.contains("not found")
}

#[test]
fn the_main_window_may_call_every_command_of_its_door() {
    let shell = Shell::open();
    let main = shell.window("main");
    for command in door() {
        // `leave` would end the app.
        if command == "leave" {
            continue;
        }
        let answer = Shell::call(&main, home(), &command, json!({}));
        assert!(!refused(&answer), "{command}: {answer:?}");
    }
}

#[test]
fn no_other_window_may_call_any() {
    let shell = Shell::open();
    let other = shell.window("other");
    for command in door() {
        let answer = Shell::call(&other, home(), &command, json!({}));
        assert!(refused(&answer), "{command}: {answer:?}");
    }
}

#[test]
fn no_page_from_elsewhere_may_call_any() {
    let shell = Shell::open();
    let main = shell.window("main");
    for command in door() {
        let answer = Shell::call(&main, "https://example.com", &command, json!({}));
        assert!(refused(&answer), "{command}: {answer:?}");
    }
}

#[test]
fn what_no_permission_names_is_refused() {
    let shell = Shell::open();
    let main = shell.window("main");
    for command in [
        "no_such_command",
        "plugin:fs|read_file",
        "plugin:shell|open",
        "plugin:event|emit",
        "plugin:store|load",
        "plugin:store|get_store",
        "plugin:store|set",
    ] {
        let answer = Shell::call(&main, home(), command, json!({}));
        assert!(refused(&answer), "{command}: {answer:?}");
    }
}

#[test]
fn permissions_registered_commands_and_the_door_name_the_same() {
    let door: BTreeSet<String> = door().into_iter().collect();
    assert_eq!(
        door,
        crate::grants::permitted(),
        "door and permission files"
    );
    assert_eq!(door, registered(), "door and registered commands");
}

/// Returns the commands in the shell's list.
fn registered() -> BTreeSet<String> {
    let source = include_str!("../../src-tauri/src/commands/mod.rs");
    let list = source
        .split_once("generate_handler![")
        .unwrap()
        .1
        .split_once(']')
        .unwrap()
        .0;
    list.split(',')
        .filter_map(|path| path.trim().rsplit_once("::"))
        .map(|(_, name)| name.to_owned())
        .collect()
}

#[test]
fn what_a_command_answers_reaches_the_window() {
    let shell = Shell::open();
    let main = shell.window("main");
    let start = Shell::call(&main, home(), "start", json!({})).unwrap();
    assert_eq!(start["preferences"]["place"]["kind"], "welcome");
    assert_eq!(start["version"], env!("CARGO_PKG_VERSION"));

    let mut preferences = start["preferences"].clone();
    preferences["place"] = json!({ "kind": "images" });
    Shell::call(
        &main,
        home(),
        "save_preferences",
        json!({ "preferences": preferences }),
    )
    .unwrap();
    let start = Shell::call(&main, home(), "start", json!({})).unwrap();
    assert_eq!(start["preferences"]["place"]["kind"], "images");
}

#[test]
fn an_error_is_a_code_a_sentence_hints_and_a_detail() {
    let shell = Shell::open();
    let main = shell.window("main");
    let error = Shell::call(
        &main,
        home(),
        "read_address",
        json!({ "text": "two words" }),
    )
    .unwrap_err();
    let keys: Vec<&str> = error
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, ["code", "detail", "hints", "message"]);
    assert_eq!(error["code"], "address");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|said| said.ends_with(['.', '?'])),
        "{error}"
    );
    assert!(error["hints"].is_array());
}

#[test]
fn a_secret_in_an_argument_that_can_not_be_read_is_not_repeated() {
    let shell = Shell::open();
    let main = shell.window("main");
    let account = json!({ "account": {
        "address": "registry.invalid", "user": "u", "secret": "hunter2-hunter2",
        "allowPlainHttp": "perhaps", "forSession": false,
    }});
    let error = Shell::call(&main, home(), "add_account", account).unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}
