//! Gitea, as 1.28-dev and one of 2024 answered when they were asked (`servers.md`, section 3 and points 1, 3, 4, 5, 7 and 8 above it):
//! tokens, tags in small letters, commits that go with their last tag, and the list of an owner's packages.

use super::Violations;
use super::harbor::{now, time};
use crate::scripted::{Answer, Asked, Links, Scripted};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Who may sign in, and sees everything.
pub const USER: &str = "demo";
/// Their secret.
pub const SECRET: &str = "correct-horse-battery-staple";
/// Who pushes what others push.
pub const PUSHER: &str = "carol";
/// How long before the first question what was there by then was pushed (seconds); a minute between each and the next.
const BEFORE: i64 = 30 * 86_400;
/// The most rows of a page (`MAX_RESPONSE_ITEMS`).
const PAGE: usize = 50;
const API: &str = "/api/v1/";

/// A Gitea that is played; it ends when it is dropped.
pub struct Gitea {
    /// The registry, whose content others change.
    pub registry: Scripted,
    played: Arc<Played>,
}

#[derive(Default)]
struct Played {
    violations: Violations,
    state: Mutex<State>,
}

/// A tag of a repository, or a commit in it.
type Key = (String, String);

#[derive(Default)]
struct State {
    /// What each tag pointed at when it was last looked at here.
    tags: BTreeMap<Key, String>,
    /// When each was pushed last, and in which row that is.
    rows: BTreeMap<Key, (i64, i64)>,
    /// How many rows there ever were.
    made: i64,
    /// What tags pointed at before somebody pushed to them here.
    overwritten: Vec<Key>,
    /// Commits that are there by their digest alone.
    by_digest: BTreeSet<Key>,
    /// It is the one of 2024.
    is_old: bool,
    /// What every question to the interface is answered by, where it is broken.
    broken: Option<Answer>,
    /// How often all tokens that were given have ended.
    expired: u32,
}

impl Gitea {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        registry.set(|faults| {
            faults.fold_case = true;
            faults.links = Links::OnTheLastToo;
        });
        let played = Arc::new(Played::default());
        let (host, playing) = (registry.host(), Arc::clone(&played));
        registry.script(move |asked| playing.answer(&host, asked));
        Ok(Self { registry, played })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> String {
        self.registry.host()
    }

    /// Returns what it was asked that Gitea would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Makes it the one of 2024.
    pub fn is_old(&self) {
        self.played.with(|state| state.is_old = true);
    }

    /// Has every question to the interface answered so.
    pub fn break_interface(&self, answer: Option<Answer>) {
        self.played.with(|state| state.broken = answer);
    }

    /// Has every token that was given end now.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.expired += 1);
    }

    /// Pushes the same bytes to a tag once more, which is a new row.
    pub fn push_again(&self, repository: &str, tag: &str) {
        self.played
            .with(|state| state.push((repository.to_owned(), tag.to_owned()), now()));
    }

    /// Pushes a small image by its digest alone.
    pub fn push_by_digest(&self, repository: &str, text: &str) -> String {
        let digest = self.registry.push_image(repository, "passing", text);
        let bytes = self.registry.manifest(repository, &digest);
        self.registry.drop_manifest(repository, "passing");
        let kind = crate::images::MANIFEST;
        let bytes = bytes.unwrap_or_default();
        self.registry.put_manifest(repository, None, kind, &bytes);
        self.played.with(|state| {
            let key = (repository.to_owned(), digest.clone());
            state.by_digest.insert(key.clone());
            state.push(key, now());
        });
        digest
    }

    /// Returns when a tag was pushed last, as the interface tells it (seconds, UTC).
    pub fn pushed(&self, repository: &str, tag: &str) -> Option<i64> {
        let key = (repository.to_owned(), tag.to_owned());
        self.played
            .with(|state| state.rows.get(&key).map(|(at, _)| *at))
    }
}

impl State {
    fn push(&mut self, key: Key, at: i64) {
        self.made += 1;
        self.rows.insert(key, (at, self.made));
    }

    /// Takes a push that is under way: the same bytes are a new row as well.
    fn put(&mut self, name: &str, reference: &str, digest: String) {
        let key = (name.to_owned(), reference.to_lowercase());
        self.push(key.clone(), now());
        if reference.contains(':') {
            self.by_digest.insert(key);
        } else if let Some(old) = self.tags.insert(key, digest) {
            self.overwritten.push((name.to_owned(), old));
        }
    }

