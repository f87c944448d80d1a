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
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
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
        // Cleaned, two names may be the same.
        let all = archive.names.as_ref();
        let all = all.map(|names| {
            names
                .keys()
                .map(|name| plain(name))
                .collect::<BTreeSet<_>>()
        });
        let more = all
            .as_ref()
            .map_or(0, |names| names.len().saturating_sub(TOLD));
        let names = all.map(|names| names.into_iter().take(TOLD).collect());
        let taken = taken(&archive, &images);
        Ok(LoadPlan {
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
        let loaded = self.send(&engine, (&path, file, archive.bytes), &sent, running);
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
        (path, file, total): (&str, File, u64),
        sent: &Arc<AtomicU64>,
        running: &Running,
    ) -> Result<Vec<String>, Unfinished> {
        let trouble = Arc::new(OnceLock::new());
        let mut load = pin!(engine.load(pieces(file, Arc::clone(sent), Arc::clone(&trouble))));
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
        // Where the file broke off, the engine's complaint about it says nothing.
        if answer.is_err()
            && let Some(error) = trouble.get()
        {
            return Err(say::not_readable(path, error).into());
        }
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

/// What Podman puts before a short name.
const HOSTS: [&str; 3] = ["localhost/", "docker.io/", "docker.io/library/"];

/// Returns the names of an archive that other images bear here.
fn taken(archive: &ArchiveFile, images: &[LocalImage]) -> Vec<TakenName> {
    let Some(names) = &archive.names else {
        return Vec::new();
    };
    let mut told = BTreeSet::new();
    let borne = images
        .iter()
        .flat_map(|image| image.names.iter().map(move |known| (image, known)));
    borne
        .filter_map(|(image, known)| {
            let said: Vec<_> = spelt(known)
                .iter()
                .filter_map(|name| names.get_key_value(name))
                .collect();
            let (name, _) = said.first()?;
            // Its lists may write one name in two ways, each with an id of its own.
            let is_it = said.iter().any(|(_, ids)| ids.contains(&image.id));
            (!is_it).then(|| TakenName {
                name: plain(name),
                short: oci::short_id(&image.id).to_owned(),
            })
        })
        .filter(|taken| told.insert(taken.name.clone()))
        .collect()
}

/// Returns how an archive may write an engine's name.
fn spelt(known: &str) -> Vec<String> {
    let other = HOSTS.iter().flat_map(|host| {
        let bare = known.strip_prefix(*host).map(str::to_owned);
        [bare, Some(format!("{host}{known}"))]
    });
    other.flatten().chain([known.to_owned()]).collect()
}

/// Tells whether an engine's name is one that an archive brought.
fn is_same(known: &str, name: &str) -> bool {
    spelt(known).iter().any(|each| each == name)
}

/// Makes a name of an archive, somebody else's text, fit to be shown.
fn plain(name: &str) -> String {
    oci::text::plain(name, 300)
}

/// Reads a file piece by piece on a thread of its own, as it is wanted; counts what was taken, and notes why it can't be read
/// on.
fn pieces(
    mut file: File,
    sent: Arc<AtomicU64>,
    trouble: Arc<OnceLock<io::Error>>,
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
                Err(error) => {
                    let kind = error.kind();
                    let _ = trouble.set(error);
                    Err(kind.into())
                }
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
    use std::collections::BTreeMap;

    #[test]
    fn a_name_is_taken_where_another_image_bears_it() {
        let image = |id: &str, name: &str| LocalImage {
            id: id.to_owned(),
            names: vec![name.to_owned()],
            ..LocalImage::default()
        };
        let holds = |id: &str| BTreeSet::from([format!("sha256:{id}")]);
        let archive = ArchiveFile {
            bytes: 1,
            names: Some(BTreeMap::from([
                ("a:1".to_owned(), holds("bb")),
                ("b:1".to_owned(), holds("bb")),
                ("d:1".to_owned(), holds("cc")),
            ])),
        };
        let images = [
            image("sha256:aa", "localhost/a:1"),
            image("sha256:bb", "b:1"),
            image("sha256:cc", "c:1"),
            // It is in the archive, and another one is called so there.
            image("sha256:bb", "d:1"),
        ];
        let taken: Vec<(String, String)> = taken(&archive, &images)
            .into_iter()
            .map(|taken| (taken.name, taken.short))
            .collect();
        let told = |name: &str, short: &str| (name.to_owned(), short.to_owned());
        assert_eq!(taken, [told("a:1", "aa"), told("d:1", "bb")]);
        let packed = ArchiveFile {
            names: None,
            ..archive
        };
        assert!(super::taken(&packed, &images).is_empty());
    }
}
