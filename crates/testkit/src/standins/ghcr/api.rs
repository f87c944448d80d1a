//! `api.github.com`, as far as packages go: lists of packages and of organisations, the versions of a package, their deletion and their
//! coming back.

use super::{
    Deleted, ORGANISATION, OTHER_ORGANISATION, Played, SECRET, STRANGE_ORGANISATION, State, USER,
};
use crate::images::MANIFEST;
use crate::scripted::{Answer, Asked, Hand};
use crate::standins::harbor::decoded;
use crate::standins::pushes::{now, time};
use serde_json::{Value, json};
use url::form_urlencoded;

/// The most entries of a page.
const PAGE: usize = 100;
/// The most entries of a list.
const MOST: usize = 10_000;
/// How long a deleted version can be put back (seconds).
const RESTORABLE: i64 = 30 * 86_400;

/// Whose packages a path is about.
struct Of {
    /// As the registry writes it.
    owner: String,
    /// What is private is listed too.
    lists_all: bool,
    /// The versions of what is private are told too.
    all: bool,
}

impl Played {
    pub(super) fn interface(&self, asked: &Asked<'_>) -> Answer {
        if asked.header("user-agent").is_empty() {
            self.note("no User-Agent", asked);
            return said(403, "Request forbidden by administrative rules.");
        }
        if asked.header("accept") != "application/vnd.github+json"
            || asked.header("x-github-api-version") != "2022-11-28"
        {
            self.note("other headers", asked);
        }
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        if asked.authorization.is_empty() {
            self.note("nobody", asked);
            return said(401, "Requires authentication");
        }
        if asked.token() != SECRET {
            if asked.authorization.starts_with("Basic") {
                self.note("user and secret", asked);
            }
            return said(401, "Bad credentials");
        }
        // What is written as it is and what is encoded are not the same name here.
        let segments: Vec<String> = asked.path[1..].split('/').map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        if let ("GET", ["user", "orgs"]) = (asked.method, segments.as_slice()) {
            return self.organisations(asked);
        }
        let (kind, name, rest) = match segments.as_slice() {
            ["user", "packages", rest @ ..] => ("user", USER, rest),
            [kind @ ("orgs" | "users"), name, "packages", rest @ ..] => (*kind, *name, rest),
            _ => return self.odd(asked),
        };
        if self.with(|state| state.lacks.contains("read:packages")) {
            return said(
                403,
                "You need at least read:packages scope to list packages.",
            );
        }
        let Some(of) = owner(kind, name) else {
            return said(404, "Not Found");
        };
        if self.with(|state| state.barred.as_deref() == Some(&*of.owner)) {
            return said(403, "Resource protected by organization SAML enforcement.");
        }
        let package = |name: &str| {
            let full = format!("{}/{name}", of.owner);
            let is_there = asked.hand.repositories().contains(&full)
                && (of.all || self.with(|state| state.public.contains(&full)));
            is_there.then_some(full)
        };
        match (asked.method, rest) {
            ("GET", []) => self.packages(asked, &of),
            ("GET", ["container", name]) => match package(name) {
                Some(full) => Answer::json(self.with(|state| state.package(asked.hand, &full))),
                None => said(404, "Package not found."),
            },
            (method, ["container", name, "versions", rest @ ..]) => match package(name) {
                Some(full) => self.versions(asked, method, &full, rest),
                None => said(404, "Package not found."),
            },
            _ => self.odd(asked),
        }
    }

    fn odd(&self, asked: &Asked<'_>) -> Answer {
        self.note("no such call", asked);
        said(404, "Not Found")
    }

    fn organisations(&self, asked: &Asked<'_>) -> Answer {
        if self.with(|state| state.lacks.contains("read:org")) {
            return said(403, "You need at least read:org scope.");
        }
        let all = [ORGANISATION, OTHER_ORGANISATION].iter();
        let all = all.map(|login| json!({"login": login, "id": 7, "description": ""}));
        self.page(asked, &[], all.collect())
    }

    fn packages(&self, asked: &Asked<'_>, of: &Of) -> Answer {
        if asked.fields("package_type") != ["container"] {
            self.note("no kind of packages", asked);
            return said(400, "Invalid package_type");
        }
        let begin = format!("{}/", of.owner);
        let all = asked.hand.repositories().into_iter();
        let all = all.filter(|full| {
            let is_public = self.with(|state| state.public.contains(full));
            full.starts_with(&begin) && (of.lists_all || is_public)
        });
        let all = all.map(|full| self.with(|state| state.package(asked.hand, &full)));
        let all = all.collect();
        self.page(asked, &["package_type", "visibility"], all)
    }

