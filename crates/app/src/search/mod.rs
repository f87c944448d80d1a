//! Public images, at Docker Hub and through the engine.
//!
//! Docker Hub's own search is asked first, as nobody; where it gives no answer soon the engine is asked too, and its answer is
//! shown where Hub's doesn't come. Not here: what is done with what was found (a repository of an account, like any other).
//! Grows by another registry that can be searched.

mod found;
mod hub;
mod room;

pub use room::Search;
