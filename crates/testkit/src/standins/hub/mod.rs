//! Docker Hub: its registry, its token service and its interface at one address, as the documentation of each says (facts, 4.1).
//!
//! Whoever uses it has the names `docker.io` and `hub.docker.com` asked there. What a user may see is their own namespace and their
//! organizations'; one of those has a plan with an audit log, where a test says so. Not here: the interface's answers (`api`), the
//! search (`search`).

mod api;
pub mod search;

use super::Violations;
use super::harbor::{now, time};
use crate::scripted::{Answer, Asked, Hand, Scripted};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Who may sign in.
pub const USER: &str = "demo";
/// Their password.
pub const SECRET: &str = "correct-horse-battery-staple";
/// Their access token, which is good wherever the password is, and where that isn't.
pub const TOKEN: &str = "dckr_pat_correct-horse-battery-staple";
/// Their organization.
pub const ORGANIZATION: &str = "lab";
/// Another one of theirs.
pub const OTHER_ORGANIZATION: &str = "genomics";

/// How long before the first question what was there by then was pushed (seconds); a minute between each and the next.
const BEFORE: i64 = 30 * 86_400;
/// How many pulls there are in six hours.
const PULLS: u64 = 200;
/// Whose name its registry has at its token service.
const SERVICE: &str = "registry.docker.io";
/// What begins a path of the interface; all else below `/v2/` is the registry's.
const INTERFACE: [&str; 6] = [
    "/v2/auth/",
    "/v2/auditlogs/",
    "/v2/namespaces/",
    "/v2/repositories/",
    "/v2/user/",
    "/v2/users/",
];

/// A Docker Hub that is played; it ends when it is dropped.
pub struct Hub {
    /// The registry, whose content others change.
    pub registry: Scripted,
    played: Arc<Played>,
}

#[derive(Default)]
struct Played {
    violations: Violations,
    state: Mutex<State>,
}

/// What was pushed: the repository, the tag, what it points at, and when.
#[derive(Clone)]
struct Push {
    repository: String,
    tag: String,
    digest: String,
    at: i64,
}

/// What a repository is beside its tags.
#[derive(Clone, Default)]
struct Repository {
    description: String,
    full: String,
    private: bool,
}

#[derive(Default)]
struct State {
    /// Everything that was pushed, in that order, as it was noticed.
    pushes: Vec<Push>,
    repositories: BTreeMap<String, Repository>,
    /// Repositories that were made and have no tag yet.
    made: BTreeSet<String>,
    has_audit_log: bool,
    has_two_factors: bool,
    /// The list of what has no tag, which no document names, isn't served.
    tells_no_untagged: bool,
    /// What every question to the interface is answered by, where it is broken.
    broken: Option<Answer>,
    /// What whoever changes words or makes a repository is answered, where they may not.
    refuses_words: Option<Answer>,
    /// How often all tokens that were given have ended.
    expired: u32,
    /// How many pulls were counted.
    pulled: u64,
}

