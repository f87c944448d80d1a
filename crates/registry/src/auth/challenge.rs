//! `WWW-Authenticate` (RFC 9110, 11.6.1; `distribution`, `spec/auth/token.md`).
//!
//! Several headers, several challenges in one header, several `scope` parameters in one challenge, quoted values with commas and
//! escapes, an empty header, and headers beside answers that let one in: all occur.

use http::HeaderMap;

use super::scope::Scopes;

/// How many headers, and how many challenges in them, are read.
const MOST: usize = 16;

/// One way of signing in that a registry offers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Challenge {
    /// User and secret with each request.
    Basic,
    /// A token from elsewhere.
    Bearer(Bearer),
}

/// Where the token is, and what for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bearer {
    /// The token service's URL, as sent.
    pub(crate) realm: String,
    /// The registry's name there.
    pub(crate) service: Option<String>,
    /// What this request needed.
    pub(crate) scopes: Scopes,
}

impl Challenge {
    /// Reads the challenges of an answer that we can meet, in its order.
    pub(crate) fn read_all(headers: &HeaderMap) -> Vec<Self> {
        let mut challenges = Vec::new();
        for header in headers
            .get_all(http::header::WWW_AUTHENTICATE)
            .iter()
            .take(MOST)
        {
            if let Ok(text) = header.to_str() {
                read(text, &mut challenges);
            }
        }
        challenges.truncate(MOST);
        challenges
    }
}

fn read(text: &str, into: &mut Vec<Challenge>) {
    let mut rest = text;
    let mut scheme = String::new();
    let mut parameters: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find(|c: char| !is_token(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            break;
        }
        if let Some(value) = after.trim_start().strip_prefix('=') {
            let (value, after) = read_value(value.trim_start());
            parameters.push((word.to_ascii_lowercase(), value));
            rest = after;
        } else {
            finish(&scheme, &mut parameters, into);
            word.clone_into(&mut scheme);
            rest = after;
        }
    }
    finish(&scheme, &mut parameters, into);
}

fn finish(scheme: &str, parameters: &mut Vec<(String, String)>, into: &mut Vec<Challenge>) {
    let parameters = std::mem::take(parameters);
    let get = |name: &str| {
        parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    };
    if scheme.eq_ignore_ascii_case("basic") {
        into.push(Challenge::Basic);
    } else if scheme.eq_ignore_ascii_case("bearer") {
        // Without a realm there is nowhere to go.
        if let Some(realm) = get("realm").filter(|realm| !realm.is_empty()) {
            let scopes = parameters.iter().filter(|(key, _)| key == "scope");
            into.push(Challenge::Bearer(Bearer {
                realm,
                service: get("service"),
                scopes: Scopes::read(scopes.map(|(_, value)| value.as_str())),
            }));
        }
    }
}

/// Reads a quoted text or a bare word, and returns what comes after it.
fn read_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            _ if escaped => {
                value.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, &quoted[at + 1..]),
            _ => value.push(c),
        }
    }
    (value, "")
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(headers: &[&str]) -> Vec<Challenge> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(http::header::WWW_AUTHENTICATE, header.parse().unwrap());
        }
        Challenge::read_all(&map)
    }

    fn bearer(realm: &str, service: Option<&str>, scope: &str) -> Challenge {
        Challenge::Bearer(Bearer {
            realm: realm.into(),
            service: service.map(Into::into),
            scopes: Scopes::read([scope]),
        })
    }

    #[test]
    fn reads_what_registries_send() {
        assert_eq!(
            all(&[r#"Basic realm="Registry Realm""#]),
            [Challenge::Basic]
        );
        assert_eq!(all(&["basic"]), [Challenge::Basic]);
        assert_eq!(
            all(&[
                r#"Bearer realm="https://auth.example/token",service="registry.example",scope="repository:team/app:pull,push",error="invalid_token""#
            ]),
            [bearer(
                "https://auth.example/token",
                Some("registry.example"),
                "repository:team/app:pull,push"
            )]
        );
        assert_eq!(
            all(&[r#"BEARER Realm = "https://a/t" , service=plain"#]),
            [bearer("https://a/t", Some("plain"), "")]
        );
    }

    /// Behaviour (sign-in): Several challenges come in one header, or in several.
    /// Source: Gitea 1.28 sends `Bearer` and `Basic` in two lines.
    #[test]
    fn reads_several_in_one_header_and_in_many() {
        let both = [bearer("https://a/t?x=1,2", None, ""), Challenge::Basic];
        assert_eq!(
            all(&[r#"Bearer realm="https://a/t?x=1,2", Basic realm="r""#]),
            both
        );
        assert_eq!(
            all(&[
                "Negotiate",
                r#"Bearer realm="https://a/t?x=1,2""#,
                "Basic realm=r"
            ]),
            both
        );
    }

    /// Behaviour (sign-in): Several scopes come in one parameter, or in several of one challenge.
    /// Source: distribution, GitLab and Harbor write the first, Pulp the second.
    #[test]
    fn several_scopes_in_one_parameter_or_in_several() {
        // distribution, GitLab and Harbor write the first, Pulp the second.
        let both = [bearer(
            "https://a/t",
            None,
            "repository:a:pull repository:b:push",
        )];
        assert_eq!(
            all(&[r#"Bearer realm="https://a/t",scope="repository:b:push repository:a:pull""#]),
            both
        );
        assert_eq!(
            all(&[
                r#"Bearer realm="https://a/t",scope="repository:b:push",scope="repository:a:pull",error="insufficient_scope""#
            ]),
            both
        );
        // Gitea's.
        assert_eq!(
            all(&[r#"Bearer realm="https://a/t",scope="*""#]),
            [bearer("https://a/t", None, "*")]
        );
    }

    /// Behaviour (sign-in): Schemes that no registry client knows, and empty headers, stand among the challenges.
    /// Source: RFC 9110 allows any scheme in any number; Harbor 2.15 sends an empty header.
    #[test]
    fn other_schemes_among_them() {
        let both = [bearer("https://a/t", None, ""), Challenge::Basic];
        for headers in [
            &[
                r#"Negotiate, Digest realm="d", nonce="n", qop="auth,auth-int", Bearer realm="https://a/t", basic"#,
            ][..],
            &[
                "NTLM TlRMTVNTUAAC==",
                r#"Bearer realm="https://a/t""#,
                "Negotiate abc=",
                "BASIC realm=x",
            ],
            &["", r#"Bearer realm="https://a/t""#, " , ", "Basic"],
        ] {
            assert_eq!(all(headers), both, "{headers:?}");
        }
    }

    #[test]
    fn escapes_and_broken_quotes() {
        assert_eq!(
            all(&[r#"Bearer realm="https://a/\"t\"""#]),
            [bearer(r#"https://a/"t""#, None, "")]
        );
        assert_eq!(
            all(&[r#"Bearer realm="https://a/t"#]),
            [bearer("https://a/t", None, "")]
        );
        assert_eq!(
            all(&[
                "Bearer",
                r#"Bearer realm="""#,
                "Digest realm=x",
                "",
                "=,=",
                "\"\""
            ]),
            []
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in "[ -~]{0,200}") {
            let _ = all(&[&text]);
        }
    }
}
