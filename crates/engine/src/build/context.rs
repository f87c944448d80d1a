//! What goes to the engine for a build: the files of a folder, as a tar that is made while it is sent.
//!
//! What it is: a walk over the folder, in the order of names, without what `.dockerignore` leaves out. Nothing of it is held
//! in memory but a few pieces, nor written to a disk. What it is not: it knows no engine. Grows by another source of files.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tar::{EntryType, Header};
use tokio::sync::mpsc;

use super::ignore::{Fitted, Ignore};
use crate::Error;

/// The name of the file that says what is left out.
const IGNORE_FILE: &str = ".dockerignore";
/// The longest such file that is read.
const LONGEST_IGNORE: u64 = 1024 * 1024;
/// The size of the pieces that are sent.
const PIECE: usize = 256 * 1024;
/// How many of them may wait.
const WAITING: usize = 4;

/// The files that a build may read.
#[derive(Debug, Clone)]
pub struct Context {
    folder: PathBuf,
    /// What is sent whatever the rules say: the engine reads it itself.
    always: [String; 2],
    ignore: Ignore,
}

/// How much a context is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ContextSize {
    /// Files, without folders.
    pub files: u64,
    /// The bytes in them.
    pub bytes: u64,
    /// There are more; they were not counted to the end.
    pub cut: bool,
}

/// A context on its way.
pub(super) struct Sending {
    pub(super) pieces: BoxStream<'static, io::Result<Bytes>>,
    /// Why it broke off, where it did.
    pub(super) trouble: Arc<OnceLock<Error>>,
}

/// Something that goes along.
struct Entry<'a> {
    /// Where it is.
    path: &'a Path,
    /// Where it lies in the context.
    name: &'a Path,
    metadata: &'a Metadata,
}

