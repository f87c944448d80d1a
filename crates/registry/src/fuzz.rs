//! Doors to what reads a registry's texts, for the fuzz targets and the tests alone: each asserts what holds of any text.
//!
//! Not here: the texts (`fuzz/seeds`).

#![allow(clippy::missing_panics_doc)] // to panic is what they are for

use http::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use url::Url;

use crate::address::{goes_on_at, realm, redirect};
use crate::auth::{Bearer, Challenge};
use crate::pages::{Told, next_page, told};

/// Registries of every kind: over TLS and not, by name and by address, with a port and without, here and elsewhere.
const REGISTRIES: [&str; 6] = [
    "https://r.example/v2/",
    "https://r.example:5443/v2/",
    "http://r.lan:5000/v2/",
    "http://127.0.0.1:5000/v2/",
    "https://[2001:db8::1]:5000/v2/",
    "http://localhost/v2/",
];

fn registries() -> impl Iterator<Item = Url> {
    REGISTRIES.iter().filter_map(|text| Url::parse(text).ok())
}

fn headers(lines: &str) -> impl Iterator<Item = HeaderValue> {
    let headers = lines.split('\n');
    headers.filter_map(|line| HeaderValue::from_bytes(line.as_bytes()).ok())
}

/// Reads `WWW-Authenticate`, a header a line.
pub fn challenge(lines: &str) {
    let mut map = HeaderMap::new();
    for header in headers(lines).take(100) {
        map.append(WWW_AUTHENTICATE, header);
    }
    let challenges = Challenge::read_all(&map);
    assert!(challenges.len() <= 16);
    for challenge in challenges {
        if let Challenge::Bearer(Bearer { realm, .. }) = challenge {
            assert!(!realm.is_empty());
            address(&realm);
        }
    }
}

/// Reads `Link`, a header a line.
pub fn link(lines: &str) {
    let headers: Vec<HeaderValue> = headers(lines).take(100).collect();
    let Told::Next(link) = told(headers.iter()) else {
        return;
    };
    for registry in registries() {
        if let Ok(next) = next_page(&registry, link) {
            assert_at(&next, &registry);
            assert_eq!(next.path(), registry.path());
        }
    }
}

/// Reads a text as each kind of address that a registry may name.
pub fn address(text: &str) {
    for registry in registries() {
        if let Ok(to) = goes_on_at(&registry, &registry, text) {
            assert_at(&to, &registry);
        }
        for to in [redirect(&registry, text), realm(&registry, text)]
            .into_iter()
            .flatten()
        {
            assert_is_read_as_made(&to);
            let falls = registry.scheme() == "https" && to.scheme() != "https";
            assert!(!falls, "{registry} -> {to}");
        }
    }
}

fn assert_at(to: &Url, registry: &Url) {
    assert_is_read_as_made(to);
    assert_eq!(to.origin(), registry.origin());
    assert_eq!(to.scheme(), registry.scheme());
}

/// No user, no fragment, and what is sent is what was checked.
fn assert_is_read_as_made(to: &Url) {
    assert!(matches!(to.scheme(), "https" | "http"), "{to}");
    assert_eq!((to.username(), to.password()), ("", None), "{to}");
    assert_eq!(to.fragment(), None, "{to}");
    assert_eq!(Url::parse(to.as_str()).as_ref(), Ok(to));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_read() {
        let doors = [
            ("challenge", challenge as fn(&str)),
            ("link", link),
            ("address", address),
        ];
        for (name, door) in doors {
            for text in testkit::fuzzing::seeds(name).unwrap() {
                door(&text);
            }
        }
    }
}
