//! What content-addressing proves never to change: fetched once, ever.

use crate::{Error, Place, Store, begin, rows};
use oci::Digest;
use rusqlite::{Connection, Row};
use std::collections::{BTreeSet, HashMap};

/// What the lists show of a manifest: worked out once, since a manifest never changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Compressed size in bytes for this computer's platform, or for the first one where that is missing.
    pub size: Option<u64>,
    /// Each platform as `os/architecture[/variant]`.
    pub platforms: Vec<String>,
    /// How many platforms more it has than are listed.
    pub more_platforms: u32,
    /// It is an image in the old format, schema 1.
    pub is_old: bool,
    /// When the image was built (seconds, UTC).
    pub created: Option<i64>,
    /// The digests by which an engine may know it: of its configs (the image's id where the engine has graph drivers)
    /// and, for an index, of the platform's manifest.
    pub images: Vec<String>,
}

/// How many texts of one kind a row of facts has, and how many bytes they have together.
const MOST_TEXTS: usize = 64;
const ROW: usize = 8 * 1024;

impl Store {
    /// Returns the media type and the exact bytes of a manifest.
    pub fn manifest(&self, digest: &Digest) -> Result<Option<(String, Vec<u8>)>, Error> {
        rows::first(
            &self.lock(),
            "SELECT media_type, bytes FROM manifests WHERE digest = ?1",
            [digest.as_str()],
            rows::pair,
        )
    }

    /// Returns the media type of a manifest, without its bytes.
    pub fn manifest_type(&self, digest: &Digest) -> Result<Option<String>, Error> {
        rows::first(
            &self.lock(),
            "SELECT media_type FROM manifests WHERE digest = ?1",
            [digest.as_str()],
            |row| Ok(row.get(0)?),
        )
    }

    /// Stores a manifest for good. The caller has verified its digest.
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

    /// Returns the bytes of a config.
    pub fn config(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Error> {
        rows::first(
            &self.lock(),
            "SELECT bytes FROM configs WHERE digest = ?1",
            [digest.as_str()],
            |row| Ok(row.get(0)?),
        )
    }

    /// Stores a config for good. The caller has verified its digest.
    pub fn put_config(&self, digest: &Digest, bytes: &[u8]) -> Result<(), Error> {
        self.lock()
            .prepare_cached("INSERT OR IGNORE INTO configs(digest, bytes) VALUES (?1, ?2)")?
            .execute((digest.as_str(), bytes))?;
        Ok(())
    }

    /// Returns what the lists show of a manifest; none where that was never worked out.
    pub fn facts(&self, digest: &Digest) -> Result<Option<Facts>, Error> {
        facts_in(&self.lock(), digest.as_str())
    }

    /// Returns what the lists show of several manifests by digest; unknown ones are left out.
    pub fn facts_of<'a>(
        &self,
        digests: impl IntoIterator<Item = &'a Digest>,
    ) -> Result<HashMap<Digest, Facts>, Error> {
        let wanted: BTreeSet<&str> = digests.into_iter().map(Digest::as_str).collect();
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let found = rows::all(
            &self.lock(),
            "SELECT f.size, f.platforms, f.created, f.images, f.more_platforms, f.is_old, f.digest
             FROM json_each(?1) wanted CROSS JOIN facts f ON f.digest = wanted.value",
            [serde_json::to_string(&wanted)?],
            |row| Ok((rows::digest(row, 6)?, read_facts(row)?)),
        )?;
        Ok(found.into_iter().collect())
    }

    /// Returns when the images of these manifests were built (seconds, UTC), where that is known.
    pub fn built_of<'a>(
        &self,
        digests: impl IntoIterator<Item = &'a Digest>,
    ) -> Result<HashMap<Digest, i64>, Error> {
        let wanted: BTreeSet<&str> = digests.into_iter().map(Digest::as_str).collect();
        let found = rows::all(
            &self.lock(),
            "SELECT f.digest, f.created FROM json_each(?1) wanted CROSS JOIN facts f ON f.digest = wanted.value
             WHERE f.created IS NOT NULL",
            [serde_json::to_string(&wanted)?],
            |row| Ok((rows::digest(row, 0)?, row.get(1)?)),
        )?;
        Ok(found.into_iter().collect())
    }

    /// Returns the manifests of these images by the image's id, as far as anything was worked out of them.
    pub fn digests_of_images<'a>(
        &self,
        images: impl IntoIterator<Item = &'a str>,
    ) -> Result<HashMap<String, Vec<Digest>>, Error> {
        let images: BTreeSet<&str> = images.into_iter().collect();
        let found = rows::all(
            &self.lock(),
            "SELECT i.image, i.digest FROM json_each(?1) wanted CROSS JOIN facts_images i ON i.image = wanted.value",
            [serde_json::to_string(&images)?],
            |row| Ok((row.get::<_, String>(0)?, rows::digest(row, 1)?)),
        )?;
        let mut digests: HashMap<String, Vec<Digest>> = HashMap::new();
        for (image, digest) in found {
            digests.entry(image).or_default().push(digest);
        }
        Ok(digests)
    }

    /// Stores what the lists show of a manifest, as far as a row has room for it.
    pub fn put_facts(&self, digest: &Digest, facts: &Facts) -> Result<(), Error> {
        let images = fitting(&facts.images);
        let mut connection = self.lock();
        let transaction = begin(&mut connection)?;
        // What stood here goes with the images it was found by.
        transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO facts(digest, size, platforms, created, images, more_platforms, is_old)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((
                digest.as_str(),
                facts.size.and_then(|size| i64::try_from(size).ok()),
                serde_json::to_string(&fitting(&facts.platforms))?,
                facts.created,
                serde_json::to_string(&images)?,
                facts.more_platforms,
                facts.is_old,
            ))?;
        for image in images {
            transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO facts_images(image, digest) VALUES (?1, ?2)",
                )?
                .execute((image, digest.as_str()))?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Returns the manifest digests that this computer has seen in a place, newest first and at most `limit`.
    pub fn digests_in(&self, place: &Place, limit: u32) -> Result<Vec<Digest>, Error> {
        self.at(place, |connection, id| {
            rows::all(
                connection,
                "SELECT digest, max(id) AS newest FROM seen WHERE place = ?1 GROUP BY digest ORDER BY newest DESC LIMIT ?2",
                (id, limit),
                |row| rows::digest(row, 0),
            )
        })
    }
}

