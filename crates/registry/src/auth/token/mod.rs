//! Tokens: kept until they expire, fetched once however many wait.
//!
//! Not here: how one is asked for (`service`). Grows by nothing that has to know what is in a token.

use secrecy::SecretString;
use std::sync::{Mutex as Quick, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

use crate::error::Error;

/// How long before its end a token is renewed at most.
const MARGIN: Duration = Duration::from_secs(10);

/// A token and how long it lives from its arrival. Its age is counted by our clock: the service's may be off.
pub(super) struct Token {
    pub(super) secret: SecretString,
    pub(super) lives: Duration,
}

/// The place of one token: for one service and one set of scopes.
#[derive(Default)]
pub(super) struct Slot {
    /// Held while a token is fetched, so that one fetch serves all who wait.
    turn: Mutex<()>,
    state: Quick<State>,
}

#[derive(Default)]
struct State {
    /// How many fetches have ended, well or not.
    fetches: u64,
    held: Option<Held>,
    failed: Option<Error>,
}

struct Held {
    serial: u64,
    secret: SecretString,
    until: Instant,
}

/// Returns how long before its end a token is renewed: a short one in the last quarter of its life.
fn margin(life: Duration) -> Duration {
    MARGIN.min(life / 4)
}

impl Slot {
    /// Returns the token with its number. It is fetched where there is none, it has expired, or it is the refused one.
    pub(super) async fn get<F>(
        &self,
        refused: Option<u64>,
        fetch: impl FnOnce() -> F,
    ) -> Result<(u64, SecretString), Error>
    where
        F: Future<Output = Result<Token, Error>>,
    {
        let before = match self.fresh(refused, Instant::now()) {
            Ok(found) => return Ok(found),
            Err(fetches) => fetches,
        };
        let _turn = self.turn.lock().await;
        match self.fresh(refused, Instant::now()) {
            Ok(found) => return Ok(found),
            // Who waited while it failed shares the failure: a wrong password is not sent once for each row of a list.
            Err(fetches) if fetches != before => {
                if let Some(error) = self.state(|state| state.failed.clone()) {
                    return Err(error);
                }
            }
            Err(_) => {}
        }
        let fetched = fetch().await;
        self.state(|state| {
            state.fetches += 1;
            match fetched {
                Ok(token) => {
                    let serial = state.fetches;
                    let lives = token.lives.saturating_sub(margin(token.lives));
                    let until = Instant::now() + lives;
                    state.held = Some(Held {
                        serial,
                        secret: token.secret.clone(),
                        until,
                    });
                    state.failed = None;
                    Ok((serial, token.secret))
                }
                Err(error) => {
                    state.held = None;
                    state.failed = Some(error.clone());
                    Err(error)
                }
            }
        })
    }

    fn fresh(&self, refused: Option<u64>, now: Instant) -> Result<(u64, SecretString), u64> {
        self.state(|state| match &state.held {
            Some(held) if held.until > now && refused != Some(held.serial) => {
                Ok((held.serial, held.secret.clone()))
            }
            _ => Err(state.fetches),
        })
    }

    fn state<T>(&self, with: impl FnOnce(&mut State) -> T) -> T {
        with(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests;
