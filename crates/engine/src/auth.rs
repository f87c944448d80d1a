//! How the engine is told to sign in to a registry for one transfer: a header, never kept anywhere.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::Error;

/// The sign-in the engine uses for one push or pull.
#[derive(Clone, Default)]
pub enum RegistryAuth {
    /// Without signing in.
    #[default]
    None,
    /// With a user and a secret.
    Basic {
        /// The user.
        user: String,
        /// The password or token.
        secret: SecretString,
        /// The registry the sign-in is for, as `host[:port]` (Docker Hub: `docker.io`). It must be the one the image is
        /// named after: engines with the containerd store send the sign-in nowhere else.
        host: String,
    },
    /// With a token that stands for a user, which engines take to token services and never send as a password.
    IdentityToken {
        /// The token.
        token: SecretString,
        /// The registry it is for, as in `Basic`.
        host: String,
    },
}

impl fmt::Debug for RegistryAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Basic { user, host, .. } => f
                .debug_struct("Basic")
                .field("user", user)
                .field("host", host)
                .finish_non_exhaustive(),
            Self::IdentityToken { host, .. } => f
                .debug_struct("IdentityToken")
                .field("host", host)
                .finish_non_exhaustive(),
        }
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    username: &'a str,
    password: &'a str,
    serveraddress: &'a str,
}

#[derive(Serialize)]
struct WireToken<'a> {
    identitytoken: &'a str,
    serveraddress: &'a str,
}

impl RegistryAuth {
    /// Tells whether another is the same sign-in, secret included.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (
                Self::Basic { user, secret, host },
                Self::Basic {
                    user: other_user,
                    secret: other_secret,
                    host: other_host,
                },
            ) => {
                (user, host) == (other_user, other_host)
                    && secret.expose_secret() == other_secret.expose_secret()
            }
            (
                Self::IdentityToken { token, host },
                Self::IdentityToken {
                    token: other_token,
                    host: other_host,
                },
            ) => host == other_host && token.expose_secret() == other_token.expose_secret(),
            _ => false,
        }
    }

    /// Returns the value of `X-Registry-Auth`: the JSON in padded URL-safe base64. Engines want the header even without
    /// a sign-in; then it is an empty object.
    pub(crate) fn header(&self) -> Result<HeaderValue, Error> {
        let json = match self {
            Self::None => "{}".to_owned(),
            Self::Basic { user, secret, host } => {
                let wire = Wire {
                    username: user,
                    password: secret.expose_secret(),
                    serveraddress: address_of(host),
                };
                serde_json::to_string(&wire).map_err(|error| Error::Broken(error.to_string()))?
            }
            Self::IdentityToken { token, host } => {
                let wire = WireToken {
                    identitytoken: token.expose_secret(),
                    serveraddress: address_of(host),
                };
                serde_json::to_string(&wire).map_err(|error| Error::Broken(error.to_string()))?
            }
        };
        let mut value = HeaderValue::try_from(URL_SAFE.encode(json))
            .map_err(|error| Error::Broken(error.to_string()))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// Returns the address as engines want it: the host, except that Docker Hub has a name of its own among sign-ins.
fn address_of(host: &str) -> &str {
    match host {
        "docker.io" | "index.docker.io" | "registry-1.docker.io" => "https://index.docker.io/v1/",
        host => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(auth: &RegistryAuth) -> serde_json::Value {
        let header = auth.header().unwrap();
        assert!(header.is_sensitive());
        serde_json::from_slice(&URL_SAFE.decode(header.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn nothing_is_an_empty_object() {
        assert_eq!(decoded(&RegistryAuth::None), serde_json::json!({}));
    }

    #[test]
    fn a_sign_in_survives_quotes_and_other_alphabets() {
        let auth = RegistryAuth::Basic {
            user: "zoë".to_owned(),
            secret: "p\"a?ss>~\\ü".into(),
            host: "127.0.0.1:5000".to_owned(),
        };
        assert_eq!(
            decoded(&auth),
            serde_json::json!({"username": "zoë", "password": "p\"a?ss>~\\ü", "serveraddress": "127.0.0.1:5000"})
        );
    }

    #[test]
    fn hostile_an_identity_token_is_no_password() {
        let auth = RegistryAuth::IdentityToken {
            token: "hunter2".into(),
            host: "lab.example".into(),
        };
        assert_eq!(
            decoded(&auth),
            serde_json::json!({"identitytoken": "hunter2", "serveraddress": "lab.example"})
        );
        assert!(!format!("{auth:?}").contains("hunter2"));
    }

    #[test]
    fn docker_hub_is_called_as_engines_call_it() {
        let auth = RegistryAuth::Basic {
            user: "u".into(),
            secret: "s".into(),
            host: "docker.io".into(),
        };
        assert_eq!(
            decoded(&auth)["serveraddress"],
            "https://index.docker.io/v1/"
        );
    }

    #[test]
    fn the_secret_is_not_printed() {
        let auth = RegistryAuth::Basic {
            user: "demo".into(),
            secret: "hunter2".into(),
            host: "h".into(),
        };
        let printed = format!("{auth:?}");
        assert!(
            printed.contains("demo") && !printed.contains("hunter2"),
            "{printed}"
        );
    }
}
