//! How a repository keeps, as answered on this computer.

use crate::{Error, Place, Store, find_place, place_id};
use rusqlite::OptionalExtension;

impl Store {
    /// The stored rule, where one was ever answered.
    pub fn keep_rule(&self, place: &Place) -> Result<Option<String>, Error> {
        let connection = self.lock();
        let Some(id) = find_place(&connection, place)? else {
            return Ok(None);
        };
        Ok(connection
            .query_row("SELECT rule FROM keep WHERE place = ?1", [id], |row| {
                row.get(0)
            })
            .optional()?)
    }

    /// Stores a rule.
    pub fn set_keep_rule(&self, place: &Place, rule: &str) -> Result<(), Error> {
        let connection = self.lock();
        let id = place_id(&connection, place)?;
        connection.execute(
            "INSERT INTO keep(place, rule) VALUES (?1, ?2) ON CONFLICT(place) DO UPDATE SET rule = excluded.rule",
            (id, rule),
        )?;
        Ok(())
    }
}
