//! Images as an archive on this computer's disk: written by the engine's own save, and read by its load.
//!
//! The bytes are a stream with the engine at one end; they are never held. A file that is written is the person's alone, is
//! called `.part` until it is whole, and takes no other's place. Not here: what else may be dropped on the window
//! (`paths`). Grows by another form of archive.

use super::room::Computer;
use crate::ground::{NotMade, blocking, count, new_file, whole_path};
use crate::tasks::{Meter, Running, Unfinished};
use crate::view::computer::{LoadOrder, LoadPlan, Loaded, SaveOrder, Saved, TakenName};
use crate::view::events::Stale;
use crate::view::note::Note;
use crate::view::problem::Problem;
use crate::view::tasks::TaskOutcome;
use crate::words;
use crate::words::computer as say;
use bytes::{Bytes, BytesMut};
use engine::{Archive, ArchiveFile, Engine, Error, LayerState, LocalImage};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

/// So many images go into one archive.
const MOST: usize = 200;
/// So many names of an archive are told one by one.
const TOLD: usize = 20;
/// How much of a file is read at once, and how many pieces wait.
const PIECE: usize = 256 * 1024;
const WAITING: usize = 4;
/// The window is told at most this often.
const TICK: Duration = Duration::from_millis(100);
/// The longest name of a file, without its ending.
const LONGEST: usize = 100;

/// Images that are saved, as it is stored, to be repeated.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Saving {
    /// Names, or ids of what has none.
    pub images: Vec<String>,
    /// The folder; none: the downloads.
    pub folder: Option<String>,
}

/// An archive that is loaded, as it is stored, to be repeated.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Loading {
    /// The file, whole.
    pub path: String,
    /// Names that other images bear may move.
    pub move_names: bool,
}

impl From<SaveOrder> for Saving {
    fn from(order: SaveOrder) -> Self {
        Self {
            images: order.images,
            folder: order.folder,
        }
    }
}

impl From<LoadOrder> for Loading {
    fn from(order: LoadOrder) -> Self {
        Self {
            path: order.path,
            move_names: order.move_names,
        }
    }
}

impl Saving {
    /// Returns what the one image is called; none where there are several.
    pub fn one(&self) -> Option<String> {
        match self.images.as_slice() {
            [one] => Some(shown(one)),
            _ => None,
        }
    }

    /// Returns how many there are, where that is more than one.
    pub fn several(&self) -> String {
        match self.images.len() {
            1 => String::new(),
            many => many.to_string(),
        }
    }
}

impl Loading {
    /// Returns what a person calls it: the file's own name.
    pub fn called(&self) -> String {
        let name = Path::new(&self.path).file_name();
        name.map_or_else(
            || self.path.clone(),
            |name| name.to_string_lossy().into_owned(),
        )
    }
}

/// Returns an image as it is shown: by its name, or by the first digits of its id.
fn shown(image: &str) -> String {
    if image.starts_with("sha256:") {
        oci::short_id(image).to_owned()
    } else {
        image.to_owned()
    }
}

/// Returns what the archive of some images is called: by the one there is, or by how many there are.
fn stem(images: &[String]) -> String {
    let [one] = images else {
        return format!("images-{}", images.len());
    };
    if one.starts_with("sha256:") {
        return format!("image-{}", oci::short_id(one));
    }
    let last = one.rsplit('/').next().unwrap_or(one);
    let plain: String = last
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' | '-' => letter,
            _ => '-',
        })
        .take(LONGEST)
        .collect();
    let plain = plain.trim_matches(['.', '-']);
    if plain.is_empty() {
        "image".to_owned()
    } else {
        plain.to_owned()
    }
}

impl Computer {
    /// Checks an order before it is stored.
    pub(crate) async fn check_save(&self, order: &Saving) -> Result<(), Problem> {
        if order.images.is_empty() || order.images.len() > MOST {
            return Err(say::no_images(&MOST).problem());
        }
        let Some(folder) = order.folder.clone() else {
            return Ok(());
        };
        blocking(move || match whole_path(&folder) {
            Some(whole) if whole.is_dir() => Ok(()),
            _ => Err(words::making::no_folder(&folder)),
        })
        .await?
    }

    /// Saves images to a new file.
    pub(crate) async fn save(
        &self,
        order: Saving,
        running: &Running,
    ) -> Result<TaskOutcome, Unfinished> {
        let _use = self.local.begin_use();
        let engine = self.local.engine().await?;
        let set = self.ground.kept.settings().downloads;
        let folder = order.folder.as_deref().and_then(whole_path);
        let folder = folder
            .or_else(|| set.map(PathBuf::from))
            .unwrap_or_else(|| self.downloads.clone());
        let stem = stem(&order.images);
        let begun = running.unless_stopped(engine.save(&order.images)).await;
        let begun = begun.ok_or(Unfinished::Cancelled(None))?;
        let archive = match begun {
            // The engine's own words name the image that isn't there.
            Err(Error::Refused { message, .. }) => Err(say::of_save(&message)),
            begun => self.local.answer_of(&engine, begun).await,
        }?;
        let part = Part::begin(folder.clone(), stem.clone()).await?;
        let (path, file) = (part.0.clone(), part.1);
        let written = self.write(&engine, archive, file, running).await;
        let done = match written {
            Ok(bytes) => {
                let from = path.clone();
                let kept = blocking(move || keep(&from, &folder, &stem)).await?;
                kept.map(|path| (path, bytes)).map_err(Unfinished::from)
            }
            Err(unfinished) => Err(unfinished),
        };
        if done.is_err() {
            // Half an archive is none.
            let _ = blocking(move || std::fs::remove_file(path)).await;
        }
        let (path, bytes) = done?;
        Ok(TaskOutcome::Saved(Saved {
            path: path.display().to_string(),
            bytes,
            notes: Vec::new(),
        }))
    }

