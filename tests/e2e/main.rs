//! The real window against real parts: WebDriver presses, the registry and the engine are asked directly.
//!
//! One file a flow, one app a flow. What a flow claims about a registry or an engine it has from that
//! registry or engine, never from our own code.

#![allow(clippy::unwrap_used)] // a test may say so

#[cfg(unix)]
mod answering;
mod browse;
mod certificates;
mod closing;
mod computer;
mod connection;
mod delete;
mod describe;
mod desk;
mod encrypted_file;
mod engine;
mod here;
mod hosting;
mod house;
mod hub;
mod keyboard;
mod kinds;
mod left;
mod making_images;
mod no_secret;
mod palette;
#[cfg(unix)]
mod polly;
mod proxy;
mod push;
mod push_again;
mod second;
mod second_sign_in;
mod sheets;
mod sign_in;
mod sign_in_along;
mod sign_in_changed;
#[cfg(unix)]
mod sign_in_found;
mod synapse;
mod timeline;
mod two_accounts;
mod unlisted;
mod watch;
mod welcome;
