//! Choosing what of an account's sign-in a server's own interface is shown, and making the token that it may want of it.
//!
//! Not here: what there is to be shown (`shown`). Grows by a way to make a token.

use http::{HeaderName, HeaderValue, Method, header};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

use super::service::{self, LIMIT};
use super::shown::{Made, Of, Shows, TokenMaker, bearer, nothing_to_show, of_its_own, order};
use super::sign_in;
use super::token::Token;
use super::{Auth, Scopes};
use crate::body::Body;
use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::transport::{Budget, Follow};

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
