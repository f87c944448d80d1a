//! An answer: its head, and the whole of it.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use oci::{MediaType, UtcSeconds};
use std::ops::Deref;
use std::time::{Duration, UNIX_EPOCH};
use url::Url;

use crate::error::{Elsewhere, Error, Kind};
use crate::said::Said;
use crate::tls::fault::TlsFault;
use crate::transport::waiting;

/// How much is read of an answer that says no.
pub(crate) const ERROR_LIMIT: u64 = 64 << 10;

/// How many characters are kept of why an answer can't be read: it may quote the answer.
const LONGEST_WHY: usize = 400;

/// What came back before the body.
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// The request it answers, redacted.
    pub(crate) request: String,
    /// Whether the host that was asked answered, not one it redirected to.
    pub(crate) own: bool,
    /// What a refusal is about where it asked, when TLS began, who connects.
    pub(crate) unproven: Option<TlsFault>,
    /// The other server than the registry that answered, if one did.
    pub(crate) elsewhere: Option<Box<Elsewhere>>,
    /// Where it was answered from, after every redirect.
    pub(crate) url: Url,
}

/// What came back, whole.
pub(crate) struct Answer {
    pub(crate) head: Head,
    pub(crate) bytes: Bytes,
}

impl Deref for Answer {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl Answer {
    /// Returns the answer, if it says yes.
    pub(crate) fn into_success(self) -> Result<Self, Error> {
        if self.head.is_success() {
            Ok(self)
        } else {
            Err(self.into_error())
        }
    }

    /// Returns the error that an answer which says no stands for.
    pub(crate) fn into_error(self) -> Error {
        let Head { status, own, .. } = self.head;
        if (300..400).contains(&status) {
            let why = "a redirect where none is followed".to_owned();
            return Error::new(Kind::Malformed(why), self.head.request).with_status(status);
        }
        if let Some(fault) = self.certificate_fault() {
            return self.about_certificate(fault);
        }
        let lacks_scope = status == 401 && self.lacks_scope();
        let is_spent = self.is_spent();
        let said = Said::read(&self.bytes);
        let retry_after = self.asked_wait(&said);
        let is_limit = said.iter().any(Said::is_rate_limit);
        let mut error = Error::of_status(status, said, retry_after, self.head.request);
        if status == 401 && !own {
            // Another host wants a sign-in: not ours to give, and not the person's fault.
            error.kind = Kind::Denied;
        } else if lacks_scope && error.kind == Kind::SignIn {
            error.kind = Kind::Denied;
        } else if is_spent && error.kind == Kind::Denied {
            error.kind = Kind::TooMany { retry_after };
        } else if is_limit && error.kind == Kind::Denied {
            // GitHub asks for a minute where it says nothing else.
            let retry_after = retry_after.or(Some(Duration::from_mins(1)));
            error.kind = Kind::TooMany { retry_after };
        }
        error
    }

    /// Returns what is wrong with our certificate, where a gate says so in an answer: nginx lets everybody begin TLS, and answers
    /// 400 then, with a page of its own, or 495 and 496 where that is another one (`ngx_http_special_response.c`).
    pub(crate) fn certificate_fault(&self) -> Option<TlsFault> {
        const NONE: &[u8] = b"No required SSL certificate was sent";
        const BAD: &[u8] = b"The SSL certificate error";
        let unproven = self.unproven.clone()?;
        let says = |text: &[u8]| self.bytes.windows(text.len()).any(|part| part == text);
        match self.status {
            496 => Some(unproven),
            400 if says(NONE) => Some(unproven),
            495 => Some(TlsFault::CertificateRefused),
            400 if says(BAD) => Some(TlsFault::CertificateRefused),
            _ => None,
        }
    }

    /// Returns the same of the first answer there is, `GET /v2/`: a gate that asked who connects, and bars the way in words of
    /// its own and not of a registry's (nginx, `if ($ssl_client_verify != SUCCESS) { return 403; }`).
    pub(crate) fn gate_fault(&self) -> Option<TlsFault> {
        let is_barred = matches!(self.status, 400 | 403) && Said::read(&self.bytes).is_empty();
        self.certificate_fault()
            .or_else(|| self.unproven.clone().filter(|_| is_barred))
    }

    /// Makes the error of an answer that is about our certificate.
    pub(crate) fn about_certificate(self, fault: TlsFault) -> Error {
        let Head {
            status,
            request,
            elsewhere,
            ..
        } = self.head;
        Error {
            elsewhere,
            ..Error::new(Kind::Tls(fault), request).with_status(status)
        }
    }

    /// Returns how long the registry asks to be left alone, where it does.
    pub(crate) fn asked_wait(&self, said: &[Said]) -> Option<Duration> {
        let busy = self.status == 429 || self.is_spent() || said.iter().any(Said::is_too_many);
        waiting::asked(&self.headers, self.date(), said, busy)
    }

    /// Tells whether a refusal is one of too many requests, although its status says that something isn't allowed (GitHub).
    fn is_spent(&self) -> bool {
        self.status == 403 && waiting::is_spent(&self.headers)
    }

    /// Makes an error about what the answer holds.
    pub(crate) fn malformed(&self, why: impl Into<String>) -> Error {
        let kind = if self.is_page() {
            Kind::NotARegistry
        } else {
            Kind::Malformed(oci::text::plain(&why.into(), LONGEST_WHY))
        };
        Error::new(kind, self.request.clone()).with_status(self.status)
    }

