//! One way to an engine: opens a connection, sends one HTTP/1 request over it, and hands back the answer. Everything
//! that is said to an engine, by `bollard` or by us, goes through here.
//!
//! One connection a request: local sockets are cheap, and closing the connection is how a transfer is cancelled. (Over
//! SSH they share a sign-in.)
//! Grows by another way to open a connection, a file each where it is more than a line.

mod ssh;
mod tls;
#[cfg(windows)]
mod windows;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::header::HOST;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, Uri};
use hyper::body::{Body, Incoming};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio::task::AbortHandle;

use self::ssh::{Line, Program, Said};
use crate::address::{SshTarget, TlsFiles};
use crate::error::Unreachable;
use crate::version::ApiVersion;
use crate::{Address, Error};

/// The time opening a connection may take.
const OPENING: Duration = Duration::from_secs(5);

/// A connection that is read and written, whatever it is underneath.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Closes its connection when dropped.
#[derive(Debug)]
pub(crate) struct Connection(Option<AbortHandle>);

impl Connection {
    /// Lets the connection live until its answer has been read or dropped.
    pub(crate) fn leave(mut self) {
        self.0 = None;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
        }
    }
}

/// The reason why no connection could be opened.
#[derive(Debug)]
pub(crate) struct NotOpened {
    pub(crate) error: Error,
    /// Nothing is there at all, as opposed to something that cannot be used.
    pub(crate) nothing_there: bool,
}

/// The way to one engine.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    address: Address,
    host: HeaderValue,
    /// What is read of the files for TLS, once.
    tls: Arc<OnceCell<Arc<ClientConfig>>>,
    /// The way over SSH.
    ssh: Arc<Line>,
    /// At the other end of SSH there is Podman, and no Docker.
    podman_there: Arc<AtomicBool>,
}

/// A connection, and what is said of it besides.
struct Way {
    stream: Box<dyn Stream>,
    said: Option<Said>,
}

impl Transport {
    pub(crate) fn new(address: &Address) -> Self {
        let host = match address {
            Address::Tcp(host)
            | Address::Tls {
                authority: host, ..
            } => HeaderValue::try_from(host).ok(),
            _ => None,
        };
        Self {
            address: address.clone(),
            host: host.unwrap_or(HeaderValue::from_static("localhost")),
            tls: Arc::default(),
            ssh: Arc::default(),
            podman_there: Arc::default(),
        }
    }

    /// Looks for Podman at the other end from now on; true where that is another program than before.
    pub(crate) fn try_podman(&self) -> bool {
        matches!(self.address, Address::Ssh(_)) && !self.podman_there.swap(true, Ordering::Relaxed)
    }

    /// Returns how long reaching the other end may take beyond opening a connection: another computer is signed in to.
    pub(crate) fn reaching(&self) -> Duration {
        match &self.address {
            Address::Ssh(_) => ssh::SIGNING_IN,
            _ => Duration::ZERO,
        }
    }

