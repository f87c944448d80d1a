//! The distribution protocol: what every container registry speaks (OCI distribution-spec 1.1, with the catalog and the token
//! sign-in that Docker's registry added).
//!
//! It knows no vendor: what one registry adds or does differently lives elsewhere. It keeps nothing on disk and shows nothing; it
//! answers with values of `oci` and with one [`Error`] type. Every request goes through one path (`transport::send`): redacted,
//! limited per host, signed in, retried, its answer bounded; and every manifest or blob that is returned has the digest it was
//! asked by. All bytes from a registry are taken for hostile.
//!
//! It may grow with the protocol: uploads of layers, ranges.

mod auth;
mod blobs;
mod endpoint;
mod error;
mod failure;
mod manifests;
mod options;
mod pages;
mod probe;
mod referrers;
mod registry;
mod said;
mod tags;
mod tls;
mod transport;

pub use auth::SignIn;
pub use endpoint::{Endpoint, Scheme};
pub use error::{Error, Kind};
pub use manifests::{At, Fetched, Head, Put};
pub use options::HttpOptions;
pub use pages::Pages;
pub use probe::Probe;
pub use referrers::{Referrer, Referrers};
pub use registry::{Registry, Repository};
pub use said::Said;

/// The largest manifest or config that is read: what distribution, Harbor, zot and ECR take.
pub const MANIFEST_LIMIT: u64 = 4 * 1024 * 1024;
/// The largest page of a list that is read. distribution 2.8 sends all tags of a repository as one page.
pub const LIST_LIMIT: u64 = 16 * 1024 * 1024;
