//! What the engine was last seen to hold.

use engine::LocalImage;
use oci::{Digest, Reference};
use std::collections::{HashMap, HashSet};
use store::Place;

/// What the engine was last seen to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Held {
    /// False until it was asked once, and while no engine answers.
    pub known: bool,
    /// Digests by `host/namespace/name`.
    digests: HashMap<String, HashSet<Digest>>,
    /// Ids of all images.
    ids: HashSet<String>,
}

impl Held {
    pub(super) fn of(images: &[LocalImage]) -> Self {
        let mut held = Self {
            known: true,
            ..Self::default()
        };
        for image in images {
            held.ids.insert(image.id.clone());
            for (place, digest) in image
                .digests
                .iter()
                .filter_map(|text| whole_reference(text))
            {
                held.digests.entry(place.path()).or_default().insert(digest);
            }
        }
        held
    }

    /// Tells whether the engine holds a commit: under its digest, or as an image of one of these ids. None where no engine
    /// has said what it holds.
    pub fn holds(&self, path: &str, digest: &Digest, images: &[String]) -> Option<bool> {
        self.known.then(|| {
            let digests = self.digests.get(path);
            digests.is_some_and(|digests| digests.contains(digest))
                || self.ids.contains(digest.as_str())
                || images.iter().any(|id| self.ids.contains(id))
        })
    }
}

/// Reads a name with a digest as the engine says it: `host/x@sha256:…`.
pub(crate) fn whole_reference(text: &str) -> Option<(Place, Digest)> {
    let reference = Reference::parse(text).ok()?;
    Some((
        Place {
            host: reference.host,
            repository: reference.repository,
        },
        reference.digest?,
    ))
}
