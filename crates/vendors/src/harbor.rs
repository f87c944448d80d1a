//! Harbor: its list, what a repository says of itself, its tags with what they point at, the deletion of a tag, and its commits
//! without one.
//!
//! | what | call, below `/api/v2.0` | read from |
//! |---|---|---|
//! | is it one | `GET /systeminfo` as nobody: `auth_mode` | core 2.15.2, measured |
//! | list | `GET /repositories?page=&page_size=100` | core 2.15.2, measured; `swagger.yaml` |
//! | tags | `GET /projects/P/repositories/R/artifacts?q=tags%3D*&with_tag=true&with_accessory=true&sort=-push_time` | the same; `tags=*` in `pkg/artifact/dao` |
//! | is it a proxy | `GET /projects/P`: `registry_id` | `swagger.yaml` at c50c7dd; not measured |
//! | delete a tag | `DELETE …/artifacts/DIGEST/tags/TAG` | the same |
//! | without a tag | `GET …/artifacts?q=tags%3Dnil&sort=-push_time` | the same |
//! | words | `GET`, `PUT …/repositories/R` `{description}` | the same; a repository is made by its first push alone |
//!
//! User and secret go with each question, to the server itself. A repository's name is encoded twice. No cookie is ever sent back:
//! Harbor sets one with every answer, and refuses what writes with it. A robot without that right gets 403 (measured): then all goes
//! by the protocol. Not here: projects, and its audit log.

use crate::parts::{Asking, DeletesTag, Describes, History, Lists, TagFacts, WordLimits};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::values::{Cursor, Image, Listed, Moment, NewWords, Page, TagFact, Words};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::{Digest, Platform, RepositoryName, Tag};
use registry::{Ask, Seen, Told};
use serde_json::{Value, json};

/// The most entries that Harbor sends at once.
const PAGE: usize = 100;

pub(crate) struct Harbor;

impl Vendor for Harbor {
    fn id(&self) -> VendorId {
        VendorId::Harbor
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let is_like_it = seen.wants_token(|service| service == "harbor-registry", "/service/token");
        let ask = Ask::get().at("/api/v2.0/systeminfo");
        Sign::ask_when(is_like_it, ask, |told| {
            told.json::<Value>()
                .is_ok_and(|told| told["auth_mode"].is_string())
        })
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // It stays as an untagged artifact until a garbage collection is run that takes those too.
        LetsGo::Stays
    }

    fn lists(&self) -> Option<&dyn Lists> {
        Some(self)
    }

    fn facts(&self) -> Option<&dyn TagFacts> {
        Some(self)
    }

    fn describes(&self) -> Option<&dyn Describes> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn deletes_tag(&self) -> Option<&dyn DeletesTag> {
        Some(self)
    }
}

impl Lists for Harbor {
    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            let ask = paged(Ask::get().at("/api/v2.0/repositories"), at);
            let told = way.ask(&ask).await?;
            page(&told, at, |entry| Some(vec![listed(entry)?]))
        })
    }
}

impl TagFacts for Harbor {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>> {
        Box::pin(async move {
            let ask = repository(Ask::get(), name)?
                .at("/artifacts")
                // Overwritten ones stay for good, and would fill page after page.
                .query("q", "tags=*")
                .query("with_tag", true)
                .query("with_accessory", true)
                .query("sort", "-push_time");
            let told = way.ask(&paged(ask, at)).await?;
            let mut signed = 0;
            let mut page = page(&told, at, |entry| {
                signed += usize::from(has_some(&entry["accessories"]));
                facts(entry)
            })?;
            // What signs an artifact is in no list, and its tag is lacking here.
            page.left_out += signed;
            Ok(page)
        })
    }

    fn names_all(&self) -> bool {
        // Both lists are of the same table (`server/registry/tag.go`, `pkg/artifact/dao`), but for signatures. Of a signed commit that
        // has no tag any more nothing is told: the tag of its signature is listed only where the whole repository is watched.
        true
    }

    /// Asks whether its project is no proxy: that tells what it has fetched, and the registry lists what it could fetch as well
    /// (`server/middleware/repoproxy`).
    fn names_all_of<'a>(&'a self, way: &'a Way, name: &'a RepositoryName) -> Asking<'a, bool> {
        Box::pin(async move {
            let (project, _) = name.as_str().split_once('/').ok_or(Failure::NotFound)?;
            let ask = Ask::get().at("/api/v2.0/projects").value(project).once();
            let told: Value = way.ask(&ask).await?.json()?;
            // A name of digits alone is taken for a number, and may be another's.
            let is_it = told["name"] == project;
            Ok(is_it && told["registry_id"].as_u64().is_none_or(|id| id == 0))
        })
    }
}

impl Describes for Harbor {
    fn read<'a>(&'a self, way: &'a Way, name: &'a RepositoryName) -> Asking<'a, Words> {
        Box::pin(async move {
            let ask = repository(Ask::get(), name)?;
            let told = way.ask(&ask).await?;
            Ok(words(&told.json()?))
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
            let ask =
                repository(Ask::put(), name)?.json(&json!({"description": words.description}));
            way.ask(&ask).await?;
            let description = Some(words.description.clone());
            Ok(Words {
                description: description.filter(|text| !text.is_empty()),
                ..Words::default()
            })
        })
    }

    fn limits(&self) -> WordLimits {
        WordLimits {
            description: read::DESCRIPTION,
            full: None,
        }
    }
}

