//! One line of the log for each request, told when the request has ended.
//!
//! It holds what an error tells too and no more: method, host and path without query, status, time, bytes. Never a header's value,
//! a body, a token or a user. Not here: who listens. Grows by numbers.

use http::Method;
use std::time::Instant;
use url::Url;

use crate::endpoint;
use crate::error::Error;

/// A request under way.
pub(crate) struct Record {
    method: Method,
    host: String,
    path: String,
    own: bool,
    scheme: String,
    attempt: u32,
    started: Instant,
    status: Option<u16>,
    received: u64,
    failure: Option<String>,
}

impl Record {
    /// Begins the record of a request. Of another host than the registry's no path is kept: signed URLs hold secrets there too.
    pub(super) fn new(method: &Method, url: &Url, base: &Url, attempt: u32) -> Self {
        let own = endpoint::same_host(url, base);
        let path = if own {
            endpoint::path_of(url)
        } else {
            "…".to_owned()
        };
        Self {
            method: method.clone(),
            host: endpoint::host_of(url),
            path,
            own,
            scheme: url.scheme().to_owned(),
            attempt,
            started: Instant::now(),
            status: None,
            received: 0,
            failure: None,
        }
    }

    /// Returns the request for people: no query, no user, and the host only where it is another one.
    pub(super) fn request(&self) -> String {
        let Self {
            method, host, path, ..
        } = self;
        if self.own {
            format!("{method} {path}")
        } else {
            format!("{method} {}://{host}/{path}", self.scheme)
        }
    }

    /// Notes the status of the answer.
    pub(super) fn answered(&mut self, status: u16) {
        self.status = Some(status);
    }

    /// Counts bytes of the answer's body.
    pub(super) fn received(&mut self, bytes: usize) {
        self.received += bytes as u64;
    }

    /// Notes why the request failed.
    pub(super) fn failed(&mut self, error: &Error) {
        self.failure = Some(error.kind.to_string());
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        tracing::debug!(
            target: "registry::request",
            method = self.method.as_str(),
            host = self.host.as_str(),
            path = self.path.as_str(),
            status = self.status,
            milliseconds = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            bytes = self.received,
            attempt = self.attempt,
            failure = self.failure.as_deref(),
        );
    }
}
