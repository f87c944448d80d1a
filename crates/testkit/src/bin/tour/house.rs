//! The sandbox that is visited.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use tempfile::TempDir;
use testkit::sandbox::{Facts, Sandbox, facts_path};

/// The sandbox that is visited.
pub struct House {
    pub facts: Facts,
    pub path: PathBuf,
    // Our own, where none was given; it ends with us.
    _own: Option<(Sandbox, TempDir)>,
}

impl House {
    pub async fn enter() -> Result<Self> {
        if let Some(path) = std::env::var_os("LONGSHORE_SANDBOX") {
            let path = PathBuf::from(path);
            let facts = serde_json::from_slice(&fs::read(&path)?)?;
            return Ok(Self {
                facts,
                path,
                _own: None,
            });
        }
        let folder = tempfile::Builder::new()
            .prefix("longshore-tour-")
            .tempdir()?;
        let sandbox = Sandbox::start(folder.path()).await?;
        Ok(Self {
            facts: sandbox.facts().clone(),
            path: facts_path(folder.path()),
            _own: Some((sandbox, folder)),
        })
    }
}
