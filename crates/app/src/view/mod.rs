//! The types that cross to the window: what the UI sees, and nothing it has to work out.
//!
//! Generated to TypeScript by `ts-rs` (`cargo xtask bindings`), committed under
//! `ui/src/lib/backend/generated`, and checked fresh by a test. Times are whole seconds since the Unix
//! epoch in UTC, sizes and progress are bytes; both fit a JavaScript number.
//!
//! Not here: anything secret (a secret only ever travels *in*, see [`accounts::NewAccount`]), anything
//! only one crate needs. Grows when a screen shows a new fact.

pub mod about;
pub mod accounts;
pub mod active;
pub mod answering;
pub mod browse;
pub mod certificate;
pub mod computer;
pub mod connection;
pub mod containers;
pub mod delete;
pub mod engine;
pub mod events;
pub mod find;
pub mod hosting;
pub mod keep;
pub mod kinds;
pub mod log;
pub mod making;
pub mod note;
pub mod problem;
pub mod push;
pub mod said;
pub mod search;
pub mod seen;
pub mod settings;
pub mod start;
pub mod tasks;
pub mod timeline;
pub mod watch;
