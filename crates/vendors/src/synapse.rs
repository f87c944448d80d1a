//! Synapse of Sage Bionetworks: its projects with their repositories, what a repository says of itself, and since when its tags
//! point where they do.
//!
//! | what | call, at the host of the token service | read from (Sage-Bionetworks/Synapse-Repository-Services) |
//! |---|---|---|
//! | is it one | realm `…/docker/v1/bearerToken` | `DockerAuthorizationController` |
//! | projects | `GET /repo/v1/projects?filter=ALL&nextPageToken=` | `UserProfileController.getProjects`: those shared with the caller |
//! | repositories | `POST /repo/v1/entity/children` `{parentId, includeTypes:["dockerrepo"], …}` | facts 4.13; servers.md 9 |
//! | a repository | `GET`, `PUT /repo/v1/entity/ID` | the same; a `PUT` wants the current `etag`, else 412 |
//! | name → id | `GET /repo/v1/entity/dockerRepo/id?repositoryName=HOST/PATH` | the same; 404 where it is unknown |
//! | tags | `GET /repo/v1/entity/ID/dockerTag?sort=CREATED_ON&ascending=false&limit=&offset=` | the same |
//!
//! The account's personal access token is shown as Bearer. Its token service fails at any action but pull, push and mount, and a
//! registry of two minutes' tokens has no catalog for anybody but its administrators. The headers of children lack the repository's
//! name, so each costs a question, unless it is known from before and unchanged since. Of a tag only the newest push is told, and
//! only where it was of Docker's own manifest type; `V1` and `v1` fall together. So what is told of a tag is since when it
//! pointed there, and never where it points now. Not here: the trash can (`DELETE` of an entity), which nothing here empties or fills.

use crate::interface::{Interface, Place, Shown};
use crate::parts::{Asking, Describes, Lists, Project, Projects, TagFacts, WordLimits};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::values::{Cursor, Listed, NewWords, Page, TagFact, Words};
use crate::vendor::{Fallback, LetsGo, Part, Reason, Vendor, VendorId};
use crate::way::{Failure, Way};
use futures_util::{StreamExt, TryStreamExt, stream};
use oci::{Digest, RepositoryName, Tag};
use registry::{Ask, Seen, Shows, TokenActions};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How many tags are asked for at once. The default is 10; how many it sends at most isn't known, so what came is counted.
const TAGS: usize = 50;
/// How many questions are under way at once.
const AT_ONCE: usize = 4;
/// How many pages of one project's repositories are read.
const PAGES: usize = 100;
/// How long a text for the next page may be.
const TOKEN: usize = 1024;
const REPOSITORY: &str = "org.sagebionetworks.repo.model.docker.DockerRepository";

pub(crate) struct Synapse;

impl Vendor for Synapse {
    fn id(&self) -> VendorId {
        VendorId::Synapse
    }

    fn signs(&self, seen: &Seen) -> Sign {
        Sign::when(seen.wants_token(|_| true, "/docker/v1/bearerToken"))
    }

    fn interface(&self, _: Part) -> Interface {
        Interface {
            at: Place::TokenService,
            shows: &[Shown::Account(Shows::Bearer), Shown::Nobody],
        }
    }

    fn token_actions(&self) -> TokenActions {
        TokenActions::ToPush
    }

    fn shows_docker_alone(&self) -> bool {
        true
    }

    fn lacks(&self, part: Part) -> Fallback {
        match part {
            Part::DeleteTag | Part::DeleteCommit => Fallback::Impossible(Reason::NoDeletion),
            // What isn't an image in Docker's own format makes no repository there.
            Part::Create => Fallback::Impossible(Reason::FirstPush),
            other => lacks(other),
        }
    }

    fn lets_go(&self) -> LetsGo {
        // The registry has no clean-up (its source; facts 4.13).
        LetsGo::Stays
    }

    fn lists(&self) -> Option<&dyn Lists> {
        Some(self)
    }

