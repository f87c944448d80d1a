//! What the tests and the sandbox run against: real servers of their own, and images made from scratch.
//!
//! It is not a mock of anything of ours and knows none of our crates: what it says about a registry or an
//! engine it has asked over plain HTTP, so that a test has a second opinion. It may grow a part when a
//! promise needs a new kind of server, never a copy of product code.

pub mod fuzzing;
pub mod held_file;
pub mod images;
pub mod imports;
pub mod parts;
#[cfg(unix)]
pub mod played;
pub mod sandbox;
pub mod scripted;
pub mod seed;
pub mod standins;
pub mod steps;
pub mod webdriver;
