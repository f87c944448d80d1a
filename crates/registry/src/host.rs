//! The one path of every request: limited per host, signed in, retried, bounded. Streams take it too, up to their headers.
//!
//! Not here: what one exchange may do (`transport`), how one signs in (`auth`). Grows by what every request needs.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::Url;

use crate::approved::Approved;
use crate::auth::{Auth, Challenge, Scopes, SignIn, Signed};
use crate::besides::Besides;
use crate::body::Body;
use crate::endpoint::Endpoint;
use crate::error::{Error, Kind, is_in_the_way};
use crate::heads::Heads;
use crate::observer::Observed;
use crate::options::HttpOptions;
use crate::rate;
use crate::said::Said;
use crate::transport::{Answer, Budget, Exchange, Follow, Pulse, Reply, Transport, retry};
use crate::visit::Visits;
use crate::way::{Origin, SignInWay, SignInWays};

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
    /// Which redirects are followed, where that is not as for any request of its kind.
    pub(crate) follow: Option<Follow>,
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
            follow: None,
        }
    }
}

/// One registry with one sign-in.
pub(crate) struct Host {
    pub(crate) endpoint: Endpoint,
    /// What is known of how it answers to HEAD.
    pub(crate) heads: Heads,
    pub(crate) transport: Transport,
    pub(crate) auth: Auth,
    pub(crate) observed: Observed,
    approved: Arc<Approved>,
    visits: Visits,
    /// The servers beside it that its account is shown to.
    pub(crate) besides: Besides<Self>,
}

/// An attempt that failed.
pub(crate) struct Failed {
    pub(crate) error: Error,
    /// How long the answer asks to wait.
    asked: Option<Duration>,
    /// The sign-in was found to be right: another one is not what is missing.
    is_proven: bool,
}

impl Failed {
    /// Makes the failure of an answer that says no, and may ask for a wait.
    pub(crate) fn of(error: Error, asked: Option<Duration>) -> Self {
        let is_proven = false;
        Self {
            error,
            asked,
            is_proven,
        }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::of(error, None)
    }
}

impl Host {
    pub(crate) fn new(
        endpoint: Endpoint,
        sign_in: SignIn,
        ways: Option<SignInWays>,
        options: &HttpOptions,
    ) -> Result<Self, Error> {
        // Tests play a registry of this name elsewhere.
        let played = options.instead.of(&endpoint.host);
        let base = played.unwrap_or(&endpoint).base()?;
        let own = Origin::of(&base)
            .ok_or_else(|| Error::new(Kind::Invalid, format!("GET {}", endpoint.host)))?;
        let approved = Arc::new(Approved::new(own, ways));
        let transport = Transport::new(base, Arc::clone(&approved), options)?;
        Ok(Self {
            endpoint,
            heads: Heads::default(),
            observed: Observed::default(),
            transport,
            auth: Auth::new(sign_in, Arc::clone(&approved), options.source_rest),
            approved,
            visits: Visits::default(),
            besides: Besides::default(),
        })
    }

    /// Makes a way to the same server beside the protocol: the same connections, limits and observer, and a lock of its own, which
    /// lets the secret out to this very server alone.
    pub(crate) fn beside(&self) -> Self {
        let own = self.approved.own().clone();
        let approved = Arc::new(Approved::new(own, Some(SignInWay::Basic.into())));
        let rest = self.options().source_rest;
        Self {
            endpoint: self.endpoint.clone(),
            heads: Heads::default(),
            observed: self.observed.clone(),
            transport: self.transport.beside(Arc::clone(&approved)),
            auth: Auth::new(SignIn::Anonymous, Arc::clone(&approved), rest),
            approved,
            visits: Visits::default(),
            besides: Besides::default(),
        }
    }

    /// Binds what proves who one is to this very server.
    pub(crate) fn shown(&self, (name, header): (HeaderName, HeaderValue)) -> Signed {
        Signed::by_secret(name, header, self.approved.own().clone())
    }

    /// Returns where this very server is.
    pub(crate) fn own(&self) -> &Origin {
        self.approved.own()
    }

    /// Tells whether a person agreed that the service at this address gets the secret.
    pub(crate) fn gives_secret_to(&self, service: &Origin) -> bool {
        let service = service.clone();
        self.approved.has_agreed(&SignInWay::Bearer { service })
    }

