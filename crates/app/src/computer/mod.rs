//! This computer, as the window shows it: its engine, its images and its containers.
//!
//! Not here: finding and asking the engine (`local`). Grows by what a person does with local images and containers.

mod archive;
mod containers;
mod facts;
mod images;
mod kept;
mod name;
mod paths;
mod place;
mod remove;
mod room;
mod sizes;
mod users;

pub use archive::{Loading, Saving};
pub(crate) use remove::goes_out;
pub use room::Computer;
