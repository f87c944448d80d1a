//! What is remembered of each registry: how it is run, and where its own files lie. Never a secret.
//!
//! Not here: whether it runs. Grows by what has to be known to start one again.

use super::room::Hosting;
use crate::view::hosting::HostingBy;
use crate::view::problem::Problem;
use crate::words::{self, hosting as say};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use store::{Hosted, Store};

/// A registry that was started here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub id: String,
    /// `127.0.0.1:port`.
    pub host: oci::Host,
    pub port: u16,
    pub how: How,
}

/// How one is run, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct How {
    pub by: By,
    /// The folder of its data.
    pub folder: String,
    /// Whoever may sign in; none: everyone on this computer is let in.
    #[serde(default)]
    pub user: Option<String>,
    /// It shall run: nobody stopped it here.
    #[serde(default)]
    pub runs: bool,
}

/// What runs one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub(super) enum By {
    /// A container.
    Engine {
        /// The engine, by what it is known by.
        engine: String,
        image: String,
    },
    /// A program.
    Program { program: PathBuf, make: Make },
}

/// Whose program it is, which says how it is told what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Make {
    /// The CNCF's distribution: `docker-registry`, `registry`.
    Distribution,
    /// zot.
    Zot,
}

impl Record {
    /// Returns what it is called in a sentence: its image, or its program.
    pub fn name(&self) -> String {
        match &self.how.by {
            By::Engine { image, .. } => image.clone(),
            By::Program { program, .. } => called(program),
        }
    }

    pub fn by(&self) -> HostingBy {
        match self.how.by {
            By::Engine { .. } => HostingBy::Engine,
            By::Program { .. } => HostingBy::Program,
        }
    }

    /// Tells whose layout its data has.
    pub fn make(&self) -> Make {
        match self.how.by {
            By::Engine { .. } => Make::Distribution,
            By::Program { make, .. } => make,
        }
    }

    fn stored(&self) -> Result<Hosted, Problem> {
        Ok(Hosted {
            id: self.id.clone(),
            host: self.host.clone(),
            how: serde_json::to_string(&self.how).map_err(words::unexpected)?,
        })
    }
}

/// Returns what a program is called.
pub(super) fn called(program: &std::path::Path) -> String {
    let name = program.file_name().unwrap_or(program.as_os_str());
    oci::text::plain(&name.to_string_lossy(), 100)
}

/// Reads what is stored; none where a later version wrote it.
fn read(hosted: Hosted) -> Option<Record> {
    let (_, port) = hosted.host.as_str().rsplit_once(':')?;
    Some(Record {
        port: port.parse().ok()?,
        how: serde_json::from_str(&hosted.how).ok()?,
        id: hosted.id,
        host: hosted.host,
    })
}

impl Hosting {
    pub(super) async fn records(&self) -> Result<Vec<Record>, Problem> {
        let stored = self.ground.db(Store::hosted).await?;
        Ok(stored.into_iter().filter_map(read).collect())
    }

    pub(super) async fn record(&self, id: &str) -> Result<Record, Problem> {
        let mut records = self.records().await?.into_iter();
        let found = records.find(|record| record.id == id);
        found.ok_or_else(|| say::none_such().problem())
    }

    pub(super) async fn keep(&self, record: &Record) -> Result<(), Problem> {
        let stored = record.stored()?;
        self.ground.db(move |store| store.put_hosted(&stored)).await
    }

    pub(super) async fn forget(&self, record: &Record) -> Result<(), Problem> {
        let id = record.id.clone();
        self.ground.db(move |store| store.remove_hosted(&id)).await
    }

    /// Returns the folder of the files that a registry is started by.
    pub(super) fn own_folder(&self, record: &Record) -> PathBuf {
        self.own.join(&record.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_and_what_is_not_understood_is_left_alone() {
        let record = Record {
            id: "a".to_owned(),
            host: oci::Host::parse("127.0.0.1:5001").unwrap(),
            port: 5001,
            how: How {
                by: By::Program {
                    program: PathBuf::from("/usr/bin/docker-registry"),
                    make: Make::Distribution,
                },
                folder: "/srv/data".to_owned(),
                user: Some("ana".to_owned()),
                runs: true,
            },
        };
        let stored = record.stored().unwrap();
        assert_eq!(read(stored.clone()), Some(record.clone()));
        assert_eq!(record.name(), "docker-registry");
        let later = Hosted {
            how: r#"{"by":{"kind":"cloud"},"folder":"/x"}"#.to_owned(),
            ..stored
        };
        assert_eq!(read(later), None);
    }
}
