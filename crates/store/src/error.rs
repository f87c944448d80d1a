//! What can go wrong with the database.

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite refused a statement or the file.
    #[error("the database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored value can't be read.
    #[error("a stored value can't be read: {0}")]
    Content(String),
    /// The host was forgotten while this was under way.
    #[error("the registry was removed, and what was seen there forgotten")]
    Forgotten,
    /// A later version of the app wrote the file.
    #[error("the data was written by a later version (schema {found}, this one knows {known})")]
    Newer {
        /// The schema of the file.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Content(error.to_string())
    }
}
