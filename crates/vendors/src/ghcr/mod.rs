//! GitHub's registry: its packages with what their source says, tags with what they point at, commits without a tag, the
//! deletion of a commit, and a deleted one put back.
//!
//! | what | call, at `api.github.com` | read from |
//! |---|---|---|
//! | own list | `GET /user/packages?package_type=container&per_page=100&page=` | GitHub's OpenAPI description (octokit 23.0.2) |
//! | organisations | `GET /user/orgs`, which wants `read:org` or `user`; then `GET /orgs/O/packages` of each | the same |
//! | anybody's list | `GET /orgs/O/packages`, and where that is 404 `GET /users/O/packages` | the same |
//! | tags, without a tag | `GET …/packages/container/N/versions?state=active`: a version is a commit, its `name` the digest | the same |
//! | whose it is | `GET /user/packages/container/N`, where neither path of its owner has it | the same |
//! | delete a commit | `DELETE …/versions/ID` 204, with every tag it has; 400 for the last one, and for a public one of many downloads | the same; GitHub's documents |
//! | put back | `GET …/versions?state=deleted`, `POST …/versions/ID/restore` 204, for 30 days | the same |
//!
//! The sources stand in `../shared/facts/registries.md`, 4.4; nothing was asked of GitHub itself. The registry is signed in to with a
//! classic token, which is the interface's own kind. To nobody it says nothing, of public packages neither. A package's name may
//! have slashes, and is one segment (`%2F`). A version's `created_at` is when its commit was pushed first, and no tag's time. It has no
//! size; an index and its platforms are versions each, so that the platforms stand among the commits without a tag, and fill the pages
//! of the tags. A token that may not tell its organisations lists what is the user's own and what is in namespaces that are known
//! here, in doubt.
//!
//! Its registry answers 405 to every deletion (reported), and its interface takes no single tag away. Not here: deleted commits in a list, as
//! whether their tags are told isn't known; making a package, which its first push does; who may see one, which its pages change alone.

mod owner;
mod versions;

use crate::interface::{Interface, Place, Shown};
use crate::parts::{Asking, DeletesCommit, History, Lists, Restores, TagFacts};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::values::{Cursor, Listed, Page, Words};
use crate::vendor::{Fallback, LetsGo, Part, Reason, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::{Host, RepositoryName};
use owner::{Owner, asked, login, with_headers};
use registry::{Ask, Seen, Shows};
use serde_json::Value;

/// The most entries that are sent at once.
const PAGE: usize = 100;
/// How many pages of a list are served: ten thousand entries.
const PAGES: u32 = 100;
/// How many organisations, or namespaces that are known here, are listed.
const NAMESPACES: usize = 100;

static AS_ACCOUNT: [Shown; 1] = [Shown::Account(Shows::Bearer)];

pub(crate) struct Ghcr;

impl Vendor for Ghcr {
    fn id(&self) -> VendorId {
        VendorId::Ghcr
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let named = self.may_be_at(&seen.host);
        Sign::when(named && seen.wants_token(|service| service == "ghcr.io", "/token"))
    }

    fn may_be_at(&self, host: &Host) -> bool {
        host.as_str() == "ghcr.io"
    }

    fn interface(&self, _: Part) -> Interface {
        Interface {
            at: Place::Fixed("api.github.com"),
            shows: &AS_ACCOUNT,
        }
    }

    fn lacks(&self, part: Part) -> Fallback {
        match part {
            Part::DeleteTag | Part::DeleteCommit => Fallback::Impossible(Reason::NoDeletion),
            other => lacks(other),
        }
    }

    fn lets_go(&self) -> LetsGo {
        // It lists it as an untagged version.
        LetsGo::Stays
    }

    fn lists(&self) -> Option<&dyn Lists> {
        Some(self)
    }

    fn facts(&self) -> Option<&dyn TagFacts> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn deletes_commit(&self) -> Option<&dyn DeletesCommit> {
        Some(self)
    }

    fn restores(&self) -> Option<&dyn Restores> {
        Some(self)
    }
}

/// Where in the lists of all owners a page begins: its number in that of the first of these.
struct Stop {
    number: u32,
    owners: Vec<Owner>,
    /// What was listed so far, or will be, isn't all there is.
    in_doubt: bool,
}

impl Stop {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (number, doubt, owners) = (parts.next()?, parts.next()?, parts.next()?);
        let owners = owners.split(',').map(Owner::read);
        Some(Self {
            number: number.parse().ok()?,
            owners: owners.collect::<Option<_>>()?,
            in_doubt: doubt == "?",
        })
    }

    fn cursor(&self) -> Cursor {
        let owners: Vec<String> = self.owners.iter().map(Owner::text).collect();
        let doubt = if self.in_doubt { "?" } else { "-" };
        Cursor::Text(format!("{} {doubt} {}", self.number, owners.join(",")))
    }

    /// Leaves the user out of whose packages are still to be listed: these are.
    fn forget_oneself(&mut self, listed: &[Listed]) {
        let user = listed.first().map(|one| namespace(&one.name));
        let is_user = |owner: &Owner| match owner {
            Owner::Either(name) => Some(name.as_str()) == user,
            _ => false,
        };
        self.owners.retain(|owner| !is_user(owner));
    }

    /// Goes on with the next owner; at the end a list in doubt says that there is more than came.
    fn leave<T>(mut self, page: Page<T>) -> Page<T> {
        self.owners.remove(0);
        if self.owners.is_empty() {
            return Page {
                total: self.in_doubt.then_some(u64::MAX),
                next: None,
                ..page
            };
        }
        self.number = 1;
        Page {
            next: Some(self.cursor()),
            ..page
        }
    }
}

