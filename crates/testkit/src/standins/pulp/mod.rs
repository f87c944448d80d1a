//! Pulp, as pulpcore 3.123.1 with pulp-container 2.30.0 answered on 30 November 2026, as far as the app asks it: tokens, blobs behind a
//! redirect to another port, deletions that are done later, and of its own interface what `vendors::pulp` asks.
//!
//! The real one is at hand as well (`parts::Pulp`); this one fails, and lets somebody come in between. Not here: the versions of a
//! repository and the tasks (`state`), the interface (`interface`). Grows by what the app asks.

mod interface;
mod state;

use super::Violations;
use crate::scripted::{Answer, Asked, Links, Scripted};
use anyhow::Result;
use serde_json::json;
use state::State;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Who may sign in, and do everything.
pub const USER: &str = "demo";
/// Their secret.
pub const SECRET: &str = "correct-horse-battery-staple";
/// What its own interface lies below.
const API: &str = "/pulp/api/v3/";
/// How long after its answer a deletion by digest is done. It took the real one from one second to three.
const LATER: Duration = Duration::from_millis(600);

/// A Pulp that is played; it ends when it is dropped.
pub struct Pulp {
    /// The registry, whose content others change.
    pub registry: Scripted,
    played: Arc<Played>,
    /// What serves blobs, on a port of its own.
    content: JoinHandle<()>,
}

#[derive(Default)]
struct Played {
    violations: Violations,
    state: Mutex<State>,
}

impl Pulp {
    /// Starts one on two free ports of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        let played = Arc::new(Played::default());
        let (address, content) = registry.open_another_port().await?;
        registry.set(|faults| {
            faults.redirect_blobs = Some(format!("http://{address}"));
            faults.delete_takes = LATER;
            faults.links = Links::Absolute;
            faults.no_mounts = true;
        });
        let (host, playing) = (registry.host(), Arc::clone(&played));
        registry.script(move |asked| playing.answer(&host, asked));
        Ok(Self {
            registry,
            played,
            content,
        })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> String {
        self.registry.host()
    }

    /// Returns what it was asked that Pulp would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Pushes a small image as somebody else, which makes a version of its repository; its digest.
    pub fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        let digest = self.registry.push_image(repository, tag, text);
        self.notice(repository);
        digest
    }

    /// Makes a version of a repository of what is in it now.
    pub fn notice(&self, repository: &str) {
        let tags = self.registry.tags(repository).into_iter();
        let tags = tags.filter_map(|tag| {
            let digest = self.registry.tagged(repository, &tag)?;
            Some((tag, digest))
        });
        let tags: Vec<(String, String)> = tags.collect();
        self.played.with(|state| {
            for (_, digest) in &tags {
                state.keep(digest, || self.registry.manifest(repository, digest));
            }
            state.notice(repository, tags.into_iter().collect());
        });
    }

    /// Returns what a repository says of itself.
    pub fn described(&self, repository: &str) -> Option<String> {
        self.played.with(|state| {
            let of = state.repositories.get(repository);
            of.and_then(|of| of.description.clone())
        })
    }

    /// Has every token that was given end now.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.expired += 1);
    }

    /// Has every question to the interface answered so, but for whose it is.
    pub fn break_interface(&self, answer: Option<Answer>) {
        self.played.with(|state| state.broken = answer);
    }

    /// Has every task of its interface end so (`failed`, say), with nothing done; or never.
    pub fn tasks_end(&self, end: Option<&'static str>) {
        self.played.with(|state| state.task_end = end);
    }
}

impl Drop for Pulp {
    fn drop(&mut self) {
        self.content.abort();
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        self.with(|state| {
            for repository in asked.hand.repositories() {
                let tags = asked.hand.tags(&repository).unwrap_or_default();
                for (_, digest) in &tags {
                    state.keep(digest, || asked.hand.manifest(&repository, digest));
                }
                state.notice(&repository, tags.into_iter().collect());
            }
            state.do_what_is_due(asked.hand);
        });
        if asked.path.starts_with("/elsewhere/") {
            if !asked.authorization.is_empty() {
                self.note("a sign-in for what serves blobs", asked);
            }
            return None;
        }
        if asked.path == "/token/" {
            return Some(self.token(host, asked));
        }
        if asked.path.starts_with(API) {
            return Some(self.interface(asked));
        }
        self.protocol(host, asked)
    }

    fn note(&self, what: &str, asked: &Asked<'_>) {
        let (method, path, query) = (asked.method, asked.path, asked.query);
        self.violations
            .note(format!("{what}: {method} {path}?{query}"));
    }

    /// Returns the token that is good now.
    fn good_token(&self) -> String {
        self.with(|state| format!("right-{}", state.expired))
    }

    /// Gives a token to who signs in rightly, or as nobody.
    fn token(&self, host: &str, asked: &Asked<'_>) -> Answer {
        if asked.method != "GET" {
            self.note("no GET", asked);
            return Answer::of(405);
        }
        if asked.fields("service") != [host] {
            self.note("another service", asked);
            return Answer::of(400);
        }
        let scopes = asked.fields("scope");
        if scopes.iter().any(|scope| scope.contains(' ')) {
            // It would be given a token that is good for nothing.
            self.note("scopes in one", asked);
        }
        if asked.authorization.is_empty() {
            return Answer::json(json!({"token": "nobody", "access_token": "nobody"}));
        }
        if !asked.is_user(USER, SECRET) {
            return Answer::json(json!({"detail": "Invalid username/password."})).with_status(401);
        }
        let token = self.good_token();
        Answer::json(json!({
            "expires_in": 300, "issued_at": "2026-11-30T07:17:57.581750Z",
            "token": token, "access_token": token,
        }))
    }

    /// Answers as the registry does where it doesn't let somebody in, and as no other would.
    fn protocol(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        if !asked.path.starts_with("/v2/") {
            self.note("no such path", asked);
            return Some(Answer::of(404));
        }
        if asked.token() != self.good_token() {
            let challenge = format!("Bearer realm=\"http://{host}/token/\",service=\"{host}\"");
            let challenge = match scope(asked) {
                Some(scope) => format!("{challenge},scope=\"{scope}\""),
                None => challenge,
            };
            return Some(error(401, "UNAUTHORIZED", "").with("www-authenticate", challenge));
        }
        if asked.path.contains("/referrers/") {
            return Some(Answer::page(404, "<h1>Not Found</h1>"));
        }
        let (_, reference) = asked.path.split_once("/manifests/")?;
        if asked.method == "DELETE" && !reference.contains(':') {
            let why = "A manifest can only be deleted by digest.";
            return Some(error(400, "INVALID_REQUEST", why));
        }
        None
    }
}

/// Returns what a challenge asks for: to push where something is written, which is all that a deletion wants as well.
fn scope(asked: &Asked<'_>) -> Option<String> {
    let rest = &asked.path["/v2/".len()..];
    if rest == "_catalog" {
        return Some("registry:catalog:*".to_owned());
    }
    let parts = ["/manifests/", "/blobs/", "/tags/"];
    let (name, _) = parts.iter().find_map(|part| rest.split_once(part))?;
    let action = match asked.method {
        "GET" | "HEAD" => "pull",
        _ => "push",
    };
    Some(format!("repository:{name}:{action}"))
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    let body = json!({"errors": [{"code": code, "message": message, "detail": {}}]});
    Answer::json(body).with_status(status)
}
