//! Loading: what an archive says of itself, which names would move, and the engine's load.
//!
//! Grows by what else an archive tells.

use super::{Loading, Progress, WAITING, shown, ticks};
use crate::computer::room::Computer;
use crate::ground::{blocking, count, whole_path};
use crate::tasks::{Running, Unfinished};
use crate::view::computer::{LoadPlan, Loaded, TakenName};
use crate::view::events::Stale;
use crate::view::note::Note;
use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::view::tasks::TaskOutcome;
use crate::words::computer as say;
use bytes::{Bytes, BytesMut};
use engine::{ArchiveFile, Engine, Error, LocalImage};
use futures_util::{Stream, stream};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;

/// So many names of an archive are told one by one.
const TOLD: usize = 20;
/// How much of a file is read at once.
const PIECE: usize = 256 * 1024;

impl Computer {
    /// Says what loading a file would bring; changes nothing.
    pub async fn plan_load(&self, path: &str) -> Result<LoadPlan, Problem> {
        let (path, archive) = open(path).await?;
        let images = self.local.images().await?;
        let name = Path::new(&path).file_name().unwrap_or_default();
        // Cleaned, two names may be the same.
        let all = archive.names.as_ref();
        let all = all.map(|names| {
            names
                .iter()
                .map(|name| plain(name))
                .collect::<BTreeSet<_>>()
        });
        let more = all
            .as_ref()
            .map_or(0, |names| names.len().saturating_sub(TOLD));
        let names = all.map(|names| names.into_iter().take(TOLD).collect());
        let taken = taken(&archive, &images);
        Ok(LoadPlan {
            name: name.to_string_lossy().into_owned(),
            path,
            bytes: archive.bytes,
            names,
            more: count(more),
            taken,
        })
    }

    /// Checks an order before it is stored.
    pub(crate) async fn check_load(&self, order: &Loading) -> Result<(), Problem> {
        open(&order.path).await.map(|_| ())
    }

    /// Loads an archive into the engine.
    pub(crate) async fn load(
        &self,
        order: Loading,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let _use = self.local.begin_use();
        let engine = self.local.engine().await?;
        let (path, archive) = open(&order.path).await?;
        let before = self.local.answer_of(&engine, engine.images().await).await?;
        let unasked: Vec<TakenName> = taken(&archive, &before)
            .into_iter()
            .filter(|taken| !order.moves.contains(&taken.name))
            .collect();
        if !unasked.is_empty() {
            return Err(say::names_taken(&unasked).into());
        }
        let file = blocking({
            let path = path.clone();
            move || File::open(&path).map_err(|error| say::not_readable(&path, &error))
        })
        .await??;
        let sent = Arc::new(AtomicU64::new(0));
        let loaded = self.send(&engine, (file, archive.bytes), &sent, running);
        let names = loaded.await?;
        self.ground.stale(Stale::Images);
        let more = names.len().saturating_sub(TOLD);
        let moved = self.moved(&engine, &before, &names).await;
        Ok(TaskOutcome::Loaded(Loaded {
            names: names
                .iter()
                .take(TOLD)
                .map(|name| plain(&shown(name)))
                .collect(),
            more: count(more),
            notes: moved.into_iter().map(Note::from).collect(),
        }))
    }

    /// Sends a file to the engine, and returns the names of what it took in.
    async fn send(
        &self,
        engine: &Engine,
        (file, total): (File, u64),
        sent: &Arc<AtomicU64>,
        running: &Running,
    ) -> Result<Vec<String>, Unfinished> {
        let mut load = pin!(engine.load(pieces(file, Arc::clone(sent))));
        let mut progress = Progress::of(total);
        let mut tick = ticks();
        let answer = loop {
            tokio::select! {
                biased;
                () = running.token().cancelled() => return Err(Unfinished::Cancelled(None)),
                _ = tick.tick() => progress.show(running, sent.load(Ordering::Relaxed)),
                answer = &mut load => break answer,
            }
        };
        let names = match answer {
            Err(Error::Refused { message: why, .. } | Error::InStream(why)) => {
                return Err(say::of_load(&why).into());
            }
            answer => self.local.answer_of(engine, answer).await?,
        };
        progress.end(running, total);
        Ok(names)
    }

