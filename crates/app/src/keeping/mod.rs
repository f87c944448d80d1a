//! Keeping commits, and how a repository keeps: the rule changed by the person, and one commit kept by hand.
//!
//! Not here: which rule holds (`about::rule`), taking commit tags away (`removal::prune`), keeping without being asked
//! (`watching`). Grows by another way to answer a sheet.

mod by_hand;
mod commit_tag;
pub(crate) mod guard;
mod plan;
mod room;
mod rules;

pub(crate) use commit_tag::NotGiven;
pub use room::Keeping;
