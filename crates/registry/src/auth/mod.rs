//! Signing in: which header goes with a request, and what to do when it is refused.
//!
//! Who has a secret asks `/v2/` first, without it, how it is wanted (`learning`), as a registry that lets everyone in lists less to
//! strangers. From then on a token is asked for in our own words before a request is sent, so that no request is sent twice; where
//! the registry or its token service wants other words, theirs are kept. A secret goes to the registry itself and to the token
//! service it names, by the ways that were agreed to, and to nobody else (`approved`).

mod challenge;
mod claims;
mod learning;
mod scope;
mod service;
mod sign_in;
mod token;

use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::address;
use crate::approved::{Approved, Credential};
use crate::error::{Error, Kind};
use crate::transport::{Answer, Transport};
use crate::way::{Origin, SignInWay};
use service::{Flow, Service};
use sign_in::sensitive;
use token::Slot;

pub(crate) use challenge::Challenge;
pub(crate) use learning::{catalog, challenges};
pub(crate) use scope::Scopes;
pub use sign_in::SignIn;

/// How many tokens and how many wordings are kept at once.
const MOST: usize = 4096;
/// What requests to a token service are called where no address can be given.
const TOKEN: &str = "GET token";

/// How a registry is met.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meet {
    /// With nothing.
    Nothing,
    /// With user and secret.
    Basic,
    /// With a token of this service; and the words it was named with.
    Bearer(Service, Scopes),
}

/// What a request was sent with.
#[derive(Clone)]
pub(crate) struct Signed {
    /// What goes into its header.
    pub(crate) credential: Credential,
    /// For a token: where it is kept and its number, so that a refused one is dropped once.
    token: Option<(Arc<Slot>, u64)>,
    /// The words the token service refused before it gave this token, and how.
    refused: Option<(Scopes, Error)>,
}

/// What is known about signing in at one registry.
pub(crate) struct Auth {
    sign_in: SignIn,
    approved: Arc<Approved>,
    known: Mutex<Known>,
    /// Held while `/v2/` is asked, so that one answer serves all.
    learning: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    /// How it is met, where no path is met in another way.
    usual: Option<Meet>,
    /// How it is met for what needs this.
    particular: HashMap<Scopes, Meet>,
    /// In which words a token is asked for, where not in ours.
    words: HashMap<Scopes, Scopes>,
    tokens: HashMap<(Service, Scopes), Arc<Slot>>,
    flows: HashMap<Service, Flow>,
    /// Whether the secret is known to be right: a token service gave something for it.
    given: bool,
    /// Whether the registry took a token.
    taken: bool,
}

impl Auth {
    pub(crate) fn new(sign_in: SignIn, approved: Arc<Approved>) -> Self {
        Self {
            sign_in,
            approved,
            known: Mutex::default(),
            learning: tokio::sync::Mutex::default(),
        }
    }

    /// Tells whether this is somebody.
    pub(crate) fn is_someone(&self) -> bool {
        self.sign_in.is_someone()
    }

    /// Tells whether this is an identity token.
    pub(crate) fn is_identity(&self) -> bool {
        self.sign_in.is_identity()
    }

