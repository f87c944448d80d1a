//! An answer with its whole body, of which no more is read than it may have.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header};
use oci::{MediaType, UtcSeconds};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::{Error, Kind, Said, failure};

/// How much is read of an answer that says no.
pub(crate) const ERROR_LIMIT: u64 = 64 * 1024;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
    /// The request it answers, redacted.
    pub(crate) request: String,
    /// Whether the host that was asked answered, not one it redirected to.
    pub(crate) own: bool,
}

impl Answer {
    pub(super) async fn read(
        mut response: reqwest::Response,
        request: String,
        own: bool,
        limit: u64,
    ) -> Result<Self, Error> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let good = status.is_success();
        let too_large =
            || Error::new(Kind::TooLarge { limit }, request.clone()).with_status(status.as_u16());
        // The length of an answer to HEAD is that of what is not sent.
        if good
            && response
                .content_length()
                .is_some_and(|length| length > limit)
        {
            return Err(too_large());
        }
        let most = usize::try_from(if good { limit } else { ERROR_LIMIT }).unwrap_or(usize::MAX);
        let mut bytes = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() <= most => {
                    bytes.extend_from_slice(&chunk);
                }
                Ok(Some(_)) if good => return Err(too_large()),
                Ok(None | Some(_)) => break,
                // What a refusal says is a courtesy; its status is enough.
                Err(_) if !good => break,
                Err(error) => return Err(cut(error, &request)),
            }
        }
        Ok(Self {
            status: status.as_u16(),
            headers,
            bytes: bytes.freeze(),
            request,
            own,
        })
    }

    /// The answer, if it says yes.
    pub(crate) fn into_success(self) -> Result<Self, Error> {
        if StatusCode::from_u16(self.status).is_ok_and(|status| status.is_success()) {
            return Ok(self);
        }
        if (300..400).contains(&self.status) {
            let why = "a redirect where none is followed".to_owned();
            return Err(Error::new(Kind::Malformed(why), self.request).with_status(self.status));
        }
        let lacks_scope = self.status == 401 && crate::auth::Challenge::lacks_scope(&self.headers);
        let retry_after = self.retry_after();
        let mut error = Error::of_status(
            self.status,
            Said::read(&self.bytes),
            retry_after,
            self.request,
        );
        if self.status == 401 && !self.own {
            // Another host wants a sign-in: not ours to give, and not the person's fault.
            error.kind = Kind::Denied;
        } else if lacks_scope && error.kind == Kind::SignIn {
            error.kind = Kind::Denied;
        }
        Err(error)
    }

    /// An error about what the answer holds.
    pub(crate) fn malformed(&self, why: impl Into<String>) -> Error {
        let kind = if self.is_page() {
            Kind::NotARegistry
        } else {
            Kind::Malformed(why.into())
        };
        Error::new(kind, self.request.clone()).with_status(self.status)
    }

    /// Whether this is a web page.
    pub(crate) fn is_page(&self) -> bool {
        let html = matches!(self.content_type(), Some(MediaType::Other(other)) if other == "text/html" || other == "application/xhtml+xml");
        html || self.bytes.trim_ascii_start().first() == Some(&b'<')
    }

    /// A header's text.
    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The type of what it holds.
    pub(crate) fn content_type(&self) -> Option<MediaType> {
        self.header(header::CONTENT_TYPE)
            .map(MediaType::from_header)
    }

    /// The registry's clock.
    pub(crate) fn date(&self) -> Option<UtcSeconds> {
        let at = httpdate::parse_http_date(self.header(header::DATE)?).ok()?;
        let since = at.duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok().map(UtcSeconds)
    }

    /// How long to wait: seconds, or a moment by the registry's own clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let text = self.header(header::RETRY_AFTER)?.trim();
        if let Ok(seconds) = text.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        let until = httpdate::parse_http_date(text).ok()?;
        let now = self
            .header(header::DATE)
            .and_then(|date| httpdate::parse_http_date(date).ok())
            .unwrap_or_else(SystemTime::now);
        Some(until.duration_since(now).unwrap_or_default())
    }
}

/// While a body is read there is no other failure than silence and the end of the connection.
fn cut(error: reqwest::Error, request: &str) -> Error {
    let error = failure::of(error, request);
    if error.kind == Kind::Timeout {
        error
    } else {
        Error {
            kind: Kind::CutShort,
            ..error
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &'static str) -> Answer {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    value.parse().unwrap(),
                )
            })
            .collect();
        Answer {
            status,
            headers,
            bytes: Bytes::from_static(body.as_bytes()),
            request: "GET /v2/".into(),
            own: true,
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_moment_by_the_registrys_clock() {
        let wait = |headers: &[(&'static str, &str)]| answer(429, headers, "").retry_after();
        assert_eq!(wait(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        let date = ("date", "Sat, 21 Nov 2026 02:09:00 GMT");
        assert_eq!(
            wait(&[date, ("retry-after", "Sat, 21 Nov 2026 02:10:30 GMT")]),
            Some(Duration::from_secs(90))
        );
        assert_eq!(
            wait(&[date, ("retry-after", "Sat, 21 Nov 2026 02:00:00 GMT")]),
            Some(Duration::ZERO)
        );
        assert_eq!(
            (
                wait(&[("retry-after", "soon")]),
                wait(&[("retry-after", "-1")]),
                wait(&[])
            ),
            (None, None, None)
        );
    }

    #[test]
    fn the_date_is_the_registrys_clock() {
        let at = answer(200, &[("date", "Sat, 21 Nov 2026 02:09:00 GMT")], "")
            .date()
            .unwrap();
        assert_eq!(at.compact(), "20261121t020900z");
        assert_eq!(answer(200, &[("date", "today")], "").date(), None);
    }

    #[test]
    fn statuses_become_kinds() {
        let kind = |status, body| {
            answer(status, &[], body)
                .into_success()
                .map(|_| ())
                .unwrap_err()
                .kind
        };
        assert_eq!(kind(401, ""), Kind::SignIn);
        assert_eq!(kind(403, ""), Kind::Denied);
        assert_eq!(kind(404, "<html>"), Kind::NotFound);
        assert_eq!(kind(405, ""), Kind::Unsupported);
        assert_eq!(
            kind(400, r#"{"errors":[{"code":"UNSUPPORTED"}]}"#),
            Kind::Unsupported
        );
        assert_eq!(kind(413, ""), Kind::Refused);
        assert_eq!(kind(500, ""), Kind::Server);
        assert_eq!(kind(429, ""), Kind::TooMany { retry_after: None });
        assert!(matches!(kind(302, ""), Kind::Malformed(_)));
        assert!(answer(201, &[], "").into_success().is_ok());
    }

    #[test]
    fn a_sign_in_that_is_right_but_not_for_this_is_a_denial() {
        let lacking = (
            "www-authenticate",
            r#"Bearer realm="https://a/t",error="insufficient_scope""#,
        );
        assert_eq!(
            answer(401, &[lacking], "")
                .into_success()
                .map(|_| ())
                .unwrap_err()
                .kind,
            Kind::Denied
        );
        let elsewhere = Answer {
            own: false,
            ..answer(401, &[], "")
        };
        assert_eq!(
            elsewhere.into_success().map(|_| ()).unwrap_err().kind,
            Kind::Denied
        );
    }
}
