//! A registry inside the test, with a switch for every fault.
//!
//! It speaks the distribution protocol well enough for any client (catalog, tags, manifests, blobs, uploads, both token flows), and
//! on demand as badly as registries in the wild do. It keeps a log of every request. It is no model of one product: where products
//! differ there is a switch in [`Faults`].

mod asking;
mod auth;
mod body;
mod content;
mod faults;
mod hooks;
mod reads;
mod reply;
mod routes;
mod script;
#[cfg(test)]
mod tests;
mod uploads;
mod writes;

use anyhow::Context as _;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

pub use asking::Shown;
pub use script::{Answer, Asked, Script};

pub use faults::{Auth, Clock, Faults, Links, Locations, UploadRange};
pub use hooks::{Hand, Held};

/// One request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Whether it bore an `Authorization`.
    pub has_authorization: bool,
    /// The scheme of that, `Basic` or `Bearer`, or nothing.
    pub authorization: String,
    /// The whole of that: who saw what.
    pub credential: String,
    /// The `Cookie` header.
    pub cookie: String,
    /// The body, where it is a form.
    pub form: String,
    /// The `Accept` header.
    pub accept: String,
    /// The `Range` header.
    pub range: String,
    /// The `Content-Range` header.
    pub content_range: String,
    /// The `Content-Length` header.
    pub content_length: String,
}

/// A registry in this process; it ends when it is dropped.
pub struct Scripted {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
    /// What it does wrong; may be changed at any time.
    pub faults: Arc<Mutex<Faults>>,
}

/// What the connections share.
struct Shared {
    /// `host:port`, as clients name it.
    host: String,
    tls: bool,
    faults: Arc<Mutex<Faults>>,
    content: Mutex<content::Content>,
    tokens: Mutex<auth::Tokens>,
    log: Mutex<Vec<Seen>>,
    /// How many requests are being answered now, and the most there were at once.
    busy: Mutex<(usize, usize)>,
    /// What somebody else does in the moment before a request is answered.
    hooks: Mutex<Vec<hooks::Hook>>,
    holds: Mutex<Vec<hooks::Hold>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Scripted {
    /// Starts one on a free port of 127.0.0.1, without TLS.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_on("127.0.0.1:0").await
    }

    /// Starts one on an address such as `[::1]:0`, without TLS.
    pub async fn start_on(address: &str) -> anyhow::Result<Self> {
        Self::run(address, None).await
    }

