//! Harbor, as core 2.15.2 answered when it was asked (`servers.md`, section 5 and points 3, 4, 6, 13 and 16 above it), as far as the app
//! asks it today: tokens, the catalog that is the administrator's alone, repositories and their words, artifacts with their tags and without
//! one, and the deletion of a tag; and what a project is, and what signs a commit, as its source says (c50c7dd).

use super::Violations;
use crate::scripted::{Answer, Asked, Scripted};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Who may sign in, and sees everything.
pub const USER: &str = "demo";
/// Their secret.
pub const SECRET: &str = "correct-horse-battery-staple";
/// How long before the first question what was there by then was pushed (seconds); a minute between each and the next.
const BEFORE: i64 = 30 * 86_400;
/// The most entries of a page.
const PAGE: usize = 100;
const API: &str = "/api/v2.0/";
/// What comes with every answer and must not be sent back.
const COOKIE: &str = "sid=0123456789; Path=/; HttpOnly";

/// A Harbor that is played; it ends when it is dropped.
pub struct Harbor {
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
    /// What each tag pointed at when it was last looked at here, and since when.
    pushed: BTreeMap<(String, String), (String, i64)>,
    /// What any tag of a repository was seen to point at, and since when, in that order.
    left: BTreeMap<String, Vec<(String, i64)>>,
    descriptions: BTreeMap<String, String>,
    /// Whether the account is a robot that may not use the interface.
    is_robot: bool,
    /// What every question to the interface is answered by, where it is broken.
    broken: Option<Answer>,
    /// How often all tokens that were given have ended.
    expired: u32,
    /// Tags that a rule lets nobody change.
    immutable: Vec<String>,
    /// Tags that the projects could fetch from another registry, whose proxies they are then.
    upstream: Vec<String>,
}

impl Harbor {
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

    /// Returns what it was asked that Harbor would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Describes a repository, as somebody does in Harbor's own pages.
    pub fn describe(&self, repository: &str, text: &str) {
        self.played.describe(repository, text);
    }

    /// Returns what a repository says of itself.
    pub fn described(&self, repository: &str) -> Option<String> {
        self.played
            .with(|state| state.descriptions.get(repository).cloned())
    }

    /// Makes the account a robot without the right to use the interface.
    pub fn make_robot(&self) {
        self.played.with(|state| state.is_robot = true);
    }

    /// Has every question to the interface answered so.
    pub fn break_interface(&self, answer: Option<Answer>) {
        self.played.with(|state| state.broken = answer);
    }

