//! The file of settings, as Tauri's plugin for such files keeps it.
//!
//! The plugin is used from here alone; the page is granted nothing of it. Not here: what a setting is, and what becomes of a
//! file that can't be read. Grows by nothing but the plugin's own changes.

use app::SettingsFile;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tauri::{AppHandle, Runtime};
use tauri_plugin_store::{Store, StoreExt};

/// Keeps settings in a file by the plugin, which the app must have been built with.
pub struct PluginSettings<R: Runtime> {
    app: AppHandle<R>,
    open: Mutex<Option<(PathBuf, Arc<Store<R>>)>>,
}

impl<R: Runtime> PluginSettings<R> {
    /// Makes the settings of this app; nothing is read yet.
    pub fn new(app: AppHandle<R>) -> Self {
        Self {
            app,
            open: Mutex::default(),
        }
    }
}

impl<R: Runtime> SettingsFile for PluginSettings<R> {
    fn read(&self, file: &Path) -> Result<Map<String, Value>, String> {
        let store = self
            .app
            .store_builder(file)
            .disable_auto_save()
            .serialize(readable)
            .build()
            .map_err(|error| error.to_string())?;
        if file.exists() {
            store
                .reload_ignore_defaults()
                .map_err(|error| error.to_string())?;
        } else {
            store.clear();
        }
        // Else the plugin writes it once more when the app ends, over what a person may have written meanwhile.
        store.close_resource();
        let all = store.entries().into_iter().collect();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        *open = Some((file.to_owned(), store));
        Ok(all)
    }

    fn write(&self, values: Map<String, Value>) -> Result<(), String> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, store) = open.clone().ok_or("the settings were never read")?;
        drop(open);
        for (name, value) in values {
            store.set(name, value);
        }
        let all: HashMap<_, _> = store.entries().into_iter().collect();
        let bytes = readable(&all).map_err(|error| error.to_string())?;
        replace(&file, &bytes).map_err(|error| error.to_string())
    }
}

/// Writes a file as a whole or not at all: what it held stays until the new bytes are on the disk. The plugin's own way
/// empties it first, and it is written while the app ends.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = file.with_extension("json.new");
    let written = app::private_file(
        File::options().create(true).write(true).truncate(true),
        &beside,
    )
    .and_then(|mut new| {
        new.write_all(bytes)?;
        new.sync_all()
    });
    written.and_then(|()| std::fs::rename(&beside, file))
}

/// Writes the values in the order of their names, a line each.
fn readable(
    values: &HashMap<String, Value>,
) -> Result<Vec<u8>, Box<dyn Error + Send + Sync + 'static>> {
    let sorted: BTreeMap<_, _> = values.iter().collect();
    let mut bytes = serde_json::to_vec_pretty(&sorted)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn a_file_is_written_whole_or_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        replace(&file, b"first").unwrap();
        replace(&file, b"second").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"second");
        // A folder stands where the new bytes would go: nothing can be written.
        std::fs::create_dir(folder.path().join("settings.json.new")).unwrap();
        assert!(replace(&file, b"third").is_err());
        assert_eq!(std::fs::read(&file).unwrap(), b"second");
    }
}
