//! Docker Hub: repositories with their words, read, written and made; tags with what they point at; the deletion of a tag; who pushed
//! what, and commits without a tag.
//!
//! | what | call, at `hub.docker.com` | read from |
//! |---|---|---|
//! | sign in | `POST /v2/auth/token {identifier, secret}`, ten minutes | documentation of the Hub API |
//! | list | `GET /v2/user/orgs/`, then `GET /v2/namespaces/NS/repositories` of each | the same |
//! | words | `GET /v2/namespaces/NS/repositories/R` | the same |
//! | | `PATCH /v2/repositories/NS/R/ {description}`, which leaves the long text | in wide use, in no document |
//! | make | `POST /v2/namespaces/NS/repositories`, 201 | documentation of the Hub API |
//! | tags | `GET /v2/namespaces/NS/repositories/R/tags`, the first thousand | the same |
//! | delete a tag | `DELETE /v2/repositories/NS/R/tags/T/`, 204 | in wide use, in no document |
//! | the past | `GET /v2/auditlogs/NS?action=repo.tag.push`, where the plan has it | documentation of the Hub API |
//! | without a tag | `GET /v2/namespaces/NS/repositories/R/manifests` | in no document: it may be gone (404) |
//!
//! The sources stand in `../shared/facts/registries.md`, 4.1; nothing was asked of Docker Hub itself. A password is not enough for an
//! account with a second factor: an access token is, here as for the registry. To nobody public repositories tell of their words and
//! tags. An e-mail address as user names no namespace: then all goes by the protocol. Not here: the search (the app's `search`),
//! rules that let no tag be changed, the deletion of a repository. The calls of tags are in `tags`, those of the past in `past`.

mod past;
mod tags;

use crate::interface::{Interface, Place, Shown};
use crate::parts::{
    Asking, Creates, DeletesTag, Describes, History, Lists, TagFacts, Under, WordLimits,
};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::values::{Cursor, Listed, NewWords, Page, Words};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::{Host, RepositoryName};
use registry::{Ask, Seen, Shows, TokenMaker, Told};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The most entries that are sent at once.
const PAGE: usize = 100;
/// How many namespaces are listed.
const NAMESPACES: usize = 100;
/// How many characters are kept of who did something.
const WHO: usize = 100;

static MAKER: TokenMaker = TokenMaker {
    path: "/v2/auth/token",
    user: "identifier",
    secret: "secret",
    lives: Duration::from_mins(10),
};
static AS_ACCOUNT: [Shown; 1] = [Shown::Account(Shows::Made(&MAKER))];
static AS_ANYBODY: [Shown; 2] = [Shown::Account(Shows::Made(&MAKER)), Shown::Nobody];

pub(crate) struct Hub;

impl Vendor for Hub {
    fn id(&self) -> VendorId {
        VendorId::Hub
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let named = self.may_be_at(&seen.host);
        Sign::when(named && seen.wants_token(|service| service == "registry.docker.io", "/token"))
    }

    fn may_be_at(&self, host: &Host) -> bool {
        host.as_str() == "docker.io"
    }

    fn interface(&self, part: Part) -> Interface {
        Interface {
            at: Place::Fixed("hub.docker.com"),
            shows: match part {
                Part::TagFacts | Part::Describe => &AS_ANYBODY,
                _ => &AS_ACCOUNT,
            },
        }
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // It stays pullable by its digest.
        LetsGo::Stays
    }

    fn lists(&self) -> Option<&dyn Lists> {
        Some(self)
    }

    fn describes(&self) -> Option<&dyn Describes> {
        Some(self)
    }

    fn creates(&self) -> Option<&dyn Creates> {
        Some(self)
    }

    fn facts(&self) -> Option<&dyn TagFacts> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn deletes_tag(&self) -> Option<&dyn DeletesTag> {
        Some(self)
    }
}

/// Where in the list of all namespaces a page begins: its number in the first of these, and how many repositories that one said it has.
struct Stop {
    number: u32,
    count: Option<u64>,
    namespaces: Vec<String>,
}

