//! Deleting tags and commits: first everything that would go and what could not be checked, then one deletion after
//! the other, then *Undo*. Pruning commit tags goes the same way.
//!
//! What goes with what is in `graph` (pure), the sheet in `plan`, the deletions in `run`, the way back in `undo`. How a
//! single tag is taken away is in `tag`. Nothing here deletes on its own: every item was in a sheet, and is left
//! alone where it isn't any more what the sheet showed. Grows by a kind of thing that can be deleted.

mod commit;
mod effects;
mod graph;
mod item;
mod known;
mod left;
mod order;
mod plan;
mod prune;
mod reading;
mod room;
mod run;
mod siblings;
mod survey;
mod tag;
mod undo;
mod way;

pub use order::{Deletion, Pruning};
pub use room::Removal;
pub(crate) use room::TagDeletion;
pub use undo::Restoring;
