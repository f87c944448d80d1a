//! What a vendor's own interface told: of repositories, of tags, and since when a tag points where it does.
//!
//! It is the vendor's word. What is proven by its bytes stays in `facts`, and what this computer saw stays in `seen`; told of a tag is
//! what holds of the commit it names, and of no other. Not here: asking (the app). Grows by a thing that vendors tell.

mod pushes;
#[cfg(test)]
mod tests;

pub use pushes::ToldPush;

use crate::{Error, News, Observation, Place, Store, begin, moves, rows, seen, tags};
use oci::Digest;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use std::collections::HashMap;

/// How many beginnings of one place are kept, the latest.
const MOMENTS: i64 = 5000;

/// What is read of a beginning.
pub(crate) const MOMENT: &str = "tag, digest, began, who";

/// A repository, as its vendor told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldRepository {
    /// Its name.
    pub name: String,
    /// The vendor's own name for it, where its calls want one.
    pub id: Option<String>,
    /// What it says of itself.
    pub description: Option<String>,
    /// When it was made (seconds, UTC).
    pub created: Option<i64>,
    /// Who made it.
    pub created_by: Option<String>,
    /// When something in it was last changed (seconds, UTC).
    pub updated: Option<i64>,
    /// How many tags it has.
    pub tags: Option<u64>,
    /// Whether only some may see it.
    pub private: Option<bool>,
}

/// A tag with what it points at, as its vendor told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldTag {
    /// The tag.
    pub tag: String,
    /// What it points at.
    pub digest: Digest,
    /// Compressed bytes of an image for one platform; none where that wasn't told. No image has none: that is stored as 0.
    pub size: Option<u64>,
    /// What it runs on, as `os/architecture[/variant]`; none where that wasn't told, which is stored as an empty text.
    pub platform: Option<String>,
    /// Since when the tag points there (`exact`), or when its commit was pushed (seconds, UTC).
    pub pushed: Option<i64>,
    /// The time is the tag's own.
    pub exact: bool,
    /// Who pushed it.
    pub who: Option<String>,
}

/// Since when a tag pointed at a commit, as a vendor told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldMoment {
    /// The tag.
    pub tag: String,
    /// The commit.
    pub digest: Digest,
    /// Since when (seconds, UTC).
    pub began: i64,
    /// Who made it so.
    pub who: Option<String>,
}

/// What came of a page that was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The tags of which it was taken.
    pub tags: Vec<String>,
    /// The ids of the moves that were recorded for it.
    pub moved: Vec<i64>,
    /// True where it answered a move.
    pub answered: bool,
}

impl Store {
    /// Records what a vendor told of repositories.
    pub fn tell_repositories(
        &self,
        account: i64,
        told: &[ToldRepository],
        at: i64,
    ) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        for one in told {
            let count = one.tags.and_then(|count| i64::try_from(count).ok());
            // An account that went meanwhile is told nothing.
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO told_repositories
                       (account, name, id, description, created, created_by, updated, tags, private, at)
                     SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM accounts WHERE id = ?1",
                )?
                .execute((
                    account,
                    &one.name,
                    &one.id,
                    &one.description,
                    one.created,
                    &one.created_by,
                    one.updated,
                    count,
                    one.private,
                    at,
                ))?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Returns what was told of repositories, each with the vendor's own name for it.
    pub fn told_repositories(&self, account: i64) -> Result<Vec<ToldRepository>, Error> {
        rows::all(
            &self.lock(),
            "SELECT name, id, description, created, created_by, updated, tags, private
             FROM told_repositories WHERE account = ?1 AND id IS NOT NULL",
            [account],
            |row| {
                let tags: Option<i64> = row.get(6)?;
                Ok(ToldRepository {
                    name: row.get(0)?,
                    id: row.get(1)?,
                    description: row.get(2)?,
                    created: row.get(3)?,
                    created_by: row.get(4)?,
                    updated: row.get(5)?,
                    tags: tags.and_then(|count| u64::try_from(count).ok()),
                    private: row.get(7)?,
                })
            },
        )
    }

    /// Records what a repository was told to say of itself.
    pub fn tell_description(
        &self,
        account: i64,
        name: &str,
        description: Option<&str>,
        at: i64,
    ) -> Result<(), Error> {
        self.lock().execute(
            "INSERT INTO told_repositories(account, name, description, at)
             SELECT id, ?2, ?3, ?4 FROM accounts WHERE id = ?1
             ON CONFLICT DO UPDATE SET description = excluded.description",
            (account, name, description, at),
        )?;
        Ok(())
    }

