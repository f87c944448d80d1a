//! Signing in: which header goes with a request, and what to do when it is refused.
//!
//! Who has a secret asks `/v2/` first, without it, how it is wanted (`learning`), as a registry that lets everyone in lists less to
//! strangers. From then on a token is asked for in our own words before a request is sent, so that no request is sent twice; where
//! the registry or its token service wants other words, theirs are kept. A secret goes to the registry itself and to the token
//! service it names, by the ways that were agreed to, and to nobody else (`approved`).

mod challenge;
mod changed;
mod claims;
mod door;
mod held;
mod learning;
mod making;
mod scope;
mod service;
mod shown;
mod sign_in;
mod source;
mod token;
mod wording;

use http::{HeaderName, HeaderValue, header};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::address;
use crate::approved::{Approved, Credential};
use crate::error::{Error, Kind};
use crate::transport::{Answer, Transport};
use crate::way::{Origin, SignInWay};
use changed::{Changed, Place};
use door::Door;
use held::Held;
use service::{Flow, Service};
use token::Slot;

#[cfg(any(test, fuzzing))]
pub(crate) use challenge::Bearer;
pub(crate) use challenge::Challenge;
pub(crate) use changed::Listener;
pub(crate) use learning::{catalog, challenges};
pub(crate) use scope::Scopes;
pub use scope::TokenActions;
pub(crate) use shown::{Made, bearer, of_its_own};
pub use shown::{Shows, TokenMaker};
pub use sign_in::SignIn;
pub use source::{Asking, Given, SignInSource};

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

impl Signed {
    /// Binds a secret, in this header, to the only server it goes to.
    pub(crate) fn by_secret(name: HeaderName, header: HeaderValue, to: Origin) -> Self {
        Self {
            credential: Credential {
                name,
                header,
                to,
                way: Some(SignInWay::Basic),
            },
            token: None,
            refused: None,
        }
    }
}

/// What is known about signing in at one registry.
pub(crate) struct Auth {
    held: Held,
    approved: Arc<Approved>,
    known: Mutex<Known>,
    /// Held while `/v2/` is asked, so that one answer serves all.
    learning: tokio::sync::Mutex<()>,
    /// What `/v2/` says of the sign-in, where something else was refused to it.
    pub(crate) door: Door,
    changed: Changed,
    /// What its tokens may be asked for.
    actions: Mutex<TokenActions>,
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
    /// What the registry took.
    taken: Taken,
    /// Whether the token service said no (401) to the last question.
    refused: bool,
}

/// What a registry has taken of a sign-in.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    #[default]
    Nothing,
    /// The secret itself.
    Secret,
    /// A token that was given for it.
    Token,
}

impl Auth {
    pub(crate) fn new(sign_in: SignIn, approved: Arc<Approved>, rest: Duration) -> Self {
        Self {
            held: Held::new(sign_in, rest),
            approved,
            known: Mutex::default(),
            learning: tokio::sync::Mutex::default(),
            door: Door::default(),
            changed: Changed::default(),
            actions: Mutex::default(),
        }
    }

    /// Tells whether this is somebody.
    pub(crate) fn is_someone(&self) -> bool {
        self.held.is_someone()
    }

    /// Returns the number of the sign-in that is at hand, for [`Self::renew`].
    pub(crate) fn serial(&self) -> u64 {
        self.held.serial()
    }

    /// Has tokens asked for these actions alone from now on: there are token services that fail at others.
    pub(crate) fn ask_for(&self, actions: TokenActions) {
        *self.actions.lock().unwrap_or_else(PoisonError::into_inner) = actions;
    }

