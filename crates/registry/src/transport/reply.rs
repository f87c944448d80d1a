//! An answer at the end of its headers: its body is still to be read, whole or piece by piece.

use bytes::{Bytes, BytesMut};
use std::ops::Deref;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{self, Instant};

use super::answer::{Answer, ERROR_LIMIT, Head};
use super::record::Record;
use crate::error::{Error, Kind};
use crate::failure;
use crate::observer::Observed;

/// How often the bytes of a body are noted as a sign of life, at most.
const BEAT: Duration = Duration::from_secs(1);

/// An answer whose body has not been read.
pub(crate) struct Reply {
    pub(crate) head: Head,
    pub(super) response: reqwest::Response,
    /// The place among the requests of this host, held until the body is read or given up.
    pub(super) _permit: Option<OwnedSemaphorePermit>,
    pub(super) record: Record,
    /// How long the body may be silent.
    pub(super) silence: Duration,
    /// Who is told that the body comes.
    pub(crate) pulse: Option<Pulse>,
}

/// Tells an observer now and then that a body comes: a long one is no silence.
pub(crate) struct Pulse {
    observed: Observed,
    last: Instant,
}

impl Pulse {
    /// Makes the pulse of an answer whose headers were noted just now.
    pub(crate) fn new(observed: Observed) -> Self {
        Self {
            observed,
            last: Instant::now(),
        }
    }

    fn beat(&mut self) {
        if self.last.elapsed() < BEAT {
            return;
        }
        self.last = Instant::now();
        if let Some(observer) = self.observed.get() {
            observer.answered();
        }
    }
}

impl Deref for Reply {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl Reply {
    /// Returns how many bytes the body promises to have.
    pub(crate) fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// Reads the next piece of the body; `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let read = match time::timeout(self.silence, self.response.chunk()).await {
            Ok(read) => read.map_err(|error| cut(error, &self.head.request)),
            Err(_) => Err(silent(&self.head.request)),
        };
        match &read {
            Ok(piece) => {
                self.record.received(piece.as_ref().map_or(0, Bytes::len));
                if let Some(pulse) = &mut self.pulse {
                    pulse.beat();
                }
            }
            Err(error) => self.record.failed(error),
        }
        read
    }

    /// Reads the whole body, no more than `limit` bytes of a good answer and no longer than `longest`.
    pub(crate) async fn whole(self, limit: u64, longest: Duration) -> Result<Answer, Error> {
        let until = Instant::now() + longest;
        let request = self.head.request.clone();
        time::timeout_at(until, self.read(limit))
            .await
            .unwrap_or_else(|_| Err(silent(&request)))
    }

    async fn read(mut self, limit: u64) -> Result<Answer, Error> {
        let good = self.head.is_success();
        let too_large = |head: &Head| {
            Error::new(Kind::TooLarge { limit }, head.request.clone()).with_status(head.status)
        };
        // The length of an answer to HEAD is that of what is not sent.
        if good && self.length().is_some_and(|length| length > limit) {
            return Err(too_large(&self.head));
        }
        let most = usize::try_from(if good { limit } else { ERROR_LIMIT }).unwrap_or(usize::MAX);
        let mut bytes = BytesMut::new();
        loop {
            match self.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() <= most => {
                    bytes.extend_from_slice(&chunk);
                }
                Ok(Some(_)) if good => return Err(too_large(&self.head)),
                Ok(None | Some(_)) => break,
                // What a refusal says is a courtesy; its status is enough.
                Err(_) if !good => break,
                // It did answer, with this status.
                Err(error) => return Err(error.with_status(self.head.status)),
            }
        }
        Ok(Answer {
            head: self.head,
            bytes: bytes.freeze(),
        })
    }
}

/// Names the failure of a body: beside silence, which is counted here, there is none but the end of the connection. What came in
/// its place may be no TLS, which says nothing of the certificate.
fn cut(error: reqwest::Error, request: &str) -> Error {
    Error {
        kind: Kind::CutShort,
        ..failure::of(error, request)
    }
}

/// Makes the error of a body or an answer that did not come in time.
pub(super) fn silent(request: &str) -> Error {
    Error::new(Kind::Timeout, request).because("nothing came for too long")
}
