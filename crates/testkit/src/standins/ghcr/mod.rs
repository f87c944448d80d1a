//! GitHub's registry, its token service and `api.github.com` at one address, as GitHub's OpenAPI description and what people report of
//! the registry say (facts, 4.4).
//!
//! Whoever uses it has the names `ghcr.io` and `api.github.com` asked there. Packages are private until a test says otherwise, as new
//! ones are. What the real one says to a question for the catalog isn't known: here it is refused. Whether the tags of a version come
//! back with it isn't known either: here they don't, unless a test says so. Not here: the interface's answers (`api`).

mod api;

use super::Violations;
use super::pushes::Pushes;
use super::tokens::{Tokens, error, needs, scopes};
use crate::scripted::{Answer, Asked, Scripted};
use anyhow::Result;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Who may sign in.
pub const USER: &str = "demo";
/// Their classic token: the registry's password, and the interface's token.
pub const SECRET: &str = "correct-horse-battery-staple";
/// Their organisation.
pub const ORGANISATION: &str = "lab";
/// Another one of theirs, which GitHub writes with capital letters and the registry without.
pub const OTHER_ORGANISATION: &str = "Genomics-Lab";
/// An organisation that is not theirs.
pub const STRANGE_ORGANISATION: &str = "others";
/// Whose name the registry has at its token service.
const SERVICE: &str = "ghcr.io";

/// A GitHub that is played; it ends when it is dropped.
pub struct Ghcr {
    /// The registry, whose content others change.
    pub registry: Scripted,
    played: Arc<Played>,
}

#[derive(Default)]
struct Played {
    violations: Violations,
    state: Mutex<State>,
}

/// A version that was deleted.
#[derive(Clone)]
struct Deleted {
    repository: String,
    digest: String,
    bytes: Vec<u8>,
    tags: Vec<String>,
    created: i64,
    at: i64,
}

#[derive(Default)]
struct State {
    tokens: Tokens,
    pushes: Pushes,
    /// The numbers of versions, by repository and digest.
    ids: BTreeMap<(String, String), u64>,
    public: BTreeSet<String>,
    descriptions: BTreeMap<String, String>,
    /// Versions with more than 5,000 downloads.
    popular: BTreeSet<String>,
    deleted: Vec<Deleted>,
    brings_tags_back: bool,
    /// What the token may not: `read:org`, `read:packages`, `delete:packages`.
    lacks: BTreeSet<&'static str>,
    /// An organisation that wants more of a token than it has.
    barred: Option<String>,
    /// Lists have no links.
    has_no_links: bool,
    /// What every question to the interface is answered by, where it is broken.
    broken: Option<Answer>,
}

impl Ghcr {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        let played = Arc::new(Played::default());
        let (host, playing) = (registry.host(), Arc::clone(&played));
        registry.script(move |asked| playing.answer(&host, asked));
        Ok(Self { registry, played })
    }

    /// Returns where it is asked in place of GitHub's own addresses: `http://127.0.0.1:port`.
    pub fn address(&self) -> String {
        format!("http://{}", self.registry.host())
    }

    /// Returns what it was asked that GitHub would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Makes a package everybody's to see.
    pub fn publish(&self, repository: &str) {
        self.played
            .with(|state| state.public.insert(repository.to_owned()));
    }

    /// Describes the source that a package is linked to.
    pub fn describe(&self, repository: &str, text: &str) {
        self.played.with(|state| {
            state
                .descriptions
                .insert(repository.to_owned(), text.to_owned())
        });
    }

    /// Has a version downloaded more often than lets it go.
    pub fn download(&self, digest: &str) {
        self.played
            .with(|state| state.popular.insert(digest.to_owned()));
    }

    /// Gives the token no right to tell organisations.
    pub fn hide_organisations(&self) {
        self.played.with(|state| state.lacks.insert("read:org"));
    }

    /// Gives the token no right to read packages by the interface.
    pub fn hide_packages(&self) {
        self.played
            .with(|state| state.lacks.insert("read:packages"));
    }

    /// Has an organisation want more of a token than it has.
    pub fn bar(&self, organisation: &str) {
        self.played
            .with(|state| state.barred = Some(organisation.to_owned()));
    }

    /// Leaves links out.
    pub fn leave_out_links(&self) {
        self.played.with(|state| state.has_no_links = true);
    }

    /// Lets the account delete nothing: what it may not administer is answered as if it weren't there (apalache-mc/apalache#2056).
    pub fn forbid_deletion(&self) {
        self.played
            .with(|state| state.lacks.insert("delete:packages"));
    }

    /// Brings the tags of a version back with it.
    pub fn bring_tags_back(&self) {
        self.played.with(|state| state.brings_tags_back = true);
    }

    /// Has every question to the interface answered so.
    pub fn break_interface(&self, answer: Option<Answer>) {
        self.played.with(|state| state.broken = answer);
    }

    /// Has every token that was given end now.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.tokens.expire());
    }

    /// Deletes a version, as somebody does at GitHub's own pages.
    pub fn delete_version(&self, repository: &str, digest: &str) {
        let hand = self.registry.hand();
        self.played
            .with(|state| state.delete(&hand, repository, digest));
    }

    /// Returns when a manifest was pushed, as the interface tells it (seconds, UTC).
    pub fn created(&self, repository: &str, digest: &str) -> Option<i64> {
        self.played
            .with(|state| state.pushes.of_manifest(repository, digest))
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, what: &str, asked: &Asked<'_>) {
        let (path, query) = (asked.path, asked.query);
        self.violations
            .note(format!("{what}: {} {path}?{query}", asked.method));
    }

    fn answer(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        if !asked.header("cookie").is_empty() {
            self.note("a cookie", asked);
        }
        let names = asked.hand.repositories();
        self.with(|state| state.pushes.notice(asked.hand, &names));
        if asked.path == "/token" {
            return Some(self.token(asked));
        }
        if !asked.path.starts_with("/v2/") {
            return Some(self.interface(asked));
        }
        let bearer = format!("Bearer realm=\"http://{host}/token\",service=\"{SERVICE}\"");
        let needs = needs(asked);
        if let Some(refused) = self.with(|state| state.tokens.refuses(asked, &needs, &bearer)) {
            return Some(refused);
        }
        if asked.path == "/v2/_catalog" {
            return Some(error(403, "DENIED", "permission_denied"));
        }
        if asked.method == "DELETE" {
            return Some(error(405, "UNSUPPORTED", "The operation is unsupported."));
        }
        None
    }

    /// Gives a token for the registry; to nobody one for what everybody may pull.
    fn token(&self, asked: &Asked<'_>) -> Answer {
        if asked.method != "GET" || asked.fields("service") != [SERVICE] {
            self.note("no question of a token", asked);
            return Answer::of(400);
        }
        let scopes = scopes(asked);
        let is_user = asked.is_user(USER, SECRET);
        let is_public = |state: &State| {
            scopes.iter().all(|scope| {
                let name = scope.strip_prefix("repository:");
                let name = name.and_then(|rest| rest.strip_suffix(":pull"));
                name.is_some_and(|name| state.public.contains(name))
            })
        };
        let is_anyones = asked.authorization.is_empty() && self.with(|state| is_public(state));
        if !is_user && !is_anyones {
            return error(401, "UNAUTHORIZED", "authentication required");
        }
        let token = self.with(|state| state.tokens.give(&scopes));
        Answer::json(json!({"token": token}))
    }
}
