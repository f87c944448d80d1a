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

/// What was answered on this computer to the rule that a repository says it has. It holds for these very words of the
/// rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleAnswer {
    /// The rule, as the app writes it.
    pub rule: String,
    /// The answer, as the app writes it.
    pub answer: String,
    /// When it was given (seconds, UTC).
    pub at: i64,
}

impl Store {
    /// Returns the last answer to a rule of a repository; none where there was none.
    pub fn rule_answer(&self, place: &Place) -> Result<Option<RuleAnswer>, Error> {
        self.at(place, |connection, id| {
            rows::first(
                connection,
                "SELECT rule, answer, at FROM rule_answers WHERE place = ?1",
                [id],
                |row| {
                    Ok(RuleAnswer {
                        rule: row.get(0)?,
                        answer: row.get(1)?,
                        at: row.get(2)?,
                    })
                },
            )
        })
    }

    /// Stores an answer in the place of the earlier one.
    pub fn set_rule_answer(&self, place: &Place, answer: &RuleAnswer) -> Result<(), Error> {
        let connection = self.lock();
        let id = place_id(&connection, place)?;
        connection.execute(
            "INSERT INTO rule_answers(place, rule, answer, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT(place) DO UPDATE SET rule = excluded.rule, answer = excluded.answer, at = excluded.at",
            (id, &answer.rule, &answer.answer, answer.at),
        )?;
        Ok(())
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::place;

    #[test]
    fn the_last_answer_to_a_rule_stands() {
        let store = Store::in_memory().unwrap();
        let place = place();
        assert_eq!(store.rule_answer(&place).unwrap(), None);
        let answer = |rule: &str, answer: &str, at| RuleAnswer {
            rule: rule.into(),
            answer: answer.into(),
            at,
        };
        for answer in [
            answer("keep=push", "later", 1),
            answer("keep=overwrite", "allow", 2),
        ] {
            store.set_rule_answer(&place, &answer).unwrap();
            assert_eq!(store.rule_answer(&place).unwrap(), Some(answer));
        }
        // What was said of keeping itself is another matter.
        assert_eq!(store.keeping(&place).unwrap(), None);
    }
}
