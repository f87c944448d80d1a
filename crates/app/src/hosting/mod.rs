//! Registries that run on this computer because somebody started them here: by a container of the engine, or by a program.
//!
//! Each is of 127.0.0.1 alone and keeps its data in a folder that the person chose, which stays when it goes. None ends with
//! the window. Not here: what is done with it once it answers; it is a registry like any other then. Grows by another thing
//! that may run one.

mod container;
mod download;
mod folder;
mod htpasswd;
mod list;
mod plan;
mod port;
mod process;
mod program;
mod record;
mod remove;
mod room;
mod start;

/// What keeps distribution 3 from looking for somebody who collects its traces.
const TRACES_NOWHERE: [(&str, &str); 1] = [("OTEL_TRACES_EXPORTER", "none")];

pub(crate) use download::Downloading;
pub use room::Hosting;