    /// Writes an archive as it comes, to its end; returns its length. The engine stops when the person does.
    async fn write(
        &self,
        engine: &Engine,
        mut archive: Archive,
        mut file: File,
        running: &Running,
    ) -> Result<u64, Unfinished> {
        let (pieces, mut came) = mpsc::channel::<Bytes>(WAITING);
        let writer = tokio::task::spawn_blocking(move || {
            while let Some(piece) = came.blocking_recv() {
                file.write_all(&piece)?;
            }
            file.sync_all()
        });
        let mut progress = Progress::of(0);
        let mut tick = ticks();
        let mut done = 0_u64;
        let ended = loop {
            tokio::select! {
                biased;
                () = running.token().cancelled() => break Err(Unfinished::Cancelled(None)),
                _ = tick.tick() => progress.show(running, done),
                piece = archive.next() => match piece {
                    Ok(Some(piece)) => {
                        done += piece.len() as u64;
                        // The writer has failed, and says why.
                        if pieces.send(piece).await.is_err() {
                            break Ok(());
                        }
                    }
                    Ok(None) => break Ok(()),
                    Err(Error::InStream(why)) => break Err(say::of_save(&why).into()),
                    Err(error) => {
                        let failed = self.local.answer_of::<()>(engine, Err(error)).await;
                        break failed.map_err(Unfinished::from);
                    }
                },
            }
        };
        drop((archive, pieces));
        let written = writer.await.map_err(words::unexpected)?;
        ended?;
        written.map_err(|error| say::no_room(&error))?;
        progress.end(running, done);
        Ok(done)
    }

    /// Says what loading a file would bring; changes nothing.
    pub async fn plan_load(&self, path: &str) -> Result<LoadPlan, Problem> {
        let (path, archive) = open(path).await?;
        let images = self.local.images().await?;
        let name = Path::new(&path).file_name().unwrap_or_default();
        let all = archive.names.as_ref();
        let names = all.map(|names| names.iter().take(TOLD).map(|name| plain(name)).collect());
        let more = all.map_or(0, |names| names.len().saturating_sub(TOLD));
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
        let taken = taken(&archive, &before);
        if !taken.is_empty() && !order.move_names {
            return Err(say::names_taken(&taken).into());
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
    async fn moved(
        &self,
        engine: &Engine,
        before: &[LocalImage],
        names: &[String],
    ) -> Vec<crate::view::said::Said> {
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
        .take(TOLD)
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

/// A file that is being written.
struct Part(PathBuf, File);

impl Part {
    async fn begin(folder: PathBuf, stem: String) -> Result<Self, Problem> {
        let made = blocking(move || new_file(&folder, &stem, "tar.part")).await?;
        made.map(|(path, file)| Self(path, file)).map_err(not_made)
    }
}

/// Gives a whole file its name, one that no other has. Blocks.
fn keep(part: &Path, folder: &Path, stem: &str) -> Result<PathBuf, Problem> {
    // The name is taken first: a file that came meanwhile is never written over.
    let (path, _) = new_file(folder, stem, "tar").map_err(not_made)?;
    std::fs::rename(part, &path).map_err(|error| {
        let _ = std::fs::remove_file(&path);
        not_made(NotMade::File(path.clone(), error))
    })?;
    Ok(path)
}

fn not_made(not: NotMade) -> Problem {
    match not {
        NotMade::Full => say::too_many(),
        NotMade::File(path, error) => say::not_made(&path, &error),
    }
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

fn ticks() -> tokio::time::Interval {
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick
}

/// How far a file is.
struct Progress(Meter);

impl Progress {
    fn of(total: u64) -> Self {
        Self(Meter::of_file(total))
    }

    fn show(&mut self, running: &Running, done: u64) {
        self.0
            .take(Meter::FILE, LayerState::Moving { done, total: 0 });
        if self.0.is_dirty() {
            running.show(&mut self.0);
        }
    }

    fn end(&mut self, running: &Running, done: u64) {
        self.0
            .take(Meter::FILE, LayerState::Moving { done, total: 0 });
        self.0.take(Meter::FILE, LayerState::Done);
        running.show(&mut self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_archive_is_called_after_what_is_in_it() {
        let of = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            stem(&names)
        };
        assert_eq!(
            of(&["registry.example:5000/genomics/aligner:dev"]),
            "aligner-dev"
        );
        assert_eq!(
            of(&[&format!("sha256:{}", "0a".repeat(32))]),
            "image-0a0a0a0a0a0a"
        );
        assert_eq!(of(&["a:1", "b:1", "c:1"]), "images-3");
        assert_eq!(of(&["..:."]), "image");
        assert_eq!(of(&[&format!("a/{}", "x".repeat(500))]).len(), LONGEST);
        assert_eq!(of(&["a/b\\..\\c:1"]), "b-..-c-1");
    }

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
