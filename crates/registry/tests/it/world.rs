//! What every test here begins with.

use oci::{Descriptor, Digest, Host, MediaType, RepositoryName, Tag};
use registry::{
    At, Authority, Endpoint, Error, HttpOptions, Put, Registry, Repository, Scheme, SignIn, Source,
    Standing, Started, TlsOptions, Upload,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::scripted::{Auth, Faults, Scripted};

pub const USER: &str = "demo";
pub const SECRET: &str = "a s3cret:with & signs";

pub fn anonymous() -> SignIn {
    SignIn::Anonymous
}

pub fn signed_in() -> SignIn {
    with_secret(SECRET)
}

pub fn with_secret(secret: &str) -> SignIn {
    SignIn::Basic {
        user: USER.into(),
        secret: secret.to_owned().into(),
    }
}

/// Retries without the waits between them.
pub fn quick() -> HttpOptions {
    HttpOptions {
        first_wait: Duration::from_millis(1),
        ..HttpOptions::default()
    }
}

/// Trusts an authority beside those of the system.
pub fn vouched(pem: &str) -> TlsOptions {
    TlsOptions {
        authorities: vec![Authority::read(pem.as_bytes()).unwrap()],
        ..TlsOptions::default()
    }
}

pub fn host(text: &str) -> Host {
    Host::parse(text).unwrap()
}

pub fn client(host_text: &str, sign_in: SignIn) -> Registry {
    client_with(host_text, sign_in, &quick())
}

pub fn client_with(host_text: &str, sign_in: SignIn, options: &HttpOptions) -> Registry {
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: host(host_text),
    };
    Registry::with_options(endpoint, sign_in, options).unwrap()
}

/// A client that does not wait longer than this through silence.
pub fn impatient(server: &Scripted, read_timeout: Duration) -> Registry {
    let options = HttpOptions {
        read_timeout,
        ..quick()
    };
    client_with(&server.host(), anonymous(), &options)
}

/// A registry that is open to all, and a client of it.
pub async fn open() -> (Scripted, Registry) {
    let server = Scripted::start().await.unwrap();
    let client = client(&server.host(), anonymous());
    (server, client)
}

/// A registry that wants a sign-in, and a client that has it.
pub async fn closed(auth: Auth) -> (Scripted, Registry) {
    let server = Scripted::start().await.unwrap();
    server.set(|faults| {
        faults.auth = auth;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    let client = client(&server.host(), signed_in());
    (server, client)
}

pub fn app(registry: &Registry) -> Repository {
    registry.repository(RepositoryName::parse("team/app").unwrap())
}

pub fn tag(text: &str) -> At {
    At::Tag(Tag::parse(text).unwrap())
}

pub fn digest(text: &str) -> Digest {
    Digest::parse(text).unwrap()
}

/// So many bytes of which no two neighbouring stretches are alike.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..length).map(next).collect()
}

/// The descriptor of a layer with these bytes.
pub fn layer(bytes: &[u8]) -> Descriptor {
    Descriptor {
        media_type: MediaType::Other("application/vnd.oci.image.layer.v1.tar".into()),
        digest: Digest::sha256_of(bytes),
        size: bytes.len() as u64,
        platform: None,
        annotations: std::collections::BTreeMap::new(),
    }
}

/// Where uploads to the repository of the tests begin.
pub const UPLOADS: &str = "/v2/team/app/blobs/uploads/";

/// A registry that is open to all and does this wrong, and a client of it.
pub async fn with(change: impl FnOnce(&mut Faults)) -> (Scripted, Registry) {
    let (server, client) = open().await;
    server.set(change);
    (server, client)
}

/// An upload that has been started.
pub async fn started(app: &Repository) -> Upload {
    match app.start_upload(None).await.unwrap() {
        Started::Upload(upload) => upload,
        Started::Mounted => panic!("nothing was to be mounted"),
    }
}

/// The upload that goes on.
pub fn open_at(standing: Result<Standing, Error>) -> Upload {
    match standing.unwrap() {
        Standing::Open(upload) => upload,
        Standing::Forgotten => panic!("the upload is forgotten"),
    }
}

/// Whether the registry has these bytes as a blob.
pub fn has(server: &Scripted, bytes: &[u8]) -> bool {
    let digest = Digest::sha256_of(bytes);
    server.blob("team/app", digest.as_str()).as_deref() == Some(bytes)
}

/// A source that notes at which offsets it is opened.
pub fn watched(bytes: Vec<u8>) -> (Source, Arc<Mutex<Vec<u64>>>) {
    let opened = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&opened);
    let source = Source::of_bytes(bytes);
    let source = Source::new(source.length(), move |offset| {
        noted.lock().unwrap().push(offset);
        let source = source.clone();
        async move { source.open_at(offset).await }
    });
    (source, opened)
}

/// Stores a manifest of two bytes under a tag.
pub async fn put(app: &Repository, name: &str) -> Result<Put, Error> {
    let bytes = b"{}".to_vec().into();
    app.put_manifest(&tag(name), &MediaType::OciManifest, bytes)
        .await
}
