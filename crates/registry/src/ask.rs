//! A question beside the protocol, to a server's own interface; and what it told.
//!
//! A question is built of segments, so that nothing from outside makes a path, a query or a header of it. Not here: who asks, and
//! with which sign-in (`api`). Grows by a part of a question that some server wants.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};
use oci::{MediaType, RepositoryName, UtcSeconds};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::auth::Scopes;
use crate::body::Body;
use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::limits::MANIFEST_LIMIT;
use crate::pages::{self, Told as ToldNext};
use crate::transport::{Answer, Follow};

/// The most bytes of an answer that are read, where a question doesn't say otherwise.
const MOST: u64 = MANIFEST_LIMIT;
/// How long one value may be: longer than any name.
const LONGEST: usize = 2048;

/// A question to a server's own interface.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    /// The query of the link that this question follows, in place of its own.
    follows: Option<Next>,
    body: Option<(&'static str, Bytes)>,
    headers: Vec<(AskHeader, &'static str)>,
    most: u64,
    /// Whether it is asked once alone, whatever becomes of it.
    pub(crate) is_once: bool,
    /// Why it can't be asked.
    wrong: Option<&'static str>,
}

/// The headers that a question may have beside those that every one has; none of them holds a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskHeader {
    /// What kinds of answers are taken.
    Accept,
    /// `X-Requested-With`, which some servers want of whoever is no web page (Quay).
    RequestedWith,
    /// `X-GitHub-Api-Version`.
    GithubApiVersion,
    /// `X-Amz-Target`, the name of what is called (AWS).
    AmzTarget,
}

impl AskHeader {
    fn name(self) -> HeaderName {
        match self {
            Self::Accept => header::ACCEPT,
            Self::RequestedWith => HeaderName::from_static("x-requested-with"),
            Self::GithubApiVersion => HeaderName::from_static("x-github-api-version"),
            Self::AmzTarget => HeaderName::from_static("x-amz-target"),
        }
    }
}

impl Ask {
    fn new(method: Method) -> Self {
        Self {
            method,
            path: String::new(),
            query: Vec::new(),
            follows: None,
            body: None,
            headers: Vec::new(),
            most: MOST,
            is_once: false,
            wrong: None,
        }
    }

    /// Begins a question that reads.
    pub fn get() -> Self {
        Self::new(Method::GET)
    }

    /// Begins a question by POST. It is never sent twice.
    pub fn post() -> Self {
        Self::new(Method::POST)
    }

    /// Begins a question by PUT.
    pub fn put() -> Self {
        Self::new(Method::PUT)
    }

    /// Begins a question by PATCH. It is never sent twice.
    pub fn patch() -> Self {
        Self::new(Method::PATCH)
    }

    /// Begins a question that deletes.
    pub fn delete() -> Self {
        Self::new(Method::DELETE)
    }

    /// Adds a part of the path as it stands in the source: `/api/v2.0/projects`.
    #[must_use]
    pub fn at(mut self, literal: &'static str) -> Self {
        self.path.push_str(literal);
        self
    }

    /// Adds one segment, whatever is in it: `/` is `%2F`.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        self.check(value);
        let encoded = encoded(value);
        self.segment(&encoded)
    }

    /// Adds one segment encoded twice: `/` is `%252F`, as Harbor wants the names of repositories.
    #[must_use]
    pub fn twice(mut self, value: &str) -> Self {
        self.check(value);
        let twice = encoded(&encoded(value));
        self.segment(&twice)
    }

    /// Adds the name of a repository, its segments as they are.
    #[must_use]
    pub fn name(self, name: &RepositoryName) -> Self {
        self.segment(name.as_str())
    }

    /// Adds a pair to the query.
    #[must_use]
    pub fn query(mut self, key: &'static str, value: impl std::fmt::Display) -> Self {
        self.query.push((key, value.to_string()));
        self
    }

    /// Asks for the page that a link of an earlier answer leads to. The link is believed in its query alone: the path stays.
    #[must_use]
    pub fn following(mut self, next: &Next) -> Self {
        self.follows = Some(next.clone());
        self
    }

    /// Adds a body of JSON, in which no secret is.
    #[must_use]
    pub fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.body = Some(("application/json", Bytes::from(bytes))),
            Err(_) => self.wrong = Some("a body that is no JSON"),
        }
        self
    }

    /// Adds a header, with a text that stands in the source.
    #[must_use]
    pub fn header(mut self, header: AskHeader, text: &'static str) -> Self {
        self.headers.push((header, text));
        self
    }

    /// Reads at most so many bytes of the answer.
    #[must_use]
    pub fn most(mut self, bytes: u64) -> Self {
        self.most = bytes;
        self
    }

    /// Asks once, whatever becomes of it: where somebody else can be asked instead.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.is_once = true;
        self
    }

    fn segment(mut self, encoded: &str) -> Self {
        self.path.push('/');
        self.path.push_str(encoded);
        self
    }

    /// Refuses what would be another path than the one that is meant.
    fn check(&mut self, value: &str) {
        if value.is_empty() || value.len() > LONGEST || value.bytes().all(|byte| byte == b'.') {
            self.wrong = Some("a name that can't stand in an address");
        }
    }

    /// Makes the request to a server. A redirect is followed nowhere: an interface has no reason for one.
    pub(crate) fn call(&self, host: &Host, scopes: Scopes) -> Result<Call, Error> {
        let invalid = |why: &str| {
            let request = format!("{} {}", self.method, self.path);
            Error::new(Kind::Invalid, request).because(why)
        };
        if let Some(why) = self.wrong {
            return Err(invalid(why));
        }
        let mut url = host.base().clone();
        url.set_path(&self.path);
        // What the library made of it is what was written: nothing was folded away.
        if url.path() != self.path {
            return Err(invalid("an address that reads otherwise"));
        }
        url.set_query(None);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        if let Some(next) = &self.follows {
            url = next.of(&url).map_err(|_| invalid("a link to nowhere"))?;
        }
        let mut call = Call::new(self.method.clone(), url, scopes, self.most);
        call.accept = Some("application/json");
        call.follow = Some(Follow::Nowhere);
        for (header, text) in &self.headers {
            if *header == AskHeader::Accept {
                call.accept = Some(text);
            } else {
                let text = HeaderValue::from_static(text);
                call.headers.insert(header.name(), text);
            }
        }
        if let Some((media_type, bytes)) = &self.body {
            call.body = Body::Whole(MediaType::from_header(media_type), bytes.clone());
        }
        Ok(call)
    }
}

