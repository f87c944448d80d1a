//! A door to what reads other programs' files, for the fuzz target and the tests alone: it asserts what holds of any text.
//!
//! Not here: the texts (`fuzz/seeds`).

#![allow(clippy::missing_panics_doc)] // to panic is what they are for

use secrecy::ExposeSecret;

use crate::files::{self, Told};
use crate::helper::{HelperError, answer, list};
use crate::{FileRef, Found, HelperName, Place, TOKEN_USER};

/// Reads a Docker configuration.
pub fn docker_config(text: &str) {
    holds(text, &files::in_docker(text), files::docker);
}

/// Reads one of Podman's files.
pub fn podman_auth(text: &str) {
    holds(
        text,
        &files::in_podman(text, FileRef::PodmanHome),
        files::podman,
    );
}

/// Reads an old `.dockercfg`.
pub fn dockercfg(text: &str) {
    holds(text, &files::in_dockercfg(text), files::dockercfg);
}

/// Reads a `DOCKER_AUTH_CONFIG`.
pub fn docker_auth_config(text: &str) {
    holds(text, &files::in_environment(text), files::environment);
}

/// Asserts what holds of whatever is found, and that it is what is read when it is used.
fn holds(text: &str, list: &[Found], look: fn(&str, &str) -> Told) {
    assert!(list.len() <= 200);
    assert!(list.is_sorted_by(|one, other| {
        (&one.host, &one.namespace) < (&other.host, &other.namespace)
    }));
    for found in list {
        let is_host =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_:[]".contains(c);
        assert!(!found.host.is_empty() && found.host.chars().all(is_host));
        let user = found.user.as_deref().unwrap_or_default();
        assert!(user.len() <= 256 && !user.contains(char::is_control));
        let (Place::File { key, .. } | Place::Environment { key }) = &found.at else {
            panic!("{:?} is no place in a file", found.at);
        };
        assert!(key.len() <= 1024 && !key.contains(char::is_control));
        match look(text, key) {
            Told::Nothing => assert!(!found.has_secret, "{found:?}"),
            Told::Here(credential) => {
                assert!(found.has_secret && found.helper.is_none(), "{found:?}");
                let shown = found.user.as_ref();
                assert!(
                    credential.user == TOKEN_USER
                        || shown.is_none_or(|shown| *shown == credential.user),
                    "{found:?}"
                );
                assert!(!credential.user.is_empty() && !credential.user.contains(char::is_control));
                assert!(!credential.secret.expose_secret().is_empty());
            }
            Told::Spoiled => assert!(found.has_secret && found.helper.is_none(), "{found:?}"),
            Told::Ask { helper, server } => {
                assert_eq!(HelperName::parse(&helper).ok(), found.helper, "{found:?}");
                assert_eq!(found.has_secret, found.helper.is_some(), "{found:?}");
                assert!(!server.is_empty());
            }
            Told::NoConfiguration => panic!("something was found in no configuration"),
        }
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
        for seeds in [
            "docker_config",
            "podman_auth",
            "dockercfg",
            "docker_auth_config",
        ] {
            for text in testkit::fuzzing::seeds(seeds).unwrap() {
                // What one program wrote the others must withstand.
                super::docker_config(&text);
                super::podman_auth(&text);
                super::dockercfg(&text);
                super::docker_auth_config(&text);
            }
        }
    }
}
