//! What changed in a container since its image.
//!
//! Not here: who wants to know (the window, a commit). Grows by nothing.

use std::collections::HashSet;
use std::time::Duration;

use serde::Deserialize;

use super::one_name;
use crate::raw::Ask;
use crate::{Engine, Error};

/// What changed in a container since its image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files and folders that are new.
    pub added: u64,
    /// Files that are others, and folders whose rights or owner are.
    pub modified: u64,
    /// Files and folders that are gone.
    pub deleted: u64,
    /// The first of them by path, as many as were asked for.
    pub first: Vec<FileChange>,
}

impl Changes {
    /// Returns how many there are.
    pub fn count(&self) -> u64 {
        self.added + self.modified + self.deleted
    }
}

/// One file or folder that isn't as in the image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileChange {
    /// Its path in the container.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is another.
    Modified,
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
}

impl Engine {
    /// Tells what changed in a container since its image: all counted, the first `most` of them by path. The engine may
    /// compare every file for it, so it is waited for no longer than this.
    pub async fn changes(
        &self,
        id: &str,
        most: usize,
        patience: Duration,
    ) -> Result<Changes, Error> {
        let ask = Ask {
            patience: Some(patience),
            ..Ask::get(format!("/containers/{}/changes", one_name(id)?))
        };
        let rows: Option<Vec<Changed>> = self.ask_json(ask).await?;
        Ok(changes(rows.unwrap_or_default(), most))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Changed {
    path: String,
    kind: u8,
}

/// Counts changes. A folder counts as changed to the engine when anything in it is: that says nothing by itself.
fn changes(rows: Vec<Changed>, most: usize) -> Changes {
    let with_something_in_it: HashSet<String> = rows
        .iter()
        .filter_map(|row| row.path.rsplit_once('/'))
        .map(|(folder, _)| folder.to_owned())
        .collect();
    let mut found = Changes::default();
    for Changed { path, kind } in rows {
        let kind = match kind {
            0 if with_something_in_it.contains(path.trim_end_matches('/')) => continue,
            0 => ChangeKind::Modified,
            1 => ChangeKind::Added,
            2 => ChangeKind::Deleted,
            _ => continue,
        };
        *match kind {
            ChangeKind::Modified => &mut found.modified,
            ChangeKind::Added => &mut found.added,
            ChangeKind::Deleted => &mut found.deleted,
        } += 1;
        found.first.push(FileChange { path, kind });
    }
    found.first.sort_unstable();
    found.first.truncate(most);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_not_counted_for_what_lies_in_it() {
        let row = |path: &str, kind| Changed {
            path: path.to_owned(),
            kind,
        };
        let rows = vec![
            row("/data", 0),
            row("/data/new", 1),
            row("/data/new/file", 1),
            row("/etc", 0),
            row("/etc/hosts", 2),
            row("/bin/sh", 0),
            row("/srv", 0),
            row("/x", 9),
        ];
        let found = changes(rows, 2);
        assert_eq!((found.added, found.modified, found.deleted), (2, 2, 1));
        assert_eq!(found.count(), 5);
        let first: Vec<_> = found
            .first
            .iter()
            .map(|change| change.path.as_str())
            .collect();
        assert_eq!(first, ["/bin/sh", "/data/new"]);
        assert_eq!(changes(vec![], 5), Changes::default());
    }
}
