//! Sign-ins that another program keeps: Docker, Podman, a credential helper. An account remembers where, and each is read
//! there when it is used; nothing of it is kept here.
//!
//! Not here: how one is read (`reading`), which files and programs there are (`credentials`), and what becomes of a sign-in
//! (`opening`). Grows by what an account remembers of a place.

use super::reading::{Elsewhere, gone, read};
use super::room::Accounts;
use crate::ground::blocking;
use crate::view::accounts::{AccountState, FoundIn, FoundRegistry};
use crate::view::problem::Problem;
use crate::words;
use credentials::{Credential, FileRef, Found, Place};
use std::sync::Arc;
use store::Account;

impl Accounts {
    /// Returns what reads the sign-in of an account that another program keeps.
    pub(super) fn elsewhere(&self, account: &Account) -> Result<Arc<Elsewhere>, Problem> {
        let (Some(place), Some(user)) = (place_of(account), account.user.clone()) else {
            return Err(words::signed_out(&account.host));
        };
        Ok(Arc::new(Elsewhere {
            sources: self.sources.clone(),
            place,
            account: account.id,
            host: account.host.clone(),
            user,
            standing: Arc::clone(&self.standing),
        }))
    }

    /// Finds where a sign-in lies that was picked in a sheet. Only what is found on this computer now can be picked.
    pub(super) async fn picked(&self, from: &str, host: &oci::Host) -> Result<Place, Problem> {
        let files = self.sources.files().clone();
        let found = blocking(move || credentials::found(&files)).await?;
        let picked = found
            .into_iter()
            .find(|found| found.host == host.as_str() && text_of(found).as_deref() == Some(from));
        picked.map(|found| found.at).ok_or_else(|| gone(host))
    }

    /// Reads a sign-in that was picked.
    pub(super) async fn read_picked(
        &self,
        place: &Place,
        host: &oci::Host,
    ) -> Result<Credential, Problem> {
        read(&self.sources, place, host).await
    }
}

/// Returns where an account's sign-in lies, where another program keeps it.
fn place_of(account: &Account) -> Option<Place> {
    serde_json::from_str(account.source.as_deref()?).ok()
}

/// Returns a place as an account keeps it.
pub(super) fn kept(place: &Place) -> Option<String> {
    serde_json::to_string(place).ok()
}

/// Returns what is handed back where a sign-in is picked.
fn text_of(found: &Found) -> Option<String> {
    if found.has_secret {
        kept(&found.at)
    } else {
        None
    }
}

/// Returns a sign-in that was found as the window shows it.
pub(super) fn found_view(found: Found) -> FoundRegistry {
    FoundRegistry {
        from: text_of(&found),
        source: noted(&found.at),
        host: found.host,
        namespace: found.namespace,
        user: found.user,
        sandbox_secret: None,
        helper: found.helper.map(|name| name.as_str().to_owned()),
    }
}

/// Tells whether what was found is an account already. An account whose sign-in can't be had, or that is nobody's, is none
/// of one that could be used there; nor is one whose source has another user's now, which may be picked to go on as them.
pub(super) fn is_of(account: &Account, stands: AccountState, found: &FoundRegistry) -> bool {
    use AccountState as S;
    let is_used = !matches!(stands, S::SignedOut | S::SourceGone | S::SourceChanged);
    let is_same = match (&found.from, &found.user) {
        (Some(from), _) if account.source.as_deref() == Some(from) => is_used,
        (_, Some(user)) => account.user.as_ref() == Some(user) && is_used,
        // Who that is isn't known before it is used.
        (Some(_), None) => false,
        (None, None) => true,
    };
    // One that is for all of the registry has what lies for a part of it only where it was picked so.
    let is_for_it = account.namespace == found.namespace
        || (account.namespace.is_none()
            && account.source.is_some()
            && account.source == found.from);
    account.host.as_str() == found.host && is_for_it && is_same
}

/// Returns where an account's sign-in lies, as the window shows it.
pub(super) fn source_view(account: &Account) -> Option<FoundIn> {
    place_of(account).map(|place| noted(&place))
}

fn noted(place: &Place) -> FoundIn {
    match place {
        Place::File {
            file: FileRef::PodmanRun | FileRef::PodmanHome,
            ..
        } => FoundIn::Podman,
        Place::File {
            file: FileRef::Dockercfg,
            ..
        } => FoundIn::Dockercfg,
        Place::Environment { .. } => FoundIn::Environment,
        _ => FoundIn::DockerConfig,
    }
}
