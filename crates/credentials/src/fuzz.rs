//! A door to what reads other programs' files, for the fuzz target and the tests alone: it asserts what holds of any text.
//!
//! Not here: the texts (`fuzz/seeds`).

#![allow(clippy::missing_panics_doc)] // to panic is what they are for

use secrecy::ExposeSecret;

use crate::docker_config::read;
use crate::helper::{HelperError, answer, list};

/// Reads a Docker configuration.
pub fn docker_config(text: &str) {
    let logins = read(text);
    assert!(logins.len() <= 200);
    assert!(logins.is_sorted_by(|one, other| one.host < other.host));
    for login in logins {
        let is_host =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_:[]".contains(c);
        assert!(!login.host.is_empty() && login.host.chars().all(is_host));
        let user = login.user.unwrap_or_default();
        assert!(user.len() <= 256 && !user.contains(char::is_control));
    }
}

/// Reads what a credential helper says, whether it ended well or not.
pub fn helper_reply(text: &str) {
    for ended_well in [true, false] {
        match answer(ended_well, text) {
            Ok(Some(found)) => {
                assert!(ended_well);
                assert!(!found.user.is_empty() && !found.user.contains(char::is_control));
                assert!(!found.secret.expose_secret().is_empty());
            }
            Err(HelperError::Said(shown)) => {
                assert!(!ended_well);
                assert!(shown.chars().count() <= 401 && !shown.contains(char::is_control));
            }
            Ok(None) | Err(_) => {}
        }
        let listed = list(ended_well, text).unwrap_or_default();
        assert!(listed.len() <= 1000);
        for (server, user) in listed {
            assert!(!server.is_empty() && server.len() <= 1024 && user.len() <= 1024);
            assert!(!server.contains(char::is_control) && !user.contains(char::is_control));
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_reply_of_a_helper_is_read() {
        for text in testkit::fuzzing::seeds("helper_reply").unwrap() {
            super::helper_reply(&text);
        }
    }

    #[test]
    fn any_configuration_is_read() {
        for text in testkit::fuzzing::seeds("docker_config").unwrap() {
            super::docker_config(&text);
        }
    }
}
