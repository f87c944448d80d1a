//! The played Pulp's own interface: each path with the parameters that are known of it, and nothing else.

use super::state::{Order, REPOSITORIES, State, time};
use super::{API, Played, SECRET, USER};
use crate::scripted::{Answer, Asked};
use serde_json::{Value, json};

/// How long a request's line may be (gunicorn's own limit).
const LINE: usize = 4094;

impl Played {
    pub(super) fn interface(&self, asked: &Asked<'_>) -> Answer {
        let path = &asked.path[API.len()..];
        if path == "status/" && asked.method == "GET" {
            return Answer::json(json!({"versions": [
                {"component": "core", "version": "3.123.1"},
                {"component": "container", "version": "2.30.0"},
            ]}));
        }
        if let Some(broken) = self.with(|state| state.broken.clone()) {
            return broken;
        }
        if asked.header("accept") != "application/json" {
            self.note("no Accept", asked);
        }
        if asked.path.len() + asked.query.len() + "POST ? HTTP/1.1".len() > LINE {
            self.note("too long", asked);
            return Answer::of(400);
        }
        if !asked.is_user(USER, SECRET) {
            self.note("another sign-in", asked);
            let detail = "Authentication credentials were not provided.";
            return Answer::json(json!({"detail": detail})).with_status(401);
        }
        let answer = self.with(|state| match asked.method {
            "GET" => read(state, asked, path),
            "POST" => write(state, asked, path),
            "PATCH" => describe(state, asked, path),
            "DELETE" => forget(state, path),
            _ => None,
        });
        answer.unwrap_or_else(|| {
            self.note("no such question", asked);
            Answer::json(json!({"detail": "Not found."})).with_status(404)
        })
    }
}

/// Answers a question that reads; none where Pulp isn't known to take it.
fn read(state: &mut State, asked: &Asked<'_>, path: &str) -> Option<Answer> {
    let segments: Vec<&str> = path.split('/').collect();
    match segments.as_slice() {
        ["distributions", "container", "container", ""] => {
            let wanted = asked.fields("base_path");
            let all = state.repositories.iter().filter(|(name, one)| {
                one.is_served && (wanted.is_empty() || wanted.contains(name))
            });
            let all = all.map(|(name, one)| {
                json!({
                    "pulp_href": format!("{API}distributions/container/container/{}/", one.id),
                    "base_path": name, "name": name, "description": one.description,
                    "private": one.private, "repository": one.href(), "repository_version": null,
                    "pulp_created": time(one.created),
                })
            });
            page(asked, &["ordering", "base_path"], all.collect())
        }
        ["repositories", "container", "container", id, ""] => {
            let one = &state.repositories[&state.named(id)?];
            let newest = format!("{}versions/{}/", one.href(), one.versions.len() - 1);
            only(asked, &["fields"])?;
            let all = json!({"pulp_href": one.href(), "latest_version_href": newest});
            Some(Answer::json(fields(asked, all)))
        }
        ["repositories", "container", "container", id, "versions", ""] => {
            versions(state, asked, id)
        }
        ["content", "container", "tags", ""] => tags(state, asked),
        ["content", "container", "manifests", ""] => manifests(state, asked),
        ["content", "container", "manifests", id, ""] => {
            only(asked, &["fields"])?;
            let digest = state.of(id)?.to_owned();
            let found = manifest(state, &digest);
            Some(Answer::json(fields(asked, found)))
        }
        ["tasks", id, ""] => {
            only(asked, &["fields"])?;
            let task = state.tasks.iter().find(|task| task.id == *id)?;
            let all = json!({"state": task.state, "created_resources": task.made});
            Some(Answer::json(fields(asked, all)))
        }
        _ => None,
    }
}

