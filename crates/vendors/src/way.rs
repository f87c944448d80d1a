//! What a vendor is given to ask with, and what can come of it.

use crate::command::{CommandFailure, OwnCommand};
use registry::{Error, Kind, Registry};

/// What a vendor is given to ask with: the account's registry, and its own command where it has one and a person let it run.
#[derive(Clone, Debug)]
pub struct Way {
    /// The registry.
    pub registry: Registry,
    /// The vendor's own command.
    pub command: Option<OwnCommand>,
}

/// What a vendor was asked for and did not give. Whoever asked goes on by the protocol.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// It wants a sign-in, or another one: which says nothing of the account's sign-in to the registry.
    #[error("the interface wants another sign-in")]
    Wants,
    /// It lets this account not do it.
    #[error("not allowed")]
    Denied,
    /// There is no such thing, or no such call: it may be another vendor, or another version.
    #[error("not found")]
    NotFound,
    /// It refuses, in its own words.
    #[error("refused: {0}")]
    Refused(Box<Error>),
    /// It answered in a way that makes no sense.
    #[error("an answer that cannot be read: {0}")]
    Unreadable(Box<Error>),
    /// It didn't answer: which is told of the registry as well.
    #[error("no answer: {0}")]
    Unanswered(Box<Error>),
    /// Its own command did not do it.
    #[error("its command: {0}")]
    Command(#[from] CommandFailure),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if error.was_not_answered() {
            return Self::Unanswered(Box::new(error));
        }
        match error.kind {
            Kind::SignIn | Kind::SignInChanged { .. } | Kind::Source(_) => Self::Wants,
            Kind::Denied => Self::Denied,
            Kind::NotFound | Kind::Unsupported | Kind::NotARegistry => Self::NotFound,
            Kind::Refused => Self::Refused(Box::new(error)),
            Kind::TooMany { .. } | Kind::Server => Self::Unanswered(Box::new(error)),
            _ => Self::Unreadable(Box::new(error)),
        }
    }
}

impl Failure {
    /// Tells whether the same question may be answered in a moment: then nothing is learnt of the vendor.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unanswered(_) | Self::Command(_))
    }
}
