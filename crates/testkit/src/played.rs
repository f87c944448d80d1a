//! An engine that is played: it says who it is, lists what it is told to hold, and notes what it is asked.
//!
//! For lists that are longer than a real engine can be filled with in a test's time. What an engine does, a real one shows
//! (`parts`). Grows by another list.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;

/// What it holds, as JSON in the words of Docker's API.
#[derive(Debug, Clone, Default)]
pub struct Holds {
    /// The answer of `/images/json`.
    pub images: String,
    /// The answer of `/containers/json`.
    pub containers: String,
    /// The answer of `/system/df`; none: it refuses.
    pub usage: Option<String>,
}

/// What an engine says that adds up sizes already.
const REFUSAL: &str = r#"{"message":"a disk usage operation is already running"}"#;

/// An engine that is played. It ends when it is dropped.
#[derive(Debug)]
pub struct PlayedEngine {
    socket: PathBuf,
    asked: Arc<Mutex<Vec<String>>>,
    serves: JoinHandle<()>,
}

impl PlayedEngine {
    /// Starts it at a socket in this folder.
    pub fn start(folder: &Path, holds: Holds) -> io::Result<Self> {
        let socket = folder.join("played.sock");
        let listener = UnixListener::bind(&socket)?;
        let (asked, holds) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(holds));
        let notes = Arc::clone(&asked);
        let serves = tokio::spawn(async move {
            while let Ok((guest, _)) = listener.accept().await {
                tokio::spawn(answer(guest, Arc::clone(&notes), Arc::clone(&holds)));
            }
        });
        Ok(Self {
            socket,
            asked,
            serves,
        })
    }

    /// Returns where it is, as `DOCKER_HOST` says it.
    pub fn docker_host(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Returns the paths that were asked for since this was called last.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for PlayedEngine {
    fn drop(&mut self) {
        self.serves.abort();
    }
}

async fn answer(mut guest: UnixStream, asked: Arc<Mutex<Vec<String>>>, holds: Arc<Holds>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match guest.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head);
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let end = path.find('?').unwrap_or(path.len());
    let last = path[..end].rsplit('/').take(2).collect::<Vec<_>>();
    let body = match last.as_slice() {
        ["_ping", ..] => "OK",
        ["version", ..] => r#"{"Version":"9.9.9","Os":"linux","Arch":"amd64"}"#,
        ["info", ..] => "{}",
        ["json", "images"] => holds.images.as_str(),
        ["json", "containers"] => holds.containers.as_str(),
        ["df", "system"] => holds.usage.as_deref().unwrap_or(REFUSAL),
        // Nothing ever happens: the connection is open for as long as somebody listens.
        ["events", ..] => {
            let begun = b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n\r\n";
            let _ = guest.write_all(begun).await;
            let _ = guest.read_u8().await;
            return;
        }
        _ => "[]",
    };
    asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(path);
    let status = if body == REFUSAL {
        "409 Conflict"
    } else {
        "200 OK"
    };
    let told = format!(
        "HTTP/1.1 {status}\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let _ = guest.write_all(told.as_bytes()).await;
}
