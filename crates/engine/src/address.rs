//! Where an engine listens.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

/// An address at which an engine listens. [`Address::parse`] reads what `DOCKER_HOST` may hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// A Unix socket.
    Unix(PathBuf),
    /// A Windows named pipe, as `\\.\pipe\name`.
    Pipe(String),
    /// Plain TCP, as `host:port`.
    Tcp(String),
    /// An address of a kind that cannot be used yet (SSH, TLS), or no address at all. Connecting to it says so in a
    /// sentence; it stands here so that an engine somebody chose is never silently replaced by another.
    NotYet {
        /// The address as given.
        given: String,
        /// A sentence that says why not.
        why: String,
    },
}

/// The port of plain TCP when none is given.
const TCP_PORT: u16 = 2375;

impl Address {
    /// Reads an address as in `DOCKER_HOST` or a Docker context. `tls` says that TCP is to be spoken with TLS. What
    /// cannot be used becomes [`Address::NotYet`].
    pub fn parse(given: &str, tls: bool) -> Self {
        let given = given.trim();
        let not_yet = |why: &str| Self::NotYet {
            given: given.to_owned(),
            why: why.to_owned(),
        };
        let Some((scheme, rest)) = given.split_once("://") else {
            return if given.starts_with('/') {
                Self::Unix(PathBuf::from(given))
            } else {
                not_yet(
                    "The engine's address has no scheme; it should look like unix:///path or tcp://host:port.",
                )
            };
        };
        match scheme.to_ascii_lowercase().as_str() {
            "unix" if rest.starts_with('/') => Self::Unix(PathBuf::from(rest)),
            "unix" => not_yet("The engine's address names no absolute path after unix://."),
            "npipe" => pipe(rest).map_or_else(
                || not_yet("The engine's address names no pipe after npipe://."),
                Self::Pipe,
            ),
            "tcp" | "http" if !tls => tcp(rest).map_or_else(
                || not_yet("The engine's address names no host after tcp://."),
                Self::Tcp,
            ),
            "tcp" | "http" | "https" => not_yet("An engine behind TLS cannot be reached yet."),
            "ssh" => not_yet("An engine on another computer over SSH cannot be reached yet."),
            "fd" => not_yet("An engine passed as a file descriptor (fd://) cannot be reached."),
            _ => not_yet("The engine's address has a scheme that is not known."),
        }
    }
}

impl Address {
    /// Tells whether what is said to the engine stays on this computer.
    pub(crate) fn is_on_this_computer(&self) -> bool {
        let Self::Tcp(authority) = self else {
            return true;
        };
        let host = authority.rsplit_once(':').map_or("", |(host, _)| host);
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost")
            || bare
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

/// Brings `//./pipe/name` or `\\.\pipe\name` into the form the system opens.
fn pipe(rest: &str) -> Option<String> {
    let path = rest.replace('/', "\\");
    let path = path.trim_start_matches('\\');
    let name = path.strip_prefix(".\\pipe\\")?;
    (!name.is_empty()).then(|| format!(r"\\.\pipe\{name}"))
}

/// Brings `host[:port][/]` into the form `host:port`.
fn tcp(rest: &str) -> Option<String> {
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        // An IPv6 address in brackets holds colons of its own.
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()?),
        _ => (authority, TCP_PORT),
    };
    let host_ok = !host.is_empty()
        && host.chars().all(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']' | '%')
        });
    host_ok.then(|| format!("{host}:{port}"))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Pipe(name) => write!(f, "npipe://{}", name.replace('\\', "/")),
            Self::Tcp(host) => write!(f, "tcp://{host}"),
            Self::NotYet { given, .. } => f.write_str(given),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_docker_knows() {
        assert_eq!(
            Address::parse("unix:///run/x.sock", false),
            Address::Unix("/run/x.sock".into())
        );
        assert_eq!(
            Address::parse(" /run/x.sock ", false),
            Address::Unix("/run/x.sock".into())
        );
        assert_eq!(
            Address::parse("npipe:////./pipe/docker_engine", false),
            Address::Pipe(r"\\.\pipe\docker_engine".into())
        );
        assert_eq!(
            Address::parse(r"npipe://\\.\pipe\docker_engine", false),
            Address::Pipe(r"\\.\pipe\docker_engine".into())
        );
        assert_eq!(
            Address::parse("tcp://localhost", false),
            Address::Tcp("localhost:2375".into())
        );
        assert_eq!(
            Address::parse("tcp://10.0.0.1:99/", false),
            Address::Tcp("10.0.0.1:99".into())
        );
        assert_eq!(
            Address::parse("tcp://[::1]:99", false),
            Address::Tcp("[::1]:99".into())
        );
        assert_eq!(
            Address::parse("tcp://[::1]", false),
            Address::Tcp("[::1]:2375".into())
        );
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        for (given, tls, word) in [
            ("ssh://me@host", false, "SSH"),
            ("tcp://host:2376", true, "TLS"),
            ("https://host", false, "TLS"),
            ("fd://", false, "descriptor"),
            ("", false, "scheme"),
            ("unix://relative", false, "absolute"),
            ("npipe://", false, "pipe"),
            ("tcp://", false, "host"),
            ("tcp://h:99999", false, "host"),
            ("tcp://a b:1", false, "host"),
            ("gopher://x", false, "not known"),
        ] {
            match Address::parse(given, tls) {
                Address::NotYet { why, .. } => {
                    assert!(why.contains(word) && why.ends_with('.'), "{given}: {why}");
                }
                other => panic!("{given}: {other:?}"),
            }
        }
    }

    #[test]
    fn shown_as_given() {
        for given in [
            "unix:///run/x.sock",
            "npipe:////./pipe/x",
            "tcp://h:1",
            "ssh://me@h",
        ] {
            assert_eq!(Address::parse(given, false).to_string(), given);
        }
    }
}
