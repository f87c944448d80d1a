//! The interface of Docker Hub: tokens, organizations, repositories with their words, tags, what has no tag, the audit log.

use super::{ORGANIZATION, OTHER_ORGANIZATION, Played, Push, Repository, USER, owns};
use crate::scripted::{Answer, Asked};
use crate::standins::harbor::{decoded, time};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The most entries of a page.
const PAGE: usize = 100;
/// How many pages of tags are served.
const PAGES_OF_TAGS: usize = 10;
/// How many characters words may have.
const DESCRIPTION: usize = 100;
const FULL: usize = 25_000;

impl Played {
    pub(super) fn interface(&self, asked: &Asked<'_>) -> Answer {
        if asked.path == "/v2/auth/token" {
            return self.sign_in(asked);
        }
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        if asked.header("accept") != "application/json" {
            self.note("no Accept", asked);
        }
        if asked.authorization.starts_with("Basic") {
            self.note("user and secret", asked);
            return said(401, "authentication required");
        }
        let is_user = asked.token() == self.good("jwt");
        if !asked.authorization.is_empty() && !is_user {
            return said(401, "invalid token");
        }
        let segments: Vec<String> = asked.path["/v2/".len()..].split('/').map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match (asked.method, segments.as_slice()) {
            ("GET", ["user", "orgs", ""]) if is_user => {
                let all = [ORGANIZATION, OTHER_ORGANIZATION].iter();
                let all = all.map(|name| json!({"id": "0a", "orgname": name, "full_name": name}));
                self.page(asked, &[], all.collect(), usize::MAX)
            }
            ("GET", ["namespaces", namespace, "repositories"]) if is_user => {
                self.repositories(asked, namespace)
            }
            ("POST", ["namespaces", namespace, "repositories"]) if is_user => {
                self.create(asked, namespace)
            }
            ("GET", ["namespaces", namespace, "repositories", name]) => {
                self.seen(asked, is_user, namespace, name, |name| {
                    self.detail(asked, name)
                })
            }
            ("GET", ["namespaces", namespace, "repositories", name, "tags"]) => {
                self.seen(asked, is_user, namespace, name, |name| {
                    self.tags(asked, name)
                })
            }
            ("GET", ["namespaces", namespace, "repositories", name, "manifests"]) if is_user => {
                self.seen(asked, is_user, namespace, name, |name| {
                    self.manifests(asked, name)
                })
            }
            ("PATCH", ["repositories", namespace, name, ""]) if is_user => {
                self.owned(asked, namespace, name, |name| self.describe(asked, name))
            }
            ("DELETE", ["repositories", namespace, name, "tags", tag, ""]) if is_user => self
                .owned(asked, namespace, name, |name| {
                    let tags = asked.hand.tags(name).unwrap_or_default();
                    if !tags.iter().any(|(known, _)| known == tag) {
                        return said(404, "tag not found");
                    }
                    asked.hand.drop_manifest(name, tag);
                    Answer::of(204)
                }),
            ("GET", ["auditlogs", account]) if is_user => self.audit_log(asked, account),
            _ if !is_user => said(401, "authentication required"),
            _ => {
                self.note("no such call", asked);
                said(404, "not found")
            }
        }
    }

    /// Gives a token for user and secret. A password alone is not enough where the account has a second factor.
    fn sign_in(&self, asked: &Asked<'_>) -> Answer {
        let order: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        let (user, secret) = (order["identifier"].as_str(), order["secret"].as_str());
        let is_order = asked.method == "POST"
            && asked.authorization.is_empty()
            && asked.header("content-type") == "application/json"
            && order.as_object().is_some_and(|fields| fields.len() == 2);
        match (user, secret) {
            (Some(user), Some(secret)) if is_order => {
                if self.is_right(user, secret) {
                    Answer::json(json!({"access_token": self.good("jwt")}))
                } else {
                    said(401, "Incorrect authentication credentials")
                }
            }
            _ => {
                self.note("no order of a token", asked);
                said(400, "bad request")
            }
        }
    }

    /// Answers of a repository that the user may see, or anybody where it is public.
    fn seen(
        &self,
        asked: &Asked<'_>,
        is_user: bool,
        namespace: &str,
        name: &str,
        answer: impl FnOnce(&str) -> Answer,
    ) -> Answer {
        let full = format!("{namespace}/{name}");
        let is_private =
            self.with(|state| state.repositories.get(&full).is_some_and(|of| of.private));
        let may = !is_private || (is_user && owns(&full));
        if may && self.all(asked).contains_key(&full) {
            answer(&full)
        } else {
            said(404, "object not found")
        }
    }