    /// Sends one request. The connection lives as long as the second value.
    pub(crate) async fn send<B>(
        &self,
        request: Request<B>,
    ) -> Result<(Response<Incoming>, Connection), Error>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.try_send(request)
            .await
            .map_err(|not_opened| not_opened.error)
    }

    /// Sends one request as `send` does, and tells whether anything was there.
    pub(crate) async fn try_send<B>(
        &self,
        mut request: Request<B>,
    ) -> Result<(Response<Incoming>, Connection), NotOpened>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        request.headers_mut().insert(HOST, self.host.clone());
        let Way { stream, said } = self.open().await?;
        let sent = async {
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
            let task = tokio::spawn(async move {
                // Its error also reaches whoever waits for the answer or its body.
                let _ = connection.await;
            });
            let connection = Connection(Some(task.abort_handle()));
            Ok((sender.send_request(request).await?, connection))
        };
        match sent.await {
            Ok(answer) => Ok(answer),
            Err(error) => Err(NotOpened {
                error: self.broke(&error, said).await,
                nothing_there: false,
            }),
        }
    }

    /// Says why a connection broke before anything was answered.
    async fn broke(&self, error: &hyper::Error, said: Option<Said>) -> Error {
        let why = match (&self.address, said) {
            (Address::Tls { .. }, _) => match tls::of(error) {
                Unreachable::Other(_) => None,
                why => Some(why),
            },
            (_, Some(said)) => said.trouble().await,
            _ => None,
        };
        why.map_or_else(|| broken_connection(error), |why| self.unreachable(why))
    }

    fn unreachable(&self, why: Unreachable) -> Error {
        let at = match &self.address {
            Address::Ssh(target) => target.host.clone(),
            Address::Tcp(authority) | Address::Tls { authority, .. } => authority.clone(),
            other => other.to_string(),
        };
        Error::Unreachable { at, why }
    }

    async fn open(&self) -> Result<Way, NotOpened> {
        match tokio::time::timeout(self.reaching() + OPENING, self.open_stream()).await {
            Ok(opened) => opened,
            Err(_) => Err(NotOpened {
                error: Error::Absent(format!("No engine answered at {} in time.", self.address)),
                nothing_there: false,
            }),
        }
    }

    async fn open_stream(&self) -> Result<Way, NotOpened> {
        let opened: io::Result<Box<dyn Stream>> = match &self.address {
            #[cfg(unix)]
            Address::Unix(path) => tokio::net::UnixStream::connect(path).await.map(boxed),
            #[cfg(windows)]
            Address::Pipe(name) => windows::open(name).await.map(boxed),
            Address::Tcp(host) => TcpStream::connect(host).await.map(boxed),
            Address::Tls { authority, files } => match TcpStream::connect(authority).await {
                Ok(stream) => Ok(self.encrypted(stream, authority, files).await?),
                Err(error) => Err(error),
            },
            Address::Ssh(target) => return self.dial(target).await,
            Address::Unusable { why, .. } => return Err(unsupported(why.clone())),
            #[cfg(not(unix))]
            Address::Unix(_) => {
                return Err(unsupported(
                    "Unix sockets cannot be used on this system.".to_owned(),
                ));
            }
            #[cfg(not(windows))]
            Address::Pipe(_) => {
                return Err(unsupported(
                    "Named pipes can only be used on Windows.".to_owned(),
                ));
            }
        };
        match opened {
            Ok(stream) => Ok(Way { stream, said: None }),
            Err(error) => Err(self.not_opened(&error)),
        }
    }

    /// Opens TLS over a connection.
    async fn encrypted(
        &self,
        stream: TcpStream,
        authority: &str,
        files: &TlsFiles,
    ) -> Result<Box<dyn Stream>, NotOpened> {
        let opened = async {
            let config = self.tls.get_or_try_init(async || {
                let files = files.clone();
                tokio::task::spawn_blocking(move || tls::config(&files).map(Arc::new))
                    .await
                    .unwrap_or_else(|error| Err(Unreachable::Other(error.to_string())))
            });
            tls::open(stream, authority, Arc::clone(config.await?)).await
        };
        opened.await.map(boxed).map_err(|why| NotOpened {
            error: self.unreachable(why),
            nothing_there: false,
        })
    }

    /// Begins to connect over SSH.
    async fn dial(&self, target: &SshTarget) -> Result<Way, NotOpened> {
        let program = if self.podman_there.load(Ordering::Relaxed) {
            Program::Podman
        } else {
            Program::Docker
        };
        match self.ssh.dial(target, program).await {
            Ok((dialled, said)) => Ok(Way {
                stream: boxed(dialled),
                said: Some(said),
            }),
            Err(why) => Err(NotOpened {
                error: self.unreachable(why),
                nothing_there: false,
            }),
        }
    }

    fn not_opened(&self, error: &io::Error) -> NotOpened {
        let at = &self.address;
        let (text, nothing_there) = match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                (format!("There is no engine at {at}."), true)
            }
            io::ErrorKind::ConnectionRefused => (format!("No engine is running at {at}."), true),
            io::ErrorKind::PermissionDenied => (
                format!("This user has no permission to use the engine at {at}."),
                false,
            ),
            _ => (
                format!("The engine at {at} cannot be reached: {error}."),
                false,
            ),
        };
        NotOpened {
            error: Error::Absent(text),
            nothing_there,
        }
    }
}

fn boxed<S: Stream + 'static>(stream: S) -> Box<dyn Stream> {
    Box::new(stream)
}

fn unsupported(sentence: String) -> NotOpened {
    NotOpened {
        error: Error::Unsupported(sentence),
        nothing_there: false,
    }
}

/// Describes a failure of HTTP itself, with the reason beneath it.
pub(crate) fn broken_connection(error: &hyper::Error) -> Error {
    let mut text = format!("The connection to the engine broke: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    Error::Broken(text)
}

/// Puts the API version in front of the path and drops scheme and host, as a request on an open connection wants it.
pub(crate) fn versioned(uri: &Uri, version: ApiVersion) -> Result<Uri, http::Error> {
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    Uri::builder()
        .path_and_query(format!("/v{version}{path}"))
        .build()
}
