//! Signing in: which header goes with a request, and what to do when it is refused.
//!
//! The scopes travel with the request; the challenge of the registry is remembered, so that only the first request of all is sent
//! twice. A secret goes to the registry itself and to the token service it names, and to nobody else (`realm`).

mod challenge;
mod realm;
mod scope;
mod sign_in;
mod token;

use http::HeaderValue;
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Kind};
use crate::transport::Transport;
use challenge::Bearer;
use sign_in::sensitive;
use token::{Flow, Slot};

pub(crate) use challenge::Challenge;
pub(crate) use scope::Scopes;
pub use sign_in::SignIn;

/// What a request was sent with.
#[derive(Clone)]
pub(crate) struct Signed {
    /// The header.
    pub(crate) header: HeaderValue,
    /// For a token: its number, so that a refused one is dropped once.
    serial: Option<u64>,
}

/// What is known about signing in at one registry.
pub(crate) struct Auth {
    sign_in: SignIn,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    challenge: Option<Challenge>,
    /// What the registry asked for beyond the scopes of a request.
    wider: HashMap<Scopes, Scopes>,
    tokens: HashMap<(Bearer, Scopes), Arc<Slot>>,
    flows: HashMap<String, Flow>,
}

impl Auth {
    pub(crate) fn new(sign_in: SignIn) -> Self {
        Self {
            sign_in,
            known: Mutex::default(),
        }
    }

    /// Returns the header a request goes out with, by what is known so far.
    pub(crate) async fn before(
        &self,
        transport: &Transport,
        scopes: &Scopes,
    ) -> Result<Option<Signed>, Error> {
        let challenge = self.known(|known| known.challenge.clone());
        match challenge {
            None => Ok(None),
            Some(Challenge::Basic) => Ok(self.basic()),
            Some(Challenge::Bearer(bearer)) => {
                let scopes = self
                    .known(|known| known.wider.get(scopes).cloned())
                    .unwrap_or_else(|| scopes.clone());
                self.token(transport, bearer, scopes, None).await.map(Some)
            }
        }
    }

    /// Returns the header for a second try after a 401, or `None` where there is nothing else to try.
    pub(crate) async fn after(
        &self,
        transport: &Transport,
        challenges: &[Challenge],
        scopes: &Scopes,
        sent: Option<&Signed>,
    ) -> Result<Option<Signed>, Error> {
        let Some(challenge) = challenges
            .iter()
            .find(|challenge| matches!(challenge, Challenge::Bearer(_)))
            .or_else(|| challenges.first())
        else {
            return Ok(None);
        };
        let asked = match challenge {
            Challenge::Basic => {
                self.known(|known| known.challenge = Some(Challenge::Basic));
                // The same header again would be the same answer.
                return Ok(self
                    .basic()
                    .filter(|_| sent.is_none_or(|sent| sent.serial.is_some())));
            }
            Challenge::Bearer(bearer) => bearer,
        };
        let bearer = Bearer {
            scopes: Scopes::default(),
            ..asked.clone()
        };
        let wanted = scopes.and(&asked.scopes);
        self.known(|known| {
            known.challenge = Some(Challenge::Bearer(bearer.clone()));
            if wanted != *scopes {
                known.wider.insert(scopes.clone(), wanted.clone());
            }
        });
        self.token(transport, bearer, wanted, sent.and_then(|sent| sent.serial))
            .await
            .map(Some)
    }

    /// Returns Basic, whether or not it was asked for: to learn whether a secret is right where the registry lets everyone in.
    pub(crate) fn basic(&self) -> Option<Signed> {
        self.sign_in.basic().map(|header| Signed {
            header,
            serial: None,
        })
    }

    async fn token(
        &self,
        transport: &Transport,
        bearer: Bearer,
        scopes: Scopes,
        refused: Option<u64>,
    ) -> Result<Signed, Error> {
        let slot = self.known(|known| {
            Arc::clone(
                known
                    .tokens
                    .entry((bearer.clone(), scopes.clone()))
                    .or_default(),
            )
        });
        let flow = self.known(|known| known.flows.get(&bearer.realm).copied());
        let fetch = || async {
            let (token, flow) =
                token::fetch(transport, &self.sign_in, &bearer, &scopes, flow).await?;
            self.known(|known| known.flows.insert(bearer.realm.clone(), flow));
            Ok(token)
        };
        let (serial, secret) = slot.get(refused, fetch).await?;
        let header = sensitive(&format!("Bearer {}", secret.expose_secret())).ok_or_else(|| {
            Error::new(
                Kind::Malformed("the token cannot be sent".into()),
                "GET token",
            )
        })?;
        Ok(Signed {
            header,
            serial: Some(serial),
        })
    }

    fn known<T>(&self, with: impl FnOnce(&mut Known) -> T) -> T {
        with(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
