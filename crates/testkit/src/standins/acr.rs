//! Azure's registry, as Azure's own client was answered in March 2023 (recordings of `sdk/containerregistry` in azure-sdk-for-js): tokens
//! by scope, the lists of tags and of manifests, and the deletion of a tag that leaves its commit.
//!
//! What `DELETE /v2/N/manifests/TAG` does to a tag is documented nowhere: whoever asks for it is refused, and noted.

use super::Violations;
use super::pushes::{Pushes, time};
use super::tokens::{Tokens, error, needs, scopes};
use crate::scripted::{Answer, Asked, Scripted};
use anyhow::Result;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use url::form_urlencoded;

/// Who may sign in, and sees everything.
pub const USER: &str = "demo";
/// Their secret.
pub const SECRET: &str = "correct-horse-battery-staple";
/// The user that `az acr login` signs in as, with a token in place of a secret.
pub const NOBODY: &str = "00000000-0000-0000-0000-000000000000";
/// That token.
pub const REFRESH_TOKEN: &str = "header.eyJncmFudF90eXBlIjoicmVmcmVzaF90b2tlbiJ9.signature";
/// The most entries of a page.
const PAGE: usize = 1000;

/// An Azure registry that is played; it ends when it is dropped.
pub struct Acr {
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
    /// Who signs in may pull, and nothing else is said to them.
    only_pulls: bool,
    /// Tags that may not be deleted.
    locked: Vec<String>,
    /// What every question to the interface is answered by, where it is broken.
    broken: Option<Answer>,
}

impl Acr {
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

    /// Returns what it was asked that Azure's would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Makes the account one that may only pull.
    pub fn only_pulls(&self) {
        self.played.with(|state| state.only_pulls = true);
    }

    /// Locks a tag.
    pub fn lock(&self, tag: &str) {
        self.played.with(|state| state.locked.push(tag.to_owned()));
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
        if asked.path == "/oauth2/token" {
            return Some(self.token(host, asked));
        }
        let bearer = format!("Bearer realm=\"http://{host}/oauth2/token\",service=\"{host}\"");
        if let Some(path) = asked.path.strip_prefix("/acr/v1/") {
            return Some(self.interface(host, asked, path, &bearer));
        }
        if !asked.path.starts_with("/v2/") {
            self.odd(asked);
            return Some(Answer::of(404));
        }
        let needs = needs(asked);
        if !asked.is_user(USER, SECRET)
            && let Some(refused) = self.with(|state| state.tokens.refuses(asked, &needs, &bearer))
        {
            return Some(refused);
        }
        let (name, at) = asked.path["/v2/".len()..].split_once("/manifests/")?;
        if asked.method == "DELETE" && !at.contains(':') {
            if asked.hand.manifest_of(name, at).is_some() {
                self.odd(asked);
                return Some(error(405, "UNSUPPORTED", "The operation is unsupported."));
            }
            return Some(error(404, "MANIFEST_UNKNOWN", "manifest is not found"));
        }
        None
    }

    fn odd(&self, asked: &Asked<'_>) {
        let query = asked.query;
        self.violations
            .note(format!("{} {}?{query}", asked.method, asked.path));
    }

    fn token(&self, host: &str, asked: &Asked<'_>) -> Answer {
        let is_someone = asked.is_user(USER, SECRET) || asked.is_user(NOBODY, REFRESH_TOKEN);
        let is_asked_so = asked.method == "GET" && asked.fields("service") == [host];
        if !is_asked_so {
            self.odd(asked);
            return error(400, "BAD_REQUEST", "invalid request");
        }
        if !is_someone {
            return error(401, "UNAUTHORIZED", "Application not registered with AAD.");
        }
        let token = self.with(|state| {
            let may = |scope: &String| !state.only_pulls || scope.ends_with(":pull");
            let granted: Vec<String> = scopes(asked).into_iter().filter(may).collect();
            state.tokens.give(&granted)
        });
        Answer::json(json!({"access_token": token}))
    }

    fn interface(&self, host: &str, asked: &Asked<'_>, path: &str, bearer: &str) -> Answer {
        let Some((name, rest)) = path.split_once("/_") else {
            // Names of repositories are the catalog's to list.
            self.odd(asked);
            return error(404, "NAME_UNKNOWN", "repository is not found");
        };
        let action = match (asked.method, rest.split_once('/')) {
            ("GET", None) => "metadata_read",
            ("DELETE", Some(("tags", _))) => "delete",
            _ => {
                self.odd(asked);
                return Answer::of(405);
            }
        };
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        let needs = [format!("repository:{name}:{action}")];
        if !asked.is_user(USER, SECRET)
            && let Some(refused) = self.with(|state| state.tokens.refuses(asked, &needs, bearer))
        {
            return refused;
        }
        let Some(tags) = asked.hand.tags(name) else {
            return error(404, "NAME_UNKNOWN", "repository name not known to registry");
        };
        self.with(|state| state.pushes.notice(asked.hand, &[name.to_owned()]));
        match rest.split_once('/') {
            Some((_, tag)) => self.delete(asked, name, tag),
            None if rest == "tags" => {
                let rows = tags.iter().map(|(tag, digest)| {
                    let at = self.with(|state| state.pushes.of_tag(name, tag));
                    (at.unwrap_or_default(), tag.clone(), tag_of(tag, digest, at))
                });
                self.page(host, asked, name, "tags", rows.collect())
            }
            None if rest == "manifests" => {
                let rows = asked.hand.digests(name).into_iter().map(|digest| {
                    let at = self.with(|state| state.pushes.of_manifest(name, &digest));
                    let bytes = asked.hand.manifest(name, &digest).unwrap_or_default();
                    let row = manifest_of(&digest, &bytes, &tags, at);
                    (at.unwrap_or_default(), digest, row)
                });
                self.page(host, asked, name, "manifests", rows.collect())
            }
            None => {
                self.odd(asked);
                Answer::of(404)
            }
        }
    }

