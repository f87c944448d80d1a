//! What answers at a host: a registry, with or without TLS, or something else (distribution-spec, "Determining Support").

use http::{Method, header};

use crate::address;
use crate::auth::{Challenge, Scopes, SignIn, catalog, challenges};
use crate::endpoint::{self, Endpoint, Scheme};
use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::options::HttpOptions;
use crate::registry::{Registry, Repository};
use crate::transport::Answer;
use crate::way::{Origin, SignInWay, SignInWays};

/// How much is read of the answer to `GET /v2/`.
const LIMIT: u64 = 64 << 10;

/// What was found out about a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// How it is spoken to.
    pub endpoint: Endpoint,
    /// Whether with TLS.
    pub tls: bool,
    /// Whether it asks for a sign-in.
    pub wants_sign_in: bool,
    /// Whether it has no TLS although it is another computer: secrets would travel in the clear, and engines refuse it.
    pub plain_http_only_not_loopback: bool,
    /// The ways it asks for a sign-in, each with the server that the secret would go to; to be agreed to before one is sent. Where
    /// nobody asks, it is the registry itself.
    pub ways: SignInWays,
}

impl Registry {
    /// Finds out how a host is spoken to, and whether it is a registry at all. No secret is sent.
    ///
    /// HTTPS is tried first, always. Plain HTTP is tried where TLS got nothing but a closed door or plain HTTP, never where a
    /// certificate was refused. `typed` is the person's own `http://` or `https://`; behind `https://` nothing else is tried,
    /// be the host this computer itself.
    pub async fn probe(host: &oci::Host, typed: Option<Scheme>) -> Result<Probe, Error> {
        probe(host, typed, &HttpOptions::default()).await
    }

    /// Finds out how a host is spoken to, as [`probe`](Self::probe) does, with other ways of speaking HTTP.
    pub async fn probe_with(
        host: &oci::Host,
        typed: Option<Scheme>,
        options: &HttpOptions,
    ) -> Result<Probe, Error> {
        probe(host, typed, options).await
    }

    /// Asks for nothing but an answer, as nobody: whoever observes the registry is told.
    pub async fn knock(&self) -> Result<(), Error> {
        self.0.ask_plainly(&ping(&self.0)).await.map(drop)
    }

    /// Checks whether the sign-in is right (distribution-spec, "Determining Support"): `Kind::SignIn` where it is not.
    pub async fn check(&self) -> Result<(), Error> {
        check(&self.0).await
    }
}

impl Repository {
    /// Checks that every way in which the registry asks for a sign-in just now was agreed to, at `/v2/` and for this repository:
    /// for an engine that is given the secret and signs in by itself. No secret is sent. `Kind::SignInChanged` where one was not.
    pub async fn check_ways(&self) -> Result<(), Error> {
        let host = &self.host;
        for call in [ping(host), self.first_tag()?] {
            let answer = host.ask_plainly(&call).await?;
            // An engine that follows there may answer whatever is asked of it there.
            if !answer.own && answer.headers.contains_key(header::WWW_AUTHENTICATE) {
                return Err(elsewhere(&answer));
            }
            host.auth
                .all_agreed(&host.transport, &challenges(&answer), &call.scopes)?;
        }
        Ok(())
    }

    /// Returns the ways in which the registry asks for a sign-in at this repository just now; none where it asks for nothing. No
    /// secret is sent.
    pub async fn ways_asked(&self) -> Result<SignInWays, Error> {
        let answer = self.host.ask_plainly(&self.first_tag()?).await?;
        Ok(ways(&self.host, &challenges(&answer)))
    }

    fn first_tag(&self) -> Result<Call, Error> {
        self.call(Method::GET, "tags/list?n=1", &["pull"], LIMIT)
    }
}