    fn versions(&self, asked: &Asked<'_>, method: &str, full: &str, rest: &[&str]) -> Answer {
        match (method, rest) {
            ("GET", []) => {
                let state = asked.fields("state");
                let rows = match state.first().map(String::as_str) {
                    None | Some("active") => self.with(|state| state.active(asked.hand, full)),
                    Some("deleted") => self.with(|state| state.deleted(full)),
                    Some(_) => return self.odd(asked),
                };
                self.page(asked, &["state"], rows)
            }
            ("DELETE", [id]) => self.delete_one(asked, full, id),
            ("POST", [id, "restore"]) => self.restore_one(asked, full, id),
            _ => self.odd(asked),
        }
    }

    fn delete_one(&self, asked: &Asked<'_>, full: &str, id: &str) -> Answer {
        let digests = asked.hand.digests(full);
        self.with(|state| {
            if state.lacks.contains("delete:packages") {
                return said(404, "Package not found.");
            }
            let mut all = digests.iter();
            let found = all.find(|digest| state.id(full, digest).to_string() == id);
            let Some(digest) = found else {
                return said(404, "Package version not found.");
            };
            if digests.len() == 1 {
                return said(
                    400,
                    "You cannot delete the last version of a package. You must delete the package instead.",
                );
            }
            if state.public.contains(full) && state.popular.contains(digest) {
                return said(
                    400,
                    "Publicly visible package versions with more than 5000 downloads cannot be deleted.",
                );
            }
            state.delete(asked.hand, full, digest);
            Answer::of(204)
        })
    }

    fn restore_one(&self, asked: &Asked<'_>, full: &str, id: &str) -> Answer {
        self.with(|state| {
            let at = state.deleted.iter().position(|one| {
                let key = (one.repository.clone(), one.digest.clone());
                one.repository == full
                    && state
                        .ids
                        .get(&key)
                        .is_some_and(|known| known.to_string() == id)
                    && one.at + RESTORABLE > now()
            });
            let Some(at) = at else {
                return said(404, "Package version not found.");
            };
            let one = state.deleted.remove(at);
            let back = |tag: Option<&str>| {
                asked.hand.put_manifest(full, tag, MANIFEST, &one.bytes);
            };
            back(None);
            if state.brings_tags_back {
                one.tags.iter().for_each(|tag| back(Some(tag)));
            }
            Answer::of(204)
        })
    }

    /// Answers with a page, and with links to the others.
    fn page(&self, asked: &Asked<'_>, known: &[&str], rows: Vec<Value>) -> Answer {
        let mut keys = form_urlencoded::parse(asked.query.as_bytes());
        let is_known = keys.all(|(key, _)| {
            ["per_page", "page"].contains(&key.as_ref()) || known.contains(&key.as_ref())
        });
        let number = |key: &str, otherwise: usize| {
            let text = asked.fields(key).into_iter().next();
            text.map_or(Some(otherwise), |text| text.parse().ok())
        };
        let size = number("per_page", 30).filter(|size| (1..=PAGE).contains(size));
        let number = number("page", 1).filter(|page| *page > 0);
        let (true, Some(size), Some(number)) = (is_known, size, number) else {
            self.note("no such page", asked);
            return said(422, "Validation Failed");
        };
        if size * number > MOST {
            self.note("beyond the last page", asked);
            return said(
                400,
                "The value of per_page multiplied by page cannot be greater than 10000.",
            );
        }
        let pages = rows.len().div_ceil(size).max(1);
        let shown: Vec<Value> = rows
            .into_iter()
            .skip((number - 1) * size)
            .take(size)
            .collect();
        let answer = Answer::json(Value::from(shown));
        if pages == 1 || self.with(|state| state.has_no_links) {
            return answer;
        }
        let mut links = Vec::new();
        for (is_there, at, rel) in [
            (number > 1, number - 1, "prev"),
            (number < pages, number + 1, "next"),
            (number < pages, pages, "last"),
            (number > 1, 1, "first"),
        ] {
            if is_there {
                let path = "https://api.github.com/organizations/7/packages";
                links.push(format!("<{path}?per_page={size}&page={at}>; rel=\"{rel}\""));
            }
        }
        answer.with("link", links.join(", "))
    }
}