    /// Tells whether this is a web page.
    pub(crate) fn is_page(&self) -> bool {
        self.is_html() || self.bytes.trim_ascii_start().first() == Some(&b'<')
    }
}

impl Head {
    /// Tells whether it says yes.
    pub(crate) fn is_success(&self) -> bool {
        StatusCode::from_u16(self.status).is_ok_and(|status| status.is_success())
    }

    /// Tells whether it is what a gate says in the registry's place that asked who connects: by a page, as nginx.
    pub(crate) fn bars_strangers(&self) -> bool {
        let is_refusal = matches!(self.status, 400 | 403 | 495 | 496);
        is_refusal && self.unproven.is_some() && self.is_html()
    }

    /// Tells whether it says that a web page follows.
    pub(crate) fn is_html(&self) -> bool {
        matches!(self.content_type(), Some(MediaType::Other(other)) if other == "text/html" || other == "application/xhtml+xml")
    }

    /// Tells whether it says that the token is right but not for this.
    fn lacks_scope(&self) -> bool {
        let challenges = self.headers.get_all(header::WWW_AUTHENTICATE);
        let lacks = |text: &str| text.contains("insufficient_scope");
        challenges
            .iter()
            .any(|challenge| challenge.to_str().is_ok_and(lacks))
    }

    /// Returns a header's text.
    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns the type of what it holds.
    pub(crate) fn content_type(&self) -> Option<MediaType> {
        self.header(header::CONTENT_TYPE)
            .map(MediaType::from_header)
    }

    /// Returns the registry's clock.
    pub(crate) fn date(&self) -> Option<UtcSeconds> {
        let at = httpdate::parse_http_date(self.header(header::DATE)?).ok()?;
        let since = at.duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok().map(UtcSeconds)
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
            head: Head {
                status,
                headers,
                request: "GET /v2/".into(),
                own: true,
                unproven: None,
                elsewhere: None,
                url: Url::parse("https://r.example/v2/").unwrap(),
            },
            bytes: Bytes::from_static(body.as_bytes()),
        }
    }

    #[test]
    fn the_date_is_the_registrys_clock() {
        let at = answer(200, &[("date", "Sat, 21 Nov 2026 02:09:00 GMT")], "")
            .date()
            .unwrap();
        assert_eq!(at.compact(), "20261121t020900");
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
        for ended in [
            r#"{"errors":[{"code":"DENIED","message":"Your authorization token has expired. Reauthenticate and try again."}]}"#,
            r#"{"errors":[{"code":"DENIED","message":"Your Authorization Token has expired. Please run 'aws ecr get-login'"}]}"#,
        ] {
            assert_eq!(kind(403, ended), Kind::SignIn);
        }
        assert_eq!(
            kind(
                403,
                r#"{"errors":[{"code":"DENIED","message":"not yours"}]}"#
            ),
            Kind::Denied
        );
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

    /// Behaviour (waiting): A count that begins anew is a wait only where too many requests are what the answer is about, by its status
    /// or by its code.
    /// Source: GitHub's headers stand on good answers too; distribution-spec, "Error Codes".
    #[test]
    fn only_an_answer_about_too_many_asks_for_the_wait_of_its_count() {
        const TOO_MANY: &str = r#"{"errors":[{"code":"X"},{"code":"toomanyrequests"}]}"#;
        let half_a_minute = Some(Duration::from_secs(30));
        for (status, body, wait) in [
            (429, "", half_a_minute),
            (429, TOO_MANY, half_a_minute),
            (403, TOO_MANY, half_a_minute),
            (503, "", None),
            (403, r#"{"errors":[{"code":"DENIED"}]}"#, None),
        ] {
            let answer = answer(status, &[("x-ratelimit-reset", "30")], body);
            let said = Said::read(&answer.bytes);
            assert_eq!(answer.asked_wait(&said), wait, "{status} {body}");
            let kind = answer.into_error().kind;
            let is_told = kind == Kind::TooMany { retry_after: wait };
            assert_eq!(is_told, wait.is_some(), "{kind:?}");
        }
    }

    /// Behaviour (waiting): A 403 that speaks of a limit of requests is one, though its headers count another that isn't reached.
    /// Source: GitHub's documents, "Rate limits for the REST API": a second limit is 403 or 429, and without `Retry-After` a minute.
    #[test]
    fn a_limit_that_is_told_in_words_is_no_denial() {
        const TOLD: &str = r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}"#;
        let counted = ("x-ratelimit-remaining", "4890");
        let reset = ("x-ratelimit-reset", "3000");
        let kind = |body, headers: &[_]| answer(403, headers, body).into_error().kind;
        let wait = |seconds| Kind::TooMany {
            retry_after: Some(Duration::from_secs(seconds)),
        };
        assert_eq!(kind(TOLD, &[counted, reset]), wait(60));
        assert_eq!(kind(TOLD, &[("retry-after", "7")]), wait(7));
        let exceeded = r#"{"message":"API rate limit exceeded for 203.0.113.7."}"#;
        assert_eq!(kind(exceeded, &[]), wait(60));
        let not_it = r#"{"message":"Resource not accessible by personal access token"}"#;
        assert_eq!(kind(not_it, &[counted, reset]), Kind::Denied);
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
        let mut elsewhere = answer(401, &[], "");
        elsewhere.head.own = false;
        assert_eq!(
            elsewhere.into_success().map(|_| ()).unwrap_err().kind,
            Kind::Denied
        );
    }
}
