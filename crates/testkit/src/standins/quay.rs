//! Quay, as ffba0c7 of 21 August 2026 answered when it was asked (`servers.md`, section 6 and points 1, 4 and 5 above it): tokens that know
//! `pull`, `push` and `*` alone; a catalog of one's own; an overwritten commit that is gone at once; and an interface that takes an
//! application's token, and Basic for nobody.

use super::Violations;
use crate::images::MANIFEST;
use crate::scripted::{Answer, Asked, Hand, Scripted};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Who may sign in, and sees everything.
pub const USER: &str = "demo";
/// Their secret.
pub const SECRET: &str = "correct-horse-battery-staple";
/// The token of an OAuth application, which may do everything.
pub const APPLICATION: &str = "aPpL1cat10nT0ken0fQuay";
/// The user that stands for it at the registry.
pub const TOKEN_USER: &str = "$oauthtoken";
/// How long what has no tag can be put back (seconds).
pub const TIME_MACHINE: i64 = 14 * 86_400;
/// How long before the first question what was there by then was pushed (seconds); a minute between each and the next.
const BEFORE: i64 = 30 * 86_400;
const PAGE: usize = 100;
const API: &str = "/api/v1/";
/// The token for nobody.
const NOBODY: &str = "nobody";

/// A Quay that is played; it ends when it is dropped.
pub struct Quay {
    /// The registry, whose content others change; by [`push`](Quay::push) where an older commit is to be remembered.
    pub registry: Scripted,
    played: Arc<Played>,
}

#[derive(Default)]
struct Played {
    violations: Violations,
    state: Mutex<State>,
}

/// What a tag pointed at for a while.
#[derive(Clone)]
struct Entry {
    tag: String,
    digest: String,
    start: i64,
    end: Option<i64>,
    reversion: bool,
}

#[derive(Default)]
struct State {
    /// Each repository with all that its tags pointed at, the oldest first.
    repositories: BTreeMap<String, Vec<Entry>>,
    /// The bytes of every manifest that had a tag.
    manifests: BTreeMap<String, Vec<u8>>,
    descriptions: BTreeMap<String, String>,
    public: BTreeSet<String>,
    /// Whether the application's token was taken back.
    is_revoked: bool,
    /// How long the namespaces keep what has no tag (seconds), where somebody set it; none: two weeks.
    time_machine: Option<i64>,
    broken: Option<Answer>,
    expired: u32,
    has_begun: bool,
    /// A tag that was put back just now: its next entry says so.
    restoring: Option<String>,
}

impl Quay {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        registry.set(|faults| faults.drop_overwritten = true);
        let played = Arc::new(Played::default());
        let (host, playing) = (registry.host(), Arc::clone(&played));
        registry.script(move |asked| playing.answer(&host, asked));
        Ok(Self { registry, played })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> String {
        self.registry.host()
    }

