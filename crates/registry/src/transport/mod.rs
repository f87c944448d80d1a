//! One exchange over HTTP, bounded on every side: where redirects may lead, how long silence lasts, how many requests a host gets
//! at once.
//!
//! An exchange ends at the headers of the answer; its body is read from the [`Reply`]. Not here: what is sent, with which sign-in
//! and how often, which is `host`'s. Grows by limits.

mod answer;
mod record;
mod redirect;
mod reply;
pub(crate) mod retry;
pub(crate) mod waiting;

use http::{HeaderMap, Method, header};
use secrecy::ExposeSecret;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{self, Instant};
use url::Url;

use crate::approved::{Approved, Credential};
use crate::body::{Body, Progress};
use crate::error::{Error, Kind};
use crate::options::HttpOptions;
use crate::secret_header::SecretHeader;
use crate::tls::clients::{Asked, Clients};
use crate::way::Origin;
use crate::{endpoint, failure};
use record::Record;

pub(crate) use answer::{Answer, Head};
pub(crate) use redirect::Follow;
pub(crate) use reply::{Pulse, Reply};

/// How many questions one registry gets at once.
const QUESTIONS: usize = 6;
/// How many streams one registry serves at once, and how many it takes, beside the questions: what the window asks never waits behind layers.
const STREAMS: usize = 3;

/// One request as it goes out.
pub(crate) struct Exchange {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) credential: Option<Credential>,
    pub(crate) accept: Option<&'static str>,
    /// Headers beside those; no secret is in them.
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// Which redirects are followed.
    pub(crate) follow: Follow,
    /// Whether a token is asked for, where the registry says.
    pub(crate) is_for_token: bool,
    /// Whether the answer may take as long as a whole request: where a registry hashes a layer first.
    pub(crate) is_slow: bool,
    /// Which attempt this is, counted from 1.
    pub(crate) attempt: u32,
}

impl Exchange {
    pub(crate) fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            credential: None,
            accept: None,
            headers: HeaderMap::new(),
            body: Body::None,
            follow: Follow::Nowhere,
            is_for_token: false,
            is_slow: false,
            attempt: 1,
        }
    }
}

/// What a request counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Budget {
    /// Something short.
    Question,
    /// The bytes of a layer that come.
    Stream,
    /// The bytes of a layer that go, and the answer to them, which may take as long as hashing them. A budget of its own:
    /// what goes may itself come from this registry, and would wait for ever behind others like it.
    Upload,
}

/// A way to one registry.
pub(crate) struct Transport {
    clients: Clients,
    base: Url,
    approved: Arc<Approved>,
    questions: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    /// Until when the registry wants to be left alone, for all requests alike.
    quiet_until: Arc<Mutex<Option<Instant>>>,
    pub(crate) options: HttpOptions,
}

impl Transport {
    pub(crate) fn new(
        base: Url,
        approved: Arc<Approved>,
        options: &HttpOptions,
    ) -> Result<Self, Error> {
        let clients = Clients::new(&base, options)?;
        Ok(Self::of(clients, base, approved, options))
    }

    /// Makes a way to another server, which takes nothing secret along.
    pub(crate) fn visiting(&self, base: Url, own: Origin) -> Self {
        let nothing = Arc::new(Approved::nothing(own));
        Self::of(self.clients.visiting(), base, nothing, &self.options)
    }

    /// Makes another way to the same server, which shares connections and limits, and lets out what was agreed to there.
    pub(crate) fn beside(&self, approved: Arc<Approved>) -> Self {
        Self {
            clients: self.clients.clone(),
            base: self.base.clone(),
            approved,
            questions: Arc::clone(&self.questions),
            streams: Arc::clone(&self.streams),
            uploads: Arc::clone(&self.uploads),
            quiet_until: Arc::clone(&self.quiet_until),
            options: self.options.clone(),
        }
    }

    fn of(clients: Clients, base: Url, approved: Arc<Approved>, options: &HttpOptions) -> Self {
        Self {
            clients,
            base,
            approved,
            questions: Arc::new(Semaphore::new(QUESTIONS)),
            streams: Arc::new(Semaphore::new(STREAMS)),
            uploads: Arc::new(Semaphore::new(STREAMS)),
            quiet_until: Arc::default(),
            options: options.clone(),
        }
    }

    /// Returns `https://host/v2/`.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// Waits for a place among the requests of this registry.
    pub(crate) async fn permit(&self, budget: Budget) -> Option<OwnedSemaphorePermit> {
        let semaphore = match budget {
            Budget::Question => &self.questions,
            Budget::Stream => &self.streams,
            Budget::Upload => &self.uploads,
        };
        // A semaphore is never closed here; a permit that cannot be had is no reason to fail.
        Arc::clone(semaphore).acquire_owned().await.ok()
    }

    /// Sends one request and reads its whole answer, whatever the status.
    pub(crate) async fn exchange(&self, exchange: Exchange, limit: u64) -> Result<Answer, Error> {
        let reply = self.open(exchange, None).await?;
        reply.whole(limit, self.options.longest).await
    }

