//! What a vendor's own history told: what tags pointed at before, and commits that no tag names.
//!
//! It is the vendor's word, as `told` is; but of a past that this computer may never have seen. What is told once of a tag stays: a
//! vendor forgets after a while. Commits without a tag are a list that is read anew. Not here: asking (the app), since when a tag
//! points where it does (`told`). Grows by a thing that a vendor's history tells.

#[cfg(test)]
mod tests;

use crate::{Error, Place, Store, rows};
use oci::{Digest, Manifest, MediaType};
use rusqlite::Row;
use std::collections::{HashMap, HashSet};

/// How many of one place are kept, the latest.
const MOST: i64 = 10_000;

/// What a walk is stored under that told not all of it: no tag is called so.
const OF_SOME: &str = "*";

/// What a walk through the past went through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PastWalk {
    /// All tags: each one's past is known by it.
    OfAll,
    /// All tags, as far as they were told: a page limit or something unreadable came between.
    OfSome,
    /// This tag.
    OfTag(String),
}

/// What is read of one.
pub(crate) const COLUMNS: &str = "tag, digest, began, ended, who, restorable_until";

/// What a tag pointed at for a while, as a vendor told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastTag {
    /// The tag.
    pub tag: String,
    /// The commit.
    pub digest: Digest,
    /// Since when (seconds, UTC).
    pub began: i64,
    /// Until when; none: it is so, or nobody says.
    pub ended: Option<i64>,
    /// Who made it so.
    pub who: Option<String>,
    /// Until when the vendor can put it back.
    pub restorable_until: Option<i64>,
}

/// A commit that no tag names, as a vendor told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untagged {
    /// The commit.
    pub digest: Digest,
    /// When it was pushed (seconds, UTC).
    pub pushed: i64,
    /// Compressed bytes.
    pub size: Option<u64>,
    /// What it runs on, as `os/architecture[/variant]`.
    pub platform: Option<String>,
    /// Who pushed it.
    pub who: Option<String>,
}

impl Store {
    /// Records what a vendor's history told of tags at this time (seconds, UTC); returns how many of them are new, or end otherwise
    /// than was known.
    pub fn tell_past(&self, place: &Place, told: &[PastTag], at: i64) -> Result<usize, Error> {
        self.change_at(place, |transaction, id| {
            let mut news = 0;
            for one in told {
                news += transaction
                    .prepare_cached(
                        "INSERT INTO past_tags(place, tag, digest, began, ended, who, restorable_until, at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                         ON CONFLICT DO UPDATE SET ended = coalesce(excluded.ended, ended),
                            who = coalesce(excluded.who, who), at = excluded.at,
                            restorable_until = coalesce(excluded.restorable_until, restorable_until)
                         WHERE ended IS NOT coalesce(excluded.ended, ended) OR who IS NOT coalesce(excluded.who, who)
                            OR restorable_until IS NOT coalesce(excluded.restorable_until, restorable_until)",
                    )?
                    .execute((
                        id,
                        &one.tag,
                        one.digest.as_str(),
                        one.began,
                        one.ended,
                        &one.who,
                        one.restorable_until,
                        at,
                    ))?;
            }
            transaction
                .prepare_cached(
                    "DELETE FROM past_tags WHERE place = ?1 AND began <
                       (SELECT began FROM past_tags WHERE place = ?1 ORDER BY began DESC LIMIT 1 OFFSET ?2)",
                )?
                .execute((id, MOST))?;
            Ok(news)
        })
    }

    /// Returns what was told of the past of these tags, by tag, oldest first; of all where none are named.
    pub fn past_tags(
        &self,
        place: &Place,
        named: Option<&[&str]>,
    ) -> Result<HashMap<String, Vec<PastTag>>, Error> {
        let named = named.map(serde_json::to_string).transpose()?;
        self.at(place, |connection, id| {
            let all = rows::all(
                connection,
                &format!(
                    "SELECT {COLUMNS} FROM past_tags WHERE place = ?1
                     AND (?2 IS NULL OR tag IN (SELECT value FROM json_each(?2))) ORDER BY began, ended IS NULL, ended, digest"
                ),
                (id, &named),
                past_tag,
            )?;
            Ok(rows::by_tag(all, |one| &one.tag))
        })
    }

