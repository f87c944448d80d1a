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
        // RFC 6761: every name below it is this computer too.
        Some(url::Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            return name == "localhost" || name.ends_with(".localhost");
        }
        None => return false,
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
