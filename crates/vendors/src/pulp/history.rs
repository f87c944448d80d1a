//! What tags pointed at before: Pulp keeps a version of a repository for every push, and tells what each added and removed.
//!
//! A page is a look at the newest [`VERSIONS`] versions that are left, in one question; one more for each of them that added tags, or
//! removed some without adding as many; and one for the manifests of all those tags. A version that only added blobs costs nothing.
//! The end of a moment is told where its page has it: the beginning of what came next under the tag may be on the page before, which
//! the caller read first. A tag that was taken away has its end always; so a moment may come twice, with its end on the page of that,
//! and without on the page of its beginning. Versions that Pulp was told to forget (`retain_repo_versions`) are gone; since when
//! that stands what stands at the oldest one nobody says, and it isn't told. Decoys, commit tags and what else was pushed are told alike.
//!
//! Not here: commits without a tag, whose time of leaving is their last tag's. Grows by what a version tells.

use super::place::{Place, id_of};
use super::{List, Pulp, paged};
use crate::parts::{Asking, History};
use crate::read;
use crate::values::{Cursor, Moment, Page};
use crate::way::{Failure, Way};
use oci::{Digest, RepositoryName, Tag, UtcSeconds};
use registry::Ask;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// How many versions a page looks at.
const VERSIONS: usize = 20;
/// How many tags of one version are looked at.
const TAGS: usize = 100;
/// How many manifests are asked for in one question: the line of a request has 4094 bytes at most (gunicorn's own limit), and each
/// identifier without its dashes takes 35.
const MANIFESTS: usize = 100;

/// What one version did to its tags.
struct Version {
    number: u64,
    at: UtcSeconds,
    adds: u64,
    removes: u64,
}

/// A tag with the identifier of its manifest.
type Bearer = (Tag, String);

impl History for Pulp {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: Option<&'a Tag>,
        at: &'a Cursor,
    ) -> Asking<'a, Page<Moment>> {
        Box::pin(async move {
            let place = Place::find(way, name).await?;
            let ask = place
                .ask(Ask::get())
                .at("versions/")
                .query("ordering", "-number")
                .query("fields", "number,pulp_created,content_summary");
            let told = way.ask(&paged(ask, at, VERSIONS)).await?;
            let list = List::read(&told)?;
            let versions: Vec<Version> = list.rows.iter().filter_map(version).collect();
            let mut left_out = list.rows.len() - versions.len();
            let mut added: Vec<(usize, Bearer)> = Vec::new();
            let mut ended: Vec<(usize, Bearer)> = Vec::new();
            for (index, version) in versions.iter().enumerate() {
                let (mut new, mut old) = (Vec::new(), Vec::new());
                // All tags that it changed, where that costs no more: by what is older than others' changes a walk knows its end.
                let only = |count: u64| tag.filter(|_| count > TAGS as u64);
                if version.adds > 0 {
                    let of = ("repository_version_added", version.number);
                    new = bearers(way, &place, of, only(version.adds), &mut left_out).await?;
                }
                if version.removes > version.adds {
                    let of = ("repository_version_removed", version.number);
                    old = bearers(way, &place, of, tag, &mut left_out).await?;
                }
                if version.number > 1
                    && index + 1 == versions.len()
                    && list.next(at, VERSIONS).is_none()
                {
                    // The oldest that Pulp kept: what stands there began earlier, and nobody says when.
                    new.clear();
                }
                // What another commit takes the place of ends by that.
                old.retain(|(tag, _)| new.iter().all(|(other, _)| other != tag));
                added.extend(new.into_iter().map(|bearer| (index, bearer)));
                ended.extend(old.into_iter().map(|bearer| (index, bearer)));
            }
            let all = added.iter().chain(&ended).map(|(_, (_, id))| &**id);
            let digests = digests(way, all).await?;
            let (mut rows, unread) = moments(&versions, added, &ended, &digests);
            left_out += unread;
            for (index, bearer) in ended {
                let (tag, id) = bearer;
                let known = rows.iter().any(|row: &Moment| {
                    row.tag.as_ref() == Some(&tag) && row.until == Some(versions[index].at)
                });
                if known {
                    continue;
                }
                let (Some(digest), Some(from)) = (
                    digests.get(&id),
                    began(way, &place, &tag, &id, versions[index].number).await?,
                ) else {
                    left_out += 1;
                    continue;
                };
                rows.push(Moment {
                    digest: digest.clone(),
                    tag: Some(tag),
                    from,
                    until: Some(versions[index].at),
                    by: None,
                    restorable_until: None,
                    what: None,
                });
            }
            Ok(Page {
                rows,
                sent: list.rows.len(),
                left_out,
                // It counts versions, and what is told are moments.
                total: None,
                date: told.date(),
                next: list.next(at, VERSIONS),
            })
        })
    }
}

fn version(entry: &Value) -> Option<Version> {
    let summary = &entry["content_summary"];
    let tags = |of: &str| summary[of]["container.tag"]["count"].as_u64().unwrap_or(0);
    Some(Version {
        number: entry["number"].as_u64()?,
        at: read::time(&entry["pulp_created"])?,
        adds: tags("added"),
        removes: tags("removed"),
    })
}