    /// Tells whether a person agreed that this very server gets the secret: with each request, or as the one that gives tokens.
    pub(crate) fn gets_secret(&self) -> bool {
        let service = self.approved.own().clone();
        let ways = [SignInWay::Basic, SignInWay::Bearer { service }];
        ways.iter().any(|way| self.approved.has_agreed(way))
    }

    /// Returns the ways the secret went.
    pub(crate) fn ways_used(&self) -> SignInWays {
        self.approved.used()
    }

    /// Tells whether ways were agreed to that the secret has not gone yet.
    pub(crate) fn has_unused_ways(&self) -> bool {
        self.approved.has_unused()
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
        self.watched(call, Box::pin(self.send_until_good(call)))
            .await
    }

    /// Asks for a stream, and returns the answer at the end of its headers if it is a good one. Its body is nobody's but the
    /// caller's to ask for again.
    pub(crate) async fn open(&self, call: &Call) -> Result<Reply, Error> {
        self.watched(call, Box::pin(self.open_until_good(call)))
            .await
    }

    /// Asks without any sign-in and returns whatever is answered.
    pub(crate) async fn ask_plainly(&self, call: &Call) -> Result<Answer, Error> {
        let asked = async {
            let reply = self.once(call, None, Budget::Question, 1).await?;
            self.whole(reply, call.limit).await
        };
        self.watched(call, Box::pin(asked)).await
    }

    /// Has a request observed from its beginning to its end: whoever observes it may end it where it only reads. Where nobody
    /// observes any more at its end, as after signing out, nobody is told.
    pub(crate) async fn watched<T>(
        &self,
        call: &Call,
        asked: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(observer) = self.observed.get() else {
            return asked.await;
        };
        let began = Instant::now();
        let ended = Some(observer.ended()).filter(|_| call.method.is_safe());
        let outcome = match ended.flatten() {
            None => asked.await,
            Some(ended) => tokio::select! {
                biased;
                () = ended => {
                    if let Some(observer) = self.observed.get() {
                        observer.left();
                    }
                    let request = format!("{} {}", call.method, call.url.path());
                    return Err(Error::new(Kind::Ended, request));
                }
                outcome = asked => outcome,
            },
        };
        if let Err(error) = &outcome
            && let Some(observer) = self.observed.get()
        {
            if is_of_own_host(&call.method, &error.request) {
                observer.failed(began, error);
            } else {
                observer.left();
                observer.failed_elsewhere(error);
            }
        }
        outcome
    }

