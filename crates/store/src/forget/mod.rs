//! Forgetting a registry: no row, manifest or config of it stays, and no byte of them in the file.
//!
//! Whatever has a column that points at `places` goes, so a new table is forgotten as well without a word here. Content
//! goes where nothing that stays names it: manifests and configs bear no host, and another registry may have the same.
//! Not here: signing out; files a person exported. Grows by a table that names a host in another way.

use crate::named::Named;
use crate::{Error, Store, StoredTask, begin, rows};
use oci::Host;
use rusqlite::{Connection, Transaction};

/// Tables whose rows name nothing but themselves: they stay where something else names them.
const CONTENT: &[&str] = &["manifests", "configs", "facts", "facts_images"];

impl Store {
    /// Deletes an account and all that was ever seen at its host. `is_task` tells which tasks are about it. What is
    /// still under way there and writes later finds the host forgotten, until it is added anew.
    pub fn forget(
        &self,
        account: i64,
        host: &Host,
        is_task: impl Fn(&StoredTask) -> bool,
    ) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        transaction.execute("DELETE FROM accounts WHERE id = ?1", [account])?;
        transaction.execute("DELETE FROM watches WHERE account = ?1", [account])?;
        for (table, column) in columns_of_places(&transaction)? {
            transaction.execute(
                &format!(
                    "DELETE FROM {table} WHERE {column} IN (SELECT id FROM places WHERE host = ?1)"
                ),
                [host.as_str()],
            )?;
        }
        transaction.execute("DELETE FROM places WHERE host = ?1", [host.as_str()])?;
        for task in crate::tasks::all(&transaction)?
            .iter()
            .filter(|task| is_task(task))
        {
            transaction.execute("DELETE FROM tasks WHERE id = ?1", [task.id])?;
        }
        // What was pulled from there may have been pushed elsewhere under the name it bore.
        transaction.execute(
            "UPDATE carried SET name = NULL WHERE substr(name, 1, length(?1) + 1) = ?1 || '/'",
            [host.as_str()],
        )?;
        drop_unnamed(&transaction)?;
        transaction.execute(
            "INSERT OR IGNORE INTO temp.forgotten(host) VALUES (?1)",
            [host.as_str()],
        )?;
        transaction.commit()?;
        // The file anew, without what pages held before; and nothing of it in the log beside it.
        connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
        Ok(())
    }
}

/// Returns each column that points at a place, with its table.
fn columns_of_places(connection: &Connection) -> Result<Vec<(String, String)>, Error> {
    rows::all(
        connection,
        "SELECT t.name, f.\"from\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f
         WHERE t.type = 'table' AND f.\"table\" = 'places'",
        (),
        rows::pair,
    )
}

/// Deletes the content that nothing names any more: no row that stays, and no manifest that such a row names.
fn drop_unnamed(transaction: &Transaction<'_>) -> Result<(), Error> {
    let tables: Vec<String> = rows::all(
        transaction,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        (),
        |row| Ok(row.get(0)?),
    )?;
    let mut named = Named::none(transaction)?;
    for table in tables
        .iter()
        .filter(|table| !CONTENT.contains(&table.as_str()))
    {
        named.add_rows(transaction, &format!("SELECT * FROM {table}"))?;
    }
    let named = named.with_contents(transaction)?;
    for table in CONTENT {
        let all: Vec<String> = rows::all(
            transaction,
            &format!("SELECT digest FROM {table}"),
            (),
            |row| Ok(row.get(0)?),
        )?;
        for digest in all.iter().filter(|digest| !named.contains(*digest)) {
            transaction.execute(&format!("DELETE FROM {table} WHERE digest = ?1"), [digest])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
