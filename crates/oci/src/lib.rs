//! The values of the container world: references, digests, media types, descriptors, manifests, indexes, image configs, platforms,
//! and the names of commit tags; and foreign text, made fit to be shown.
//!
//! It is not a client: nothing here does I/O, waits, or knows a vendor. A value that exists is valid: every type is built by a
//! `parse` that refuses what the specs refuse, so that the rest of the house checks once, at its edge.
//!
//! It may grow when a spec adds a value (an artifact's type, a referrer), never for what one registry does differently.

mod annotations;
pub mod commit_tag;
mod config;
mod descriptor;
mod digest;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod manifest;
mod media_type;
mod platform;
mod reference;
mod schema1;
mod short_id;
pub mod text;
mod textual;
mod time;

pub use commit_tag::{Beginning, CommitTag, CommitTagError, MAX_TAG, PREFIX};
pub use config::ImageConfig;
pub use descriptor::Descriptor;
pub use digest::{Digest, DigestError};
pub use manifest::{ImageManifest, Index, MOST_PLATFORMS, Manifest, ManifestError};
pub use media_type::MediaType;
pub use platform::Platform;
pub use reference::{Host, Reference, ReferenceError, RepositoryName, Tag};
pub use schema1::{OldImage, signed_bytes};
pub use short_id::short_id;
pub use time::UtcSeconds;

/// The tag under which a repository says what it is and how it keeps its commits.
pub const ABOUT_TAG: &str = "_about";