    fn projects(&self) -> Option<&dyn Projects> {
        Some(self)
    }

    fn describes(&self) -> Option<&dyn Describes> {
        Some(self)
    }

    fn facts(&self) -> Option<&dyn TagFacts> {
        Some(self)
    }
}

impl Projects for Synapse {
    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Project>> {
        Box::pin(projects(way, at))
    }
}

impl Lists for Synapse {
    fn wants_known(&self) -> bool {
        true
    }

    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            let of = projects(way, at).await?;
            let mut all: Vec<(String, bool)> = Vec::new();
            all.extend(of.rows.into_iter().map(|project| (project.name, true)));
            if of.next.is_none() {
                // What is public and was typed, or is known here, is in projects that aren't shared with anybody.
                let shared: BTreeSet<&String> = all.iter().map(|(id, _)| id).collect();
                let others = way.namespaces.iter().filter_map(|name| project_id(name));
                let others: BTreeSet<String> = others.filter(|id| !shared.contains(id)).collect();
                all.extend(others.into_iter().map(|id| (id, false)));
            }
            let found = stream::iter(all)
                .map(|(id, is_shared)| async move {
                    match repositories(way, &id).await {
                        // Why others aren't shown is nobody's question.
                        Err(failure) if !is_shared && !failure.is_passing() => {
                            Ok(Children::default())
                        }
                        Err(Failure::Denied | Failure::NotFound | Failure::Refused(_)) => {
                            let left_out = 1;
                            Ok(Children {
                                left_out,
                                ..Children::default()
                            })
                        }
                        found => found,
                    }
                })
                .buffered(AT_ONCE)
                .try_collect::<Vec<_>>()
                .await?;
            let mut page = Page {
                date: of.date,
                next: of.next,
                ..Page::empty()
            };
            for mut each in found {
                page.left_out += each.left_out;
                page.sent += each.sent;
                page.rows.append(&mut each.rows);
            }
            Ok(page)
        })
    }
}

impl TagFacts for Synapse {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>> {
        Box::pin(async move {
            let offset = match at {
                Cursor::Text(text) => text.parse().unwrap_or(0),
                _ => 0_usize,
            };
            let ask = entity(Ask::get(), &id_of(way, name).await?)
                .at("/dockerTag")
                .query("sort", "CREATED_ON")
                .query("ascending", false)
                .query("limit", TAGS)
                .query("offset", offset);
            let told = way.ask(&ask).await?;
            let body: Value = told.json()?;
            let entries = entries(&told, &body, "results")?;
            let rows: Vec<TagFact> = entries.iter().filter_map(fact).collect();
            let after = offset + entries.len();
            // An estimate: one more than there are so far, where there may be more.
            let more = match body["totalNumberOfResults"].as_u64() {
                Some(total) => usize::try_from(total).is_ok_and(|total| total > after),
                None => entries.len() >= TAGS,
            };
            Ok(Page {
                left_out: entries.len() - rows.len(),
                sent: entries.len(),
                rows,
                total: None,
                date: told.date(),
                next: (more && !entries.is_empty()).then(|| Cursor::Text(after.to_string())),
            })
        })
    }
}

