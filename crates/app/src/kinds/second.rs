//! The second sign-in that some vendors' interfaces want: whether one is wanted, and what a person gives for it.
//!
//! It is asked for only where something needs it: a look goes by the protocol, and says so. One that is given is tried once before it is
//! kept. Not here: where its secret is (`accounts`). Grows by nothing: which vendors take one says `vendors`.

use super::choosing::shown;
use super::room::Kinds;
use crate::accounts::{Session, is_for_session, token_service};
use crate::view::events::Stale;
use crate::view::kinds::{SecondOrder, SecondState, SecondView};
use crate::view::problem::{Code, Problem};
use crate::words::kinds as say;
use secrecy::{ExposeSecret, SecretString};
use store::Account;
use vendors::{Cursor, Failure, Part, Second, Vendor, Way};

/// How long one may be.
const LONGEST: usize = 4096;
/// How many namespaces a vendor's list is asked for.
const NAMESPACES: usize = 100;

impl Kinds {
    /// Returns the second sign-in of an account; none where the vendor that counts takes none, or the account's own is as good. Nothing
    /// is asked.
    pub async fn second(&self, account: String) -> Result<Option<SecondView>, Problem> {
        let account = self.accounts.account(&account).await?;
        Ok(self.second_view(&account).await)
    }

    /// Takes a second sign-in, tries it with the vendor's interface, and keeps it. One that is wrong is said to be so, and not kept.
    pub async fn give_second(&self, order: SecondOrder) -> Result<Option<SecondView>, Problem> {
        let session = self.accounts.session(&order.account).await?;
        let account = &session.account;
        let id = self.known(&session).await;
        let vendor = vendors::of(id);
        let Some(taken) = taken(vendor, account) else {
            return Err(say::takes_no_second(&account.host).problem());
        };
        let given = read(&order, taken.wants_user)?;
        self.try_second(&session, vendor, &given).await?;
        self.accounts.keep_second(account, id, given).await?;
        self.begin_anew(account.id);
        Ok(self.second_view(account).await)
    }

    /// Removes the second sign-in of an account.
    pub async fn remove_second(&self, account: String) -> Result<Option<SecondView>, Problem> {
        let account = self.accounts.account(&account).await?;
        self.accounts.remove_second(account.id).await?;
        self.begin_anew(account.id);
        Ok(self.second_view(&account).await)
    }

    /// Says that a part of an account's vendor needs a second sign-in, where it does and there is none: for what is done, and never
    /// for a look.
    pub async fn lacks_second(&self, account: &str, part: Part) -> Option<Problem> {
        let account = self.accounts.account(account).await.ok()?;
        let vendor = vendors::of(self.accounts.vendor(account.id).await?);
        let wants = self.takes_second(account.id, vendor, part).await
            && self
                .accounts
                .second(account.id, vendor.id())
                .await
                .is_none();
        wants.then(|| say::wants_second(&account.host).coded(Code::SecondSignIn))
    }

    /// Tells whether a part of a vendor's interface takes a second sign-in of an account.
    pub(super) async fn takes_second(&self, account: i64, vendor: &dyn Vendor, part: Part) -> bool {
        let user = self.accounts.account(&account.to_string()).await;
        let user = user.ok().and_then(|account| account.user);
        vendors::takes_second(vendor, part, user.as_deref())
    }

    /// What was refused before may be given now.
    fn begin_anew(&self, account: i64) {
        self.forget_refused(account);
        self.ground.stale(Stale::Accounts);
    }

    async fn second_view(&self, account: &Account) -> Option<SecondView> {
        let id = self.accounts.vendor(account.id).await?;
        let taken = taken(vendors::of(id), account)?;
        let there = self.accounts.second_of(account.id, id).await;
        let is_good = self.accounts.second(account.id, id).await.is_some();
        let state = match &there {
            None => SecondState::Absent,
            Some(_) if is_good => SecondState::Given,
            // What was refused in this run is noted by the question above.
            Some(_) => {
                let again = self.accounts.second_of(account.id, id).await;
                if again.is_some_and(|second| second.refused) {
                    SecondState::Refused
                } else {
                    SecondState::Unreached
                }
            }
        };
        Some(SecondView {
            vendor: shown(id),
            host: taken.host,
            wants_user: taken.wants_user,
            user: there.as_ref().and_then(|there| there.user.clone()),
            for_session: there.as_ref().is_some_and(is_for_session),
            state,
        })
    }