/// Makes moments of what the versions of a page added, the newest first; and tells how many couldn't be read.
fn moments(
    versions: &[Version],
    added: Vec<(usize, Bearer)>,
    ended: &[(usize, Bearer)],
    digests: &HashMap<String, Digest>,
) -> (Vec<Moment>, usize) {
    let (mut rows, mut unread) = (Vec::new(), 0);
    // When the tag got something else or nothing, by what is newer on this page.
    let mut until: BTreeMap<Tag, UtcSeconds> = BTreeMap::new();
    let mut ended = ended.iter().peekable();
    for (index, (tag, id)) in added {
        while let Some((at, (gone, _))) = ended.next_if(|(at, _)| *at <= index) {
            until.insert(gone.clone(), versions[*at].at);
        }
        let from = versions[index].at;
        let end = until.insert(tag.clone(), from);
        let Some(digest) = digests.get(&id) else {
            unread += 1;
            continue;
        };
        rows.push(Moment {
            digest: digest.clone(),
            tag: Some(tag),
            from,
            until: end,
            by: None,
            restorable_until: None,
            what: None,
        });
    }
    (rows, unread)
}

/// Asks which tags a version added or removed.
async fn bearers(
    way: &Way,
    place: &Place,
    (of, number): (&'static str, u64),
    tag: Option<&Tag>,
    left_out: &mut usize,
) -> Result<Vec<Bearer>, Failure> {
    let mut ask = Ask::get()
        .at("/pulp/api/v3/content/container/tags/")
        .query(of, place.version(number))
        .query("fields", "name,tagged_manifest")
        .query("limit", TAGS);
    if let Some(tag) = tag {
        ask = ask.query("name", tag);
    }
    let told = way.ask(&ask).await?;
    let List { rows, count, .. } = List::read(&told)?;
    let read = |row: &Value| {
        let tag = Tag::parse(row["name"].as_str()?).ok()?;
        Some((tag, id_of(&row["tagged_manifest"])?.to_owned()))
    };
    let all: Vec<Bearer> = rows.iter().take(TAGS).filter_map(read).collect();
    // A version that was copied from elsewhere may have added thousands at once.
    let count = count.and_then(|count| usize::try_from(count).ok());
    *left_out += count.unwrap_or(0).max(rows.len()) - all.len();
    Ok(all)
}

/// Asks for the digests of manifests.
async fn digests<'a>(
    way: &Way,
    ids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Digest>, Failure> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let mut digests = HashMap::new();
    for some in ids.chunks(MANIFESTS) {
        let short: Vec<String> = some.iter().map(|id| id.replace('-', "")).collect();
        let ask = Ask::get()
            .at("/pulp/api/v3/content/container/manifests/")
            .query("pulp_id__in", short.join(","))
            .query("fields", "pulp_href,digest")
            .query("limit", MANIFESTS);
        let told = way.ask(&ask).await?;
        for row in List::read(&told)?.rows {
            if let (Some(id), Some(digest)) =
                (id_of(&row["pulp_href"]), read::digest(&row["digest"]))
            {
                digests.insert(id.to_owned(), digest);
            }
        }
    }
    Ok(digests)
}

/// Asks since when a tag had borne a manifest before a version took it away, where no page says: in the versions right before it that
/// have this tag with this manifest. None where there are more than are looked at.
async fn began(
    way: &Way,
    place: &Place,
    tag: &Tag,
    id: &str,
    before: u64,
) -> Result<Option<UtcSeconds>, Failure> {
    let ask = Ask::get()
        .at("/pulp/api/v3/content/container/tags/")
        .query("repository_version_removed", place.version(before))
        .query("name", tag)
        .query("fields", "pulp_href,tagged_manifest")
        .query("limit", 1);
    let rows = List::read(&way.ask(&ask).await?)?.rows;
    let unit = rows
        .first()
        .filter(|row| id_of(&row["tagged_manifest"]) == Some(id));
    let Some(unit) = unit.and_then(|row| id_of(&row["pulp_href"])) else {
        return Ok(None);
    };
    let ask = place
        .ask(Ask::get())
        .at("versions/")
        .query(
            "content",
            format_args!("/pulp/api/v3/content/container/tags/{unit}/"),
        )
        .query("number__lt", before)
        .query("ordering", "-number")
        .query("fields", "number,pulp_created")
        .query("limit", super::PAGE);
    let list = List::read(&way.ask(&ask).await?)?;
    let (mut next, mut from) = (before, None);
    let is_whole = list.rows.len() < super::PAGE;
    for row in &list.rows {
        let (Some(number), Some(at)) = (row["number"].as_u64(), read::time(&row["pulp_created"]))
        else {
            return Ok(None);
        };
        // A version in between had something else there, or was forgotten.
        if next != before && number + 1 != next {
            return Ok(from);
        }
        (next, from) = (number, Some(at));
    }
    Ok(from.filter(|_| is_whole))
}