    fn owned(
        &self,
        asked: &Asked<'_>,
        namespace: &str,
        name: &str,
        answer: impl FnOnce(&str) -> Answer,
    ) -> Answer {
        let full = format!("{namespace}/{name}");
        if !owns(&full) {
            return said(403, "access denied");
        }
        self.seen(asked, true, namespace, name, answer)
    }

    /// Returns all repositories, those without a tag too.
    fn all(&self, asked: &Asked<'_>) -> BTreeMap<String, Repository> {
        let names = asked.hand.repositories();
        self.with(|state| {
            let all = names.into_iter().chain(state.made.iter().cloned());
            all.map(|name| {
                let of = state.repositories.get(&name).cloned().unwrap_or_default();
                (name, of)
            })
            .collect()
        })
    }

    fn repositories(&self, asked: &Asked<'_>, namespace: &str) -> Answer {
        if !owns(&format!("{namespace}/any")) {
            return said(403, "access denied");
        }
        let pushes = self.with(|state| state.pushes.clone());
        let last: BTreeMap<&str, i64> = pushes
            .iter()
            .map(|push| (push.repository.as_str(), push.at))
            .collect();
        let all = self.all(asked).into_iter().filter_map(|(full, of)| {
            let name = full.strip_prefix(namespace)?.strip_prefix('/')?;
            Some(json!({
                "name": name, "namespace": namespace, "repository_type": "image", "status": 1,
                "status_description": "active", "description": of.description, "is_private": of.private,
                "star_count": 0, "pull_count": 7, "last_updated": last.get(full.as_str()).map(|at| time(*at)),
                "date_registered": "2024-02-29T12:00:00.000000Z", "media_types": [], "content_types": ["image"],
                "storage_size": 1000,
            }))
        });
        self.page(asked, &["name", "ordering"], all.collect(), usize::MAX)
    }

    fn create(&self, asked: &Asked<'_>, namespace: &str) -> Answer {
        let order: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        let text = |name: &str| order[name].as_str().unwrap_or_default();
        let full = format!("{namespace}/{}", text("name"));
        if text("namespace") != namespace
            || text("name").is_empty()
            || text("registry") != "docker.io"
        {
            self.note("no order of a repository", asked);
            return said(400, "bad request");
        }
        if !has_room(&order) {
            self.note("too many words", asked);
            return said(400, "description too long");
        }
        if !owns(&full) {
            return said(403, "access denied");
        }
        if self.all(asked).contains_key(&full) {
            return said(409, "repository already exists");
        }
        if let Some(refused) = self.with(|state| state.refuses_words.clone()) {
            return refused;
        }
        let made = Repository {
            description: text("description").to_owned(),
            full: text("full_description").to_owned(),
            private: order["is_private"] == true,
        };
        let answer =
            json!({"name": text("name"), "namespace": namespace, "is_private": made.private});
        self.with(|state| {
            state.made.insert(full.clone());
            state.repositories.insert(full, made);
        });
        Answer::json(answer).with_status(201)
    }

    fn detail(&self, asked: &Asked<'_>, full: &str) -> Answer {
        let of = self.all(asked).remove(full).unwrap_or_default();
        let (namespace, name) = full.split_once('/').unwrap_or_default();
        Answer::json(json!({
            "user": namespace, "name": name, "namespace": namespace, "repository_type": "image", "status": 1,
            "description": of.description, "full_description": of.full, "is_private": of.private,
            "permissions": {"read": true, "write": true, "admin": true},
        }))
    }

    /// Takes those words that are sent, and leaves the others.
    fn describe(&self, asked: &Asked<'_>, full: &str) -> Answer {
        let order: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        if !order.is_object() {
            self.note("no words", asked);
            return said(400, "bad request");
        }
        if !has_room(&order) {
            self.note("too many words", asked);
            return said(400, "description too long");
        }
        if let Some(refused) = self.with(|state| state.refuses_words.clone()) {
            return refused;
        }
        self.with(|state| {
            let of = state.repositories.entry(full.to_owned()).or_default();
            if let Some(text) = order["description"].as_str() {
                text.clone_into(&mut of.description);
            }
            if let Some(text) = order["full_description"].as_str() {
                text.clone_into(&mut of.full);
            }
        });
        self.detail(asked, full)
    }

