//! Single tags: one taken away whose commit stays, and a commit put back that was let go of.
//!
//! Its calls name a tag and no commit, so what a tag bears is asked before one goes, and what went is asked after. They take no tag
//! that begins with `_`. Not here: what was before (`history`).

use super::place::{Place, id_of};
use super::{List, Pulp, task};
use crate::parts::{Asking, DeletesTag, Restores};
use crate::read;
use crate::way::{Failure, Way};
use oci::{Digest, RepositoryName, Tag};
use registry::{Ask, Told};
use serde_json::{Value, json};

const TAGS: &str = "/pulp/api/v3/content/container/tags/";
const MANIFESTS: &str = "/pulp/api/v3/content/container/manifests/";

impl DeletesTag for Pulp {
    fn delete<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: &'a Tag,
        digest: &'a Digest,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            check(tag)?;
            let place = Place::find(way, name).await?;
            let newest = place.version(place.newest(way).await?);
            if !bears(way, ("repository_version", &newest), tag, digest).await? {
                return Err(Failure::NotFound);
            }
            let ask = place.ask(Ask::post()).at("untag/");
            let done = task::done(way, &ask.json(&json!({"tag": tag.as_str()}))).await?;
            let made = done["created_resources"].as_array();
            let mut made = made.into_iter().flatten();
            // Without a version nothing has changed; what it did then, the protocol tells.
            let Some(number) = made.find_map(|href| place.number_of(href)) else {
                return Ok(());
            };
            let removed = place.version(number);
            let removed = ("repository_version_removed", &*removed);
            if bears(way, removed, tag, digest).await? {
                return Ok(());
            }
            // Somebody gave it another commit in between: that one is theirs.
            let (told, slipped) = commit_of(way, removed, tag).await?;
            if let Some(slipped) = slipped {
                name_anew(way, &place, tag, &slipped).await?;
            }
            Err(told
                .makes_no_sense("it took another commit, which was put back")
                .into())
        })
    }
}

impl Restores for Pulp {
    /// A commit that was overwritten is in the newest version still; one that was deleted by its digest is in an older one, and is
    /// added again, with all that belongs to it.
    fn restore<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: &'a Tag,
        digest: &'a Digest,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            check(tag)?;
            let place = Place::find(way, name).await?;
            match name_anew(way, &place, tag, digest).await {
                Err(Failure::Refused(_)) => {}
                other => return other,
            }
            let ask = Ask::get()
                .at(MANIFESTS)
                .query("digest", digest)
                .query("fields", "pulp_href")
                .query("limit", 1);
            let told = way.ask(&ask).await?;
            let rows = List::read(&told)?.rows;
            let id = rows.first().and_then(|row| id_of(&row["pulp_href"]));
            let href = format!("{MANIFESTS}{}/", id.ok_or(Failure::NotFound)?);
            // The server's manifests are listed whole: one that was never here is no commit of this repository.
            let ask = place.ask(Ask::get()).at("versions/");
            let ask = ask
                .query("content", &href)
                .query("fields", "number")
                .query("limit", 1);
            let told = way.ask(&ask).await?;
            if List::read(&told)?.rows.is_empty() {
                return Err(Failure::NotFound);
            }
            let ask = place.ask(Ask::post()).at("add/");
            task::done(way, &ask.json(&json!({"content_units": [href]}))).await?;
            name_anew(way, &place, tag, digest).await
        })
    }
}

/// Refuses what its calls refuse, without asking.
fn check(tag: &Tag) -> Result<(), Failure> {
    let is_taken = tag.as_str().starts_with(|first: char| first != '_');
    is_taken.then_some(()).ok_or(Failure::NotFound)
}

/// Gives a commit of the newest version a tag.
async fn name_anew(way: &Way, place: &Place, tag: &Tag, digest: &Digest) -> Result<(), Failure> {
    let ask = place.ask(Ask::post()).at("tag/");
    let ask = ask.json(&json!({"tag": tag.as_str(), "digest": digest.as_str()}));
    task::done(way, &ask).await.map(|_| ())
}

/// Tells whether a tag bears this commit among the tags of a version, or those that it removed.
async fn bears(
    way: &Way,
    (of, version): (&'static str, &str),
    tag: &Tag,
    digest: &Digest,
) -> Result<bool, Failure> {
    let ask = Ask::get()
        .at(TAGS)
        .query(of, version)
        .query("name", tag)
        .query("digest", digest)
        .query("fields", "name")
        .query("limit", 1);
    let told = way.ask(&ask).await?;
    let rows = List::read(&told)?.rows;
    Ok(rows.iter().any(|row| row["name"] == tag.as_str()))
}

/// Asks which commit a tag bears there.
async fn commit_of(
    way: &Way,
    (of, version): (&'static str, &str),
    tag: &Tag,
) -> Result<(Told, Option<Digest>), Failure> {
    let ask = Ask::get()
        .at(TAGS)
        .query(of, version)
        .query("name", tag)
        .query("fields", "tagged_manifest")
        .query("limit", 1);
    let told = way.ask(&ask).await?;
    let rows = List::read(&told)?.rows;
    let Some(id) = rows.first().and_then(|row| id_of(&row["tagged_manifest"])) else {
        return Ok((told, None));
    };
    let ask = Ask::get()
        .at("/pulp/api/v3/content/container/manifests")
        .value(id)
        .at("/")
        .query("fields", "digest");
    let told = way.ask(&ask).await?;
    let digest = read::digest(&told.json::<Value>()?["digest"]);
    Ok((told, digest))
}
