//! zot: its list and its tags with what they point at, by its search extension.
//!
//! | what | call | read from |
//! |---|---|---|
//! | is it one | `GET /v2/_oci/ext/discover`: an extension `_zot`, or none at all | its source; facts 4.11 |
//! | list | `RepoListWithNewestImage(requestedPage)` | `pkg/extensions/search` at 6d19b44 (after 2.1.20): `schema.graphql`, `resolver.go` |
//! | tags | `ImageList(repo, requestedPage)` | the same |
//!
//! Both are GraphQL, by `GET /v2/_zot/ext/search?query=`, and go the registry's own way of signing in, as all below `/v2/` does. A field
//! that a version doesn't have yet is a 422 that names it (`PushTimestamp` came in 2.1.2, `TaggedTimestamp` in 2.1.15, `PushedBy` in
//! 2.1.16): then it is asked once more without those, and so are the next pages. A zot without the extension has no such path: then all
//! goes by the protocol.
//!
//! **Times.** `TaggedTimestamp` is when the *name* was made, and stays when the tag is put on another commit; `PushTimestamp` is when
//! the *commit* first came to the repository, under whatever name (`pkg/meta/boltdb`, `SetRepoReference`). Only where both are one
//! moment was the tag made with this very commit, and its beginning is known, and by whom. Where they are the same to the last digit
//! the first is absent and the second stands in for it, which says nothing of the tag. (A tag that went from its first commit to
//! another and back, while nobody looked, still says its first moment.) Else the later of both is what the tag's beginning is not
//! before, and no more.
//!
//! Pages are in the order of names: equal times have no order there, and pages of them would miss some. Not here: descriptions, which
//! a repository of zot has not (those of its newest image stand for them, as on zot's own pages), new repositories, deletion (by the
//! protocol a tag goes alone), a memory (an overwritten commit is gone at once).

mod search;

use crate::parts::{Asking, Lists, TagFacts};
use crate::plain::lacks;
use crate::read;
use crate::sign::{Confirm, Sign};
use crate::values::{Cursor, Image, Listed, Page, TagFact, Words};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::Way;
use oci::{Platform, RepositoryName, Tag, UtcSeconds};
use registry::{Ask, Seen, SeenChallenge};
use search::{Place, search};
use serde_json::Value;

/// The only header of those that others are known by which it has.
const VERSION: &str = "docker-distribution-api-version";
/// How many repositories are asked for at once: zot goes through all of them for each page.
const REPOSITORIES: usize = 500;
/// How many tags are asked for at once: zot goes through all of them for each page.
const TAGS: usize = 250;
/// The manifests of one image: an index has another type.
const IMAGES: [&str; 2] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

pub(crate) struct Zot;

impl Vendor for Zot {
    fn id(&self) -> VendorId {
        VendorId::Zot
    }

    fn signs(&self, seen: &Seen) -> Sign {
        // It looks like any other, so whoever may be it is asked.
        // A gate before it names itself.
        let is_plain = seen
            .headers
            .keys()
            .all(|name| [VERSION, "server"].contains(name));
        let tokens = seen
            .challenges
            .iter()
            .any(|challenge| *challenge != SeenChallenge::Basic);
        if !is_plain || tokens || seen.status == 404 {
            return Sign::No;
        }
        Sign::Maybe(Box::new(Confirm {
            ask: Ask::get().at("/v2/_oci/ext/discover").once(),
            is_below_v2: true,
            is_so: |told| told.json().is_ok_and(|told| has_its_extensions(&told)),
        }))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Measured: 404 right after an overwrite (its issue 4444). What lost its tag by a deletion stays for `gcDelay`, an hour
        // where whoever runs it hasn't said otherwise.
        LetsGo::AtOnce { at_deletion: false }
    }

    fn lists(&self) -> Option<&dyn Lists> {
        Some(self)
    }

    fn facts(&self) -> Option<&dyn TagFacts> {
        Some(self)
    }
}

impl Lists for Zot {
    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            let place = Place::read(at);
            let query = format!(
                "{{RepoListWithNewestImage(requestedPage:{}){{Page{{TotalCount}}Results{{Name LastUpdated NewestImage{{Description}}}}}}}}",
                place.page(REPOSITORIES)
            );
            let answer = search(way, &query, "RepoListWithNewestImage").await?;
            answer?.page(place, REPOSITORIES, listed)
        })
    }
}

impl TagFacts for Zot {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>> {
        Box::pin(async move {
            let mut place = Place::read(at);
            let answer = match search(way, &tags(name, &place), "ImageList").await? {
                Err(refused) if place.goes_without(&refused) => {
                    search(way, &tags(name, &place), "ImageList").await?
                }
                answer => answer,
            };
            answer?.page(place, TAGS, fact)
        })
    }
}

/// Tells whether a list of extensions is zot's: it has one of zot's own, or is empty, as it is where whoever runs it has switched none
/// on. No other server is known to answer that path with an empty list.
fn has_its_extensions(told: &Value) -> bool {
    match told.get("extensions") {
        Some(Value::Null) => true,
        Some(Value::Array(found)) => {
            let its = |one: &Value| {
                one["name"]
                    .as_str()
                    .is_some_and(|name| name.starts_with("_zot"))
            };
            found.is_empty() || found.iter().any(its)
        }
        _ => false,
    }
}

