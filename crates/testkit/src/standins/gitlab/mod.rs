//! GitLab's registry, as 4.39.0 answered when it was asked (`servers.md`, section 4 and points 2, 7, 11 and 12 above it) and as its
//! source says (`registry/handlers/app.go`, `docs/spec/gitlab/api.md`): tokens by scope, the list of tags and of what is below a name
//! where it runs with its database, and what it refuses. GitLab itself is at the same address. Not here: what that answers (`api`).

mod api;

use super::Violations;
use super::pushes::{Pushes, time};
use super::tokens::{Tokens, error, needs, scopes};
use crate::scripted::{Answer, Asked, Scripted};
use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use url::form_urlencoded;

/// Who may sign in, and sees everything.
pub const USER: &str = "demo";
/// Their secret.
pub const SECRET: &str = "correct-horse-battery-staple";
/// Their access token, which GitLab itself takes, with the scope `read_api`.
pub const TOKEN: &str = "glpat-correct-horse-battery";
const VERSION: &str = "4.39.0-gitlab";
const API: &str = "/gitlab/v1";
/// The types that a manifest, its config and what it says of itself may have.
const KNOWN: [&str; 8] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.oci.empty.v1+json",
    "application/vnd.docker.container.image.v1+json",
    "application/vnd.cncf.helm.config.v1+json",
];

/// A GitLab registry that is played; it ends when it is dropped.
pub struct Gitlab {
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
    pushes: Pushes,
    /// It keeps no database: it has no interface of its own, and refuses no type.
    without_database: bool,
    /// Its token service gives nothing but `pull` and `push` of a repository, as GitLab's own to a person.
    is_narrow: bool,
    /// What every question to the interface is answered by, where it is broken.
    broken: Option<Answer>,
    /// Projects whose registry is not for the account.
    closed: BTreeSet<String>,
}

impl Gitlab {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        let played = Arc::new(Played::default());
        let (host, playing) = (registry.host(), Arc::clone(&played));
        registry.script(move |asked| playing.answer(&host, asked));
        Ok(Self { registry, played })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> String {
        self.registry.host()
    }

    /// Returns what it was asked that GitLab's would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Sets it up without its database.
    pub fn without_database(&self) {
        self.played.with(|state| state.without_database = true);
    }

    /// Gives tokens for nothing but repositories by their names.
    pub fn narrow(&self) {
        self.played.with(|state| state.is_narrow = true);
    }

    /// Keeps the registry of a project from the account.
    pub fn close(&self, project: &str) {
        self.played
            .with(|state| state.closed.insert(project.to_owned()));
    }

    /// Has every question to the interface answered so.
    pub fn break_interface(&self, answer: Option<Answer>) {
        self.played.with(|state| state.broken = answer);
    }

