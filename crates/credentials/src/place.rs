//! The places where a sign-in may be kept.
//!
//! Not here: how each is read (`sources`, `helper`, `files`). Grows by a place.

use serde::{Deserialize, Serialize};

use crate::helper::HelperName;

/// Where a sign-in is kept, as an account remembers it. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Place {
    /// Our own item in the system's keychain.
    Keychain,
    /// The memory of the running app.
    Session,
    /// Our own file, which a passphrase encrypts.
    EncryptedFile,
    /// A file of Docker's or Podman's: the entry itself, or the helper that the file names for it. What the file says is
    /// read at each use, so it is followed where the person signs in anew.
    File {
        /// Which file.
        file: FileRef,
        /// The registry as the file's own program asks for it; with Podman, a path may follow.
        key: String,
    },
    /// A credential helper, whatever any file says.
    Helper {
        /// Its name, behind `docker-credential-`.
        name: HelperName,
        /// The registry as the helper knows it.
        server: String,
    },
    /// The variable `DOCKER_AUTH_CONFIG`.
    Environment {
        /// The registry as it stands there.
        key: String,
    },
}

/// One of the files in which Docker and Podman note sign-ins. Where it lies is found at each use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FileRef {
    /// Docker's `config.json`.
    Docker,
    /// Podman's first file: `$REGISTRY_AUTH_FILE`, or the one that goes when the person logs out of the computer.
    PodmanRun,
    /// Podman's `auth.json` in the home.
    PodmanHome,
    /// Docker's old `.dockercfg`.
    Dockercfg,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Accounts keep these texts.
    #[test]
    fn places_are_kept_as_text_without_anything_secret() {
        let helper = || HelperName::parse("gcloud").unwrap();
        let texts = [
            (Place::Keychain, r#"{"kind":"keychain"}"#),
            (Place::Session, r#"{"kind":"session"}"#),
            (Place::EncryptedFile, r#"{"kind":"encryptedFile"}"#),
            (
                Place::File {
                    file: FileRef::PodmanRun,
                    key: "quay.io/team".to_owned(),
                },
                r#"{"kind":"file","file":"podmanRun","key":"quay.io/team"}"#,
            ),
            (
                Place::Helper {
                    name: helper(),
                    server: "gcr.io".to_owned(),
                },
                r#"{"kind":"helper","name":"gcloud","server":"gcr.io"}"#,
            ),
            (
                Place::Environment {
                    key: "h".to_owned(),
                },
                r#"{"kind":"environment","key":"h"}"#,
            ),
        ];
        for (place, text) in texts {
            assert_eq!(serde_json::to_string(&place).unwrap(), text);
            assert_eq!(serde_json::from_str::<Place>(text).unwrap(), place);
        }
        for (file, name) in [
            (FileRef::Docker, r#""docker""#),
            (FileRef::PodmanHome, r#""podmanHome""#),
            (FileRef::Dockercfg, r#""dockercfg""#),
        ] {
            assert_eq!(serde_json::to_string(&file).unwrap(), name);
        }
        for bad in [
            r#"{"kind":"helper","name":"../x","server":"h"}"#,
            r#"{"kind":"file","file":"/etc/passwd","key":"h"}"#,
            r#"{"kind":"file","file":"docker","key":"h","secret":"s"}"#,
            r#"{"kind":"elsewhere"}"#,
        ] {
            assert!(serde_json::from_str::<Place>(bad).is_err(), "{bad}");
        }
    }
}
