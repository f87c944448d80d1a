//! Artifactory: tokens that are for one of its repositories, and an older commit that goes with its overwrite.
//!
//! Facts 4.10: its *Docker Tag Retention* is 1 until somebody changes it, a POST for a token may be a 401. How it asks for a token, and
//! which headers it has, is what one of 7.9.1 answered (earthly/earthly#1017). Its own interface is not asked, and none is here.

use super::tokens::{Tokens, error, needs, scopes};
use super::{Violations, harbor};
use crate::scripted::{Answer, Asked, Hand, Scripted};
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Who may sign in, and sees everything.
pub const USER: &str = harbor::USER;
/// Their secret: a password, or an identity token.
pub const SECRET: &str = harbor::SECRET;
/// Where its tokens are given, for its repository `docker-local`.
pub const TOKEN: &str = "/artifactory/api/docker/docker-local/v2/token";

/// An Artifactory that is played; it ends when it is dropped.
pub struct Artifactory {
    /// The registry, whose content others change.
    pub registry: Scripted,
    played: Arc<Played>,
}

#[derive(Default)]
struct Played {
    violations: Violations,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tokens: Tokens,
    /// What each tag pointed at when it was last looked at here.
    tags: BTreeMap<(String, String), String>,
}

impl Artifactory {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        let played = Arc::new(Played::default());
        let (host, playing) = (registry.host(), Arc::clone(&played));
        registry.script(move |asked| playing.answer(&host, asked));
        Ok(Self { registry, played })
    }

    /// Returns what it was asked that it would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Has every token that was given end now.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.tokens.expire());
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        self.drop_overwritten(asked.hand);
        if asked.path == TOKEN {
            return Some(self.token(asked));
        }
        if !asked.path.starts_with("/v2/") {
            self.violations
                .note(format!("{} {}", asked.method, asked.path));
            return Some(Answer::of(404));
        }
        let bearer = format!("Bearer realm=\"http://{host}{TOKEN}\",service=\"artifactory\"");
        let refused = self.with(|state| state.tokens.refuses(asked, &needs(asked), &bearer))?;
        let refused = refused.with("server", "Artifactory/7.9.1 70901900");
        Some(refused.with(
            "x-artifactory-id",
            "6d70dcfd451c8e98:237a9c5d:1792f16ad1d:-8000",
        ))
    }

    fn token(&self, asked: &Asked<'_>) -> Answer {
        if asked.method != "GET" || !asked.is_user(USER, SECRET) {
            return error(401, "UNAUTHORIZED", "Bad credentials");
        }
        let token = self.with(|state| state.tokens.give(&scopes(asked)));
        Answer::json(json!({"token": token, "expires_in": 3600}))
    }

    /// Drops what an overwrite has left without a name.
    fn drop_overwritten(&self, hand: &Hand) {
        let mut there = BTreeMap::new();
        for repository in hand.repositories() {
            for (tag, digest) in hand.tags(&repository).unwrap_or_default() {
                there.insert((repository.clone(), tag), digest);
            }
        }
        let before = self.with(|state| std::mem::replace(&mut state.tags, there.clone()));
        for (at, old) in before {
            let is_named = |of: &(&(String, String), &String)| of.0.0 == at.0 && *of.1 == old;
            if there.get(&at).is_some_and(|now| *now != old)
                && !there.iter().any(|of| is_named(&of))
            {
                hand.drop_manifest(&at.0, &old);
            }
        }
    }
}
