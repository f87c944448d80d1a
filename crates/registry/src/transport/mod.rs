//! One exchange over HTTP, bounded on every side: where redirects may lead, how much of an answer is read, how many requests a
//! host gets at once. What is sent, with which sign-in and how often, is `send`'s.

mod answer;
mod redirect;
mod retry;
mod send;

use bytes::Bytes;
use http::{HeaderValue, Method, header};
use oci::MediaType;
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use url::Url;

pub(crate) use answer::Answer;
pub(crate) use send::{Call, Host};

use crate::{Error, HttpOptions, endpoint, failure, tls};

/// How many requests one registry gets at once.
const AT_ONCE: usize = 6;

/// One request as it goes out.
pub(crate) struct Exchange {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) accept: Option<&'static str>,
    pub(crate) body: Option<(MediaType, Bytes)>,
    pub(crate) form: Option<SecretString>,
    /// The most bytes that are read of a good answer.
    pub(crate) limit: u64,
    /// Whether redirects are followed; GET and HEAD only.
    pub(crate) follow: bool,
}

impl Exchange {
    pub(crate) fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            authorization: None,
            accept: None,
            body: None,
            form: None,
            limit: answer::ERROR_LIMIT,
            follow: false,
        }
    }
}

/// A way to one registry.
pub(crate) struct Transport {
    client: reqwest::Client,
    base: Url,
    permits: Semaphore,
    /// Until when the registry wants to be left alone, for all requests alike.
    quiet_until: Mutex<Option<Instant>>,
    options: HttpOptions,
}

impl Transport {
    pub(crate) fn new(base: Url, options: &HttpOptions) -> Result<Self, Error> {
        let client = tls::client(options, endpoint::is_loopback(&base))?;
        Ok(Self {
            client,
            base,
            permits: Semaphore::new(AT_ONCE),
            quiet_until: Mutex::new(None),
            options: options.clone(),
        })
    }

    /// `https://host/v2/`.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// Sends one request and reads its answer, whatever the status. The sign-in stays with the host it is for.
    pub(crate) async fn exchange(&self, exchange: Exchange) -> Result<Answer, Error> {
        let mut url = exchange.url.clone();
        let mut authorization = exchange.authorization.clone();
        let mut hops = 0;
        loop {
            let request = self.redacted(&exchange.method, &url);
            let mut builder = self.client.request(exchange.method.clone(), url.clone());
            if let Some(value) = &authorization {
                builder = builder.header(header::AUTHORIZATION, value.clone());
            }
            if let Some(accept) = exchange.accept {
                builder = builder.header(header::ACCEPT, accept);
            }
            if let Some((media_type, bytes)) = &exchange.body {
                builder = builder
                    .header(header::CONTENT_TYPE, media_type.as_str())
                    .body(bytes.clone());
            }
            if let Some(form) = &exchange.form {
                let body = form.expose_secret().to_owned();
                builder = builder
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(body);
            }
            let response = builder
                .send()
                .await
                .map_err(|error| failure::of(error, &request))?;
            match redirect::next(&response, &url, exchange.follow, hops, &request)? {
                Some(next) => {
                    // Once away from the host, the sign-in does not come back by a detour.
                    if !endpoint::same_host(&next, &url) || next.scheme() != url.scheme() {
                        authorization = None;
                    }
                    url = next;
                    hops += 1;
                }
                None => {
                    return Answer::read(
                        response,
                        request,
                        endpoint::same_host(&url, &exchange.url),
                        exchange.limit,
                    )
                    .await;
                }
            }
        }
    }

    /// A request for people and logs: no query, no user, and of other hosts no path either (signed URLs hold secrets there too).
    fn redacted(&self, method: &Method, url: &Url) -> String {
        if endpoint::same_host(url, &self.base) {
            format!("{method} {}", url.path())
        } else {
            format!("{method} {}://{}/…", url.scheme(), endpoint::host_of(url))
        }
    }

    /// Waits while the registry wants to be left alone.
    async fn quiet(&self) {
        let until = *self
            .quiet_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = until {
            tokio::time::sleep_until(until.into()).await;
        }
    }

    fn be_quiet_for(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut held = self
            .quiet_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *held = Some(held.map_or(until, |before| before.max(until)));
    }
}
