//! *Make active*: pointing a tag at a commit of its past, without pulling it; *Put back* where the tag was deleted.
//!
//! The promises are those of every overwrite (`keeping::guard`). What the manifest needs is asked for before anything is
//! written, and it goes up byte for byte, so the commit stays the one it was.

mod act;
mod back;
mod room;
mod sheet;

pub use room::Active;
