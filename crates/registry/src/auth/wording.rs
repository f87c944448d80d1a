//! In which words a token is asked for: our own, the registry's, or none, as far as its token service may dislike the ones before.
//!
//! Not here: which way of signing in is gone (the module above), and how a token service is asked (`service`). Grows by a refusal
//! that is about the words.

use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

use super::scope::Scopes;
use super::service::{self, Service};
use super::sign_in::{SignIn, sensitive};
use super::token::Slot;
use super::{Auth, MOST, Meet, Signed, TOKEN, claims, put};
use crate::approved::Credential;
use crate::error::{Error, Kind};
use crate::transport::Transport;
use crate::way::Origin;

impl Auth {
    /// Gets a token in the first of these wordings that the service takes. `scopes` is what the request is known by.
    pub(super) async fn token(
        &self,
        transport: &Transport,
        service: &Service,
        scopes: &Scopes,
        wordings: &[&Scopes],
        sent: Option<&Signed>,
    ) -> Result<Signed, Error> {
        // Who is refused what they named may still be given what nobody named; and the other way round.
        let last = if scopes.is_empty() {
            Scopes::anything()
        } else {
            Scopes::default()
        };
        let mut refused: Vec<(Scopes, Error)> = Vec::new();
        for words in wordings.iter().copied().chain([&last]) {
            if refused.iter().any(|(before, _)| before == words) {
                continue;
            }
            match self.one(transport, service, words, sent).await {
                Ok((slot, serial, secret)) => {
                    let first = refused.into_iter().next();
                    if first.as_ref().is_some_and(|(words, error)| {
                        !words.is_plain() || words.is_empty() || error.status == Some(400)
                    }) {
                        self.known(|known| put(&mut known.words, scopes.clone(), words.clone()));
                    }
                    return signed(self.approved.own(), slot, serial, &secret, first);
                }
                Err(error) => {
                    let goes_on = self.dislikes(words, &error);
                    refused.push((words.clone(), error));
                    if !goes_on {
                        break;
                    }
                }
            }
        }
        Err(self.judge(refused))
    }

    /// Gets one token in these words, and where it is kept.
    async fn one(
        &self,
        transport: &Transport,
        service: &Service,
        words: &Scopes,
        sent: Option<&Signed>,
    ) -> Result<(Arc<Slot>, u64, SecretString), Error> {
        let (slot, flow) = self.known(|known| {
            if known.tokens.len() >= MOST {
                known.tokens.clear();
            }
            let slot = known.tokens.entry((service.clone(), words.clone()));
            (
                Arc::clone(slot.or_default()),
                known.flows.get(service).copied(),
            )
        });
        let refused = sent
            .and_then(|sent| sent.token.as_ref())
            .filter(|(before, _)| Arc::ptr_eq(before, &slot))
            .map(|(_, serial)| *serial);
        let fetch = || async {
            let at = self.held.at();
            let words = self.allowed(words);
            let fetched = service::fetch(transport, &at.sign_in, service, &words, flow).await;
            let status = fetched.as_ref().err().map(|error| error.status);
            self.known(|known| known.refused = status == Some(Some(401)));
            let (token, flow) = fetched?;
            self.known(|known| {
                put(&mut known.flows, service.clone(), flow);
                known.given = true;
            });
            Ok(token)
        };
        let (serial, secret) = slot.get(refused, fetch).await?;
        Ok((slot, serial, secret))
    }

    /// Tells whether a refusal may be about the words and not about who asks, so that others are worth a try: a secret that may be
    /// wrong is not sent again and again, as some services lock an account that is wrong too often.
    fn dislikes(&self, words: &Scopes, error: &Error) -> bool {
        match error.status {
            Some(400 | 403) => true,
            Some(401) if self.is_someone() => {
                let right = self.known(|known| known.given);
                !words.is_empty() && (right || !words.is_plain())
            }
            Some(401) => words.is_empty() || !words.is_plain(),
            // Synapse's fails at an action it does not know.
            Some(500) => !words.is_plain(),
            _ => false,
        }
    }

    /// Makes one error of the refusals of a token service. Who was never given anything, and is forbidden everything, is not who
    /// they say: olareg answers a wrong password so.
    fn judge(&self, refused: Vec<(Scopes, Error)>) -> Error {
        let doubted = self.is_someone() && !self.known(|known| known.given);
        let every = |status| {
            let mut all = refused.iter();
            all.all(|(_, error)| error.status == Some(status))
        };
        let forbidden = doubted && every(403);
        let mut all = refused.into_iter().map(|(_, error)| error);
        let unasked = || Error::new(Kind::Refused, TOKEN);
        let mut first = all.next().unwrap_or_else(unasked);
        if forbidden {
            first.kind = Kind::SignIn;
        }
        if !self.is_someone() {
            // The last thing that strangers may be given decides.
            return all.next_back().unwrap_or(first);
        }
        match all.find(|error| doubted && error.status == Some(401)) {
            Some(wrong) => wrong,
            None => first,
        }
    }

    /// Tells whether the token of this sign-in is one for nobody, as far as tokens can be compared: what one who says no name is
    /// given says the same. `None` where the registry is not met with tokens, or gives none to strangers.
    pub(crate) async fn is_nobody(&self, transport: &Transport) -> Option<(bool, Signed)> {
        let scopes = Scopes::default();
        let Some(Meet::Bearer(service, _)) = self.known(|known| known.usual.clone()) else {
            return None;
        };
        let words = self.known(|known| known.words.get(&scopes).cloned());
        let words = self.allowed(&words.unwrap_or(scopes)).into_owned();
        let (.., ours) = self.one(transport, &service, &words, None).await.ok()?;
        let nobodys = service::fetch(transport, &SignIn::Anonymous, &service, &words, None).await;
        let nobodys = nobodys.ok()?.0.secret;
        let is_nobody = claims::names_nobody(&ours, &nobodys);
        let slot = Arc::default();
        let signed = signed(self.approved.own(), slot, 0, &nobodys, None).ok()?;
        Some((is_nobody, signed))
    }
}

fn signed(
    own: &Origin,
    slot: Arc<Slot>,
    serial: u64,
    secret: &SecretString,
    refused: Option<(Scopes, Error)>,
) -> Result<Signed, Error> {
    let cannot = || Error::new(Kind::Malformed("the token cannot be sent".into()), TOKEN);
    let header = sensitive(&format!("Bearer {}", secret.expose_secret())).ok_or_else(cannot)?;
    Ok(Signed {
        credential: Credential {
            name: http::header::AUTHORIZATION,
            header,
            to: own.clone(),
            way: None,
        },
        token: Some((slot, serial)),
        refused,
    })
}
