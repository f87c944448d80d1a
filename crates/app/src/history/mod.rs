//! What is known of tags: what they were seen to point at, by whom, and what follows for the timeline.
//!
//! Not here: writing anything to a registry, what the window lists (`repositories`). Grows by a source of facts.

mod exchange;
mod list;
mod look;
pub(crate) mod marks;
mod room;
pub(crate) mod rows;
mod sources;
pub(crate) mod tags;
mod timelines;
mod told;

pub use exchange::Exchange;
#[cfg(any(test, fuzzing))]
pub(crate) use exchange::read_export;
pub(crate) use look::{CommitName, Sighting, TagsListed};
pub(crate) use room::History;
pub(crate) use tags::TagRecords;
pub(crate) use timelines::TagTimeline;
pub(crate) use told::ToldTime;
