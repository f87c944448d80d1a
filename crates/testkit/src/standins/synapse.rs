//! Synapse, as its source of 24 October 2024 reads (`servers.md`, section 9; `registries.md`, 4.13), as far as the app asks it: a
//! registry, and at another address what gives its tokens and has the projects, repositories and tags.
//!
//! What is an exception there is a 500 here and a violation: a token for any action but pull, push and mount, or a scope of other than
//! three parts. A push makes a repository and a tag known where its manifest is of Docker's own type, and else nothing.

use super::Violations;
use super::harbor::{now, time};
use crate::images::{ImageSpec, digest as digest_of};
use crate::scripted::{Answer, Asked, Faults, Scripted};
use anyhow::Result;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Who signs in; with a personal access token any name will do.
pub const USER: &str = "demo";
/// Their personal access token.
pub const TOKEN: &str = "correct-horse-battery-staple";
/// The one type of manifest that makes a tag known.
pub const DOCKER: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// How long a token is good (seconds).
const LIVES: i64 = 120;
/// Entries of a page of projects, and of children.
const PAGE: usize = 50;
const REPOSITORY: &str = "org.sagebionetworks.repo.model.docker.DockerRepository";

/// A Synapse that is played; it ends when it is dropped.
pub struct Synapse {
    /// The registry, whose content others change.
    pub registry: Scripted,
    /// What gives its tokens, and has its interface.
    pub service: Scripted,
    played: Arc<Played>,
}

struct Played {
    /// The registry's `host:port`.
    host: String,
    service: String,
    violations: Violations,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    projects: Vec<Project>,
    repositories: Vec<Repository>,
    /// The tokens that were given: until when they are good, and what they allow.
    tokens: BTreeMap<String, (i64, Vec<Allowed>)>,
    given: u32,
    /// How long a token is good (seconds), where that was shortened.
    lives: Option<i64>,
    broken: Option<Answer>,
}

/// The name of a repository, and what may be done there.
type Allowed = (String, Vec<String>);

#[derive(Clone)]
struct Project {
    /// `syn1`
    id: String,
    title: String,
    /// It is shared with the account, which may push there; else it is everybody's to pull from.
    is_shared: bool,
}

#[derive(Clone)]
struct Repository {
    id: String,
    project: String,
    /// Without the host.
    path: String,
    description: Option<String>,
    version: u32,
    modified: i64,
    /// Every push that was recorded, in its order: tag, digest, when.
    commits: Vec<(String, String, i64)>,
}

impl Repository {
    fn etag(&self) -> String {
        format!("etag-{}-{}", self.id, self.version)
    }

    fn changed(&mut self) {
        self.version += 1;
        // No two changes are of one second.
        self.modified = now().max(self.modified + 1);
    }
}

impl Synapse {
    /// Starts one on free ports of 127.0.0.1, with a project `syn123`, "Cell counting", and nothing in it.
    pub async fn start() -> Result<Self> {
        let (registry, service) = (Scripted::start().await?, Scripted::start().await?);
        let played = Arc::new(Played {
            host: registry.host(),
            service: service.host(),
            violations: Violations::default(),
            state: Mutex::default(),
        });
        let playing = Arc::clone(&played);
        registry.script(move |asked| playing.protocol(asked));
        let playing = Arc::clone(&played);
        service.script(move |asked| Some(playing.service(asked)));
        let synapse = Self {
            registry,
            service,
            played,
        };
        synapse.add_project("syn123", "Cell counting");
        Ok(synapse)
    }

    /// Returns `127.0.0.1:port` of the registry.
    pub fn host(&self) -> String {
        self.played.host.clone()
    }

    /// Returns what it was asked that Synapse would fail at or refuse.
    pub fn violations(&self) -> Vec<String> {
        self.played.violations.all()
    }

    /// Adds a project that is shared with the account.
    pub fn add_project(&self, id: &str, title: &str) {
        self.add(id, title, true);
    }

