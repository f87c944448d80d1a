//! The parts do what the other tests rely on, and the house keeps its arrows.

mod arrows;
mod behaviours;
mod display;
mod dockerd;
mod keychain;
#[cfg(all(unix, not(target_os = "macos")))]
mod notifications;
mod pulp;
mod registry;
mod sandbox;