    fn delete(&self, asked: &Asked<'_>, name: &str, tag: &str) -> Answer {
        if asked.hand.manifest_of(name, tag).is_none() {
            return error(404, "TAG_UNKNOWN", "the specified tag does not exist");
        }
        if self.with(|state| state.locked.iter().any(|locked| locked == tag)) {
            return error(
                405,
                "UNSUPPORTED",
                "The operation is disallowed on this registry",
            );
        }
        asked.hand.drop_manifest(name, tag);
        Answer::of(202)
    }

    /// Answers with a page, the newest first.
    fn page(
        &self,
        host: &str,
        asked: &Asked<'_>,
        name: &str,
        key: &str,
        mut rows: Vec<(i64, String, Value)>,
    ) -> Answer {
        let known = ["n", "last", "orderby", "api-version"];
        let mut keys = form_urlencoded::parse(asked.query.as_bytes());
        let is_known = keys.all(|(key, _)| known.contains(&key.as_ref()));
        let count = asked.fields("n").into_iter().next();
        let count = count.map_or(Some(100), |text| text.parse().ok());
        let count = count.filter(|count| (1..=PAGE).contains(count));
        let (true, Some(count)) = (is_known && asked.fields("orderby") == ["timedesc"], count)
        else {
            self.odd(asked);
            return error(400, "BAD_REQUEST", "invalid query");
        };
        rows.sort_by(|one, other| (other.0, &other.1).cmp(&(one.0, &one.1)));
        let last = asked.fields("last").into_iter().next();
        let begin = last.and_then(|last| rows.iter().position(|(_, id, _)| *id == last));
        let begin = begin.map_or(0, |at| at + 1);
        let has_more = begin + count < rows.len();
        let page: Vec<(i64, String, Value)> = rows.into_iter().skip(begin).take(count).collect();
        let last = page.last().map(|(_, id, _)| id.clone());
        let shown: Vec<Value> = page.into_iter().map(|(_, _, row)| row).collect();
        let mut body = json!({"registry": host, "imageName": name});
        // Nothing is no list.
        if !shown.is_empty() {
            body[key] = shown.into();
        }
        let answer = Answer::json(body);
        match last.filter(|_| has_more) {
            Some(last) => {
                let mut query = form_urlencoded::Serializer::new(String::new());
                query
                    .append_pair("last", &last)
                    .append_pair("n", &count.to_string());
                query.append_pair("orderby", "timedesc");
                let path = asked.path.replacen(name, &name.replace('/', "%2F"), 1);
                answer.with("link", format!("<{path}?{}>; rel=\"next\"", query.finish()))
            }
            None => answer,
        }
    }
}

const MAY: [&str; 4] = [
    "deleteEnabled",
    "writeEnabled",
    "readEnabled",
    "listEnabled",
];

fn attributes() -> Value {
    MAY.iter()
        .map(|may| ((*may).to_owned(), Value::Bool(true)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A tag, as the interface tells it: with seven digits of a second.
fn tag_of(tag: &str, digest: &str, at: Option<i64>) -> Value {
    let at = precise(at);
    json!({
        "name": tag, "digest": digest, "createdTime": at, "lastUpdateTime": at, "signed": false,
        "changeableAttributes": attributes(),
    })
}

/// A manifest, as the interface tells it; an index runs on nothing.
fn manifest_of(digest: &str, bytes: &[u8], tags: &[(String, String)], at: Option<i64>) -> Value {
    let manifest: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let size = |part: &Value| part["size"].as_u64().unwrap_or_default();
    let layers = manifest["layers"].as_array().map_or(&[][..], Vec::as_slice);
    let whole = size(&manifest["config"]) + layers.iter().map(size).sum::<u64>();
    let at = precise(at);
    let mut told = json!({
        "digest": digest, "imageSize": whole + bytes.len() as u64, "createdTime": at, "lastUpdateTime": at,
        "mediaType": manifest["mediaType"], "changeableAttributes": attributes(),
    });
    if manifest["manifests"].is_null() {
        (told["architecture"], told["os"]) = ("amd64".into(), "linux".into());
    }
    let own = tags.iter().filter(|(_, of)| of == digest);
    let own: Vec<&str> = own.map(|(tag, _)| tag.as_str()).collect();
    // What has no tag has no list of them.
    if !own.is_empty() {
        told["tags"] = own.into();
    }
    told
}

fn precise(at: Option<i64>) -> String {
    time(at.unwrap_or_default()).replace('Z', ".5864993Z")
}
