//! Pulp with pulp-container: its list with words, new repositories, history, and single tags taken away and put back.
//!
//! | what | call, below `/pulp/api/v3` | read from |
//! |---|---|---|
//! | is it one | `GET /status/` as nobody: a version of `container` | pulp-container 2.30.0, pulpcore 3.123.1, measured; so all below |
//! | list, words | `GET /distributions/container/container/?limit=100&offset=` | `base_path`, `description`, `private`, `repository` |
//! | change words | `PATCH /distributions/container/container/ID/ {description}` | 202 and a task |
//! | create | `POST /repositories/container/container/` 201, then `POST /distributions/container/container/` | 202 and a task |
//! | history | `GET REPOSITORY/versions/?ordering=-number`, for each `GET /content/container/tags/?repository_version_added=` | see `history` |
//! | delete a tag | `POST REPOSITORY/untag/ {tag}` | 202 and a task; 400 for a tag that begins with `_`, or isn't there |
//! | put back | `POST REPOSITORY/add/ {content_units}`, `POST REPOSITORY/tag/ {tag, digest}` | the same; 400 where the commit isn't in the newest version |
//!
//! User and secret go with each question, to the server itself. Somebody without a right gets 403, and of lists what they may see:
//! then all goes by the protocol. Only what is served by its own interface's usual root and in no domain is found.
//!
//! Not here: tags with what they point at. Its interface tells those in two questions a hundred (tags, then their manifests), and of
//! neither since when: a tag's `pulp_created` is when anybody first gave this name to this manifest in any repository of the server.
//! The protocol tells as much of what is seen. Grows by a part.

mod history;
mod place;
mod tags;
mod task;
#[cfg(test)]
mod tests;

use crate::parts::{
    Asking, Creates, DeletesTag, Describes, History, Lists, Restores, Under, WordLimits,
};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::values::{Cursor, Listed, NewWords, Page, Words};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::RepositoryName;
use place::{DISTRIBUTIONS, Place, distribution, id_of};
use registry::{Ask, Seen, Told};
use serde_json::{Value, json};

/// How many entries are asked for at once, which is also what it sends to whoever says nothing.
const PAGE: usize = 100;
/// How many bytes a description may have. Pulp itself has no limit; this is what the window shows.
const DESCRIPTION: usize = 1000;

pub(crate) struct Pulp;

impl Vendor for Pulp {
    fn id(&self) -> VendorId {
        VendorId::Pulp
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let own = seen.host.as_str();
        let is_like_it = seen.wants_token(|service| service == own, "/token/");
        let ask = Ask::get().at("/pulp/api/v3/status/");
        Sign::ask_when(is_like_it, ask, |told| {
            let versions = told.json::<Value>().unwrap_or_default();
            let mut versions = versions["versions"].as_array().into_iter().flatten();
            versions.any(|version| version["component"] == "container")
        })
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // It stays in the versions of the repository.
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

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn deletes_tag(&self) -> Option<&dyn DeletesTag> {
        Some(self)
    }

    fn restores(&self) -> Option<&dyn Restores> {
        Some(self)
    }
}

impl Lists for Pulp {
    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            let fields = "base_path,description,private,pulp_created";
            let ask = Ask::get()
                .at(DISTRIBUTIONS)
                .query("ordering", "base_path")
                .query("fields", fields);
            let told = way.ask(&paged(ask, at, PAGE)).await?;
            let list = List::read(&told)?;
            let rows: Vec<Listed> = list.rows.iter().filter_map(listed).collect();
            Ok(Page {
                left_out: list.rows.len() - rows.len(),
                sent: list.rows.len(),
                total: list.count,
                date: told.date(),
                next: list.next(at, PAGE),
                rows,
            })
        })
    }
}

impl Describes for Pulp {
    fn read<'a>(&'a self, way: &'a Way, name: &'a RepositoryName) -> Asking<'a, Words> {
        Box::pin(async move {
            let found = distribution(way, name, "description").await?;
            Ok(words(&found))
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
            let found = distribution(way, name, "pulp_href").await?;
            let id = id_of(&found["pulp_href"]).ok_or(Failure::NotFound)?;
            let ask = Ask::patch()
                .at("/pulp/api/v3/distributions/container/container")
                .value(id)
                .at("/")
                .json(&json!({"description": words.description}));
            task::done(way, &ask).await?;
            let changed = distribution(way, name, "description").await?;
            Ok(self::words(&changed))
        })
    }

    fn limits(&self) -> WordLimits {
        WordLimits {
            description: DESCRIPTION,
            full: None,
        }
    }
}

impl Creates for Pulp {
    /// Makes a repository, then what serves it under this name. Where the second fails, the first is taken away again: it would be in
    /// the way of the next try.
    fn create<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        words: &'a NewWords,
        private: Option<bool>,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let path = "/pulp/api/v3/repositories/container/container/";
            let new = json!({"name": name.as_str()});
            let told = way.ask(&Ask::post().at(path).json(&new)).await?;
            let made = told.json::<Value>()?;
            let place = Place::read(&made["pulp_href"])
                .ok_or_else(|| told.makes_no_sense("a repository without an address"))?;
            let mut new = json!({
                "name": name.as_str(), "base_path": name.as_str(), "repository": place.href(),
                "description": words.description,
            });
            if let Some(private) = private {
                new["private"] = private.into();
            }
            let ask = Ask::post().at(DISTRIBUTIONS).json(&new);
            if let Err(failure) = task::done(way, &ask).await {
                let _ = way.ask(&place.ask(Ask::delete())).await;
                return Err(failure);
            }
            Ok(())
        })
    }

    fn under(&self) -> Under {
        Under::Anything
    }
}

/// A page of any of its lists.
struct List {
    rows: Vec<Value>,
    count: Option<u64>,
    /// It says that there is more.
    more: bool,
}

impl List {
    fn read(told: &Told) -> Result<Self, Failure> {
        let mut list = told.json::<Value>()?;
        let Some(Value::Array(rows)) = list.get_mut("results").map(Value::take) else {
            return Err(told.makes_no_sense("a list without entries").into());
        };
        Ok(Self {
            rows,
            count: list["count"].as_u64(),
            more: list["next"].is_string(),
        })
    }

    /// Returns where the next page is. Its link is believed in that there is one.
    fn next(&self, at: &Cursor, page: usize) -> Option<Cursor> {
        let so_far = u64::from(at.number()).saturating_mul(page as u64);
        let more = self.more && !self.rows.is_empty();
        let more = more && self.count.is_none_or(|count| count > so_far);
        more.then(|| Cursor::Number(at.number().saturating_add(1)))
    }
}

fn paged(ask: Ask, at: &Cursor, page: usize) -> Ask {
    let before = (at.number().max(1) as usize - 1).saturating_mul(page);
    ask.query("limit", page).query("offset", before)
}

fn listed(entry: &Value) -> Option<Listed> {
    Some(Listed {
        name: RepositoryName::parse(entry["base_path"].as_str()?).ok()?,
        words: words(entry),
        id: None,
        created: read::time(&entry["pulp_created"]),
        created_by: None,
        // That of what serves it, and not of what is in it.
        updated: None,
        tags: None,
        private: entry["private"].as_bool(),
    })
}

fn words(entry: &Value) -> Words {
    Words {
        description: read::description(&entry["description"]),
        is_cut: read::is_cut(&entry["description"]),
        ..Words::default()
    }
}
