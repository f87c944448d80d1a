//! A slow line to a server: what is sent up goes through at so many bytes a second, what comes down as it comes.
//!
//! Not here: a line that breaks (`scripted`).

use anyhow::Result;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How often a piece goes up.
const BEAT: Duration = Duration::from_millis(50);

/// A running line; it ends with this value.
#[derive(Debug)]
pub struct SlowLine {
    host: String,
    task: JoinHandle<()>,
}

impl Drop for SlowLine {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SlowLine {
    /// Starts one to `server` (`host:port`) that takes so many bytes a second on each connection.
    pub async fn start(server: String, bytes_per_second: usize) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let host = listener.local_addr()?.to_string();
        let piece = (bytes_per_second / 20).max(1);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(&server).await else {
                        return;
                    };
                    let ((mut from_near, to_near), (from_far, mut to_far)) =
                        (near.into_split(), far.into_split());
                    // Either side's end is the end.
                    tokio::select! {
                        () = up(&mut from_near, &mut to_far, piece) => {}
                        () = down(from_far, to_near) => {}
                    }
                });
            }
        });
        Ok(Self { host, task })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> &str {
        &self.host
    }
}

async fn up(from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf, piece: usize) {
    let mut buffer = vec![0; piece];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
        // Short ones are questions, which no line holds up.
        if length == piece {
            tokio::time::sleep(BEAT).await;
        }
    }
}

async fn down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let _ = tokio::io::copy(&mut from, &mut to).await;
}
