//! The repositories of a registry (`GET /v2/_catalog`; Docker's, not in the OCI spec: many registries refuse it).

use oci::RepositoryName;
use serde::Deserialize;
use std::sync::Arc;

use crate::auth::Scopes;
use crate::limits::REPOSITORIES_MOST;
use crate::pages::{Entry, Named, Page, Pages};
use crate::registry::Registry;

/// How many repositories are asked for at once: few enough that the first ones show soon.
const PAGE: usize = 200;

impl Entry for RepositoryName {
    const MOST: usize = REPOSITORIES_MOST;

    fn name(&self) -> &str {
        self.as_str()
    }
}

impl Named for RepositoryName {
    fn read(name: &str) -> Option<Self> {
        Self::parse(name).ok()
    }
}

#[derive(Deserialize)]
struct Wire {
    repositories: Option<Page<RepositoryName>>,
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

pub(crate) fn read(bytes: &[u8]) -> serde_json::Result<Page<RepositoryName>> {
    Ok(serde_json::from_slice::<Wire>(bytes)?
        .repositories
        .unwrap_or_default())
}
