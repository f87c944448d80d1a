//! The sign-in as it is at hand: given once, or asked for where somebody else keeps it, such as a credential helper.
//!
//! One that is asked for may change while the registry is in use: a token of hours ends, or the person signs in elsewhere under
//! another secret. So a refused one is asked for anew, by one question for all who were refused; a source that gave the same again, or
//! failed, is left alone for a while. Not here: when a refusal is about the secret (`host`), and who
//! keeps it. Grows by nothing.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use secrecy::ExposeSecret;
use tokio::time::Instant;

use super::sign_in::SignIn;
use super::source::{Given, SignInSource};
use crate::error::{Error, Kind};

/// What an error names as the request, where nothing was sent.
const NOTHING_SENT: &str = "no request";

/// A sign-in with the number it came under.
pub(super) struct At {
    pub(super) sign_in: SignIn,
    /// Zero: it was not asked for yet.
    pub(super) serial: u64,
}

/// The last question to the source.
struct Last {
    at: Instant,
    /// Why nothing was given.
    failed: Option<String>,
}

/// What is at hand.
pub(super) struct Held {
    source: Option<Arc<dyn SignInSource>>,
    /// How long the source is left alone between two questions.
    rest: Duration,
    at: Mutex<Arc<At>>,
    /// Held while the source is asked.
    turn: tokio::sync::Mutex<Option<Last>>,
}

impl Held {
    pub(super) fn new(sign_in: SignIn, rest: Duration) -> Self {
        let (source, sign_in) = match sign_in {
            SignIn::Asked(source) => (Some(source), SignIn::Anonymous),
            known => (None, known),
        };
        let at = At { sign_in, serial: 0 };
        Self {
            source,
            rest,
            at: Mutex::new(Arc::new(at)),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Tells whether this is somebody, also where it was not asked yet who.
    pub(super) fn is_someone(&self) -> bool {
        self.source.is_some() || self.at().sign_in.is_someone()
    }

    /// Returns what is at hand; nobody where it was not asked for yet.
    pub(super) fn at(&self) -> Arc<At> {
        Arc::clone(&self.at.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the number of what is at hand.
    pub(super) fn serial(&self) -> u64 {
        self.at().serial
    }

    /// Tells whether it can be said by Basic. What was not asked for yet may be.
    pub(super) fn may_basic(&self) -> bool {
        self.is_unasked() || self.basic().is_some()
    }

    /// Makes the header for Basic, where there is something to say.
    pub(super) fn basic(&self) -> Option<HeaderValue> {
        self.at().sign_in.basic()
    }

    /// Returns whose it is, where that is at hand.
    pub(super) fn user(&self) -> Option<String> {
        match &self.at().sign_in {
            SignIn::Basic { user, .. } => Some(user.clone()),
            SignIn::Anonymous | SignIn::Asked(_) => None,
        }
    }

    fn is_unasked(&self) -> bool {
        self.source.is_some() && self.serial() == 0
    }

    /// Sees to it that the sign-in is at hand: asks for it where nobody has.
    pub(super) async fn ask(&self) -> Result<(), Error> {
        let Some(source) = self.source.as_ref().filter(|_| self.is_unasked()) else {
            return Ok(());
        };
        let mut last = self.turn.lock().await;
        if !self.is_unasked() {
            return Ok(());
        }
        self.rested(last.as_ref())?;
        let given = ask(source.as_ref(), &mut last).await?;
        self.take(given, 1);
        Ok(())
    }

    /// Asks anew after what came under this number was refused, and says so where another one came; false where there is nothing
    /// else to try.
    pub(super) async fn renew(&self, refused: u64, came: impl FnOnce()) -> Result<bool, Error> {
        let Some(source) = self.source.as_ref().filter(|_| !self.is_unasked()) else {
            return Ok(false);
        };
        // What was not at hand when the request began came under the first number.
        let refused = refused.max(1);
        let mut last = self.turn.lock().await;
        if self.serial() != refused {
            return Ok(true);
        }
        if !self.rested(last.as_ref())? {
            return Ok(false);
        }
        let given = ask(source.as_ref(), &mut last).await?;
        if is_same(&self.at().sign_in, &given) {
            return Ok(false);
        }
        self.take(given, refused + 1);
        came();
        Ok(true)
    }

    /// Tells whether the source may be asked again; the error it gave where that was a moment ago.
    fn rested(&self, last: Option<&Last>) -> Result<bool, Error> {
        let Some(last) = last.filter(|last| last.at.elapsed() < self.rest) else {
            return Ok(true);
        };
        match &last.failed {
            Some(why) => Err(unsaid(why.clone())),
            None => Ok(false),
        }
    }

    fn take(&self, Given { user, secret }: Given, serial: u64) {
        let sign_in = SignIn::Basic { user, secret };
        let at = Arc::new(At { sign_in, serial });
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

async fn ask(source: &dyn SignInSource, last: &mut Option<Last>) -> Result<Given, Error> {
    let given = source.now().await;
    *last = Some(Last {
        at: Instant::now(),
        failed: given.as_ref().err().cloned(),
    });
    given.map_err(unsaid)
}

fn is_same(sign_in: &SignIn, given: &Given) -> bool {
    matches!(sign_in, SignIn::Basic { user, secret }
        if *user == given.user && secret.expose_secret() == given.secret.expose_secret())
}

fn unsaid(why: String) -> Error {
    Error::new(Kind::Source(why), NOTHING_SENT)
}