impl Describes for Synapse {
    fn read<'a>(&'a self, way: &'a Way, name: &'a RepositoryName) -> Asking<'a, Words> {
        Box::pin(async move {
            let id = id_of(way, name).await?;
            let told = way.ask(&entity(Ask::get(), &id)).await?;
            Ok(words(&told.json()?))
        })
    }

    fn write<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        words: &'a NewWords,
        version: Option<&'a str>,
    ) -> Asking<'a, Words> {
        Box::pin(async move {
            let id = id_of(way, name).await?;
            let told = way.ask(&entity(Ask::get(), &id)).await?;
            let mut whole: Value = told.json()?;
            if whole["concreteType"] != REPOSITORY {
                return Err(Failure::Unreadable(Box::new(
                    told.makes_no_sense("another kind of thing than a repository"),
                )));
            }
            if version.is_some_and(|version| whole["etag"] != version) {
                return Err(Failure::Changed);
            }
            whole["description"] = words.description.clone().into();
            // Sent twice, it would be refused the second time, as somebody else's change.
            let ask = entity(Ask::put(), &id).json(&whole).once();
            let told = match way.ask(&ask).await {
                Err(Failure::Refused(error)) if error.status == Some(412) => {
                    return Err(Failure::Changed);
                }
                told => told?,
            };
            Ok(self::words(&told.json()?))
        })
    }

    fn limits(&self) -> WordLimits {
        WordLimits {
            description: read::DESCRIPTION,
            full: None,
        }
    }
}

/// The repositories of a project, as far as they could be read.
#[derive(Default)]
struct Children {
    rows: Vec<Listed>,
    sent: usize,
    left_out: usize,
}

/// Asks for a page of the projects that are shared with the account.
async fn projects(way: &Way, at: &Cursor) -> Result<Page<Project>, Failure> {
    let mut ask = Ask::get().at("/repo/v1/projects").query("filter", "ALL");
    if let Cursor::Text(token) = at {
        ask = ask.query("nextPageToken", token);
    }
    let told = way.ask(&ask).await?;
    let body: Value = told.json()?;
    let entries = entries(&told, &body, "results")?;
    let rows: Vec<Project> = entries.iter().filter_map(project).collect();
    Ok(Page {
        left_out: entries.len() - rows.len(),
        sent: entries.len(),
        rows,
        total: None,
        date: told.date(),
        next: token(&body).map(Cursor::Text),
    })
}

/// Asks for the repositories of a project: which there are, then for each that isn't known as it is now.
async fn repositories(way: &Way, project: &str) -> Result<Children, Failure> {
    let mut all = Children::default();
    let mut next: Option<String> = None;
    for _ in 0..PAGES {
        let ask = Ask::post().at("/repo/v1/entity/children").json(&json!({
            "parentId": project, "includeTypes": ["dockerrepo"],
            "sortBy": "NAME", "sortDirection": "ASC", "nextPageToken": next,
        }));
        let told = way.ask(&ask).await?;
        let body: Value = told.json()?;
        let headers = entries(&told, &body, "page")?;
        let found: Vec<Option<Listed>> = stream::iter(headers.clone())
            .map(|header| child(way, header))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        all.sent += headers.len();
        for found in found {
            match found {
                Some(listed) => all.rows.push(listed),
                None => all.left_out += 1,
            }
        }
        next = token(&body);
        if next.is_none() || headers.is_empty() {
            return Ok(all);
        }
    }
    all.left_out += 1;
    Ok(all)
}

/// Returns a repository of a project; none where it is of another registry, or can't be read.
async fn child(way: &Way, header: Value) -> Result<Option<Listed>, Failure> {
    let Some(id) = header["id"].as_str().and_then(project_id) else {
        return Ok(None);
    };
    let updated = read::time(&header["modifiedOn"]);
    let known = way.known.get(&id);
    if let Some(known) = known.filter(|known| known.updated.is_some() && known.updated == updated) {
        return Ok(Some(known.clone()));
    }
    let told = match way.ask(&entity(Ask::get(), &id)).await {
        Ok(told) => told,
        Err(Failure::Denied | Failure::NotFound) => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let whole: Value = told.json()?;
    let Some(name) = name_of(way, &whole["repositoryName"]) else {
        return Ok(None);
    };
    Ok(Some(Listed {
        name,
        words: words(&whole),
        id: Some(id),
        created: read::time(&header["createdOn"]),
        // A number, which says nothing to anybody.
        created_by: None,
        updated,
        tags: None,
        private: None,
    }))
}

/// Asks for the id of a repository.
async fn id_of(way: &Way, name: &RepositoryName) -> Result<String, Failure> {
    let host = &way.registry.endpoint().host;
    let ask = Ask::get()
        .at("/repo/v1/entity/dockerRepo/id")
        .query("repositoryName", format!("{host}/{name}"));
    let told = way.ask(&ask).await?;
    let body: Value = told.json()?;
    body["id"].as_str().and_then(project_id).ok_or_else(|| {
        let error = told.makes_no_sense("no id of a repository");
        Failure::Unreadable(Box::new(error))
    })
}

/// Begins the path of an entity.
fn entity(ask: Ask, id: &str) -> Ask {
    ask.at("/repo/v1/entity").value(id)
}

/// Returns the entries of a list.
fn entries<'a>(
    told: &registry::Told,
    body: &'a Value,
    name: &str,
) -> Result<&'a Vec<Value>, Failure> {
    body[name].as_array().ok_or_else(|| {
        let error = told.makes_no_sense("no list");
        Failure::Unreadable(Box::new(error))
    })
}

