//! Tokens: fetched by GET with Basic, or by POST where GET is not served; kept until they expire; fetched once however many wait.
//!
//! `distribution`, `spec/auth/token.md` (GET) and `oauth.md` (POST).

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::sync::{Mutex as Quick, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

use super::challenge::Bearer;
use super::realm;
use super::scope::Scopes;
use super::sign_in::SignIn;
use crate::body::Body;
use crate::error::{Error, Kind};
use crate::transport::{Exchange, Transport};

/// What we call ourselves to token services.
const CLIENT: &str = "longshore";
/// The largest answer of a token service that is read.
const LIMIT: u64 = 64 * 1024;
/// The life of a token that says nothing, and the least one is given.
const FLOOR: Duration = Duration::from_mins(1);
/// The longest life that is believed.
const CEILING: Duration = Duration::from_hours(24);
/// How long before its end a token is renewed.
const MARGIN: Duration = Duration::from_secs(10);

/// How a token service wants to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Get,
    Post,
}

/// A token and how long it lives from its arrival. Its age is counted by our clock: the service's may be off.
pub(super) struct Token {
    secret: SecretString,
    lives: Duration,
}

/// The place of one token: for one service and one set of scopes.
#[derive(Default)]
pub(super) struct Slot {
    /// Held while a token is fetched, so that one fetch serves all who wait.
    turn: Mutex<()>,
    state: Quick<State>,
}

#[derive(Default)]
struct State {
    /// How many fetches have ended, well or not.
    fetches: u64,
    held: Option<Held>,
    failed: Option<Error>,
}

struct Held {
    serial: u64,
    secret: SecretString,
    until: Instant,
}

impl Slot {
    /// Returns the token with its number. It is fetched where there is none, it has expired, or it is the refused one.
    pub(super) async fn get<F>(
        &self,
        refused: Option<u64>,
        fetch: impl FnOnce() -> F,
    ) -> Result<(u64, SecretString), Error>
    where
        F: Future<Output = Result<Token, Error>>,
    {
        let before = match self.fresh(refused, Instant::now()) {
            Ok(found) => return Ok(found),
            Err(fetches) => fetches,
        };
        let _turn = self.turn.lock().await;
        match self.fresh(refused, Instant::now()) {
            Ok(found) => return Ok(found),
            // Who waited while it failed shares the failure: a wrong password is not sent once for each row of a list.
            Err(fetches) if fetches != before => {
                if let Some(error) = self.state(|state| state.failed.clone()) {
                    return Err(error);
                }
            }
            Err(_) => {}
        }
        let fetched = fetch().await;
        self.state(|state| {
            state.fetches += 1;
            match fetched {
                Ok(token) => {
                    let serial = state.fetches;
                    let until = Instant::now() + token.lives.saturating_sub(MARGIN);
                    state.held = Some(Held {
                        serial,
                        secret: token.secret.clone(),
                        until,
                    });
                    state.failed = None;
                    Ok((serial, token.secret))
                }
                Err(error) => {
                    state.held = None;
                    state.failed = Some(error.clone());
                    Err(error)
                }
            }
        })
    }

    fn fresh(&self, refused: Option<u64>, now: Instant) -> Result<(u64, SecretString), u64> {
        self.state(|state| match &state.held {
            Some(held) if held.until > now && refused != Some(held.serial) => {
                Ok((held.serial, held.secret.clone()))
            }
            _ => Err(state.fetches),
        })
    }