    /// Returns what it was asked that Quay would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Pushes a small image as somebody else; its digest.
    pub fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        let hand = self.registry.hand();
        self.played.notice(&hand);
        let tagged = || hand.tags(repository).unwrap_or_default();
        let before = tagged().into_iter().find(|(name, _)| name == tag);
        let digest = hand.push_image(repository, tag, text);
        if let Some((_, before)) = before
            && !tagged().iter().any(|(_, still)| *still == before)
        {
            hand.drop_manifest(repository, &before);
        }
        self.played.notice(&hand);
        digest
    }

    /// Describes a repository, as somebody does in Quay's own pages.
    pub fn describe(&self, repository: &str, text: &str) {
        let text = text.to_owned();
        self.played
            .with(|state| state.descriptions.insert(repository.to_owned(), text));
    }

    /// Returns what a repository says of itself.
    pub fn description(&self, repository: &str) -> Option<String> {
        self.played
            .with(|state| state.descriptions.get(repository).cloned())
    }

    /// Tells whether a repository is there, be it without a tag.
    pub fn has(&self, repository: &str) -> bool {
        self.played
            .with(|state| state.repositories.contains_key(repository))
    }

    /// Takes the application's token back.
    pub fn revoke(&self) {
        self.played.with(|state| state.is_revoked = true);
    }

    /// Has what has no tag kept this long (seconds).
    pub fn keep_for(&self, seconds: i64) {
        self.played.with(|state| state.time_machine = Some(seconds));
    }

    /// Has every question to the interface answered so.
    pub fn break_interface(&self, answer: Option<Answer>) {
        self.played.with(|state| state.broken = answer);
    }

    /// Has every token of the registry end now.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.expired += 1);
    }

    /// Returns what a tag pointed at, the newest first: the digest, since when and until when (seconds, UTC).
    pub fn history(&self, repository: &str, tag: &str) -> Vec<(String, i64, Option<i64>)> {
        self.played.with(|state| {
            let all = state.repositories.get(repository).into_iter().flatten();
            let of_tag = all.filter(|entry| entry.tag == tag);
            let mut all: Vec<_> = of_tag
                .map(|entry| (entry.digest.clone(), entry.start, entry.end))
                .collect();
            all.reverse();
            all
        })
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, what: impl Into<String>) {
        self.violations.note(what);
    }

    fn answer(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        self.notice(asked.hand);
        if asked.path == "/v2/auth" {
            return Some(self.token(host, asked));
        }
        if let Some(path) = asked.path.strip_prefix(API) {
            return Some(self.interface(asked, path));
        }
        self.protocol(host, asked)
    }

    /// Takes what has changed since the last time for what happened since; what was there at the first, for long before.
    fn notice(&self, hand: &Hand) {
        self.with(|state| {
            let is_first = !std::mem::replace(&mut state.has_begun, true);
            let mut before = now() - BEFORE;
            for repository in hand.repositories() {
                let tags = hand.tags(&repository).unwrap_or_default();
                let mut known = state.repositories.remove(&repository).unwrap_or_default();
                for (tag, digest) in &tags {
                    let is_live = |entry: &&mut Entry| entry.tag == *tag && entry.end.is_none();
                    let live = known.iter_mut().find(is_live);
                    if live.as_ref().is_some_and(|entry| entry.digest == *digest) {
                        continue;
                    }
                    let start = if is_first {
                        before += 60;
                        before
                    } else {
                        now()
                    };
                    if let Some(live) = live {
                        live.end = Some(start);
                    }
                    let bytes = hand.manifest(&repository, digest).unwrap_or_default();
                    state.manifests.insert(digest.clone(), bytes);
                    known.push(Entry {
                        tag: tag.clone(),
                        digest: digest.clone(),
                        start,
                        end: None,
                        reversion: state.restoring.take_if(|it| it == tag).is_some(),
                    });
                }
                let is_there = |entry: &Entry| tags.iter().any(|(tag, _)| *tag == entry.tag);
                if known
                    .iter()
                    .any(|entry| entry.end.is_none() && !is_there(entry))
                {
                    let end = now();
                    for entry in &mut known {
                        if entry.end.is_none() && !is_there(entry) {
                            entry.end = Some(end);
                        }
                    }
                }
                state.repositories.insert(repository, known);
            }
        });
    }

    fn good(&self) -> String {
        self.with(|state| format!("right-{}", state.expired))
    }

    /// Gives a token to anybody; what is asked for has to be in the words it knows, one in each parameter.
    fn token(&self, host: &str, asked: &Asked<'_>) -> Answer {
        if asked.method != "GET" {
            return Answer::of(405);
        }
        if asked.fields("service") != [host] {
            self.note(format!("another service: ?{}", asked.query));
            return error(400, "INVALID_REQUEST");
        }
        for scope in asked.fields("scope") {
            let (about, actions) = scope.rsplit_once(':').unwrap_or_default();
            let known = |action: &str| matches!(action, "pull" | "push" | "*");
            let is_known = about.starts_with("repository:")
                && !scope.contains(' ')
                && actions.split(',').all(known);
            if !is_known {
                self.note(format!("scope {scope}"));
                return error(400, "INVALID_REQUEST");
            }
        }
        let is_application =
            asked.is_user(TOKEN_USER, APPLICATION) && !self.with(|state| state.is_revoked);
        if asked.is_user(USER, SECRET) || is_application {
            // The mere question to push makes a repository that isn't there.
            for scope in asked.fields("scope") {
                let (about, actions) = scope.rsplit_once(':').unwrap_or_default();
                let name = about.trim_start_matches("repository:").to_owned();
                if actions.split(',').any(|action| action != "pull") {
                    self.with(|state| {
                        state.repositories.entry(name).or_default();
                    });
                }
            }
            return Answer::json(json!({"token": self.good()}));
        }
        if asked.authorization.is_empty() {
            return Answer::json(json!({"token": NOBODY}));
        }
        error(401, "UNAUTHORIZED")
    }

    /// Answers as the registry does where it doesn't let somebody in, and as no other would.
    fn protocol(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        if !asked.path.starts_with("/v2/") {
            self.note(format!("{} {}", asked.method, asked.path));
            return Some(Answer::page(404, "<html>no such page</html>"));
        }
        if asked.token() == self.good() {
            return None;
        }
        if asked.path == "/v2/_catalog" {
            // Nobody sees what is public, which is nothing here.
            return Some(Answer::json(json!({"repositories": []})));
        }
        let realm = format!("Bearer realm=\"http://{host}/v2/auth\",service=\"{host}\"");
        let name = ["/manifests/", "/tags/", "/blobs/", "/referrers/"]
            .iter()
            .find_map(|part| asked.path["/v2/".len()..].split_once(part));
        let actions = if matches!(asked.method, "GET" | "HEAD") {
            "pull"
        } else {
            "pull,push"
        };
        let challenge = match name {
            Some((name, _)) => format!("{realm},scope=\"repository:{name}:{actions}\""),
            None => realm,
        };
        let refused = error(401, "UNAUTHORIZED").with("www-authenticate", challenge);
        Some(refused.with("x-sparse-manifest-support", "false"))
    }

    fn interface(&self, asked: &Asked<'_>, path: &str) -> Answer {
        if asked.header("x-requested-with") != "XMLHttpRequest" {
            self.note(format!("no X-Requested-With: {}", asked.path));
            return Answer::page(403, "<html>CSRF token was invalid or missing.</html>");
        }
        let is_public = asked.fields("public") == ["true"];
        if is_public && path == "repository" && asked.authorization.is_empty() {
            return Answer::json(json!({"repositories": []}));
        }
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        let is_good = asked.token() == APPLICATION && !self.with(|state| state.is_revoked);
        if !is_good {
            // Whoever shows Basic is nobody, and so is whoever shows a token that isn't good.
            if !asked.authorization.starts_with("Bearer ") {
                self.note(format!("asked as nobody: {} {}", asked.method, asked.path));
            }
            return nobody(asked, path);
        }
        let Some(path) = path.strip_prefix("repository") else {
            return self.unknown(asked);
        };
        let body: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        if path.is_empty() {
            return match asked.method {
                "GET" => self.list(asked),
                "POST" => self.create(&body),
                _ => self.unknown(asked),
            };
        }
        let path = &path[1..];
        let Some((repository, tag)) = path.split_once("/tag/") else {
            return match asked.method {
                "GET" => self.about(asked, path),
                "PUT" => self.put_words(path, &body),
                _ => self.unknown(asked),
            };
        };
        if !self.with(|state| state.repositories.contains_key(repository)) {
            return not_found();
        }
        match (asked.method, tag.split_once('/')) {
            ("GET", None) if tag.is_empty() => self.tags(asked, repository),
            ("POST", Some((tag, "restore"))) => self.restore(asked.hand, repository, tag, &body),
            _ => self.unknown(asked),
        }
    }

    fn unknown(&self, asked: &Asked<'_>) -> Answer {
        self.note(format!("{} {}", asked.method, asked.path));
        Answer::page(404, "<html>no such page</html>")
    }

    fn knows(&self, asked: &Asked<'_>, known: &[&str]) {
        let mut keys = asked
            .query
            .split('&')
            .filter_map(|pair| pair.split('=').next());
        if let Some(odd) = keys.find(|key| !known.contains(key)) {
            self.note(format!("?{odd}= {}", asked.path));
        }
    }

    fn list(&self, asked: &Asked<'_>) -> Answer {
        self.knows(
            asked,
            &["namespace", "last_modified", "next_page", "starred"],
        );
        if asked.fields("starred") == ["true"] {
            return Answer::json(json!({"repositories": []}));
        }
        let Some(namespace) = asked.fields("namespace").into_iter().next() else {
            self.note(format!("no filter: ?{}", asked.query));
            return Answer::json(json!({"error_message": "no filter"})).with_status(400);
        };
        let from: usize = match asked.fields("next_page").first() {
            None => 0,
            // Nobody else knows what is in it.
            Some(next) => match next.strip_prefix("gAAAA-").and_then(|it| it.parse().ok()) {
                Some(from) => from,
                None => return Answer::json(json!({"message": "bad page"})).with_status(400),
            },
        };
        let prefix = format!("{namespace}/");
        let rows: Vec<Value> = self.with(|state| {
            let of_namespace = state.repositories.iter().filter_map(|(name, entries)| {
                let rest = name.strip_prefix(&prefix)?;
                let last = entries.iter().map(|entry| entry.end.unwrap_or(entry.start)).max();
                Some(json!({
                    "namespace": namespace, "name": rest, "description": state.descriptions.get(name),
                    "is_public": state.public.contains(name), "kind": "image", "state": "NORMAL",
                    "last_modified": last, "is_starred": false,
                }))
            });
            of_namespace.collect()
        });
        let more = rows.len() > from + PAGE;
        let rows: Vec<Value> = rows.into_iter().skip(from).take(PAGE).collect();
        let mut body = json!({"repositories": rows});
        if more {
            body["next_page"] = format!("gAAAA-{}", from + PAGE).into();
        }
        Answer::json(body)
    }

    fn create(&self, body: &Value) -> Answer {
        let text = |key: &str| body[key].as_str().map(str::to_owned);
        let (Some(namespace), Some(name), Some(visibility), Some(description)) = (
            text("namespace"),
            text("repository"),
            text("visibility"),
            text("description"),
        ) else {
            self.note(format!("create {body}"));
            return Answer::json(json!({"error_message": "a field is missing"})).with_status(400);
        };
        if body["repo_kind"] != "image" || !["public", "private"].contains(&visibility.as_str()) {
            self.note(format!("create {body}"));
        }
        let whole = format!("{namespace}/{name}");
        self.with(|state| {
            if state.repositories.contains_key(&whole) {
                let why = json!({"error_message": "Repository already exists"});
                return Answer::json(why).with_status(400);
            }
            state.repositories.insert(whole.clone(), Vec::new());
            state.descriptions.insert(whole.clone(), description);
            if visibility == "public" {
                state.public.insert(whole);
            }
            Answer::json(json!({"namespace": namespace, "name": name, "kind": "image"}))
                .with_status(201)
        })
    }

    fn about(&self, asked: &Asked<'_>, repository: &str) -> Answer {
        self.knows(asked, &["includeTags"]);
        if asked.fields("includeTags") != ["false"] {
            self.note(format!("tags beside: {}", asked.path));
        }
        let (namespace, name) = repository.split_once('/').unwrap_or_default();
        self.with(|state| {
            if !state.repositories.contains_key(repository) {
                return not_found();
            }
            Answer::json(json!({
                "namespace": namespace, "name": name, "kind": "image", "state": "NORMAL", "can_write": true,
                "description": state.descriptions.get(repository), "is_public": state.public.contains(repository),
                "tag_expiration_s": state.kept(),
            }))
        })
    }

    fn put_words(&self, repository: &str, body: &Value) -> Answer {
        let Some(description) = body["description"].as_str() else {
            self.note(format!("describe {body}"));
            return Answer::json(json!({"error_message": "no description"})).with_status(400);
        };
        self.with(|state| {
            if !state.repositories.contains_key(repository) {
                return not_found();
            }
            let (name, text) = (repository.to_owned(), description.to_owned());
            state.descriptions.insert(name, text);
            Answer::json(json!({"success": true}))
        })
    }

    fn tags(&self, asked: &Asked<'_>, repository: &str) -> Answer {
        self.knows(asked, &["limit", "page", "onlyActiveTags", "specificTag"]);
        let number = |name, otherwise| {
            let field = asked.fields(name).into_iter().next();
            field.map_or(Some(otherwise), |text| text.parse::<usize>().ok())
        };
        let (Some(page), Some(limit)) = (number("page", 1), number("limit", 50)) else {
            return Answer::json(json!({"message": "no number"})).with_status(400);
        };
        if page == 0 || limit == 0 || limit > PAGE {
            self.note(format!("?{}", asked.query));
            return Answer::json(json!({"message": "out of range"})).with_status(400);
        }
        let only_active = asked.fields("onlyActiveTags") == ["true"];
        let specific = asked.fields("specificTag").into_iter().next();
        let mut all: Vec<(Entry, Value)> = self.with(|state| {
            let entries = state.repositories.get(repository).into_iter().flatten();
            let wanted = entries.filter(|entry| {
                let is_it = specific.as_ref().is_none_or(|tag| *tag == entry.tag);
                is_it && (!only_active || entry.end.is_none())
            });
            wanted
                .map(|entry| (entry.clone(), told(entry, &state.manifests)))
                .collect()
        });
        // The newest first; of two of one second the later.
        all.sort_by_key(|(entry, _)| entry.start);
        all.reverse();
        let from = (page - 1) * limit;
        let more = all.len() > from + limit;
        let rows: Vec<Value> = all
            .into_iter()
            .skip(from)
            .take(limit)
            .map(|(_, told)| told)
            .collect();
        Answer::json(json!({"tags": rows, "page": page, "has_additional": more}))
    }

    fn restore(&self, hand: &Hand, repository: &str, tag: &str, body: &Value) -> Answer {
        let digest = body["manifest_digest"].as_str().unwrap_or_default();
        let bytes = self.with(|state| {
            let entries = state.repositories.get(repository)?;
            let was_there = entries.iter().any(|entry| {
                let is_late = entry.end.is_some_and(|end| end + state.kept() < now());
                entry.digest == digest && !is_late
            });
            state.manifests.get(digest).filter(|_| was_there).cloned()
        });
        let Some(bytes) = bytes else {
            return not_found();
        };
        self.with(|state| state.restoring = Some(tag.to_owned()));
        let manifest: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let media_type = manifest["mediaType"].as_str().unwrap_or(MANIFEST);
        hand.put_manifest(repository, Some(tag), media_type, &bytes);
        self.notice(hand);
        Answer::json(json!({}))
    }
}

