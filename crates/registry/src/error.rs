//! What can go wrong with a registry, as one type.

use oci::Digest;
use std::time::Duration;

use crate::proxy::ProxyFault;
use crate::said::Said;
use crate::tls::fault::TlsFault;
use crate::way::SignInWay;

/// How many characters are kept of what lies beneath an error: it may quote the other side.
const LONGEST_CAUSE: usize = 400;

/// A request that did not give what it was for.
///
/// It holds no secret: the request is a method and a path, without query and user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{request}: {kind}")]
pub struct Error {
    /// What went wrong.
    pub kind: Kind,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// What the registry says about it (distribution-spec, "Error Codes").
    pub said: Box<[Said]>,
    /// The request, such as `GET /v2/team/app/manifests/v1`; with the host where it went to another one.
    pub request: String,
    /// What lies beneath, for a line of detail.
    pub cause: Option<Box<str>>,
    /// The other server that failed, where it was not the registry itself.
    pub elsewhere: Option<Box<Elsewhere>>,
}

/// Another server than the registry, which a request went to on the registry's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The server.
    pub host: oci::Host,
    /// Whether it is where the registry has tokens fetched.
    pub gives_tokens: bool,
}

/// The kinds of failure that are told apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// The host's name does not resolve.
    #[error("the host is not known")]
    UnknownHost,
    /// Nobody answers at the host's address, or the way there is closed.
    #[error("the host cannot be reached")]
    Unreachable,
    /// It took too long.
    #[error("no answer in time")]
    Timeout,
    /// TLS was refused, by us or by them; why.
    #[error("no secure connection: {0}")]
    Tls(TlsFault),
    /// The proxy on the way does not lead there; why.
    #[error("{0}")]
    Proxy(ProxyFault),
    /// TLS was tried and plain HTTP answered.
    #[error("the host speaks plain HTTP, not HTTPS")]
    PlainHttp,
    /// Something answers, but no registry.
    #[error("this is not a registry")]
    NotARegistry,
    /// A sign-in is needed, or the one there is was refused.
    #[error("signing in is needed, or was refused")]
    SignIn,
    /// The registry wants the sign-in in a way, or at a place, nobody agreed to: nothing was sent.
    #[error("the sign-in is wanted in another way: {wanted}")]
    SignInChanged {
        /// The way it wants, to be agreed to.
        wanted: SignInWay,
    },
    /// Whoever keeps the sign-in does not give it; in their words.
    #[error("the sign-in is not to be had: {0}")]
    Source(String),
    /// Signed in, but not allowed.
    #[error("not allowed")]
    Denied,
    /// No such repository, tag, manifest or blob.
    #[error("not found")]
    NotFound,
    /// The registry does not do this.
    #[error("the registry does not support this")]
    Unsupported,
    /// Too many requests.
    #[error("too many requests")]
    TooMany {
        /// How long the registry wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// More bytes than are read of such an answer.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// How many are read.
        limit: u64,
    },
    /// The bytes are not the ones that were asked for.
    #[error("the content does not match its digest: expected {expected}, got {got}")]
    Digest {
        /// The digest that was asked for, or promised.
        expected: Digest,
        /// The digest of what came.
        got: Digest,
    },
    /// An answer that makes no sense; why.
    #[error("an answer that cannot be read: {0}")]
    Malformed(String),
    /// The connection broke before the answer was whole.
    #[error("the answer broke off")]
    CutShort,
    /// The registry failed (5xx).
    #[error("the registry failed")]
    Server,
    /// Refused for a reason of the registry's (other 4xx).
    #[error("the registry refused the request")]
    Refused,
    /// The registry points to another host where it may not.
    #[error("the registry points to another host, {host}")]
    ForeignHost {
        /// The other host.
        host: String,
    },
    /// What was given to us cannot be used.
    #[error("this cannot be used as it is")]
    Invalid,
    /// Whoever asked did not want to wait for the answer.
    #[error("ended before the answer")]
    Ended,
}

/// Tells whether a status is what something on the way says where the registry behind it does not answer.
pub(crate) fn is_in_the_way(status: u16) -> bool {
    matches!(status, 502..=504)
}