impl Context {
    /// Looks at a folder and its `.dockerignore`. `dockerfile` is its path in the folder, with `/`. Blocks.
    pub fn open(folder: &Path, dockerfile: &str) -> Result<Self, Error> {
        let folder = folder.canonicalize().map_err(|error| at(folder, &error))?;
        if !folder.is_dir() {
            return Err(Error::Context(format!(
                "{} is not a folder.",
                folder.display()
            )));
        }
        let file = inside(&folder, dockerfile)?;
        if !file.is_file() {
            return Err(Error::Context(format!(
                "There is no {dockerfile} in {}.",
                folder.display()
            )));
        }
        let ignore = match File::open(folder.join(IGNORE_FILE)) {
            Ok(file) => {
                let mut text = Vec::new();
                let read = file.take(LONGEST_IGNORE + 1).read_to_end(&mut text);
                read.map_err(|error| at(&folder.join(IGNORE_FILE), &error))?;
                if text.len() as u64 > LONGEST_IGNORE {
                    return Err(Error::Context(format!("{IGNORE_FILE} is too large.")));
                }
                Ignore::parse(&String::from_utf8_lossy(&text))?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ignore::default(),
            Err(error) => return Err(at(&folder.join(IGNORE_FILE), &error)),
        };
        Ok(Self {
            folder,
            always: [dockerfile.to_owned(), IGNORE_FILE.to_owned()],
            ignore,
        })
    }

    /// Counts what goes along, no more than `most` files of it. Blocks.
    pub fn size(&self, most: u64) -> Result<ContextSize, Error> {
        let mut size = ContextSize::default();
        let counted = self.walk(&mut |entry| {
            if entry.metadata.is_dir() {
                return Ok(());
            }
            if size.files == most {
                size.cut = true;
                return Err(Stop::Enough);
            }
            size.files += 1;
            if entry.metadata.is_file() {
                size.bytes += entry.metadata.len();
            }
            Ok(())
        });
        match counted {
            Ok(()) | Err(Stop::Enough) => Ok(size),
            Err(Stop::Trouble(error)) => Err(error),
        }
    }

    /// Begins to send it, and counts the bytes. The walk waits for whoever takes the pieces, and ends when they are dropped.
    pub(super) fn send(self, count: Arc<AtomicU64>) -> Sending {
        let (sender, receiver) = mpsc::channel(WAITING);
        let trouble = Arc::new(OnceLock::new());
        let told = Arc::clone(&trouble);
        tokio::task::spawn_blocking(move || {
            let mut out = Pieces {
                sender: sender.clone(),
                held: BytesMut::with_capacity(PIECE),
                ended: None,
            };
            if let Err(error) = self.write(&mut out) {
                if out.ended == Some(Ended::Unwanted) {
                    // Who took it is gone, and says itself why.
                    return;
                }
                let _ = told.set(error);
                // Without this the engine would take what it has for the whole.
                let _ = sender.blocking_send(Err(io::Error::other("the context broke off")));
            }
        });
        let pieces = stream::unfold(receiver, |mut receiver| async {
            receiver.recv().await.map(|piece| (piece, receiver))
        });
        let pieces = pieces.inspect(move |piece: &io::Result<Bytes>| {
            if let Ok(piece) = piece {
                count.fetch_add(piece.len() as u64, Ordering::Relaxed);
            }
        });
        Sending {
            pieces: pieces.boxed(),
            trouble,
        }
    }

    /// Writes it as a tar.
    fn write(&self, out: &mut Pieces) -> Result<(), Error> {
        let mut builder = tar::Builder::new(out);
        let walked = self.walk(&mut |entry| {
            add(&mut builder, entry).map_err(|error| Stop::Trouble(at(entry.path, &error)))
        });
        match walked {
            Ok(()) | Err(Stop::Enough) => {}
            Err(Stop::Trouble(error)) => {
                // The builder would write the mark of a whole archive when it is dropped.
                builder.get_mut().ended.get_or_insert(Ended::Broken);
                return Err(error);
            }
        }
        let ended = builder.into_inner().and_then(Write::flush);
        ended.map_err(|error| at(&self.folder, &error))
    }

    fn walk(&self, visit: &mut dyn FnMut(&Entry<'_>) -> Result<(), Stop>) -> Result<(), Stop> {
        self.below(
            Path::new(""),
            "",
            &Fitted::default(),
            &mut Vec::new(),
            visit,
        )
    }

    /// Visits what lies in a folder. `waiting` are folders that are left out, but for what may be found in them.
    fn below(
        &self,
        name: &Path,
        text: &str,
        fitted: &Fitted,
        waiting: &mut Vec<(PathBuf, Metadata)>,
        visit: &mut dyn FnMut(&Entry<'_>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let folder = self.folder.join(name);
        let trouble = |error| Stop::Trouble(at(&folder, &error));
        let listed = fs::read_dir(&folder).map_err(trouble)?;
        let mut names = Vec::new();
        for entry in listed {
            names.push(entry.map_err(trouble)?.file_name());
        }
        names.sort_unstable();
        for last in names {
            let name = name.join(&last);
            let path = self.folder.join(&name);
            let text = match (text, last.to_string_lossy()) {
                ("", last) => last.into_owned(),
                (text, last) => format!("{text}/{last}"),
            };
            let (out, known) = self.ignore.leaves_out(&text, fitted);
            let out = out && !self.always.contains(&text);
            let metadata = match fs::symlink_metadata(&path) {
                Ok(metadata) => metadata,
                // What is left out may come and go, and need not be readable.
                Err(_) if out => continue,
                Err(error) => return Err(Stop::Trouble(at(&path, &error))),
            };
            if out && !(metadata.is_dir() && self.may_keep_below(&text)) {
                continue;
            }
            let before = waiting.len();
            if out {
                waiting.push((name.clone(), metadata.clone()));
            } else {
                for (name, metadata) in waiting.drain(..) {
                    visit(&Entry {
                        path: &self.folder.join(&name),
                        name: &name,
                        metadata: &metadata,
                    })?;
                }
                visit(&Entry {
                    path: &path,
                    name: &name,
                    metadata: &metadata,
                })?;
            }
            if metadata.is_dir() {
                self.below(&name, &text, &known, waiting, visit)?;
            }
            waiting.truncate(before);
        }
        Ok(())
    }

    fn may_keep_below(&self, folder: &str) -> bool {
        let leads = |path: &String| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.always.iter().any(leads) || self.ignore.may_keep_below(folder)
    }
}

/// Why a walk ends before its end.
enum Stop {
    Enough,
    Trouble(Error),
}

/// Finds a file that must lie in a folder.
pub(super) fn inside(folder: &Path, name: &str) -> Result<PathBuf, Error> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(':');
    if !name.split('/').all(plain) || Path::new(name).is_absolute() {
        return Err(Error::Context(format!(
            "“{name}” is not the name of a file in {}.",
            folder.display()
        )));
    }
    Ok(folder.join(name))
}

fn at(path: &Path, error: &io::Error) -> Error {
    Error::Context(format!("{} can’t be read: {error}.", path.display()))
}

/// Adds one entry. Its owner is root, as whose own it is on this computer says nothing there.
fn add(builder: &mut tar::Builder<&mut Pieces>, entry: &Entry<'_>) -> io::Result<()> {
    let metadata = entry.metadata;
    let mut header = Header::new_gnu();
    header.set_mtime(modified(metadata));
    header.set_mode(mode(metadata));
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    if metadata.is_dir() {
        header.set_entry_type(EntryType::Directory);
        builder.append_data(&mut header, entry.name.join(""), io::empty())
    } else if metadata.is_symlink() {
        header.set_entry_type(EntryType::Symlink);
        builder.append_link(&mut header, entry.name, fs::read_link(entry.path)?)
    } else if metadata.is_file() {
        let file = File::open(entry.path)?;
        // Of the file that was opened: another may have taken the place of the one that was looked at.
        let size = file.metadata()?.len();
        header.set_entry_type(EntryType::Regular);
        header.set_size(size);
        builder.append_data(&mut header, entry.name, Exactly { file, left: size })
    } else {
        // Sockets, pipes and devices are no files of a build.
        Ok(())
    }
}

fn modified(metadata: &Metadata) -> u64 {
    let since = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_secs())
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o7777
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    // Nothing there tells what can be run; the Docker client says the same.
    0o755
}

/// Reads as many bytes of a file as were promised.
struct Exactly {
    file: File,
    left: u64,
}

impl Read for Exactly {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let most = buffer.len().min(most);
        if most == 0 {
            return Ok(0);
        }
        let read = self.file.read(&mut buffer[..most])?;
        if read == 0 {
            return Err(io::Error::other("it was changed while it was read"));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// Hands out what is written, in pieces.
struct Pieces {
    sender: mpsc::Sender<io::Result<Bytes>>,
    held: BytesMut,
    /// Nothing more goes out.
    ended: Option<Ended>,
}

/// Why no more pieces go out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Nobody takes them any more.
    Unwanted,
    /// What is to go out can't be read.
    Broken,
}

impl Pieces {
    fn hand_out(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.held, BytesMut::with_capacity(PIECE)).freeze();
        let sent = self.sender.blocking_send(Ok(piece));
        sent.map_err(|_| {
            self.ended = Some(Ended::Unwanted);
            io::Error::other("nobody takes it any more")
        })
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.ended.is_some() {
            return Err(io::Error::other("it has ended"));
        }
        let taken = bytes.len().min(PIECE - self.held.len());
        self.held.extend_from_slice(&bytes[..taken]);
        if self.held.len() == PIECE {
            self.hand_out()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        self.hand_out()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a folder of these files, and gives the names that go along.
    async fn goes(files: &[(&str, &str)], dockerfile: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let context = Context::open(folder.path(), dockerfile).unwrap();
        let mut names: Vec<String> = entries(context).await.into_iter().map(|(n, _)| n).collect();
        names.sort();
        names
    }

    async fn entries(context: Context) -> Vec<(String, Vec<u8>)> {
        let pieces: Vec<Bytes> = context
            .send(Arc::default())
            .pieces
            .map(|piece| piece.unwrap())
            .collect()
            .await;
        let bytes = pieces.concat();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let read = |entry: io::Result<tar::Entry<'_, &[u8]>>| {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().display().to_string();
            let mut text = Vec::new();
            entry.read_to_end(&mut text).unwrap();
            (name, text)
        };
        archive.entries().unwrap().map(read).collect()
    }