    /// Has every token that was given end now.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.expired += 1);
    }

    /// Lets nobody change a tag.
    pub fn make_immutable(&self, tag: &str) {
        self.played
            .with(|state| state.immutable.push(tag.to_owned()));
    }

    /// Makes the projects proxies of another registry, which has these tags in every repository.
    pub fn make_proxy(&self, upstream: &[&str]) {
        let upstream = upstream.iter().map(ToString::to_string).collect();
        self.played.with(|state| state.upstream = upstream);
    }

    /// Returns since when a tag points where it does, as the interface tells it (seconds, UTC).
    pub fn pushed(&self, repository: &str, tag: &str) -> Option<i64> {
        let key = (repository.to_owned(), tag.to_owned());
        self.played
            .with(|state| state.pushed.get(&key).map(|(_, at)| *at))
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        if !asked.header("cookie").is_empty() {
            self.violations
                .note(format!("a cookie: {} {}", asked.method, asked.path));
        }
        let answer = if asked.path == "/service/token" {
            token(asked, &self.token())
        } else if asked.path.starts_with(API) {
            self.interface(asked)
        } else {
            self.protocol(host, asked)?
        };
        Some(answer.with("set-cookie", COOKIE))
    }

    /// Returns the token that is good now.
    fn token(&self) -> String {
        self.with(|state| format!("right-{}", state.expired))
    }

    /// Answers as the registry does where it doesn't let somebody in, and as no other would.
    fn protocol(&self, host: &str, asked: &Asked<'_>) -> Option<Answer> {
        if !asked.path.starts_with("/v2/") {
            self.violations
                .note(format!("{} {}", asked.method, asked.path));
            return Some(Answer::of(404));
        }
        if asked.path == "/v2/_catalog" {
            // The administrator's alone.
            return Some(
                error(401, "UNAUTHORIZED").with("www-authenticate", "Basic realm=\"harbor\""),
            );
        }
        let may = asked.token() == self.token() || asked.is_user(USER, SECRET);
        if !may {
            let realm =
                format!("Bearer realm=\"http://{host}/service/token\",service=\"harbor-registry\"");
            let challenge = match asked.path["/v2/".len()..].split_once("/manifests/") {
                Some((name, _)) => format!("{realm},scope=\"repository:{name}:pull\""),
                None => realm,
            };
            return Some(error(401, "UNAUTHORIZED").with("www-authenticate", challenge));
        }
        let upstream = self.with(|state| state.upstream.clone());
        if let Some(name) = asked.path["/v2/".len()..].strip_suffix("/tags/list")
            && !upstream.is_empty()
        {
            let fetched = asked.hand.tags(name).unwrap_or_default();
            let fetched = fetched.into_iter().map(|(tag, _)| tag);
            let tags: BTreeSet<String> = fetched.chain(upstream).collect();
            return Some(Answer::json(json!({"name": name, "tags": tags})));
        }
        let (_, reference) = asked.path.split_once("/manifests/")?;
        let is_fixed = self.with(|state| state.immutable.iter().any(|tag| tag == reference));
        match asked.method {
            "DELETE" if !reference.contains(':') => Some(error(400, "UNSUPPORTED")),
            "PUT" | "DELETE" if is_fixed => Some(error(412, "PRECONDITION")),
            _ => None,
        }
    }

    fn interface(&self, asked: &Asked<'_>) -> Answer {
        self.notice_pushes(asked);
        let path = &asked.path[API.len()..];
        if path == "systeminfo" && asked.method == "GET" {
            return Answer::json(json!({"auth_mode": "db_auth"}));
        }
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        if asked.header("accept") != "application/json" {
            self.violations.note(format!("no Accept: {}", asked.path));
        }
        if !asked.is_user(USER, SECRET) {
            return error(401, "UNAUTHORIZED");
        }
        if self.with(|state| state.is_robot) {
            return error(403, "FORBIDDEN");
        }
        let segments: Vec<&str> = path.split('/').collect();
        match (asked.method, segments.as_slice()) {
            ("GET", ["repositories"]) => self.repositories(asked),
            ("GET", ["projects", name]) => {
                let is_proxy = self.with(|state| !state.upstream.is_empty());
                let registry = is_proxy.then_some(1);
                Answer::json(json!({"project_id": 2, "name": name, "registry_id": registry}))
            }
            ("GET" | "PUT", ["projects", project, "repositories", name]) => {
                self.words(asked, project, name)
            }
            ("GET", ["projects", project, "repositories", name, "artifacts"]) => {
                match asked.fields("q").join("&").as_str() {
                    "tags=*" => self.artifacts(asked, project, name),
                    "tags=nil" => self.untagged(asked, project, name),
                    // All of them, tagged or not: no list that anybody wants.
                    _ => {
                        let note = format!("artifacts of both sorts: ?{}", asked.query);
                        self.violations.note(note);
                        error(400, "BAD_REQUEST")
                    }
                }
            }
            (
                "DELETE",
                [
                    "projects",
                    project,
                    "repositories",
                    name,
                    "artifacts",
                    digest,
                    "tags",
                    tag,
                ],
            ) => self.delete_tag(asked, (project, name), digest, tag),
            _ => {
                self.violations
                    .note(format!("{} {}", asked.method, asked.path));
                error(404, "NOT_FOUND")
            }
        }
    }

    /// Takes what was there at the first question for pushed a minute apart, long before; and what came since for pushed just now.
    fn notice_pushes(&self, asked: &Asked<'_>) {
        let now = now();
        self.with(|state| {
            let is_first = state.pushed.is_empty();
            let mut at = if is_first { now - BEFORE } else { now };
            for repository in asked.hand.repositories() {
                for (tag, digest) in asked.hand.tags(&repository).unwrap_or_default() {
                    let key = (repository.clone(), tag);
                    if state
                        .pushed
                        .get(&key)
                        .is_some_and(|(known, _)| *known == digest)
                    {
                        continue;
                    }
                    let left = state.left.entry(repository.clone()).or_default();
                    left.push((digest.clone(), at));
                    state.pushed.insert(key, (digest, at));
                    if is_first {
                        at += 60;
                    }
                }
            }
        });
    }

    fn repositories(&self, asked: &Asked<'_>) -> Answer {
        let described = self.with(|state| state.descriptions.clone());
        let all = asked.hand.repositories().into_iter();
        let all = all.map(|name| {
            let text = described.get(&name);
            json!({
                "id": 1, "project_id": 2, "name": name, "artifact_count": 1, "pull_count": 0,
                "creation_time": time(now() - BEFORE), "update_time": time(now()),
                "description": text,
            })
        });
        self.page(asked, &["page", "page_size"], all.collect())
    }

    fn artifacts(&self, asked: &Asked<'_>, project: &str, name: &str) -> Answer {
        let Some(repository) = self.repository(asked, project, name) else {
            return error(404, "NOT_FOUND");
        };
        let tags = asked.hand.tags(&repository).unwrap_or_default();
        let mut by_digest: BTreeMap<&str, Vec<(&str, i64)>> = BTreeMap::new();
        self.with(|state| {
            for (tag, digest) in &tags {
                let at = state.pushed.get(&(repository.clone(), tag.clone()));
                let at = at.map_or_else(now, |(_, at)| *at);
                by_digest.entry(digest).or_default().push((tag, at));
            }
        });
        let newest = |tags: &[(&str, i64)]| tags.iter().map(|(_, at)| *at).max();
        let mut all: Vec<(&str, Vec<(&str, i64)>)> = by_digest.into_iter().collect();
        all.sort_by_key(|(_, tags)| std::cmp::Reverse(newest(tags)));
        let signatures = |digest: &str| {
            let name = signature(digest);
            let found = tags.iter().filter(|(tag, _)| *tag == name);
            found.map(|(_, digest)| digest.as_str()).collect::<Vec<_>>()
        };
        let digests = asked.hand.digests(&repository);
        let signing: BTreeSet<&str> = digests.iter().flat_map(|of| signatures(of)).collect();
        all.retain(|(digest, _)| !signing.contains(digest));
        let all = all.into_iter().map(|(digest, tags)| {
            let bytes = asked.hand.manifest(&repository, digest).unwrap_or_default();
            let mut told = artifact(digest, &bytes, &tags);
            if asked.fields("with_accessory") == ["true"] {
                let accessory =
                    |digest: &str| json!({"type": "signature.cosign", "digest": digest});
                let all: Vec<Value> = signatures(digest).into_iter().map(accessory).collect();
                told["accessories"] = if all.is_empty() {
                    Value::Null
                } else {
                    all.into()
                };
            }
            told
        });
        let known = [
            "q",
            "page",
            "page_size",
            "with_tag",
            "with_accessory",
            "sort",
        ];
        self.page(asked, &known, all.collect())
    }

    /// Lists what no tag points at, of what any tag was seen to: the newest first.
    fn untagged(&self, asked: &Asked<'_>, project: &str, name: &str) -> Answer {
        let Some(repository) = self.repository(asked, project, name) else {
            return error(404, "NOT_FOUND");
        };
        let tags = asked.hand.tags(&repository).unwrap_or_default();
        let mut left = self.with(|state| state.left.get(&repository).cloned().unwrap_or_default());
        left.retain(|(digest, _)| !tags.iter().any(|(_, tagged)| tagged == digest));
        let all = left.iter().rev().filter_map(|(digest, at)| {
            let bytes = asked.hand.manifest(&repository, digest)?;
            let mut told = artifact(digest, &bytes, &[]);
            told["tags"] = Value::Null;
            told["push_time"] = time(*at).into();
            Some(told)
        });
        self.page(asked, &["q", "page", "page_size", "sort"], all.collect())
    }

    /// Tells what a repository says of itself, or takes it.
    fn words(&self, asked: &Asked<'_>, project: &str, name: &str) -> Answer {
        let Some(repository) = self.repository(asked, project, name) else {
            return error(404, "NOT_FOUND");
        };
        if asked.method == "GET" {
            let text = self.with(|state| state.descriptions.get(&repository).cloned());
            return Answer::json(json!({"id": 1, "name": repository, "description": text}));
        }
        let body: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        let Some(text) = body["description"].as_str() else {
            self.violations.note(format!("PUT {}", asked.path));
            return error(422, "UNPROCESSABLE_ENTITY");
        };
        self.describe(&repository, text);
        Answer::of(200)
    }

    fn describe(&self, repository: &str, text: &str) {
        let text = text.to_owned();
        self.with(|state| state.descriptions.insert(repository.to_owned(), text));
    }

    fn delete_tag(
        &self,
        asked: &Asked<'_>,
        (project, name): (&str, &str),
        digest: &str,
        tag: &str,
    ) -> Answer {
        let digest = decoded(digest);
        let Some(repository) = self.repository(asked, project, name) else {
            return error(404, "NOT_FOUND");
        };
        let tags = asked.hand.tags(&repository).unwrap_or_default();
        if !tags.contains(&(tag.to_owned(), digest)) {
            return error(404, "NOT_FOUND");
        }
        if self.with(|state| state.immutable.iter().any(|fixed| fixed == tag)) {
            return error(412, "PRECONDITION");
        }
        asked.hand.drop_manifest(&repository, tag);
        Answer::of(200)
    }

    /// Reads a repository's name, which has to be encoded twice where it has a slash.
    fn repository(&self, asked: &Asked<'_>, project: &str, name: &str) -> Option<String> {
        let once = decoded(name);
        if once.contains('/') {
            self.violations
                .note(format!("encoded once: {}", asked.path));
        }
        let repository = format!("{project}/{}", decoded(&once));
        asked.hand.tags(&repository).map(|_| repository)
    }

    /// Answers with a page, as the query wants it.
    fn page(&self, asked: &Asked<'_>, known: &[&str], all: Vec<Value>) -> Answer {
        let mut keys = asked
            .query
            .split('&')
            .filter_map(|pair| pair.split('=').next());
        if let Some(odd) = keys.find(|key| !known.contains(key)) {
            self.violations.note(format!("?{odd}= {}", asked.path));
        }
        let number = |name, otherwise| {
            let field = asked.fields(name).into_iter().next();
            field
                .and_then(|text| text.parse().ok())
                .unwrap_or(otherwise)
        };
        let (page, size) = (number("page", 1_usize), number("page_size", 10_usize));
        if size > PAGE || page == 0 {
            self.violations
                .note(format!("?{} {}", asked.query, asked.path));
            return error(422, "UNPROCESSABLE_ENTITY");
        }
        let total = all.len();
        let rows: Vec<Value> = all.into_iter().skip((page - 1) * size).take(size).collect();
        Answer::json(Value::from(rows)).with("x-total-count", total.to_string())
    }
}

