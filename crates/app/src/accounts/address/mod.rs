//! What a person types or pastes as a registry's address, read. Pure: nothing is contacted.
//!
//! Understood: `host`, `host:port`, `http(s)://…`, a path behind it (dropped, with a word), `user@host`,
//! `user:secret@host`, and a whole line that signs a client in (`login_line`). A secret goes nowhere but into its own
//! field: neither the host nor the user, the dropped path or a sentence ever holds it.

use super::login_line::LoginLine;
use super::readable;
use crate::view::accounts::{AddressView, TypedScheme};
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use crate::words::accounts as say;
use percent_encoding::percent_decode_str;
use registry::Scheme;
use std::net::Ipv6Addr;

/// The most that is read of a pasted text (bytes).
const LONGEST: usize = 64 * 1024;

/// An address, read. Holds the secret of a pasted line, so it is neither printed nor sent as a whole.
pub(crate) struct Address {
    /// `host[:port]`.
    pub host: oci::Host,
    /// The path behind the host.
    pub dropped_path: Option<String>,
    /// The scheme that was typed: a wish. Nothing else is spoken behind `https://`, and plain HTTP only behind `http://`.
    pub typed: Option<Scheme>,
    /// The user of the line.
    pub user: Option<String>,
    /// The secret of the line.
    pub secret: Option<String>,
}

impl Address {
    /// Reads what was typed.
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(refuse(say::no_address(), say::for_example_with_port()));
        }
        if text.len() > LONGEST {
            return Err(refuse(say::bad_address(), say::host_and_port()));
        }
        if let Some(line) = LoginLine::read(text) {
            return Self::of_line(line);
        }
        if text.chars().any(char::is_whitespace) {
            return Err(refuse(say::spaces(), say::type_host_or_line()));
        }
        Self::plain(text)
    }

    /// Returns what may be shown of the address.
    pub(crate) fn view(&self) -> AddressView {
        AddressView {
            host: self.host.to_string(),
            readable: readable::of(&self.host),
            dropped_path: self.dropped_path.clone(),
            typed: self.typed.map(|scheme| match scheme {
                Scheme::Https => TypedScheme::Https,
                Scheme::Http => TypedScheme::Http,
            }),
            user: self.user.clone(),
            has_secret: self.secret.is_some(),
        }
    }

    fn of_line(line: LoginLine) -> Result<Self, Problem> {
        let servers = line.servers.iter().map(|server| Self::plain(server));
        // The first that can be one; where none can, what is wrong with the likeliest.
        let mut first = None;
        let read = servers
            .map(|server| server.map_err(|problem| first.get_or_insert(problem).clone()))
            .find_map(Result::ok);
        let mut address = match (read, first) {
            (Some(address), _) => address,
            (None, Some(problem)) => return Err(problem),
            (None, None) => Self::plain("docker.io")?,
        };
        address.user = line.user.or(address.user);
        address.secret = line.secret.or(address.secret);
        Ok(address)
    }

    fn plain(text: &str) -> Result<Self, Problem> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => (String::new(), text),
        };
        if !matches!(scheme.as_str(), "" | "http" | "https" | "oci" | "docker") {
            // Only what can be a scheme is shown: it may be anything that was pasted.
            return Err(if is_scheme(&scheme) {
                refuse(say::not_over(&scheme), say::type_host())
            } else {
                refuse(say::bad_address(), say::host_and_port())
            });
        }
        let (sign_in, rest) = signs_in(rest);
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        let decoded = |text: &str| match scheme.as_str() {
            // Before a bare host it is no URL, and a percent sign is one.
            "" => text.to_owned(),
            _ => percent_decode_str(text).decode_utf8_lossy().into_owned(),
        };
        let (user, secret) = match sign_in.map(|both| both.split_once(':').unwrap_or((both, ""))) {
            Some((user, secret)) => (not_empty(&decoded(user)), not_empty(&decoded(secret))),
            None => (None, None),
        };
        let host = host_of(host).ok_or_else(|| {
            if host.is_empty() {
                refuse(say::no_host(), say::for_example_with_port())
            } else {
                refuse(say::bad_address(), say::host_and_port())
            }
        })?;
        // A query is nobody's path, and may hold a token.
        let path = path
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .trim_matches('/');
        // `/v2/` is the protocol's own path, not something the person lost.
        let dropped_path = not_empty(path)
            .filter(|path| !matches!(path.as_str(), "v1" | "v2"))
            .filter(|path| {
                secret
                    .as_ref()
                    .is_none_or(|secret| !path.contains(secret.as_str()))
            });
        Ok(Self {
            host,
            dropped_path,
            typed: match scheme.as_str() {
                "http" => Some(Scheme::Http),
                "https" => Some(Scheme::Https),
                _ => None,
            },
            user,
            secret,
        })
    }
}

/// Splits what signs in from the host and path behind it. A secret may hold any sign, the ones that end a host too: so
/// an `@` behind such a sign counts, if a host can follow it and no digest does.
fn signs_in(text: &str) -> (Option<&str>, &str) {
    let end = text.find(['/', '?', '#']).unwrap_or(text.len());
    if let Some((at, _)) = text.match_indices('@').rfind(|(at, _)| {
        let behind = &text[at + 1..];
        let host = behind.split(['/', '?', '#']).next().unwrap_or_default();
        *at < end
            || (text[..end].contains(':')
                && oci::Digest::parse(behind).is_err()
                && (host.contains(['.', ':']) || host == "localhost")
                && host_of(host).is_some())
    }) {
        return (Some(&text[..at]), &text[at + 1..]);
    }
    (None, text)
}

/// Reads a host as it is used: in small letters, a name of another alphabet as the network writes it, an IPv6 address in
/// brackets, Docker Hub under the one name that images bear.
fn host_of(text: &str) -> Option<oci::Host> {
    let (name, port) = match text.rsplit_once(']') {
        Some((name, port)) => (name.strip_prefix('[')?, port),
        None => (text, ""),
    };
    let host = match name.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]{port}"),
        Err(_) => readable::ascii(&text.to_lowercase())?,
    };
    let host = match host.as_str() {
        "index.docker.io" | "registry-1.docker.io" => "docker.io",
        host => host,
    };
    oci::Host::parse(host).ok()
}

fn is_scheme(text: &str) -> bool {
    text.len() <= 12
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || matches!(letter, '+' | '-' | '.'))
}

fn not_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn refuse(what: Said, hint: Said) -> Problem {
    what.coded(Code::Address).hint(hint)
}

#[cfg(test)]
mod tests;
