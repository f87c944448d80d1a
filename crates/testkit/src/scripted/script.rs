//! What one test alone wants to be answered, before anything else is.
//!
//! A function of a request; where it gives no answer, the registry answers as its switches say. Not here: what more than one test
//! wants, which is a switch (`faults`). Grows by what such a function may see.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use std::fmt;
use std::sync::Arc;
use url::form_urlencoded;

use super::hooks::Hand;
use super::reply::Reply;

/// A request as it arrived.
pub struct Asked<'a> {
    /// The method.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The query, as it was sent.
    pub query: &'a str,
    /// The `Authorization` header, or nothing.
    pub authorization: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// What is done in the registry without asking it.
    pub hand: &'a Hand,
    headers: &'a HeaderMap,
}

impl<'a> Asked<'a> {
    pub(super) fn of(parts: &'a http::request::Parts, body: &'a [u8], hand: &'a Hand) -> Self {
        Self {
            hand,
            headers: &parts.headers,
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            authorization: text(&parts.headers, &header::AUTHORIZATION),
            body,
        }
    }

    /// Returns the text of a header, or nothing.
    pub fn header(&self, name: &'static str) -> &str {
        text(self.headers, &HeaderName::from_static(name))
    }

    /// Returns the token it was sent with, or nothing.
    pub fn token(&self) -> &str {
        self.authorization
            .strip_prefix("Bearer ")
            .unwrap_or_default()
    }

    /// Tells whether it was sent with this user and secret.
    pub fn is_user(&self, user: &str, secret: &str) -> bool {
        self.authorization == format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")))
    }

    /// Tells whether it was sent with this secret, whoever's it is said to be.
    pub fn has_secret(&self, secret: &str) -> bool {
        let sent = self.authorization.strip_prefix("Basic ");
        let sent = sent.and_then(|sent| STANDARD.decode(sent).ok());
        sent.is_some_and(|sent| sent.ends_with(format!(":{secret}").as_bytes()))
    }

    /// Returns each value of a field of its query, or of its form where it sends one.
    pub fn fields(&self, name: &str) -> Vec<String> {
        let of = if self.method == Method::POST.as_str() {
            self.body
        } else {
            self.query.as_bytes()
        };
        let fields = form_urlencoded::parse(of).filter(|(key, _)| key == name);
        fields.map(|(_, value)| value.into_owned()).collect()
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// What is answered.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Answer {
    /// Makes an answer without a body.
    pub fn of(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// Makes a 200 with JSON.
    pub fn json(body: impl fmt::Display) -> Self {
        let mut answer = Self::of(200).with("content-type", "application/json");
        answer.body = body.to_string();
        answer
    }

    /// Makes a web page.
    pub fn page(status: u16, html: impl Into<String>) -> Self {
        let mut answer = Self::of(status).with("content-type", "text/html");
        answer.body = html.into();
        answer
    }

    /// Makes a 200 with a text of this kind.
    pub fn text(kind: impl Into<String>, text: impl Into<String>) -> Self {
        let mut answer = Self::of(200).with("content-type", kind);
        answer.body = text.into();
        answer
    }

    /// Makes a redirect.
    pub fn redirect(status: u16, to: impl Into<String>) -> Self {
        Self::of(status).with("location", to)
    }

    /// Makes a 401 with this challenge.
    pub fn challenge(challenge: impl Into<String>) -> Self {
        Self::of(401).with("www-authenticate", challenge)
    }

    /// Answers the same with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a header; one of the same name stays.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn reply(&self) -> Reply {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::IM_A_TEAPOT);
        let mut reply = Reply::new(status);
        reply.bytes = self.body.clone().into();
        let headers = self.headers.iter();
        headers.fold(reply, |reply, (name, value)| reply.with(*name, value))
    }
}

type Answering = dyn Fn(&Asked<'_>) -> Option<Answer> + Send + Sync;

/// A function of requests.
#[derive(Clone)]
pub struct Script(Arc<Answering>);

impl Script {
    /// Makes a script; where it gives nothing, the registry answers by itself.
    pub fn new(answer: impl Fn(&Asked<'_>) -> Option<Answer> + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }

    pub(super) fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        (self.0)(asked)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}
