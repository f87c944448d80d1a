//! Reading rows: what every table's queries share.
//!
//! A reader takes a row and hands back a value, or an error that says what can't be read. Not here: SQL.

use crate::{Error, Place};
use oci::{Digest, Host, RepositoryName};
use rusqlite::{Connection, Params, Row};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

static READ: AtomicU64 = AtomicU64::new(0);

/// Returns how many queries this process has read so far: what a list costs is measured by it.
pub fn queries() -> u64 {
    READ.load(Ordering::Relaxed)
}

/// Reads every row of a query, in its order.
pub(crate) fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    READ.fetch_add(1, Ordering::Relaxed);
    let mut query = connection.prepare_cached(sql)?;
    query.query_and_then(params, read)?.collect()
}

/// Reads the first row of a query; none where the query finds nothing.
pub(crate) fn first<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    READ.fetch_add(1, Ordering::Relaxed);
    let mut query = connection.prepare_cached(sql)?;
    query.query_and_then(params, read)?.next().transpose()
}

/// Reads two columns, which need no check, as a pair.
pub(crate) fn pair<A, B>(row: &Row<'_>) -> Result<(A, B), Error>
where
    A: rusqlite::types::FromSql,
    B: rusqlite::types::FromSql,
{
    Ok((row.get(0)?, row.get(1)?))
}

/// Reads the digest in a column.
pub(crate) fn digest(row: &Row<'_>, column: usize) -> Result<Digest, Error> {
    parse(&row.get::<_, String>(column)?)
}

/// Reads the digest in a column that may be empty.
pub(crate) fn digest_if_any(row: &Row<'_>, column: usize) -> Result<Option<Digest>, Error> {
    let text: Option<String> = row.get(column)?;
    text.as_deref().map(parse).transpose()
}

fn parse(text: &str) -> Result<Digest, Error> {
    Digest::parse(text).map_err(|_| Error::Content(format!("not a digest: {text}")))
}

/// Reads the host in a column.
pub(crate) fn host(row: &Row<'_>, column: usize) -> Result<Host, Error> {
    Host::parse(&row.get::<_, String>(column)?).map_err(|error| Error::Content(error.to_string()))
}

/// Reads a place from two columns that stand side by side: its host, then its repository.
pub(crate) fn place(row: &Row<'_>, first: usize) -> Result<Place, Error> {
    Ok(Place {
        host: host(row, first)?,
        repository: RepositoryName::parse(&row.get::<_, String>(first + 1)?)
            .map_err(|error| Error::Content(error.to_string()))?,
    })
}

/// Groups values by their tag; within a tag their order stays.
pub(crate) fn by_tag<T>(values: Vec<T>, tag: impl Fn(&T) -> &str) -> HashMap<String, Vec<T>> {
    let mut all: HashMap<String, Vec<T>> = HashMap::new();
    for value in values {
        all.entry(tag(&value).to_owned()).or_default().push(value);
    }
    all
}