    /// Returns the words of these in which a token may be asked for.
    fn allowed<'a>(&self, words: &'a Scopes) -> Cow<'a, Scopes> {
        match *self.actions.lock().unwrap_or_else(PoisonError::into_inner) {
            TokenActions::Any => Cow::Borrowed(words),
            actions => Cow::Owned(words.left_of(actions)),
        }
    }

    /// Returns the address of the service that gives the registry's tokens, found out where it isn't known; none where there is none.
    pub(crate) async fn token_service(
        &self,
        transport: &Transport,
    ) -> Result<Option<Origin>, Error> {
        self.learn(transport, None).await?;
        Ok(self.known(|known| match &known.usual {
            Some(Meet::Bearer(service, _)) => Origin::of(&service.realm),
            _ => None,
        }))
    }

    /// Asks for the sign-in anew, after the one with this number was refused; false where there is no other to try.
    pub(crate) async fn renew(&self, refused: u64) -> Result<bool, Error> {
        // What was given for the one before is no longer its.
        let forget = |known: &mut Known| {
            known.tokens.clear();
            (known.given, known.taken, known.refused) = (false, Taken::Nothing, false);
        };
        self.held.renew(refused, || self.known(forget)).await
    }

    /// Tells whether the token service last refused the secret itself, for whatever was asked.
    pub(crate) fn was_refused(&self) -> bool {
        self.known(|known| known.refused)
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
            Some(Meet::Basic) => {
                self.held.ask().await?;
                Ok(self.basic())
            }
            Some(Meet::Bearer(service, usual)) => {
                self.held.ask().await?;
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
        let place = || Place::Question(scopes.clone());
        let Some(meet) = self.noting(place, self.choose(transport, challenges))? else {
            return Ok(None);
        };
        self.held.ask().await?;
        self.known(|known| match &known.usual {
            None | Some(Meet::Nothing) => known.usual = Some(meet.clone()),
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
                Challenge::Basic if !self.held.may_basic() => continue,
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

    /// Checks that every way was agreed to which these challenges of a question ask for: for who answers them by themselves, and
    /// may answer any.
    pub(crate) fn all_agreed(
        &self,
        transport: &Transport,
        challenges: &[Challenge],
        scopes: &Scopes,
    ) -> Result<(), Error> {
        let wanted = challenges.iter().find_map(|challenge| match challenge {
            Challenge::Basic => Some(SignInWay::Basic).filter(|way| !self.approved.has(way)),
            Challenge::Bearer(bearer) => {
                let realm = address::realm(transport.base(), &bearer.realm).ok()?;
                let service = Origin::of(&realm)?;
                Some(SignInWay::Bearer { service }).filter(|way| !self.approved.has(way))
            }
        });
        match wanted {
            Some(wanted) if self.is_someone() => {
                let error = Error::new(Kind::SignInChanged { wanted }, "GET /v2/");
                self.noting(|| Place::Ahead(scopes.clone()), Err(error))
            }
            _ => {
                self.changed.agreed_ahead(scopes);
                Ok(())
            }
        }
    }

    /// Tells this one when the registry wants another way, and when it takes what was agreed to again.
    pub(crate) fn listen(&self, listener: Option<Listener>) {
        self.changed.listen(listener);
    }

    /// Notes that another way is wanted, where that is what an answer says.
    fn noting<T>(
        &self,
        place: impl FnOnce() -> Place,
        answer: Result<T, Error>,
    ) -> Result<T, Error> {
        if let Err(error) = &answer
            && let Kind::SignInChanged { wanted } = &error.kind
        {
            self.changed.note(place(), wanted);
        }
        answer
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
        let meet = if self.held.may_basic() && self.approved.is_basic_alone() {
            Meet::Basic
        } else {
            let offered = learning::offered(transport, answer).await?;
            // Whoever keeps the sign-in isn't asked for it before its way was agreed to.
            self.noting(
                || Place::Everywhere,
                self.choose(transport, &offered.challenges),
            )?;
            self.held.ask().await?;
            let has_basic = self.held.may_basic();
            let unasked = || has_basic && !offered.asks && self.approved.agree(&SignInWay::Basic);
            let chosen = self.choose(transport, &offered.challenges);
            match self.noting(|| Place::Everywhere, chosen)? {
                Some(meet) => meet,
                None if unasked() => Meet::Basic,
                None => Meet::Nothing,
            }
        };
        self.known(|known| known.usual = Some(meet));
        Ok(())
    }

    fn basic(&self) -> Option<Signed> {
        let header = self.held.basic()?;
        let own = self.approved.own().clone();
        Some(Signed::by_secret(header::AUTHORIZATION, header, own))
    }

    /// Notes that the registry took what a request was sent with, and what for.
    pub(crate) fn took(&self, sent: Option<&Signed>, scopes: &Scopes) {
        if sent.is_some() {
            self.changed.taken(scopes);
        }
        match sent {
            Some(sent) if sent.token.is_some() => self.known(|known| known.taken = Taken::Token),
            Some(_) => self.known(|known| known.taken = known.taken.max(Taken::Secret)),
            None => {}
        }
    }

    /// Tells whether the registry has taken a token of this sign-in.
    pub(crate) fn was_taken(&self) -> bool {
        self.known(|known| known.taken == Taken::Token)
    }

    /// Tells whether the registry is met with tokens: then a refusal may be about the rights of one, and another can tell.
    pub(crate) fn has_tokens(&self) -> bool {
        self.is_someone() && self.known(|known| matches!(known.usual, Some(Meet::Bearer(..))))
    }

    /// Tells whether the registry has taken the secret itself for something.
    pub(crate) fn was_basic_taken(&self) -> bool {
        self.known(|known| known.taken == Taken::Secret)
    }

    /// Tells whether the registry is met with the secret itself, in every request.
    pub(crate) fn has_basic(&self) -> bool {
        self.is_someone() && self.known(|known| matches!(known.usual, Some(Meet::Basic)))
    }

    fn known<T>(&self, with: impl FnOnce(&mut Known) -> T) -> T {
        with(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Keeps something as long as there is room; what a registry makes up without end does not grow without end.
fn put<K: Eq + std::hash::Hash, V>(into: &mut HashMap<K, V>, key: K, value: V) {
    if into.len() >= MOST {
        into.clear();
    }
    into.insert(key, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_registries_make_up_no_more_than_is_kept() {
        let mut kept = HashMap::new();
        for key in 0..MOST {
            put(&mut kept, key, key);
        }
        assert_eq!(kept.len(), MOST);
        put(&mut kept, MOST, MOST);
        assert_eq!(kept.into_keys().collect::<Vec<_>>(), [MOST]);
    }
}
