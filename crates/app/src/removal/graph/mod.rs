//! What names and holds what in a repository: tags point at manifests, indexes at more of them, images at layers.
//! From that, what goes with a deletion and what stays. Pure.
//!
//! Nothing counts as unused while anything could not be read: then nothing is said to be freed. Not here: asking
//! (`plan`), words.

use oci::{Digest, Manifest};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A repository as far as it was read.
#[derive(Default)]
pub(crate) struct Graph {
    /// What each tag points at.
    pub tags: BTreeMap<String, Digest>,
    /// The manifests that are there.
    pub manifests: HashMap<Digest, Node>,
    /// Some tag or manifest could not be read.
    pub incomplete: bool,
}

/// One manifest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    /// Its own bytes.
    pub size: u64,
    /// Config and layers, or nothing. The old image format has no config, and tells no sizes.
    pub blobs: Vec<(Digest, u64)>,
    /// How many of these are configs.
    pub configs: usize,
    /// The manifests of an index.
    pub children: Vec<Digest>,
}

impl Node {
    pub fn of(manifest: &Manifest, size: u64) -> Self {
        match manifest {
            Manifest::Image(image) => Self {
                size,
                blobs: std::iter::once(&image.config)
                    .chain(&image.layers)
                    .map(|blob| (blob.digest.clone(), blob.size))
                    .collect(),
                configs: 1,
                children: Vec::new(),
            },
            Manifest::Old(old) => Self {
                size,
                blobs: old.layers.iter().map(|layer| (layer.clone(), 0)).collect(),
                configs: 0,
                children: Vec::new(),
            },
            Manifest::Index(index) => Self {
                size,
                blobs: Vec::new(),
                configs: 0,
                children: index
                    .manifests
                    .iter()
                    .map(|child| child.digest.clone())
                    .collect(),
            },
        }
    }
}

/// What shall go.
#[derive(Default)]
pub(crate) struct Going {
    /// Tags, by name: what they point at stays unless it loses its last name.
    pub tags: BTreeSet<String>,
    /// Commits, with every name.
    pub commits: BTreeSet<Digest>,
}

/// What goes, and what of it all stays.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Consequences {
    /// Names of deleted commits that were not asked for themselves.
    pub names: BTreeSet<String>,
    /// Commits whose last name goes with a tag.
    pub unnamed: BTreeSet<Digest>,
    /// Manifests of deleted or unnamed indexes that nothing else holds.
    pub platforms: BTreeSet<Digest>,
    /// Tagged indexes that stay, and lose a platform.
    pub broken: BTreeSet<Digest>,
    /// Bytes that nothing else uses.
    pub freed: u64,
    /// Bytes that something else uses.
    pub shared: u64,
}

/// Another tag that uses layers of what goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sharer {
    pub tag: String,
    pub digest: Digest,
    /// How many of the layers.
    pub layers: usize,
}

