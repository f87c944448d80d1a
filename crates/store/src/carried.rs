//! What was pushed and pulled here, as what: from it a sheet proposes where an image may go next.
//!
//! Not here: what a tag points at (`seen`), and the order of proposals. Bounded: the oldest go first.

use crate::{Error, Place, Store, rows};

/// The most that is remembered.
const MOST: u32 = 2_000;

/// An image that was pushed to, or pulled from, a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Where to, or where from.
    pub place: Place,
    /// The tag.
    pub tag: String,
    /// The image's id in the engine.
    pub image: String,
    /// The name in the engine that it was pushed from; none where it had none.
    pub name: Option<String>,
    /// True for a push, false for a pull.
    pub pushed: bool,
    /// When it ended (seconds, UTC).
    pub at: i64,
}

impl Store {
    /// Remembers what was carried, in the place of an earlier time of the same.
    pub fn add_carried(&self, carried: &Carried) -> Result<(), Error> {
        self.change_at(&carried.place, |transaction, id| {
            // Anew, so that the last one has the highest number.
            transaction.execute(
                "INSERT OR REPLACE INTO carried(place, tag, image, name, pushed, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (
                    id,
                    &carried.tag,
                    &carried.image,
                    &carried.name,
                    carried.pushed,
                    carried.at,
                ),
            )?;
            transaction.execute(
                "DELETE FROM carried WHERE id <= (SELECT id FROM carried ORDER BY id DESC LIMIT 1 OFFSET ?1)",
                [MOST],
            )?;
            Ok(())
        })
    }

    /// Returns what was carried, the last first.
    pub fn carried(&self) -> Result<Vec<Carried>, Error> {
        rows::all(
            &self.lock(),
            "SELECT p.host, p.repository, c.tag, c.image, c.name, c.pushed, c.at
             FROM carried c JOIN places p ON p.id = c.place ORDER BY c.id DESC",
            (),
            |row| {
                Ok(Carried {
                    place: rows::place(row, 0)?,
                    tag: row.get(2)?,
                    image: row.get(3)?,
                    name: row.get(4)?,
                    pushed: row.get(5)?,
                    at: row.get(6)?,
                })
            },
        )
    }

    /// Returns the listed repositories whose path ends with a name, each with its account; a few of them.
    pub fn repositories_named(&self, name: &str) -> Result<Vec<(i64, String)>, Error> {
        rows::all(
            &self.lock(),
            "SELECT account, name FROM repositories
             WHERE name = ?1 OR substr(name, -(length(?1) + 1)) = '/' || ?1 ORDER BY name, account LIMIT 20",
            [name],
            rows::pair,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{add_account, place};

    fn carried(tag: &str, image: &str, at: i64) -> Carried {
        Carried {
            place: place(),
            tag: tag.into(),
            image: image.into(),
            name: Some("tool:dev".into()),
            pushed: true,
            at,
        }
    }

    #[test]
    fn the_last_comes_first_and_the_same_is_told_once() {
        let store = Store::in_memory().unwrap();
        for (tag, image, at) in [("v1", "a", 1), ("v2", "a", 2), ("v1", "a", 3)] {
            store.add_carried(&carried(tag, image, at)).unwrap();
        }
        assert_eq!(
            store.carried().unwrap(),
            [carried("v1", "a", 3), carried("v2", "a", 2)]
        );
    }

    #[test]
    fn the_oldest_go_first() {
        let store = Store::in_memory().unwrap();
        for at in 0..i64::from(MOST) + 5 {
            store
                .add_carried(&carried("v1", &at.to_string(), at))
                .unwrap();
        }
        let left = store.carried().unwrap();
        assert_eq!(left.len(), MOST as usize);
        assert_eq!(left.last().unwrap().at, 5);
    }

    #[test]
    fn a_repository_is_found_by_the_end_of_its_path() {
        let store = Store::in_memory().unwrap();
        let account = add_account(&store, &place().host);
        let names = [
            "tool",
            "lab/tool",
            "lab/my_tool",
            "lab/mytool",
            "lab/tool/x",
        ];
        store
            .add_repositories(account, &names.map(str::to_owned))
            .unwrap();
        let found = |name: &str| -> Vec<String> {
            let all = store.repositories_named(name).unwrap();
            all.into_iter().map(|(_, name)| name).collect()
        };
        assert_eq!(found("tool"), ["lab/tool", "tool"]);
        assert_eq!(found("my_tool"), ["lab/my_tool"]);
    }
}
