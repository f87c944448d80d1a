//! What a person types or pastes as a registry's address, read. Pure: nothing is contacted.
//!
//! Understood: `host`, `host:port`, `http(s)://…`, a path behind it (dropped, with a word), `user@host`, and a
//! whole `docker login …` line.

use crate::view::accounts::AddressView;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use crate::words;
use crate::words::accounts as say;

/// An address, read. Holds the secret of a pasted line, so it is neither printed nor sent as a whole.
pub(crate) struct Address {
    /// `host[:port]`.
    pub host: oci::Host,
    /// The path behind the host.
    pub dropped_path: Option<String>,
    /// `http://` was typed.
    pub typed_http: bool,
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
        let words = split(text);
        if let Some(line) = Login::of(&words) {
            let mut address = Self::plain(line.server.as_deref().unwrap_or("docker.io"))?;
            address.user = line.user.or(address.user);
            address.secret = line.secret.or(address.secret);
            return Ok(address);
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
            dropped_path: self.dropped_path.clone(),
            typed_http: self.typed_http,
            user: self.user.clone(),
            has_secret: self.secret.is_some(),
        }
    }

    fn plain(text: &str) -> Result<Self, Problem> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => (String::new(), text),
        };
        if !matches!(scheme.as_str(), "" | "http" | "https" | "oci" | "docker") {
            let scheme = words::bounded(&scheme, 40);
            return Err(refuse(say::not_over(&scheme), say::type_host()));
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let path = path.trim_matches('/');
        let (sign_in, host) = match authority.rsplit_once('@') {
            Some((sign_in, host)) => (Some(sign_in), host),
            None => (None, authority),
        };
        let (user, secret) = match sign_in.map(|both| both.split_once(':').unwrap_or((both, ""))) {
            Some((user, secret)) => (not_empty(user), not_empty(secret)),
            None => (None, None),
        };
        let host = host.to_ascii_lowercase();
        let host = oci::Host::parse(&host).map_err(|_| {
            if host.is_empty() {
                refuse(say::no_host(), say::for_example_with_port())
            } else {
                refuse(say::bad_address(), say::host_and_port())
            }
        })?;
        // `/v2/` is the protocol's own path, not something the person lost.
        let dropped_path = not_empty(path).filter(|path| !matches!(path.as_str(), "v1" | "v2"));
        Ok(Self {
            host,
            dropped_path,
            typed_http: scheme == "http",
            user,
            secret,
        })
    }
}

fn not_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn refuse(what: Said, hint: Said) -> Problem {
    what.coded(Code::Address).hint(hint)
}

/// The parts of a `docker login` line.
#[derive(Default)]
struct Login {
    server: Option<String>,
    user: Option<String>,
    secret: Option<String>,
}

impl Login {
    /// Reads the line; none where it is no login line.
    fn of(words: &[String]) -> Option<Self> {
        let start = words.windows(2).position(|pair| {
            let program = pair[0].rsplit('/').next().unwrap_or_default();
            matches!(
                program,
                "docker" | "podman" | "nerdctl" | "buildah" | "skopeo" | "crane"
            ) && pair[1] == "login"
        })?;
        let mut line = Self::default();
        let mut rest = words[start + 2..].iter();
        while let Some(word) = rest.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) if name.starts_with('-') => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            match name {
                "-u" | "--username" => line.user = value.or_else(|| rest.next().cloned()),
                "-p" | "--password" => line.secret = value.or_else(|| rest.next().cloned()),
                // A pipe or a second command ends the line.
                "|" | "||" | "&&" | ";" | "<<<" | "<" => break,
                _ if name.starts_with("-u") && !name.starts_with("--") => {
                    line.user = not_empty(&word[2..]);
                }
                _ if name.starts_with("-p") && !name.starts_with("--") => {
                    line.secret = not_empty(&word[2..]);
                }
                _ if name.starts_with('-') => {}
                _ => line.server = Some(word.clone()),
            }
        }
        Some(line)
    }
}

/// Splits a line as a shell would, as far as quotes and backslashes go; nothing is expanded.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => {
                // A backslash before a line's end just joins the lines.
                if let Some(next) = letters.next().filter(|next| *next != '\n') {
                    word.get_or_insert_default().push(next);
                }
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (String, Option<String>, bool, Option<String>, Option<String>) {
        let address = Address::read(text).unwrap();
        (
            address.host.to_string(),
            address.dropped_path,
            address.typed_http,
            address.user,
            address.secret,
        )
    }

    fn host(text: &str) -> (String, Option<String>, bool, Option<String>, Option<String>) {
        (text.to_owned(), None, false, None, None)
    }

    #[test]
    fn plain_addresses() {
        assert_eq!(told("registry.example.org"), host("registry.example.org"));
        assert_eq!(
            told("  Registry.Example.org/  "),
            host("registry.example.org")
        );
        assert_eq!(told("127.0.0.1:5000"), host("127.0.0.1:5000"));
        assert_eq!(told("localhost"), host("localhost"));
        assert_eq!(
            told("https://registry.example.org/v2/"),
            host("registry.example.org")
        );
        assert!(told("http://lab:5000").2);
    }

    #[test]
    fn a_path_is_dropped_with_a_word() {
        let address = told("https://registry.example.org/genomics/aligner");
        assert_eq!(address.0, "registry.example.org");
        assert_eq!(address.1.as_deref(), Some("genomics/aligner"));
    }

    #[test]
    fn a_user_before_the_host() {
        assert_eq!(told("ana@registry.example.org").3.as_deref(), Some("ana"));
        let address = told("https://ana:s3cret@registry.example.org");
        assert_eq!(
            (address.3.as_deref(), address.4.as_deref()),
            (Some("ana"), Some("s3cret"))
        );
    }

    #[test]
    fn login_lines() {
        let all = (
            "127.0.0.1:5000".to_owned(),
            None,
            false,
            Some("demo".to_owned()),
            Some("two words".to_owned()),
        );
        for line in [
            "docker login -u demo -p 'two words' 127.0.0.1:5000",
            "sudo docker login 127.0.0.1:5000 --username demo --password \"two words\"",
            "$ podman login --username=demo --password=two\\ words 127.0.0.1:5000",
            "docker login -udemo '-ptwo words' 127.0.0.1:5000 && docker pull x",
        ] {
            assert_eq!(told(line), all, "{line}");
        }
        assert_eq!(
            told("docker login -u ana"),
            ("docker.io".into(), None, false, Some("ana".into()), None)
        );
        assert_eq!(
            told("echo $T | docker login ghcr.io -u ana --password-stdin"),
            ("ghcr.io".into(), None, false, Some("ana".into()), None)
        );
    }

    #[test]
    fn what_cannot_be_read_says_so() {
        for text in [
            "",
            "   ",
            "two words",
            "https://",
            "ftp://host",
            "host:port",
            "a/b c",
            "-",
            "http://:5000",
            "ho$t",
        ] {
            let Err(problem) = Address::read(text) else {
                panic!("{text:?} was read")
            };
            assert_eq!(problem.code, Code::Address, "{text:?}");
            assert!(problem.message.ends_with('.') && !problem.hints.is_empty());
        }
    }

    #[test]
    fn the_view_holds_no_secret() {
        let view = Address::read("docker login -u demo -p hunter2 host.example")
            .unwrap()
            .view();
        assert!(view.has_secret);
        assert!(!serde_json::to_string(&view).unwrap().contains("hunter2"));
    }
}
