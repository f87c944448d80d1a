//! Gitea and Forgejo: since when a tag points where it does, and who put it there.
//!
//! | what | call, below `/api/v1` | read from |
//! |---|---|---|
//! | is it one | a token for `*`, else `GET /version` as nobody: `version` | 1.28-dev and one of 2024, measured |
//! | pushes of tags | `GET /packages/OWNER?type=container&q=NAME&limit=100` | the same; `q` and the order in `models/packages` |
//!
//! One row is one tag, the last that was pushed first; it is a new row with every push, with the same bytes as well. There is no digest
//! in it, so it is no fact of what the tag points at: that stays a HEAD. (`…/files` has it, at a question a tag: a HEAD costs as much.)
//! `q` finds names that have its text anywhere in them, so the others' rows are left out here. At most fifty come at once, where
//! whoever runs it hasn't said otherwise.
//!
//! User and secret go with each question; a token of `/v2/token` is no good there (401). Not here, and why: the list of repositories
//! (the catalog is for everybody who may see them, and the interface has no words of a package; it would cost a row a tag); descriptions
//! and new packages (there is no call); deleting (by the protocol a tag goes alone, and its commit with it where no other tag has it);
//! a memory (an overwritten commit is gone at once).

use crate::parts::{Asking, TagPushes};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::values::{Cursor, Page, TagPush};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::{RepositoryName, Tag};
use registry::{Ask, Seen, Told};
use serde_json::Value;

/// How many rows are asked for at once; fewer come where whoever runs it allows no more.
const PAGE: usize = 100;

pub(crate) struct Gitea;

impl Vendor for Gitea {
    fn id(&self) -> VendorId {
        VendorId::Gitea
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let is_like_it = seen.wants_token(|service| service == "container_registry", "/v2/token");
        // Nobody else asks for a token for all (measured). Where it is closed to nobody, its version is a 403.
        if is_like_it && seen.wants_token_for("*") {
            return Sign::Yes;
        }
        let ask = Ask::get().at("/api/v1/version");
        Sign::ask_when(is_like_it, ask, |told| {
            told.json::<Value>()
                .is_ok_and(|told| told["version"].is_string())
        })
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Measured: 404 right after.
        LetsGo::AtOnce { at_deletion: true }
    }

    fn folds_tags(&self) -> bool {
        true
    }

    fn pushes(&self) -> Option<&dyn TagPushes> {
        Some(self)
    }
}

impl TagPushes for Gitea {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagPush>> {
        Box::pin(async move {
            // What stands under no owner is no package of it.
            let (owner, package) = name.as_str().split_once('/').ok_or(Failure::NotFound)?;
            let mut ask = Ask::get()
                .at("/api/v1/packages")
                .value(owner)
                .query("type", "container")
                .query("q", package)
                .query("limit", PAGE);
            if let Cursor::Link(next) = at {
                ask = ask.following(next);
            }
            let told = way.ask(&ask).await?;
            page(&told, package)
        })
    }
}

/// Reads a page: an array of rows of one owner's packages.
fn page(told: &Told, package: &str) -> Result<Page<TagPush>, Failure> {
    let entries = told.json::<Vec<Value>>()?;
    let of_it = entries.iter().filter(|entry| is_tag_of(entry, package));
    let read: Vec<Option<TagPush>> = of_it.map(push).collect();
    let left_out = read.iter().filter(|read| read.is_none()).count();
    Ok(Page {
        rows: read.into_iter().flatten().collect(),
        sent: entries.len(),
        left_out,
        total: told.total(),
        date: told.date(),
        next: told.next().map(Cursor::Link),
    })
}

/// Tells whether a row is of a tag of this package: what was pushed by its digest alone is a row as well, named by that.
fn is_tag_of(entry: &Value, package: &str) -> bool {
    let text = |key: &str| entry[key].as_str().unwrap_or_default();
    text("type") == "container"
        && text("name").eq_ignore_ascii_case(package)
        && !text("version").contains(':')
}

fn push(entry: &Value) -> Option<TagPush> {
    Some(TagPush {
        tag: Tag::parse(entry["version"].as_str()?).ok()?,
        at: read::time(&entry["created_at"])?,
        by: read::person(&entry["creator"]["login"]),
    })
}
