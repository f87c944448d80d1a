//! One way to an engine: opens a connection, sends one HTTP/1 request over it, and hands back the answer. Everything
//! that is said to an engine, by `bollard` or by us, goes through here.
//!
//! One connection a request: local sockets are cheap, and closing the connection is how a transfer is cancelled.

use std::io;
use std::time::Duration;

use http::header::HOST;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, Uri};
use hyper::body::{Body, Incoming};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::AbortHandle;

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
}

impl Transport {
    pub(crate) fn new(address: &Address) -> Self {
        let host = match address {
            Address::Tcp(host) => HeaderValue::try_from(host).ok(),
            _ => None,
        };
        Self {
            address: address.clone(),
            host: host.unwrap_or(HeaderValue::from_static("localhost")),
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
        let stream = self.open().await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        let task = tokio::spawn(async move {
            // Its error also reaches whoever waits for the answer or its body.
            let _ = connection.await;
        });
        let connection = Connection(Some(task.abort_handle()));
        let response = sender.send_request(request).await.map_err(broken)?;
        Ok((response, connection))
    }

    async fn open(&self) -> Result<Box<dyn Stream>, NotOpened> {
        match tokio::time::timeout(OPENING, self.open_stream()).await {
            Ok(opened) => opened,
            Err(_) => Err(NotOpened {
                error: Error::Absent(format!("No engine answered at {} in time.", self.address)),
                nothing_there: false,
            }),
        }
    }

    async fn open_stream(&self) -> Result<Box<dyn Stream>, NotOpened> {
        let opened: io::Result<Box<dyn Stream>> = match &self.address {
            #[cfg(unix)]
            Address::Unix(path) => tokio::net::UnixStream::connect(path).await.map(boxed),
            #[cfg(windows)]
            Address::Pipe(name) => windows::open(name).await.map(boxed),
            Address::Tcp(host) => tokio::net::TcpStream::connect(host).await.map(boxed),
            Address::NotYet { why, .. } => return Err(unsupported(why.clone())),
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
        opened.map_err(|error| self.not_opened(&error))
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

#[allow(clippy::needless_pass_by_value)] // the form `map_err` wants
fn broken(error: hyper::Error) -> NotOpened {
    NotOpened {
        error: broken_connection(&error),
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

#[cfg(windows)]
mod windows {
    //! Named pipes: the open fails while all of the pipe's instances are taken, and is then tried again.

    use std::io;
    use std::time::Duration;

    use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient};

    const ERROR_PIPE_BUSY: i32 = 231;

    pub(super) async fn open(name: &str) -> io::Result<NamedPipeClient> {
        loop {
            match ClientOptions::new().open(name) {
                Err(error) if error.raw_os_error() == Some(ERROR_PIPE_BUSY) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                done => return done,
            }
        }
    }
}