impl History for Harbor {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: Option<&'a Tag>,
        at: &'a Cursor,
    ) -> Asking<'a, Page<Moment>> {
        Box::pin(async move {
            if tag.is_some() {
                // What a tag left is told without its name.
                return Ok(Page::empty());
            }
            let ask = repository(Ask::get(), name)?
                .at("/artifacts")
                .query("q", "tags=nil")
                .query("sort", "-push_time");
            let told = way.ask(&paged(ask, at)).await?;
            page(&told, at, |entry| Some(vec![untagged(entry)?]))
        })
    }
}

impl DeletesTag for Harbor {
    fn delete<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: &'a Tag,
        digest: &'a Digest,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let ask = repository(Ask::delete(), name)?
                .at("/artifacts")
                .value(digest.as_str())
                .at("/tags")
                .value(tag.as_str());
            way.ask(&ask).await?;
            Ok(())
        })
    }
}

/// Begins the path of a repository: its project, then the rest of its name encoded twice.
fn repository(ask: Ask, name: &RepositoryName) -> Result<Ask, Failure> {
    let (project, rest) = name.as_str().split_once('/').ok_or(Failure::NotFound)?;
    Ok(ask
        .at("/api/v2.0/projects")
        .value(project)
        .at("/repositories")
        .twice(rest))
}

fn paged(ask: Ask, at: &Cursor) -> Ask {
    ask.query("page", at.number()).query("page_size", PAGE)
}

/// Reads a page: an array, in which every entry that can't be read is left out.
fn page<T>(
    told: &Told,
    at: &Cursor,
    mut read: impl FnMut(&Value) -> Option<Vec<T>>,
) -> Result<Page<T>, Failure> {
    let entries = told.json::<Vec<Value>>()?;
    let (mut rows, mut left_out) = (Vec::new(), 0);
    for entry in &entries {
        match read(entry) {
            Some(read) => rows.extend(read),
            None => left_out += 1,
        }
    }
    let sent = entries.len();
    let so_far = u64::from(at.number()) * PAGE as u64;
    let more = sent >= PAGE && told.total().is_none_or(|total| total > so_far);
    Ok(Page {
        rows,
        sent,
        left_out,
        total: told.total(),
        date: told.date(),
        next: more.then(|| Cursor::Number(at.number().saturating_add(1))),
    })
}

fn listed(entry: &Value) -> Option<Listed> {
    Some(Listed {
        name: RepositoryName::parse(entry["name"].as_str()?).ok()?,
        words: words(entry),
        id: None,
        created: read::time(&entry["creation_time"]),
        created_by: None,
        updated: read::time(&entry["update_time"]),
        // It counts artifacts, and not tags.
        tags: None,
        private: None,
    })
}

fn words(entry: &Value) -> Words {
    Words {
        description: read::description(&entry["description"]),
        is_cut: read::is_cut(&entry["description"]),
        ..Words::default()
    }
}

/// Reads an artifact that has no tag.
fn untagged(entry: &Value) -> Option<Moment> {
    Some(Moment {
        digest: read::digest(&entry["digest"])?,
        tag: None,
        from: read::time(&entry["push_time"])?,
        until: None,
        by: None,
        restorable_until: None,
        what: image(entry),
    })
}

/// Reads the tags of an artifact, of which it has some.
fn facts(entry: &Value) -> Option<Vec<TagFact>> {
    let digest = read::digest(&entry["digest"])?;
    let what = image(entry);
    let tags = entry["tags"].as_array().filter(|tags| !tags.is_empty())?;
    let fact = |tag: &Value| {
        Some(TagFact {
            tag: Tag::parse(tag["name"].as_str()?).ok()?,
            digest: digest.clone(),
            // That of the tag: it is set anew when the tag is put on another artifact (`controller/tag`).
            pushed: read::time(&tag["push_time"]),
            exact: true,
            by: None,
            what: what.clone(),
        })
    };
    tags.iter().map(fact).collect()
}

fn has_some(list: &Value) -> bool {
    list.as_array().is_some_and(|list| !list.is_empty())
}

/// Reads an image for one platform. Whatever else it is (an index, a chart, one of our own manifests) is for its manifest to say.
fn image(entry: &Value) -> Option<Image> {
    if entry["type"] != "IMAGE" || has_some(&entry["references"]) {
        return None;
    }
    let attributes = &entry["extra_attrs"];
    let platform = Platform::read(
        attributes["os"].as_str()?,
        attributes["architecture"].as_str()?,
        attributes["variant"].as_str(),
    )
    // What is for no platform that is known is no image to run: one of our own manifests, say.
    .filter(|platform| !platform.is_unknown())?;
    let size = entry["size"].as_u64()?;
    Some(Image {
        size: Some(size),
        platform: Some(platform),
    })
}
