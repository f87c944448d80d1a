//! Tags of Docker Hub with what they point at, since when and by whom, and the deletion of one.
//!
//! Not here: the repositories (`hub`), what tags pointed at before (`past`).

use super::{Hub, PAGE, is_more, older, repository, results, who};
use crate::parts::{Asking, DeletesTag, TagFacts};
use crate::read;
use crate::values::{Cursor, Image, Page, TagFact};
use crate::way::Way;
use oci::{Digest, MediaType, Platform, RepositoryName, Tag};
use registry::Ask;
use serde_json::Value;

/// How many pages of tags are served.
const PAGES: u32 = 10;

impl TagFacts for Hub {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>> {
        Box::pin(async move {
            let ask = repository(Ask::get(), name)?
                .at("/tags")
                .query("page", at.number())
                .query("page_size", PAGE);
            let told = way.ask(&ask).await?;
            let (body, mut page) = results(&told, fact)?;
            page.total = body["count"].as_u64();
            let has_more = page.sent > 0 && is_more(&body) && at.number() < PAGES;
            page.next = has_more.then(|| Cursor::Number(at.number().saturating_add(1)));
            Ok(page)
        })
    }

    fn names_all(&self) -> bool {
        // What was pushed a moment ago may come late: what was pushed from here is known, and then asked for at the registry.
        true
    }
}

fn fact(entry: &Value) -> Option<TagFact> {
    let images = entry["images"].as_array().map_or(&[][..], Vec::as_slice);
    let of_only = || match images {
        [image] => read::digest(&image["digest"]),
        _ => None,
    };
    // Tags of long ago say it of their image alone.
    let digest = read::digest(&entry["digest"]).or_else(of_only)?;
    let of_tag = read::time(&entry["tag_last_pushed"]);
    Some(TagFact {
        tag: Tag::parse(entry["name"].as_str()?).ok()?,
        what: image(entry, images, &digest),
        digest,
        exact: of_tag.is_some(),
        pushed: of_tag.or_else(|| read::time(&entry["last_updated"])),
        by: who(&entry["last_updater_username"]),
    })
}

/// Reads an image for one platform. An index, or what is for no platform, is for its manifest to say.
fn image(entry: &Value, images: &[Value], digest: &Digest) -> Option<Image> {
    let kind = MediaType::from_header(entry["media_type"].as_str().unwrap_or_default());
    let [image] = images else {
        return None;
    };
    if kind.is_index() || read::digest(&image["digest"])? != *digest {
        return None;
    }
    let platform = Platform::read(
        image["os"].as_str()?,
        image["architecture"].as_str()?,
        image["variant"]
            .as_str()
            .filter(|variant| !variant.is_empty()),
    )
    .filter(|platform| !platform.is_unknown())?;
    let size = image["size"].as_u64()?;
    Some(Image {
        size: Some(size),
        platform: Some(platform),
    })
}

impl DeletesTag for Hub {
    /// Deletes it by its name: the call knows no digest. Whoever deletes has just asked what the tag points at.
    fn delete<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: &'a Tag,
        _: &'a Digest,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let ask = older(Ask::delete(), name)?
                .at("/tags")
                .value(tag.as_str())
                .at("/");
            way.ask(&ask).await?;
            Ok(())
        })
    }
}