    /// Says which names another image bore before: an archive that is packed doesn't tell them before it is loaded.
    async fn moved(&self, engine: &Engine, before: &[LocalImage], names: &[String]) -> Vec<Said> {
        let Ok(after) = engine.images().await else {
            return Vec::new();
        };
        let bearer = |images: &[LocalImage], name: &str| {
            let bears = |image: &&LocalImage| image.names.iter().any(|known| is_same(known, name));
            images.iter().find(bears).map(|image| image.id.clone())
        };
        names
            .iter()
            .filter_map(|name| {
                let was = bearer(before, name)?;
                (bearer(&after, name)? != was)
                    .then(|| say::name_moved(&plain(name), oci::short_id(&was)))
            })
            .take(TOLD)
            .collect()
    }
}

/// Opens an archive by its typed path; returns that path, whole.
async fn open(typed: &str) -> Result<(String, ArchiveFile), Problem> {
    let typed = typed.to_owned();
    blocking(move || {
        let path = whole_path(&typed).filter(|path| path.is_file());
        let path = path.ok_or_else(|| say::no_file(&typed))?;
        let shown = path.display().to_string();
        match ArchiveFile::open(&path) {
            Ok(Some(archive)) => Ok((shown, archive)),
            Ok(None) => Err(say::no_archive(&path)),
            Err(error) => Err(say::not_readable(&shown, &error)),
        }
    })
    .await?
}

/// Returns the names of an archive that other images bear here.
fn taken(archive: &ArchiveFile, images: &[LocalImage]) -> Vec<TakenName> {
    let mut known = BTreeSet::new();
    let names = archive.names.iter().flatten();
    names
        .filter_map(|name| {
            let bears = |image: &&LocalImage| image.names.iter().any(|known| is_same(known, name));
            let bearer = images.iter().find(bears)?;
            (!archive.ids.contains(&bearer.id)).then(|| TakenName {
                name: plain(name),
                short: oci::short_id(&bearer.id).to_owned(),
            })
        })
        .filter(|taken| known.insert(taken.name.clone()))
        .collect()
}

/// Tells whether an engine's name is one of an archive: Podman puts its host before a short one.
fn is_same(known: &str, name: &str) -> bool {
    known == name
        || ["localhost/", "docker.io/", "docker.io/library/"]
            .iter()
            .any(|host| {
                known.strip_prefix(host) == Some(name) || name.strip_prefix(host) == Some(known)
            })
}

/// Makes a name of an archive, somebody else's text, fit to be shown.
fn plain(name: &str) -> String {
    oci::text::plain(name, 300)
}

/// Reads a file piece by piece on a thread of its own, as it is wanted; counts what was taken.
fn pieces(
    mut file: File,
    sent: Arc<AtomicU64>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut piece = BytesMut::zeroed(PIECE);
            let read = match file.read(&mut piece) {
                Ok(0) => return,
                Ok(read) => {
                    piece.truncate(read);
                    Ok(piece.freeze())
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let failed = read.is_err();
            // Nobody wants it any more.
            if sender.blocking_send(read).is_err() || failed {
                return;
            }
        }
    });
    stream::unfold((receiver, sent), |(mut receiver, sent)| async {
        let piece = receiver.recv().await?;
        if let Ok(piece) = &piece {
            sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
        }
        Some((piece, (receiver, sent)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_where_another_image_bears_it() {
        let image = |id: &str, name: &str| LocalImage {
            id: id.to_owned(),
            names: vec![name.to_owned()],
            ..LocalImage::default()
        };
        let archive = ArchiveFile {
            bytes: 1,
            names: Some(BTreeSet::from(["a:1".to_owned(), "b:1".to_owned()])),
            ids: BTreeSet::from(["sha256:bb".to_owned()]),
        };
        let images = [
            image("sha256:aa", "localhost/a:1"),
            image("sha256:bb", "b:1"),
            image("sha256:cc", "c:1"),
        ];
        let taken = taken(&archive, &images);
        assert_eq!(taken.len(), 1);
        assert_eq!(
            (taken[0].name.as_str(), taken[0].short.as_str()),
            ("a:1", "aa")
        );
        let packed = ArchiveFile {
            names: None,
            ..archive
        };
        assert!(super::taken(&packed, &images).is_empty());
    }
}
