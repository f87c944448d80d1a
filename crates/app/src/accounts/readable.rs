//! Names in another alphabet: as the network writes them, and as people read them.
//!
//! Both are shown beside each other, so that a name which looks like another one is seen to be none. Pure. Not here: what
//! a host is (`oci`). Grows not.

/// Returns a host as the network writes it (`xn--…`); none where no name can be made of it.
pub(super) fn ascii(host: &str) -> Option<String> {
    if host.is_ascii() {
        return Some(host.to_owned());
    }
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    let name = idna::domain_to_ascii_strict(name).ok()?;
    Some(match port {
        Some(port) => format!("{name}:{port}"),
        None => name,
    })
}

/// Returns a host as people read it, where that is another text than the network's.
pub(super) fn of(host: &oci::Host) -> Option<String> {
    let labels = host.name().split('.');
    if !labels.into_iter().any(|label| label.starts_with("xn--")) {
        return None;
    }
    let (name, good) = idna::domain_to_unicode(host.name());
    good.ok()?;
    Some(match host.port() {
        Some(port) => format!("{name}:{port}"),
        None => name,
    })
}
