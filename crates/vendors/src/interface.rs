//! Where a vendor's interface is, and what is shown there.
//!
//! A fixed address counts with a vendor alone whose registries have fixed names (`Vendor::may_be_at`), and only for a registry of such
//! a name: whoever plays a vendor has nothing done at the real one. Not here: that a secret goes nowhere else, which is `registry`'s
//! lock. Grows by a place, or by a way to prove who one is.

use registry::{SecretHeader, Shows};
use secrecy::SecretString;

/// Where a vendor's interface is, and what is shown there.
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    /// Where it is.
    pub at: Place,
    /// What is shown there: the first of these that there is.
    pub shows: &'static [Shown],
}

impl Interface {
    /// At the registry itself, the account's user and secret; as nobody where the account is nobody's.
    pub const OWN: Self = Self {
        at: Place::Registry,
        shows: &[Shown::Account(Shows::Basic), Shown::Nobody],
    };

    /// Tells whether a second sign-in is of use there for an account of this user: what it signs in with isn't the interface's own kind
    /// of token.
    pub fn takes_second(&self, user: Option<&str>) -> bool {
        let has_own = |shown: &Shown| match shown {
            Shown::AccountOf(own, _) => user == Some(*own),
            _ => false,
        };
        let is_second = |shown: &Shown| matches!(shown, Shown::Second(_));
        let mut shows = self.shows.iter();
        shows
            .find(|shown| has_own(shown) || is_second(shown))
            .is_some_and(is_second)
    }

    /// Tells whether a second sign-in needs a user there.
    pub fn wants_user(&self) -> bool {
        let is_basic = |shown: &Shown| matches!(shown, Shown::Second(SecondAs::Basic));
        self.shows.iter().any(is_basic)
    }
}

/// Where an interface is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the registry itself.
    Registry,
    /// At the service that gives the registry's tokens: GitLab's and Synapse's is the product itself.
    TokenService,
    /// At this address.
    Fixed(&'static str),
}

/// What may be shown at an interface.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    /// Nothing. Where the account is somebody's, less might be told so than there is.
    Nobody,
    /// What the account signs in with.
    Account(Shows),
    /// What the account signs in with, where this is its user: then its secret is the interface's own kind of token.
    AccountOf(&'static str, Shows),
    /// The second sign-in.
    Second(SecondAs),
}

/// How a second sign-in is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondAs {
    /// As a token.
    Bearer,
    /// As a token in a header of its own.
    Header(SecretHeader),
    /// As user and secret.
    Basic,
}

/// A second sign-in of an account, for its vendor's interface alone. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Second {
    /// The user, where it has one.
    pub user: Option<String>,
    /// The token.
    pub secret: SecretString,
}
