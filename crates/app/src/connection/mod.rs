//! The connection check: what an account's registry answers, a line a thing, and what that makes impossible.
//!
//! Not here: the requests themselves (`registry::probing`), how a registry deletes (`removal`). Grows by a line.

mod check;
mod impossible;
mod lines;
mod probes;
mod room;
mod run;
mod uploads;

pub use room::Connection;
