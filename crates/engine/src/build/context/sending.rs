//! A context on its way: a tar that is made while it is sent.
//!
//! What it is: the walk as bytes, in pieces. Nothing of it is held in memory but a few of them, nor written to a disk. What it
//! is not: which files go along (the module above). Grows by another kind of file.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tar::{EntryType, Header};
use tokio::sync::mpsc;

use super::{Context, Entry, Links, Stop, at, open};
use crate::Error;

/// The size of the pieces that are sent.
pub(super) const PIECE: usize = 256 * 1024;
/// How many of them may wait.
const WAITING: usize = 4;

/// A context on its way.
pub(in crate::build) struct Sending {
    pub(in crate::build) pieces: BoxStream<'static, io::Result<Bytes>>,
    /// Why it broke off, where it did.
    pub(in crate::build) trouble: Arc<OnceLock<Error>>,
}

impl Context {
    /// Begins to send it, and counts the bytes. The walk waits for whoever takes the pieces, and ends when they are dropped.
    pub(in crate::build) fn send(self, count: Arc<AtomicU64>) -> Sending {
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
        let sender = out.sender.clone();
        let mut builder = tar::Builder::new(out);
        let walked = self.walk(&|| !sender.is_closed(), &mut |entry| {
            add(&mut builder, entry).map_err(|error| Stop::Trouble(at(entry.path, &error)))
        });
        match walked {
            Ok(()) => {}
            // The builder would write the mark of a whole archive when it is dropped.
            Err(Stop::Enough) => {
                builder.get_mut().ended = Some(Ended::Unwanted);
                return Err(at(&self.folder, &unwanted()));
            }
            Err(Stop::Trouble(error)) => {
                builder.get_mut().ended.get_or_insert(Ended::Broken);
                return Err(error);
            }
        }
        let ended = builder.into_inner().and_then(Write::flush);
        ended.map_err(|error| at(&self.folder, &error))
    }
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
        // Of the file that was opened: another may have taken the place of the one that was looked at.
        let (file, opened) = open(entry.path, Links::Refused)?;
        let size = opened.len();
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

fn unwanted() -> io::Error {
    io::Error::other("nobody takes it any more")
}

impl Pieces {
    fn hand_out(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.held, BytesMut::with_capacity(PIECE)).freeze();
        let sent = self.sender.blocking_send(Ok(piece));
        sent.map_err(|_| {
            self.ended = Some(Ended::Unwanted);
            unwanted()
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
