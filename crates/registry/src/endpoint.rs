//! Where a registry answers.

use oci::Host;
use std::net::IpAddr;
use url::Url;

use crate::error::{Error, Kind};

/// How it is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// With TLS.
    Https,
    /// Without; for this computer, and where the person said so.
    Http,
}

impl Scheme {
    /// Returns `https` or `http`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }
}

/// A registry's scheme and host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// With or without TLS.
    pub scheme: Scheme,
    /// The host as names of images write it.
    pub host: Host,
}

impl Endpoint {
    /// Returns the address below which all paths of the protocol lie, `https://host[:port]/v2/`.
    pub(crate) fn base(&self) -> Result<Url, Error> {
        let text = format!("{}://{}/v2/", self.scheme.as_str(), self.host.api_host());
        Url::parse(&text).map_err(|error| {
            Error::new(Kind::Invalid, format!("GET {}", self.host)).because(error.to_string())
        })
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.host)
    }
}

/// Tells whether a URL's host can only be this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    url.host_str()
        .is_some_and(|host| Host::parse(host).is_ok_and(|host| host.is_loopback()))
}

/// Tells whether a URL leads to this computer or to a link-local address, where clouds keep their metadata services: nowhere a
/// registry elsewhere may send us.
pub(crate) fn is_inside(url: &Url) -> bool {
    let address = match url.host() {
        Some(url::Host::Ipv4(address)) => IpAddr::V4(address),
        Some(url::Host::Ipv6(address)) => address
            .to_ipv4_mapped()
            .map_or(IpAddr::V6(address), IpAddr::V4),
        _ => return is_loopback(url),
    };
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    address.is_loopback() || address.is_unspecified() || link_local
}

/// Tells whether two URLs have the same host and port.
pub(crate) fn same_host(one: &Url, other: &Url) -> bool {
    one.host() == other.host() && one.port_or_known_default() == other.port_or_known_default()
}

/// Returns a URL's host and port for people; the port only where it is not the scheme's own.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Returns a URL's path for people. What names an upload is the registry's own text, and may be all that is needed to write to
/// it.
pub(crate) fn path_of(url: &Url) -> String {
    match url.path().split_once("/blobs/uploads/") {
        Some((before, id)) if !id.is_empty() => format!("{before}/blobs/uploads/…"),
        _ => url.path().to_owned(),
    }
}

/// Finds the address a registry goes on at (a next page, an upload): on the same host, whatever scheme a proxy in front made
/// the registry believe.
pub(crate) fn goes_on_at(base: &Url, from: &Url, link: &str) -> Result<Url, Kind> {
    let mut to = from
        .join(link)
        .map_err(|_| Kind::Malformed("the address to go on at is none".to_owned()))?;
    // Behind a proxy that ends TLS, distribution links to http:// at the same name.
    let own_name = to.host() == base.host()
        && (to.port_or_known_default() == base.port_or_known_default()
            || (to.port().is_none() && base.port().is_none()));
    if !own_name || !matches!(to.scheme(), "http" | "https") {
        return Err(Kind::ForeignHost { host: host_of(&to) });
    }
    to.set_fragment(None);
    let path = to[url::Position::BeforePath..].to_owned();
    base.join(&path)
        .map_err(|_| Kind::Malformed("the address to go on at is none".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_on_its_host() {
        let base = Url::parse("https://r.example/v2/").unwrap();
        let from = base.join("team/app/tags/list?n=2").unwrap();
        let ok = |link: &str| goes_on_at(&base, &from, link).map(String::from);
        let list = "https://r.example/v2/team/app/tags/list?last=b";
        assert_eq!(ok("/v2/team/app/tags/list?last=b").as_deref(), Ok(list));
        assert_eq!(ok("?last=b").as_deref(), Ok(list));
        assert_eq!(ok(list).as_deref(), Ok(list));
        assert_eq!(
            ok("http://r.example/v2/team/app/tags/list?last=b").as_deref(),
            Ok(list),
            "a proxy ended TLS"
        );
        for foreign in [
            "https://evil.example/v2/",
            "//evil.example/v2/",
            "https://r.example:444/v2/",
            "https://r.example.evil.example/",
            "ftp://r.example/",
        ] {
            assert!(
                matches!(ok(foreign), Err(Kind::ForeignHost { .. })),
                "{foreign}"
            );
        }
        assert_eq!(
            ok("https://user:pw@r.example/v2/team/app/tags/list?last=b").as_deref(),
            Ok(list)
        );
    }
}