    #[tokio::test]
    async fn what_is_left_out_stays_here_but_the_files_the_engine_reads_go() {
        let files = [
            ("Dockerfile", "FROM scratch"),
            (".dockerignore", "*\n!src\nsrc/*.o\n!deep/*/keep"),
            ("src/a.c", "int a;"),
            ("src/a.o", "binary"),
            ("secret", "hunter2"),
            ("deep/one/keep", "1"),
            ("deep/one/drop", "2"),
            ("deep/two/drop", "3"),
        ];
        assert_eq!(
            goes(&files, "Dockerfile").await,
            [
                ".dockerignore",
                "Dockerfile",
                "deep/",
                "deep/one/",
                "deep/one/keep",
                "src/",
                "src/a.c"
            ]
        );
        let files = [
            ("docker/Dockerfile", "FROM scratch"),
            ("docker/other", "x"),
            (".dockerignore", "**"),
        ];
        assert_eq!(
            goes(&files, "docker/Dockerfile").await,
            [".dockerignore", "docker/", "docker/Dockerfile"]
        );
    }

    #[tokio::test]
    async fn names_of_any_length_links_and_modes_go_along() {
        let folder = tempfile::tempdir().unwrap();
        let long = format!("{}/{}", "d".repeat(120), "f".repeat(150));
        fs::create_dir_all(folder.path().join("d".repeat(120))).unwrap();
        fs::write(folder.path().join(&long), "long").unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt, symlink};
            symlink("../outside", folder.path().join("link")).unwrap();
            let run = folder.path().join("run.sh");
            fs::write(&run, "#!/bin/sh").unwrap();
            fs::set_permissions(&run, fs::Permissions::from_mode(0o750)).unwrap();
            // Nothing of a build, and a reader of it would wait for ever.
            let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s")).unwrap();
        }
        let context = Context::open(folder.path(), "Dockerfile").unwrap();
        let size = context.size(100).unwrap();
        assert!(!size.cut && size.files >= 2, "{size:?}");
        assert!(context.size(1).unwrap().cut);
        let pieces: Vec<Bytes> = context
            .send(Arc::default())
            .pieces
            .map(|piece| piece.unwrap())
            .collect()
            .await;
        let bytes = pieces.concat();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let mut seen = Vec::new();
        for entry in archive.entries().unwrap() {
            let entry = entry.unwrap();
            let name = entry.path().unwrap().display().to_string();
            assert_eq!(entry.header().uid().unwrap(), 0);
            #[cfg(unix)]
            match name.as_str() {
                "link" => assert_eq!(
                    entry.link_name().unwrap().unwrap().display().to_string(),
                    "../outside"
                ),
                "run.sh" => assert_eq!(entry.header().mode().unwrap(), 0o750),
                "s" => panic!("a socket went along"),
                _ => {}
            }
            seen.push(name);
        }
        assert!(seen.contains(&long), "{seen:?}");
    }

