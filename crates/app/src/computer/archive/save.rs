//! Saving: a new file that is the person's alone, is called `.part` until it is whole, and takes no other's place.
//!
//! Grows by nothing.

use super::{Progress, Saving, WAITING, ticks};
use crate::computer::room::Computer;
use crate::ground::{NotMade, blocking, new_file, whole_path};
use crate::tasks::{Running, Unfinished};
use crate::view::computer::Saved;
use crate::view::problem::Problem;
use crate::view::tasks::TaskOutcome;
use crate::words;
use crate::words::computer as say;
use bytes::Bytes;
use engine::{Archive, Engine, Error};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;

/// So many images go into one archive.
const MOST: usize = 200;
/// The longest name of a file, without its ending.
const LONGEST: usize = 100;

impl Computer {
    /// Checks an order before it is stored.
    pub(crate) async fn check_save(&self, order: &Saving) -> Result<(), Problem> {
        if order.images.is_empty() || order.images.len() > MOST {
            return Err(say::no_images(&MOST).problem());
        }
        self.folder_of(order).await.map(|_| ())
    }

    /// Returns the folder that an archive goes to. One that was chosen has to be there: what was taken away with its disk
    /// is not made anew on another.
    async fn folder_of(&self, order: &Saving) -> Result<PathBuf, Problem> {
        let Some(typed) = order.folder.clone() else {
            let set = self.ground.kept.settings().downloads;
            return Ok(set.map_or_else(|| self.downloads.clone(), PathBuf::from));
        };
        blocking(move || {
            let folder = whole_path(&typed).filter(|folder| folder.is_dir());
            folder.ok_or_else(|| words::making::no_folder(&typed))
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
        let folder = self.folder_of(&order).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