    /// Sends one request and returns its answer at the end of the headers, whatever the status. The sign-in stays with the host
    /// it is for.
    pub(crate) async fn open(
        &self,
        exchange: Exchange,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Result<Reply, Error> {
        let mut url = exchange.url.clone();
        let mut credential = exchange.credential.clone();
        let mut hops = 0;
        loop {
            let mut record = Record::new(&exchange.method, &url, &self.base, exchange.attempt);
            let request = record.request();
            let sent = self.sent(&exchange, &url, credential.as_ref(), &request);
            let mut response = sent.await.inspect_err(|error| record.failed(error))?;
            record.answered(response.status().as_u16());
            let allowed = (&exchange.method, exchange.follow);
            let next = redirect::next(&response, &url, allowed, hops, &request)
                .inspect_err(|error| record.failed(error))?;
            if let Some(next) = next {
                // Once away from the host, the sign-in does not come back by a detour.
                if Origin::of(&next) != Origin::of(&url) {
                    credential = None;
                }
                url = next;
                hops += 1;
                continue;
            }
            let asked = self.asked(&exchange, &url);
            let (unproven, elsewhere) = (asked.unproven(), asked.elsewhere().map(Box::new));
            return Ok(Reply {
                head: Head {
                    status: response.status().as_u16(),
                    headers: std::mem::take(response.headers_mut()),
                    request,
                    own: endpoint::same_host(&url, &exchange.url),
                    unproven,
                    elsewhere,
                    url,
                },
                response,
                _permit: permit,
                record,
                silence: self.options.read_timeout,
                pulse: None,
            });
        }
    }

    /// Returns an address as one that is asked: where a token service redirects to, no registry has named.
    fn asked<'a>(&'a self, exchange: &Exchange, url: &'a Url) -> Asked<'a> {
        let is_named = exchange.is_for_token && Origin::of(url) == Origin::of(&exchange.url);
        self.clients.at(url, &self.approved, is_named)
    }

    /// Sends one request to one address.
    async fn sent(
        &self,
        exchange: &Exchange,
        url: &Url,
        credential: Option<&Credential>,
        request: &str,
    ) -> Result<reqwest::Response, Error> {
        self.lock(exchange, url, credential, request)?;
        let asked = self.asked(exchange, url);
        let mut builder = asked
            .http()
            .request(exchange.method.clone(), url.clone())
            .headers(exchange.headers.clone());
        if let Some(credential) = credential {
            builder = builder.header(credential.name.clone(), credential.header.clone());
        }
        if let Some(accept) = exchange.accept {
            builder = builder.header(header::ACCEPT, accept);
        }
        let mut progress = None;
        builder = match &exchange.body {
            Body::None => builder,
            Body::Whole(media_type, bytes) => builder
                .header(header::CONTENT_TYPE, media_type.as_str())
                .body(bytes.clone()),
            Body::Form(form) => builder
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.expose_secret().to_owned()),
            Body::Secret(json) => builder
                .header(header::CONTENT_TYPE, "application/json")
                .body(json.expose_secret().to_owned()),
            Body::Stream(part) => {
                let (sending, so_far) = part
                    .sending()
                    .await
                    .map_err(|failed| failure::of_source(&failed, request))?;
                progress = Some(so_far);
                builder
                    .header(header::CONTENT_TYPE, "application/octet-stream")
                    .body(reqwest::Body::wrap(sending))
            }
        };
        let response = self.in_time(builder.send(), progress.as_deref(), exchange.is_slow);
        response
            .await
            .ok_or_else(|| reply::silent(request))?
            .map_err(|error| asked.told(failure::of(error, request)))
            .inspect(|_| asked.answered())
    }

    /// Holds back what must not leave: a token for another server than the registry, a secret for another one than the registry and
    /// the token services that were agreed to, and whatever else proves who one is. Everything leaves here, and only here.
    fn lock(
        &self,
        exchange: &Exchange,
        url: &Url,
        credential: Option<&Credential>,
        request: &str,
    ) -> Result<(), Error> {
        let to = Origin::of(url);
        let of_other_headers = [
            header::AUTHORIZATION,
            header::PROXY_AUTHORIZATION,
            header::COOKIE,
            SecretHeader::PrivateToken.name(),
        ];
        let may_leave = credential.is_none_or(|it| self.approved.lets_out(it, to.as_ref()))
            && (!matches!(exchange.body, Body::Form(_))
                || self.approved.lets_form_out(to.as_ref()))
            && (!matches!(exchange.body, Body::Secret(_))
                || self.approved.lets_body_out(to.as_ref()))
            && !of_other_headers
                .iter()
                .any(|name| exchange.headers.contains_key(name))
            && url.username().is_empty()
            && url.password().is_none();
        if may_leave {
            return Ok(());
        }
        let host = endpoint::host_of(url);
        Err(Error::new(Kind::ForeignHost { host }, request).because("a sign-in was held back"))
    }

    /// Waits for the headers of an answer as long as there is progress; `None` where there is none any more.
    async fn in_time<T>(
        &self,
        response: impl Future<Output = T>,
        progress: Option<&Progress>,
        is_slow: bool,
    ) -> Option<T> {
        let HttpOptions {
            read_timeout,
            longest,
            ..
        } = self.options;
        let first = Instant::now() + if is_slow { longest } else { read_timeout };
        let until = || progress.map_or(first, |progress| progress.until(read_timeout, longest));
        let mut response = std::pin::pin!(response);
        loop {
            let end = until();
            match time::timeout_at(end, &mut response).await {
                Ok(response) => return Some(response),
                // Something was sent meanwhile.
                Err(_) if until() > end => {}
                Err(_) => return None,
            }
        }
    }

    /// Waits while the registry wants to be left alone.
    pub(crate) async fn quiet(&self) {
        let until = *self
            .quiet_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = until {
            time::sleep_until(until).await;
        }
    }

    /// Leaves the registry alone for so long.
    pub(crate) fn be_quiet_for(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut held = self
            .quiet_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *held = Some(held.map_or(until, |before| before.max(until)));
    }
}

#[cfg(test)]
mod tests;
