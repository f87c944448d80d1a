//! A file on the network that is answered only once a test lets it go: whatever wants it, as a build does whose Dockerfile
//! has an `ADD` of it, is in the middle of its work for as long as the test likes.

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfile";

/// The file; nobody gets it any more once this is dropped.
pub struct HeldFile {
    /// Where it is.
    pub url: String,
    asked: watch::Receiver<bool>,
    let_go: watch::Sender<bool>,
    _serving: JoinSet<()>,
}

impl HeldFile {
    /// Begins to hold it, on a free port of this computer.
    pub async fn hold() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/file", listener.local_addr()?);
        let (ask, asked) = watch::channel(false);
        let (let_go, gone) = watch::channel(false);
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut guests = JoinSet::new();
            while let Ok((guest, _)) = listener.accept().await {
                ask.send_replace(true);
                guests.spawn(answer(guest, gone.clone()));
            }
        });
        Ok(Self {
            url,
            asked,
            let_go,
            _serving: serving,
        })
    }

    /// Waits until somebody wants it.
    pub async fn asked(&mut self) {
        let _ = self.asked.wait_for(|asked| *asked).await;
    }

    /// Lets everybody have it.
    pub fn let_go(&self) {
        self.let_go.send_replace(true);
    }
}

async fn answer(mut guest: TcpStream, mut gone: watch::Receiver<bool>) {
    let _ = guest.read(&mut [0; 4096]).await;
    let _ = gone.wait_for(|gone| *gone).await;
    let _ = guest.write_all(ANSWER).await;
}
