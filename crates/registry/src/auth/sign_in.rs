//! Who one is at a registry, and the header that says so.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// Who one is at a registry. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// Nobody.
    Anonymous,
    /// A user with a password or an access token. The user `<token>` stands for an identity token, as in Docker's config.
    Basic {
        /// The user.
        user: String,
        /// The password or token.
        secret: SecretString,
    },
}

impl SignIn {
    /// Makes the header for Basic, where there is something to say.
    pub(super) fn basic(&self) -> Option<HeaderValue> {
        match self {
            Self::Anonymous => None,
            Self::Basic { user, secret } => {
                let text = SecretString::from(format!("{user}:{}", secret.expose_secret()));
                sensitive(&format!("Basic {}", STANDARD.encode(text.expose_secret())))
            }
        }
    }
}

/// Makes a header value that is never printed.
pub(super) fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let sign_in = SignIn::Basic {
            user: "demo".into(),
            secret: SecretString::from("hunter2"),
        };
        let header = sign_in.basic().unwrap();
        for shown in [format!("{sign_in:?}"), format!("{header:?}")] {
            assert!(
                !shown.contains("hunter2") && !shown.contains(&STANDARD.encode("demo:hunter2")),
                "{shown}"
            );
        }
        assert_eq!(
            header.to_str().unwrap(),
            format!("Basic {}", STANDARD.encode("demo:hunter2"))
        );
    }
}
