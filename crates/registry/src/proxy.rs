//! The way a registry is reached where it is not reached directly.
//!
//! Not here: which one a person set. Grows by a kind of proxy.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use url::Url;

/// How long the text of a proxy's address may be.
const LONGEST: usize = 512;

/// Through whom requests go.
#[derive(Clone, Debug, Default)]
pub enum ProxyOptions {
    /// Whom the system says; never to what listens on this computer.
    #[default]
    System,
    /// Nobody.
    Direct,
    /// This one, be the registry on this computer.
    Own(Proxy),
}

/// A proxy: where it is, and how one signs in to it.
#[derive(Clone)]
pub struct Proxy {
    url: Url,
    sign_in: Option<(String, SecretString)>,
}

/// Why a text names no proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// It can't be read as `scheme://host:port`.
    #[error("this is no address of a proxy")]
    Address,
    /// Its scheme is none of `http`, `https`, `socks5` and `socks5h`.
    #[error("a proxy is http, https, socks5 or socks5h")]
    Scheme,
    /// A user or a secret stands in it.
    #[error("a proxy's user and secret don't belong into its address")]
    UserInfo,
}

/// What a proxy did not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyFault {
    /// It wants a user and a secret, or others.
    #[error("the proxy wants a sign-in, or refuses the one it was given")]
    SignIn,
    /// Nobody answers at its address.
    #[error("the proxy can't be reached")]
    Unreachable,
    /// It does not lead to the host; why, as far as it says.
    #[error("the proxy does not lead there: {0}")]
    Refused(String),
}

/// The variables by which a system names its proxy, as curl reads them.
const OF_THE_SYSTEM: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

impl ProxyOptions {
    /// Tells whether the proxy itself is spoken to over TLS: by the same client as the registry, so what is trusted and shown
    /// there would be at the proxy too.
    pub fn speaks_tls(&self) -> bool {
        match self {
            Self::Own(own) => own.is_https(),
            Self::Direct => false,
            Self::System => is_over_tls(|name| std::env::var(name).ok()),
        }
    }
}

/// Tells whether one of these variables names a proxy that is spoken to over TLS.
fn is_over_tls(variable: impl Fn(&str) -> Option<String>) -> bool {
    let mut named = OF_THE_SYSTEM.into_iter().filter_map(variable);
    let is_tls = |address: String| address.trim().to_ascii_lowercase().starts_with("https://");
    named.any(is_tls)
}

impl Proxy {
    /// Reads an address; without a scheme it is `http`.
    pub fn parse(text: &str) -> Result<Self, ProxyError> {
        let text = text.trim();
        if text.len() > LONGEST || text.contains(char::is_whitespace) {
            return Err(ProxyError::Address);
        }
        let whole = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let url = Url::parse(&whole).map_err(|_| ProxyError::Address)?;
        if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
            return Err(ProxyError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ProxyError::UserInfo);
        }
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none();
        if !is_bare || url.fragment().is_some() || url.host_str().is_none_or(str::is_empty) {
            return Err(ProxyError::Address);
        }
        Ok(Self { url, sign_in: None })
    }

    /// Signs in to it so.
    #[must_use]
    pub fn with_sign_in(mut self, user: String, secret: SecretString) -> Self {
        self.sign_in = Some((user, secret));
        self
    }

    /// Returns its address, `socks5h://proxy.example:1080`.
    pub fn address(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Tells whether TLS is spoken to it.
    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Tells whether it is spoken to in HTTP, so that whoever connects connects to it alone.
    pub(crate) fn is_http(&self) -> bool {
        matches!(self.url.scheme(), "http" | "https")
    }

    /// Returns its address as the client takes it.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Returns user and secret.
    pub(crate) fn sign_in(&self) -> Option<(&str, &str)> {
        let sign_in = self.sign_in.as_ref();
        sign_in.map(|(user, secret)| (user.as_str(), secret.expose_secret()))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({})", self.address())
    }
}

/// Names what a proxy did not do by what the client's parts say of it; their types have no names outside of them.
/// (`hyper-util` `client/legacy/connect/proxy`)
pub(crate) fn fault(said: &str) -> Option<ProxyFault> {
    let (is_socks, why) = match said.strip_prefix("tunnel error: ") {
        Some(why) => (false, why),
        None => (true, said.strip_prefix("SOCKS error: ")?),
    };
    Some(match why {
        "proxy authorization required"
        | "credentials not accepted"
        | "server does not support user/pass authentication"
        | "server implements authentication incorrectly" => ProxyFault::SignIn,
        "failed to create underlying connection" => ProxyFault::Unreachable,
        "unsuccessful" => ProxyFault::Refused("it refused".to_owned()),
        other if is_socks => ProxyFault::Refused(oci::text::plain(other, 100)),
        _ => ProxyFault::Refused("it broke off".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_what_it_lacks() {
        for (text, is) in [
            ("proxy.lab:3128", "http://proxy.lab:3128"),
            (" http://proxy.lab:3128/ ", "http://proxy.lab:3128"),
            ("https://proxy.lab", "https://proxy.lab"),
            ("socks5h://127.0.0.1:1080", "socks5h://127.0.0.1:1080"),
            ("socks5://[::1]:1080", "socks5://[::1]:1080"),
        ] {
            assert_eq!(Proxy::parse(text).unwrap().address(), is);
        }
        for (text, error) in [
            ("", ProxyError::Address),
            ("two words", ProxyError::Address),
            ("http://proxy.lab/path", ProxyError::Address),
            ("http://proxy.lab?x", ProxyError::Address),
            ("ftp://proxy.lab", ProxyError::Scheme),
            ("socks4://proxy.lab", ProxyError::Scheme),
            ("http://ana:secret@proxy.lab", ProxyError::UserInfo),
        ] {
            assert_eq!(Proxy::parse(text).map(drop), Err(error), "{text}");
        }
    }

    #[test]
    fn nothing_secret_is_printed() {
        let proxy = Proxy::parse("proxy.lab").unwrap();
        let proxy = proxy.with_sign_in("ana".into(), "s3cret".to_owned().into());
        assert_eq!(format!("{proxy:?}"), "Proxy(http://proxy.lab)");
    }

    #[test]
    fn a_systems_proxy_over_tls_is_known_by_its_variables() {
        let of = |name: &'static str, address: &'static str| {
            is_over_tls(move |asked| (asked == name).then(|| address.to_owned()))
        };
        for name in OF_THE_SYSTEM {
            assert!(of(name, " HTTPS://proxy.lab:3128"), "{name}");
            assert!(!of(name, "http://proxy.lab:3128"), "{name}");
            assert!(!of(name, "proxy.lab:3128"), "{name}");
        }
        assert!(!of("no_proxy", "https://proxy.lab"));
        assert!(!ProxyOptions::Direct.speaks_tls());
    }
}