/// Gives a token to anybody; to who signs in wrongly one that is good for nothing.
fn token(asked: &Asked<'_>, good: &str) -> Answer {
    if asked.method != "GET" {
        return Answer::of(405);
    }
    if asked.fields("service") != ["harbor-registry"] {
        return Answer::of(400);
    }
    let right = asked.is_user(USER, SECRET);
    let token = if right { good } else { "nobody" };
    Answer::json(json!({"token": token, "access_token": "", "expires_in": 1800}))
}

/// The tag under which cosign keeps what signs a commit. What it points at is in no list of artifacts, tagged as it is.
fn signature(digest: &str) -> String {
    format!("{}.sig", digest.replace(':', "-"))
}

/// An artifact with its tags, as the interface tells it of an image for one platform; of anything else only what it is.
fn artifact(digest: &str, bytes: &[u8], tags: &[(&str, i64)]) -> Value {
    let manifest: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let size = |part: &Value| part["size"].as_u64().unwrap_or_default();
    let layers = manifest["layers"].as_array().map_or(&[][..], Vec::as_slice);
    let whole = size(&manifest["config"]) + layers.iter().map(size).sum::<u64>();
    let tags: Vec<Value> = tags
        .iter()
        .map(|(tag, at)| json!({"name": tag, "push_time": time(*at), "pull_time": "0001-01-01T00:00:00.000Z", "immutable": false}))
        .collect();
    let children = manifest["manifests"].as_array().map(|children| {
        let child =
            |child: &Value| json!({"child_digest": child["digest"], "platform": child["platform"]});
        children.iter().map(child).collect::<Vec<_>>()
    });
    let is_image = children.is_none()
        && manifest["config"]["mediaType"] == "application/vnd.oci.image.config.v1+json";
    let attributes = if is_image {
        json!({"architecture": "amd64", "os": "linux"})
    } else {
        Value::Null
    };
    json!({
        "digest": digest, "size": whole + bytes.len() as u64, "type": "IMAGE",
        "push_time": time(now()), "pull_time": "0001-01-01T00:00:00.000Z",
        "manifest_media_type": manifest["mediaType"], "media_type": manifest["config"]["mediaType"],
        "extra_attrs": attributes, "references": children, "tags": tags,
    })
}

fn error(status: u16, code: &str) -> Answer {
    let body = json!({"errors": [{"code": code, "message": code.to_lowercase()}]});
    Answer::json(body).with_status(status)
}

pub(super) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

/// Writes a time as Harbor does, with thousandths.
pub(super) fn time(at: i64) -> String {
    let of_day = at.rem_euclid(86_400);
    let (year, month, day) = date(at.div_euclid(86_400));
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
}

/// Returns the date of a day since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

pub(super) fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let byte = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        rest = if byte.is_some() { &after[2..] } else { after };
        bytes.push(byte.unwrap_or(*first));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_harbor_writes_them() {
        assert_eq!(time(1_795_867_200), "2026-11-28T12:00:00.000Z");
        assert_eq!(time(951_782_399), "2000-02-28T23:59:59.000Z");
        assert_eq!(decoded("team%252Fapp%2"), "team%2Fapp%2");
        assert_eq!(time(0), "1970-01-01T00:00:00.000Z");
    }
}