    /// Has every token that was given end now.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.tokens.expire());
    }

    /// Returns since when a tag points where it does, as the interface tells it (seconds, UTC).
    pub fn pushed(&self, repository: &str, tag: &str) -> Option<i64> {
        self.played
            .with(|state| state.pushes.of_tag(repository, tag))
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        if asked.path == "/jwt/auth" {
            return Some(self.token(asked));
        }
        let bearer =
            format!("Bearer realm=\"http://{host}/jwt/auth\",service=\"container_registry\"");
        if asked.path.starts_with("/gitlab") {
            let answer = self.interface(asked, &bearer);
            return Some(answer.with("gitlab-container-registry-version", VERSION));
        }
        if asked.path.starts_with("/api/") {
            return Some(self.product(asked));
        }
        if !asked.path.starts_with("/v2/") {
            self.odd(asked);
            return Some(Answer::of(404));
        }
        if asked.path.contains("/referrers/") {
            // Without asking for a sign-in.
            return Some(Answer::page(404, "404 page not found"));
        }
        let needs = needs(asked);
        let refused = self.with(|state| state.tokens.refuses(asked, &needs, &bearer));
        refused.or_else(|| self.refuses(asked))
    }

    fn odd(&self, asked: &Asked<'_>) {
        let query = asked.query;
        self.violations
            .note(format!("{} {}?{query}", asked.method, asked.path));
    }

    fn token(&self, asked: &Asked<'_>) -> Answer {
        if asked.method != "GET" || asked.fields("service") != ["container_registry"] {
            self.odd(asked);
            return Answer::of(404);
        }
        if !asked.authorization.is_empty() && !asked.is_user(USER, SECRET) {
            return error(401, "UNAUTHORIZED", "HTTP Basic: Access denied");
        }
        let is_someone = !asked.authorization.is_empty();
        let token = self.with(|state| {
            let may = |scope: &String| {
                let is_plain = !scope.contains('*') && scope.starts_with("repository:");
                is_someone && (is_plain || !state.is_narrow)
            };
            let granted: Vec<String> = scopes(asked).into_iter().filter(may).collect();
            state.tokens.give(&granted)
        });
        Answer::json(json!({"token": token}))
    }

    /// Answers what this registry alone refuses.
    fn refuses(&self, asked: &Asked<'_>) -> Option<Answer> {
        let (name, at) = asked.path["/v2/".len()..].split_once("/manifests/")?;
        if self.with(|state| state.without_database) {
            return None;
        }
        if asked.method == "PUT" {
            let manifest: Value = serde_json::from_slice(asked.body).unwrap_or_default();
            let types = [&manifest["artifactType"], &manifest["config"]["mediaType"]];
            let mut types = types.into_iter().filter_map(Value::as_str);
            if let Some(odd) = types.find(|it| !KNOWN.contains(it)) {
                let why = format!("unknown media type: {odd}");
                return Some(error(400, "MANIFEST_INVALID", &why));
            }
            if manifest["manifests"].as_array().is_some_and(Vec::is_empty) {
                return Some(error(500, "UNKNOWN", "unknown error"));
            }
        }
        if asked.method == "DELETE" && at.contains(':') {
            let mut all = asked.hand.digests(name).into_iter();
            let is_child = all.any(|digest| {
                let bytes = asked.hand.manifest(name, &digest).unwrap_or_default();
                let index: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                let mut children = index["manifests"].as_array().into_iter().flatten();
                children.any(|child| child["digest"] == at)
            });
            return is_child.then(|| {
                error(
                    409,
                    "MANIFEST_REFERENCED",
                    "manifest referenced by an index",
                )
            });
        }
        None
    }

    fn interface(&self, asked: &Asked<'_>, bearer: &str) -> Answer {
        if self.with(|state| state.without_database) {
            return Answer::of(404);
        }
        let Some(path) = asked
            .path
            .strip_prefix(API)
            .filter(|path| path.ends_with('/'))
        else {
            // A path without its slash at the end leads elsewhere.
            self.odd(asked);
            return Answer::of(404);
        };
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        let tags = path
            .strip_prefix("/repositories/")
            .and_then(|rest| rest.strip_suffix("/tags/list/"));
        let below = path
            .strip_prefix("/repository-paths/")
            .and_then(|rest| rest.strip_suffix("/repositories/list/"));
        let mut needs = Vec::new();
        needs.extend(tags.or(below).map(|name| format!("repository:{name}:pull")));
        needs.extend(below.map(|name| format!("repository:{name}/*:pull")));
        let refused = self.with(|state| state.tokens.refuses(asked, &needs, bearer));
        if let Some(refused) = refused {
            return refused;
        }
        match (asked.method, tags, below) {
            ("GET", Some(name), _) => self.tags(asked, name),
            ("GET", _, Some(name)) => self.below(asked, name),
            ("GET", None, None) if path == "/" => Answer::json("{}"),
            _ => {
                self.odd(asked);
                Answer::page(404, "404 page not found")
            }
        }
    }

    fn tags(&self, asked: &Asked<'_>, name: &str) -> Answer {
        let Some(tags) = asked.hand.tags(name) else {
            return error(404, "NAME_UNKNOWN", "repository name not known to registry");
        };
        if !self.knows(asked, &["n", "last", "before", "sort", "referrers"]) {
            return error(400, "INVALID_QUERY_PARAMETER_VALUE", "invalid value");
        }
        let sorted = asked.fields("sort");
        let sort = sorted.first().map_or("name", String::as_str);
        if sort != "-published_at" {
            // The others are known to the real one; nothing here asks for them.
            self.odd(asked);
        }
        let mut rows: Vec<(i64, String, String)> = self.with(|state| {
            state.pushes.notice(asked.hand, &asked.hand.repositories());
            let rows = tags.into_iter().map(|(tag, digest)| {
                let at = state.pushes.of_tag(name, &tag).unwrap_or_default();
                (at, tag, digest)
            });
            rows.collect()
        });
        rows.sort();
        rows.reverse();
        let marker =
            |(at, tag, _): &(i64, String, String)| STANDARD.encode(format!("{}|{tag}", time(*at)));
        let last = asked.fields("last").into_iter().next();
        let begin = match &last {
            None => Some(0),
            Some(last) => rows
                .iter()
                .position(|row| marker(row) == *last)
                .map(|at| at + 1),
        };
        let Some(begin) = begin else {
            self.odd(asked);
            return error(400, "INVALID_QUERY_PARAMETER_VALUE", "invalid value");
        };
        let Some(count) = self.count(asked) else {
            return error(400, "INVALID_QUERY_PARAMETER_VALUE", "invalid value");
        };
        let page: Vec<_> = rows.iter().skip(begin).take(count).collect();
        let link = |last: &str, more: &str| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query
                .append_pair(more, last)
                .append_pair("n", &count.to_string());
            query.append_pair("sort", sort);
            format!("<{}?{}>", asked.path, query.finish())
        };
        let mut links = Vec::new();
        if let (true, Some(first)) = (begin > 0, page.first()) {
            links.push(format!(
                "{}; rel=\"previous\"",
                link(&marker(first), "before")
            ));
        }
        if let (true, Some(last)) = (begin + count < rows.len(), page.last()) {
            links.push(format!("{}; rel=\"next\"", link(&marker(last), "last")));
        }
        let shown = page.iter().map(|(at, tag, digest)| {
            let bytes = asked.hand.manifest(name, digest).unwrap_or_default();
            tag_of(tag, digest, &bytes, *at)
        });
        let answer = Answer::json(Value::from(shown.collect::<Vec<_>>()));
        if links.is_empty() {
            answer
        } else {
            answer.with("link", links.join(", "))
        }
    }

    fn below(&self, asked: &Asked<'_>, name: &str) -> Answer {
        if !self.knows(asked, &["n", "last"]) {
            return error(400, "INVALID_QUERY_PARAMETER_VALUE", "invalid value");
        }
        let Some(count) = self.count(asked) else {
            return error(400, "INVALID_QUERY_PARAMETER_VALUE", "invalid value");
        };
        let top = name.split('/').next().unwrap_or(name);
        let all = asked.hand.repositories();
        let is_below = |path: &String, of: &str| {
            path.strip_prefix(of)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if !all.iter().any(|path| is_below(path, top)) {
            return error(404, "NAME_UNKNOWN", "repository name not known to registry");
        }
        let last = asked.fields("last").into_iter().next().unwrap_or_default();
        let mut rows: Vec<String> = all
            .into_iter()
            .filter(|path| is_below(path, name) && *path > last)
            .filter(|path| asked.hand.tags(path).is_some_and(|tags| !tags.is_empty()))
            .collect();
        rows.truncate(count);
        let shown = rows.iter().map(|path| {
            let name = path.rsplit('/').next();
            json!({"name": name, "path": path, "created_at": time(1_780_000_000)})
        });
        let answer = Answer::json(Value::from(shown.collect::<Vec<_>>()));
        // A full page has a link, even where it was the last.
        match rows.last().filter(|_| rows.len() == count) {
            Some(last) => {
                let mut query = form_urlencoded::Serializer::new(String::new());
                query
                    .append_pair("last", last)
                    .append_pair("n", &count.to_string());
                let link = format!("<{}?{}>; rel=\"next\"", asked.path, query.finish());
                answer.with("link", link)
            }
            None => answer,
        }
    }

    fn knows(&self, asked: &Asked<'_>, known: &[&str]) -> bool {
        let mut keys = form_urlencoded::parse(asked.query.as_bytes());
        let is_known = keys.all(|(key, _)| known.contains(&key.as_ref()));
        if !is_known {
            self.odd(asked);
        }
        is_known
    }

    fn count(&self, asked: &Asked<'_>) -> Option<usize> {
        let field = asked.fields("n").into_iter().next();
        let count = field.map_or(Some(100), |text| text.parse().ok());
        let count = count.filter(|count| (1..=1000).contains(count));
        if count.is_none() {
            self.odd(asked);
        }
        count
    }
}

/// A tag, as the interface tells it.
fn tag_of(tag: &str, digest: &str, bytes: &[u8], at: i64) -> Value {
    let manifest: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let size = |part: &Value| part["size"].as_u64().unwrap_or_default();
    let layers = manifest["layers"].as_array().map_or(&[][..], Vec::as_slice);
    let kind = manifest["mediaType"].as_str().unwrap_or(KNOWN[0]);
    let mut told = json!({
        "name": tag, "digest": digest, "media_type": kind,
        "size_bytes": layers.iter().map(size).sum::<u64>() + size(&manifest["config"]),
        "created_at": time(at - 3600), "updated_at": time(at), "published_at": time(at),
    });
    if let Some(config) = manifest["config"]["digest"].as_str() {
        told["config_digest"] = config.into();
    }
    told
}
