//! What content-addressing proves never to change: fetched once, ever.

use crate::{Error, Store, digest};
use oci::Digest;
use rusqlite::OptionalExtension;

/// What the lists show of a manifest, worked out once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Compressed bytes for this computer's platform, else of the first.
    pub size: Option<u64>,
    /// `os/architecture[/variant]` of each.
    pub platforms: Vec<String>,
    /// When the image was built (seconds, UTC).
    pub created: Option<i64>,
    /// Digests of the configs it is known by (an image's id on engines with graph drivers), and, for an
    /// index, of the platform's manifest.
    pub images: Vec<String>,
}

impl Store {
    /// A manifest's media type and exact bytes.
    pub fn manifest(&self, digest: &Digest) -> Result<Option<(String, Vec<u8>)>, Error> {
        let connection = self.lock();
        Ok(connection
            .prepare_cached("SELECT media_type, bytes FROM manifests WHERE digest = ?1")?
            .query_row([digest.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    /// Keeps a manifest; the caller has verified the digest.
    pub fn put_manifest(
        &self,
        digest: &Digest,
        media_type: &str,
        bytes: &[u8],
    ) -> Result<(), Error> {
        self.lock()
            .prepare_cached(
                "INSERT OR IGNORE INTO manifests(digest, media_type, bytes) VALUES (?1, ?2, ?3)",
            )?
            .execute((digest.as_str(), media_type, bytes))?;
        Ok(())
    }

    /// A config's bytes.
    pub fn config(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Error> {
        let connection = self.lock();
        Ok(connection
            .prepare_cached("SELECT bytes FROM configs WHERE digest = ?1")?
            .query_row([digest.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// Keeps a config; the caller has verified the digest.
    pub fn put_config(&self, digest: &Digest, bytes: &[u8]) -> Result<(), Error> {
        self.lock()
            .prepare_cached("INSERT OR IGNORE INTO configs(digest, bytes) VALUES (?1, ?2)")?
            .execute((digest.as_str(), bytes))?;
        Ok(())
    }

    /// What the lists show of a manifest.
    pub fn facts(&self, digest: &Digest) -> Result<Option<Facts>, Error> {
        let connection = self.lock();
        facts_in(&connection, digest.as_str())
    }

    /// The facts of several manifests at once; unknown ones are left out.
    pub fn facts_of<'a>(
        &self,
        digests: impl IntoIterator<Item = &'a Digest>,
    ) -> Result<std::collections::HashMap<Digest, Facts>, Error> {
        let connection = self.lock();
        let mut found = std::collections::HashMap::new();
        for digest in digests {
            if !found.contains_key(digest)
                && let Some(facts) = facts_in(&connection, digest.as_str())?
            {
                found.insert(digest.clone(), facts);
            }
        }
        Ok(found)
    }

    /// Keeps what the lists show of a manifest.
    pub fn put_facts(&self, digest: &Digest, facts: &Facts) -> Result<(), Error> {
        self.lock().execute(
            "INSERT OR REPLACE INTO facts(digest, size, platforms, created, images) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                digest.as_str(),
                facts.size.and_then(|size| i64::try_from(size).ok()),
                serde_json::to_string(&facts.platforms)?,
                facts.created,
                serde_json::to_string(&facts.images)?,
            ),
        )?;
        Ok(())
    }

    /// Every manifest digest that this computer knows in a place, newest first, at most `limit`.
    pub fn digests_in(&self, place: &crate::Place, limit: u32) -> Result<Vec<Digest>, Error> {
        let connection = self.lock();
        let Some(id) = crate::find_place(&connection, place)? else {
            return Ok(Vec::new());
        };
        let mut query = connection.prepare_cached(
            "SELECT digest, max(id) AS newest FROM seen WHERE place = ?1 GROUP BY digest ORDER BY newest DESC LIMIT ?2",
        )?;
        let rows = query
            .query_map((id, limit), |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        rows.iter().map(|text| digest(text)).collect()
    }
}

fn facts_in(connection: &rusqlite::Connection, digest: &str) -> Result<Option<Facts>, Error> {
    let row = connection
        .prepare_cached("SELECT size, platforms, created, images FROM facts WHERE digest = ?1")?
        .query_row([digest], |row| {
            Ok((
                row.get::<_, Option<i64>>(0)?,
                row.get::<_, String>(1)?,
                row.get(2)?,
                row.get::<_, String>(3)?,
            ))
        })
        .optional()?;
    let Some((size, platforms, created, images)) = row else {
        return Ok(None);
    };
    Ok(Some(Facts {
        size: size.and_then(|size| u64::try_from(size).ok()),
        platforms: serde_json::from_str(&platforms)?,
        created,
        images: serde_json::from_str(&images)?,
    }))
}