    /// Adds a project of somebody else's, from which everybody may pull.
    pub fn add_public_project(&self, id: &str, title: &str) {
        self.add(id, title, false);
    }

    fn add(&self, id: &str, title: &str, is_shared: bool) {
        let project = Project {
            id: id.to_owned(),
            title: title.to_owned(),
            is_shared,
        };
        self.played.with(|state| state.projects.push(project));
    }

    /// Gives tokens that are good so long (seconds).
    pub fn shorten_tokens(&self, seconds: i64) {
        self.played.with(|state| state.lives = Some(seconds));
    }

    /// Pushes a small image in Docker's own format, as somebody else; its digest.
    pub fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        let oci = self.registry.push_image(repository, "unseen", text);
        let bytes = self.registry.manifest(repository, &oci).unwrap_or_default();
        self.registry.drop_manifest(repository, "unseen");
        self.put(repository, tag, &bytes)
    }

    /// Pushes an image that an engine can pull in Docker's own format, as somebody else; its digest.
    pub fn push_real(&self, repository: &str, tag: &str, image: &ImageSpec) -> Result<String> {
        let built = image.build()?;
        for (_, blob) in &built.blobs {
            self.registry.put_blob(repository, blob);
        }
        Ok(self.put(repository, tag, &built.manifest))
    }

    /// Puts an OCI manifest under a tag in Docker's own format.
    fn put(&self, repository: &str, tag: &str, manifest: &[u8]) -> String {
        let types = [
            ("application/vnd.oci.image.manifest.v1+json", DOCKER),
            (
                "application/vnd.oci.image.config.v1+json",
                "application/vnd.docker.container.image.v1+json",
            ),
            (
                "application/vnd.oci.image.layer.v1.tar+gzip",
                "application/vnd.docker.image.rootfs.diff.tar.gzip",
            ),
            (
                "application/vnd.oci.image.layer.v1.tar",
                "application/vnd.docker.image.rootfs.diff.tar",
            ),
        ];
        let text = String::from_utf8_lossy(manifest).into_owned();
        let text = types
            .iter()
            .fold(text, |text, (oci, docker)| text.replace(oci, docker));
        let bytes = text.as_bytes();
        let digest = self
            .registry
            .put_manifest(repository, Some(tag), DOCKER, bytes);
        self.played.record(repository, tag, &digest);
        digest
    }

    /// Gives what a tag points at another name, as somebody else.
    pub fn also(&self, repository: &str, tag: &str, other: &str) {
        if let Some(digest) = self.registry.tagged(repository, tag)
            && let Some(bytes) = self.registry.manifest(repository, &digest)
        {
            self.registry
                .put_manifest(repository, Some(other), DOCKER, &bytes);
            self.played.record(repository, other, &digest);
        }
    }

    /// Makes so many repositories known at once, each with one tag; their names.
    pub fn fill(&self, count: usize) -> Vec<String> {
        let names: Vec<String> = (0..count).map(|at| format!("syn123/r{at:04}")).collect();
        for name in &names {
            let digest = self.registry.put_manifest(name, Some("v1"), DOCKER, b"{}");
            self.played.record(name, "v1", &digest);
        }
        names
    }

    /// Describes a repository, as somebody does in Synapse's own pages.
    pub fn describe(&self, repository: &str, text: &str) {
        let text = text.to_owned();
        self.played
            .change(repository, |it| it.description = Some(text));
    }

    /// Returns what a repository says of itself.
    pub fn described(&self, repository: &str) -> Option<String> {
        let found = self.played.find(|it| it.path == repository);
        found.and_then(|it| it.description)
    }

    /// Returns the tags that Synapse itself knows of a repository, each with the digest of its newest push.
    pub fn known_tags(&self, repository: &str) -> Vec<(String, String)> {
        let found = self.played.find(|it| it.path == repository);
        let newest = found.map(|it| newest(&it.commits)).unwrap_or_default();
        newest
            .into_iter()
            .map(|(tag, digest, _)| (tag, digest))
            .collect()
    }

    /// Returns when a push of a tag was recorded last (seconds, UTC).
    pub fn recorded(&self, repository: &str, tag: &str) -> Option<i64> {
        let found = self.played.find(|it| it.path == repository)?;
        let commits = found.commits.into_iter();
        commits
            .filter(|(name, ..)| name == tag)
            .map(|(.., at)| at)
            .next_back()
    }

    /// Dates all that was recorded so far back (seconds).
    pub fn make_older(&self, by: i64) {
        self.played.with(|state| {
            for repository in &mut state.repositories {
                for (.., at) in &mut repository.commits {
                    *at -= by;
                }
            }
        });
    }

    /// Has every question to the interface answered so; tokens are given as ever.
    pub fn break_interface(&self, answer: Option<Answer>) {
        self.played.with(|state| state.broken = answer);
    }

    /// Has every token that was given end now.
    pub fn expire_tokens(&self) {
        self.played.with(|state| state.tokens.clear());
    }

    /// Changes what both servers do wrong.
    pub fn set(&self, change: impl Fn(&mut Faults)) {
        self.service.set(&change);
        self.registry.set(&change);
    }

    /// Lists what both were asked since the last time: the interface first.
    pub fn asked(&self) -> Vec<String> {
        let all = self.service.requests().into_iter();
        let all = all.chain(self.registry.requests());
        all.map(|seen| format!("{} {}", seen.method, seen.path))
            .collect()
    }

    /// Forgets what both were asked.
    pub fn forget(&self) {
        self.service.forget_requests();
        self.registry.forget_requests();
    }
}

