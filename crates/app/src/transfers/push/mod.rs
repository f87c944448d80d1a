//! Pushing an image onto a tag, so that nothing is lost in silence.
//!
//! The promises are those of every overwrite (`keeping::guard`); here the act is the engine's. While it uploads, the tag
//! is looked after, and what somebody else puts under it is kept (`after`). Whatever was written stays when the push is
//! cancelled, and is told.

mod after;
mod converted;
mod order;
mod run;
mod sheet;
mod under_way;

pub use order::Pushing;