    /// Returns the header a request goes out with, by what is known so far.
    pub(crate) async fn before(
        &self,
        transport: &Transport,
        scopes: &Scopes,
    ) -> Result<Option<Signed>, Error> {
        if self.is_someone() {
            self.learn(transport, None).await?;
        }
        let meet = self.known(|known| {
            let particular = known.particular.get(scopes);
            particular.or(known.usual.as_ref()).cloned()
        });
        match meet {
            None | Some(Meet::Nothing) => Ok(None),
            Some(Meet::Basic) => Ok(self.basic()),
            Some(Meet::Bearer(service, usual)) => {
                let first = self.known(|known| known.words.get(scopes).cloned());
                let ours = if scopes.is_empty() { &usual } else { scopes };
                let first = first.unwrap_or_else(|| ours.clone());
                self.token(transport, &service, scopes, &[&first, &usual], None)
                    .await
                    .map(Some)
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
        let Some(meet) = self.choose(transport, challenges)? else {
            return Ok(None);
        };
        self.known(|known| match &known.usual {
            None | Some(Meet::Nothing) => known.usual = Some(meet.clone()),
            Some(usual) if *usual == meet => drop(known.particular.remove(scopes)),
            Some(_) => put(&mut known.particular, scopes.clone(), meet.clone()),
        });
        let (service, theirs) = match meet {
            Meet::Nothing => return Ok(None),
            // The same header again would be the same answer.
            Meet::Basic if sent.is_some_and(|sent| sent.token.is_none()) => return Ok(None),
            Meet::Basic => return Ok(self.basic()),
            Meet::Bearer(service, theirs) => (service, theirs),
        };
        if !theirs.is_empty() && theirs != *scopes {
            self.known(|known| put(&mut known.words, scopes.clone(), theirs.clone()));
        } else {
            self.known(|known| known.words.remove(scopes));
        }
        let first = if theirs.is_empty() { scopes } else { &theirs };
        if let Some((_, error)) = sent
            .and_then(|sent| sent.refused.as_ref())
            .filter(|(words, _)| words == first)
        {
            // The token service has just said no to these very words, and yes to others: the secret is right.
            let mut error = error.clone();
            if error.kind == Kind::SignIn {
                error.kind = Kind::Denied;
            }
            return Err(error);
        }
        self.token(transport, &service, scopes, &[first], sent)
            .await
            .map(Some)
    }

    /// Chooses among the ways a registry offers: a token before Basic, and only what may be gone.
    fn choose(
        &self,
        transport: &Transport,
        challenges: &[Challenge],
    ) -> Result<Option<Meet>, Error> {
        let (mut wanted, mut unusable) = (None, None);
        let bearer = |challenge: &&Challenge| matches!(challenge, Challenge::Bearer(_));
        let (first, then): (Vec<_>, Vec<_>) = challenges.iter().partition(bearer);
        for challenge in first.into_iter().chain(then) {
            let (meet, way) = match challenge {
                Challenge::Basic if self.sign_in.basic().is_none() => continue,
                Challenge::Basic => (Meet::Basic, Some(SignInWay::Basic)),
                Challenge::Bearer(bearer) => {
                    match address::realm(transport.base(), &bearer.realm) {
                        Err(kind) => {
                            unusable.get_or_insert(Error::new(kind, TOKEN));
                            continue;
                        }
                        Ok(realm) => {
                            let name = bearer.service.clone();
                            let service = Service { realm, name };
                            let way = service.way();
                            (Meet::Bearer(service, bearer.scopes.clone()), way)
                        }
                    }
                }
            };
            let Some(way) = way.filter(|_| self.is_someone()) else {
                return Ok(Some(meet));
            };
            if self.approved.agree(&way) {
                return Ok(Some(meet));
            }
            wanted.get_or_insert(way);
        }
        match (wanted, unusable) {
            (Some(wanted), _) => Err(Error::new(Kind::SignInChanged { wanted }, "GET /v2/")),
            (None, Some(unusable)) => Err(unusable),
            (None, None) => Ok(None),
        }
    }

    /// Finds out how the registry wants to be met, once, from an answer to `/v2/` as nobody where there is one; where it asks
    /// nobody, it is sent the sign-in all the same.
    pub(crate) async fn learn(
        &self,
        transport: &Transport,
        answer: Option<&Answer>,
    ) -> Result<(), Error> {
        let is_known = || self.known(|known| known.usual.is_some());
        if is_known() {
            return Ok(());
        }
        let _turn = self.learning.lock().await;
        if is_known() {
            return Ok(());
        }
        let has_basic = self.sign_in.basic().is_some();
        let meet = if has_basic && self.approved.is_basic_alone() {
            Meet::Basic
        } else {
            let offered = learning::offered(transport, answer).await?;
            let unasked = || has_basic && !offered.asks && self.approved.agree(&SignInWay::Basic);
            match self.choose(transport, &offered.challenges)? {
                Some(meet) => meet,
                None if unasked() => Meet::Basic,
                None => Meet::Nothing,
            }
        };
        self.known(|known| known.usual = Some(meet));
        Ok(())
    }

    fn basic(&self) -> Option<Signed> {
        self.sign_in.basic().map(|header| Signed {
            credential: Credential {
                header,
                to: self.approved.own().clone(),
                way: Some(SignInWay::Basic),
            },
            token: None,
            refused: None,
        })
    }

    /// Gets a token in the first of these wordings that the service takes. `scopes` is what the request is known by.
    async fn token(
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
            let (token, flow) =
                service::fetch(transport, &self.sign_in, service, words, flow).await?;
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

    /// Notes that the registry took what a request was sent with.
    pub(crate) fn took(&self, sent: Option<&Signed>) {
        if sent.is_some_and(|sent| sent.token.is_some()) {
            self.known(|known| known.taken = true);
        }
    }

    /// Tells whether the registry has taken a token of this sign-in.
    pub(crate) fn was_taken(&self) -> bool {
        self.known(|known| known.taken)
    }

    /// Tells whether the token of this sign-in is one for nobody, as far as tokens can be compared: what one who says no name is
    /// given says the same. `None` where the registry is not met with tokens, or gives none to strangers.
    pub(crate) async fn is_nobody(&self, transport: &Transport) -> Option<(bool, Signed)> {
        let scopes = Scopes::default();
        let Some(Meet::Bearer(service, _)) = self.known(|known| known.usual.clone()) else {
            return None;
        };
        let words = self.known(|known| known.words.get(&scopes).cloned());
        let words = words.unwrap_or(scopes);
        let (.., ours) = self.one(transport, &service, &words, None).await.ok()?;
        let nobodys = service::fetch(transport, &SignIn::Anonymous, &service, &words, None).await;
        let nobodys = nobodys.ok()?.0.secret;
        let is_nobody = claims::names_nobody(&ours, &nobodys);
        let slot = Arc::default();
        let signed = signed(self.approved.own(), slot, 0, &nobodys, None).ok()?;
        Some((is_nobody, signed))
    }

    /// Tells whether the registry is met with tokens: then a refusal may be about the rights of one, and another can tell.
    pub(crate) fn has_tokens(&self) -> bool {
        self.is_someone() && self.known(|known| matches!(known.usual, Some(Meet::Bearer(..))))
    }

    fn known<T>(&self, with: impl FnOnce(&mut Known) -> T) -> T {
        with(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
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
            header,
            to: own.clone(),
            way: None,
        },
        token: Some((slot, serial)),
        refused,
    })
}

/// Keeps something as long as there is room; what a registry makes up without end does not grow without end.
fn put<K: Eq + std::hash::Hash, V>(into: &mut HashMap<K, V>, key: K, value: V) {
    if into.len() >= MOST {
        into.clear();
    }
    into.insert(key, value);
}