impl Hub {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        let played = Arc::new(Played::default());
        let (host, playing) = (registry.host(), Arc::clone(&played));
        registry.script(move |asked| playing.answer(&host, asked));
        Ok(Self { registry, played })
    }

    /// Returns where it is asked in place of Docker Hub's own addresses: `http://127.0.0.1:port`.
    pub fn address(&self) -> String {
        format!("http://{}", self.registry.host())
    }

    /// Returns what it was asked that Docker Hub would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Describes a repository, as somebody does at Docker Hub's own pages: a sentence, and a long text.
    pub fn describe(&self, repository: &str, description: &str, full: &str) {
        self.played.with(|state| {
            let of = state.repositories.entry(repository.to_owned()).or_default();
            description.clone_into(&mut of.description);
            full.clone_into(&mut of.full);
        });
    }

    /// Returns the description of a repository, and its long text.
    pub fn described(&self, repository: &str) -> Option<(String, String)> {
        self.played.with(|state| {
            let of = state.repositories.get(repository)?;
            Some((of.description.clone(), of.full.clone()))
        })
    }

    /// Tells whether only some may see a repository.
    pub fn is_private(&self, repository: &str) -> bool {
        self.played.with(|state| {
            state
                .repositories
                .get(repository)
                .is_some_and(|of| of.private)
        })
    }

    /// Gives the organization a plan with an audit log.
    pub fn pay(&self) {
        self.played.with(|state| state.has_audit_log = true);
    }

    /// Has the account want a second factor: its password alone is not enough from now on.
    pub fn want_two_factors(&self) {
        self.played.with(|state| state.has_two_factors = true);
    }

    /// Serves the list of what has no tag no more.
    pub fn hide_untagged(&self) {
        self.played.with(|state| state.tells_no_untagged = true);
    }

    /// Has every question to the interface answered so.
    pub fn break_interface(&self, answer: Option<Answer>) {
        self.played.with(|state| state.broken = answer);
    }

    /// Has whoever changes words or makes a repository answered so.
    pub fn refuse_words(&self, answer: Option<Answer>) {
        self.played.with(|state| state.refuses_words = answer);
    }

    /// Has every token that was given end now, the registry's and the interface's.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.expired += 1);
    }

    /// Returns since when a tag points where it does, as the interface tells it (seconds, UTC).
    pub fn pushed(&self, repository: &str, tag: &str) -> Option<i64> {
        let is_it = |push: &&Push| push.repository == repository && push.tag == tag;
        self.played
            .with(|state| state.pushes.iter().rev().find(is_it).map(|push| push.at))
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, what: impl std::fmt::Display, asked: &Asked<'_>) {
        self.violations
            .note(format!("{what}: {} {}", asked.method, asked.path));
    }

    fn answer(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        if !asked.header("cookie").is_empty() {
            self.note("a cookie", asked);
        }
        self.notice_pushes(asked.hand);
        if INTERFACE.iter().any(|begin| asked.path.starts_with(begin)) {
            return Some(self.interface(asked));
        }
        match asked.path {
            "/token" => Some(self.token(asked)),
            path if path.starts_with("/v2/") => self.protocol(host, asked),
            _ => {
                self.note("no such path", asked);
                Some(Answer::of(404))
            }
        }
    }

    /// Takes what was there at the first question for pushed a minute apart, long before; and what came since for pushed just now.
    fn notice_pushes(&self, hand: &Hand) {
        let now = now();
        self.with(|state| {
            let is_first = state.pushes.is_empty();
            let mut known: BTreeMap<(&str, &str), &str> = BTreeMap::new();
            for push in &state.pushes {
                known.insert((&push.repository, &push.tag), &push.digest);
            }
            let (mut at, mut new) = (if is_first { now - BEFORE } else { now }, Vec::new());
            for repository in hand.repositories() {
                for (tag, digest) in hand.tags(&repository).unwrap_or_default() {
                    if known.get(&(&*repository, &*tag)) == Some(&&*digest) {
                        continue;
                    }
                    new.push(Push {
                        repository: repository.clone(),
                        tag,
                        digest,
                        at,
                    });
                    at += if is_first { 60 } else { 0 };
                }
            }
            state.pushes.extend(new);
        });
    }

    /// Tells whether this is the user's sign-in: the password, where nothing more is wanted, or the access token.
    fn is_right(&self, user: &str, secret: &str) -> bool {
        let password = !self.with(|state| state.has_two_factors) && secret == SECRET;
        user == USER && (password || secret == TOKEN)
    }

    /// Returns the token that is good now, for the registry or for the interface.
    fn good(&self, of: &str) -> String {
        self.with(|state| format!("{of}-{}", state.expired))
    }

    /// Gives a token for the registry, as `auth.docker.io` does: to nobody one for what everybody may pull.
    fn token(&self, asked: &Asked<'_>) -> Answer {
        if asked.method != "GET" || asked.fields("service") != [SERVICE] {
            self.note("no question of a token", asked);
            return Answer::of(400);
        }
        let right = [SECRET, TOKEN]
            .map(|secret| asked.is_user(USER, secret) && self.is_right(USER, secret));
        let token = match asked.authorization {
            "" => "anonymous".to_owned(),
            _ if right.contains(&true) => self.good("registry"),
            _ => {
                let said = json!({"details": "incorrect username or password"});
                return Answer::json(said).with_status(401);
            }
        };
        let issued = time(now());
        Answer::json(
            json!({"token": token, "access_token": token, "expires_in": 300, "issued_at": issued}),
        )
    }

    /// Answers as the registry does where it isn't like any other; what is left the scripted one answers.
    fn protocol(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        let challenge = |scope: &str| {
            let realm =
                format!("Bearer realm=\"http://{host}/token\",service=\"{SERVICE}\"{scope}");
            error(401, "UNAUTHORIZED", "authentication required").with("www-authenticate", realm)
        };
        let is_user = asked.token() == self.good("registry");
        let path = &asked.path["/v2/".len()..];
        if path.is_empty() {
            let is_known = is_user || asked.token() == "anonymous";
            return (!is_known).then(|| challenge(""));
        }
        if path == "_catalog" {
            // It is nobody's, whatever token is shown.
            return Some(challenge(",scope=\"registry:catalog:*\""));
        }
        let Some((name, rest)) = split(path) else {
            self.note("no such path", asked);
            return Some(Answer::of(404));
        };
        let reads = matches!(asked.method, "GET" | "HEAD");
        let is_public =
            !self.with(|state| state.repositories.get(name).is_some_and(|of| of.private));
        let is_anyones = reads && is_public && asked.token() == "anonymous";
        if !is_user && !is_anyones {
            let actions = if reads { "pull" } else { "pull,push" };
            return Some(challenge(&format!(
                ",scope=\"repository:{name}:{actions}\""
            )));
        }
        if !reads && !owns(name) {
            return Some(error(
                403,
                "DENIED",
                "requested access to the resource is denied",
            ));
        }
        let reference = rest.strip_prefix("manifests/")?;
        match asked.method {
            "GET" | "HEAD" => self.manifest(asked, name, reference),
            "DELETE" if !reference.contains(':') => {
                Some(error(405, "UNSUPPORTED", "a tag is not deleted here"))
            }
            "DELETE" => {
                let tags = asked.hand.tags(name).unwrap_or_default();
                let is_tagged = tags.iter().any(|(_, digest)| digest == reference);
                is_tagged.then(|| error(403, "DENIED", "it has a tag"))
            }
            _ => None,
        }
    }

    /// Answers with a manifest and with how many pulls are left: a GET is one, a HEAD is none.
    fn manifest(&self, asked: &Asked<'_>, name: &str, reference: &str) -> Option<Answer> {
        let pulled = self.with(|state| {
            state.pulled += u64::from(asked.method == "GET");
            state.pulled
        });
        let counted = |answer: Answer| {
            let left = PULLS.saturating_sub(pulled);
            answer
                .with("ratelimit-limit", format!("{PULLS};w=21600"))
                .with("ratelimit-remaining", format!("{left};w=21600"))
                .with("docker-ratelimit-source", "0a1b2c3d-demo")
        };
        if pulled > PULLS {
            return Some(counted(error(
                429,
                "TOOMANYREQUESTS",
                "You have reached your pull rate limit.",
            )));
        }
        let (digest, bytes) = if reference.contains(':') {
            (reference.to_owned(), asked.hand.manifest(name, reference)?)
        } else {
            asked.hand.manifest_of(name, reference)?
        };
        // What is no text is for the scripted one.
        let text = String::from_utf8(bytes).ok()?;
        let kind = serde_json::from_str::<Value>(&text).ok()?;
        let kind = kind["mediaType"]
            .as_str()
            .unwrap_or(crate::images::MANIFEST)
            .to_owned();
        Some(counted(
            Answer::text(kind, text).with("docker-content-digest", digest),
        ))
    }
}

/// Splits a path of the registry into the repository and the rest.
fn split(path: &str) -> Option<(&str, &str)> {
    ["/manifests/", "/blobs/", "/tags/", "/referrers/"]
        .iter()
        .find_map(|part| {
            let at = path.rfind(part)?;
            Some((&path[..at], &path[at + 1..]))
        })
}

/// Tells whether a repository is in a namespace of the user's: Docker Hub's have just that and a name.
fn owns(name: &str) -> bool {
    name.split_once('/').is_some_and(|(namespace, rest)| {
        [USER, ORGANIZATION, OTHER_ORGANIZATION].contains(&namespace) && !rest.contains('/')
    })
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    let body = json!({"errors": [{"code": code, "message": message, "detail": null}]});
    Answer::json(body).with_status(status)
}
