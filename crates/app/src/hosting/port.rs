//! Which ports of this computer are free. What is free may be taken a moment later: whoever starts a registry looks whether
//! it runs.
//!
//! Grows by nothing.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// The port that registries have by custom, and the first that is looked at.
const FIRST: u16 = 5000;
/// How many are looked at.
const MOST: u16 = 200;
/// The lowest that a person may choose: those below are the system's.
pub(super) const LOWEST: u16 = 1024;
/// How long somebody may take to answer at one.
const KNOCK: Duration = Duration::from_millis(200);

/// Tells whether nobody has a port of 127.0.0.1. Blocks shortly.
pub(super) fn is_free(port: u16) -> bool {
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // Some systems let two have one port, where one of them has all addresses.
    TcpListener::bind(at).is_ok() && TcpStream::connect_timeout(&at, KNOCK).is_err()
}

/// Finds a port that is free, and that nobody is known to want; the first of them where all are taken. Blocks.
pub(super) fn find(wanted: &[u16]) -> u16 {
    let all = || (FIRST..FIRST + MOST).filter(|port| !wanted.contains(port));
    all().find(|port| is_free(*port)).unwrap_or(FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_somebody_has_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(!is_free(port));
        let found = find(&[FIRST]);
        assert!(found != FIRST && is_free(found));
    }
}