impl Graph {
    /// Returns the tags of a digest, without those that go.
    pub fn names<'a>(
        &'a self,
        digest: &'a Digest,
        going: &'a Going,
    ) -> impl Iterator<Item = &'a String> {
        self.tags
            .iter()
            .filter(move |(name, of)| *of == digest && !going.tags.contains(*name))
            .map(|(name, _)| name)
    }

    /// Returns the indexes that stay tagged and hold a manifest.
    pub fn holders(&self, digest: &Digest, going: &Going) -> BTreeSet<Digest> {
        self.roots(going)
            .filter(|root| self.below([(*root).clone()], going).contains(digest) && *root != digest)
            .cloned()
            .collect()
    }

    /// Works out what goes with what shall go, and what stays.
    pub fn consequences(&self, going: &Going) -> Consequences {
        let asked: BTreeSet<Digest> = self.asked(going);
        let held = self.below(self.roots(going).cloned(), going);
        let all = self.below(asked.iter().cloned(), &Going::default());
        let lost: HashSet<Digest> = all.difference(&held).cloned().collect();
        let kept = self.bytes(&held);
        let (mut freed, mut shared) = (0_u64, 0_u64);
        for (digest, size) in self.bytes(&all) {
            let sum = if self.incomplete || kept.contains_key(&digest) {
                &mut shared
            } else {
                &mut freed
            };
            // Sizes are the registry's word, and may be beyond counting.
            *sum = sum.saturating_add(size);
        }
        Consequences {
            names: going
                .commits
                .iter()
                .flat_map(|commit| self.names(commit, going))
                .cloned()
                .collect(),
            unnamed: asked
                .iter()
                .filter(|digest| lost.contains(*digest) && !going.commits.contains(*digest))
                .cloned()
                .collect(),
            platforms: lost
                .difference(&asked.iter().cloned().collect())
                .cloned()
                .collect(),
            broken: going
                .commits
                .iter()
                .flat_map(|commit| {
                    self.holders(
                        commit,
                        &Going {
                            tags: going.tags.clone(),
                            commits: going
                                .commits
                                .iter()
                                .filter(|other| *other != commit)
                                .cloned()
                                .collect(),
                        },
                    )
                })
                .filter(|index| held.contains(index))
                .collect(),
            freed,
            shared,
        }
    }

    /// Counts how many layers what goes has, and who else uses how many of them; who shares most comes first.
    pub fn sharers(&self, going: &Going) -> (usize, Vec<Sharer>) {
        let asked = self.asked(going);
        let ours: HashSet<Digest> =
            self.layers(&self.below(asked.iter().cloned(), &Going::default()));
        let mut sharers: Vec<Sharer> = self
            .tags
            .iter()
            .filter(|(name, digest)| {
                !going.tags.contains(*name)
                    && !asked.contains(*digest)
                    && oci::CommitTag::parse(name).is_none()
            })
            .filter_map(|(name, digest)| {
                let theirs = self.layers(&self.below([digest.clone()], &Going::default()));
                let layers = ours.intersection(&theirs).count();
                (layers > 0).then(|| Sharer {
                    tag: name.clone(),
                    digest: digest.clone(),
                    layers,
                })
            })
            .collect();
        sharers.sort_by(|a, b| b.layers.cmp(&a.layers).then_with(|| a.tag.cmp(&b.tag)));
        (ours.len(), sharers)
    }

    /// Returns the commits that are asked for, by themselves or by a tag.
    fn asked(&self, going: &Going) -> BTreeSet<Digest> {
        going
            .tags
            .iter()
            .filter_map(|name| self.tags.get(name))
            .chain(&going.commits)
            .cloned()
            .collect()
    }

    /// Returns what the tags that stay point at.
    fn roots<'a>(&'a self, going: &'a Going) -> impl Iterator<Item = &'a Digest> {
        self.tags
            .iter()
            .filter(|(name, digest)| {
                !going.tags.contains(*name) && !going.commits.contains(*digest)
            })
            .map(|(_, digest)| digest)
    }

    /// Returns the manifests that can be reached, themselves included, and not by way of what is deleted.
    fn below(&self, from: impl IntoIterator<Item = Digest>, without: &Going) -> HashSet<Digest> {
        let mut found = HashSet::new();
        let mut waiting: Vec<Digest> = from.into_iter().collect();
        while let Some(digest) = waiting.pop() {
            if without.commits.contains(&digest) || !found.insert(digest.clone()) {
                continue;
            }
            if let Some(node) = self.manifests.get(&digest) {
                waiting.extend(node.children.iter().cloned());
            }
        }
        found
    }

    /// Lists every byte of these manifests once: their own, and their blobs'.
    fn bytes(&self, manifests: &HashSet<Digest>) -> HashMap<Digest, u64> {
        manifests
            .iter()
            .filter_map(|digest| Some((digest, self.manifests.get(digest)?)))
            .flat_map(|(digest, node)| {
                node.blobs
                    .iter()
                    .cloned()
                    .chain([(digest.clone(), node.size)])
            })
            .collect()
    }

    /// Returns the layers of an image without its config: what images share.
    fn layers(&self, manifests: &HashSet<Digest>) -> HashSet<Digest> {
        manifests
            .iter()
            .filter_map(|digest| self.manifests.get(digest))
            .flat_map(|node| {
                node.blobs
                    .iter()
                    .skip(node.configs)
                    .map(|(digest, _)| digest.clone())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
