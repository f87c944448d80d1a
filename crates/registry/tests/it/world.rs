//! What every test here begins with.

use oci::{Digest, Host, RepositoryName, Tag};
use registry::{At, Endpoint, HttpOptions, Registry, Repository, Scheme, SignIn};
use std::time::Duration;
use testkit::scripted::{Auth, Scripted};

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

pub fn host(text: &str) -> Host {
    Host::parse(text).unwrap()
}

pub fn client(host_text: &str, sign_in: SignIn) -> Registry {
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: host(host_text),
    };
    Registry::with_options(endpoint, sign_in, &quick()).unwrap()
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
