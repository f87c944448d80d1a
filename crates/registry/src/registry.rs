//! A registry, and a repository in it: the two handles everything is asked through.

use http::Method;
use oci::{Descriptor, Digest, RepositoryName, Tag};
use std::sync::Arc;

use crate::auth::Scopes;
use crate::transport::{Call, Host};
use crate::{
    At, Endpoint, Error, Fetched, Head, HttpOptions, Kind, Pages, Probe, Put, Referrers, SignIn,
    blobs, manifests, pages, probe, referrers, tags,
};
use bytes::Bytes;
use oci::MediaType;

/// A registry with a sign-in. Cheap to clone; clones share connections, tokens and limits.
#[derive(Clone)]
pub struct Registry(pub(crate) Arc<Host>);

/// A repository in a registry. Cheap to clone.
#[derive(Clone)]
pub struct Repository {
    pub(crate) host: Arc<Host>,
    pub(crate) name: RepositoryName,
}

impl Registry {
    /// A registry at this address, with this sign-in. Nothing is sent yet.
    pub fn new(endpoint: Endpoint, sign_in: SignIn) -> Result<Self, Error> {
        Self::with_options(endpoint, sign_in, &HttpOptions::default())
    }

    /// The same with other ways of speaking HTTP.
    pub fn with_options(
        endpoint: Endpoint,
        sign_in: SignIn,
        options: &HttpOptions,
    ) -> Result<Self, Error> {
        Ok(Self(Arc::new(Host::new(endpoint, sign_in, options)?)))
    }

    /// Where it is.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// Finds out how a host is spoken to, and whether it is a registry at all. No secret is sent.
    ///
    /// HTTPS is tried first, always. Plain HTTP is tried where TLS got nothing but a closed door or plain HTTP, never where a
    /// certificate was refused. A `typed_http` is the person's own `http://`.
    pub async fn probe(host: &oci::Host, typed_http: bool) -> Result<Probe, Error> {
        probe::probe(host, typed_http, &HttpOptions::default()).await
    }

    /// The same with other ways of speaking HTTP.
    pub async fn probe_with(
        host: &oci::Host,
        typed_http: bool,
        options: &HttpOptions,
    ) -> Result<Probe, Error> {
        probe::probe(host, typed_http, options).await
    }

    /// Whether the sign-in is right (distribution-spec, "Determining Support"): `Kind::SignIn` where it is not.
    pub async fn check(&self) -> Result<(), Error> {
        probe::check(&self.0).await
    }

    /// All repositories, a page at a time (`GET /v2/_catalog`; Docker's, not in the OCI spec: many registries refuse it).
    /// Names outside the grammar are left out.
    pub fn catalog(&self) -> Pages<RepositoryName> {
        pages::catalog(Arc::clone(&self.0))
    }

    /// A repository of this registry.
    pub fn repository(&self, name: RepositoryName) -> Repository {
        Repository {
            host: Arc::clone(&self.0),
            name,
        }
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Registry({})", self.0.endpoint)
    }
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repository({}/{})", self.host.endpoint, self.name)
    }
}

impl Repository {
    /// Its name.
    pub fn name(&self) -> &RepositoryName {
        &self.name
    }

    /// All tags, a page at a time (distribution-spec, "Content Discovery"). A list of `null` is an empty one; names outside the
    /// grammar are left out; an unknown repository is `Kind::NotFound`.
    pub fn tags(&self) -> Pages<Tag> {
        tags::tags(self)
    }

    /// What a tag or digest points at, without fetching it; `None` where there is nothing.
    pub async fn head(&self, at: &At) -> Result<Option<Head>, Error> {
        manifests::head(self, at).await
    }

    /// A manifest with its bytes, verified (distribution-spec, "Pulling manifests").
    pub async fn manifest(&self, at: &At) -> Result<Fetched, Error> {
        manifests::get(self, at).await
    }

    /// Stores a manifest byte for byte, and checks that the registry took it for what it is (distribution-spec, "Pushing
    /// manifests").
    pub async fn put_manifest(
        &self,
        at: &At,
        media_type: &MediaType,
        bytes: Bytes,
    ) -> Result<Put, Error> {
        manifests::put(self, at, media_type, bytes).await
    }

    /// A small blob as a whole, verified: configs. Redirects are followed, without the sign-in.
    pub async fn small_blob(&self, descriptor: &Descriptor) -> Result<Bytes, Error> {
        blobs::small(self, descriptor).await
    }

    /// Whether a blob is there.
    pub async fn has_blob(&self, digest: &Digest) -> Result<bool, Error> {
        blobs::exists(self, digest).await
    }

    /// Stores a small blob, where it is not there yet; its digest (distribution-spec, "Pushing blobs").
    pub async fn put_blob(&self, bytes: impl Into<Bytes>) -> Result<Digest, Error> {
        blobs::put(self, bytes.into()).await
    }

    /// What refers to a manifest, by the registry's own list, else by the tag clients keep one under (distribution-spec,
    /// "Listing Referrers").
    pub async fn referrers(&self, of: &Digest) -> Result<Referrers, Error> {
        referrers::referrers(self, of).await
    }

    /// Removes a tag or a manifest (distribution-spec, "Content Management"). `Kind::Unsupported` where deleting is off.
    pub async fn delete(&self, at: &At) -> Result<(), Error> {
        manifests::delete(self, at).await
    }

    /// A request for a path of this repository.
    pub(crate) fn call(
        &self,
        method: Method,
        path: &str,
        actions: &[&str],
        limit: u64,
    ) -> Result<Call, Error> {
        Ok(Call {
            method,
            url: self.host.at(&format!("{}/{path}", self.name))?,
            scopes: Scopes::repository(&self.name, actions),
            accept: None,
            body: None,
            limit,
        })
    }
}

/// A request that found nothing is an answer, not a failure.
pub(crate) fn found<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
