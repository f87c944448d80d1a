//! "You are here": which commit of which tag an image of the engine is.
//!
//! A digest that the engine names is not all that tells it. With the containerd store an image's id is the commit's own
//! digest. Podman gives an image that is pushed another digest in the registry than here, and its id is that of the
//! config, which the facts of a commit name. Not here: rows (`images`, `containers`). Grows by another way to know a commit.

use crate::ground::{count, lock};
use crate::history::{TagTimeline, rows::behind};
use crate::local::whole_reference;
use crate::view::engine::ImagePlace;
use engine::LocalImage;
use oci::{Digest, Reference};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};
use store::{Place, Store, Version};
use timeline::{Commit, Entry};

/// So many tags are looked at for one name of an image; a commit may be under any number of them.
const TAGS: usize = 64;

/// Which commit each of some images is, under each of its names and under none.
pub(super) struct Commits(HashMap<String, Vec<(Option<String>, ImagePlace)>>);

/// What was worked out last, and of what: it holds until something is written, or the engine lists something else.
#[derive(Default)]
pub(super) struct Known(Mutex<Option<(Version, u64, Arc<Commits>)>>);

impl Known {
    /// Finds which commits these images are.
    pub fn of(&self, store: &Store, images: &[LocalImage]) -> Result<Arc<Commits>, store::Error> {
        let (version, print) = (store.version()?, print(images));
        if let Some((of, known, commits)) = &*lock(&self.0)
            && (of, known) == (&version, &print)
        {
            return Ok(Arc::clone(commits));
        }
        let commits = Arc::new(Commits::of(store, images)?);
        *lock(&self.0) = Some((version, print, Arc::clone(&commits)));
        Ok(commits)
    }
}

/// Tells lists apart by all that a commit is known by.
fn print(images: &[LocalImage]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for image in images {
        let LocalImage {
            id, names, digests, ..
        } = image;
        (id, names, digests, image.created, image.from_registry).hash(&mut hasher);
    }
    hasher.finish()
}

impl Commits {
    /// Finds which commits these images are.
    pub fn of(store: &Store, images: &[LocalImage]) -> Result<Self, store::Error> {
        let ids = images.iter().map(|image| image.id.as_str());
        let by_id = store.digests_of_images(ids)?;
        let images: Vec<Image<'_>> = images
            .iter()
            .map(|image| Image::of(image, by_id.get(&image.id)))
            .collect();
        let digests = images.iter().flat_map(|image| &image.digests);
        let seen_at = store.whereabouts_of(digests)?;
        let mut tags: HashSet<(&Place, &str)> = HashSet::new();
        for image in &images {
            for own in image.names.iter().map(|(_, own)| own.as_ref()) {
                let seen = image.seen(&seen_at, own).into_iter();
                tags.extend(seen.map(|(place, tag, _)| (place, tag)));
                tags.extend(own.map(|(place, tag)| (place, tag.as_str())));
            }
        }
        let tags = TagTimeline::of_tags(store, &tags)?;
        let places = images.iter().map(|image| {
            let places = image.names.iter().map(|(name, own)| {
                let place = image.place(&seen_at, &tags, own.as_ref());
                (name.map(str::to_owned), place)
            });
            (image.listed.id.clone(), places.collect())
        });
        Ok(Self(places.collect()))
    }

    /// Returns which commit of which tag an image is; the tag of its own name before any other, and those of repositories
    /// that the engine names before those it doesn't.
    pub fn place(&self, image: &LocalImage, name: Option<&str>) -> ImagePlace {
        let known = self.0.get(&image.id).into_iter().flatten();
        let mut known = known.filter(|(of, _)| of.as_deref() == name);
        let place = known.next().map(|(_, place)| place.clone());
        place.unwrap_or(ImagePlace::NotPushed)
    }
}

/// An image, with the names and the digests it may be found by.
struct Image<'a> {
    listed: &'a LocalImage,
    /// Its names, each with the tag that it says; and none.
    names: Vec<(Option<&'a str>, Option<TagAt>)>,
    /// What the engine says of registries.
    references: Vec<(Place, Digest)>,
    /// Every digest that it may have in a registry, each once.
    digests: Vec<Digest>,
}

