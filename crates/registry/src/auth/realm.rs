//! Which token services a registry may send us to.
//!
//! A registry that gets the secret by Basic could do with it what it likes, so a token service on another host is no more than it
//! could do itself, provided nobody else listens: another host only over TLS, or from this computer to this computer. A registry
//! elsewhere may not send us to this computer or its network's link-local services, with or without a secret.

use url::Url;

use crate::endpoint;
use crate::error::{Error, Kind};

/// Returns the realm as a URL, if requests may go there.
pub(crate) fn allowed(realm: &str, registry: &Url) -> Result<Url, Error> {
    let malformed = || {
        Error::new(
            Kind::Malformed("the token service's address is none".into()),
            "GET token",
        )
    };
    let url = Url::parse(realm).map_err(|_| malformed())?;
    if !matches!(url.scheme(), "https" | "http")
        || !url.username().is_empty()
        || url.password().is_some()
        || url.host().is_none()
    {
        return Err(malformed());
    }
    let same_host = endpoint::same_host(&url, registry);
    let from_here_to_here = endpoint::is_loopback(registry) && endpoint::is_loopback(&url);
    let good = if same_host {
        url.scheme() == registry.scheme()
    } else if from_here_to_here {
        url.scheme() == "https" || registry.scheme() == "http"
    } else {
        url.scheme() == "https" && !endpoint::is_inside(&url)
    };
    if good {
        Ok(url)
    } else {
        Err(Error::new(
            Kind::ForeignHost {
                host: endpoint::host_of(&url),
            },
            "GET token",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_one_by_one() {
        let cases = [
            (
                "https://registry.example/v2/",
                "https://registry.example/token",
                true,
            ),
            (
                "https://registry.example/v2/",
                "https://auth.example/token?x=y",
                true,
            ),
            (
                "https://registry.example/v2/",
                "http://registry.example/token",
                false,
            ),
            (
                "https://registry.example/v2/",
                "http://registry.example:443/token",
                false,
            ),
            (
                "https://registry.example/v2/",
                "http://auth.example/token",
                false,
            ),
            (
                "https://registry.example/v2/",
                "http://127.0.0.1/token",
                false,
            ),
            (
                "https://registry.example/v2/",
                "https://127.0.0.1:8443/token",
                false,
            ),
            (
                "https://registry.example/v2/",
                "https://localhost/token",
                false,
            ),
            ("https://registry.example/v2/", "https://[::1]/token", false),
            (
                "https://registry.example/v2/",
                "https://169.254.169.254/latest",
                false,
            ),
            (
                "https://registry.example/v2/",
                "https://[::ffff:169.254.169.254]/latest",
                false,
            ),
            (
                "https://registry.example/v2/",
                "https://0.0.0.0/token",
                false,
            ),
            (
                "http://registry.lan:5000/v2/",
                "http://registry.lan:5000/token",
                true,
            ),
            (
                "http://registry.lan:5000/v2/",
                "http://registry.lan:5001/token",
                false,
            ),
            (
                "http://registry.lan:5000/v2/",
                "https://auth.lan/token",
                true,
            ),
            (
                "http://127.0.0.1:5000/v2/",
                "http://127.0.0.1:5001/token",
                true,
            ),
            ("http://localhost:5000/v2/", "http://[::1]:5001/token", true),
            (
                "http://127.0.0.1:5000/v2/",
                "http://evil.example/token",
                false,
            ),
            (
                "https://127.0.0.1:5000/v2/",
                "http://127.0.0.1:5001/token",
                false,
            ),
        ];
        for (registry, realm, good) in cases {
            let answer = allowed(realm, &Url::parse(registry).unwrap());
            assert_eq!(answer.is_ok(), good, "{registry} -> {realm}");
            if let Err(error) = answer {
                assert!(
                    matches!(error.kind, Kind::ForeignHost { .. }),
                    "{realm}: {error:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_address_is_malformed() {
        let registry = Url::parse("https://registry.example/v2/").unwrap();
        for realm in [
            "",
            "token",
            "/token",
            "ftp://auth.example/",
            "file:///etc/passwd",
            "https://user:pw@auth.example/",
            "https://user@auth.example/",
        ] {
            assert!(
                matches!(
                    allowed(realm, &registry).unwrap_err().kind,
                    Kind::Malformed(_)
                ),
                "{realm}"
            );
        }
    }
}