fn token(body: &Value) -> Option<String> {
    let text = body["nextPageToken"].as_str()?;
    (!text.is_empty() && text.len() <= TOKEN).then(|| text.to_owned())
}

fn project(entry: &Value) -> Option<Project> {
    Some(Project {
        name: project_id(entry["id"].as_str()?)?,
        title: read::description(&entry["name"]),
    })
}

/// Reads an id: `syn` and a number; some answers have the number alone.
fn project_id(text: &str) -> Option<String> {
    let number = text.strip_prefix("syn").unwrap_or(text);
    let is_number =
        (1..=19).contains(&number.len()) && number.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| format!("syn{number}"))
}

/// Reads the name of a repository of this registry.
fn name_of(way: &Way, value: &Value) -> Option<RepositoryName> {
    let host = way.registry.endpoint().host.as_str();
    let path = value.as_str()?.strip_prefix(host)?.strip_prefix('/')?;
    RepositoryName::parse(path).ok()
}

fn words(whole: &Value) -> Words {
    Words {
        is_cut: read::is_cut(&whole["description"]),
        description: read::description(&whole["description"]),
        full: None,
        version: whole["etag"].as_str().map(str::to_owned),
    }
}

fn fact(entry: &Value) -> Option<TagFact> {
    let digest: Digest = read::digest(&entry["digest"])?;
    Some(TagFact {
        tag: Tag::parse(entry["tag"].as_str()?).ok()?,
        digest,
        pushed: Some(read::time(&entry["createdOn"])?),
        exact: true,
        by: None,
        what: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_an_id_is_a_number_and_nothing_else() {
        assert_eq!(project_id("syn123").as_deref(), Some("syn123"));
        assert_eq!(project_id("123").as_deref(), Some("syn123"));
        for odd in [
            "",
            "syn",
            "syn1/2",
            "syn12x",
            "../1",
            "synsyn1",
            &"1".repeat(20),
        ] {
            assert_eq!(project_id(odd), None, "{odd}");
        }
        let long = json!({"nextPageToken": "x".repeat(TOKEN + 1)});
        assert_eq!(token(&long), None);
        assert_eq!(token(&json!({"nextPageToken": ""})), None);
    }

    #[test]
    fn a_tag_is_told_with_its_time_or_not_at_all() {
        let digest = Digest::sha256_of(b"one").to_string();
        let good = json!({"tag": "v1", "digest": digest, "createdOn": "2026-11-01T12:00:00.000Z"});
        let read = fact(&good).unwrap();
        assert!(read.exact && read.what.is_none() && read.pushed.is_some());
        for (key, odd) in [
            ("tag", json!("a b")),
            ("digest", json!(1)),
            ("createdOn", json!(null)),
        ] {
            let mut entry = good.clone();
            entry[key] = odd;
            assert_eq!(fact(&entry), None, "{key}");
        }
    }
}