    fn tags(&self, asked: &Asked<'_>, full: &str) -> Answer {
        let pushes = self.with(|state| state.pushes.clone());
        let mut all: Vec<(i64, Value)> = Vec::new();
        for (tag, digest) in asked.hand.tags(full).unwrap_or_default() {
            let is_it = |push: &&Push| push.repository == full && push.tag == tag;
            let at = pushes.iter().rev().find(is_it).map_or(0, |push| push.at);
            let manifest = manifest(asked, full, &digest);
            let images = images(asked, full, &digest, &manifest);
            let size: u64 = images
                .iter()
                .filter_map(|image| image["size"].as_u64())
                .sum();
            let told = json!({
                "creator": 1, "id": 2, "name": tag, "last_updated": time(at), "last_updater": 1,
                "last_updater_username": USER, "repository": 3, "full_size": size, "v2": true, "tag_status": "active",
                "tag_last_pulled": null, "tag_last_pushed": time(at), "media_type": kind(&manifest),
                "content_type": "image", "digest": digest, "images": images,
            });
            all.push((at, told));
        }
        all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let all = all.into_iter().map(|(_, told)| told).collect();
        self.page(asked, &["name", "ordering"], all, PAGES_OF_TAGS)
    }

    /// Lists the manifests, tagged or not, children of indexes among them, newest first.
    fn manifests(&self, asked: &Asked<'_>, full: &str) -> Answer {
        if self.with(|state| state.tells_no_untagged) {
            return said(404, "not found");
        }
        self.check_query(asked, &["page_size", "last_evaluated_key"]);
        let tags = asked.hand.tags(full).unwrap_or_default();
        let mut left = self.with(|state| state.pushes.clone());
        left.retain(|push| push.repository == full);
        let mut all: Vec<Value> = Vec::new();
        let mut known: Vec<String> = Vec::new();
        for push in left.iter().rev() {
            let children = manifest(asked, full, &push.digest);
            let children = children["manifests"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let children = children
                .iter()
                .filter_map(|child| child["digest"].as_str().map(str::to_owned));
            for digest in std::iter::once(push.digest.clone()).chain(children) {
                let Some(bytes) = asked.hand.manifest(full, &digest) else {
                    continue;
                };
                if known.contains(&digest) {
                    continue;
                }
                let names: Vec<&str> = tags
                    .iter()
                    .filter(|(_, tagged)| *tagged == digest)
                    .map(|(tag, _)| tag.as_str())
                    .collect();
                let told = json!({
                    "manifest_digest": digest, "media_type": kind(&manifest(asked, full, &digest)), "tags": names,
                    "last_pushed": time(push.at), "total_size": bytes.len(),
                });
                all.push(told);
                known.push(digest);
            }
        }
        let first = |name| asked.fields(name).into_iter().next().unwrap_or_default();
        let size = first("page_size").parse().unwrap_or(10);
        let from = match first("last_evaluated_key").as_str() {
            "" => 0,
            key => known
                .iter()
                .position(|digest| digest == key)
                .map_or(all.len(), |at| at + 1),
        };
        let rows: Vec<Value> = all.iter().skip(from).take(size).cloned().collect();
        let key = (from + size < all.len()).then(|| known[from + size - 1].clone());
        Answer::json(json!({"manifests": rows, "last_evaluated_key": key}))
    }

    /// Tells who pushed what, the newest first, where the plan has that.
    fn audit_log(&self, asked: &Asked<'_>, account: &str) -> Answer {
        if account != ORGANIZATION || !self.with(|state| state.has_audit_log) {
            return said(403, "no audit log");
        }
        if asked.fields("action") != ["repo.tag.push"] {
            self.note("another action", asked);
        }
        self.check_query(
            asked,
            &["action", "name", "from", "to", "page", "page_size"],
        );
        let first = |name| asked.fields(name).into_iter().next().unwrap_or_default();
        let repository = first("name");
        let mut pushes = self.with(|state| state.pushes.clone());
        pushes.retain(|push| push.repository == repository);
        let all = pushes.iter().rev().map(|push| {
            json!({
                "account": account, "action": "repo.tag.push", "name": push.repository, "actor": USER,
                "data": {"digest": push.digest, "tag": push.tag}, "timestamp": time(push.at),
                "action_description": format!("pushed the tag {}", push.tag),
            })
        });
        let (page, size) = self.paged(asked);
        let rows: Vec<Value> = all.skip((page - 1) * size).take(size).collect();
        Answer::json(json!({"logs": rows}))
    }

    fn check_query(&self, asked: &Asked<'_>, known: &[&str]) {
        let pairs = asked.query.split('&').filter(|pair| !pair.is_empty());
        let mut keys = pairs.filter_map(|pair| pair.split('=').next());
        if let Some(odd) = keys.find(|key| !known.contains(key)) {
            self.note(format!("?{odd}="), asked);
        }
    }

    /// Reads which page is asked for, and of how many entries.
    fn paged(&self, asked: &Asked<'_>) -> (usize, usize) {
        let number = |name, otherwise| {
            let field = asked.fields(name).into_iter().next();
            field
                .and_then(|text| text.parse().ok())
                .unwrap_or(otherwise)
        };
        let (page, size) = (number("page", 1_usize), number("page_size", 10_usize));
        if size > PAGE || size == 0 || page == 0 {
            self.note(format!("?{}", asked.query), asked);
        }
        (page.max(1), size.clamp(1, PAGE))
    }

    /// Answers with a page of so many at most, as the query wants it.
    fn page(&self, asked: &Asked<'_>, known: &[&str], all: Vec<Value>, most: usize) -> Answer {
        self.check_query(asked, &[known, &["page", "page_size"]].concat());
        let (page, size) = self.paged(asked);
        if page > most {
            self.note("a page too far", asked);
            return said(404, "no more pages");
        }
        let total = all.len();
        let next = (page * size < total).then(|| {
            format!(
                "https://hub.docker.com{}?page={}&page_size={size}",
                asked.path,
                page + 1
            )
        });
        let rows: Vec<Value> = all.into_iter().skip((page - 1) * size).take(size).collect();
        Answer::json(json!({"count": total, "next": next, "previous": null, "results": rows}))
    }
}

/// Tells whether the words of an order are as short as they have to be.
fn has_room(order: &Value) -> bool {
    let length = |name: &str| order[name].as_str().map_or(0, |text| text.chars().count());
    length("description") <= DESCRIPTION && length("full_description") <= FULL
}

fn manifest(asked: &Asked<'_>, repository: &str, digest: &str) -> Value {
    let bytes = asked.hand.manifest(repository, digest).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn kind(manifest: &Value) -> &str {
    let otherwise = "application/vnd.docker.distribution.manifest.v2+json";
    manifest["mediaType"].as_str().unwrap_or(otherwise)
}

/// Tells the images of a tag: one, or those of its index.
fn images(asked: &Asked<'_>, repository: &str, digest: &str, manifest: &Value) -> Vec<Value> {
    let image = |digest: &Value, of: &Value, platform: &Value| {
        let size = |part: &Value| part["size"].as_u64().unwrap_or_default();
        let layers = of["layers"].as_array().map_or(&[][..], Vec::as_slice);
        let is_image = of["config"]["mediaType"]
            .as_str()
            .is_some_and(|kind| kind.contains("config"));
        let known = |name: &str, otherwise: &str| {
            let text = platform[name].as_str().unwrap_or(otherwise);
            if is_image {
                text.to_owned()
            } else {
                "unknown".to_owned()
            }
        };
        json!({
            "architecture": known("architecture", "amd64"), "features": null, "variant": platform["variant"],
            "digest": digest, "os": known("os", "linux"), "os_features": null, "os_version": null,
            "size": size(&of["config"]) + layers.iter().map(size).sum::<u64>(), "status": "active",
            "last_pulled": null, "last_pushed": null,
        })
    };
    match manifest["manifests"].as_array() {
        Some(children) => children
            .iter()
            .map(|child| {
                let digest = child["digest"].as_str().unwrap_or_default();
                let of = self::manifest(asked, repository, digest);
                image(&child["digest"], &of, &child["platform"])
            })
            .collect(),
        None => vec![image(&digest.into(), manifest, &Value::Null)],
    }
}

/// Answers in the words of the interface.
fn said(status: u16, text: &str) -> Answer {
    Answer::json(json!({"message": text, "errinfo": {}})).with_status(status)
}
