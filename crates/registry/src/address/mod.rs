//! Addresses out of what others say: a `Link`, a `Location`, a redirect, the realm of a challenge.
//!
//! One way from a text to an address. What a text means is read once, its parts are checked, and what goes on at a known server is
//! made of that server's own scheme, host and port with the text's path and query set into it: no text is ever joined to a
//! host twice. Not here: what is sent there. Grows by a kind of text that names an address.

use url::{Position, Url};

use crate::endpoint::{host_of, is_inside, is_loopback, same_host};
use crate::error::Kind;

/// How long a text that names an address may be.
const LONGEST: usize = 4096;

/// Finds the address a registry goes on at (a next page, an upload): on the same host, whatever scheme a proxy in front made
/// the registry believe.
pub(crate) fn goes_on_at(base: &Url, from: &Url, text: &str) -> Result<Url, Kind> {
    let said = read(from, text)?;
    // Behind a proxy that ends TLS, distribution links to http:// at the same name.
    let own_name = said.host() == base.host()
        && (said.port_or_known_default() == base.port_or_known_default()
            || (said.port().is_none() && base.port().is_none()));
    if !own_name {
        return Err(foreign(&said));
    }
    at_the_same(base, &said)
}

/// Finds where a redirect leads: to the same server or another one, never from TLS to none, never from elsewhere into this
/// computer.
pub(crate) fn redirect(from: &Url, text: &str) -> Result<Url, Kind> {
    let said = read(from, text)?;
    if said[..Position::BeforePath] == from[..Position::BeforePath] {
        return at_the_same(from, &said);
    }
    let downgrade = from.scheme() == "https" && said.scheme() == "http";
    let inwards = is_inside(&said) && !is_inside(from) && !same_host(&said, from);
    if downgrade || inwards {
        return Err(foreign(&said));
    }
    without_user(said)
}

/// Finds the address of a token service.
///
/// A registry that gets the secret by Basic could do with it what it likes, so a token service on another host is no more than it
/// could do itself, provided nobody else listens: another host only over TLS, or from this computer to this computer. A registry
/// elsewhere may not send us to this computer or its network's link-local services, with or without a secret. Where a registry
/// behind a proxy that ends TLS names its own host without, it is asked with.
pub(crate) fn realm(registry: &Url, text: &str) -> Result<Url, Kind> {
    let none = || malformed("the token service's address is none");
    bounded(text)?;
    let mut said = Url::parse(text).map_err(|_| none())?;
    if !is_web(&said) || !said.username().is_empty() || said.password().is_some() {
        return Err(none());
    }
    if registry.scheme() == "https" && said.scheme() == "http" && said.host() == registry.host() {
        said.set_scheme("https").map_err(|()| none())?;
    }
    let good = if same_host(&said, registry) {
        said.scheme() == registry.scheme()
    } else if is_loopback(registry) && is_loopback(&said) {
        said.scheme() == "https" || registry.scheme() == "http"
    } else {
        said.scheme() == "https" && !is_inside(&said)
    };
    if good {
        without_user(said)
    } else {
        Err(foreign(&said))
    }
}

/// Reads a text as an address, as seen from another one.
fn read(from: &Url, text: &str) -> Result<Url, Kind> {
    bounded(text)?;
    let said = from.join(text);
    said.ok()
        .filter(is_web)
        .ok_or_else(|| malformed("what should be a web address is none"))
}

fn bounded(text: &str) -> Result<(), Kind> {
    if text.len() > LONGEST {
        return Err(malformed("an address that is too long"));
    }
    if text.chars().any(char::is_control) {
        return Err(malformed("an address with control characters"));
    }
    Ok(())
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "http") && url.host_str().is_some_and(|host| !host.is_empty())
}

/// Makes the address at a known server that has another one's path and query.
fn at_the_same(server: &Url, said: &Url) -> Result<Url, Kind> {
    let mut to = server.clone();
    to.set_path(said.path());
    to.set_query(said.query());
    to.set_fragment(None);
    let to = without_user(to)?;
    if to[..Position::BeforePath] == server[..Position::BeforePath] {
        Ok(to)
    } else {
        Err(foreign(&to))
    }
}

fn without_user(mut to: Url) -> Result<Url, Kind> {
    let cleared = to.set_username("").and_then(|()| to.set_password(None));
    cleared.map_err(|()| malformed("an address with a user"))?;
    to.set_fragment(None);
    Ok(to)
}

fn malformed(why: &str) -> Kind {
    Kind::Malformed(why.to_owned())
}

fn foreign(to: &Url) -> Kind {
    Kind::ForeignHost { host: host_of(to) }
}

#[cfg(test)]
mod tests;