async fn probe(
    host: &oci::Host,
    typed: Option<Scheme>,
    options: &HttpOptions,
) -> Result<Probe, Error> {
    let refused = match try_one(host, Scheme::Https, options).await {
        Ok(probe) => return Ok(probe),
        Err(error) => error,
    };
    if typed == Some(Scheme::Https) || !is_worth_plain_http(&refused.kind) {
        return Err(refused);
    }
    let tried = try_one(host, Scheme::Http, options).await;
    tried.map_err(|plain| told(refused, plain, is_expected(typed, host)))
}

/// Tells whether plain HTTP is what was typed, or what is usual there.
fn is_expected(typed: Option<Scheme>, host: &oci::Host) -> bool {
    typed == Some(Scheme::Http) || host.is_loopback()
}

/// Tells whether plain HTTP is tried after this. A certificate that is refused stays refused: plain HTTP instead would be worse.
fn is_worth_plain_http(over_tls: &Kind) -> bool {
    matches!(
        over_tls,
        Kind::PlainHttp | Kind::Unreachable | Kind::Timeout | Kind::CutShort
    )
}

/// Chooses which of two failures is told. `expected` says that plain HTTP is.
fn told(over_tls: Error, plain: Error, expected: bool) -> Error {
    let is_plain = over_tls.kind == Kind::PlainHttp;
    match plain.kind {
        // Not TLS, and not HTTP either: a mail server, a database.
        Kind::CutShort if is_plain => Error {
            kind: Kind::NotARegistry,
            ..plain
        },
        // Where plain HTTP is what there is, or what was typed, its answer is the one to tell.
        _ if expected || is_plain => plain,
        _ => over_tls,
    }
}

async fn try_one(host: &oci::Host, scheme: Scheme, options: &HttpOptions) -> Result<Probe, Error> {
    let endpoint = Endpoint {
        scheme,
        host: host.clone(),
    };
    let asked = Host::new(endpoint.clone(), SignIn::Anonymous, None, options)?;
    let answer = asked
        .ask_plainly(&ping(&asked))
        .await
        .map_err(no_registry)?;
    let wants_sign_in = answer.status == 401 && answer.own;
    let mut offered = challenges(&answer);
    is_registry(answer)?;
    // Some paths ask otherwise; what cannot be had is not missed.
    let listed = catalog(&asked.transport).await;
    offered.extend(listed.iter().flat_map(challenges));
    let ways = if offered.is_empty() && !wants_sign_in {
        // Who asks for nothing may still list more to somebody; who asks in a way that nobody here knows (`Negotiate`) can't
        // be answered.
        SignInWay::Basic.into()
    } else {
        ways(&asked, &offered)
    };
    Ok(found(endpoint, wants_sign_in, ways))
}

/// Makes what was found of where it answered.
fn found(endpoint: Endpoint, wants_sign_in: bool, ways: SignInWays) -> Probe {
    let tls = endpoint.scheme == Scheme::Https;
    Probe {
        tls,
        wants_sign_in,
        plain_http_only_not_loopback: !tls && !endpoint.host.is_loopback(),
        ways,
        endpoint,
    }
}

/// Returns the ways that challenges offer and that may be gone.
fn ways(host: &Host, offered: &[Challenge]) -> SignInWays {
    let mut ways = SignInWays::default();
    for challenge in offered {
        match challenge {
            Challenge::Basic => ways.add(SignInWay::Basic),
            Challenge::Bearer(bearer) => {
                let realm = address::realm(host.base(), &bearer.realm).ok();
                if let Some(service) = realm.as_ref().and_then(Origin::of) {
                    ways.add(SignInWay::Bearer { service });
                }
            }
        }
    }
    ways
}

/// Names a redirect that leads nowhere: whoever answers so is no registry.
fn no_registry(error: Error) -> Error {
    let redirected = matches!(error.status, Some(300..400));
    let kind = match error.kind {
        Kind::Malformed(_) if redirected => Kind::NotARegistry,
        kind => kind,
    };
    Error { kind, ..error }
}

