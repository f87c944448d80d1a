//! A proxy, as an institute has one: HTTP (`CONNECT`, and plain requests passed on) and SOCKS 5 on one port, with user and
//! secret where they are wanted. It notes whom it was asked for.
//!
//! RFC 9110 section 9.3.6, RFC 1928, RFC 1929. Not here: names it resolves itself are looked up as this computer does.

use anyhow::{Context as _, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A running proxy; it ends with this value.
#[derive(Debug)]
pub struct Proxy {
    host: String,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Rules {
    sign_in: Option<(String, String)>,
    /// It leads nowhere.
    refuses: bool,
    /// A name that nobody else knows, and where it leads.
    known: Option<(String, String)>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Starts one that wants this user and secret, or lets everyone through.
    pub async fn start(sign_in: Option<(&str, &str)>) -> Result<Self> {
        Self::with(sign_in, false, None).await
    }

    /// Starts one that wants this user and secret, and knows an address that nobody else does, such as `registry.lab:5000`: where
    /// that leads.
    pub async fn before(sign_in: (&str, &str), known: &str, leads_to: &str) -> Result<Self> {
        let known = (known.to_owned(), leads_to.to_owned());
        Self::with(Some(sign_in), false, Some(known)).await
    }

    /// Starts one that lets everyone through, and leads an address, such as `registry.lab:443`, elsewhere.
    pub async fn leading(known: &str, leads_to: &str) -> Result<Self> {
        let known = (known.to_owned(), leads_to.to_owned());
        Self::with(None, false, Some(known)).await
    }

    /// Starts one that leads nowhere.
    pub async fn refusing() -> Result<Self> {
        Self::with(None, true, None).await
    }

    async fn with(
        sign_in: Option<(&str, &str)>,
        refuses: bool,
        known: Option<(String, String)>,
    ) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let host = listener.local_addr()?.to_string();
        let asked = Arc::default();
        let rules = Rules {
            sign_in: sign_in.map(|(user, secret)| (user.to_owned(), secret.to_owned())),
            refuses,
            known,
            asked: Arc::clone(&asked),
        };
        let task = tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let rules = rules.clone();
                tokio::spawn(async move {
                    // Whoever calls goes away at any time.
                    let _ = rules.serve(caller).await;
                });
            }
        });
        Ok(Self { host, asked, task })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns whom it was asked to lead to, one connection each: `connect 127.0.0.1:5000`, `forward …`, `socks …`.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Rules {
    async fn serve(&self, caller: TcpStream) -> Result<()> {
        let mut first = [0];
        caller.peek(&mut first).await?;
        if first[0] == 5 {
            self.socks(caller).await
        } else {
            self.http(caller).await
        }
    }

    async fn connect(&self, target: &str) -> std::io::Result<TcpStream> {
        let known = self.known.as_ref().filter(|(known, _)| known == target);
        TcpStream::connect(known.map_or(target, |(_, leads_to)| leads_to)).await
    }

    fn note(&self, how: &str, target: &str) {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(format!("{how} {target}"));
    }

    async fn http(&self, mut caller: TcpStream) -> Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            ensure!(head.len() < 64 << 10, "a head without an end");
            head.push(caller.read_u8().await?);
        }
        let head = String::from_utf8(head)?;
        let (line, fields) = head.split_once("\r\n").context("no line")?;
        let mut words = line.split(' ');
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let wanted = self.sign_in.as_ref().map(|(user, secret)| {
            let encoded = STANDARD.encode(format!("{user}:{secret}"));
            format!("proxy-authorization: basic {encoded}")
        });
        let is_let_in = wanted.is_none_or(|wanted| {
            fields.lines().any(|field| {
                let (name, value) = field.split_at_checked(27).unwrap_or((field, ""));
                wanted == format!("{}{value}", name.to_lowercase())
            })
        });
        if !is_let_in {
            let answer = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"lab\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            caller.write_all(answer.as_bytes()).await?;
            return Ok(());
        }
        if self.refuses {
            let answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            caller.write_all(answer.as_bytes()).await?;
            return Ok(());
        }
        if method == "CONNECT" {
            self.note("connect", target);
            let mut host = self.connect(target).await?;
            caller.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            copy_bidirectional(&mut caller, &mut host).await?;
            return Ok(());
        }
        let rest = target.strip_prefix("http://").context("no whole address")?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        self.note("forward", host);
        let mut server = self.connect(host).await?;
        let own = |field: &&str| !field.to_lowercase().starts_with("proxy-");
        let fields: Vec<&str> = fields.trim_end().split("\r\n").filter(own).collect();
        // One request a connection, so that each is looked at.
        let passed = format!(
            "{method} {path} HTTP/1.1\r\n{}\r\nConnection: close\r\n\r\n",
            fields.join("\r\n")
        );
        server.write_all(passed.as_bytes()).await?;
        copy_bidirectional(&mut caller, &mut server).await?;
        Ok(())
    }

    async fn socks(&self, mut caller: TcpStream) -> Result<()> {
        let (_, count) = (caller.read_u8().await?, caller.read_u8().await?);
        let mut ways = vec![0; usize::from(count)];
        caller.read_exact(&mut ways).await?;
        let way = if self.sign_in.is_some() { 2 } else { 0 };
        if !ways.contains(&way) {
            caller.write_all(&[5, 0xff]).await?;
            return Ok(());
        }
        caller.write_all(&[5, way]).await?;
        if let Some((user, secret)) = &self.sign_in {
            ensure!(caller.read_u8().await? == 1, "another sign-in");
            let is_right = text(&mut caller).await? == *user && text(&mut caller).await? == *secret;
            caller.write_all(&[1, u8::from(!is_right)]).await?;
            if !is_right {
                return Ok(());
            }
        }
        let mut asks = [0; 4];
        caller.read_exact(&mut asks).await?;
        let host = match asks[3] {
            1 => Ipv4Addr::from(caller.read_u32().await?).to_string(),
            3 => text(&mut caller).await?,
            4 => format!("[{}]", Ipv6Addr::from(caller.read_u128().await?)),
            other => bail!("an address of kind {other}"),
        };
        let target = format!("{host}:{}", caller.read_u16().await?);
        self.note("socks", &target);
        if self.refuses {
            // Not allowed by the rules.
            caller.write_all(&[5, 2, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
            return Ok(());
        }
        let mut server = self.connect(&target).await?;
        caller.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
        copy_bidirectional(&mut caller, &mut server).await?;
        Ok(())
    }
}

/// Reads a text with its length before it.
async fn text(from: &mut TcpStream) -> Result<String> {
    let mut bytes = vec![0; usize::from(from.read_u8().await?)];
    from.read_exact(&mut bytes).await?;
    Ok(String::from_utf8(bytes)?)
}
