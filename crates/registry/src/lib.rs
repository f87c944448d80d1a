//! The distribution protocol: what every container registry speaks (OCI distribution-spec 1.1, with the catalog and the token
//! sign-in that Docker's registry added).
//!
//! It knows no vendor: what one registry adds or does differently lives elsewhere. It keeps nothing on disk and shows nothing; it
//! answers with values of `oci` and with one [`Error`] type. Every request goes through one path (`host`): redacted, limited per
//! host, signed in, retried, its answer bounded. Every manifest or small blob that is returned has the digest it was asked by; a
//! layer comes as a stream, which says that of itself at its end only. All bytes from a registry are taken for hostile.
//!
//! Each request is one event of `tracing` under the target `registry::request`, without anything secret. It may grow with the
//! protocol.

mod address;
mod api;
mod approved;
mod ask;
mod auth;
mod beside;
mod besides;
mod blob_reader;
mod blob_source;
mod blobs;
mod body;
mod catalog;
mod check;
mod endpoint;
mod error;
mod failure;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod heads;
mod host;
mod instead;
mod limits;
mod manifests;
mod named;
mod observer;
mod options;
mod pages;
mod probe;
mod probing;
mod proof;
mod proxy;
mod rate;
mod referrers;
mod registry;
mod said;
mod secret_header;
mod seen;
mod small_upload;
mod tags;
mod tls;
mod transport;
mod uploads;
mod verifier;
mod visit;
mod way;

pub use api::{Api, AskFor, Proof, Show};
pub use ask::{Ask, AskHeader, Next, Told};
pub use auth::{Asking, Given, Shows, SignIn, SignInSource, TokenActions, TokenMaker};
pub use beside::Server;
pub use blob_reader::BlobReader;
pub use body::{Bytestream, Source};
pub use endpoint::{Endpoint, Scheme};
pub use error::{Elsewhere, Error, Kind};
pub use instead::Instead;
pub use limits::{LIST_LIMIT, MANIFEST_LIMIT, REPOSITORIES_MOST, TAGS_MOST};
pub use named::{At, Fetched, Head, Put};
pub use observer::Observer;
pub use options::{HttpOptions, TlsOptions};
pub use pages::{Doubt, Entry, Listing, Pages};
pub use probe::Probe;
pub use probing::{Beginning, Greeting, Paging};
pub use proxy::{Proxy, ProxyError, ProxyFault, ProxyOptions};
pub use rate::RateLimit;
pub use referrers::{Referrer, Referrers};
pub use registry::{Registry, Repository, WeakRegistry};
pub use said::Said;
pub use secret_header::SecretHeader;
pub use seen::{Seen, SeenChallenge};
pub use tls::fault::TlsFault;
pub use tls::files::{Authority, ClientPair, FileFault};
pub use tls::fingerprint::{Fingerprint, FingerprintError};
pub use tls::presented::Presented;
pub use uploads::{Committed, Standing, Started, Upload};
pub use verifier::Verifier;
pub use way::{Origin, SignInWay, SignInWays, WayError};
