//! From what the engine says of its images to rows, each with the commit it is.

use crate::ground::count;
use crate::history::{TagRecords, rows::behind};
use crate::local::whole_reference;
use crate::view::engine::{ImagePlace, ImageRow};
use engine::LocalImage;
use oci::{Digest, Reference};
use store::{Place, Store};

/// Returns the rows of one image: one a name, or one without.
pub(super) fn rows(store: &Store, image: &LocalImage) -> Result<Vec<ImageRow>, store::Error> {
    let references: Vec<(Place, Digest)> = image
        .digests
        .iter()
        .filter_map(|text| whole_reference(text))
        .collect();
    let row = |name: Option<&String>| -> Result<ImageRow, store::Error> {
        Ok(ImageRow {
            key: name.unwrap_or(&image.id).clone(),
            id: image.id.clone(),
            name: name.cloned(),
            created: image.created,
            size: image.size,
            place: image_place(store, name.map(String::as_str), &references)?,
        })
    };
    if image.names.is_empty() {
        return Ok(vec![row(None)?]);
    }
    image.names.iter().map(|name| row(Some(name))).collect()
}

/// Finds which commit of which tag an image is; the tag of its own name before any other.
fn image_place(
    store: &Store,
    name: Option<&str>,
    references: &[(Place, Digest)],
) -> Result<ImagePlace, store::Error> {
    let own = name.and_then(|name| Reference::parse(name).ok());
    let mut best: Option<ImagePlace> = None;
    for (place, digest) in references {
        let mut tags: Vec<String> = store
            .whereabouts(digest)?
            .into_iter()
            .filter_map(|(found, tag)| (found == *place).then_some(tag))
            .filter(|tag| oci::CommitTag::parse(tag).is_none())
            .collect();
        let own_tag = own
            .as_ref()
            .filter(|own| own.host == place.host && own.repository == place.repository)
            .and_then(|own| own.tag.as_ref());
        // The image's own tag first; the others stay as the store orders them, active ones first.
        tags.sort_by_key(|tag| own_tag.is_none_or(|own| own.as_str() != tag));
        for tag in tags {
            let shelf = TagRecords::of_tag(store, place, &tag)?;
            let entries = shelf.entries(&tag);
            let Some(index) = entries
                .iter()
                .position(|e| e.commit == timeline::Commit::Whole(digest.clone()))
            else {
                continue;
            };
            let (repository, is_own) =
                (place.path(), own_tag.is_some_and(|own| own.as_str() == tag));
            let found = if entries[index].active {
                ImagePlace::Active { repository, tag }
            } else {
                ImagePlace::Older {
                    repository,
                    tag,
                    position: count(index + 1),
                    of: count(entries.len()),
                    behind: behind(&entries, index),
                }
            };
            if is_own {
                return Ok(found);
            }
            // Being active somewhere says more than being older elsewhere.
            if best.is_none()
                || matches!(
                    (&best, &found),
                    (Some(ImagePlace::Older { .. }), ImagePlace::Active { .. })
                )
            {
                best = Some(found);
            }
        }
    }
    Ok(best.unwrap_or_else(|| match references.first() {
        Some((place, _)) => ImagePlace::Known {
            repository: place.path(),
        },
        None => ImagePlace::NotPushed,
    }))
}