/// Checks the answer to `GET /v2/`: 200 with JSON or nothing, or 401 with a challenge. Everything else is another kind of server,
/// or a failure.
fn is_registry(answer: Answer) -> Result<(), Error> {
    let says_so = answer.header("docker-distribution-api-version").is_some();
    let sane = match answer.status {
        200 => {
            says_so
                || (!answer.is_page()
                    && matches!(answer.bytes.trim_ascii_start().first(), None | Some(b'{')))
        }
        401 => says_so || !Challenge::read_all(&answer.headers).is_empty(),
        403 | 408 | 429 | 500..=599 => return answer.into_success().map(|_| ()),
        _ => false,
    };
    if sane {
        Ok(())
    } else {
        Err(Error::new(Kind::NotARegistry, answer.request.clone()).with_status(answer.status))
    }
}

async fn check(host: &Host) -> Result<(), Error> {
    let ping = ping(host);
    let first = host.ask_plainly(&ping).await.map_err(no_registry)?;
    let (wants_sign_in, request) = (first.status == 401, first.request.clone());
    let other = (!first.own).then(|| elsewhere(&first));
    if host.auth.is_someone() {
        host.auth.learn(&host.transport, Some(&first)).await?;
    }
    is_registry(first)?;
    if !wants_sign_in && !host.auth.is_someone() {
        return Ok(());
    }
    match host.send(&ping).await {
        Ok(answer) => {
            let other = (!answer.own).then(|| elsewhere(&answer));
            is_registry(answer)?;
            learn_other_ways(host).await;
            if let Some(other) = other.filter(|_| host.auth.is_someone()) {
                return check_by_catalog(host, other).await;
            }
            if host.auth.has_tokens() && host.is_nobody(&ping).await {
                return Err(Error::new(Kind::SignIn, request));
            }
            if host.auth.is_someone() && host.ways_used().is_empty() {
                // Nobody here takes it as it may be sent, so nothing was sent, and nothing is proven.
                return Err(Error::new(Kind::SignIn, request));
            }
            Ok(())
        }
        // A token service may give nobody a token for nothing in particular, and all that is public all the same.
        Err(error)
            if !host.auth.is_someone()
                && error.request != request
                && matches!(error.status, Some(400 | 403 | 404)) =>
        {
            Ok(())
        }
        Err(error) if error.kind == Kind::Denied && error.status == Some(401) => match other {
            // Another host wants a sign-in of its own.
            Some(other) if host.auth.is_someone() => check_by_catalog(host, other).await,
            Some(other) => Err(other),
            // Nothing in particular was asked for, so it is no right that is lacking.
            None => Err(Error {
                kind: Kind::SignIn,
                ..error
            }),
        },
        Err(error) => Err(error),
    }
}

/// Goes the ways that were agreed to and that `/v2/` does not ask for: where the catalog asks otherwise, the right to list it says
/// nothing about the sign-in.
async fn learn_other_ways(host: &Host) {
    if !host.auth.is_someone() || !host.has_unused_ways() {
        return;
    }
    if let Ok(call) = first_repository(host) {
        let _ = host.send(&call).await;
    }
}

/// Checks a sign-in where another host answers for `/v2/`: that one got nothing that proves who one is, so what it says proves
/// nothing. The registry's own catalog does, where it lets nobody in without a sign-in.
async fn check_by_catalog(host: &Host, elsewhere: Error) -> Result<(), Error> {
    let call = first_repository(host)?;
    let plain = host.ask_plainly(&call).await;
    if !plain.is_ok_and(|plain| plain.own && plain.status == 401) {
        return Err(elsewhere);
    }
    match host.send(&call).await {
        Ok(answer) if answer.own => Ok(()),
        Err(error) if matches!(error.kind, Kind::SignIn | Kind::SignInChanged { .. }) => Err(error),
        _ => Err(elsewhere),
    }
}

/// Makes the failure of an answer that another host gave.
fn elsewhere(answer: &Answer) -> Error {
    let host = endpoint::host_of(&answer.url);
    Error::new(Kind::ForeignHost { host }, answer.request.clone()).with_status(answer.status)
}