impl State {
    fn id(&mut self, repository: &str, digest: &str) -> u64 {
        let next = 700_000 + self.ids.len() as u64;
        let key = (repository.to_owned(), digest.to_owned());
        *self.ids.entry(key).or_insert(next)
    }

    fn package(&self, hand: &Hand, full: &str) -> Value {
        let (owner, name) = full.split_once('/').unwrap_or_default();
        let is_it = |login: &&str| login.eq_ignore_ascii_case(owner);
        let login = [OTHER_ORGANISATION]
            .into_iter()
            .find(is_it)
            .unwrap_or(owner);
        let is_public = self.public.contains(full);
        let source = self.descriptions.get(full);
        json!({
            "id": full.len(), "name": name, "package_type": "container", "version_count": hand.digests(full).len(),
            "visibility": if is_public { "public" } else { "private" }, "owner": {"login": login, "id": 7},
            "repository": source.map(|text| json!({"id": 3, "description": text})),
            "created_at": "2024-02-29T12:00:00Z", "updated_at": "2026-11-01T12:00:00Z",
            "html_url": format!("https://github.com/orgs/{login}/packages/container/package/{name}"),
        })
    }

    /// Lists the versions that are there, the newest first, platforms of indexes among them.
    fn active(&mut self, hand: &Hand, full: &str) -> Vec<Value> {
        let tags = hand.tags(full).unwrap_or_default();
        let mut rows: Vec<(i64, u64, Value)> = Vec::new();
        for digest in hand.digests(full) {
            let own = tags.iter().filter(|(_, of)| *of == digest);
            let own: Vec<&str> = own.map(|(tag, _)| tag.as_str()).collect();
            let at = self.pushes.of_manifest(full, &digest).unwrap_or_default();
            let id = self.id(full, &digest);
            rows.push((at, id, version(id, &digest, at, &own)));
        }
        rows.sort_by_key(|(at, id, _)| std::cmp::Reverse((*at, *id)));
        rows.into_iter().map(|(_, _, row)| row).collect()
    }

    fn deleted(&mut self, full: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        for one in self.deleted.clone() {
            if one.repository == full {
                let id = self.id(full, &one.digest);
                let mut row = version(id, &one.digest, one.created, &[]);
                row["deleted_at"] = time(one.at).into();
                rows.push(row);
            }
        }
        rows.reverse();
        rows
    }

    pub(super) fn delete(&mut self, hand: &Hand, full: &str, digest: &str) {
        let tags = hand.tags(full).unwrap_or_default().into_iter();
        let tags = tags.filter(|(_, of)| of == digest).map(|(tag, _)| tag);
        self.id(full, digest);
        self.deleted.push(Deleted {
            repository: full.to_owned(),
            digest: digest.to_owned(),
            bytes: hand.manifest(full, digest).unwrap_or_default(),
            tags: tags.collect(),
            created: self.pushes.of_manifest(full, digest).unwrap_or_default(),
            at: now(),
        });
        hand.drop_manifest(full, digest);
    }
}

/// Finds out whose packages a path is about; none where that is nobody, or the other kind.
fn owner(kind: &str, name: &str) -> Option<Of> {
    let owner = name.to_lowercase();
    let organisations = [ORGANISATION, OTHER_ORGANISATION];
    let is_theirs = organisations
        .iter()
        .any(|one| one.eq_ignore_ascii_case(name));
    let is_organisation = is_theirs || owner == STRANGE_ORGANISATION;
    let all = match kind {
        "user" => true,
        "orgs" if is_organisation => is_theirs,
        // The versions of what is private of a user's own are told below `/user` alone.
        "users" if !is_organisation => false,
        _ => return None,
    };
    let lists_all = all || owner == USER;
    Some(Of {
        owner,
        lists_all,
        all,
    })
}

fn version(id: u64, digest: &str, at: i64, tags: &[&str]) -> Value {
    json!({
        "id": id, "name": digest, "url": format!("https://api.github.com/x/versions/{id}"),
        "created_at": time(at), "updated_at": time(at),
        "metadata": {"package_type": "container", "container": {"tags": tags}},
    })
}

fn said(status: u16, message: &str) -> Answer {
    let body = json!({"message": message, "documentation_url": "https://docs.github.com/rest", "status": status.to_string()});
    Answer::json(body).with_status(status)
}