    fn state<T>(&self, with: impl FnOnce(&mut State) -> T) -> T {
        with(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Deserialize)]
struct Wire {
    token: Option<SecretString>,
    access_token: Option<SecretString>,
    expires_in: Option<f64>,
}

/// Asks the token service.
pub(super) async fn fetch(
    transport: &Transport,
    sign_in: &SignIn,
    bearer: &Bearer,
    scopes: &Scopes,
    flow: Option<Flow>,
) -> Result<(Token, Flow), Error> {
    let url = realm::allowed(&bearer.realm, transport.base())?;
    // An identity token is a refresh token: it is exchanged by POST and never sent otherwise.
    let identity = matches!(sign_in, SignIn::Basic { user, .. } if user == "<token>");
    let first = if identity {
        Flow::Post
    } else {
        flow.unwrap_or(Flow::Get)
    };
    match ask(transport, sign_in, bearer, scopes, &url, first).await {
        Err(error)
            if first == Flow::Get
                && flow.is_none()
                && matches!(sign_in, SignIn::Basic { .. })
                && wants_post(&error) =>
        {
            ask(transport, sign_in, bearer, scopes, &url, Flow::Post)
                .await
                .map(|token| (token, Flow::Post))
        }
        answer => answer.map(|token| (token, first)),
    }
}

/// Tells whether GET is not served here at all, rather than refused.
fn wants_post(error: &Error) -> bool {
    matches!(error.status, Some(400 | 404 | 405 | 501))
}

async fn ask(
    transport: &Transport,
    sign_in: &SignIn,
    bearer: &Bearer,
    scopes: &Scopes,
    url: &url::Url,
    flow: Flow,
) -> Result<Token, Error> {
    let mut url = url.clone();
    let exchange = match flow {
        Flow::Get => {
            {
                let mut query = url.query_pairs_mut();
                query.extend_pairs(
                    bearer
                        .service
                        .as_deref()
                        .map(|service| ("service", service)),
                );
                query.extend_pairs(scopes.texts().map(|scope| ("scope", scope)));
                query.append_pair("client_id", CLIENT);
                if let SignIn::Basic { user, .. } = sign_in {
                    query.append_pair("account", user);
                }
            }
            let mut exchange = Exchange::new(http::Method::GET, url);
            exchange.authorization = sign_in.basic();
            exchange
        }
        Flow::Post => {
            let mut exchange = Exchange::new(http::Method::POST, url);
            exchange.body = Body::Form(form(sign_in, bearer, scopes));
            exchange
        }
    };
    let answer = transport.exchange(exchange, LIMIT).await?.into_success()?;
    read(&answer.bytes).map_err(|why| {
        let kind = Kind::Malformed(why.to_owned());
        Error::new(kind, answer.head.request.clone()).with_status(answer.status)
    })
}

/// Makes the POST flow's fields: a secret, as a whole.
fn form(sign_in: &SignIn, bearer: &Bearer, scopes: &Scopes) -> SecretString {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("client_id", CLIENT);
    form.extend_pairs(
        bearer
            .service
            .as_deref()
            .map(|service| ("service", service)),
    );
    let scopes: Vec<String> = scopes.texts().collect();
    if !scopes.is_empty() {
        form.append_pair("scope", &scopes.join(" "));
    }
    if let SignIn::Basic { user, secret } = sign_in {
        if user == "<token>" {
            form.append_pair("grant_type", "refresh_token")
                .append_pair("refresh_token", secret.expose_secret());
        } else {
            form.append_pair("grant_type", "password")
                .append_pair("username", user)
                .append_pair("password", secret.expose_secret());
        }
    }
    SecretString::from(form.finish())
}

fn read(bytes: &[u8]) -> Result<Token, &'static str> {
    // The text of a parse error could quote the token.
    let wire: Wire = serde_json::from_slice(bytes)
        .map_err(|_| "the token service's answer is not what it should be")?;
    let some =
        |token: Option<SecretString>| token.filter(|token| !token.expose_secret().is_empty());
    let secret = some(wire.token)
        .or_else(|| some(wire.access_token))
        .ok_or("the token service gave no token")?;
    Ok(Token {
        secret,
        lives: lives(wire.expires_in),
    })
}

fn lives(expires_in: Option<f64>) -> Duration {
    let said = expires_in
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .unwrap_or(FLOOR);
    said.clamp(FLOOR, CEILING)
}

#[cfg(test)]
mod tests;
