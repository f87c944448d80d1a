//! GitLab itself, `/api/v4`, as its documentation says (`doc/api/container_registry.md`, `doc/api/projects.md`): the registry's
//! repositories of a group, of a project, and the projects that the user is a member of.
//!
//! Projects are made of repositories: two parts of a name, and what is deeper is another repository of the same one. The user's own
//! namespace is no group, and they are a member of all but what is in `others`.

use super::{Played, TOKEN, USER};
use crate::scripted::{Answer, Asked};
use crate::standins::harbor::decoded;
use crate::standins::pushes::time;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The most entries of a page.
const PAGE: usize = 100;
/// A group that the user is no member of.
const STRANGE: &str = "others";

impl Played {
    pub(super) fn product(&self, asked: &Asked<'_>) -> Answer {
        if !asked.authorization.is_empty() {
            self.odd(asked);
        }
        match asked.header("private-token") {
            TOKEN => {}
            "" => {
                self.odd(asked);
                return said(401, "401 Unauthorized");
            }
            _ => return said(401, "401 Unauthorized"),
        }
        let segments: Vec<String> = asked.path[1..].split('/').map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let all = asked.hand.repositories();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let below = |of: &str| {
            let all = all.iter().copied();
            let is_below = |name: &&str| {
                let rest = name.strip_prefix(of);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            all.filter(is_below).collect::<Vec<_>>()
        };
        match (asked.method, segments.as_slice()) {
            ("GET", ["api", "v4", "groups", group, "registry", "repositories"]) => {
                let is_group = group.split('/').next() != Some(USER)
                    && !group.starts_with(STRANGE)
                    && !below(group).is_empty()
                    && !projects(&all).contains(*group);
                if !is_group {
                    return said(404, "404 Group Not Found");
                }
                self.page(asked, &[], rows(&below(group)))
            }
            ("GET", ["api", "v4", "projects", project, "registry", "repositories"]) => {
                let known = projects(&all);
                let by_number = project.parse().ok().and_then(|id: usize| {
                    let at = id.checked_sub(1000)?;
                    known.iter().nth(at).cloned()
                });
                let name = by_number.unwrap_or_else(|| (*project).to_owned());
                if !known.contains(&name) || name.starts_with(STRANGE) {
                    return said(404, "404 Project Not Found");
                }
                if self.with(|state| state.closed.contains(&name)) {
                    return said(403, "403 Forbidden");
                }
                self.page(asked, &["tags", "tags_count"], rows(&below(&name)))
            }
            ("GET", ["api", "v4", "projects"]) => {
                let of = ["membership", "simple"];
                if of.iter().any(|field| asked.fields(field) != ["true"]) {
                    self.odd(asked);
                }
                let known = projects(&all).into_iter().enumerate();
                let known = known.filter(|(_, name)| !name.starts_with(STRANGE));
                let rows =
                    known.map(|(at, name)| json!({"id": at + 1000, "path_with_namespace": name}));
                self.page(asked, &of, rows.collect())
            }
            _ => {
                self.odd(asked);
                said(404, "404 Not Found")
            }
        }
    }

    /// Answers with a page, with a link to the next one.
    fn page(&self, asked: &Asked<'_>, known: &[&str], rows: Vec<Value>) -> Answer {
        let known: Vec<&str> = known.iter().copied().chain(["per_page", "page"]).collect();
        let number = |key: &str, otherwise: usize| {
            let text = asked.fields(key).into_iter().next();
            text.map_or(Some(otherwise), |text| text.parse().ok())
        };
        let size = number("per_page", 20).filter(|size| (1..=PAGE).contains(size));
        let number = number("page", 1).filter(|page| *page > 0);
        let (true, Some(size), Some(number)) = (self.knows(asked, &known), size, number) else {
            self.odd(asked);
            return said(400, "400 Bad Request");
        };
        let pages = rows.len().div_ceil(size).max(1);
        let shown: Vec<Value> = rows
            .into_iter()
            .skip((number - 1) * size)
            .take(size)
            .collect();
        let link = |at: usize, rel: &str| {
            format!(
                "<https://gitlab.example{}?page={at}>; rel=\"{rel}\"",
                asked.path
            )
        };
        let mut links = vec![link(1, "first"), link(pages, "last")];
        if number < pages {
            links.push(link(number + 1, "next"));
        }
        Answer::json(Value::from(shown)).with("link", links.join(", "))
    }
}

/// Returns the projects that these repositories are of.
fn projects(all: &[&str]) -> BTreeSet<String> {
    let of = |name: &&str| {
        let parts: Vec<&str> = name.split('/').take(2).collect();
        parts.join("/")
    };
    all.iter().map(of).collect()
}

fn rows(names: &[&str]) -> Vec<Value> {
    let row = |(at, name): (usize, &&str)| {
        let last = name.rsplit('/').next();
        json!({
            "id": at + 1, "name": last, "path": name, "project_id": 1000, "location": format!("registry.example/{name}"),
            "created_at": time(1_780_000_000), "cleanup_policy_started_at": null, "status": null,
        })
    };
    names.iter().enumerate().map(row).collect()
}

fn said(status: u16, message: &str) -> Answer {
    Answer::json(json!({"message": message})).with_status(status)
}
