//! The container engine of this computer: finding it, asking it for its images and containers, letting it push and pull,
//! save, load, build, commit and search.
//!
//! What it is: a client of the Docker Engine API (versions 1.41 to 1.56, Docker and Podman) over one transport of our
//! own. Some questions go through `bollard`. What lasts, or what it would not understand, is asked raw (`raw`) over the
//! same transport: push and pull are read line by line, because only their lines tell the layers apart and carry the
//! digest.
//!
//! What it is not: it never talks to a registry (the engine does), it keeps nothing on disk, and it knows no account.
//!
//! When it may grow: a search is a further call over the same transport.

mod address;
mod archive;
mod archive_file;
mod auth;
mod build;
mod client;
mod commit;
mod containers;
mod contexts;
mod error;
mod event;
mod events;
mod find;
mod images;
mod insecure;
mod lines;
mod raw;
mod search;
mod service;
mod transfer;
mod transport;
mod version;

pub use address::{Address, SshProgram, SshTarget, TlsFiles, Way};
pub use archive::Archive;
pub use archive_file::ArchiveFile;
pub use auth::RegistryAuth;
pub use build::{
    Build, BuildArg, BuildEvent, BuildOf, Buildx, Context, ContextSize, Dockerfile, IgnoreFile,
    StepEnd,
};
pub use client::{Engine, ImageStoreKind, Info};
pub use commit::CommitOf;
pub use containers::{
    ChangeKind, Changes, ContainerDetail, ContainerState, FileChange, LocalContainer,
};
pub use error::{Error, Unreachable};
pub use event::{Event, LayerState};
pub use events::Change;
pub use find::{Candidate, Env, Origin, all, find};
pub use images::{ImageDetail, LayerSize, LocalImage, Removed, Shared};
pub use insecure::Insecure;
pub use lines::Reading;
pub use search::Found;
pub use service::{Apart, Service, ServiceFolder, ServiceOf};
pub use transfer::Transfer;
