//! The file of settings, as Tauri's plugin for such files keeps it.
//!
//! The plugin is used from here alone; the page is granted nothing of it. Not here: what a setting is, and what becomes of a
//! file that can't be read. Grows by nothing but the plugin's own changes.

use app::SettingsFile;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs::File;
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
        // The plugin makes a file as the umask says; one that is there keeps its rights.
        app::private_file(File::options().create(true).append(true), &file)
            .map_err(|error| error.to_string())?;
        store.save().map_err(|error| error.to_string())
    }
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
