//! Public images that were searched for. All texts of a row are somebody else's, bounded.

use super::problem::Problem;
use serde::Serialize;
use ts_rs::TS;

/// A page of what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchPage {
    /// Repositories, in the order of whoever found them.
    pub rows: Vec<SearchRow>,
    /// The page that follows; absent: there is none.
    pub next: Option<u32>,
    /// Who found them.
    pub by: FoundBy,
    /// What that is called: a host, or the engine's name.
    pub host: String,
    /// Why Docker Hub did not answer, where the engine did in its place.
    pub problem: Option<Problem>,
}

/// Who was asked for public images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FoundBy {
    /// Docker Hub's own search.
    Hub,
    /// The engine's, which asks Docker Hub or other registries.
    Engine,
}

/// A public repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchRow {
    /// The registry's host, as names of images write it.
    pub host: String,
    /// `namespace/name`, as its registry calls it.
    pub repository: String,
    /// The last part of that.
    pub name: String,
    /// What stands before it: a user or an organisation; empty where there is none.
    pub user: String,
    /// What it says of itself.
    pub description: String,
    /// How many people gave it a star.
    #[ts(type = "number")]
    pub stars: u64,
    /// How often it was pulled; absent where nobody says.
    #[ts(type = "number | null")]
    pub pulls: Option<u64>,
    /// Its registry vouches for it.
    pub official: bool,
}
