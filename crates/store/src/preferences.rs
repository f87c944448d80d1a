//! Small things that are remembered, as JSON by key.

use crate::{Error, Store};
use rusqlite::OptionalExtension;
use serde::{Serialize, de::DeserializeOwned};

impl Store {
    /// Returns a value. One that another version wrote in another shape counts as absent.
    pub fn preference<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        let text: Option<String> = self
            .lock()
            .query_row(
                "SELECT value FROM preferences WHERE key = ?1",
                [key],
                |row| row.get(0),
            )
            .optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Lets go of what a key holds.
    pub fn forget_preference(&self, key: &str) -> Result<(), Error> {
        self.lock()
            .execute("DELETE FROM preferences WHERE key = ?1", [key])?;
        Ok(())
    }

    /// Stores a value in the place of what the key held.
    pub fn set_preference<T: Serialize>(&self, key: &str, value: &T) -> Result<(), Error> {
        self.lock().execute(
            "INSERT INTO preferences(key, value) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            (key, serde_json::to_string(value)?),
        )?;
        Ok(())
    }
}