/// Encodes all but what never needs it.
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            // Writing to a text never fails.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

/// Where the next page of a list is, as a link said: its query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Next(String);

impl Next {
    fn of(&self, list: &Url) -> Result<Url, Kind> {
        pages::next_page(list, &self.0)
    }
}

/// What was told, with a status that says yes.
pub struct Told(Answer);

impl Told {
    pub(crate) fn new(answer: Answer) -> Self {
        Self(answer)
    }

    /// Returns the status.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// Reads it as JSON. A web page, or what has another shape, is an error.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.0.bytes).map_err(|why| self.0.malformed(why.to_string()))
    }

    /// Makes the error of an answer that can be read and makes no sense.
    pub fn makes_no_sense(&self, why: &'static str) -> Error {
        self.0.malformed(why)
    }

    /// Returns where the next page is, where a `Link` says that there is one.
    pub fn next(&self) -> Option<Next> {
        match pages::told(self.0.headers.get_all(header::LINK).iter()) {
            ToldNext::Next(target) => Some(Next(target.to_owned())),
            ToldNext::Nothing | ToldNext::Unreadable => None,
        }
    }

    /// Returns how many entries the whole list has, where that is told.
    pub fn total(&self) -> Option<u64> {
        self.0.header("x-total-count")?.trim().parse().ok()
    }

    /// Returns the server's clock.
    pub fn date(&self) -> Option<UtcSeconds> {
        self.0.date()
    }

    /// Returns a header's text.
    pub fn header(&self, name: &'static str) -> Option<&str> {
        self.0.header(name)
    }
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Told({}, {})", self.0.request, self.0.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::SignIn;
    use crate::endpoint::{Endpoint, Scheme};
    use crate::options::HttpOptions;

    fn url(ask: &Ask) -> Result<String, Error> {
        let endpoint = Endpoint {
            scheme: Scheme::Https,
            host: oci::Host::parse("r.example").unwrap(),
        };
        let host = Host::new(endpoint, SignIn::Anonymous, None, &HttpOptions::default()).unwrap();
        ask.call(&host, Scopes::default())
            .map(|call| call.url.to_string())
    }

    #[test]
    fn what_comes_from_outside_is_one_segment_or_one_value() {
        let ask = Ask::get()
            .at("/api/v2.0/projects")
            .value("a b?x#y/..")
            .at("/repositories")
            .twice("team/app")
            .query("q", "tags=nil&x=1");
        assert_eq!(
            url(&ask).unwrap(),
            "https://r.example/api/v2.0/projects/a%20b%3Fx%23y%2F../repositories/team%252Fapp?q=tags%3Dnil%26x%3D1"
        );
        let name = RepositoryName::parse("team/app").unwrap();
        assert_eq!(
            url(&Ask::get().at("/x").name(&name)).unwrap(),
            "https://r.example/x/team/app"
        );
    }

    #[test]
    fn hostile_what_would_be_another_path_is_not_asked() {
        for value in ["", ".", "..", "...", &"a".repeat(LONGEST + 1)] {
            let once = url(&Ask::get().at("/api").value(value)).unwrap_err();
            assert_eq!(once.kind, Kind::Invalid, "{value}");
            let twice = url(&Ask::get().at("/api").twice(value)).unwrap_err();
            assert_eq!(twice.kind, Kind::Invalid, "{value}");
        }
        // A percent sign is itself encoded, so that nothing of it is folded.
        let ask = Ask::get().at("/api").value("%2e%2e");
        assert_eq!(url(&ask).unwrap(), "https://r.example/api/%252e%252e");
    }

    #[test]
    fn a_link_is_believed_in_its_query_alone() {
        let next = Next("http://inner.example:8080/elsewhere?page=2&page_size=100".into());
        let ask = Ask::get().at("/api/list").query("page", 1).following(&next);
        assert_eq!(
            url(&ask).unwrap(),
            "https://r.example/api/list?page=2&page_size=100"
        );
        let nowhere = Ask::get().at("/api/list").following(&Next("/x".into()));
        assert!(url(&nowhere).is_err());
    }
}
