//! Azure's registry: its tags with what they point at, its commits without a tag, and the deletion of a tag.
//!
//! | what | call, below `/acr/v1` | token for | read from |
//! |---|---|---|---|
//! | tags | `GET /N/_tags?n=100&orderby=timedesc`, `Link` | `metadata_read` | recordings of Azure's SDK for JavaScript, March 2023 |
//! | without a tag | `GET /N/_manifests?n=100&orderby=timedesc`, `Link` | `metadata_read` | the same |
//! | delete a tag | `DELETE /N/_tags/TAG` 202 | `delete` | the same |
//!
//! The registry's own tokens are taken, each for what its challenge names (`repository:N:metadata_read`). A tag's
//! `lastUpdateTime` is its own: locking it leaves it as it is (`sets_tag_properties`). The list of tags is asked and not that of the
//! manifests, which tells sizes and platforms: there the tags have no time, and every commit without a tag fills the pages; and
//! `imageSize` of what was imported in 2021 was that of its manifest alone. What a tag points at is for its manifest to say.
//!
//! The deletion isn't bound to a commit, as one by the protocol isn't: the tag was read just before.
//!
//! Not here: the list of repositories,
//! as `GET /acr/v1/_catalog` tells names alone, which are those of `/v2/_catalog`; descriptions and new repositories, which it has
//! none of; putting back what was deleted softly, which no call is known for.

use crate::parts::{Asking, DeletesTag, History, TagFacts};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::untagged::Untagged;
use crate::values::{Cursor, Image, Moment, Page, TagFact};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::{Digest, RepositoryName, Tag};
use registry::{Ask, AskFor, Seen};
use serde_json::Value;

/// How many entries are asked for at once.
const PAGE: usize = 100;
/// How many pages of manifests are one of ours: whether there is an index among them is asked of all together.
const AT_ONCE: usize = 10;

pub(crate) struct Acr;

impl Vendor for Acr {
    fn id(&self) -> VendorId {
        VendorId::Acr
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let own = seen.host.as_str();
        Sign::when(seen.wants_token(|service| service == own, "/oauth2/token"))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Its retention of untagged manifests is off until somebody switches it on (Premium).
        LetsGo::Stays
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

impl TagFacts for Acr {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>> {
        Box::pin(listed(way, name, ("/_tags", "tags"), at, fact))
    }

    fn names_all(&self) -> bool {
        // It is the list of the tags themselves, of which `/v2/` tells the names.
        true
    }
}

impl History for Acr {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: Option<&'a Tag>,
        at: &'a Cursor,
    ) -> Asking<'a, Page<Moment>> {
        Box::pin(async move {
            if tag.is_some() {
                // What a tag has left doesn't say which tag that was.
                return Ok(Page::empty());
            }
            let (mut bare, mut page) = (Untagged::default(), Page::empty());
            page.next = Some(at.clone());
            for _ in 0..AT_ONCE {
                let Some(at) = &page.next else { break };
                let of = ("/_manifests", "manifests");
                let told = listed(way, name, of, at, manifest).await?;
                page.sent += told.sent;
                page.left_out += told.left_out;
                (page.date, page.next) = (told.date, told.next);
                for (kind, moment) in told.rows {
                    bare.take(&kind, moment);
                }
            }
            page.rows = bare.commits();
            Ok(page)
        })
    }
}

impl DeletesTag for Acr {
    fn delete<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: &'a Tag,
        _: &'a Digest,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let ask = Ask::delete()
                .at("/acr/v1")
                .name(name)
                .at("/_tags")
                .value(tag.as_str());
            way.registry.ask(&ask, AskFor::Delete(name)).await?;
            Ok(())
        })
    }

    fn is_safer(&self) -> bool {
        // Of `/v2/` it is documented for digests alone.
        true
    }
}

/// Asks for a page of one of a repository's lists.
async fn listed<T>(
    way: &Way,
    name: &RepositoryName,
    (path, key): (&'static str, &'static str),
    at: &Cursor,
    read: fn(&Value) -> Option<T>,
) -> Result<Page<T>, Failure> {
    let ask = Ask::get()
        .at("/acr/v1")
        .name(name)
        .at(path)
        .query("n", PAGE)
        .query("orderby", "timedesc");
    let ask = read::following(ask, at);
    let told = way.ask_of(&ask, AskFor::Metadata(name)).await?;
    let mut list = told.json::<Value>()?;
    // An empty one is null, or left out.
    let entries = match list[key].take() {
        Value::Array(entries) => entries,
        Value::Null => Vec::new(),
        _ => return Err(told.makes_no_sense("no list").into()),
    };
    Ok(read::linked(&told, &entries, read))
}

fn fact(entry: &Value) -> Option<TagFact> {
    let times = ["lastUpdateTime", "createdTime"];
    Some(TagFact {
        tag: Tag::parse(entry["name"].as_str()?).ok()?,
        digest: read::digest(&entry["digest"])?,
        pushed: times.iter().find_map(|time| read::time(&entry[*time])),
        exact: true,
        by: None,
        // It may be a manifest of ours for all that is told; but nothing of ours stands in a tag's place here, where one goes alone.
        what: Some(Image::default()),
    })
}

/// Reads a manifest's media type, and the commit that it is where no tag names it.
fn manifest(entry: &Value) -> Option<(String, Option<Moment>)> {
    let digest = read::digest(&entry["digest"])?;
    let kind = entry["mediaType"].as_str().unwrap_or_default().to_owned();
    let has_tags = entry["tags"]
        .as_array()
        .is_some_and(|tags| !tags.is_empty());
    if has_tags {
        return Some((kind, None));
    }
    let moment = Moment {
        digest,
        tag: None,
        from: read::time(&entry["createdTime"])?,
        until: None,
        by: None,
        restorable_until: None,
        what: None,
    };
    Some((kind, Some(moment)))
}