fn versions(state: &mut State, asked: &Asked<'_>, id: &str) -> Option<Answer> {
    let name = state.named(id)?;
    let unit = asked.fields("content").into_iter().next();
    let unit = match unit {
        Some(href) => {
            let id = href.trim_end_matches('/').rsplit('/').next()?;
            Some(state.of(id)?.to_owned())
        }
        None => None,
    };
    let below = asked.fields("number__lt").into_iter().next();
    let below = below.map_or(Some(usize::MAX), |number| number.parse().ok())?;
    let one = &state.repositories[&name];
    let has = |number: &usize| {
        let version = &one.versions[*number];
        match unit.as_deref().map(|unit| unit.split_once(' ')) {
            None => true,
            // A tag with its manifest, and a manifest.
            Some(Some((tag, digest))) => version.tags.get(tag).is_some_and(|it| it == digest),
            Some(None) => unit.as_ref().is_some_and(|it| version.digests.contains(it)),
        }
    };
    let numbers = (0..one.versions.len().min(below)).rev().filter(has);
    let all = numbers.map(|number| one.tell(number)).collect();
    page(asked, &["ordering", "content", "number__lt"], all)
}

fn tags(state: &mut State, asked: &Asked<'_>) -> Option<Answer> {
    let of = [
        "repository_version",
        "repository_version_added",
        "repository_version_removed",
    ];
    let (kind, href) = of
        .into_iter()
        .find_map(|kind| Some((kind, asked.fields(kind).into_iter().next()?)))?;
    let found = state.repositories.values().find_map(|one| {
        let number = one.version(&href)?;
        let before = number.checked_sub(1);
        Some(match (kind, before) {
            ("repository_version", _) => one.versions[number].tags.clone(),
            ("repository_version_added", Some(before)) => one.more(number, before),
            ("repository_version_removed", Some(before)) => one.more(before, number),
            _ => super::state::Tags::new(),
        })
    })?;
    let (names, digests) = (asked.fields("name"), asked.fields("digest"));
    let mut all = Vec::new();
    for (tag, digest) in found {
        let wanted = (names.is_empty() || names.contains(&tag))
            && (digests.is_empty() || digests.contains(&digest));
        if wanted {
            let manifest = state.id(&digest);
            let unit = state.id(&format!("{tag} {digest}"));
            all.push(json!({
                "name": tag,
                "tagged_manifest": format!("{API}content/container/manifests/{manifest}/"),
                "pulp_href": format!("{API}content/container/tags/{unit}/"),
            }));
        }
    }
    page(asked, &[of[0], of[1], of[2], "name", "digest"], all)
}

fn manifests(state: &mut State, asked: &Asked<'_>) -> Option<Answer> {
    let ids = asked.fields("pulp_id__in");
    let ids = ids.iter().flat_map(|ids| ids.split(','));
    let mut digests: Vec<String> = ids
        .filter_map(|id| Some(state.of(id)?.to_owned()))
        .collect();
    let wanted = asked.fields("digest");
    let known = |digest: &String| {
        let mut all = state.repositories.values();
        all.any(|one| one.versions.iter().any(|it| it.digests.contains(digest)))
    };
    digests.extend(wanted.into_iter().filter(known));
    let all = digests.iter().map(|digest| manifest(state, digest));
    let all = all.collect();
    page(asked, &["pulp_id__in", "digest"], all)
}

fn manifest(state: &mut State, digest: &str) -> Value {
    let id = state.id(digest);
    json!({"pulp_href": format!("{API}content/container/manifests/{id}/"), "digest": digest})
}