impl State {
    fn kept(&self) -> i64 {
        self.time_machine.unwrap_or(TIME_MACHINE)
    }
}

/// Answers nobody, who is told what is public: nothing here.
fn nobody(asked: &Asked<'_>, path: &str) -> Answer {
    let said =
        |status, message: &str| Answer::json(json!({"message": message})).with_status(status);
    match (asked.method, path) {
        ("GET", "repository") if asked.fields("starred") == ["true"] => said(400, "Bad Request"),
        ("GET", "repository") => Answer::json(json!({"repositories": []})),
        ("GET", _) => said(401, "Unauthorized"),
        _ => Answer::page(403, "<html>CSRF token was invalid or missing.</html>"),
    }
}

/// An entry as the interface tells it.
fn told(entry: &Entry, manifests: &BTreeMap<String, Vec<u8>>) -> Value {
    let bytes = manifests.get(&entry.digest).map_or(&[][..], Vec::as_slice);
    let manifest: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let is_list = manifest["manifests"].is_array();
    let layers = manifest["layers"].as_array().map_or(&[][..], Vec::as_slice);
    let size: u64 = layers
        .iter()
        .filter_map(|layer| layer["size"].as_u64())
        .sum();
    let mut told = json!({
        "name": entry.tag, "reversion": entry.reversion, "start_ts": entry.start, "manifest_digest": entry.digest,
        "is_manifest_list": is_list, "size": if is_list { Value::Null } else { size.into() },
        "last_modified": "Sat, 28 Nov 2026 12:00:00 -0000",
    });
    if let Some(end) = entry.end {
        told["end_ts"] = end.into();
        told["expiration"] = "Sat, 28 Nov 2026 12:00:00 -0000".into();
    }
    told
}

fn not_found() -> Answer {
    let body = json!({
        "detail": "Not Found", "error_message": "Not Found", "error_type": "not_found", "title": "not_found", "status": 404,
    });
    Answer::json(body).with_status(404)
}

fn error(status: u16, code: &str) -> Answer {
    let body = json!({"errors": [{"code": code, "message": code.to_lowercase(), "detail": {}}]});
    Answer::json(body).with_status(status)
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
