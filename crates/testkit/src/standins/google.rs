//! Google's Artifact Registry, as `pkg/v1/google/list.go` of go-containerregistry reads it: under a name of Google's, over TLS, its list
//! of tags with the manifests and with what is below a prefix.
//!
//! It is met under its name by whoever goes through a proxy that knows it, and trusts the authority here. What the real one says to a
//! question for the catalog isn't known: here there is none.

use super::Violations;
use super::pushes::Pushes;
use super::tokens::{Tokens, error, needs, scopes};
use crate::parts::{Certificates, Proxy};
use crate::scripted::{Answer, Asked, Scripted};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The name it is met under.
pub const HOST: &str = "europe-west1-docker.pkg.dev";
/// The user of everybody who signs in with a token of Google's.
pub const USER: &str = "oauth2accesstoken";
/// That token.
pub const SECRET: &str = "correct-horse-battery-staple";
/// Who signs in to the proxy before it, and with what.
pub const PROXY: (&str, &str) = ("proxy-user", "proxy-secret-of-the-lab");

/// A registry of Google's that is played; it ends when it is dropped.
pub struct Google {
    /// The registry, whose content others change.
    pub registry: Scripted,
    /// The proxy that knows it.
    pub proxy: Proxy,
    /// The authority that vouches for it (PEM).
    pub authority: String,
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
    /// Numbers are numbers, and not texts.
    has_numbers: bool,
    /// It only bears the name, and adds nothing.
    is_plain: bool,
}

impl Google {
    /// Starts one with nothing in it.
    pub async fn start() -> Result<Self> {
        let made = Certificates::for_name(HOST)?;
        let registry = Scripted::start_tls(&made.certificate, &made.key).await?;
        let known = format!("{HOST}:443");
        let proxy = Proxy::before(PROXY, &known, &registry.host()).await?;
        let played = Arc::new(Played::default());
        let playing = Arc::clone(&played);
        registry.script(move |asked| playing.answer(asked));
        let authority = made.ca;
        Ok(Self {
            registry,
            proxy,
            authority,
            played,
        })
    }

    /// Returns what it was asked that Google's would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Tells numbers as numbers.
    pub fn number(&self) {
        self.played.with(|state| state.has_numbers = true);
    }

    /// Adds nothing to its lists of tags.
    pub fn be_plain(&self) {
        self.played.with(|state| state.is_plain = true);
    }

    /// Has every token that was given end now.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.tokens.expire());
    }

    /// Returns when a manifest was uploaded, as its list tells it (seconds, UTC).
    pub fn uploaded(&self, repository: &str, digest: &str) -> Option<i64> {
        self.played
            .with(|state| state.pushes.of_manifest(repository, digest))
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        if asked.path == "/v2/token" {
            return Some(self.token(asked));
        }
        if !asked.path.starts_with("/v2/") || asked.header("host") != HOST {
            self.odd(asked);
            return Some(Answer::page(404, "<html>"));
        }
        let bearer = format!("Bearer realm=\"https://{HOST}/v2/token\",service=\"{HOST}\"");
        let needs = needs(asked);
        if let Some(refused) = self.with(|state| state.tokens.refuses(asked, &needs, &bearer)) {
            return Some(refused);
        }
        if asked.path == "/v2/_catalog" {
            return Some(error(404, "NAME_UNKNOWN", "no catalog"));
        }
        let name = asked.path["/v2/".len()..].strip_suffix("/tags/list")?;
        (asked.method == "GET" && !self.with(|state| state.is_plain))
            .then(|| self.tags(asked, name))
    }

    fn odd(&self, asked: &Asked<'_>) {
        let (host, query) = (asked.header("host"), asked.query);
        self.violations
            .note(format!("{} {host}{}?{query}", asked.method, asked.path));
    }

    fn token(&self, asked: &Asked<'_>) -> Answer {
        let is_asked_so = asked.method == "GET" && asked.fields("service") == [HOST];
        if !is_asked_so {
            self.odd(asked);
            return Answer::of(400);
        }
        if !asked.is_user(USER, SECRET) {
            return error(401, "UNAUTHORIZED", "failed authentication");
        }
        let token = self.with(|state| state.tokens.give(&scopes(asked)));
        Answer::json(json!({"token": token, "expires_in": 3600}))
    }

    /// Answers with the tags of a repository, or with what is directly below a prefix. All of it, whatever number was asked for.
    fn tags(&self, asked: &Asked<'_>, name: &str) -> Answer {
        let below = format!("{name}/");
        let all = asked.hand.repositories();
        let rest = all.iter().filter_map(|path| path.strip_prefix(&below));
        let children: BTreeSet<&str> = rest.filter_map(|rest| rest.split('/').next()).collect();
        let tags = asked.hand.tags(name);
        if tags.is_none() && children.is_empty() {
            return error(404, "NAME_UNKNOWN", "Repository not found");
        }
        let tags = tags.unwrap_or_default();
        let mut manifests = serde_json::Map::new();
        for digest in asked.hand.digests(name) {
            let bytes = asked.hand.manifest(name, &digest).unwrap_or_default();
            let own = tags.iter().filter(|(_, of)| *of == digest);
            let own: Vec<&str> = own.map(|(tag, _)| tag.as_str()).collect();
            let (at, has_numbers) = self.with(|state| {
                state.pushes.notice(asked.hand, &[name.to_owned()]);
                let at = state.pushes.of_manifest(name, &digest);
                (at.unwrap_or_default(), state.has_numbers)
            });
            manifests.insert(digest, manifest_of(&bytes, &own, at, has_numbers));
        }
        let names: Vec<&str> = tags.iter().map(|(tag, _)| tag.as_str()).collect();
        Answer::json(json!({"child": children, "manifest": manifests, "name": name, "tags": names}))
    }
}

fn manifest_of(bytes: &[u8], tags: &[&str], at: i64, has_numbers: bool) -> Value {
    let manifest: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let size = |part: &Value| part["size"].as_i64().unwrap_or_default();
    let layers = manifest["layers"].as_array().map_or(&[][..], Vec::as_slice);
    let whole = size(&manifest["config"]) + layers.iter().map(size).sum::<i64>();
    let number = |number: i64| {
        if has_numbers {
            Value::from(number)
        } else {
            Value::from(number.to_string())
        }
    };
    json!({
        "imageSizeBytes": number(whole), "mediaType": manifest["mediaType"], "layerId": "", "tag": tags,
        "timeCreatedMs": number(-62_135_596_800_000), "timeUploadedMs": number(at * 1000 + 123),
    })
}
