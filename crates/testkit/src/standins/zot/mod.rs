//! zot, as 6d19b44 (after 2.1.20) answered when it was asked (`servers.md`, section 2 and points 1, 5, 12 and 13 above it), and its
//! search extension as its source says (`pkg/extensions/search`): user and secret with each question, lists of repositories and of
//! tags by GraphQL, digests that are gone at the overwrite, children of an index that nobody deletes.

mod graphql;

use super::Violations;
use super::harbor::{now, time};
use crate::scripted::{Answer, Asked, Scripted};
use anyhow::Result;
use graphql::{Argument, Field};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Who may sign in, and sees everything.
pub const USER: &str = "demo";
/// Their secret.
pub const SECRET: &str = "correct-horse-battery-staple";
/// Who pushes what others push.
pub const PUSHER: &str = "carol";
/// How long before the first question what was there by then was pushed (seconds); a minute between each and the next.
const BEFORE: i64 = 30 * 86_400;
const DISCOVER: &str = "/v2/_oci/ext/discover";
const SEARCH: &str = "/v2/_zot/ext/search";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A zot that is played; it ends when it is dropped.
pub struct Zot {
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
    /// When each tag was made.
    tagged: BTreeMap<Key, i64>,
    /// When each commit first came to its repository.
    pushed: BTreeMap<Key, i64>,
    /// What tags pointed at before somebody pushed to them here.
    overwritten: Vec<Key>,
    /// The search extension is not there.
    has_no_search: bool,
    /// Fields that this version doesn't have yet.
    lacks: Vec<&'static str>,
    /// Tags of a time before there was one of their own.
    is_upgraded: bool,
    /// What every question to the extension is answered by, where it is broken.
    broken: Option<Answer>,
}

