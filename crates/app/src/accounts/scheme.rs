//! What is spoken to an address: TLS, or plain HTTP where the person both typed it and confirmed it.
//!
//! Not here: how a host is asked (`registry`). Grows by another way to be safe.

use super::address::Address;
use crate::view::problem::{Code, Problem};
use crate::words;
use crate::words::accounts as say;
use registry::{HttpOptions, Kind, Probe, Registry, Scheme, TlsFault};

/// Asks the registry what it is: HTTPS first; plain HTTP only for this computer itself, or where it was both typed and
/// confirmed, once an account.
pub(super) async fn plain_or_tls(
    address: &Address,
    allowed: bool,
    confirmed: bool,
    options: &HttpOptions,
) -> Result<Probe, Problem> {
    let confirmed = confirmed && address.typed != Some(Scheme::Https);
    let typed = address.typed.or(confirmed.then_some(Scheme::Http));
    let probe = Registry::probe_with(&address.host, typed, options)
        .await
        .map_err(|error| not_answered(&error, address))?;
    if probe.plain_http_only_not_loopback && !confirmed {
        plain_http(address, allowed)?;
    }
    Ok(probe)
}

/// Allows plain HTTP where it was typed and confirmed: a confirmation alone does not count, so nobody slips into it.
fn plain_http(address: &Address, allowed: bool) -> Result<(), Problem> {
    let host = &address.host;
    match (address.typed == Some(Scheme::Http), allowed) {
        (true, true) => Ok(()),
        (true, false) => Err(words::registry::plain_http(host)
            .coded(Code::PlainHttp)
            .hint(say::secret_in_the_clear())),
        (false, _) => Err(plain_http_not_typed(host)),
    }
}

/// Says why an address can't be used. Where `https://` was typed, and plain HTTP is what there is, it says how to ask for that.
pub(super) fn not_answered(error: &registry::Error, address: &Address) -> Problem {
    match error.kind {
        Kind::PlainHttp if address.typed == Some(Scheme::Https) => {
            plain_http_not_typed(&address.host)
        }
        _ => {
            let told = words::of_registry(error, &address.host, false);
            let code = code_of(&error.kind).unwrap_or(told.code);
            Problem { code, ..told }
        }
    }
}

/// Tells what the window can do about a connection that was refused: a person may look at what is presented, or give what
/// the registry wants to see.
pub(super) fn code_of(kind: &Kind) -> Option<Code> {
    match kind {
        Kind::Tls(TlsFault::WantsCertificate | TlsFault::CertificateRefused) => {
            Some(Code::ClientCertificate)
        }
        Kind::Tls(TlsFault::Other(_) | TlsFault::HandshakeRefused) => None,
        Kind::Tls(_) => Some(Code::Certificate),
        Kind::Proxy(_) => Some(Code::Proxy),
        _ => None,
    }
}

/// Says how to ask for plain HTTP, where that is all there is.
pub(super) fn plain_http_not_typed(host: &oci::Host) -> Problem {
    words::registry::plain_http(host)
        .coded(Code::Address)
        .hint(say::type_http())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_wants_to_be_typed_and_confirmed() {
        let code = |text: &str, allowed| {
            plain_http(&Address::read(text).unwrap(), allowed).map_err(|problem| problem.code)
        };
        assert_eq!(code("http://lab.example:5000", true), Ok(()));
        assert_eq!(code("http://lab.example:5000", false), Err(Code::PlainHttp));
        assert_eq!(code("lab.example:5000", true), Err(Code::Address));
        assert_eq!(code("lab.example:5000", false), Err(Code::Address));
        // Neither does a confirmation count that an earlier sheet was given.
        assert_eq!(code("https://lab.example:5000", true), Err(Code::Address));
    }
}