/// Answers what changes something by POST.
fn write(state: &mut State, asked: &Asked<'_>, path: &str) -> Option<Answer> {
    let body: Value = serde_json::from_slice(asked.body).ok()?;
    let text = |key: &str| body[key].as_str().map(str::to_owned);
    let refused = || Some(Answer::json(json!({"non_field_errors": ["no"]})).with_status(400));
    let segments: Vec<&str> = path.split('/').collect();
    match segments.as_slice() {
        ["repositories", "container", "container", ""] => {
            let name = text("name")?;
            if state.repositories.contains_key(&name) {
                return refused();
            }
            let href = state.make(&name).href();
            Some(Answer::json(json!({"pulp_href": href})).with_status(201))
        }
        ["distributions", "container", "container", ""] => {
            let (name, href) = (text("base_path")?, text("repository")?);
            let one = state.repositories.get_mut(&name)?;
            if one.is_served || one.href() != href || text("name")? != name {
                return refused();
            }
            one.description = text("description");
            one.private = body["private"].as_bool().unwrap_or_default();
            Some(state.later(Order::Serve(name)))
        }
        ["repositories", "container", "container", id, what, ""] => {
            let name = state.named(id)?;
            let last = state.repositories[&name].versions.last()?;
            let tag = text("tag");
            let is_odd = |tag: &String| !tag.starts_with(|it: char| it.is_ascii_alphanumeric());
            if tag.as_ref().is_some_and(is_odd) {
                return refused();
            }
            match *what {
                "untag" if last.tags.contains_key(tag.as_ref()?) => {
                    Some(state.later(Order::Untag(name, tag?)))
                }
                "tag" if asked.hand.manifest(&name, &text("digest")?).is_some() => {
                    Some(state.later(Order::Tag(name, tag?, text("digest")?)))
                }
                "untag" | "tag" => refused(),
                "add" => {
                    let [unit] = body["content_units"].as_array()?.as_slice() else {
                        return None;
                    };
                    let id = unit.as_str()?.trim_end_matches('/').rsplit('/').next()?;
                    let digest = state.of(id)?.to_owned();
                    Some(state.later(Order::Add(name, digest)))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn describe(state: &mut State, asked: &Asked<'_>, path: &str) -> Option<Answer> {
    let id = path.strip_prefix("distributions/container/container/")?;
    let name = state.named(id.strip_suffix('/')?)?;
    let body: Value = serde_json::from_slice(asked.body).ok()?;
    let [(key, text)] = body.as_object()?.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    let text = text.as_str().filter(|_| key == "description")?.to_owned();
    Some(state.later(Order::Describe(name, text)))
}

fn forget(state: &mut State, path: &str) -> Option<Answer> {
    let id = path.strip_prefix(&REPOSITORIES[API.len()..])?;
    let name = state.named(id.strip_suffix('/')?)?;
    Some(state.later(Order::Forget(name)))
}

/// Refuses parameters that aren't known.
fn only(asked: &Asked<'_>, known: &[&str]) -> Option<()> {
    let pairs = asked.query.split('&').filter(|pair| !pair.is_empty());
    let mut keys = pairs.filter_map(|pair| pair.split('=').next());
    keys.all(|key| known.contains(&key)).then_some(())
}

/// Leaves the fields that were asked for.
fn fields(asked: &Asked<'_>, mut row: Value) -> Value {
    let wanted = asked.fields("fields");
    if let (Some(row), Some(wanted)) = (row.as_object_mut(), wanted.first()) {
        row.retain(|key, _| wanted.split(',').any(|it| it == key));
    }
    row
}

/// Answers with a page, as the query wants it.
fn page(asked: &Asked<'_>, known: &[&str], all: Vec<Value>) -> Option<Answer> {
    let mut known = known.to_vec();
    known.extend(["limit", "offset", "fields"]);
    only(asked, &known)?;
    let number = |name, otherwise: usize| {
        let field = asked.fields(name).into_iter().next();
        field.map_or(Some(otherwise), |text| text.parse().ok())
    };
    let (limit, offset) = (number("limit", 100)?, number("offset", 0)?);
    let count = all.len();
    let rows = all.into_iter().skip(offset).take(limit);
    let rows: Vec<Value> = rows.map(|row| fields(asked, row)).collect();
    let next = (offset + rows.len() < count).then_some("http://inner.example/?offset=more");
    Some(Answer::json(json!({
        "count": count, "next": next, "previous": null, "results": rows,
    })))
}
