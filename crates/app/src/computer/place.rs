//! "You are here": which commit of which tag an image of the engine is.
//!
//! A digest that the engine names is not all that tells it. With the containerd store an image's id is the commit's own
//! digest. Podman gives an image that is pushed another digest in the registry than here, and its id is that of the
//! config, which the facts of a commit name. Not here: rows (`images`, `containers`). Grows by another way to know a commit.

use crate::ground::count;
use crate::history::{TagRecords, rows::behind};
use crate::local::whole_reference;
use crate::view::engine::ImagePlace;
use engine::LocalImage;
use oci::{Digest, Reference};
use std::collections::HashMap;
use store::{Place, Store};

/// The commits that images are known to be by their id, as far as any registry here has shown them.
pub(super) struct Commits(HashMap<String, Vec<Digest>>);

impl Commits {
    pub fn of(store: &Store, images: &[LocalImage]) -> Result<Self, store::Error> {
        let ids = images.iter().map(|image| image.id.as_str());
        Ok(Self(store.digests_of_images(ids)?))
    }

    /// Finds which commit of which tag an image is; the tag of its own name before any other, and those of repositories
    /// that the engine names before those it doesn't.
    pub fn place(
        &self,
        store: &Store,
        image: &LocalImage,
        name: Option<&str>,
    ) -> Result<ImagePlace, store::Error> {
        let own = name.and_then(|name| Reference::parse(name).ok());
        let references: Vec<(Place, Digest)> = image
            .digests
            .iter()
            .filter_map(|text| whole_reference(text))
            .collect();
        let own_tag = |place: &Place, tag: &str| {
            own.as_ref().is_some_and(|own| {
                own.host == place.host
                    && own.repository == place.repository
                    && own.tag.as_ref().is_some_and(|own| own.as_str() == tag)
            })
        };
        // Active ones first, as the store orders them.
        let mut tags: Vec<(Place, String, Digest)> = Vec::new();
        for digest in self.digests(image, &references) {
            for (place, tag) in store.whereabouts(&digest)? {
                if oci::CommitTag::parse(&tag).is_none() {
                    tags.push((place, tag, digest.clone()));
                }
            }
        }
        tags.sort_by_key(|(place, tag, _)| {
            let named = references.iter().any(|(other, _)| other == place);
            (!own_tag(place, tag), !named)
        });
        let mut best: Option<ImagePlace> = None;
        for (place, tag, digest) in tags {
            let is_own = own_tag(&place, &tag);
            let Some(found) = of_tag(store, &place, tag, digest)? else {
                continue;
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
        if let Some(best) = best {
            return Ok(best);
        }
        if let Some(newer) = newer(store, own.as_ref(), image.created)? {
            return Ok(newer);
        }
        let from_registry = references.first().filter(|_| image.from_registry);
        Ok(match from_registry {
            Some((place, _)) => ImagePlace::Known {
                repository: place.path(),
            },
            None => ImagePlace::NotPushed,
        })
    }

    /// Returns every digest that an image may have in a registry, each once.
    fn digests(&self, image: &LocalImage, references: &[(Place, Digest)]) -> Vec<Digest> {
        let named = references.iter().map(|(_, digest)| digest.clone());
        let by_id = self.0.get(&image.id).into_iter().flatten().cloned();
        let mut digests: Vec<Digest> = Vec::new();
        for digest in named.chain(Digest::parse(&image.id)).chain(by_id) {
            if !digests.contains(&digest) {
                digests.push(digest);
            }
        }
        digests
    }
}

/// Returns where a commit stands in the timeline of a tag.
fn of_tag(
    store: &Store,
    place: &Place,
    tag: String,
    digest: Digest,
) -> Result<Option<ImagePlace>, store::Error> {
    let shelf = TagRecords::of_tag(store, place, &tag)?;
    let entries = shelf.entries(&tag);
    let commit = timeline::Commit::Whole(digest);
    let Some(index) = entries.iter().position(|entry| entry.commit == commit) else {
        return Ok(None);
    };
    let repository = place.path();
    Ok(Some(if entries[index].active {
        ImagePlace::Active { repository, tag }
    } else {
        ImagePlace::Older {
            repository,
            tag,
            position: count(index + 1),
            of: count(entries.len()),
            behind: behind(&entries, index),
        }
    }))
}

/// Tells whether an image that is no known commit was built after the active one of the tag that its name says.
fn newer(
    store: &Store,
    own: Option<&Reference>,
    built: Option<i64>,
) -> Result<Option<ImagePlace>, store::Error> {
    let (Some(own), Some(built)) = (own, built) else {
        return Ok(None);
    };
    let Some(tag) = own.tag.as_ref() else {
        return Ok(None);
    };
    let place = Place {
        host: own.host.clone(),
        repository: own.repository.clone(),
    };
    let records = TagRecords::of_tag(store, &place, tag.as_str())?;
    let active = records.active_built(tag.as_str());
    Ok(active
        .is_some_and(|active| active < built)
        .then(|| ImagePlace::Newer {
            repository: place.path(),
            tag: tag.to_string(),
        }))
}
