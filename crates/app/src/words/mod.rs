//! Every sentence a person may read: what happened, why, what to do next. One file a room, and all in one table.
//!
//! A sentence is said as data (`Said`): a code and its arguments. It becomes text only where the window is given it, so
//! what is stored is what happened. A registry's or engine's own words go into the detail, bounded, never into the
//! sentence. Facts are handed in; nothing is asked from here. Grows by a file with a room, and by a language.

pub(crate) mod about;
pub(crate) mod accounts;
pub(crate) mod active;
pub(crate) mod certificate;
pub(crate) mod computer;
pub(crate) mod connection;
pub(crate) mod content;
pub(crate) mod engine;
pub(crate) mod general;
pub(crate) mod history;
pub(crate) mod hosting;
pub(crate) mod keeping;
pub(crate) mod kinds;
pub(crate) mod making;
mod problem;
pub(crate) mod registry;
pub(crate) mod removal;
mod render;
pub(crate) mod repositories;
pub(crate) mod search;
pub(crate) mod settings;
mod table;
pub(crate) mod tasks;
pub(crate) mod team_note;
mod text;
pub(crate) mod transfers;
pub(crate) mod watching;

pub(crate) use self::accounts::{no_account, of_keychain, signed_out};
pub(crate) use self::engine::{of_engine, of_transfer};
pub(crate) use self::general::{not_expected as unexpected, of_store};
pub(crate) use self::registry::{of_check, of_registry, of_write};
pub(crate) use self::render::of_stored;
pub(crate) use self::text::bounded;
