//! A door to what reads other programs' files, for the fuzz target and the tests alone: it asserts what holds of any text.
//!
//! Not here: the texts (`fuzz/seeds`).

#![allow(clippy::missing_panics_doc)] // to panic is what they are for

use crate::docker_config::read;

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

#[cfg(test)]
mod tests {
    #[test]
    fn any_configuration_is_read() {
        for text in testkit::fuzzing::seeds("docker_config").unwrap() {
            super::docker_config(&text);
        }
    }
}
