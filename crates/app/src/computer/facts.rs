//! What costs the engine some work to tell of an image or a container: asked for rows in sight only, a few at once, and
//! kept for a while; or of all images in one question (`sizes`).
//!
//! Not here: the lists (`images`, `containers`). Grows by another fact of this kind.

use super::kept::Compared;
use super::room::Computer;
use super::sizes::Asker;
use crate::local::change_count;
use crate::view::containers::ContainerFacts;
use crate::view::engine::{ImageFacts, ImageSize};
use crate::view::problem::Problem;
use futures_util::StreamExt;
use futures_util::stream;
use std::hash::Hash;
use std::time::Duration;
use tokio::time::Instant;

/// How many rows are asked for in one call; no window shows more.
const MOST: usize = 60;
/// How many questions the engine is asked at once.
const AT_ONCE: usize = 4;
/// How long the engine may compare the files of a container: its row stands there meanwhile.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long what was told of a container counts: other containers' doings ask for all rows again.
const FRESH: Duration = Duration::from_secs(30);
/// How many changes of a container are named.
const NAMED: usize = 12;

impl Computer {
    /// Tells of these images what the list doesn't. Those that are gone are left out.
    pub async fn image_facts(&self, ids: Vec<String>) -> Result<Vec<ImageFacts>, Problem> {
        let engine = self.local.engine().await?;
        let ask = async |id: String| {
            if let Some(platforms) = self.facts.platforms.get(&engine, &id) {
                return Some(ImageFacts { id, platforms });
            }
            let detail = engine.inspect(&id).await.ok().flatten()?;
            let platforms: Vec<String> = detail.platform.iter().map(ToString::to_string).collect();
            self.facts.platforms.keep(&engine, &id, platforms.clone());
            Some(ImageFacts { id, platforms })
        };
        Ok(stream::iter(some(ids).into_iter().map(ask))
            .buffer_unordered(AT_ONCE)
            .filter_map(async |facts| facts)
            .collect()
            .await)
    }

    /// Tells of the images that were listed last how their sizes are made up, where the engine knows: of none where it never
    /// does. An error where it doesn't answer that now.
    pub async fn image_sizes(&self) -> Result<Vec<ImageSize>, Problem> {
        let engine = self.local.engine().await?;
        let shares = self.sizes.shares(&engine, Asker::List).await?;
        let size = |(id, of): (&String, &engine::Shared)| ImageSize {
            id: id.clone(),
            shared: of.shared,
            unique: of.unique,
        };
        Ok(shares.iter().map(size).collect())
    }

    /// Tells of these containers when they were started, and what changed in them. Those that are gone are left out.
    pub async fn container_facts(&self, ids: Vec<String>) -> Result<Vec<ContainerFacts>, Problem> {
        let engine = self.local.engine().await?;
        let ask = async |id: String| {
            let detail = engine.container(&id).await.ok().flatten()?;
            let kept = self.facts.changes.get(&engine, &id);
            let kept = kept.filter(|kept| kept.at.elapsed() < FRESH && kept.stood == detail);
            let changed = if let Some(kept) = kept {
                kept.changed
            } else {
                let changes = engine.changes(&id, NAMED, PATIENCE).await;
                let compared = Compared {
                    at: Instant::now(),
                    stood: detail.clone(),
                    changed: changes.ok().map(change_count),
                };
                self.facts.changes.keep(&engine, &id, compared.clone());
                compared.changed
            };
            Some(ContainerFacts {
                id,
                started: detail.started,
                finished: detail.finished,
                changed,
            })
        };
        Ok(stream::iter(some(ids).into_iter().map(ask))
            .buffer_unordered(AT_ONCE)
            .filter_map(async |facts| facts)
            .collect()
            .await)
    }
}

/// Takes no more than a window shows, each once.
fn some<T: Eq + Hash + Clone>(mut of: Vec<T>) -> Vec<T> {
    let mut seen = std::collections::HashSet::new();
    of.retain(|one| seen.insert(one.clone()));
    of.truncate(MOST);
    of
}