impl Stop {
    fn of(namespaces: Vec<String>) -> Self {
        Self {
            number: 1,
            count: None,
            namespaces,
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (number, count, namespaces) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            number: number.parse().ok()?,
            count: count.parse().ok(),
            namespaces: namespaces.split(',').map(str::to_owned).collect(),
        })
    }

    fn cursor(&self) -> Cursor {
        let count = self
            .count
            .map_or_else(|| "-".to_owned(), |count| count.to_string());
        Cursor::Text(format!(
            "{} {count} {}",
            self.number,
            self.namespaces.join(",")
        ))
    }

    /// Returns where the next namespace begins, where there is one.
    fn after(&self) -> Option<Cursor> {
        let rest = self.namespaces.get(1..).filter(|rest| !rest.is_empty())?;
        Some(Self::of(rest.to_vec()).cursor())
    }
}

impl Lists for Hub {
    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            let (stop, is_own) = match at {
                Cursor::Text(text) => (Stop::read(text).ok_or(Failure::NotFound)?, false),
                _ => (Stop::of(namespaces(way).await?), true),
            };
            let namespace = stop.namespaces.first().ok_or(Failure::NotFound)?;
            let ask = Ask::get()
                .at("/v2/namespaces")
                .value(namespace)
                .at("/repositories")
                .query("page", stop.number)
                .query("page_size", PAGE);
            let told = match way.ask(&ask).await {
                // That one organization isn't this account's to see says nothing of the others.
                Err(Failure::Denied | Failure::NotFound) if !is_own && stop.number == 1 => {
                    return Ok(Page {
                        next: stop.after(),
                        ..Page::empty()
                    });
                }
                told => told?,
            };
            let (body, mut page) = results(&told, |entry| listed(namespace, entry))?;
            let count = body["count"].as_u64();
            let so_far = u64::from(stop.number - 1) * PAGE as u64 + page.sent as u64;
            let has_more = page.sent > 0 && is_more(&body);
            let has_changed = stop.count.is_some() && count != stop.count;
            if has_changed || (!has_more && count.is_some_and(|count| count > so_far)) {
                return Ok(in_doubt(page));
            }
            page.next = if has_more {
                let next = Stop {
                    number: stop.number.saturating_add(1),
                    count,
                    ..stop
                };
                Some(next.cursor())
            } else {
                stop.after()
            };
            Ok(page)
        })
    }
}

/// Makes a page the last one of a list that is not whole: somebody pushed or deleted meanwhile.
fn in_doubt<T>(page: Page<T>) -> Page<T> {
    Page {
        total: Some(u64::MAX),
        next: None,
        ..page
    }
}

/// Returns the namespaces of the account: its own, and each of its organizations that is told.
async fn namespaces(way: &Way) -> Result<Vec<String>, Failure> {
    let user = way.registry.user().await?.ok_or(Failure::Wants)?;
    let user = namespace(&user.to_lowercase()).ok_or(Failure::NotFound)?;
    let ask = Ask::get()
        .at("/v2/user/orgs/")
        .query("page", 1)
        .query("page_size", PAGE);
    let told = match way.ask(&ask).await {
        Ok(told) => told.json::<Value>()?,
        Err(failure) if failure.is_passing() => return Err(failure),
        // An organization's own token has none.
        Err(_) => Value::Null,
    };
    let others = told["results"].as_array().map_or(&[][..], Vec::as_slice);
    let others = others
        .iter()
        .filter_map(|entry| namespace(entry["orgname"].as_str()?));
    let mut all = vec![user];
    for other in others.take(NAMESPACES) {
        if !all.contains(&other) {
            all.push(other);
        }
    }
    Ok(all)
}

/// Reads the name of a namespace: one part of a repository's name.
fn namespace(text: &str) -> Option<String> {
    let name = RepositoryName::parse(text).ok()?;
    (!text.contains('/')).then(|| name.to_string())
}

fn listed(namespace: &str, entry: &Value) -> Option<Listed> {
    let name = format!("{namespace}/{}", entry["name"].as_str()?);
    let name = RepositoryName::parse(&name).ok()?;
    parts(&name).ok()?;
    Some(Listed {
        name,
        words: words(entry),
        id: None,
        created: read::time(&entry["date_registered"]),
        created_by: None,
        updated: read::time(&entry["last_updated"]),
        tags: None,
        private: entry["is_private"].as_bool(),
    })
}

