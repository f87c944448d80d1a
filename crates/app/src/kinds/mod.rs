//! Which vendor's registry an account is at, and what the vendor's own interface tells of it.
//!
//! What it doesn't tell, refuses or tells in a way that makes no sense is asked by the protocol: nobody here says that something
//! failed. Not here: what a vendor has (`vendors`), what is made of what it tells (`repositories`, `history`). Grows by a part of a
//! vendor's interface that the app uses.

mod choosing;
mod command;
mod projects;
mod reading;
mod recognise;
mod room;
mod second;
mod writes;

pub use room::Kinds;