/// A tag, and the repository it is of.
type TagAt = (Place, String);
type SeenAt = HashMap<Digest, Vec<TagAt>>;
type Tags = HashMap<TagAt, TagTimeline>;

impl<'a> Image<'a> {
    fn of(image: &'a LocalImage, by_id: Option<&Vec<Digest>>) -> Self {
        let references: Vec<(Place, Digest)> = image
            .digests
            .iter()
            .filter_map(|text| whole_reference(text))
            .collect();
        let mut digests: Vec<Digest> = Vec::new();
        let told = references.iter().map(|(_, digest)| digest.clone());
        let by_id = by_id.into_iter().flatten().cloned();
        for digest in told.chain(Digest::parse(&image.id)).chain(by_id) {
            if !digests.contains(&digest) {
                digests.push(digest);
            }
        }
        let own = |name: &str| {
            let own = Reference::parse(name).ok()?;
            let place = Place {
                host: own.host,
                repository: own.repository,
            };
            Some((place, own.tag?.to_string()))
        };
        let names = image.names.iter().map(String::as_str);
        let names = names.map(|name| (Some(name), own(name)));
        Self {
            listed: image,
            names: names.chain([(None, None)]).collect(),
            references,
            digests,
        }
    }

    /// Finds which commit of which tag it is.
    fn place(&self, seen_at: &SeenAt, tags: &Tags, own: Option<&TagAt>) -> ImagePlace {
        let mut best: Option<ImagePlace> = None;
        for (place, tag, digest) in self.seen(seen_at, own) {
            let at = (place.clone(), tag.to_owned());
            let Some(found) = tags.get(&at).and_then(|tag| in_timeline(&at, tag, digest)) else {
                continue;
            };
            if own == Some(&at) {
                return found;
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
        if let Some(found) = best.or_else(|| self.newer(tags, own)) {
            return found;
        }
        let from_registry = self.references.first();
        match from_registry.filter(|_| self.listed.from_registry) {
            Some((place, _)) => ImagePlace::Known {
                repository: place.path(),
            },
            None => ImagePlace::NotPushed,
        }
    }

    /// Returns the tags under which it was seen: the one of its own name, then those of repositories that the engine names,
    /// active ones first.
    fn seen<'b>(
        &'b self,
        seen_at: &'b SeenAt,
        own: Option<&TagAt>,
    ) -> Vec<(&'b Place, &'b str, &'b Digest)> {
        let mut tags = Vec::new();
        for digest in &self.digests {
            for (place, tag) in seen_at.get(digest).into_iter().flatten() {
                if oci::CommitTag::parse(tag).is_none() {
                    tags.push((place, tag.as_str(), digest));
                }
            }
        }
        tags.sort_by_key(|(place, tag, _)| {
            let is_own = own.is_some_and(|(own, name)| own == *place && name == tag);
            let named = self.references.iter().any(|(other, _)| other == *place);
            (!is_own, !named)
        });
        tags.truncate(TAGS);
        tags
    }

    /// Tells whether an image that is no known commit was built after the active one of the tag that its name says.
    fn newer(&self, tags: &Tags, own: Option<&TagAt>) -> Option<ImagePlace> {
        let at = own?;
        let active = tags.get(at)?.built?;
        (active < self.listed.created?).then(|| ImagePlace::Newer {
            repository: at.0.path(),
            tag: at.1.clone(),
        })
    }
}

/// Returns where a commit stands in the timeline of a tag.
fn in_timeline(at: &TagAt, tag: &TagTimeline, digest: &Digest) -> Option<ImagePlace> {
    let entries = &tag.entries;
    let is_it = |entry: &Entry| matches!(&entry.commit, Commit::Whole(whole) if whole == digest);
    let index = entries.iter().position(is_it)?;
    let (repository, tag) = (at.0.path(), at.1.clone());
    Some(if entries[index].active {
        ImagePlace::Active { repository, tag }
    } else {
        ImagePlace::Older {
            repository,
            tag,
            position: count(index + 1),
            of: count(entries.len()),
            behind: behind(entries, index),
        }
    })
}
