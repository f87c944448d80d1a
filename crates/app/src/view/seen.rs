//! Export and import of what this computer has seen (`docs/export.md`).

use serde::Serialize;
use ts_rs::TS;

/// An export was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Facts in it.
    pub facts: u32,
}

/// An import was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Facts that are new here.
    pub added: u32,
    /// Facts that were known already.
    pub known: u32,
    /// Repositories they are of.
    pub repositories: u32,
    /// Lines that could not be read, a sentence each with the line's number; at most twenty.
    pub unread: Vec<String>,
    /// How many lines could not be read in all.
    pub unread_count: u32,
}
