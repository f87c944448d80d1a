//! What a repository says of itself, and how it keeps.
//!
//! Not here: what the window shows of it (`repositories`), keeping a commit (`keeping`). Grows by what else a repository
//! says of itself.

pub(crate) mod habits;
pub(crate) mod manifest;
mod room;
pub(crate) mod rule;
mod stored;

pub(crate) use room::About;
pub(crate) use stored::{Basis, Unwritten};