impl Lists for Ghcr {
    fn wants_known(&self) -> bool {
        true
    }

    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            let mut stop = match at {
                Cursor::Text(text) => Stop::read(text).ok_or(Failure::NotFound)?,
                _ => first(way).await?,
            };
            let is_first = *at == Cursor::First;
            let owner = stop.owners.first().ok_or(Failure::NotFound)?;
            let number = stop.number;
            let ask = |owner: &Owner| {
                let ask = owner.packages(Ask::get());
                read::numbered(ask.query("package_type", "container"), PAGE, number)
            };
            let (owner, told) = match asked(way, owner, ask).await {
                Ok(told) => told,
                // One that isn't there has nothing.
                Err(Failure::NotFound) if !is_first => return Ok(stop.leave(Page::empty())),
                // One organisation may want more of a token than others do.
                Err(Failure::Denied) if !is_first => {
                    stop.in_doubt = true;
                    return Ok(stop.leave(Page::empty()));
                }
                Err(failure) => return Err(failure),
            };
            let page = read::linked(&told, &told.json::<Vec<Value>>()?, listed);
            if owner == Owner::Oneself {
                stop.forget_oneself(&page.rows);
            }
            stop.owners[0] = owner;
            let more = read::has_more(&told, page.sent, PAGE);
            if !more || number >= PAGES {
                stop.in_doubt |= more;
                return Ok(stop.leave(page));
            }
            stop.number += 1;
            Ok(Page {
                next: Some(stop.cursor()),
                ..page
            })
        })
    }
}

/// Returns where the list of an account begins.
async fn first(way: &Way) -> Result<Stop, Failure> {
    let (mut owners, mut in_doubt) = (vec![Owner::Oneself], false);
    if let Some(below) = &way.namespace {
        owners = vec![Owner::Either(namespace(below).to_owned())];
    } else if let Some((names, is_whole)) = organisations(way).await? {
        owners.extend(names.into_iter().map(Owner::Organisation));
        in_doubt = !is_whole;
    } else {
        let known = way.namespaces.iter().take(NAMESPACES);
        owners.extend(known.map(|name| Owner::Either(name.clone())));
        in_doubt = true;
    }
    Ok(Stop {
        number: 1,
        owners,
        in_doubt,
    })
}

/// Returns the names of the account's organisations, and whether those are all; none where the token may not tell them.
async fn organisations(way: &Way) -> Result<Option<(Vec<String>, bool)>, Failure> {
    let ask = read::numbered(with_headers(Ask::get().at("/user/orgs")), PAGE, 1);
    let told = match way.ask(&ask).await {
        Err(Failure::Denied) => return Ok(None),
        told => told?,
    };
    let all = told.json::<Vec<Value>>()?;
    let names = all.iter().filter_map(|entry| login(&entry["login"]));
    let names: Vec<String> = names.take(NAMESPACES).collect();
    let is_whole = names.len() == all.len() && !read::has_more(&told, all.len(), PAGE);
    Ok(Some((names, is_whole)))
}

/// Returns the first part of a repository's name.
fn namespace(name: &RepositoryName) -> &str {
    let name = name.as_str();
    name.split_once('/').map_or(name, |(first, _)| first)
}

fn listed(entry: &Value) -> Option<Listed> {
    let owner = login(&entry["owner"]["login"])?;
    let name = format!("{owner}/{}", entry["name"].as_str()?);
    let said = &entry["repository"]["description"];
    Some(Listed {
        words: Words {
            description: read::description(said),
            is_cut: read::is_cut(said),
            ..Words::default()
        },
        // No call wants it; what has one is known of at the next list.
        id: entry["id"].as_u64().map(|id| id.to_string()),
        created: read::time(&entry["created_at"]),
        updated: read::time(&entry["updated_at"]),
        private: entry["visibility"].as_str().map(|who| who != "public"),
        ..read::named(RepositoryName::parse(&name).ok()?)
    })
}

#[cfg(test)]
mod tests;
