//! A door before a registry that lets a counted number of bytes through and the rest only in drops, so that a transfer
//! is surely under way when a test acts, and would end well if nobody did. (It may not stand still: Docker 20.10 notices
//! that its client is gone when it next has progress to tell.)

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Far longer than anything takes: a test that fails must not hang.
const PATIENCE: Duration = Duration::from_mins(1);

/// Forwards to a registry. Everything it started ends with it.
pub struct Door {
    pub host: String,
    traffic: watch::Receiver<Traffic>,
    task: JoinHandle<()>,
}

struct Traffic {
    /// Connections from guests.
    open: usize,
    /// Bytes that may still pass without delay, both ways together.
    left: usize,
}

impl Door {
    /// Lets so many bytes pass without delay.
    pub async fn before(registry: String, bytes: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let (sender, traffic) = watch::channel(Traffic {
            open: 0,
            left: bytes,
        });
        let sender = Arc::new(sender);
        let task = tokio::spawn(async move {
            let mut guests = JoinSet::new();
            while let Ok((guest, _)) = listener.accept().await {
                let (registry, sender) = (registry.clone(), Arc::clone(&sender));
                sender.send_modify(|traffic| traffic.open += 1);
                guests.spawn(async move {
                    if let Ok(registry) = TcpStream::connect(registry).await {
                        serve(guest, registry, Arc::clone(&sender)).await;
                    }
                    sender.send_modify(|traffic| traffic.open -= 1);
                });
            }
        });
        Self {
            host,
            traffic,
            task,
        }
    }

    /// Waits until the counted bytes have passed.
    pub async fn used_up(&self) {
        let mut traffic = self.traffic.clone();
        let used_up = traffic.wait_for(|traffic| traffic.left == 0);
        let waited = tokio::time::timeout(PATIENCE, used_up).await;
        assert!(waited.is_ok_and(|there| there.is_ok()), "too little passed");
    }

    /// Waits until nobody is connected any more.
    pub async fn deserted(&self) {
        let mut traffic = self.traffic.clone();
        let deserted = traffic.wait_for(|traffic| traffic.open == 0);
        let waited = tokio::time::timeout(PATIENCE, deserted).await;
        assert!(waited.is_ok_and(|there| there.is_ok()), "somebody stayed");
    }

    pub fn is_deserted(&self) -> bool {
        self.traffic.borrow().open == 0
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Ends when the guest goes.
async fn serve(guest: TcpStream, registry: TcpStream, traffic: Arc<watch::Sender<Traffic>>) {
    let (guest_in, guest_out) = guest.into_split();
    let (registry_in, registry_out) = registry.into_split();
    tokio::select! {
        () = carry(guest_in, registry_out, &traffic) => {}
        // The registry ends connections too; the guest is then told by the end of ours.
        () = carry(registry_in, guest_out, &traffic) => {}
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, traffic: &watch::Sender<Traffic>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = match from.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => count,
        };
        if traffic.borrow().left == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        } else {
            traffic.send_modify(|traffic| traffic.left = traffic.left.saturating_sub(count));
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