    #[test]
    fn a_dockerfile_is_a_file_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
        let open = |name: &str| Context::open(folder.path(), name);
        assert!(open("Dockerfile").is_ok());
        for bad in [
            "",
            "..",
            "../Dockerfile",
            "/etc/passwd",
            "a//b",
            "./Dockerfile",
            "Missing",
            "C:x",
        ] {
            assert!(matches!(open(bad), Err(Error::Context(_))), "{bad}");
        }
        let missing = Context::open(&folder.path().join("nowhere"), "Dockerfile");
        assert!(matches!(missing, Err(Error::Context(text)) if text.contains("nowhere")));
    }

    #[tokio::test]
    async fn a_file_that_shrinks_while_it_is_read_breaks_the_context_off() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
        let large = folder.path().join("large");
        let file = File::create(&large).unwrap();
        file.set_len(64 * 1024 * 1024).unwrap();
        let sending = Context::open(folder.path(), "Dockerfile")
            .unwrap()
            .send(Arc::default());
        let mut pieces = sending.pieces;
        assert!(pieces.next().await.unwrap().is_ok());
        file.set_len(1024).unwrap();
        let mut last = None;
        while let Some(piece) = pieces.next().await {
            // The mark of a whole archive never goes out, nor what would lead up to it.
            assert!(piece.as_ref().map_or(true, |piece| piece.len() == PIECE));
            last = Some(piece);
        }
        assert!(last.unwrap().is_err());
        let Some(Error::Context(text)) = sending.trouble.get() else {
            panic!("nothing was said");
        };
        assert!(text.contains("large") && text.contains("changed"), "{text}");
    }

    #[tokio::test]
    async fn whoever_goes_before_the_end_is_no_fault_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
        let large = File::create(folder.path().join("large")).unwrap();
        large.set_len(64 * 1024 * 1024).unwrap();
        let sending = Context::open(folder.path(), "Dockerfile")
            .unwrap()
            .send(Arc::default());
        let mut pieces = sending.pieces;
        assert!(pieces.next().await.unwrap().is_ok());
        drop(pieces);
        // The walk holds the other end of it until it has ended.
        while Arc::strong_count(&sending.trouble) > 1 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert_eq!(sending.trouble.get(), None);
    }
}
