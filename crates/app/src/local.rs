//! This computer's engine and its images.

use crate::house::{House, lock};
use crate::rows::Shelf;
use crate::view::engine::{EngineView, ImagePlace, ImageRow, ImageStore};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::{Longshore, problems, sandbox};
use engine::{Engine, Env, LocalImage};
use oci::{Digest, Reference};
use std::collections::{HashMap, HashSet};
use store::{Place, Store};

/// What the engine was last seen to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Local {
    /// False until it was asked once.
    pub known: bool,
    /// Digests by `host/namespace/name`.
    digests: HashMap<String, HashSet<Digest>>,
    /// Ids of all images.
    ids: HashSet<String>,
}

impl Local {
    fn of(images: &[LocalImage]) -> Self {
        let mut local = Self {
            known: true,
            ..Self::default()
        };
        for image in images {
            local.ids.insert(image.id.clone());
            for (place, digest) in image
                .digests
                .iter()
                .filter_map(|text| whole_reference(text))
            {
                local
                    .digests
                    .entry(place.path())
                    .or_default()
                    .insert(digest);
            }
        }
        local
    }

    /// Whether the engine holds a commit: under its digest, or as an image of one of these ids.
    pub fn holds(&self, path: &str, digest: &Digest, images: &[String]) -> bool {
        self.digests
            .get(path)
            .is_some_and(|digests| digests.contains(digest))
            || self.ids.contains(digest.as_str())
            || images.iter().any(|id| self.ids.contains(id))
    }
}

/// `host/x@sha256:…` as the engine says it.
fn whole_reference(text: &str) -> Option<(Place, Digest)> {
    let reference = Reference::parse(text).ok()?;
    Some((
        Place {
            host: reference.host,
            repository: reference.repository,
        },
        reference.digest?,
    ))
}

impl Longshore {
    /// The engine, or why there is none.
    pub async fn engine(&self) -> Result<EngineView, Problem> {
        let asked = async {
            let engine = self.house.engine().await?;
            self.house.heard(engine.info().await).await
        };
        Ok(match asked.await {
            Ok(info) => EngineView::Ready {
                name: info.name,
                version: info.version,
                store: match info.store {
                    engine::Store::GraphDriver => ImageStore::GraphDriver,
                    engine::Store::Containerd => ImageStore::Containerd,
                },
                platform: info.platform.to_string(),
            },
            Err(problem) => EngineView::Absent { problem },
        })
    }

    /// The engine's images, a row a name.
    pub async fn images(&self) -> Result<Vec<ImageRow>, Problem> {
        let images = self.house.look_at_images().await?;
        self.house
            .db(move |store| {
                images
                    .iter()
                    .map(|image| rows(store, image))
                    .collect::<Result<Vec<_>, _>>()
            })
            .await
            .map(|rows| rows.into_iter().flatten().collect())
    }
}

impl House {
    /// The engine that answered last, or the first that answers now.
    pub async fn engine(&self) -> Result<Engine, Problem> {
        let mut slot = self.engine.lock().await;
        if let Some(engine) = &*slot {
            return Ok(engine.clone());
        }
        let mut env = Env::of_process();
        env.docker_config = self.docker_config.clone().or(env.docker_config);
        env.docker_host = self.docker_host.clone().or(env.docker_host);
        let mut candidates = engine::find(&env);
        // Whoever started a sandbox plays in it: its engine comes before any of the person's own, so that
        // nothing of theirs is touched.
        if let Some(file) = self.sandbox.clone()
            && let Some(host) = crate::house::blocking(move || sandbox::read(&file))
                .await?
                .and_then(|sandbox| sandbox.docker_host)
        {
            candidates.insert(0, engine::Address::parse(&host, false));
        }
        let engine = Engine::first(&candidates)
            .await
            .map_err(|error| problems::of_engine(&error))?;
        *slot = Some(engine.clone());
        drop(slot);
        self.stale(Stale::Engine);
        self.stale(Stale::Images);
        Ok(engine)
    }

    /// An engine's answer; where it is gone, it is looked for anew the next time.
    pub async fn heard<T>(&self, answer: Result<T, engine::Error>) -> Result<T, Problem> {
        match answer {
            Ok(value) => Ok(value),
            Err(error) => {
                if matches!(error, engine::Error::Absent(_) | engine::Error::Broken(_)) {
                    let known = self.engine.lock().await.take().is_some();
                    *lock(&self.local) = Local::default();
                    if known {
                        self.stale(Stale::Engine);
                    }
                }
                Err(problems::of_engine(&error))
            }
        }
    }

    /// Asks the engine for its images and remembers which commits are here.
    pub async fn look_at_images(&self) -> Result<Vec<LocalImage>, Problem> {
        let engine = self.engine().await?;
        let images = self.heard(engine.images().await).await?;
        *lock(&self.local) = Local::of(&images);
        Ok(images)
    }

    /// What the engine was last seen to hold.
    pub fn local(&self) -> Local {
        lock(&self.local).clone()
    }
}

fn rows(store: &Store, image: &LocalImage) -> Result<Vec<ImageRow>, store::Error> {
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

/// Which commit of which tag an image is; the tag of its own name before any other.
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
            let shelf = Shelf::of_tag(store, place, &tag)?;
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

/// A count for the window.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
