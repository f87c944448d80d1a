//! The registries to which an engine may speak without TLS, or with a certificate that nobody vouches for: its settings, as it
//! tells them (`/info`, `RegistryConfig`). It is a fact about the engine; nothing here is trusted for it.
//!
//! Not here: how we speak to a registry ourselves (`registry`). Grows by another way in which an engine tells it.

use serde::Deserialize;
use std::collections::HashMap;
use std::net::IpAddr;

/// How many of them are read.
const MOST: usize = 200;
/// How many characters of one are kept.
const LONGEST: usize = 255;

/// The registries to which an engine may speak so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Insecure {
    hosts: Vec<String>,
    networks: Vec<Network>,
}

/// All addresses whose first bits are these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

/// What `/info` says of it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Settings {
    #[serde(rename = "InsecureRegistryCIDRs", default)]
    networks: Option<Vec<String>>,
    #[serde(rename = "IndexConfigs", default)]
    indexes: Option<HashMap<String, Index>>,
}

#[derive(Debug, Deserialize)]
struct Index {
    #[serde(rename = "Secure", default = "yes")]
    secure: bool,
}

fn yes() -> bool {
    true
}

impl Insecure {
    pub(crate) fn of(settings: Settings) -> Self {
        let indexes = settings.indexes.unwrap_or_default();
        let open = indexes.into_iter().filter(|(_, index)| !index.secure);
        let mut hosts: Vec<String> = open
            .map(|(host, _)| oci::text::plain(&host, LONGEST))
            .collect();
        hosts.sort();
        hosts.truncate(MOST);
        let networks = settings.networks.unwrap_or_default();
        let read = networks.iter().filter_map(|text| Network::read(text));
        let networks = read.take(MOST).collect();
        Self { hosts, networks }
    }

    /// Tells whether an engine may speak so to a registry, by its name or address as it stands; names are not looked up.
    pub fn covers(&self, host: &oci::Host) -> bool {
        let name = match host.name() {
            "localhost" => "127.0.0.1",
            name => name,
        };
        let address: Option<IpAddr> = name.parse().ok();
        let is_within = |address| self.networks.iter().any(|net| net.holds(address));
        self.hosts.iter().any(|one| one == host.as_str()) || address.is_some_and(is_within)
    }

    /// Returns them as a person set them: hosts, and networks such as `10.0.0.0/8`, but for this computer's own, which every
    /// engine has.
    pub fn beyond_loopback(&self) -> Vec<String> {
        let networks = self.networks.iter();
        let beyond = networks.filter(|net| !net.address.is_loopback());
        let networks = beyond.map(|Network { address, bits }| format!("{address}/{bits}"));
        self.hosts.iter().cloned().chain(networks).collect()
    }
}

impl Network {
    fn read(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let (address, bits): (IpAddr, u8) = (address.parse().ok()?, bits.parse().ok()?);
        let most = if address.is_ipv4() { 32 } else { 128 };
        (bits <= most).then_some(Self { address, bits })
    }

    fn holds(self, address: IpAddr) -> bool {
        let bits = u32::from(self.bits);
        match (self.address, address) {
            (IpAddr::V4(net), IpAddr::V4(one)) => {
                let differ = net.to_bits() ^ one.to_bits();
                differ.leading_zeros() >= bits
            }
            (IpAddr::V6(net), IpAddr::V6(one)) => {
                let differ = net.to_bits() ^ one.to_bits();
                differ.leading_zeros() >= bits
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Insecure {
        Insecure::of(serde_json::from_str(json).unwrap())
    }

    /// Behaviour (certificates): The registries that an engine may reach without TLS are those whose index is not secure, and all whose
    /// address is in one of its networks; loopback is always among them.
    /// Source: moby, `registry/config.go` (`isSecureIndex`), `/info`.
    #[test]
    fn hosts_and_networks_are_covered() {
        let of_docker = read(
            r#"{"InsecureRegistryCIDRs":["::1/128","127.0.0.0/8","10.1.0.0/16"],
                "IndexConfigs":{"docker.io":{"Name":"docker.io","Secure":true,"Official":true},
                "lab.example:5000":{"Secure":false},"odd.example":{}},"Mirrors":null}"#,
        );
        for (host, is_covered) in [
            ("lab.example:5000", true),
            ("lab.example", false),
            ("docker.io", false),
            ("odd.example", false),
            ("10.1.2.3:5000", true),
            ("10.2.2.3:5000", false),
            ("127.0.0.1:5000", true),
            ("localhost:5000", true),
            ("[::1]:5000", true),
            ("[::2]:5000", false),
        ] {
            let host = oci::Host::parse(host).unwrap();
            assert_eq!(of_docker.covers(&host), is_covered, "{host}");
        }
        assert_eq!(
            of_docker.beyond_loopback(),
            ["lab.example:5000", "10.1.0.0/16"]
        );
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for nothing in [
            "{}",
            r#"{"InsecureRegistryCIDRs":null,"IndexConfigs":null}"#,
            r#"{"InsecureRegistryCIDRs":["10.0.0.0","10.0.0.0/33","::/200","a/8",""]}"#,
        ] {
            assert_eq!(read(nothing), Insecure::default(), "{nothing}");
        }
        let all = read(r#"{"InsecureRegistryCIDRs":["0.0.0.0/0"]}"#);
        assert!(all.covers(&oci::Host::parse("8.8.8.8").unwrap()));
        assert!(!all.covers(&oci::Host::parse("[::2]").unwrap()));
    }
}
