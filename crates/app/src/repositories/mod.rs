//! Repositories, tags and commits, as the window lists them.
//!
//! Not here: what is known of a tag (`history`). Grows by what is shown of a repository.

mod abilities;
mod about;
mod compose;
mod find;
mod fit;
mod gather;
mod lists;
mod own_words;
mod past;
mod path;
mod room;
mod tag_lists;
mod tag_names;
mod tag_parts;
mod timeline;
mod told;

pub(crate) use room::Below;
pub use room::Repositories;
