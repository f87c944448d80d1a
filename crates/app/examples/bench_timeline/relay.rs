//! A relay between the app and the registry that counts requests and bytes in both directions, headers included.

use anyhow::{Result, ensure};
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Stands before the registry and counts.
pub struct Relay {
    pub host: String,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    /// How often each request came: method and path.
    requests: HashMap<String, usize>,
    bytes: u64,
}

impl Relay {
    pub async fn start(registry: String) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let host = listener.local_addr()?.to_string();
        let counts: Arc<Mutex<Counts>> = Arc::default();
        let shared = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (registry, counts) = (registry.clone(), Arc::clone(&shared));
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(&registry).await else {
                        return;
                    };
                    let _ = (near.set_nodelay(true), far.set_nodelay(true));
                    let (near_read, near_write) = near.into_split();
                    let (far_read, far_write) = far.into_split();
                    let back = pass(far_read, near_write, &counts, false);
                    // Either side's end is the end.
                    tokio::select! {
                        () = pass(near_read, far_write, &counts, true) => {}
                        () = back => {}
                    }
                });
            }
        });
        Ok(Self { host, counts })
    }

    pub fn forget(&self) {
        *locked(&self.counts) = Counts::default();
    }

    pub fn requests(&self) -> usize {
        locked(&self.counts).requests.values().sum()
    }

    pub fn bytes(&self) -> u64 {
        locked(&self.counts).bytes
    }

    pub fn no_tag_twice(&self) -> Result<()> {
        for (request, times) in &locked(&self.counts).requests {
            ensure!(*times == 1, "{times} times: {request}");
        }
        Ok(())
    }
}

/// Passes one direction on, and counts. What the app sends here are GET and HEAD alone, so that each request is a
/// head and nothing more.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    counts: &Mutex<Counts>,
    asks: bool,
) {
    let mut buffer = vec![0; 64 * 1024];
    let mut head: Vec<u8> = Vec::new();
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let part = Bytes::copy_from_slice(&buffer[..length]);
        {
            let mut counts = locked(counts);
            counts.bytes += part.len() as u64;
            if asks {
                for byte in &part {
                    head.push(*byte);
                    if head.ends_with(b"\r\n\r\n") {
                        let text = String::from_utf8_lossy(&head);
                        let line = text.lines().next().unwrap_or_default();
                        let line = line.strip_suffix(" HTTP/1.1").unwrap_or(line).to_owned();
                        *counts.requests.entry(line).or_default() += 1;
                        head.clear();
                    }
                }
            }
        }
        if to.write_all(&part).await.is_err() {
            break;
        }
    }
}

fn locked(counts: &Mutex<Counts>) -> std::sync::MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}