    async fn send_until_good(&self, call: &Call) -> Result<Answer, Error> {
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

    async fn open_until_good(&self, call: &Call) -> Result<Reply, Error> {
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
    pub(crate) async fn wait(
        &self,
        call: &Call,
        attempt: u32,
        failed: Failed,
    ) -> Result<(), Error> {
        let Failed { error, asked, .. } = failed;
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

    /// Asks once; and once more where the sign-in was refused and whoever keeps it has another by now.
    async fn attempt(&self, call: &Call, budget: Budget, attempt: u32) -> Result<Reply, Failed> {
        let serial = self.auth.serial();
        let failed = match self.signed(call, budget, attempt).await {
            Err(failed)
                if matches!(failed.error.kind, Kind::SignIn | Kind::Denied)
                    && !failed.is_proven =>
            {
                failed
            }
            other => return other,
        };
        // ECR, which is met with Basic, says of a secret that has ended that it is denied.
        let refused = failed.error.kind == Kind::SignIn || self.auth.was_refused();
        if !refused && self.auth.has_tokens() {
            return Err(failed);
        }
        match self.auth.renew(serial).await {
            Ok(true) => self.signed(call, budget, attempt).await,
            Err(error) if refused => Err(error.into()),
            // Whether the secret has ended isn't known then, and what the registry said is.
            Ok(false) | Err(_) => Err(failed),
        }
    }

    /// Asks once, signing in where that is needed; an answer that says no is read and is an error.
    async fn signed(&self, call: &Call, budget: Budget, attempt: u32) -> Result<Reply, Failed> {
        self.transport.quiet().await;
        let mut signed = self.auth.before(&self.transport, &call.scopes).await?;
        let mut reply = self.once(call, signed.as_ref(), budget, attempt).await?;
        if reply.status == 401 && reply.own {
            let challenges = Challenge::read_all(&reply.headers);
            let refusal = self.whole(reply, call.limit).await?;
            let sent = signed.as_ref();
            let next = self
                .auth
                .after(&self.transport, &challenges, &call.scopes, sent);
            let Some(next) = next.await? else {
                return Err(self.refused(call, refusal).await);
            };
            reply = self.once(call, Some(&next), budget, attempt).await?;
            signed = Some(next);
        }
        if reply.status == 401 && !reply.own {
            let exchange = exchange(call, None, attempt);
            let visit = self.visits.visit(&self.transport, exchange, &reply.head);
            if let Some(there) = visit.await? {
                reply = there;
            }
        }
        if reply.is_success() {
            // Another host saw no sign-in, so it took none.
            if reply.own {
                self.auth.took(signed.as_ref(), &call.scopes);
            }
            return Ok(reply);
        }
        let refusal = self.whole(reply, call.limit).await?;
        Err(self.refused(call, refusal).await)
    }

    /// Makes the failure of a refusal. Where the registry takes tokens of this sign-in elsewhere, the sign-in is right, and has no
    /// right to this.
    async fn refused(&self, call: &Call, refusal: Answer) -> Failed {
        let asked = refusal.asked_wait(&Said::read(&refusal.bytes));
        let mut error = refusal.into_error();
        let is_proven = error.kind == Kind::SignIn && self.is_proven(call).await;
        if is_proven {
            error.kind = Kind::Denied;
        }
        Failed {
            error,
            asked,
            is_proven,
        }
    }

    pub(crate) async fn whole(&self, reply: Reply, limit: u64) -> Result<Answer, Error> {
        reply.whole(limit, self.options().longest).await
    }

    pub(crate) async fn once(
        &self,
        call: &Call,
        signed: Option<&Signed>,
        budget: Budget,
        attempt: u32,
    ) -> Result<Reply, Error> {
        let permit = self.transport.permit(budget).await;
        let exchange = exchange(call, signed, attempt);
        let mut reply = self.transport.open(exchange, permit).await?;
        // Whatever another host says, it was the registry that sent us there.
        let is_gate = is_in_the_way(reply.status) || reply.bars_strangers();
        if !(reply.own && is_gate) {
            if let Some(observer) = self.observed.get() {
                observer.answered();
                if let Some(limit) = rate::read(&reply.headers, reply.date()).filter(|_| reply.own)
                {
                    observer.counted(limit);
                }
            }
            reply.pulse = Some(Pulse::new(self.observed.clone()));
        }
        Ok(reply)
    }
}

/// Tells whether what failed while a call was made, `GET /v2/`, is of the registry's own host: not of the service that gives
/// tokens, of storage that a blob lies in, or of where the bytes of an upload come from.
fn is_of_own_host(called: &Method, failed: &str) -> bool {
    let Some((method, at)) = failed.split_once(' ') else {
        return true;
    };
    at.starts_with('/') && (called.is_safe() || called == method)
}

fn exchange(call: &Call, signed: Option<&Signed>, attempt: u32) -> Exchange {
    let mut exchange = Exchange::new(call.method.clone(), call.url.clone());
    exchange.credential = signed.map(|signed| signed.credential.clone());
    exchange.accept = call.accept;
    exchange.headers.clone_from(&call.headers);
    exchange.body.clone_from(&call.body);
    exchange.follow = call.follow.unwrap_or_else(|| Follow::of(&call.method));
    exchange.is_slow = call.is_slow;
    exchange.attempt = attempt;
    exchange
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_the_hosts_own_by_its_path_and_by_what_was_asked() {
        for (called, failed, is_own) in [
            (Method::GET, "GET /v2/team/app/tags/list", true),
            // What was redirected within the host.
            (Method::HEAD, "GET /v2/team/app/manifests/v1", true),
            (Method::GET, "GET https://auth.example/token", false),
            (Method::GET, "GET https://storage.example/blob", false),
            (Method::PUT, "PUT /v2/team/app/manifests/v1", true),
            (Method::PATCH, "PATCH /v2/team/app/blobs/uploads/1", true),
            // The bytes of an upload come from another registry.
            (Method::PATCH, "GET /v2/team/app/blobs/sha256:0", false),
            (Method::POST, "GET https://auth.example/token", false),
            (Method::GET, "unsaid", true),
        ] {
            assert_eq!(is_of_own_host(&called, failed), is_own, "{called} {failed}");
        }
    }
}
