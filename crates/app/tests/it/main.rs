//! The use cases, driven as the window drives them, against real parts and a scripted registry.
//!
//! What a registry or an engine holds afterwards is asked of them directly, not through our own code.

#![allow(clippy::unwrap_used)]

mod browsing;
mod faults;
mod home;
mod keeping;
mod main_job;
mod pulling;
mod racing;
mod restarting;
mod signing_in;
