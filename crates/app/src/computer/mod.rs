//! This computer, as the window shows it: its engine, its images and its containers.
//!
//! Not here: finding and asking the engine (`local`). Grows by what a person does with local images and containers.

mod containers;
mod facts;
mod images;
mod kept;
mod name;
mod place;
mod remove;
mod room;
mod users;

pub(crate) use remove::goes_out;
pub use room::Computer;
