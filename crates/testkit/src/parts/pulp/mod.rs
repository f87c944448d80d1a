//! A real Pulp with its container plugin on free loopback ports: the API, what serves blobs, a worker, PostgreSQL and Redis.
//!
//! One runs a process at most, as it takes five programs and some 400 MiB. Whoever asks for one while another test has it waits, and is
//! given it emptied; the last one ends it. `cargo xtask setup` installs it and makes its database. Not here: what it is asked
//! (`client`). Grows by what a test wants done to it.

mod client;
mod running;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use anyhow::{Context, Result};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::http_client::Http;
use client::AGENT;
use running::Running;

/// The user who may do everything; made with the database.
pub const PULP_USER: &str = "demo";
/// Their secret.
pub const PULP_SECRET: &str = "correct-horse-battery-staple";

static HELD: LazyLock<Arc<Mutex<Option<Running>>>> = LazyLock::new(Arc::default);
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// A running Pulp with nothing in it; one test has it at a time.
#[derive(Debug)]
pub struct Pulp {
    held: OwnedMutexGuard<Option<Running>>,
    http: Http,
    port: u16,
    /// How much of the log was there before this test.
    begin: usize,
}

impl Pulp {
    /// Starts one and waits until it answers, or takes over the one that another test is done with.
    pub async fn start() -> Result<Self> {
        WAITING.fetch_add(1, Ordering::SeqCst);
        let mut held = Arc::clone(&HELD).lock_owned().await;
        WAITING.fetch_sub(1, Ordering::SeqCst);
        let emptied = held.as_ref().is_some_and(|running| running.empty().is_ok());
        if !emptied {
            // What can't be emptied is ended first: there is never more than one.
            *held = None;
            *held = Some(Running::start().await?);
        }
        let running = held.as_ref().context("it runs")?;
        let (port, begin) = (running.port(), running.log().len());
        Ok(Self {
            http: Http::tcp(&format!("127.0.0.1:{port}"), None)?,
            held,
            port,
            begin,
        })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Returns the request lines that others than the testkit sent it in this test, oldest first, each with its status:
    /// `PUT /v2/ns/name/manifests/v1 201`.
    pub fn access_log(&self) -> Vec<String> {
        // A line is written once its answer is out; whoever is answered after it finds it there.
        let _ = self.answered_once_more();
        let log = self.held.as_ref().map(Running::log).unwrap_or_default();
        let new = log.get(self.begin..).unwrap_or_default();
        new.lines().filter_map(running::request).collect()
    }

    fn answered_once_more(&self) -> Result<()> {
        let mut stream = TcpStream::connect(self.host())?;
        let host = self.host();
        write!(
            stream,
            "GET /v2/ HTTP/1.1\r\nhost: {host}\r\nuser-agent: {AGENT}\r\nconnection: close\r\n\r\n"
        )?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }

    /// Returns what the programs said last, for an error.
    pub fn tail(&self) -> String {
        self.held.as_ref().map(Running::tail).unwrap_or_default()
    }
}

impl Drop for Pulp {
    fn drop(&mut self) {
        if WAITING.load(Ordering::SeqCst) == 0 {
            *self.held = None;
        }
    }
}