    /// Returns what a repository was told to say of itself; none where it says nothing, or nothing was told.
    pub fn told_description(&self, account: i64, name: &str) -> Result<Option<String>, Error> {
        let found: Option<Option<String>> = rows::first(
            &self.lock(),
            "SELECT description FROM told_repositories WHERE account = ?1 AND name = ?2",
            (account, name),
            |row| Ok(row.get(0)?),
        )?;
        Ok(found.flatten())
    }

    /// Forgets what was told of repositories before this time (seconds, UTC): the list that has just been read whole lacks them.
    pub fn forget_told_before(&self, account: i64, at: i64) -> Result<(), Error> {
        self.lock().execute(
            "DELETE FROM told_repositories WHERE account = ?1 AND at < ?2",
            (account, at),
        )?;
        Ok(())
    }

    /// Records what a vendor told of tags at this time (seconds, UTC), in one step: as if each had been looked at then. What
    /// contradicts what this computer saw or did later than the vendor says is left to be asked; and so is what isn't listed.
    pub fn tell_tags(&self, place: &Place, told: &[ToldTag], at: i64) -> Result<Taken, Error> {
        self.change_at(place, |transaction, id| {
            let mut taken = Taken::default();
            for one in told {
                if let Some(news) = tell(transaction, id, one, at)? {
                    taken.tags.push(one.tag.clone());
                    taken.moved.extend(news.moved);
                    taken.answered |= news.answered;
                }
            }
            drop_oldest(transaction, id)?;
            Ok(taken)
        })
    }

    /// Records since when tags point at commits, where a vendor tells that and no more: what they point at now is not taken from it.
    /// True where any of it is new.
    pub fn tell_moments(&self, place: &Place, told: &[ToldMoment], at: i64) -> Result<bool, Error> {
        self.change_at(place, |transaction, id| {
            let mut news = 0;
            for one in told {
                news += transaction
                    .prepare_cached(
                        "INSERT OR IGNORE INTO told_moments(place, tag, digest, began, who, at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    )?
                    .execute((id, &one.tag, one.digest.as_str(), one.began, &one.who, at))?;
            }
            drop_oldest(transaction, id)?;
            Ok(news > 0)
        })
    }

    /// Forgets what was told of tags that are no longer listed.
    pub fn forget_untold(&self, place: &Place) -> Result<(), Error> {
        self.at(place, |connection, id| {
            connection.execute(
                "DELETE FROM told_tags WHERE place = ?1
                 AND tag NOT IN (SELECT name FROM tags WHERE place = ?1)",
                [id],
            )?;
            Ok(())
        })
    }

    /// Returns what was told of these tags, by name; of all where none are named.
    pub fn told_tags(
        &self,
        place: &Place,
        named: Option<&[&str]>,
    ) -> Result<HashMap<String, ToldTag>, Error> {
        let named = named.map(serde_json::to_string).transpose()?;
        self.at(place, |connection, id| {
            let all = rows::all(
                connection,
                "SELECT tag, digest, size, platform, pushed, exact, who FROM told_tags WHERE place = ?1
                 AND (?2 IS NULL OR tag IN (SELECT value FROM json_each(?2)))",
                (id, &named),
                told_tag,
            )?;
            Ok(all.into_iter().map(|one| (one.tag.clone(), one)).collect())
        })
    }

    /// Returns since when these tags pointed at commits, by tag; of all where none are named.
    pub fn told_moments(
        &self,
        place: &Place,
        named: Option<&[&str]>,
    ) -> Result<HashMap<String, Vec<ToldMoment>>, Error> {
        let named = named.map(serde_json::to_string).transpose()?;
        self.at(place, |connection, id| {
            let all = rows::all(
                connection,
                &format!(
                    "SELECT {MOMENT} FROM told_moments WHERE place = ?1
                     AND (?2 IS NULL OR tag IN (SELECT value FROM json_each(?2)))"
                ),
                (id, &named),
                moment,
            )?;
            Ok(rows::by_tag(all, |one| &one.tag))
        })
    }

    /// Returns the vendor that a person chose for an account's registry, in the app's form; none where none was.
    pub fn chosen_vendor(&self, account: i64) -> Result<Option<String>, Error> {
        let found: Option<Option<String>> = rows::first(
            &self.lock(),
            "SELECT vendor FROM accounts WHERE id = ?1",
            [account],
            |row| Ok(row.get(0)?),
        )?;
        Ok(found.flatten())
    }

    /// Stores the vendor that a person chose; none: that it is recognised again.
    pub fn choose_vendor(&self, account: i64, vendor: Option<&str>) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE accounts SET vendor = ?2 WHERE id = ?1",
            (account, vendor),
        )?;
        Ok(())
    }
}