/// Returns the first of some texts that a row has room for.
fn fitting(texts: &[String]) -> Vec<&String> {
    let mut room = ROW;
    texts
        .iter()
        .take_while(|text| {
            let fits = text.len() <= room;
            room = room.saturating_sub(text.len());
            fits
        })
        .take(MOST_TEXTS)
        .collect()
}

fn facts_in(connection: &Connection, digest: &str) -> Result<Option<Facts>, Error> {
    rows::first(
        connection,
        "SELECT size, platforms, created, images, more_platforms, is_old FROM facts WHERE digest = ?1",
        [digest],
        read_facts,
    )
}

fn read_facts(row: &Row<'_>) -> Result<Facts, Error> {
    let size: Option<i64> = row.get(0)?;
    Ok(Facts {
        size: size.and_then(|size| u64::try_from(size).ok()),
        platforms: serde_json::from_str(&row.get::<_, String>(1)?)?,
        created: row.get(2)?,
        images: serde_json::from_str(&row.get::<_, String>(3)?)?,
        more_platforms: row.get(4)?,
        is_old: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_found_by_the_image_that_an_engine_knows_them_by() {
        let store = Store::in_memory().unwrap();
        for (manifest, images) in [
            ("one", vec!["i", "j"]),
            ("two", vec!["j"]),
            ("none", vec![]),
        ] {
            let facts = Facts {
                images: images.into_iter().map(str::to_owned).collect(),
                ..Facts::default()
            };
            let digest = Digest::sha256_of(manifest.as_bytes());
            store.put_facts(&digest, &facts).unwrap();
        }
        let found = store.digests_of_images(["i", "j", "k"]).unwrap();
        let of = |image: &str| found.get(image).map_or(0, Vec::len);
        assert_eq!((of("i"), of("j"), of("k")), (1, 2, 0));
        let (built, not) = (Digest::sha256_of(b"built"), Digest::sha256_of(b"two"));
        let facts = Facts {
            created: Some(7),
            ..Facts::default()
        };
        store.put_facts(&built, &facts).unwrap();
        let found = store.built_of([&built, &not]).unwrap();
        assert_eq!(found, HashMap::from([(built, 7)]));
        assert!(store.digests_of_images([]).unwrap().is_empty());

        // What is worked out anew, or let go of, is found by nothing of before.
        let one = Digest::sha256_of(b"one");
        store.put_facts(&one, &Facts::default()).unwrap();
        let found = store.digests_of_images(["i", "j"]).unwrap();
        assert_eq!((found.len(), found["j"].len()), (1, 1));
        store.lock().execute("DELETE FROM facts", ()).unwrap();
        assert!(store.digests_of_images(["j"]).unwrap().is_empty());
    }

    #[test]
    fn hostile_a_row_of_facts_has_an_end() {
        let store = Store::in_memory().unwrap();
        let digest = Digest::sha256_of(b"index");
        let facts = Facts {
            platforms: (0..27_000).map(|at| format!("linux/a{at}")).collect(),
            images: vec!["i".repeat(5000), "j".repeat(5000)],
            ..Facts::default()
        };
        store.put_facts(&digest, &facts).unwrap();
        let stored = store.facts(&digest).unwrap().unwrap();
        assert_eq!(stored.platforms, facts.platforms[..MOST_TEXTS]);
        assert_eq!(stored.images, facts.images[..1]);
        let text = Facts {
            platforms: vec!["x".repeat(4 * 1024 * 1024)],
            ..Facts::default()
        };
        store.put_facts(&digest, &text).unwrap();
        assert!(store.facts(&digest).unwrap().unwrap().platforms.is_empty());
    }
}
