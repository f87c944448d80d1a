//! Images that are made here: a build, a container's commit.
//!
//! Each is a task that ends with an image. What shall follow, a push, stands in the order, with the answers that its sheet gave,
//! and begins as a task of its own. Not here: registries (`transfers`); Dockerfiles beyond the names in them. Grows by
//! another way to make an image.

mod build;
mod commit;
mod naming;
mod room;

pub use build::Building;
pub use commit::Committing;
pub use room::Making;
