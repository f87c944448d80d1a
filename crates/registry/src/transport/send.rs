//! The one path of every request: limited per host, signed in, retried, bounded.

use bytes::Bytes;
use http::Method;
use oci::MediaType;
use url::Url;

use super::{Answer, Exchange, Transport, redirect, retry};
use crate::auth::{Auth, Challenge, Scopes, Signed};
use crate::{Endpoint, Error, HttpOptions, Kind, SignIn};

/// What is asked of a registry.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// What it needs to be allowed.
    pub(crate) scopes: Scopes,
    pub(crate) accept: Option<&'static str>,
    pub(crate) body: Option<(MediaType, Bytes)>,
    /// The most bytes of a good answer.
    pub(crate) limit: u64,
}

/// One registry with one sign-in.
pub(crate) struct Host {
    pub(crate) endpoint: Endpoint,
    transport: Transport,
    auth: Auth,
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

    /// The address of a path below `/v2/`.
    pub(crate) fn at(&self, path: &str) -> Result<Url, Error> {
        let base = self.transport.base();
        base.join(path)
            .map_err(|error| Error::new(Kind::Invalid, "GET /v2/…").because(error.to_string()))
    }

    /// `https://host/v2/`.
    pub(crate) fn base(&self) -> &Url {
        self.transport.base()
    }

    /// Asks, and gives the answer if it is a good one.
    pub(crate) async fn send(&self, call: &Call) -> Result<Answer, Error> {
        let mut attempt = 1;
        loop {
            self.transport.quiet().await;
            let (error, asked) = match self.signed_in(call).await {
                Ok(answer) => {
                    let asked = answer.retry_after();
                    match answer.into_success() {
                        Ok(answer) => return Ok(answer),
                        Err(error) => (error, asked),
                    }
                }
                Err(error) => (error, None),
            };
            let Some(wait) = retry::wait(
                &self.transport.options,
                &call.method,
                attempt,
                &error,
                asked,
            ) else {
                return Err(error);
            };
            if matches!(error.kind, Kind::TooMany { .. }) {
                self.transport.be_quiet_for(wait);
            }
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    /// Sends with what is known of the sign-in, and once more with what the registry then asks for.
    async fn signed_in(&self, call: &Call) -> Result<Answer, Error> {
        let signed = self.auth.before(&self.transport, &call.scopes).await?;
        let answer = self.once(call, signed.as_ref()).await?;
        if answer.status != 401 || !answer.own {
            return Ok(answer);
        }
        let challenges = Challenge::read_all(&answer.headers);
        match self
            .auth
            .after(&self.transport, &challenges, &call.scopes, signed.as_ref())
            .await?
        {
            Some(signed) => self.once(call, Some(&signed)).await,
            None => Ok(answer),
        }
    }

    /// Asks with user and secret although nobody asked for them: where a registry lets everyone in, that is the only way to
    /// learn whether they are right. `None` where there are none.
    pub(crate) async fn send_with_secret(&self, call: &Call) -> Result<Option<Answer>, Error> {
        match self.auth.basic() {
            Some(signed) => self
                .once(call, Some(&signed))
                .await?
                .into_success()
                .map(Some),
            None => Ok(None),
        }
    }

    /// Asks without any sign-in and gives whatever is answered.
    pub(crate) async fn ask_plainly(&self, call: &Call) -> Result<Answer, Error> {
        self.once(call, None).await
    }

    async fn once(&self, call: &Call, signed: Option<&Signed>) -> Result<Answer, Error> {
        // The semaphore is never closed; a permit that cannot be had is no reason to fail.
        let _permit = self.transport.permits.acquire().await.ok();
        let mut exchange = Exchange::new(call.method.clone(), call.url.clone());
        exchange.authorization = signed.map(|signed| signed.header.clone());
        exchange.accept = call.accept;
        exchange.body.clone_from(&call.body);
        exchange.limit = call.limit;
        exchange.follow = redirect::may_follow(&call.method) && call.url != *self.base();
        self.transport.exchange(exchange).await
    }
}
