//! An account with its registry, ready to be asked; and one repository of it.
//!
//! Not here: how an account is opened (`opening`).

use super::reading::Elsewhere;
use crate::ground::names;
use crate::view::problem::Problem;
use crate::words;
use engine::RegistryAuth;
use registry::Registry;
use std::sync::Arc;
use store::{Account, Place};

/// An account with its registry, ready to be asked.
#[derive(Clone)]
pub(crate) struct Session {
    pub account: Account,
    pub registry: Registry,
    /// For the engine, which is given it by `engine_auth` alone.
    pub(super) auth: EngineSignIn,
    /// Another number for each time the account was opened: what was learnt of it then may not hold now.
    pub generation: u64,
}

impl Session {
    /// Returns a repository of the account.
    pub fn remote(&self, repository: &str) -> Result<Remote, Problem> {
        Ok(self.remote_at(names::place(&self.account, repository)?))
    }

    /// Returns the repository at a place of the account's registry.
    pub fn remote_at(&self, place: Place) -> Remote {
        Remote {
            registry: self.registry.repository(place.repository.clone()),
            session: self.clone(),
            place,
        }
    }

    /// Notes that its sign-in was refused just now.
    pub async fn refused(&self) -> RefusedSignIn {
        RefusedSignIn {
            generation: self.generation,
            elsewhere: self.kept_elsewhere().await,
        }
    }

    /// Tells whether what it would sign in with is what was refused.
    pub fn is_of(&self, refused: &RefusedSignIn) -> bool {
        self.generation == refused.generation
    }

    /// Tells whether another program keeps its sign-in.
    pub fn is_kept_elsewhere(&self) -> bool {
        matches!(self.auth, EngineSignIn::Elsewhere(_))
    }

    /// Tells whether another program has another sign-in by now than the one that was refused.
    pub async fn has_other_than(&self, refused: &RefusedSignIn) -> bool {
        match (self.kept_elsewhere().await, &refused.elsewhere) {
            (Some(now), Some(then)) => !now.is_same(then),
            (now, then) => now.is_some() && then.is_none(),
        }
    }

    /// Returns the sign-in as another program has it now, where one keeps it.
    async fn kept_elsewhere(&self) -> Option<RegistryAuth> {
        let EngineSignIn::Elsewhere(kept) = &self.auth else {
            return None;
        };
        kept.engine_auth().await.ok()
    }

    /// Says a registry's error as a sentence.
    pub fn problem(&self, error: &registry::Error) -> Problem {
        words::of_registry(error, &self.account.host, self.account.user.is_some())
    }
}

/// A sign-in that was refused.
#[derive(Clone)]
pub(crate) struct RefusedSignIn {
    /// Which opening of the account it was of.
    generation: u64,
    /// What another program had then, where one keeps it.
    elsewhere: Option<RegistryAuth>,
}

/// What an engine is given to sign in with.
#[derive(Clone)]
pub(super) enum EngineSignIn {
    /// Nothing.
    Nobody,
    /// What the account was opened with.
    Own(RegistryAuth),
    /// What another program has when it is wanted: some have it anew every few hours.
    Elsewhere(Arc<Elsewhere>),
}

/// One repository, by way of an account.
#[derive(Clone)]
pub(crate) struct Remote {
    pub session: Session,
    pub place: Place,
    pub registry: registry::Repository,
}

impl Remote {
    /// Returns the sign-in for the engine, which signs in by itself: the registry is asked first, as nobody, so that one
    /// which wants the secret another way than was agreed to stops it here.
    pub async fn engine_auth(&self) -> Result<RegistryAuth, Problem> {
        if self.is_signed_in() {
            self.registry
                .check_ways()
                .await
                .map_err(|error| self.problem(&error))?;
        }
        match &self.session.auth {
            EngineSignIn::Nobody => Ok(RegistryAuth::None),
            EngineSignIn::Own(auth) => Ok(auth.clone()),
            EngineSignIn::Elsewhere(kept) => kept.engine_auth().await,
        }
    }

    /// Returns the sign-in as another program has it now, where that is another than the one that was refused: some have
    /// it anew every few hours.
    pub async fn engine_auth_after(&self, refused: &RegistryAuth) -> Option<RegistryAuth> {
        let now = self.session.kept_elsewhere().await?;
        (!now.is_same(refused)).then_some(now)
    }

    /// Tells whether an engine would be told a secret.
    pub fn is_signed_in(&self) -> bool {
        !matches!(self.session.auth, EngineSignIn::Nobody)
    }

    /// Returns the account it is asked with.
    pub fn account(&self) -> &Account {
        &self.session.account
    }

    /// Says a registry's error as a sentence.
    pub fn problem(&self, error: &registry::Error) -> Problem {
        self.session.problem(error)
    }
}
