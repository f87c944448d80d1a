//! Making an image of a container: its plan, the order, the run, and the lines that can be said with it.

mod lines;
mod order;
mod plan;
mod run;

pub use order::Committing;
