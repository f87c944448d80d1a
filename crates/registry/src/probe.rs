//! What answers at a host: a registry, with or without TLS, or something else (distribution-spec, "Determining Support").

use http::Method;

use crate::address;
use crate::auth::{Challenge, Scopes, SignIn, catalog, challenges};
use crate::endpoint::{Endpoint, Scheme};
use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::options::HttpOptions;
use crate::registry::Registry;
use crate::seen::Seen;
use crate::transport::Answer;
use crate::way::{Origin, SignInWay, SignInWays};

/// How much is read of the answer to `GET /v2/`.
pub(crate) const LIMIT: u64 = 64 << 10;

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
    /// What the server said of itself.
    pub seen: Seen,
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

    /// Asks `/v2/` as nobody, and returns what the server says of itself.
    pub async fn seen(&self) -> Result<Seen, Error> {
        let answer = self.0.ask_plainly(&ping(&self.0)).await;
        let answer = answer.map_err(no_registry)?;
        Ok(Seen::of(&self.0, &answer))
    }

    /// Asks for nothing but an answer, as nobody: whoever observes the registry is told.
    pub async fn knock(&self) -> Result<(), Error> {
        let answer = self.0.ask_plainly(&ping(&self.0)).await?;
        match answer.certificate_fault() {
            Some(fault) => Err(answer.about_certificate(fault)),
            None => Ok(()),
        }
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
    let seen = Seen::of(&asked, &answer);
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
    Ok(found(endpoint, wants_sign_in, ways, seen))
}

/// Makes what was found of where it answered.
fn found(endpoint: Endpoint, wants_sign_in: bool, ways: SignInWays, seen: Seen) -> Probe {
    let tls = endpoint.scheme == Scheme::Https;
    Probe {
        tls,
        wants_sign_in,
        plain_http_only_not_loopback: !tls && !endpoint.host.is_loopback(),
        ways,
        seen,
        endpoint,
    }
}

/// Returns the ways that challenges offer and that may be gone.
pub(crate) fn ways(host: &Host, offered: &[Challenge]) -> SignInWays {
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
pub(crate) fn no_registry(error: Error) -> Error {
    let redirected = matches!(error.status, Some(300..400));
    let kind = match error.kind {
        Kind::Malformed(_) if redirected => Kind::NotARegistry,
        kind => kind,
    };
    Error { kind, ..error }
}

/// Checks the answer to `GET /v2/`: 200 with JSON or nothing, or 401 with a challenge. Everything else is another kind of server,
/// or a failure.
pub(crate) fn is_registry(answer: Answer) -> Result<(), Error> {
    let says_so = answer.header("docker-distribution-api-version").is_some();
    if let Some(fault) = answer.gate_fault().filter(|_| !says_so) {
        return Err(answer.about_certificate(fault));
    }
    let sane = match answer.status {
        200 => {
            says_so
                || (!answer.is_page()
                    && matches!(answer.bytes.trim_ascii_start().first(), None | Some(b'{')))
        }
        401 => says_so || !Challenge::read_all(&answer.headers).is_empty(),
        403 | 407 | 408 | 429 | 500..=599 => return answer.into_success().map(|_| ()),
        _ => false,
    };
    if sane {
        Ok(())
    } else {
        Err(Error::new(Kind::NotARegistry, answer.request.clone()).with_status(answer.status))
    }
}

/// Makes the first question to a registry.
pub(crate) fn ping(host: &Host) -> Call {
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
            Kind::Tls(crate::tls::fault::TlsFault::Expired),
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
            let seen = Seen {
                host: host.clone(),
                status: 401,
                headers: std::collections::BTreeMap::new(),
                challenges: Vec::new(),
            };
            let probe = found(
                Endpoint { scheme, host },
                true,
                SignInWay::Basic.into(),
                seen,
            );
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
