//! Pushes and pulls: the engine moves the bytes, and the promises of an overwrite hold around it.
//!
//! Not here: the engine itself (`local`), what a task is (`tasks`). Grows by another way in which bytes move.

mod carried;
mod confiding;
mod follow;
mod local_name;
mod pull;
mod push;
mod room;

pub use pull::Pulling;
pub use push::Pushing;
pub(crate) use room::Below;
pub use room::Transfers;