/// Reads the description. The long text is not read: a change of the description must not put an older one back.
fn words(entry: &Value) -> Words {
    Words {
        description: read::description(&entry["description"]),
        is_cut: read::is_cut(&entry["description"]),
        ..Words::default()
    }
}

impl Describes for Hub {
    fn read<'a>(&'a self, way: &'a Way, name: &'a RepositoryName) -> Asking<'a, Words> {
        Box::pin(async move {
            let told = way.ask(&repository(Ask::get(), name)?).await?;
            let body: Value = told.json()?;
            if !body["name"].is_string() {
                return Err(told.makes_no_sense("no repository").into());
            }
            Ok(words(&body))
        })
    }

    fn write<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        words: &'a NewWords,
        _: Option<&'a str>,
    ) -> Asking<'a, Words> {
        Box::pin(async move {
            let mut order = Map::new();
            order.insert("description".into(), words.description.as_str().into());
            if let Some(full) = &words.full {
                order.insert("full_description".into(), full.as_str().into());
            }
            let ask = older(Ask::patch(), name)?.at("/").json(&order);
            way.ask(&ask).await?;
            Ok(Words {
                description: Some(words.description.clone()).filter(|text| !text.is_empty()),
                full: words.full.clone(),
                version: None,
                is_cut: false,
            })
        })
    }

    fn limits(&self) -> WordLimits {
        WordLimits {
            description: 100,
            full: Some(25_000),
        }
    }
}

impl Creates for Hub {
    fn create<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        words: &'a NewWords,
        private: Option<bool>,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let (namespace, rest) = parts(name)?;
            let mut order = json!({
                "namespace": namespace,
                "name": rest,
                "description": words.description,
                "full_description": words.full.as_deref().unwrap_or_default(),
                "registry": "docker.io",
            });
            // Where nobody says, what the account has set counts.
            if let Some(private) = private {
                order["is_private"] = private.into();
            }
            let ask = Ask::post()
                .at("/v2/namespaces")
                .value(namespace)
                .at("/repositories")
                .json(&order);
            way.ask(&ask).await?;
            Ok(())
        })
    }

    fn under(&self) -> Under {
        // The user's own namespace, or an organization.
        Under::Project
    }
}

/// Reads who did something.
fn who(value: &Value) -> Option<String> {
    let text = oci::text::plain(value.as_str()?, WHO);
    (!text.is_empty()).then_some(text)
}

/// Splits a name into namespace and rest: there is no third part at Docker Hub.
fn parts(name: &RepositoryName) -> Result<(&str, &str), Failure> {
    let parts = name.as_str().split_once('/');
    parts
        .filter(|(_, rest)| !rest.contains('/'))
        .ok_or(Failure::NotFound)
}

/// Begins the path of a repository.
fn repository(ask: Ask, name: &RepositoryName) -> Result<Ask, Failure> {
    let (namespace, rest) = parts(name)?;
    let ask = ask.at("/v2/namespaces").value(namespace);
    Ok(ask.at("/repositories").value(rest))
}

/// Begins the older path of a repository, which some calls have alone.
fn older(ask: Ask, name: &RepositoryName) -> Result<Ask, Failure> {
    let (namespace, rest) = parts(name)?;
    Ok(ask.at("/v2/repositories").value(namespace).value(rest))
}

/// Tells whether a page says that there is another one.
fn is_more(body: &Value) -> bool {
    body["next"].as_str().is_some_and(|next| !next.is_empty())
}

/// Reads a page with its `results`; what of them can't be read is left out.
fn results<T>(
    told: &Told,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<(Value, Page<T>), Failure> {
    let body: Value = told.json()?;
    let Some(entries) = body["results"].as_array() else {
        return Err(told.makes_no_sense("a page without results").into());
    };
    let rows: Vec<T> = entries.iter().filter_map(read).collect();
    let page = Page {
        left_out: entries.len() - rows.len(),
        sent: entries.len(),
        rows,
        date: told.date(),
        ..Page::empty()
    };
    Ok((body, page))
}

#[cfg(test)]
mod tests;