    /// Starts one on a free port of 127.0.0.1, with this certificate chain and key, both PEM.
    pub async fn start_tls(chain: &str, key: &str) -> anyhow::Result<Self> {
        let chain =
            CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<Vec<_>, _>>()?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes())?;
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Self::start_as(config).await
    }

    /// Starts one on a free port of 127.0.0.1, which speaks TLS so.
    pub async fn start_as(config: ServerConfig) -> anyhow::Result<Self> {
        Self::run("127.0.0.1:0", Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn run(address: &str, tls: Option<TlsAcceptor>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("listening on {address}"))?;
        let address = listener.local_addr()?;
        let faults = Arc::new(Mutex::new(Faults::default()));
        let shared = Arc::new(Shared {
            host: address.to_string(),
            tls: tls.is_some(),
            faults: Arc::clone(&faults),
            content: Mutex::default(),
            tokens: Mutex::default(),
            log: Mutex::default(),
            busy: Mutex::default(),
            hooks: Mutex::default(),
            holds: Mutex::default(),
        });
        let accepting = tokio::spawn(accept(listener, tls, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            accepting,
            faults,
        })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Returns its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Answers on another free port of 127.0.0.1 as well, until that task is aborted: for what lies at another origin.
    pub async fn open_another_port(&self) -> anyhow::Result<(SocketAddr, JoinHandle<()>)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(accept(listener, None, Arc::clone(&self.shared)));
        Ok((address, accepting))
    }

    /// Answers as this function says, where it says something.
    pub fn script(&self, answer: impl Fn(&Asked<'_>) -> Option<Answer> + Send + Sync + 'static) {
        self.set(|faults| faults.script = Some(Script::new(answer)));
    }

    /// Changes what it does wrong.
    pub fn set(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut locked(&self.faults));
    }

    /// Does something as somebody else, once: in the moment before the next request is answered that has this method and
    /// holds this in its path. What a client read before that is past then.
    pub fn before(&self, method: &str, part: &str, act: impl FnOnce(&Hand) + Send + 'static) {
        locked(&self.shared.hooks).push(hooks::Hook::new(method, part, act));
    }

    /// Lets the next request that has this method and holds this in its path wait, until what is returned is dropped.
    pub fn hold(&self, method: &str, part: &str) -> Held {
        hooks::hold(&self.shared, method, part)
    }

    /// Returns a hand in it, for who does something in it without asking.
    pub fn hand(&self) -> Hand {
        hooks::hand(&self.shared)
    }

    /// Forgets a repository with all that is in it.
    pub fn drop_repository(&self, repository: &str) {
        locked(&self.shared.content).drop_repository(repository);
    }

    /// Returns all requests so far, in their order.
    pub fn requests(&self) -> Vec<Seen> {
        locked(&self.shared.log).clone()
    }

    /// Counts the requests so far that have this method and a path that begins so.
    pub fn count(&self, method: &str, path: &str) -> usize {
        locked(&self.shared.log)
            .iter()
            .filter(|seen| seen.method == method && seen.path.starts_with(path))
            .count()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        locked(&self.shared.log).clear();
    }

    /// Returns the most requests that were being answered at the same time.
    pub fn most_at_once(&self) -> usize {
        locked(&self.shared.busy).1
    }

    /// Stores a blob and returns its digest.
    pub fn put_blob(&self, repository: &str, bytes: &[u8]) -> String {
        locked(&self.shared.content).put_blob(repository, bytes)
    }

    /// Stores a manifest, under a tag or under its digest alone, and returns its digest.
    pub fn put_manifest(
        &self,
        repository: &str,
        tag: Option<&str>,
        media_type: &str,
        bytes: &[u8],
    ) -> String {
        locked(&self.shared.content).put_manifest(repository, tag, media_type, bytes)
    }

    /// Stores a manifest whose digest is not that of its bytes, as of signed ones of the old format.
    pub fn put_manifest_as(
        &self,
        repository: &str,
        tag: &str,
        digest: &str,
        media_type: &str,
        bytes: &[u8],
    ) {
        locked(&self.shared.content).put_manifest_as(repository, tag, digest, media_type, bytes);
    }

    /// Stores a whole small image whose layer holds this text, and returns the manifest's digest.
    pub fn push_image(&self, repository: &str, tag: &str, text: &str) -> String {
        locked(&self.shared.content).push_image(repository, tag, text)
    }

    /// Forgets a blob, as a clean-up would.
    pub fn drop_blob(&self, repository: &str, digest: &str) {
        locked(&self.shared.content).drop_blob(repository, digest);
    }

    /// Returns the bytes of a blob.
    pub fn blob(&self, repository: &str, digest: &str) -> Option<Vec<u8>> {
        locked(&self.shared.content)
            .blob(repository, digest)
            .map(|bytes| bytes.to_vec())
    }

    /// Forgets all uploads that are not finished.
    pub fn forget_uploads(&self) {
        locked(&self.shared.content).forget_uploads();
    }

    /// Makes every token that was given one that has expired.
    pub fn expire_tokens(&self) {
        locked(&self.shared.tokens).expire();
    }

    /// Counts the uploads that are not finished.
    pub fn open_uploads(&self) -> usize {
        locked(&self.shared.content).open_uploads()
    }

    /// Forgets a tag, or a manifest with its tags, as somebody else's deletion would.
    pub fn drop_manifest(&self, repository: &str, at: &str) {
        locked(&self.shared.content).delete(repository, at);
    }

    /// Cleans up: what no tag leads to is gone, layers too.
    pub fn collect_garbage(&self) {
        locked(&self.shared.content).collect_garbage();
    }

    /// Returns the digest a tag points at.
    pub fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
        locked(&self.shared.content).tagged(repository, tag)
    }

    /// Returns all repositories.
    pub fn repositories(&self) -> Vec<String> {
        locked(&self.shared.content).repositories()
    }

    /// Returns all tags of a repository.
    pub fn tags(&self, repository: &str) -> Vec<String> {
        locked(&self.shared.content)
            .tags(repository)
            .unwrap_or_default()
    }

    /// Returns the bytes of a manifest.
    pub fn manifest(&self, repository: &str, digest: &str) -> Option<Vec<u8>> {
        locked(&self.shared.content)
            .manifest(repository, digest)
            .map(|(_, bytes)| bytes.to_vec())
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    // The connections end with this task.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        let tls = tls.clone();
        connections.spawn(async move {
            match tls {
                None => serve(stream, shared).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, shared).await;
                    }
                }
            }
        });
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, shared: Arc<Shared>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let shared = Arc::clone(&shared);
        async move { routes::answer(&shared, request).await }
    });
    // A connection that breaks is what some faults are for.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
