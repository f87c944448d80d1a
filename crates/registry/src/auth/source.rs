//! Whoever keeps a sign-in, as far as a registry knows them.
//!
//! Not here: when they are asked (`held`), and who they are: files and programs of other tools. Grows by nothing.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use secrecy::SecretString;

/// What a source gives: a user, `<token>` for an identity token, and the secret. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Given {
    /// The user.
    pub user: String,
    /// The password or token.
    pub secret: SecretString,
}

/// What a source is waited for with.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Given, String>> + Send + 'a>>;

/// Whoever keeps a sign-in: it is asked when the sign-in is first needed, and when it was refused.
pub trait SignInSource: fmt::Debug + Send + Sync {
    /// Gives the sign-in as it is now; or says why there is none, in words that hold no secret. It may take as long as a person
    /// takes to unlock something.
    fn now(&self) -> Asking<'_>;
}
