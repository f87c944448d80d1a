//! Real servers, started for one test and ended with it.
//!
//! Every part has its own temporary folder, its own port or socket and its own process group; dropping it
//! ends the processes and waits for them. A part that cannot be had on this machine is said, never skipped
//! in silence: see [`need`].

mod display;
mod dockerd;
mod dropping;
mod guard;
mod http_client;
#[cfg(all(unix, not(target_os = "macos")))]
mod notifications;
mod process;
mod programs;
mod proxy;
mod pulp;
mod registry;
mod secret_service;
mod slow_line;
mod sshd;
mod tls;
mod tls_front;
mod token;

pub use display::Display;
pub use dockerd::{Dockerd, EngineTls, Kind as EngineKind};
pub use dropping::HeldFiles;
pub use http_client::{Answer, Door, Http, SignedIn};
#[cfg(all(unix, not(target_os = "macos")))]
pub use notifications::{Notifications, Shown};
pub use process::Process;
pub use programs::{Part, available, find as program, need};
pub use proxy::Proxy;
pub use pulp::{PULP_SECRET, PULP_USER, Pulp};
pub use registry::{Registry, RegistryOptions, Version as RegistryVersion};
pub use secret_service::{SecretService, State};
pub use slow_line::SlowLine;
pub use sshd::{SshClient, Sshd};
pub use tls::{Certificates, Flaw, Handshake};
pub use tls_front::TlsFront;
