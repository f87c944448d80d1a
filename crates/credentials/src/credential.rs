//! A sign-in: who, and what proves it.

use std::fmt;

use secrecy::SecretString;

/// The user in whose name an identity token stands: the secret is the token, and whose it is the registry knows. Docker
/// and its helpers write it so.
pub const TOKEN_USER: &str = "<token>";

/// The longest name of a user, in bytes.
const LONGEST_USER: usize = 1024;

/// A user and what proves that it is them.
#[derive(Clone)]
pub struct Credential {
    /// The user, or [`TOKEN_USER`].
    pub user: String,
    /// A password, a token of access or an identity token.
    pub secret: SecretString,
}

impl Credential {
    /// Makes a sign-in of what another program keeps. `None` where the user is none that could be signed in.
    pub(crate) fn of(user: &str, secret: &str) -> Option<Self> {
        let fits =
            !user.is_empty() && user.len() <= LONGEST_USER && !user.chars().any(char::is_control);
        fits.then(|| Self {
            user: user.to_owned(),
            secret: SecretString::from(secret),
        })
    }
}

/// Shows the user and nothing of the secret.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
