//! Where an engine listens, and how it is reached.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// An address at which an engine listens. [`Address::parse`] reads what `DOCKER_HOST` may hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// A Unix socket.
    Unix(PathBuf),
    /// A Windows named pipe, as `\\.\pipe\name`.
    Pipe(String),
    /// Plain TCP, as `host:port`.
    Tcp(String),
    /// TCP with TLS, as `host:port`.
    Tls {
        /// Host and port.
        authority: String,
        /// Whom to trust, and who we are.
        files: TlsFiles,
    },
    /// Another computer's own engine, over SSH.
    Ssh(SshTarget),
    /// An address that cannot be used, or no address at all. Connecting to it says so in a sentence; it stands here so
    /// that an engine somebody chose is never silently replaced by another.
    Unusable {
        /// The address as given.
        given: String,
        /// A sentence that says why not.
        why: String,
    },
}

/// PEM files for TLS, each where there is one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TlsFiles {
    /// The authorities that are trusted; without it the system's are.
    pub authorities: Option<PathBuf>,
    /// The certificate that is shown to the engine.
    pub certificate: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
}

impl TlsFiles {
    /// Names the files that Docker keeps in a folder, those that are there.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        Self {
            authorities: file("ca.pem"),
            certificate: file("cert.pem"),
            key: file("key.pem"),
        }
    }
}

/// Where `ssh` goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SshTarget {
    /// Who signs in there; none: as the person's own configuration has it.
    pub user: Option<String>,
    /// The computer, as `ssh` knows it.
    pub host: String,
    /// None: as the person's own configuration has it.
    pub port: Option<u16>,
    /// The engine's socket there; none: the one that its own client uses.
    pub path: Option<String>,
    /// What is run here.
    pub program: SshProgram,
}

/// The `ssh` of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SshProgram {
    /// Its name, or its path.
    pub program: PathBuf,
    /// A configuration in the place of the person's own.
    pub config: Option<PathBuf>,
}

impl Default for SshProgram {
    fn default() -> Self {
        Self {
            program: PathBuf::from("ssh"),
            config: None,
        }
    }
}

/// How what is said to an engine reaches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It stays on this computer.
    Here,
    /// To another computer, encrypted by SSH.
    Ssh,
    /// To another computer, encrypted by TLS.
    Tls,
    /// To another computer, in the clear.
    Plain,
}

/// The port of plain TCP when none is given.
const TCP_PORT: u16 = 2375;
/// The port of TLS when none is given.
const TLS_PORT: u16 = 2376;

impl Address {
    /// Reads an address as in `DOCKER_HOST` or a Docker context. `https://` means TLS. What cannot be used becomes
    /// [`Address::Unusable`].
    pub fn parse(given: &str) -> Self {
        Self::read(given, None)
    }

    /// Reads an address whose TCP is to be spoken with TLS, with these files.
    pub(crate) fn parse_tls(given: &str, files: TlsFiles) -> Self {
        Self::read(given, Some(files))
    }

    fn read(given: &str, tls: Option<TlsFiles>) -> Self {
        let given = given.trim();
        let unusable = |why: &str| Self::Unusable {
            given: given.to_owned(),
            why: why.to_owned(),
        };
        let Some((scheme, rest)) = given.split_once("://") else {
            return if given.starts_with('/') {
                Self::Unix(PathBuf::from(given))
            } else {
                unusable(
                    "The engine's address has no scheme; it should look like unix:///path or tcp://host:port.",
                )
            };
        };
        let no_host = || unusable("The engine's address names no host after tcp://.");
        match (scheme.to_ascii_lowercase().as_str(), tls) {
            ("unix", _) if rest.starts_with('/') => Self::Unix(PathBuf::from(rest)),
            ("unix", _) => unusable("The engine's address names no absolute path after unix://."),
            ("npipe", _) => pipe(rest).map_or_else(
                || unusable("The engine's address names no pipe after npipe://."),
                Self::Pipe,
            ),
            ("tcp" | "http", None) => tcp(rest, TCP_PORT).map_or_else(no_host, Self::Tcp),
            ("tcp" | "http" | "https", tls) => {
                tcp(rest, TLS_PORT).map_or_else(no_host, |authority| Self::Tls {
                    authority,
                    files: tls.unwrap_or_default(),
                })
            }
            ("ssh", _) => match ssh(rest) {
                Ok(target) => Self::Ssh(target),
                Err(why) => unusable(why),
            },
            ("fd", _) => {
                unusable("An engine passed as a file descriptor (fd://) cannot be reached.")
            }
            _ => unusable("The engine's address has a scheme that is not known."),
        }
    }