    /// Asks the vendor's interface one question with it. What can't be told stays untold: it is wrong only where that is said.
    async fn try_second(
        &self,
        session: &Session,
        vendor: &'static dyn Vendor,
        given: &Second,
    ) -> Result<(), Problem> {
        let part = Part::List;
        let is_tried = vendors::takes_second(vendor, part, session.account.user.as_deref());
        let Some(lists) = vendor.lists().filter(|_| is_tried) else {
            return Ok(());
        };
        let registry = session.registry.clone();
        let mut way = Way::open(vendor, part, registry, Some(given)).await;
        way.namespaces = self.namespaces(session).await;
        match lists.page(&way, &Cursor::First).await {
            Err(Failure::SecondRefused) => {
                Err(say::wrong_second(&session.account.host).coded(Code::SecondSignIn))
            }
            Err(Failure::Denied) => {
                Err(say::narrow_second(&session.account.host).coded(Code::SecondSignIn))
            }
            Err(Failure::Unanswered(error)) => Err(session.problem(&error)),
            _ => Ok(()),
        }
    }

    /// Returns the namespaces of an account's repositories, and its user's own, for a vendor whose list wants them.
    pub(super) async fn namespaces(&self, session: &Session) -> Vec<String> {
        let id = session.account.id;
        let known = self.ground.db(move |store| store.repositories(id)).await;
        let names = known.map(|(names, _)| names).unwrap_or_default();
        // A robot is named after whose it is: `team+bot`.
        let user = session.account.user.as_deref().unwrap_or_default();
        let user = user.split('+').next().unwrap_or_default();
        let mut all: Vec<String> = Vec::new();
        let own = session.account.namespace.as_deref().unwrap_or(user);
        for name in std::iter::once(own).chain(names.iter().map(String::as_str)) {
            let namespace = name.split('/').next().unwrap_or_default();
            let is_new = !all.iter().any(|known| known == namespace);
            if is_new && oci::RepositoryName::parse(namespace).is_ok() && all.len() < NAMESPACES {
                all.push(namespace.to_owned());
            }
        }
        all
    }
}

/// What a vendor takes of an account as a second sign-in.
struct Taken {
    /// Whom it is shown to.
    host: String,
    wants_user: bool,
}

fn taken(vendor: &dyn Vendor, account: &Account) -> Option<Taken> {
    let user = account.user.as_deref();
    let part = Part::ALL
        .into_iter()
        .find(|part| vendors::takes_second(vendor, *part, user))?;
    let interface = vendor.interface(part);
    let host = match interface.at {
        vendors::Place::Registry => account.host.to_string(),
        vendors::Place::Fixed(address) => address.to_owned(),
        // Whom a person agreed to; where nobody did, none is shown there.
        vendors::Place::TokenService => token_service(account)?,
    };
    Some(Taken {
        host,
        wants_user: interface.wants_user(),
    })
}

fn read(order: &SecondOrder, wants_user: bool) -> Result<Second, Problem> {
    let secret = order.secret.expose_secret().trim();
    let is_sendable = secret.len() <= LONGEST && secret.bytes().all(|byte| byte.is_ascii_graphic());
    let user = order.user.trim();
    if secret.is_empty() || (wants_user && user.is_empty()) {
        return Err(say::type_second().coded(Code::SecondSignIn));
    }
    if !is_sendable || user.contains(':') || user.len() > LONGEST {
        return Err(say::odd_second().coded(Code::SecondSignIn));
    }
    Ok(Second {
        user: wants_user.then(|| user.to_owned()),
        secret: SecretString::from(secret.to_owned()),
    })
}
