//! How a repository keeps, as answered on this computer. What the repository itself says is in `about`.

use crate::{Error, Place, Store, find_place, place_id};
use rusqlite::OptionalExtension;

/// What a person answered on this computer; words as the product writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// The rule.
    pub rule: String,
    /// How long commits are kept, where it was said.
    pub prune: Option<String>,
    /// Keep by itself what someone else displaces.
    pub rescue: bool,
}

impl Store {
    /// What was answered here, where anything ever was.
    pub fn keeping(&self, place: &Place) -> Result<Option<Keeping>, Error> {
        let connection = self.lock();
        let Some(id) = find_place(&connection, place)? else {
            return Ok(None);
        };
        Ok(connection
            .prepare_cached("SELECT rule, prune, rescue FROM keep WHERE place = ?1")?
            .query_row([id], |row| {
                Ok(Keeping {
                    rule: row.get(0)?,
                    prune: row.get(1)?,
                    rescue: row.get(2)?,
                })
            })
            .optional()?)
    }

    /// Stores all of it.
    pub fn set_keeping(&self, place: &Place, keeping: &Keeping) -> Result<(), Error> {
        let connection = self.lock();
        let id = place_id(&connection, place)?;
        connection.execute(
            "INSERT INTO keep(place, rule, prune, rescue) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT(place) DO UPDATE SET rule = excluded.rule, prune = excluded.prune, rescue = excluded.rescue",
            (id, &keeping.rule, &keeping.prune, keeping.rescue),
        )?;
        Ok(())
    }

    /// Stores a rule, and leaves what else was said.
    pub fn set_keep_rule(&self, place: &Place, rule: &str) -> Result<(), Error> {
        let connection = self.lock();
        let id = place_id(&connection, place)?;
        connection.execute(
            "INSERT INTO keep(place, rule) VALUES (?1, ?2) ON CONFLICT(place) DO UPDATE SET rule = excluded.rule",
            (id, rule),
        )?;
        Ok(())
    }

    /// Forgets what was answered here.
    pub fn forget_keeping(&self, place: &Place) -> Result<(), Error> {
        let connection = self.lock();
        if let Some(id) = find_place(&connection, place)? {
            connection.execute("DELETE FROM keep WHERE place = ?1", [id])?;
        }
        Ok(())
    }
}