    /// Returns until when the past of a tag, or of all where none is named, is known with nothing missing (seconds, UTC): when the last
    /// walk through it began that was gone to what was known before. None: no walk was.
    pub fn past_known_until(&self, place: &Place, tag: Option<&str>) -> Result<Option<i64>, Error> {
        self.at(place, |connection, id| {
            let found: Option<Option<i64>> = rows::first(
                connection,
                "SELECT max(begun) FROM past_walks WHERE place = ?1 AND tag IN ('', ?2)",
                (id, tag.unwrap_or(OF_SOME)),
                |row| Ok(row.get(0)?),
            )?;
            Ok(found.flatten())
        })
    }

    /// Notes such a walk, which began then (seconds, UTC).
    pub fn note_past_walk(&self, place: &Place, walk: &PastWalk, begun: i64) -> Result<(), Error> {
        let of = match walk {
            PastWalk::OfAll => "",
            PastWalk::OfSome => OF_SOME,
            PastWalk::OfTag(tag) => tag,
        };
        self.change_at(place, |transaction, id| {
            transaction.execute(
                "INSERT INTO past_walks(place, tag, begun) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET begun = max(begun, excluded.begun)",
                (id, of, begun),
            )?;
            Ok(())
        })
    }

    /// Returns until when a vendor can put a commit back, where it told so (seconds, UTC).
    pub fn restorable_until(&self, place: &Place, digest: &Digest) -> Result<Option<i64>, Error> {
        self.at(place, |connection, id| {
            let found: Option<Option<i64>> = rows::first(
                connection,
                "SELECT max(restorable_until) FROM past_tags WHERE place = ?1 AND digest = ?2",
                (id, digest.as_str()),
                |row| Ok(row.get(0)?),
            )?;
            Ok(found.flatten())
        })
    }

    /// Stores commits that no tag names; all there are (`whole`) in place of those that were told before. True where they are others.
    pub fn set_untagged(
        &self,
        place: &Place,
        told: &[Untagged],
        whole: bool,
        at: i64,
    ) -> Result<bool, Error> {
        let before = self.untagged(place)?;
        self.change_at(place, |transaction, id| {
            if whole {
                transaction.execute("DELETE FROM untagged WHERE place = ?1", [id])?;
            }
            for one in told.iter().take(usize::try_from(MOST).unwrap_or(usize::MAX)) {
                let size = one.size.and_then(|size| i64::try_from(size).ok());
                transaction
                    .prepare_cached(
                        "INSERT OR REPLACE INTO untagged(place, digest, pushed, size, platform, who, at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    )?
                    .execute((
                        id,
                        one.digest.as_str(),
                        one.pushed,
                        size,
                        &one.platform,
                        &one.who,
                        at,
                    ))?;
            }
            Ok(())
        })?;
        Ok(before != self.untagged(place)?)
    }

    /// Returns what indexes hold that were read in a place: the parts of commits, and none themselves.
    pub fn parts_of_indexes(&self, place: &Place) -> Result<HashSet<Digest>, Error> {
        let indexes = self.at(place, |connection, id| {
            rows::all(
                connection,
                "SELECT DISTINCT m.media_type, m.bytes FROM seen s JOIN manifests m ON m.digest = s.digest
                 WHERE s.place = ?1 AND (m.media_type LIKE '%.index.%' OR m.media_type LIKE '%.manifest.list.%')",
                [id],
                |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)),
            )
        })?;
        let mut parts = HashSet::new();
        for (media_type, bytes) in indexes {
            let kind = MediaType::from_header(&media_type);
            if let Ok(Manifest::Index(index)) = Manifest::parse(&kind, &bytes) {
                parts.extend(index.manifests.into_iter().map(|part| part.digest));
            }
        }
        Ok(parts)
    }

    /// Returns the commits that no tag names, the newest first.
    pub fn untagged(&self, place: &Place) -> Result<Vec<Untagged>, Error> {
        self.at(place, |connection, id| {
            rows::all(
                connection,
                "SELECT digest, pushed, size, platform, who FROM untagged WHERE place = ?1
                 ORDER BY pushed DESC, digest",
                [id],
                |row| {
                    let size: Option<i64> = row.get(2)?;
                    Ok(Untagged {
                        digest: rows::digest(row, 0)?,
                        pushed: row.get(1)?,
                        size: size.and_then(|size| u64::try_from(size).ok()),
                        platform: row.get(3)?,
                        who: row.get(4)?,
                    })
                },
            )
        })
    }
}

pub(crate) fn past_tag(row: &Row<'_>) -> Result<PastTag, Error> {
    Ok(PastTag {
        tag: row.get(0)?,
        digest: rows::digest(row, 1)?,
        began: row.get(2)?,
        ended: row.get(3)?,
        who: row.get(4)?,
        restorable_until: row.get(5)?,
    })
}
