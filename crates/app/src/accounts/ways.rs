//! The ways an account's secret goes, as they are shown before it is sent and kept with the account. Pure.
//!
//! Not here: which ways a registry asks for, and that nothing is sent another way (`registry`); a person's yes to another
//! one (`approving`). Grows by what a person should know of a way.

use super::readable;
use crate::view::accounts::WayView;
use crate::view::problem::{Code, Problem};
use crate::words::accounts as say;
use registry::{Scheme, SignInWay, SignInWays};
use store::Account;

/// The user that Docker's configuration writes where the secret is an identity token.
pub(super) const IDENTITY_TOKEN: &str = "<token>";

/// Returns a way as the window shows it.
pub(super) fn view(way: &SignInWay, host: &oci::Host, tls: bool) -> WayView {
    let (to, encrypted) = match way {
        SignInWay::Basic => (host.to_string(), tls),
        SignInWay::Bearer { service } => (service.host().to_owned(), service.is_encrypted()),
    };
    WayView {
        way: way.to_string(),
        readable: oci::Host::parse(&to)
            .ok()
            .and_then(|host| readable::of(&host)),
        registry_itself: to == host.api_host() || to == host.as_str(),
        to,
        encrypted,
    }
}

/// Returns how an account's registry is spoken to.
pub(super) fn scheme_of(account: &Account) -> Scheme {
    if account.scheme == Scheme::Http.as_str() {
        Scheme::Http
    } else {
        Scheme::Https
    }
}

/// Returns the ways that an account's secret goes, as the window shows them.
pub(super) fn views(account: &Account) -> Vec<WayView> {
    let tls = scheme_of(account) == Scheme::Https;
    let ways = kept(account).unwrap_or_default();
    ways.iter()
        .map(|way| view(way, &account.host, tls))
        .collect()
}

/// Returns the ways that are kept with an account; none where nobody was asked yet. What can't be read agrees to nothing.
pub(super) fn kept(account: &Account) -> Option<SignInWays> {
    account
        .ways
        .as_deref()
        .map(|ways| SignInWays::parse(ways).unwrap_or_default())
}

/// Returns the host of the token service that a person agreed to for an account; none where there is none.
pub(crate) fn token_service(account: &Account) -> Option<String> {
    let ways = kept(account)?;
    ways.iter().find_map(|way| match way {
        SignInWay::Bearer { service } => Some(service.host().to_owned()),
        SignInWay::Basic => None,
    })
}

/// Returns the ways of two.
pub(super) fn both(some: &SignInWays, others: &SignInWays) -> SignInWays {
    others.iter().cloned().fold(some.clone(), SignInWays::with)
}

/// Returns those of some ways that are among others.
pub(super) fn among(some: &SignInWays, others: &SignInWays) -> SignInWays {
    let among = some.iter().filter(|way| others.contains(way));
    among.cloned().fold(SignInWays::default(), SignInWays::with)
}

/// Returns those of some ways that are not among others.
pub(super) fn without(some: &SignInWays, others: &SignInWays) -> SignInWays {
    let rest = some.iter().filter(|way| !others.contains(way));
    rest.cloned().fold(SignInWays::default(), SignInWays::with)
}

/// Tells whether all of some ways are among others.
pub(super) fn are_among(some: &SignInWays, others: &SignInWays) -> bool {
    some.iter().all(|way| others.contains(way))
}

/// Reads what a sheet showed.
pub(super) fn shown(agreed: &[String]) -> SignInWays {
    let read = agreed.iter().filter_map(|way| SignInWay::parse(way).ok());
    read.fold(SignInWays::default(), SignInWays::with)
}

/// Checks that a registry asks for nothing that the sheet did not show, before anything is sent.
pub(super) fn as_shown(
    agreed: &SignInWays,
    asked: &SignInWays,
    host: &oci::Host,
) -> Result<(), Problem> {
    if asked.is_empty() {
        return Err(say::unknown_way(host)
            .coded(Code::SignIn)
            .hint(say::ask_its_people()));
    }
    if let Some(other) = asked.iter().find(|way| !agreed.contains(way)) {
        return Err(not_shown(other, host));
    }
    Ok(())
}

/// Checks that a registry takes what this user signs in with: an identity token is never sent as a password.
pub(super) fn takes(user: &str, asked: &SignInWays, host: &oci::Host) -> Result<(), Problem> {
    let takes_tokens = asked
        .iter()
        .any(|way| matches!(way, SignInWay::Bearer { .. }));
    if user == IDENTITY_TOKEN && !takes_tokens {
        return Err(say::no_identity_token(host)
            .coded(Code::SignIn)
            .hint(say::use_password()));
    }
    Ok(())
}

/// Says that a registry asks for a way that the sheet did not show.
pub(super) fn not_shown(way: &SignInWay, host: &oci::Host) -> Problem {
    let to = view(way, host, true).to;
    say::not_shown(host, &to)
        .coded(Code::SignInChanged)
        .hint(say::look_again())
}