    /// Tells how what is said to the engine reaches it.
    pub fn way(&self) -> Way {
        match self {
            Self::Tcp(authority) | Self::Tls { authority, .. } if is_loopback(authority) => {
                Way::Here
            }
            Self::Tcp(_) => Way::Plain,
            Self::Tls { .. } => Way::Tls,
            Self::Ssh(_) => Way::Ssh,
            Self::Unix(_) | Self::Pipe(_) | Self::Unusable { .. } => Way::Here,
        }
    }

    /// Returns the other computer that the engine is on, where it is on one.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Tcp(authority) | Self::Tls { authority, .. } => {
                (!is_loopback(authority)).then(|| host_of(authority))
            }
            Self::Ssh(target) => Some(&target.host),
            Self::Unix(_) | Self::Pipe(_) | Self::Unusable { .. } => None,
        }
    }
}

/// Returns the host of `host:port`, an IPv6 address without its brackets.
pub(crate) fn host_of(authority: &str) -> &str {
    let host = authority.rsplit_once(':').map_or("", |(host, _)| host);
    host.trim_start_matches('[').trim_end_matches(']')
}

fn is_loopback(authority: &str) -> bool {
    let host = host_of(authority);
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Brings `//./pipe/name` or `\\.\pipe\name` into the form the system opens.
fn pipe(rest: &str) -> Option<String> {
    let path = rest.replace('/', "\\");
    let path = path.trim_start_matches('\\');
    let name = path.strip_prefix(".\\pipe\\")?;
    (!name.is_empty()).then(|| format!(r"\\.\pipe\{name}"))
}

/// Brings `host[:port][/]` into the form `host:port`.
fn tcp(rest: &str, port: u16) -> Option<String> {
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, given) = split_port(authority)?;
    is_host(host).then(|| format!("{host}:{}", given.unwrap_or(port)))
}

/// Cuts a port off; `None` where what stands there is none.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    match authority.rsplit_once(':') {
        // An IPv6 address in brackets holds colons of its own.
        Some((host, port)) if !port.contains(']') => Some((host, Some(port.parse().ok()?))),
        _ => Some((authority, None)),
    }
}

fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.chars().all(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']' | '%')
        })
}

/// Reads `[user@]host[:port][/path]`. All of it stands in a command line, and the path in one at the other end.
fn ssh(rest: &str) -> Result<SshTarget, &'static str> {
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (user, at) = match authority.rsplit_once('@') {
        Some((user, at)) => (Some(user), at),
        None => (None, authority),
    };
    if user.is_some_and(|user| user.contains(':')) {
        return Err(
            "The engine's address holds a password; SSH takes a key, which your SSH agent can hold.",
        );
    }
    // What begins with a hyphen would be an option of ssh's.
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with('-')
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '\\'))
    };
    if user.is_some_and(|user| !is_name(user)) {
        return Err("The engine's address names no user that SSH can take.");
    }
    let no_host = "The engine's address names no host after ssh://.";
    let (host, port) = split_port(at).ok_or(no_host)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if !is_host(host) || host.starts_with('-') {
        return Err(no_host);
    }
    let path = path.trim_end_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+');
    if !path.chars().all(plain) {
        return Err(
            "The path in the engine's address holds characters that cannot be sent over SSH.",
        );
    }
    Ok(SshTarget {
        user: user.map(str::to_owned),
        host: host.to_owned(),
        port,
        path: (!path.is_empty()).then(|| path.to_owned()),
        program: SshProgram::default(),
    })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Pipe(name) => write!(f, "npipe://{}", name.replace('\\', "/")),
            Self::Tcp(host) => write!(f, "tcp://{host}"),
            // What is read back must not be in the clear.
            Self::Tls { authority, .. } => write!(f, "https://{authority}"),
            Self::Ssh(target) => write!(f, "ssh://{target}"),
            Self::Unusable { given, .. } => f.write_str(given),
        }
    }
}

impl fmt::Display for SshTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(self.path.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
