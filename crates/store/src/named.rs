//! Which of the stored content is named: in texts, and in turn by the manifests that are.
//!
//! Not here: which rows speak for content, and what becomes of content that nothing names.

use crate::{Error, rows};
use oci::Digest;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::collections::HashSet;

/// What was found named so far, of what is stored.
pub(crate) struct Named {
    stored: HashSet<String>,
    digests: HashSet<String>,
    /// Named, and not yet read for what it names itself.
    open: Vec<String>,
}

impl Named {
    /// Begins with nothing named.
    pub(crate) fn none(connection: &Connection) -> Result<Self, Error> {
        let stored = rows::all(
            connection,
            "SELECT digest FROM manifests UNION SELECT digest FROM configs UNION SELECT digest FROM facts",
            (),
            |row| Ok(row.get(0)?),
        )?;
        Ok(Self {
            stored: stored.into_iter().collect(),
            digests: HashSet::new(),
            open: Vec::new(),
        })
    }

    /// Adds what stands in any text of the rows that a query finds.
    pub(crate) fn add_rows(&mut self, connection: &Connection, sql: &str) -> Result<(), Error> {
        let mut query = connection.prepare(sql)?;
        let columns = query.column_count();
        let mut found = query.query(())?;
        while let Some(row) = found.next()? {
            for column in 0..columns {
                if let ValueRef::Text(text) = row.get_ref(column)? {
                    self.add(text);
                }
            }
        }
        Ok(())
    }

    /// Adds what the manifests that are named name in turn, and returns all of it.
    pub(crate) fn with_contents(
        mut self,
        connection: &Connection,
    ) -> Result<HashSet<String>, Error> {
        while let Some(digest) = self.open.pop() {
            let bytes: Option<Vec<u8>> = rows::first(
                connection,
                "SELECT bytes FROM manifests WHERE digest = ?1",
                [&digest],
                |row| Ok(row.get(0)?),
            )?;
            self.add(&bytes.unwrap_or_default());
        }
        Ok(self.digests)
    }

    fn add(&mut self, text: &[u8]) {
        for digest in digests(text) {
            if self.stored.contains(digest) && self.digests.insert(digest.to_owned()) {
                self.open.push(digest.to_owned());
            }
        }
    }
}

/// Returns every digest that stands in a text, whatever is around it.
fn digests(text: &[u8]) -> impl Iterator<Item = &str> {
    Digest::ALGORITHMS
        .into_iter()
        .flat_map(move |(name, digits)| {
            let parts = text.windows(name.len() + 1 + digits);
            let digests = parts.filter(move |part| {
                let hex = part
                    .strip_prefix(name.as_bytes())
                    .and_then(|rest| rest.strip_prefix(b":"));
                hex.is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
            });
            digests.filter_map(|part| std::str::from_utf8(part).ok())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_found_wherever_they_stand() {
        let [a, b, c, d] = [
            ("sha256", "a", 64),
            ("sha512", "b", 128),
            ("sha256", "c", 64),
            ("sha384", "d", 96),
        ]
        .map(|(name, digit, digits)| format!("{name}:{}", digit.repeat(digits)));
        for digest in [&a, &b, &c, &d] {
            assert!(Digest::parse(digest).is_ok());
        }
        let text = format!("x{a}y\"{b}\" sha256:short sha256:{c}{d}");
        let found: Vec<&str> = digests(text.as_bytes()).collect();
        assert_eq!(found, [&a, &c, &d, &b]);
        assert_eq!(digests(b"").count(), 0);
    }
}
