//! What of an account's sign-in a server's own interface is shown: user and secret, the secret as a token, or a token made of it.
//!
//! Not here: which server that may be (`beside`), and how it is asked (`api`). Grows by a way in which some interface is shown who asks.

use http::{HeaderName, HeaderValue, Method, header};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::service::{self, LIMIT};
use super::sign_in::{self, SignIn, sensitive};
use super::token::{Slot, Token};
use super::{Auth, Scopes};
use crate::body::Body;
use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::transport::{Budget, Follow};

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

/// The headers beside `Authorization` that hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretHeader {
    /// `PRIVATE-TOKEN` (GitLab).
    PrivateToken,
}

impl SecretHeader {
    pub(crate) fn name(self) -> HeaderName {
        match self {
            Self::PrivateToken => HeaderName::from_static("private-token"),
        }
    }
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
struct Of {
    serial: u64,
    slot: Arc<Slot>,
    /// The server said that it is wrong: it isn't sent there again.
    wrong: Option<Error>,
}

impl Made {
    /// Returns the token with its number, made where there is none, it has ended, or it is the refused one.
    async fn get(
        &self,
        account: &Auth,
        host: &Host,
        maker: &TokenMaker,
        refused: Option<u64>,
    ) -> Result<(u64, SecretString), Error> {
        account.held.ask().await?;
        let at = account.held.at();
        let order = order(&at.sign_in, maker).ok_or_else(nothing_to_show)?;
        let (slot, wrong) = self.of(|of| {
            if of.serial != at.serial {
                let (serial, slot) = (at.serial, Arc::default());
                *of = Of {
                    serial,
                    slot,
                    wrong: None,
                };
            }
            (Arc::clone(&of.slot), of.wrong.clone())
        });
        if let Some(error) = wrong {
            return Err(error);
        }
        let made = slot.get(refused, || make(host, maker, order)).await;
        if let Err(error) = made.as_ref()
            && error.kind == Kind::SignIn
        {
            self.of(|of| {
                if of.serial == at.serial {
                    of.wrong = Some(error.clone());
                }
            });
        }
        made
    }

    fn of<T>(&self, with: impl FnOnce(&mut Of) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Makes the JSON that a token is asked for with: a secret, as a whole.
fn order(sign_in: &SignIn, maker: &TokenMaker) -> Option<SecretString> {
    let (user, secret) = sign_in.plainly()?;
    let json = serde_json::json!({maker.user: user, maker.secret: secret.expose_secret()});
    Some(SecretString::from(json.to_string()))
}

async fn make(host: &Host, maker: &TokenMaker, order: SecretString) -> Result<Token, Error> {
    let mut url = host.base().clone();
    url.set_path(maker.path);
    url.set_query(None);
    let mut call = Call::new(Method::POST, url, Scopes::default(), LIMIT);
    call.accept = Some("application/json");
    call.follow = Some(Follow::Nowhere);
    call.body = Body::Secret(order);
    let reply = host.once(&call, None, Budget::Question, 1).await?;
    let answer = host.whole(reply, LIMIT).await?.into_success()?;
    service::read(&answer.bytes, maker.lives).map_err(|why| {
        let kind = Kind::Malformed(why.to_owned());
        Error::new(kind, answer.head.request.clone()).with_status(answer.status)
    })
}

/// Says that there is nothing that could be shown.
fn nothing_to_show() -> Error {
    Error::new(Kind::SignIn, "no request")
}

impl Auth {
    /// Returns whose the sign-in is, asked for where it is kept elsewhere; none where it is nobody's.
    pub(crate) async fn ask_user(&self) -> Result<Option<String>, Error> {
        self.held.ask().await?;
        Ok(self.held.user())
    }

    /// Returns the header with what is shown, asked for where it is kept elsewhere; for a token that was made, its number too. An
    /// identity token can't be shown so; and as nobody, less would be told than there is, as if that were all.
    pub(crate) async fn ask_shown(
        &self,
        shows: Shows,
        host: &Host,
        made: &Made,
        refused: Option<u64>,
    ) -> Result<(Option<u64>, (HeaderName, HeaderValue)), Error> {
        if let Shows::Made(maker) = shows {
            let serial = self.serial();
            let token = match made.get(self, host, maker, refused).await {
                Err(error)
                    if error.kind == Kind::SignIn && self.renew(serial).await.unwrap_or(false) =>
                {
                    made.get(self, host, maker, None).await?
                }
                other => other?,
            };
            let header = sign_in::bearer(token.1.expose_secret()).ok_or_else(nothing_to_show)?;
            return Ok((Some(token.0), (header::AUTHORIZATION, header)));
        }
        self.held.ask().await?;
        let at = self.held.at();
        let header = match (shows, at.sign_in.plainly()) {
            (Shows::Basic, _) => at.sign_in.basic().map(|it| (header::AUTHORIZATION, it)),
            (_, None) | (Shows::Made(_), _) => None,
            (Shows::Bearer, Some((_, secret))) => bearer(secret),
            (Shows::Header(name), Some((_, secret))) => of_its_own(name, secret),
        };
        Ok((None, header.ok_or_else(nothing_to_show)?))
    }
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
