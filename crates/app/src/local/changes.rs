//! What changed in a container, as the window shows it.
//!
//! Not here: when the engine is asked for it. Grows by nothing.

use crate::view::containers::{ChangeCount, ChangeKind, FileChange};

/// The longest path that is shown.
const LONGEST_PATH: usize = 400;

/// Says what changed in a container.
pub(crate) fn change_count(changes: engine::Changes) -> ChangeCount {
    let more = changes.count() - u64::try_from(changes.first.len()).unwrap_or(0);
    let first = changes.first.into_iter().map(|change| FileChange {
        path: oci::text::plain(&change.path, LONGEST_PATH),
        kind: match change.kind {
            engine::ChangeKind::Added => ChangeKind::Added,
            engine::ChangeKind::Modified => ChangeKind::Modified,
            engine::ChangeKind::Deleted => ChangeKind::Deleted,
        },
    });
    ChangeCount {
        added: changes.added,
        modified: changes.modified,
        deleted: changes.deleted,
        first: first.collect(),
        more,
    }
}
