//! GitLab's registry: its tags with what they point at and the repositories of a namespace, where it runs with its database; and the
//! repositories that GitLab itself lists, with a second sign-in.
//!
//! | what | call, below `/gitlab/v1` | read from |
//! |---|---|---|
//! | tags | `GET /repositories/N/tags/list/?n=200&sort=-published_at`, `Link` | 4.39.0 with PostgreSQL, measured; `docs/spec/gitlab/api.md` |
//! | list | `GET /repository-paths/N/repositories/list/?n=200`, `Link` | the same |
//!
//! | what | call, below `/api/v4` of GitLab | read from |
//! |---|---|---|
//! | list | `GET /groups/NAMESPACE/registry/repositories`, and where that is 404 `GET /projects/NAMESPACE/registry/repositories` | GitLab's `doc/api/container_registry.md` |
//! | list of all | `GET /projects?membership=true&simple=true`, then `GET /projects/ID/registry/repositories` of each | the same; `doc/api/projects.md` |
//!
//! The first take the registry's own tokens, for `repository:N:pull`; the list of a namespace wants `repository:N/*:pull` besides
//! (`appendRepositoryDetailsAccessRecords` of `registry/handlers/app.go`), which GitLab's own token service isn't known to give a
//! person: then what GitLab itself lists, where there is a token for it (`PRIVATE-TOKEN`), else what the catalog gives, or what is known
//! here. GitLab is where the registry has its tokens fetched. A project is a question, so that the list of all ends in doubt after
//! sixty. Without the database there is no such path, and what answers there is a 404 that isn't in the registry's words. A time is the
//! tag's own: it changes when the tag is put on another manifest. What an image runs on is not in the list, and an index has no size:
//! both are for the manifest to say.
//!
//! Not here: referrers, which `referrers=true` gives with the tags and nothing else does: nothing of ours asks for them; what GitLab
//! itself tells of tags, one by one; descriptions and new repositories, which are its projects.

mod product;

use crate::interface::{Interface, Place, SecondAs, Shown};
use crate::parts::{Asking, Lists, TagFacts};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::values::{Cursor, Image, Listed, Page, TagFact};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::{Failure, Way, of_one};
use oci::{Digest, MediaType, RepositoryName, Tag};
use registry::{Ask, AskFor, Error, SecretHeader, Seen, Told};
use serde_json::Value;

/// How many entries are asked for at once, of at most 1000: so that the first come soon, and a thousand in five questions.
const PAGE: usize = 200;
/// The bytes of the config of manifests that hold no image, as those of ours do.
const EMPTY: &[u8] = b"{}";

/// A day (seconds).
const DAY: i64 = 86_400;

static BY_TOKEN: [Shown; 1] = [Shown::Second(SecondAs::Header(SecretHeader::PrivateToken))];

pub(crate) struct Gitlab;

impl Vendor for Gitlab {
    fn id(&self) -> VendorId {
        VendorId::Gitlab
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let says_so = seen.header("gitlab-container-registry-version").is_some();
        let tokens = seen.wants_token(|service| service == "container_registry", "/jwt/auth");
        Sign::when(says_so || tokens)
    }

    fn interface(&self, part: Part) -> Interface {
        match part {
            Part::List => Interface {
                at: Place::TokenService,
                shows: &BY_TOKEN,
            },
            _ => Interface::OWN,
        }
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Online garbage collection takes it after `gc.reviewafter`, 24 hours where nobody changed it; measured.
        LetsGo::After {
            seconds: DAY,
            hidden: false,
        }
    }

    fn lists(&self) -> Option<&dyn Lists> {
        Some(self)
    }

    fn facts(&self) -> Option<&dyn TagFacts> {
        Some(self)
    }
}

impl Lists for Gitlab {
    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            let told = match at {
                Cursor::Text(_) => return product::page(way, at).await,
                _ => below(way, at).await,
            };
            match told {
                Err(failure) if *at == Cursor::First && !failure.is_passing() => {
                    match product::page(way, at).await {
                        // There is no token for it.
                        Err(Failure::Wants) => Err(failure),
                        told => told,
                    }
                }
                told => told,
            }
        })
    }
}

/// Asks the registry for what is below a name: it lists that, and nothing else.
async fn below(way: &Way, at: &Cursor) -> Result<Page<Listed>, Failure> {
    let below = way.namespace.as_ref().ok_or(Failure::NotFound)?;
    let ask = Ask::get()
        .at("/gitlab/v1/repository-paths")
        .name(below)
        .at("/repositories/list/");
    let told = asked(way, ask, AskFor::PullBelow(below), at).await?;
    Ok(read::linked(&told, &told.json::<Vec<Value>>()?, listed))
}

impl TagFacts for Gitlab {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>> {
        Box::pin(async move {
            let ask = Ask::get()
                .at("/gitlab/v1/repositories")
                .name(name)
                .at("/tags/list/")
                .query("sort", "-published_at");
            let told = asked(way, ask, AskFor::Pull(name), at).await?;
            Ok(read::linked(&told, &told.json::<Vec<Value>>()?, fact))
        })
    }
}

async fn asked(way: &Way, ask: Ask, about: AskFor<'_>, at: &Cursor) -> Result<Told, Failure> {
    let ask = read::following(ask.query("n", PAGE), at);
    match way.registry.ask(&ask, about).await {
        Err(error) if is_absent(&error) => Err(Failure::Absent),
        told => of_one(told),
    }
}

/// Tells whether nobody answers at the path: what isn't there of the registry is told in its own words.
fn is_absent(error: &Error) -> bool {
    matches!(error.status, Some(404 | 405)) && error.said.is_empty()
}

fn listed(entry: &Value) -> Option<Listed> {
    let name = RepositoryName::parse(entry["path"].as_str()?).ok()?;
    Some(Listed {
        created: read::time(&entry["created_at"]),
        updated: read::time(&entry["updated_at"]),
        ..read::named(name)
    })
}

fn fact(entry: &Value) -> Option<TagFact> {
    // An older one leaves the first out, and the others are what it is made of.
    let times = ["published_at", "updated_at", "created_at"];
    Some(TagFact {
        tag: Tag::parse(entry["name"].as_str()?).ok()?,
        digest: read::digest(&entry["digest"])?,
        pushed: times.iter().find_map(|time| read::time(&entry[*time])),
        exact: true,
        by: None,
        what: image(entry),
    })
}

/// Reads what a tag points at. What has no config, or an empty one, may be a manifest of ours.
fn image(entry: &Value) -> Option<Image> {
    let kind = MediaType::from_header(entry["media_type"].as_str()?);
    if kind.is_index() {
        return Some(Image::default());
    }
    let config = read::digest(&entry["config_digest"])?;
    if config == Digest::sha256_of(EMPTY) {
        return None;
    }
    let size = entry["size_bytes"].as_u64();
    let platform = None;
    Some(Image { size, platform })
}