fn first_repository(host: &Host) -> Result<Call, Error> {
    let mut url = host.at("_catalog")?;
    url.set_query(Some("n=1"));
    Ok(Call::new(Method::GET, url, Scopes::catalog(), LIMIT))
}

fn ping(host: &Host) -> Call {
    Call::new(Method::GET, host.base().clone(), Scopes::default(), LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: Kind) -> Error {
        Error::new(kind, "GET /v2/")
    }

    #[test]
    fn plain_http_is_tried_where_no_certificate_was_refused() {
        for kind in [
            Kind::PlainHttp,
            Kind::Unreachable,
            Kind::Timeout,
            Kind::CutShort,
        ] {
            assert!(is_worth_plain_http(&kind), "{kind:?}");
        }
        for kind in [
            Kind::Tls("it has expired".into()),
            Kind::UnknownHost,
            Kind::NotARegistry,
            Kind::Server,
            Kind::Denied,
        ] {
            assert!(!is_worth_plain_http(&kind), "{kind:?}");
        }
    }

    #[test]
    fn plain_http_is_expected_where_it_was_typed_and_on_this_computer() {
        for (typed, host, expected) in [
            (Some(Scheme::Http), "registry.example", true),
            (None, "registry.example", false),
            (Some(Scheme::Https), "registry.example", false),
            (None, "localhost:5000", true),
            (None, "127.0.0.1:5000", true),
        ] {
            let host = oci::Host::parse(host).unwrap();
            assert_eq!(is_expected(typed, &host), expected, "{typed:?} {host}");
        }
    }

    #[test]
    fn plain_http_to_another_computer_alone_wants_a_yes() {
        for (scheme, host, wants_a_yes) in [
            (Scheme::Http, "registry.example", true),
            (Scheme::Http, "localhost:5000", false),
            (Scheme::Http, "127.0.0.1:5000", false),
            (Scheme::Https, "registry.example", false),
            (Scheme::Https, "localhost", false),
        ] {
            let host = oci::Host::parse(host).unwrap();
            let probe = found(Endpoint { scheme, host }, true, SignInWay::Basic.into());
            assert_eq!(probe.plain_http_only_not_loopback, wants_a_yes, "{probe:?}");
            assert_eq!(probe.tls, scheme == Scheme::Https);
        }
    }

    #[test]
    fn only_a_redirect_that_leads_nowhere_makes_a_malformed_answer_no_registry() {
        for (status, kind, is_told) in [
            (Some(302), Kind::Malformed("it".into()), Kind::NotARegistry),
            (
                Some(200),
                Kind::Malformed("it".into()),
                Kind::Malformed("it".into()),
            ),
            (
                None,
                Kind::Malformed("it".into()),
                Kind::Malformed("it".into()),
            ),
            (Some(302), Kind::Timeout, Kind::Timeout),
        ] {
            let error = Error {
                status,
                ..error(kind)
            };
            assert_eq!(no_registry(error).kind, is_told);
        }
    }

    #[test]
    fn the_failure_that_is_told_is_that_of_what_was_meant() {
        use Kind::{CutShort, NotARegistry, PlainHttp, Server, Timeout, Unreachable};
        for (over_tls, plain, expected, is_told) in [
            // Nobody said http://, so what HTTPS met is told.
            (Timeout, Unreachable, false, Timeout),
            (Unreachable, Server, false, Unreachable),
            (CutShort, CutShort, false, CutShort),
            // It was typed, or is this computer itself.
            (Timeout, Unreachable, true, Unreachable),
            (CutShort, CutShort, true, CutShort),
            // Plain HTTP is what there is.
            (PlainHttp, Server, false, Server),
            (PlainHttp, NotARegistry, true, NotARegistry),
            // What answers neither is none.
            (PlainHttp, CutShort, false, NotARegistry),
            (PlainHttp, CutShort, true, NotARegistry),
        ] {
            let case = format!("{over_tls:?} {plain:?} {expected}");
            let told = told(error(over_tls), error(plain), expected);
            assert_eq!(told.kind, is_told, "{case}");
        }
    }
}