    /// Takes what is there, what was there at the first question as pushed a minute apart and long before; and returns what has lost
    /// its last tag: repository and digest each.
    fn notice(&mut self, there: BTreeMap<Key, String>, now: i64) -> Vec<Key> {
        let is_first = self.tags.is_empty();
        let mut at = if is_first { now - BEFORE } else { now };
        let before = std::mem::replace(&mut self.tags, there);
        let fresh: Vec<Key> = self
            .tags
            .iter()
            .filter(|(key, digest)| before.get(*key) != Some(*digest))
            .map(|(key, _)| key.clone())
            .collect();
        for key in fresh {
            self.push(key, at);
            if is_first {
                at += 60;
            }
        }
        let (tags, by_digest) = (&self.tags, &self.by_digest);
        self.rows
            .retain(|key, _| tags.contains_key(key) || by_digest.contains(key));
        let named: BTreeSet<(&String, &String)> =
            tags.iter().map(|((of, _), at)| (of, at)).collect();
        let commits = before.into_iter().map(|((of, _), digest)| (of, digest));
        commits
            .chain(std::mem::take(&mut self.overwritten))
            .filter(|key| !named.contains(&(&key.0, &key.1)) && !by_digest.contains(key))
            .collect()
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        self.notice_pushes(asked);
        if asked.path == "/v2/token" {
            return Some(self.token(host, asked));
        }
        if asked.path.starts_with(API) {
            return Some(self.interface(host, asked));
        }
        if !asked.path.starts_with("/v2/") {
            self.violations
                .note(format!("{} {}", asked.method, asked.path));
            return Some(Answer::of(404));
        }
        self.protocol(host, asked)
    }

    /// Returns the token that is good now.
    fn good(&self) -> String {
        self.with(|state| format!("right-{}", state.expired))
    }

    fn notice_pushes(&self, asked: &Asked<'_>) {
        let mut there: BTreeMap<Key, String> = BTreeMap::new();
        for repository in asked.hand.repositories() {
            for (tag, digest) in asked.hand.tags(&repository).unwrap_or_default() {
                there.insert((repository.clone(), tag), digest);
            }
        }
        let gone = self.with(|state| state.notice(there, now()));
        for (repository, digest) in gone {
            asked.hand.drop_manifest(&repository, &digest);
        }
    }

    /// Gives a token to whoever signs in rightly, whatever scope they name, and to nobody one that is good for what everybody may see: here that is nothing.
    fn token(&self, host: &str, asked: &Asked<'_>) -> Answer {
        if asked.method != "GET" {
            self.violations
                .note(format!("{} {}", asked.method, asked.path));
            return Answer::of(404);
        }
        if asked.authorization.is_empty() {
            return Answer::json(json!({"token": "nobody"}));
        }
        if asked.is_user(USER, SECRET) {
            return Answer::json(json!({"token": self.good()}));
        }
        if self.with(|state| state.is_old) {
            return Answer::of(401).with("content-type", "text/plain");
        }
        unauthorized(host)
    }

    fn protocol(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        let may = asked.token() == self.good() || asked.is_user(USER, SECRET);
        if !may {
            let wrong = asked.authorization.starts_with("Basic ");
            if wrong && self.with(|state| state.is_old) {
                return Some(Answer::of(401).with("content-type", "text/plain"));
            }
            return Some(unauthorized(host));
        }
        if let Some((name, reference)) = asked.path["/v2/".len()..].split_once("/manifests/") {
            if !name.contains('/') {
                return Some(Answer::of(404));
            }
            match asked.method {
                "PUT" => {
                    let digest = crate::images::digest(asked.body);
                    self.with(|state| state.put(name, reference, digest));
                }
                "DELETE" => {
                    let key = (name.to_owned(), reference.to_owned());
                    self.with(|state| state.by_digest.remove(&key));
                }
                _ => {}
            }
        }
        None
    }

    fn interface(&self, host: &str, asked: &Asked<'_>) -> Answer {
        let path = &asked.path[API.len()..];
        if path == "version" && asked.method == "GET" {
            return Answer::json(json!({"version": "1.28.0+dev-120-g7c629e1ba7"}));
        }
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        if !asked.token().is_empty() {
            self.violations
                .note(format!("a token of the registry: {}", asked.path));
        }
        if !asked.is_user(USER, SECRET) {
            return Answer::json(json!({"message": "token is required"})).with_status(401);
        }
        let segments: Vec<&str> = path.split('/').collect();
        if let ("GET", ["packages", owner]) = (asked.method, segments.as_slice()) {
            return self.packages(host, asked, owner);
        }
        self.violations
            .note(format!("{} {}", asked.method, asked.path));
        Answer::json(json!({"message": "not found"})).with_status(404)
    }

