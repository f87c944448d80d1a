//! How requests are made.

use std::time::Duration;

/// What differs between one way of speaking HTTP and another.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Certificates of authorities that are trusted beside the system's, each as PEM.
    pub extra_roots: Vec<Vec<u8>>,
    /// The wait before the first retry; it doubles with each.
    pub first_wait: Duration,
    /// The longest a `Retry-After` is waited for. Where a registry asks for more, the person is told instead.
    pub longest_wait: Duration,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long an answer may be silent, and how long nothing of a body may be taken.
    pub read_timeout: Duration,
    /// How long the answer to one request may take as a whole: an end for one that comes a byte at a time. Streams have no such
    /// end, or a layer of some gigabytes would never arrive on a slow line.
    pub longest: Duration,
    /// How long the answers to all pages of a list may take together.
    pub longest_list: Duration,
    /// How long whoever keeps a sign-in is left alone between two questions: what was refused is asked for anew no sooner.
    pub source_rest: Duration,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            extra_roots: Vec::new(),
            first_wait: Duration::from_millis(300),
            longest_wait: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            longest: Duration::from_mins(5),
            longest_list: Duration::from_mins(2),
            source_rest: Duration::from_secs(30),
        }
    }
}
