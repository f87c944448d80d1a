//! How a repository keeps, as answered on this computer. What the repository itself says stands in `about`.

use crate::{Error, Place, Store, place_id, rows};

/// What a person answered on this computer about one repository. The app gives the words their meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// The rule, as the app writes it.
    pub rule: String,
    /// How long commits are kept, as the app writes it; none where nobody said.
    pub prune: Option<String>,
    /// True where commits that someone else displaces are kept without asking.
    pub rescue: bool,
}

impl Store {
    /// Returns what was answered for a repository; none where nothing ever was.
    pub fn keeping(&self, place: &Place) -> Result<Option<Keeping>, Error> {
        self.at(place, |connection, id| {
            rows::first(
                connection,
                "SELECT rule, prune, rescue FROM keep WHERE place = ?1",
                [id],
                |row| {
                    Ok(Keeping {
                        rule: row.get(0)?,
                        prune: row.get(1)?,
                        rescue: row.get(2)?,
                    })
                },
            )
        })
    }

    /// Stores all answers for a repository in the place of the earlier ones.
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

    /// Stores the rule of a repository and leaves the other answers alone.
    pub fn set_keep_rule(&self, place: &Place, rule: &str) -> Result<(), Error> {
        let connection = self.lock();
        let id = place_id(&connection, place)?;
        connection.execute(
            "INSERT INTO keep(place, rule) VALUES (?1, ?2) ON CONFLICT(place) DO UPDATE SET rule = excluded.rule",
            (id, rule),
        )?;
        Ok(())
    }

    /// Deletes what was answered for a repository.
    pub fn forget_keeping(&self, place: &Place) -> Result<(), Error> {
        self.at(place, |connection, id| {
            connection.execute("DELETE FROM keep WHERE place = ?1", [id])?;
            Ok(())
        })
    }
}