    fn packages(&self, host: &str, asked: &Asked<'_>, owner: &str) -> Answer {
        let known = ["type", "q", "page", "limit"];
        let mut keys = asked
            .query
            .split('&')
            .filter_map(|pair| pair.split('=').next());
        if let Some(odd) = keys.find(|key| !known.contains(key)) {
            self.violations.note(format!("?{odd}= {}", asked.path));
        }
        if asked.fields("type") != ["container"] {
            self.violations.note(format!("?{}", asked.query));
        }
        let under = format!("{owner}/");
        let owners = asked.hand.repositories();
        if !owners.iter().any(|name| name.starts_with(&under)) {
            let message = format!("user redirect does not exist [name: {owner}]");
            return Answer::json(json!({"message": message})).with_status(404);
        }
        let text = asked.fields("q").into_iter().next().unwrap_or_default();
        let mut rows: Vec<(i64, i64, Key)> = self.with(|state| {
            let all = state.rows.iter();
            all.map(|(key, (at, row))| (*at, *row, key.clone()))
                .collect()
        });
        rows.retain(|(_, _, (name, _))| {
            name.strip_prefix(&under)
                .is_some_and(|name| name.contains(&text.to_lowercase()))
        });
        // The last that was pushed first.
        rows.sort_by_key(|(at, row, _)| std::cmp::Reverse((*at, *row)));
        let number = |name| {
            let field = asked.fields(name).into_iter().next();
            field.and_then(|text| text.parse::<usize>().ok())
        };
        let (page, limit) = (
            number("page").unwrap_or(1).max(1),
            number("limit").unwrap_or(30),
        );
        let (size, total) = (limit.clamp(1, PAGE), rows.len());
        let shown = rows.into_iter().skip((page - 1) * size).take(size);
        let shown: Vec<Value> = shown.map(|row| package(host, owner, row)).collect();
        let answer = Answer::json(Value::from(shown)).with("x-total-count", total.to_string());
        let last = total.div_ceil(size).max(1);
        match links(host, asked, page, last) {
            Some(links) => answer.with("link", links),
            None => answer,
        }
    }
}

/// Makes the links to other pages, as Gitea writes them: whole addresses, and nothing between two but a comma.
fn links(host: &str, asked: &Asked<'_>, page: usize, last: usize) -> Option<String> {
    let rest: Vec<&str> = asked
        .query
        .split('&')
        .filter(|pair| !pair.starts_with("page="))
        .collect();
    let link = |page: usize, rel: &str| {
        let (path, rest) = (asked.path, rest.join("&"));
        format!("<http://{host}{path}?page={page}&{rest}>; rel=\"{rel}\"")
    };
    let mut links = Vec::new();
    if page < last {
        links.push(link(page + 1, "next"));
        links.push(link(last, "last"));
    }
    if page > 1 {
        links.push(link(1, "first"));
        links.push(link(page - 1, "prev"));
    }
    (!links.is_empty()).then(|| links.join(","))
}

/// Makes a row.
fn package(host: &str, owner: &str, (at, row, (name, version)): (i64, i64, Key)) -> Value {
    let name = name.split_once('/').map_or("", |(_, name)| name);
    let person = |login: &str| json!({"id": 1, "login": login, "full_name": "", "email": ""});
    let path = name.replace('/', "%2F");
    json!({
        "id": row, "owner": person(owner), "repository": null, "creator": person(PUSHER), "type": "container",
        "name": name, "version": version, "created_at": time(at).replace(".000Z", "Z"),
        "html_url": format!("http://{host}/{owner}/-/packages/container/{path}/{version}"),
    })
}

fn unauthorized(host: &str) -> Answer {
    let challenge = format!(
        "Bearer realm=\"http://{host}/v2/token\",service=\"container_registry\",scope=\"*\""
    );
    let body = json!({"errors": [{"code": "UNAUTHORIZED", "message": ""}]});
    Answer::json(body)
        .with_status(401)
        .with("www-authenticate", challenge)
}