/// Records one tag; none where it is left to be asked.
fn tell(
    transaction: &Transaction<'_>,
    id: i64,
    one: &ToldTag,
    at: i64,
) -> Result<Option<News>, Error> {
    if !is_listed(transaction, id, &one.tag)? || contradicts(transaction, id, one, at)? {
        return Ok(None);
    }
    tags::points_at(transaction, id, &one.tag, &one.digest, at)?;
    seen::reached(transaction, id, &one.digest, at, true)?;
    let size = i64::try_from(one.size.unwrap_or_default()).unwrap_or(i64::MAX);
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO told_tags(place, tag, digest, size, platform, pushed, exact, who, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            id,
            &one.tag,
            one.digest.as_str(),
            size,
            one.platform.as_deref().unwrap_or_default(),
            one.pushed,
            one.exact,
            &one.who,
            at,
        ))?;
    if let (true, Some(began)) = (one.exact, one.pushed) {
        transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO told_moments(place, tag, digest, began, who, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((id, &one.tag, one.digest.as_str(), began, &one.who, at))?;
    }
    // A commit tag has no timeline of its own.
    if oci::CommitTag::parse(&one.tag).is_some() {
        return Ok(Some(News::default()));
    }
    let seen = Observation {
        tag: one.tag.clone(),
        digest: one.digest.clone(),
        at,
        exact: false,
        who: None,
    };
    moves::observe(transaction, id, &seen).map(Some)
}

/// Drops the oldest beginnings of a place that has more than are kept.
fn drop_oldest(transaction: &Transaction<'_>, id: i64) -> Result<(), Error> {
    transaction
        .prepare_cached(
            "DELETE FROM told_moments WHERE place = ?1 AND began <
               (SELECT began FROM told_moments WHERE place = ?1 ORDER BY began DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute((id, MOMENTS))?;
    Ok(())
}

fn is_listed(connection: &Connection, id: i64, tag: &str) -> Result<bool, Error> {
    let found: Option<i64> = connection
        .prepare_cached("SELECT 1 FROM tags WHERE place = ?1 AND name = ?2 AND deleted_at IS NULL")?
        .query_row((id, tag), |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}

/// Tells whether this computer knows otherwise, and later than the vendor says: then the vendor's word is an old one, or nobody
/// knows which of two is.
fn contradicts(connection: &Connection, id: i64, one: &ToldTag, at: i64) -> Result<bool, Error> {
    let last: Option<(String, i64, Option<i64>)> = connection
        .prepare_cached(
            "SELECT digest, last_seen, ended_at FROM seen WHERE place = ?1 AND tag = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row((id, &one.tag), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((digest, last_seen, ended_at)) = last else {
        return Ok(false);
    };
    let known_at = ended_at.unwrap_or(last_seen);
    let is_same = digest == one.digest.as_str() && ended_at.is_none();
    Ok(!is_same && (known_at > at || one.pushed.is_none_or(|pushed| pushed <= known_at)))
}

pub(crate) fn moment(row: &Row<'_>) -> Result<ToldMoment, Error> {
    Ok(ToldMoment {
        tag: row.get(0)?,
        digest: rows::digest(row, 1)?,
        began: row.get(2)?,
        who: row.get(3)?,
    })
}

fn told_tag(row: &Row<'_>) -> Result<ToldTag, Error> {
    let (size, platform): (i64, String) = (row.get(2)?, row.get(3)?);
    Ok(ToldTag {
        tag: row.get(0)?,
        digest: rows::digest(row, 1)?,
        size: u64::try_from(size).ok().filter(|size| *size > 0),
        platform: Some(platform).filter(|platform| !platform.is_empty()),
        pushed: row.get(4)?,
        exact: row.get(5)?,
        who: row.get(6)?,
    })
}
