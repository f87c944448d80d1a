//! What of an account's sign-in a server's own interface is shown: user and secret, the secret as a token, or a token made of it.
//!
//! Not here: making such a token and choosing what is shown (`making`), which server that may be (`beside`), how it is asked (`api`). Grows by a way in which some interface is shown who asks.

use http::{HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::sign_in::{self, SignIn, sensitive};
use super::token::Slot;
use crate::error::{Error, Kind};
use crate::secret_header::SecretHeader;

/// What is shown of an account.
#[derive(Clone, Copy, Debug)]
pub enum Shows {
    /// User and secret.
    Basic,
    /// The secret, as a token: where it is an access token.
    Bearer,
    /// The secret, in a header of its own.
    Header(SecretHeader),
    /// A token that the server gives for user and secret.
    Made(&'static TokenMaker),
}

/// How a server gives a token for user and secret: by one POST of JSON. The token is kept in memory, until it ends.
#[derive(Debug)]
pub struct TokenMaker {
    /// The path there.
    pub path: &'static str,
    /// How it calls the user.
    pub user: &'static str,
    /// How it calls the secret.
    pub secret: &'static str,
    /// How long a token lives of which it doesn't say so.
    pub lives: Duration,
}

/// The token that one server gave for an account.
#[derive(Default)]
pub(crate) struct Made(Mutex<Of>);

/// What belongs to the sign-in that came under one number.
#[derive(Default)]
pub(super) struct Of {
    pub(super) serial: u64,
    pub(super) slot: Arc<Slot>,
    /// The server said that it is wrong: it isn't sent there again.
    pub(super) wrong: Option<Error>,
}

impl Made {
    /// Does something with what belongs to the sign-in.
    pub(super) fn of<T>(&self, with: impl FnOnce(&mut Of) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Makes the JSON that a token is asked for with: a secret, as a whole.
pub(super) fn order(sign_in: &SignIn, maker: &TokenMaker) -> Option<SecretString> {
    let (user, secret) = sign_in.plainly()?;
    let json = serde_json::json!({maker.user: user, maker.secret: secret.expose_secret()});
    Some(SecretString::from(json.to_string()))
}

/// Says that there is nothing that could be shown.
pub(super) fn nothing_to_show() -> Error {
    Error::new(Kind::SignIn, "no request")
}

/// Makes the header for a token that is shown as it is.
pub(crate) fn bearer(secret: &SecretString) -> Option<(HeaderName, HeaderValue)> {
    let value = sign_in::bearer(secret.expose_secret())?;
    Some((header::AUTHORIZATION, value))
}

/// Makes a header of its own for a secret.
pub(crate) fn of_its_own(
    header: SecretHeader,
    secret: &SecretString,
) -> Option<(HeaderName, HeaderValue)> {
    Some((header.name(), sensitive(secret.expose_secret())?))
}
