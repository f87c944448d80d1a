//! The repositories of a registry (`GET /v2/_catalog`; Docker's, not in the OCI spec: many registries refuse it).

use oci::RepositoryName;
use serde::Deserialize;
use std::sync::Arc;

use crate::auth::Scopes;
use crate::pages::Pages;
use crate::registry::Registry;

/// How many repositories are asked for at once: few enough that the first ones show soon.
const PAGE: u32 = 200;

#[derive(Deserialize)]
struct Wire {
    repositories: Option<Vec<String>>,
}

impl Registry {
    /// Lists all repositories, a page at a time. Names outside the grammar are left out.
    pub fn catalog(&self) -> Pages<RepositoryName> {
        Pages::new(
            Arc::clone(&self.0),
            "_catalog",
            Scopes::catalog(),
            PAGE,
            read,
        )
    }
}

fn read(bytes: &[u8]) -> serde_json::Result<Vec<RepositoryName>> {
    let names = serde_json::from_slice::<Wire>(bytes)?
        .repositories
        .unwrap_or_default();
    Ok(names
        .iter()
        .filter_map(|name| RepositoryName::parse(name).ok())
        .collect())
}
