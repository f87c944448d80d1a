//! The host of a registry as references write it: a name or an address, and perhaps a port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{DEFAULT_HOST, ReferenceError};
use crate::textual::textual;

/// A registry's host, `host[:port]`, an IPv6 address in brackets. No scheme, no path, no user.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(String);

textual!(Host, ReferenceError);

impl Host {
    /// Reads a host; refuses schemes, paths, users, spaces and ports outside 1 to 65535.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        let (name, port) = split(text).ok_or(ReferenceError::Host)?;
        let good_name = match name.strip_prefix('[') {
            Some(rest) => rest
                .strip_suffix(']')
                .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
            None => name.len() <= 253 && name.split('.').all(is_label),
        };
        let good_port = port.is_none_or(|port| {
            port.bytes().all(|b| b.is_ascii_digit())
                && port.parse::<u16>().is_ok_and(|port| port > 0)
        });
        if good_name && good_port {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReferenceError::Host)
        }
    }

    /// Returns the host as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name or address without port and brackets.
    pub fn name(&self) -> &str {
        let name = split(&self.0).map_or(self.0.as_str(), |(name, _)| name);
        name.strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
            .unwrap_or(name)
    }

    /// Returns the port, where one is written.
    pub fn port(&self) -> Option<u16> {
        split(&self.0)?.1?.parse().ok()
    }

    /// Tells whether this can only be this computer: `localhost`, `127.0.0.0/8`, `::1`. Engines speak plain HTTP to
    /// these.
    pub fn is_loopback(&self) -> bool {
        let name = self.name();
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        match name.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => address.is_loopback(),
            Ok(IpAddr::V6(address)) => {
                address.is_loopback()
                    || address
                        .to_ipv4_mapped()
                        .is_some_and(|v4: Ipv4Addr| v4.is_loopback())
            }
            Err(_) => false,
        }
    }

    /// Returns the host to connect to. Names at `docker.io` are served elsewhere (`distribution/reference`,
    /// `docker/cli`).
    pub fn api_host(&self) -> &str {
        if self.0 == DEFAULT_HOST {
            "registry-1.docker.io"
        } else {
            &self.0
        }
    }
}

/// Splits a host into name and port; `None` where brackets or colons stand wrong.
fn split(text: &str) -> Option<(&str, Option<&str>)> {
    if text.starts_with('[') {
        let end = text.find(']')? + 1;
        let (name, rest) = text.split_at(end);
        return if rest.is_empty() {
            Some((name, None))
        } else {
            Some((name, Some(rest.strip_prefix(':')?)))
        };
    }
    match text.split_once(':') {
        Some((name, port)) => Some((name, Some(port))),
        None => Some((text, None)),
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}