impl Zot {
    /// Starts one on a free port of 127.0.0.1, with nothing in it.
    pub async fn start() -> Result<Self> {
        let registry = Scripted::start().await?;
        registry.set(|faults| faults.referrers = true);
        let played = Arc::new(Played::default());
        let playing = Arc::clone(&played);
        registry.script(move |asked| playing.answer(asked));
        Ok(Self { registry, played })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> String {
        self.registry.host()
    }

    /// Returns what it was asked that zot would refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Makes it one without the search extension.
    pub fn has_no_search(&self) {
        self.played.with(|state| state.has_no_search = true);
    }

    /// Makes it an older one, whose tags lack these fields.
    pub fn lacks(&self, fields: &[&'static str]) {
        self.played.with(|state| state.lacks = fields.to_vec());
    }

    /// Makes its tags older than the version that dates them: the commit's time stands in for theirs.
    pub fn is_upgraded(&self) {
        self.played.with(|state| state.is_upgraded = true);
    }

    /// Has every question to the extension answered so.
    pub fn break_search(&self, answer: Option<Answer>) {
        self.played.with(|state| state.broken = answer);
    }

    /// Returns when a tag was made, as the extension tells it (seconds, UTC).
    pub fn tagged(&self, repository: &str, tag: &str) -> Option<i64> {
        let key = (repository.to_owned(), tag.to_owned());
        self.played.with(|state| state.tagged.get(&key).copied())
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        self.notice_pushes(asked);
        if !asked.path.starts_with("/v2/") {
            self.violations
                .note(format!("{} {}", asked.method, asked.path));
            return Some(Answer::of(404));
        }
        if !asked.is_user(USER, SECRET) {
            return Some(unauthorized());
        }
        match (asked.method, asked.path) {
            ("GET", DISCOVER) => Some(self.extensions()),
            ("GET", SEARCH) => Some(self.search(asked)),
            (_, path) if path.starts_with("/v2/_") && path != "/v2/_catalog" => {
                self.violations.note(format!("{} {path}", asked.method));
                Some(Answer::of(404))
            }
            ("DELETE", path) => refuse_deletion(asked, path),
            ("PUT", path) => {
                let at = path["/v2/".len()..].split_once("/manifests/");
                if let Some((name, tag)) = at.filter(|(_, tag)| !tag.contains(':')) {
                    let digest = crate::images::digest(asked.body);
                    self.with(|state| state.put(name, tag, digest));
                }
                None
            }
            _ => None,
        }
    }

    /// Dates what is there that wasn't, what was there at the first question a minute apart and long before; and drops what an
    /// overwrite has left without a name.
    fn notice_pushes(&self, asked: &Asked<'_>) {
        let now = now();
        let repositories = asked.hand.repositories().into_iter();
        let mut there: BTreeMap<Key, String> = BTreeMap::new();
        for repository in repositories {
            for (tag, digest) in asked.hand.tags(&repository).unwrap_or_default() {
                there.insert((repository.clone(), tag), digest);
            }
        }
        let dropped = self.with(|state| state.notice(there, now));
        for (repository, digest) in dropped {
            asked.hand.drop_manifest(&repository, &digest);
        }
    }

    fn extensions(&self) -> Answer {
        let search = if self.with(|state| state.has_no_search) {
            "/v2/_zot/ext/cosign"
        } else {
            SEARCH
        };
        Answer::json(json!({"extensions": [{
            "name": "_zot", "url": "https://github.com/project-zot/zot/blob/v2.1.20/pkg/extensions/_zot.md",
            "description": "zot registry extensions", "endpoints": [search, "/v2/_zot/ext/mgmt"],
        }]}))
    }

    fn search(&self, asked: &Asked<'_>) -> Answer {
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        if self.with(|state| state.has_no_search) {
            return Answer::of(404);
        }
        let texts = asked.fields("query");
        let [text] = texts.as_slice() else {
            return self.refuse(asked, &["operation body is empty".to_owned()]);
        };
        let Some(fields) = graphql::read(text) else {
            return self.refuse(asked, &["Unexpected Name".to_owned()]);
        };
        let lacks = self.with(|state| state.lacks.clone());
        let wrong = graphql::check(&fields, "Query", &[]);
        if !wrong.is_empty() {
            return self.refuse(asked, &wrong);
        }
        // What an older version doesn't know is no fault of who asks.
        let unknown = graphql::check(&fields, "Query", &lacks);
        if !unknown.is_empty() {
            return errors(&unknown).with_status(422);
        }
        let [field] = fields.as_slice() else {
            return self.refuse(asked, &["one at a time".to_owned()]);
        };
        let all = match (field.name.as_str(), field.argument("repo")) {
            ("RepoListWithNewestImage", None) => self.repositories(asked),
            ("ImageList", Some(Argument::Text(repository))) => self.images(asked, repository),
            _ => return self.refuse(asked, &["wrong arguments".to_owned()]),
        };
        let Some(page) = page(field, all) else {
            return self.refuse(asked, &["requested page".to_owned()]);
        };
        let data = graphql::pick(&json!({ &field.name: page }), &fields);
        Answer::json(json!({ "data": data }))
    }

    fn refuse(&self, asked: &Asked<'_>, wrong: &[String]) -> Answer {
        self.violations
            .note(format!("{} ?{}", wrong.join(" "), asked.query));
        errors(wrong).with_status(422)
    }

    /// Lists the repositories that have tags, by name.
    fn repositories(&self, asked: &Asked<'_>) -> Vec<Value> {
        let all = asked.hand.repositories().into_iter();
        let summary = |name: String| {
            let images = self.images(asked, &name);
            let newest = images
                .iter()
                .max_by_key(|image| image["PushTimestamp"].as_str().map(str::to_owned))?;
            let at = newest["PushTimestamp"].clone();
            Some(json!({"Name": name, "LastUpdated": at, "NewestImage": newest}))
        };
        all.filter_map(summary).collect()
    }

    /// Lists the tags of a repository, by name; none of one that isn't there.
    fn images(&self, asked: &Asked<'_>, repository: &str) -> Vec<Value> {
        let tags = asked.hand.tags(repository).unwrap_or_default().into_iter();
        let image = |(tag, digest): (String, String)| {
            let bytes = asked.hand.manifest(repository, &digest)?;
            let (tagged, pushed) = self.with(|state| {
                let of = |what: &str| (repository.to_owned(), what.to_owned());
                let pushed = *state.pushed.get(&of(&digest))?;
                let tagged = *state.tagged.get(&of(&tag))?;
                let pushed = precise(pushed, 4);
                let is_upgraded = state.is_upgraded;
                let tagged = if is_upgraded {
                    pushed.clone()
                } else {
                    precise(tagged, 1)
                };
                Some((tagged, pushed))
            })?;
            let mut image = summary(&digest, &bytes);
            image["RepoName"] = repository.into();
            image["Tag"] = tag.into();
            image["TaggedTimestamp"] = tagged.into();
            image["PushTimestamp"] = pushed.into();
            image["PushedBy"] = PUSHER.into();
            Some(image)
        };
        tags.filter_map(image).collect()
    }
}

impl State {
    /// Takes a push to a tag that is under way.
    fn put(&mut self, name: &str, tag: &str, digest: String) {
        let of = |what: &str| (name.to_owned(), what.to_owned());
        self.tagged.entry(of(tag)).or_insert_with(now);
        self.pushed.entry(of(&digest)).or_insert_with(now);
        if let Some(old) = self.tags.insert(of(tag), digest) {
            self.overwritten.push(of(&old));
        }
    }

    /// Takes what is there, and returns what it let go of: repository and digest each.
    fn notice(&mut self, there: BTreeMap<Key, String>, now: i64) -> Vec<Key> {
        let is_first = self.tags.is_empty();
        let mut at = if is_first { now - BEFORE } else { now };
        let mut left = std::mem::take(&mut self.overwritten);
        for (key, digest) in &there {
            let known = self.tags.get(key);
            if known == Some(digest) {
                continue;
            }
            // It stays when the tag is put on another commit, as the commit's own does.
            self.tagged.entry(key.clone()).or_insert(at);
            let commit = (key.0.clone(), digest.clone());
            self.pushed.entry(commit).or_insert(at);
            left.extend(known.map(|old| (key.0.clone(), old.clone())));
            if is_first {
                at += 60;
            }
        }
        self.tagged.retain(|key, _| there.contains_key(key));
        let is_named = |(repository, digest): &Key| {
            let mut all = there.iter();
            all.any(|((of, _), at)| of == repository && at == digest)
        };
        left.retain(|commit| !is_named(commit));
        self.tags = there;
        left
    }
}

/// Refuses to delete a blob, and what an index has for one of its platforms.
fn refuse_deletion(asked: &Asked<'_>, path: &str) -> Option<Answer> {
    let denied = || Some(error("DENIED").with_status(405));
    if path.contains("/blobs/") {
        return denied();
    }
    let (repository, reference) = path.strip_prefix("/v2/")?.split_once("/manifests/")?;
    let tags = asked.hand.tags(repository).unwrap_or_default();
    let holds = |(_, digest): &(String, String)| {
        let bytes = asked.hand.manifest(repository, digest).unwrap_or_default();
        let index: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let mut children = index["manifests"].as_array().into_iter().flatten();
        children.any(|child| child["digest"] == reference)
    };
    if tags.iter().any(holds) {
        return denied();
    }
    None
}

/// Cuts a page out of a list, as the field wants it.
fn page(field: &Field, all: Vec<Value>) -> Option<Value> {
    let asked = field.argument("requestedPage");
    let Some(Argument::Object(asked)) = asked else {
        return None;
    };
    let number = |name| match graphql::of(asked, name) {
        Some(Argument::Number(number)) => usize::try_from(*number).ok(),
        _ => None,
    };
    // All other orders there are pages of that miss some, or repeat them.
    let order = graphql::of(asked, "sortBy");
    if order != Some(&Argument::Name("ALPHABETIC_ASC".to_owned())) {
        return None;
    }
    let (limit, offset, total) = (number("limit")?, number("offset")?, all.len());
    let rows: Vec<Value> = all.into_iter().skip(offset).take(limit).collect();
    Some(json!({"Page": {"TotalCount": total, "ItemCount": rows.len()}, "Results": rows}))
}

/// What the extension tells of a manifest: of an image for one platform, of an index, and of anything else that has a config.
fn summary(digest: &str, bytes: &[u8]) -> Value {
    let manifest: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let size = |part: &Value| part["size"].as_u64().unwrap_or_default();
    let layers = manifest["layers"].as_array().map_or(&[][..], Vec::as_slice);
    let whole = size(&manifest["config"]) + layers.iter().map(size).sum::<u64>();
    let whole = (whole + bytes.len() as u64).to_string();
    let is_image = manifest["config"]["mediaType"] == "application/vnd.oci.image.config.v1+json";
    let platform = |of: &Value| json!({"Os": of["os"], "Arch": of["architecture"]});
    let manifests = match manifest["manifests"].as_array() {
        Some(children) => {
            let child = |child: &Value| json!({"Digest": child["digest"], "Platform": platform(&child["platform"])});
            children.iter().map(child).collect()
        }
        None if is_image => {
            vec![json!({"Digest": digest, "Platform": {"Os": "linux", "Arch": "amd64"}})]
        }
        None => vec![json!({"Digest": digest, "Platform": {"Os": "", "Arch": ""}})],
    };
    let kind = if manifest["manifests"].is_array() {
        json!(INDEX)
    } else {
        manifest["mediaType"].clone()
    };
    let description = &manifest["annotations"]["org.opencontainers.image.description"];
    json!({
        "Digest": digest, "MediaType": kind, "Size": whole, "Manifests": manifests,
        "Description": description.as_str().unwrap_or_default(),
    })
}

/// Writes a time as zot does, to parts of a second.
fn precise(at: i64, millionths: u32) -> String {
    time(at).replace(".000Z", &format!(".{millionths:06}Z"))
}

fn errors(wrong: &[String]) -> Answer {
    let errors: Vec<Value> = wrong
        .iter()
        .map(|message| json!({"message": message, "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}))
        .collect();
    Answer::json(json!({"errors": errors, "data": null}))
}

fn error(code: &str) -> Answer {
    Answer::json(json!({"errors": [{"code": code, "message": code.to_lowercase(), "detail": {}}]}))
}

fn unauthorized() -> Answer {
    let body = json!({"code": "UNAUTHORIZED", "message": "authentication required", "detail": {}});
    Answer::json(body)
        .with_status(401)
        .with("www-authenticate", "Basic realm=\"Authorization Required\"")
}
