//! Transfers, so that a restarted app finds them again. What they are made of is the app's (JSON).

use crate::{Error, Store};
use rusqlite::OptionalExtension;

/// A stored transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTask {
    /// Never reused.
    pub id: i64,
    /// `waiting`, `running`, `done`, `failed`, `cancelled`, `interrupted`.
    pub state: String,
    /// What was ordered, to repeat it. Nothing secret.
    pub work: String,
    /// As it was last shown.
    pub view: String,
}

impl Store {
    /// A new transfer; its id.
    pub fn add_task(&self, state: &str, work: &str) -> Result<i64, Error> {
        let connection = self.lock();
        connection.execute(
            "INSERT INTO tasks(state, work, view) VALUES (?1, ?2, '')",
            (state, work),
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// How it stands now.
    pub fn update_task(&self, id: i64, state: &str, view: &str) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE tasks SET state = ?2, view = ?3 WHERE id = ?1",
            (id, state, view),
        )?;
        Ok(())
    }

    /// One transfer.
    pub fn task(&self, id: i64) -> Result<Option<StoredTask>, Error> {
        let connection = self.lock();
        Ok(connection
            .query_row(
                "SELECT id, state, work, view FROM tasks WHERE id = ?1",
                [id],
                read,
            )
            .optional()?)
    }

    /// All transfers, newest first.
    pub fn tasks(&self) -> Result<Vec<StoredTask>, Error> {
        let connection = self.lock();
        let mut query = connection
            .prepare_cached("SELECT id, state, work, view FROM tasks ORDER BY id DESC")?;
        Ok(query.query_map((), read)?.collect::<Result<_, _>>()?)
    }

    /// Forgets a transfer.
    pub fn remove_task(&self, id: i64) -> Result<(), Error> {
        self.lock()
            .execute("DELETE FROM tasks WHERE id = ?1", [id])?;
        Ok(())
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredTask> {
    Ok(StoredTask {
        id: row.get(0)?,
        state: row.get(1)?,
        work: row.get(2)?,
        view: row.get(3)?,
    })
}