/// Turns "not found" into an answer: a request that found nothing has not failed.
pub(crate) fn found<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl Error {
    /// Makes an error without an answer.
    pub(crate) fn new(kind: Kind, request: impl Into<String>) -> Self {
        Self {
            kind,
            status: None,
            said: Box::default(),
            request: request.into(),
            cause: None,
            elsewhere: None,
        }
    }

    /// Adds what lies beneath.
    pub(crate) fn because(mut self, cause: impl AsRef<str>) -> Self {
        self.cause = Some(oci::text::plain(cause.as_ref(), LONGEST_CAUSE).into());
        self
    }

    /// Adds the status of the answer.
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Makes the error that an answer with a status other than success stands for.
    pub(crate) fn of_status(
        status: u16,
        said: Vec<Said>,
        retry_after: Option<Duration>,
        request: impl Into<String>,
    ) -> Self {
        let says = |code: &str| said.iter().any(|said| said.code.eq_ignore_ascii_case(code));
        let kind = match status {
            429 => Kind::TooMany { retry_after },
            _ if says("TOOMANYREQUESTS") => Kind::TooMany { retry_after },
            405 | 501 => Kind::Unsupported,
            _ if says("UNSUPPORTED") => Kind::Unsupported,
            401 => Kind::SignIn,
            403 if said.iter().any(Said::is_ended_sign_in) => Kind::SignIn,
            403 => Kind::Denied,
            404 => Kind::NotFound,
            407 => Kind::Proxy(ProxyFault::SignIn),
            408 => Kind::Timeout,
            400..=499 => Kind::Refused,
            500..=599 => Kind::Server,
            other => Kind::Malformed(format!("status {other}")),
        };
        Self {
            said: said.into(),
            ..Self::new(kind, request)
        }
        .with_status(status)
    }

    /// Tells whether the same request may succeed in a moment.
    pub fn is_transient(&self) -> bool {
        match self.kind {
            Kind::TooMany { .. } | Kind::CutShort => true,
            Kind::Server => self.status.is_some_and(is_in_the_way),
            _ => false,
        }
    }

    /// Tells whether nothing of the registry's came: it can't be reached, or something on the way answers in its place.
    pub fn is_no_answer(&self) -> bool {
        match self.kind {
            Kind::UnknownHost
            | Kind::Unreachable
            | Kind::Tls(_)
            | Kind::Proxy(_)
            | Kind::PlainHttp => true,
            Kind::Timeout | Kind::CutShort => self.status.is_none(),
            Kind::Server => self.status.is_some_and(is_in_the_way),
            _ => false,
        }
    }

    /// Tells whether the question stands as it did: nothing came, or it was ended on purpose.
    pub fn was_not_answered(&self) -> bool {
        self.kind == Kind::Ended || self.is_no_answer()
    }

    /// Returns what the registry says in its own words, where it says something.
    pub fn own_words(&self) -> Option<String> {
        let words: Vec<&str> = self
            .said
            .iter()
            .map(Said::words)
            .filter(|words| !words.is_empty())
            .collect();
        if words.is_empty() {
            None
        } else {
            Some(words.join("; "))
        }
    }

    /// Tells whether the registry gave this code, such as `NAME_UNKNOWN`.
    pub fn has_code(&self, code: &str) -> bool {
        self.said.iter().any(|said| said.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_tells_more_than_a_status() {
        let error = |status, code: &str| {
            let said = Said {
                code: code.into(),
                ..Said::default()
            };
            Error::of_status(status, vec![said], None, "GET /v2/")
        };
        let busy = Kind::TooMany { retry_after: None };
        for (status, code, kind) in [
            (403, "toomanyrequests", busy.clone()),
            (503, "TOOMANYREQUESTS", busy),
            (400, "unsupported", Kind::Unsupported),
            (403, "DENIED", Kind::Denied),
        ] {
            assert_eq!(error(status, code).kind, kind, "{status} {code}");
        }
        let unknown = error(404, "NAME_UNKNOWN");
        assert!(unknown.has_code("NAME_UNKNOWN") && !unknown.has_code("BLOB_UNKNOWN"));
    }

    #[test]
    fn what_came_from_nobody_is_no_answer() {
        for (kind, status, is_none) in [
            (Kind::UnknownHost, None, true),
            (Kind::Unreachable, None, true),
            (Kind::Tls(TlsFault::Expired), None, true),
            (Kind::PlainHttp, None, true),
            (Kind::Timeout, None, true),
            (Kind::CutShort, None, true),
            // The registry says itself that it waited too long, and a body that broke off had begun.
            (Kind::Timeout, Some(408), false),
            (Kind::CutShort, Some(200), false),
            (Kind::Server, Some(502), true),
            (Kind::Server, Some(500), false),
            (Kind::Denied, Some(403), false),
            (Kind::Ended, None, false),
        ] {
            let error = Error {
                status,
                ..Error::new(kind.clone(), "GET /v2/")
            };
            assert_eq!(error.is_no_answer(), is_none, "{kind:?} {status:?}");
            let stands = is_none || kind == Kind::Ended;
            assert_eq!(error.was_not_answered(), stands, "{kind:?} {status:?}");
        }
    }
}
