//! Registries that were started on this computer: how each is run, as the app writes it; never a secret.
//!
//! Not here: whether one runs (whoever runs it knows). Grows by nothing.

use crate::{Error, Store, rows};
use rusqlite::Row;

/// A registry that was started on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosted {
    /// What it is known by, for ever.
    pub id: String,
    /// `host:port`.
    pub host: oci::Host,
    /// How it is run, as the app wrote it (JSON).
    pub how: String,
}

fn hosted(row: &Row<'_>) -> Result<Hosted, Error> {
    Ok(Hosted {
        id: row.get(0)?,
        host: rows::host(row, 1)?,
        how: row.get(2)?,
    })
}

impl Store {
    /// Returns all registries that were started here, by their hosts.
    pub fn hosted(&self) -> Result<Vec<Hosted>, Error> {
        let sql = "SELECT id, host, how FROM hosted ORDER BY host";
        rows::all(&self.lock(), sql, (), hosted)
    }

    /// Stores a registry, or how it is run from now on. One host has one: another of it is an error.
    pub fn put_hosted(&self, hosted: &Hosted) -> Result<(), Error> {
        self.lock().execute(
            "INSERT INTO hosted(id, host, how) VALUES (?1, ?2, ?3)
             ON CONFLICT(id) DO UPDATE SET host = excluded.host, how = excluded.how",
            (&hosted.id, hosted.host.as_str(), &hosted.how),
        )?;
        Ok(())
    }

    /// Forgets a registry that was started here.
    pub fn remove_hosted(&self, id: &str) -> Result<(), Error> {
        self.lock()
            .execute("DELETE FROM hosted WHERE id = ?1", [id])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_one_registry_that_was_started_here() {
        let store = Store::in_memory().unwrap();
        let hosted = |id: &str, host: &str, how: &str| Hosted {
            id: id.to_owned(),
            host: oci::Host::parse(host).unwrap(),
            how: how.to_owned(),
        };
        let second = hosted("b", "127.0.0.1:5001", "{}");
        store.put_hosted(&second).unwrap();
        store
            .put_hosted(&hosted("a", "127.0.0.1:5000", "{}"))
            .unwrap();
        let changed = hosted("a", "127.0.0.1:5000", r#"{"runs":true}"#);
        store.put_hosted(&changed).unwrap();
        assert_eq!(store.hosted().unwrap(), [changed.clone(), second.clone()]);
        let other = hosted("c", "127.0.0.1:5000", "{}");
        assert!(store.put_hosted(&other).is_err());
        store.remove_hosted("a").unwrap();
        assert_eq!(store.hosted().unwrap(), [second]);
    }
}
