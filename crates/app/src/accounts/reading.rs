//! Reading a sign-in where another program keeps it, for a registry and for an engine.
//!
//! Not here: reading files and running helpers (`credentials`), and where an account's lies (`elsewhere`). Grows by whoever
//! else is given one.

use super::standing::Standing;
use super::ways::IDENTITY_TOKEN;
use crate::ground::blocking;
use crate::view::accounts::AccountState;
use crate::view::problem::{Code, Problem};
use crate::words::accounts as say;
use credentials::{Credential, Place, SecretKey, SourceError, Sources};
use engine::RegistryAuth;
use registry::{Asking, Given, SignInSource};
use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;

/// The sign-in of one account, read where it lies each time it is wanted.
pub(crate) struct Elsewhere {
    pub sources: Sources,
    pub place: Place,
    /// Whose account it is, as a standing is noted.
    pub account: i64,
    pub host: oci::Host,
    pub user: String,
    pub standing: Arc<Standing>,
}

impl Elsewhere {
    /// Reads it. Another user's is an error: it is never followed by itself. `Err` has how the account stands then.
    async fn read(&self) -> Result<Credential, (AccountState, Problem)> {
        let read = read(&self.sources, &self.place, &self.host).await;
        let credential = read.map_err(|problem| (AccountState::SourceGone, problem))?;
        if credential.user != self.user {
            let other = say::another_user(&self.host, &credential.user, &self.user);
            let problem = other.coded(Code::SignIn).hint(say::sign_in_as_either());
            return Err((AccountState::SourceChanged, problem));
        }
        Ok(credential)
    }

    /// Returns it for an engine, as it is now. How the account stands is not noted: what is asked of the registry goes on with
    /// what was read before, and would not take the note back.
    pub async fn engine_auth(&self) -> Result<RegistryAuth, Problem> {
        let Credential { user, secret } = self.read().await.map_err(|(_, problem)| problem)?;
        Ok(engine_auth(&self.host, &user, secret))
    }
}

impl SignInSource for Elsewhere {
    fn now(&self) -> Asking<'_> {
        Box::pin(async {
            let Credential { user, secret } = self.read().await.map_err(|(state, problem)| {
                self.standing.note(self.account, state);
                let detail = problem.detail.map(|detail| format!(" ({detail})"));
                format!("{}{}", problem.message, detail.unwrap_or_default())
            })?;
            self.standing.has_secret(self.account);
            Ok(Given { user, secret })
        })
    }
}

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elsewhere")
            .field("place", &self.place)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Reads what lies at a place, or says why nothing is to be had there.
pub(super) async fn read(
    sources: &Sources,
    place: &Place,
    host: &oci::Host,
) -> Result<Credential, Problem> {
    // Places of other programs say by themselves whose sign-in it is.
    let key = SecretKey {
        host: host.to_string(),
        user: String::new(),
    };
    let source = sources.at(place, &key);
    match blocking(move || source.get()).await? {
        Ok(Some(credential)) => Ok(credential),
        Ok(None) => Err(gone(host)),
        Err(error) => Err(unreadable(host, &error)),
    }
}

/// Says that nothing lies there (any more).
pub(super) fn gone(host: &oci::Host) -> Problem {
    say::no_longer_kept(host)
        .coded(Code::SignIn)
        .hint(say::sign_in_there_or_here())
}

fn unreadable(host: &oci::Host, error: &SourceError) -> Problem {
    use credentials::HelperError as E;
    let hint = match error {
        SourceError::Helper {
            error: E::Missing, ..
        } => say::install_the_helper(),
        SourceError::Helper { .. } => say::try_the_helper(),
        SourceError::Store(_) | SourceError::Unreadable(_) => say::mend_the_file(),
    };
    say::not_read(host)
        .coded(Code::SignIn)
        .hint(hint)
        .detail(Some(error.to_string()))
}

/// Returns a sign-in as an engine takes it.
pub(super) fn engine_auth(host: &oci::Host, user: &str, secret: SecretString) -> RegistryAuth {
    let host = host.to_string();
    if user == IDENTITY_TOKEN {
        RegistryAuth::IdentityToken {
            token: secret,
            host,
        }
    } else {
        RegistryAuth::Basic {
            user: user.to_owned(),
            secret,
            host,
        }
    }
}