impl Played {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn find(&self, is: impl Fn(&Repository) -> bool) -> Option<Repository> {
        self.with(|state| state.repositories.iter().find(|it| is(it)).cloned())
    }

    fn change(&self, path: &str, change: impl FnOnce(&mut Repository)) {
        self.with(|state| {
            if let Some(found) = state.repositories.iter_mut().find(|it| it.path == path) {
                change(found);
                found.changed();
            }
        });
    }

    /// Takes a push as the registry's notification tells it: the repository is made where there is none.
    fn record(&self, path: &str, tag: &str, digest: &str) {
        let Some(project) = self.project_of(path) else {
            self.violations
                .note(format!("a push outside of any project: {path}"));
            return;
        };
        self.with(|state| {
            if !state.repositories.iter().any(|it| it.path == path) {
                let id = format!("syn{}", 5000 + state.repositories.len());
                state.repositories.push(Repository {
                    id,
                    project: project.id,
                    path: path.to_owned(),
                    description: None,
                    version: 0,
                    modified: now(),
                    commits: Vec::new(),
                });
            }
        });
        let commit = (tag.to_owned(), digest.to_owned(), now());
        self.change(path, |it| it.commits.push(commit));
    }

    /// Returns the project that a repository's name begins with, where there is one.
    fn project_of(&self, path: &str) -> Option<Project> {
        let (first, _) = path.split_once('/')?;
        self.with(|state| {
            let mut all = state.projects.iter();
            all.find(|project| project.id == first).cloned()
        })
    }

