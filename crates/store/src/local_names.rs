//! Which names in an engine are ours: those that a push or a pull of ours gave to an image, and those that a push under
//! way has only lent.
//!
//! Not here: what the engine holds, and whether a name may move. Grows by nothing that the engine can be asked.

use crate::{Error, Place, Store, place_id, rows};
use rusqlite::Row;

/// A name in an engine that is ours. It says which image it was given to; the engine says whether that still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalName {
    /// The image's id.
    pub image: String,
    /// True while a push is under way, or where one was cut off: the name goes back to who had it before.
    pub lent: bool,
    /// The image that bore a lent name before; none where nobody did.
    pub before: Option<String>,
    /// True where that image had the name from us as well.
    pub was_ours: bool,
}

impl LocalName {
    /// Returns a name that was given to an image for good.
    pub fn given(image: &str) -> Self {
        Self {
            image: image.to_owned(),
            lent: false,
            before: None,
            was_ours: false,
        }
    }
}

const COLUMNS: &str = "n.image, n.lent, n.before, n.was_ours";

impl Store {
    /// Returns what is known of the name `place:tag` in an engine; none where it isn't ours.
    pub fn local_name(
        &self,
        place: &Place,
        engine: &str,
        tag: &str,
    ) -> Result<Option<LocalName>, Error> {
        self.at(place, |connection, id| {
            rows::first(
                connection,
                &format!("SELECT {COLUMNS} FROM local_names n WHERE place = ?1 AND engine = ?2 AND tag = ?3"),
                (id, engine, tag),
                |row| read(row, 0),
            )
        })
    }

    /// Stores that the name `place:tag` in an engine is ours; none: it isn't any more.
    pub fn set_local_name(
        &self,
        place: &Place,
        engine: &str,
        tag: &str,
        name: Option<&LocalName>,
    ) -> Result<(), Error> {
        let Some(name) = name else {
            return self.at(place, |connection, id| {
                connection.execute(
                    "DELETE FROM local_names WHERE place = ?1 AND engine = ?2 AND tag = ?3",
                    (id, engine, tag),
                )?;
                Ok(())
            });
        };
        let connection = self.lock();
        let id = place_id(&connection, place)?;
        connection.execute(
            "INSERT OR REPLACE INTO local_names(place, engine, tag, image, lent, before, was_ours)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                id,
                engine,
                tag,
                &name.image,
                name.lent,
                &name.before,
                name.was_ours,
            ),
        )?;
        Ok(())
    }

    /// Returns the names in an engine that are only lent: their place, their tag, and what is known of them.
    pub fn lent_names(&self, engine: &str) -> Result<Vec<(Place, String, LocalName)>, Error> {
        rows::all(
            &self.lock(),
            &format!(
                "SELECT p.host, p.repository, n.tag, {COLUMNS} FROM local_names n JOIN places p ON p.id = n.place
                 WHERE n.engine = ?1 AND n.lent"
            ),
            [engine],
            |row| Ok((rows::place(row, 0)?, row.get(2)?, read(row, 3)?)),
        )
    }
}

fn read(row: &Row<'_>, from: usize) -> Result<LocalName, Error> {
    Ok(LocalName {
        image: row.get(from)?,
        lent: row.get(from + 1)?,
        before: row.get(from + 2)?,
        was_ours: row.get(from + 3)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{add_account, place, place_at};

    #[test]
    fn a_name_is_ours_in_its_engine_until_it_is_not() {
        let store = Store::in_memory().unwrap();
        let place = place();
        let given = LocalName::given("sha256:one");
        store
            .set_local_name(&place, "unix:///a", "v1", Some(&given))
            .unwrap();
        let known = |engine: &str, tag: &str| store.local_name(&place, engine, tag).unwrap();
        assert_eq!(known("unix:///a", "v1"), Some(given));
        assert_eq!(known("unix:///b", "v1"), None);
        assert_eq!(known("unix:///a", "v2"), None);

        let lent = LocalName {
            lent: true,
            before: Some("sha256:one".into()),
            was_ours: true,
            ..LocalName::given("sha256:two")
        };
        store
            .set_local_name(&place, "unix:///a", "v1", Some(&lent))
            .unwrap();
        assert_eq!(
            store.lent_names("unix:///a").unwrap(),
            [(place.clone(), "v1".to_owned(), lent)]
        );
        assert!(store.lent_names("unix:///b").unwrap().is_empty());
        store
            .set_local_name(&place, "unix:///a", "v1", None)
            .unwrap();
        assert_eq!(known("unix:///a", "v1"), None);
    }

    #[test]
    fn a_forgotten_registry_leaves_no_name() {
        let store = Store::in_memory().unwrap();
        let (here, there) = (place(), place_at("other.example", "lab/tool"));
        let account = add_account(&store, &here.host);
        add_account(&store, &there.host);
        for place in [&here, &there] {
            store
                .set_local_name(place, "e", "v1", Some(&LocalName::given("sha256:one")))
                .unwrap();
        }
        store.forget(account, &here.host, |_| false).unwrap();
        assert_eq!(store.local_name(&here, "e", "v1").unwrap(), None);
        assert!(store.local_name(&there, "e", "v1").unwrap().is_some());
    }
}
