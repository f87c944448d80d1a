//! Servers of a fixed address that tests play on this computer.
//!
//! Not here: which servers those are. Grows by nothing.

use oci::Host as Name;
use std::collections::BTreeMap;

use crate::endpoint::{Endpoint, Scheme};

/// Which servers of a fixed address are asked elsewhere, on this computer alone: for tests, which play them. A registry is played
/// under its name as images have it, `docker.io`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instead(BTreeMap<Name, Endpoint>);

impl Instead {
    /// Has a server asked at another address, `http://127.0.0.1:5001`; none where that is no address of this computer.
    #[must_use]
    pub fn with(mut self, server: &str, address: &str) -> Option<Self> {
        let (scheme, host) = address.split_once("://")?;
        let scheme = match scheme {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => return None,
        };
        let host = Name::parse(host.trim_end_matches('/')).ok()?;
        if !host.is_loopback() {
            return None;
        }
        let server = Name::parse(server).ok()?;
        self.0.insert(server, Endpoint { scheme, host });
        Some(self)
    }

    /// Reads `hub.docker.com=http://127.0.0.1:5001`, several with commas between; none where one can't be read.
    pub fn parse(text: &str) -> Option<Self> {
        let pairs = text.split(',').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| pair.split_once('='))
            .try_fold(Self::default(), |all, pair| {
                let (server, address) = pair?;
                all.with(server, address)
            })
    }

    /// Returns where a server is asked; none where that is its own address.
    pub fn of(&self, server: &Name) -> Option<&Endpoint> {
        self.0.get(server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_a_server_is_played_on_this_computer_alone() {
        let good = "hub.docker.com=http://127.0.0.1:5001,api.github.com=https://localhost:1/";
        let instead = Instead::parse(good).unwrap();
        let of = |name: &str| {
            let name = Name::parse(name).unwrap();
            instead.of(&name).map(ToString::to_string)
        };
        assert_eq!(of("hub.docker.com").unwrap(), "http://127.0.0.1:5001");
        assert_eq!(of("api.github.com").unwrap(), "https://localhost:1");
        assert_eq!(of("gitlab.com"), None);
        assert_eq!(Instead::parse(""), Some(Instead::default()));
        for odd in [
            "hub.docker.com",
            "hub.docker.com=http://evil.example",
            "hub.docker.com=https://10.0.0.1",
            "hub.docker.com=ftp://127.0.0.1",
            "a b=http://127.0.0.1",
        ] {
            assert_eq!(Instead::parse(odd), None, "{odd}");
        }
    }
}