/// The question for a page of a repository's tags. The name has letters, digits and `._-/` alone, whatever was typed.
fn tags(name: &RepositoryName, place: &Place) -> String {
    format!(
        "{{ImageList(repo:\"{name}\",requestedPage:{}){{Page{{TotalCount}}Results{{Tag Digest MediaType Size Manifests{{Platform{{Os Arch}}}} {}}}}}}}",
        place.page(TAGS),
        place.newer.join(" ")
    )
}

fn listed(entry: &Value) -> Option<Listed> {
    Some(Listed {
        name: RepositoryName::parse(entry["Name"].as_str()?).ok()?,
        words: Words {
            description: read::description(&entry["NewestImage"]["Description"]),
            ..Words::default()
        },
        id: None,
        created: None,
        created_by: None,
        updated: read::time(&entry["LastUpdated"]),
        tags: None,
        private: None,
    })
}

fn fact(entry: &Value) -> Option<TagFact> {
    let (pushed, exact) = began(&entry["PushTimestamp"], &entry["TaggedTimestamp"]);
    let by = read::person(&entry["PushedBy"]);
    Some(TagFact {
        tag: Tag::parse(entry["Tag"].as_str()?).ok()?,
        digest: read::digest(&entry["Digest"])?,
        pushed,
        exact,
        // Who first pushed the commit; the tag as well where that was one act.
        by: by.filter(|_| exact),
        what: image(entry),
    })
}

/// Returns since when a tag points at its commit, where both were made at once; else when the commit was pushed.
fn began(pushed: &Value, tagged: &Value) -> (Option<UtcSeconds>, bool) {
    match (read::time(pushed), read::time(tagged)) {
        // The tag is noted first.
        (Some(push), Some(tag)) => {
            let at_once = pushed != tagged && (0..=1).contains(&(push.0 - tag.0));
            (Some(if at_once { tag } else { push }), at_once)
        }
        (push, _) => (push, false),
    }
}

/// Reads an image for one platform. Whatever else it is (an index, a chart, one of our own manifests) is for its manifest to say.
fn image(entry: &Value) -> Option<Image> {
    if !IMAGES.contains(&entry["MediaType"].as_str()?) {
        return None;
    }
    let [one] = entry["Manifests"].as_array()?.as_slice() else {
        return None;
    };
    let processor = one["Platform"]["Arch"].as_str()?;
    let (processor, variant) = match processor.split_once('/') {
        Some((processor, variant)) => (processor, Some(variant)),
        None => (processor, None),
    };
    let platform = Platform::read(one["Platform"]["Os"].as_str()?, processor, variant)
        .filter(|platform| !platform.is_unknown())?;
    let size = entry["Size"].as_str()?.parse().ok()?;
    Some(Image {
        size: Some(size),
        platform: Some(platform),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_tag_that_was_made_with_its_commit_has_a_beginning() {
        let at = |pushed: &str, tagged: &str| {
            let (at, exact) = began(&json!(pushed), &json!(tagged));
            (at.map(UtcSeconds::compact), exact)
        };
        let known = |at: &str, exact| (Some(at.to_owned()), exact);
        let born = "2026-11-28T12:00:00.000001Z";
        assert_eq!(
            at("2026-11-28T12:00:00.000004Z", born),
            known("20261128t120000", true)
        );
        assert_eq!(
            at("2026-11-28T12:00:01.2Z", born),
            known("20261128t120000", true)
        );
        // The very same is no tag's own time; later and earlier ones are of other acts.
        assert_eq!(at(born, born), known("20261128t120000", false));
        assert_eq!(
            at("2026-11-29T09:00:00Z", born),
            known("20261129t090000", false)
        );
        assert_eq!(
            at("2026-11-20T09:00:00Z", born),
            known("20261120t090000", false)
        );
        assert!(!began(&json!(born), &Value::Null).1);
        assert_eq!(began(&Value::Null, &json!(born)), (None, false));
        assert_eq!(at("0001-01-01T00:00:00Z", born), (None, false));
    }

    #[test]
    fn hostile_what_is_no_image_for_one_platform_is_left_to_its_manifest() {
        let whole = json!({
            "Tag": "v1", "Digest": format!("sha256:{}", "0".repeat(64)), "MediaType": IMAGES[0], "Size": "2048",
            "Manifests": [{"Platform": {"Os": "linux", "Arch": "arm/v7"}}],
        });
        let what = fact(&whole).unwrap().what.unwrap();
        assert_eq!(
            (
                what.size,
                what.platform.map(|platform| platform.to_string())
            ),
            (Some(2048), Some("linux/arm/v7".into()))
        );
        for (key, value) in [
            ("Size", json!(2048)),
            ("Size", json!("-1")),
            (
                "MediaType",
                json!("application/vnd.oci.image.index.v1+json"),
            ),
            ("MediaType", Value::Null),
            ("Manifests", json!([])),
            ("Manifests", json!([{}, {}])),
            ("Manifests", json!([{"Platform": {"Os": "", "Arch": ""}}])),
        ] {
            let mut other = whole.clone();
            other[key] = value;
            assert!(fact(&other).unwrap().what.is_none(), "{other}");
        }
        for (key, value) in [("Tag", json!("a b")), ("Digest", json!("sha256:1"))] {
            let mut other = whole.clone();
            other[key] = value;
            assert!(fact(&other).is_none(), "{other}");
        }
    }
}
