//! The timeline: facts from several sources in, one list of commits out. Pure.
//!
//! [`merge`] makes the entries of one tag from what every source says of it; [`lanes::weave`] puts the tags of a
//! repository beside each other. Not here: I/O, words, what a row looks like. Grows by a [`FactKind`] when a new
//! source of facts appears (a vendor's own history), never by a rule for one of them.

mod entry;
mod fact;
pub mod lanes;
mod merge;
#[cfg(test)]
mod tests;

pub use entry::Entry;
pub use fact::{Age, Commit, Fact, FactKind, Person, Source, Standing, TimeFact, TimeKind};
pub use merge::merge;
