//! Who one is at a registry, and the header that says so.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::source::SignInSource;

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
    /// Whoever somebody else says, who keeps it: asked when it is first needed, and again when it was refused.
    Asked(Arc<dyn SignInSource>),
}

/// The user that stands for an identity token.
const IDENTITY: &str = "<token>";

impl SignIn {
    /// Tells whether this is somebody.
    pub(crate) fn is_someone(&self) -> bool {
        !matches!(self, Self::Anonymous)
    }

    /// Tells whether this is an identity token: one that is exchanged for others, and is no password.
    pub(crate) fn is_identity(&self) -> bool {
        matches!(self, Self::Basic { user, .. } if user == IDENTITY)
    }

    /// Returns user and secret, where there is a secret that may be shown as it is: an identity token may not.
    pub(super) fn plainly(&self) -> Option<(&str, &SecretString)> {
        match self {
            Self::Basic { user, secret } if !self.is_identity() => Some((user, secret)),
            _ => None,
        }
    }

    /// Makes the header for Basic, where there is something to say. An identity token is never sent so.
    pub(crate) fn basic(&self) -> Option<HeaderValue> {
        match self {
            Self::Anonymous | Self::Asked(_) => None,
            Self::Basic { .. } if self.is_identity() => None,
            Self::Basic { user, secret } => {
                let text = SecretString::from(format!("{user}:{}", secret.expose_secret()));
                sensitive(&format!("Basic {}", STANDARD.encode(text.expose_secret())))
            }
        }
    }
}

/// Makes the header for a token that is shown as it is.
pub(super) fn bearer(token: &str) -> Option<HeaderValue> {
    sensitive(&format!("Bearer {token}"))
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

    #[test]
    fn an_identity_token_is_no_password() {
        let sign_in = |user: &str| SignIn::Basic {
            user: user.into(),
            secret: SecretString::from("hunter2"),
        };
        assert!(sign_in("<token>").is_identity() && sign_in("<token>").basic().is_none());
        assert!(!sign_in("demo").is_identity() && !SignIn::Anonymous.is_someone());
    }
}
