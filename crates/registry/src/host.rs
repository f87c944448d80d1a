//! The one path of every request: limited per host, signed in, retried, bounded. Streams take it too, up to their headers.
//!
//! Not here: what one exchange may do (`transport`), how one signs in (`auth`). Grows by what every request needs.

use http::{HeaderMap, Method};
use std::time::Duration;
use url::Url;

use crate::auth::{Auth, Challenge, Scopes, SignIn, Signed};
use crate::body::Body;
use crate::endpoint::Endpoint;
use crate::error::{Error, Kind};
use crate::options::HttpOptions;
use crate::transport::{Answer, Budget, Exchange, Reply, Transport, may_follow, retry};

/// What is asked of a registry.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// What it needs to be allowed.
    pub(crate) scopes: Scopes,
    pub(crate) accept: Option<&'static str>,
    /// Headers beside those that every request has; no secret is in them.
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// The most bytes of a good answer that is read whole.
    pub(crate) limit: u64,
    /// Whether the registry may think about its answer for as long as a whole request may take.
    pub(crate) is_slow: bool,
}

impl Call {
    pub(crate) fn new(method: Method, url: Url, scopes: Scopes, limit: u64) -> Self {
        Self {
            method,
            url,
            scopes,
            accept: None,
            headers: HeaderMap::new(),
            body: Body::None,
            limit,
            is_slow: false,
        }
    }
}

/// One registry with one sign-in.
pub(crate) struct Host {
    pub(crate) endpoint: Endpoint,
    transport: Transport,
    auth: Auth,
}

/// An attempt that failed.
struct Failed {
    error: Error,
    /// How long the answer asks to wait.
    asked: Option<Duration>,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, asked: None }
    }
}

impl Host {
    pub(crate) fn new(
        endpoint: Endpoint,
        sign_in: SignIn,
        options: &HttpOptions,
    ) -> Result<Self, Error> {
        let transport = Transport::new(endpoint.base()?, options)?;
        Ok(Self {
            endpoint,
            transport,
            auth: Auth::new(sign_in),
        })
    }

    /// Returns the address of a path below `/v2/`.
    pub(crate) fn at(&self, path: &str) -> Result<Url, Error> {
        let base = self.transport.base();
        base.join(path)
            .map_err(|error| Error::new(Kind::Invalid, "GET /v2/…").because(error.to_string()))
    }

    /// Returns `https://host/v2/`.
    pub(crate) fn base(&self) -> &Url {
        self.transport.base()
    }

    /// Returns how requests are made.
    pub(crate) fn options(&self) -> &HttpOptions {
        &self.transport.options
    }

    /// Asks, and returns the whole answer if it is a good one.
    pub(crate) async fn send(&self, call: &Call) -> Result<Answer, Error> {
        let budget = match call.body {
            Body::Stream(_) => Budget::Upload,
            _ if call.is_slow => Budget::Upload,
            _ => Budget::Question,
        };
        let mut attempt = 1;
        loop {
            let failed = match self.attempt(call, budget, attempt).await {
                Ok(reply) => match self.whole(reply, call.limit).await {
                    Ok(answer) => return Ok(answer),
                    Err(error) => error.into(),
                },
                Err(failed) => failed,
            };
            self.wait(call, attempt, failed).await?;
            attempt += 1;
        }
    }

    /// Asks for a stream, and returns the answer at the end of its headers if it is a good one. Its body is nobody's but the
    /// caller's to ask for again.
    pub(crate) async fn open(&self, call: &Call) -> Result<Reply, Error> {
        let mut attempt = 1;
        loop {
            match self.attempt(call, Budget::Stream, attempt).await {
                Ok(reply) => return Ok(reply),
                Err(failed) => self.wait(call, attempt, failed).await?,
            }
            attempt += 1;
        }
    }

    /// Waits until the next attempt, or gives the error where there is none.
    async fn wait(&self, call: &Call, attempt: u32, failed: Failed) -> Result<(), Error> {
        let Failed { error, asked } = failed;
        let wait = retry::wait(self.options(), &call.method, attempt, &error, asked);
        let Some(wait) = wait else {
            return Err(error);
        };
        if matches!(error.kind, Kind::TooMany { .. }) {
            self.transport.be_quiet_for(wait);
        }
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Asks once, signing in where that is needed; an answer that says no is read and is an error.
    async fn attempt(&self, call: &Call, budget: Budget, attempt: u32) -> Result<Reply, Failed> {
        self.transport.quiet().await;
        let signed = self.auth.before(&self.transport, &call.scopes).await?;
        let reply = self.once(call, signed.as_ref(), budget, attempt).await?;
        if reply.is_success() {
            return Ok(reply);
        }
        let mut refusal = self.whole(reply, call.limit).await?;
        if refusal.status == 401 && refusal.own {
            let challenges = Challenge::read_all(&refusal.headers);
            let sent = signed.as_ref();
            let next = self
                .auth
                .after(&self.transport, &challenges, &call.scopes, sent);
            if let Some(signed) = next.await? {
                let reply = self.once(call, Some(&signed), budget, attempt).await?;
                if reply.is_success() {
                    return Ok(reply);
                }
                refusal = self.whole(reply, call.limit).await?;
            }
        }
        let asked = refusal.retry_after();
        let error = refusal.into_error();
        Err(Failed { error, asked })
    }

    /// Asks with user and secret although nobody asked for them: where a registry lets everyone in, that is the only way to
    /// learn whether they are right. `None` where there are none.
    pub(crate) async fn send_with_secret(&self, call: &Call) -> Result<Option<Answer>, Error> {
        let Some(signed) = self.auth.basic() else {
            return Ok(None);
        };
        let reply = self.once(call, Some(&signed), Budget::Question, 1).await?;
        let answer = self.whole(reply, call.limit).await?;
        answer.into_success().map(Some)
    }

    /// Asks without any sign-in and returns whatever is answered.
    pub(crate) async fn ask_plainly(&self, call: &Call) -> Result<Answer, Error> {
        let reply = self.once(call, None, Budget::Question, 1).await?;
        self.whole(reply, call.limit).await
    }

    async fn whole(&self, reply: Reply, limit: u64) -> Result<Answer, Error> {
        reply.whole(limit, self.options().longest).await
    }

    async fn once(
        &self,
        call: &Call,
        signed: Option<&Signed>,
        budget: Budget,
        attempt: u32,
    ) -> Result<Reply, Error> {
        let permit = self.transport.permit(budget).await;
        let mut exchange = Exchange::new(call.method.clone(), call.url.clone());
        exchange.authorization = signed.map(|signed| signed.header.clone());
        exchange.accept = call.accept;
        exchange.headers.clone_from(&call.headers);
        exchange.body.clone_from(&call.body);
        exchange.follow = may_follow(&call.method) && call.url != *self.base();
        exchange.is_slow = call.is_slow;
        exchange.attempt = attempt;
        self.transport.open(exchange, permit).await
    }
}
