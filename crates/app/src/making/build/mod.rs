//! Building an image from a folder: its plan, the order, the run, and the log of its steps.

pub(super) mod builders;
pub(super) mod log;
mod order;
mod plan;
mod run;

pub use order::Building;
