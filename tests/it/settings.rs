//! The file of settings, as the plugin really writes it: readable, the person's alone, and none of the page's business.

use app::SettingsFile;
use longshore_app::PluginSettings;
use serde_json::{Map, Value, json};
use tauri::test::mock_builder;

fn values(of: Value) -> Map<String, Value> {
    match of {
        Value::Object(values) => values,
        other => panic!("{other}"),
    }
}

#[test]
fn one_file_holds_them_in_order_readably_and_for_this_person_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.json");
    let app = mock_builder()
        .plugin(tauri_plugin_store::Builder::new().build())
        .build(longshore_app::context())
        .unwrap();
    let settings = PluginSettings::new(app.handle().clone());
    assert!(settings.write(Map::new()).is_err(), "nothing was read yet");
    assert_eq!(settings.read(&file), Ok(Map::new()));
    assert!(!file.exists(), "to read is not to write");

    settings
        .write(values(json!({ "theme": "dark", "place": { "x": 4 } })))
        .unwrap();
    settings
        .write(values(json!({ "textSize": 110, "theme": "light" })))
        .unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        text,
        "{\n  \"place\": {\n    \"x\": 4\n  },\n  \"textSize\": 110,\n  \"theme\": \"light\"\n}\n"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    // What was written by hand meanwhile is read by the next start, and nothing of before is left.
    std::fs::write(&file, r#"{"theme":"system"}"#).unwrap();
    let again = PluginSettings::new(app.handle().clone());
    assert_eq!(again.read(&file), Ok(values(json!({ "theme": "system" }))));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(again.read(&file), Ok(Map::new()));
    std::fs::write(&file, "{").unwrap();
    assert!(again.read(&file).is_err());
}