    /// Answers as the registry does where it doesn't let somebody in.
    fn protocol(&self, asked: &Asked<'_>) -> Option<Answer> {
        let Some(rest) = asked.path.strip_prefix("/v2/") else {
            self.violations
                .note(format!("{} {}", asked.method, asked.path));
            return Some(Answer::of(404));
        };
        let scope = match (rest, asked.method) {
            ("", _) => None,
            ("_catalog", _) => Some("registry:catalog:*".to_owned()),
            (_, method) => {
                let ends = ["/manifests/", "/blobs/", "/tags/list", "/referrers/"];
                let end = ends.iter().filter_map(|end| rest.find(end)).min();
                let actions = match method {
                    "GET" | "HEAD" => "pull",
                    "DELETE" => "delete",
                    _ => "pull,push",
                };
                Some(format!(
                    "repository:{}:{actions}",
                    &rest[..end.unwrap_or(rest.len())]
                ))
            }
        };
        if !self.lets_in(asked, scope.as_deref()) {
            let realm = format!("http://{}/docker/v1/bearerToken", self.service);
            let service = &self.host;
            let scope = scope
                .map(|scope| format!(",scope=\"{scope}\""))
                .unwrap_or_default();
            let challenge = format!("Bearer realm=\"{realm}\",service=\"{service}\"{scope}");
            let body =
                json!({"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]});
            let answer = Answer::json(body).with_status(401);
            return Some(answer.with("www-authenticate", challenge));
        }
        if asked.method == "PUT"
            && let Some((path, tag)) = rest.split_once("/manifests/")
            && !tag.contains(':')
            && asked.header("content-type") == DOCKER
        {
            self.record(path, tag, &digest_of(asked.body));
        }
        None
    }

    fn lets_in(&self, asked: &Asked<'_>, scope: Option<&str>) -> bool {
        let allowed = self.with(|state| state.tokens.get(asked.token()).cloned());
        let Some((_, allowed)) = allowed.filter(|(until, _)| *until > now()) else {
            return false;
        };
        let Some((name, actions)) = scope.and_then(|scope| scope.rsplit_once(':')) else {
            return true;
        };
        let name = name.strip_prefix("repository:").unwrap_or(name);
        actions.split(',').all(|action| {
            let mut of = allowed.iter().filter(|(of, _)| of == name);
            of.any(|(_, may)| may.iter().any(|may| may == action))
        })
    }

    fn service(&self, asked: &Asked<'_>) -> Answer {
        if asked.path == "/docker/v1/bearerToken" {
            return self.token(asked);
        }
        let Some(path) = asked.path.strip_prefix("/repo/v1/") else {
            self.violations
                .note(format!("{} {}", asked.method, asked.path));
            return reason(404, "no such path");
        };
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        if asked.token() != TOKEN {
            let answer = reason(401, "Invalid credentials.");
            return answer.with(
                "www-authenticate",
                "Bearer realm=\"Synapse Repository Services\"",
            );
        }
        let segments: Vec<&str> = path.split('/').collect();
        match (asked.method, segments.as_slice()) {
            ("GET", ["projects"]) => self.projects(asked),
            ("POST", ["entity", "children"]) => self.children(asked),
            ("GET", ["entity", "dockerRepo", "id"]) => self.id(asked),
            ("GET", ["entity", id]) => match self.find(|it| it.id == *id) {
                Some(found) => Answer::json(self.entity(&found)),
                None => reason(404, "no such entity"),
            },
            ("PUT", ["entity", id]) => self.put(asked, id),
            ("GET", ["entity", id, "dockerTag"]) => self.tags(asked, id),
            _ => {
                self.violations
                    .note(format!("{} {}", asked.method, asked.path));
                reason(404, "no such path")
            }
        }
    }

    /// Gives a token. What isn't allowed is left out; what isn't known is an exception.
    fn token(&self, asked: &Asked<'_>) -> Answer {
        if asked.method != "GET" {
            // Engines ask so first (containerd's authorizer), and go on by GET.
            return reason(405, "Request method 'POST' is not supported");
        }
        if asked.fields("service") != [self.host.clone()] {
            self.violations
                .note(format!("{} {}?{}", asked.method, asked.path, asked.query));
            return reason(400, "service is required");
        }
        let is_somebody = asked.has_secret(TOKEN);
        if !asked.authorization.is_empty() && !is_somebody {
            let answer = reason(401, "Invalid credentials.");
            return answer.with(
                "www-authenticate",
                "Bearer realm=\"Synapse Repository Services\"",
            );
        }
        let mut allowed = Vec::new();
        for scope in asked.fields("scope") {
            let parts: Vec<&str> = scope.split(':').collect();
            let known = |action: &str| matches!(action, "pull" | "push" | "mount");
            let [_, path, actions] = parts.as_slice() else {
                self.violations.note(format!("not three parts: {scope}"));
                return reason(500, "Expected 3 parts in scope param");
            };
            if !actions.split(',').all(known) {
                self.violations
                    .note(format!("an action that isn't known: {scope}"));
                return reason(500, "No enum constant");
            }
            allowed.push((
                (*path).to_owned(),
                self.permitted(is_somebody, path, actions),
            ));
        }
        let token = self.with(|state| {
            state.given += 1;
            let until = now() + state.lives.unwrap_or(LIVES);
            let access: Vec<Value> = allowed
                .iter()
                .map(|(name, actions)| json!({"type": "repository", "name": name, "actions": actions}))
                .collect();
            let claims = json!({
                "iss": "www.synapse.org", "aud": self.host, "sub": if is_somebody { "3333" } else { "273950" },
                "exp": until, "nbf": now() - LIVES, "iat": now(), "jti": state.given.to_string(),
                "access": access,
            });
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let head = json!({"typ": "JWT", "alg": "ES256", "kid": "FWOZ:6JNY:OUZ5:BHLA:YWJI:PKL4:G6QR:XCMK:3BU4:EIXW:L3Q7:VMIR"});
            let signature = URL_SAFE_NO_PAD.encode(format!("signature {}", state.given));
            let token = format!("{}.{}.{signature}", part(&head), part(&claims));
            state.tokens.insert(token.clone(), (until, allowed));
            token
        });
        // And nothing of how long it is good.
        Answer::json(json!({"token": token}))
    }

    /// Returns what is allowed of what is asked for: nothing of what isn't there to who doesn't ask to push.
    fn permitted(&self, is_somebody: bool, path: &str, actions: &str) -> Vec<String> {
        let Some(project) = self.project_of(path) else {
            return Vec::new();
        };
        let is_there = self.find(|it| it.path == path).is_some();
        let may_push = is_somebody && project.is_shared;
        let asks = |action: &str| actions.split(',').any(|it| it == action);
        let mut all = Vec::new();
        let may_pull = is_there && (is_somebody || !project.is_shared);
        if asks("pull") && may_pull || asks("push") && may_push && !is_there {
            all.push("pull".to_owned());
        }
        if asks("push") && may_push {
            all.push("push".to_owned());
        }
        all
    }

    fn projects(&self, asked: &Asked<'_>) -> Answer {
        if asked.fields("filter") != ["ALL"] {
            self.violations.note(format!("projects?{}", asked.query));
        }
        let all = self.with(|state| state.projects.clone());
        let all = all.iter().filter(|project| project.is_shared);
        let all = all.map(|Project { id, title, .. }| {
            json!({"id": id, "name": title, "lastActivity": time(now()), "modifiedOn": time(now()), "modifiedBy": 3333})
        });
        let at = asked.fields("nextPageToken").first().cloned();
        let (page, next) = page(all.collect(), at.as_deref());
        Answer::json(json!({"results": page, "nextPageToken": next}))
    }

    fn children(&self, asked: &Asked<'_>) -> Answer {
        let body: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        let parent = body["parentId"].as_str().unwrap_or_default();
        if body["includeTypes"] != json!(["dockerrepo"]) {
            self.violations
                .note(format!("children of other kinds: {body}"));
            return reason(400, "includeTypes");
        }
        if !self.with(|state| state.projects.iter().any(|one| one.id == parent)) {
            return reason(404, "no such project");
        }
        let all = self.with(|state| state.repositories.clone());
        let of = all.iter().filter(|it| it.project == parent).map(|it| {
            json!({
                "name": it.id, "id": it.id, "type": REPOSITORY, "versionNumber": 1, "versionLabel": "1",
                "isLatestVersion": true, "benefactorId": 1, "createdOn": time(it.modified),
                "modifiedOn": time(it.modified), "createdBy": "3333", "modifiedBy": "3333",
            })
        });
        let (page, next) = page(of.collect(), body["nextPageToken"].as_str());
        Answer::json(json!({"page": page, "nextPageToken": next}))
    }

    fn id(&self, asked: &Asked<'_>) -> Answer {
        let names = asked.fields("repositoryName");
        let path = names.first().and_then(|name| name.strip_prefix(&self.host));
        let path = path.and_then(|path| path.strip_prefix('/'));
        match path.and_then(|path| self.find(|it| it.path == path)) {
            Some(found) => Answer::json(json!({"id": found.id})),
            None => reason(404, "no such repository"),
        }
    }

    fn entity(&self, it: &Repository) -> Value {
        json!({
            "concreteType": REPOSITORY, "id": it.id, "name": it.id, "parentId": it.project, "etag": it.etag(),
            "repositoryName": format!("{}/{}", self.host, it.path), "isManaged": true,
            "description": it.description, "createdOn": time(it.modified), "modifiedOn": time(it.modified),
        })
    }

    fn put(&self, asked: &Asked<'_>, id: &str) -> Answer {
        let Some(found) = self.find(|it| it.id == id) else {
            return reason(404, "no such entity");
        };
        let body: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        if body["etag"] != found.etag() {
            return reason(412, "The entity was updated since you last fetched it.");
        }
        let mut meant = self.entity(&found);
        meant["description"] = body["description"].clone();
        if meant != body {
            self.violations
                .note(format!("more was changed than the description: {body}"));
            return reason(400, "no");
        }
        let text = body["description"].as_str().map(str::to_owned);
        self.change(&found.path, |it| it.description = text);
        match self.find(|it| it.id == id) {
            Some(found) => Answer::json(self.entity(&found)),
            None => reason(404, "no such entity"),
        }
    }

    fn tags(&self, asked: &Asked<'_>, id: &str) -> Answer {
        let Some(found) = self.find(|it| it.id == id) else {
            return reason(404, "no such entity");
        };
        if asked.fields("sort") != ["CREATED_ON"] || asked.fields("ascending") != ["false"] {
            self.violations.note(format!("dockerTag?{}", asked.query));
        }
        let number = |name, unsaid| {
            let said = asked
                .fields(name)
                .first()
                .and_then(|text| text.parse().ok());
            said.unwrap_or(unsaid)
        };
        let (limit, offset): (usize, usize) = (number("limit", 10), number("offset", 0));
        let mut all = newest(&found.commits);
        all.sort_by_key(|(.., at)| std::cmp::Reverse(*at));
        let results: Vec<Value> = all
            .iter()
            .skip(offset)
            .take(limit)
            .map(|(tag, digest, at)| json!({"tag": tag, "digest": digest, "createdOn": time(*at)}))
            .collect();
        // An estimate: whether there is more is guessed from a full page.
        let total = offset + results.len() + usize::from(results.len() == limit);
        Answer::json(json!({"totalNumberOfResults": total, "results": results}))
    }
}

/// Returns the newest push of each tag; tags that differ in case alone are one.
fn newest(commits: &[(String, String, i64)]) -> Vec<(String, String, i64)> {
    let mut all: BTreeMap<String, (String, String, i64)> = BTreeMap::new();
    for commit in commits {
        all.insert(commit.0.to_lowercase(), commit.clone());
    }
    all.into_values().collect()
}

/// Cuts a page out of a list, and tells where the next one begins.
fn page(all: Vec<Value>, at: Option<&str>) -> (Vec<Value>, Option<String>) {
    let begin = at.and_then(|at| at.parse().ok()).unwrap_or(0);
    let more = all.len() > begin + PAGE;
    let page = all.into_iter().skip(begin).take(PAGE).collect();
    (page, more.then(|| (begin + PAGE).to_string()))
}

fn reason(status: u16, why: &str) -> Answer {
    let body =
        json!({"concreteType": "org.sagebionetworks.repo.model.ErrorResponse", "reason": why});
    Answer::json(body).with_status(status)
}
