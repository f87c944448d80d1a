//! Long work as tasks: a row in the database, a cancellation token behind a drop guard, progress in bytes or items.
//!
//! Knows no push and no deletion: what is ordered is a type of its caller's (an [`Order`]), and how it is carried out is
//! handed in. Orders of one lane wait for each other. A reloaded window finds its tasks again, and so does a restarted
//! app. An order that ends well may have another follow it. Not here: which orders there are (`work`). Grows by a [`Lane`].

#[cfg(test)]
mod following;
mod lanes;
mod meter;
mod order;
mod queue;
mod record;
mod running;
mod stored;

pub(crate) use lanes::Lane;
pub(crate) use meter::Meter;
pub(crate) use order::{AfterRestart, Order, Subject};
pub(crate) use queue::Run;
pub use queue::Tasks;
pub(crate) use running::{Running, Unfinished};
