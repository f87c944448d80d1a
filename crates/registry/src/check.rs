//! Whether a sign-in is right, and which ways of it a registry asks for (distribution-spec, "Determining Support").
//!
//! Not here: what answers at a host (`probe`), signing in (`auth`). Grows by what proves a sign-in elsewhere.

use http::{Method, header};

use crate::auth::{Scopes, challenges};
use crate::endpoint;
use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::probe::{LIMIT, is_registry, no_registry, ping, ways};
use crate::registry::{Registry, Repository};
use crate::transport::Answer;
use crate::way::SignInWays;

impl Registry {
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
