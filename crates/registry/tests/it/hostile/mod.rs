//! What a hostile registry, realm or host on the way may try to get a secret, or to make us send one where nobody agreed to.
//!
//! Each test says by one of two words what the hosts saw: `untouched` (nothing that proves who one is) or `no_secret` (a token of
//! its own, and not the secret). Not here: what good registries do (`worlds`). Grows by a trick.

mod addresses;
mod answers;
mod elsewhere;
mod engines;
mod redirects;
mod ways;

use crate::world::*;
use registry::{
    Endpoint, Error, HttpOptions, Kind, Registry, Scheme, SignIn, SignInWay, SignInWays,
};
use testkit::scripted::{Answer, Scripted, Seen};

/// What a host that is not the registry got, if anything, of what proves who one is.
fn proofs(server: &Scripted) -> Vec<Seen> {
    let written = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect::<String>();
    let shows = |text: &str| text.contains(SECRET) || text.contains(&written);
    let mut seen = server.requests();
    seen.retain(|seen| {
        seen.has_authorization || !seen.cookie.is_empty() || shows(&seen.form) || shows(&seen.path)
    });
    seen
}

/// Asserts that a host saw nothing that proves who one is.
pub fn untouched(server: &Scripted) {
    assert_eq!(proofs(server), [], "seen by {}", server.host());
}

/// Asserts that a host saw tokens that begin so, and no secret.
pub fn no_secret(server: &Scripted, token: &str) {
    let bearer = format!("Bearer {token}");
    let mut seen = proofs(server);
    seen.retain(|seen| !seen.credential.starts_with(&bearer) || !seen.form.is_empty());
    assert_eq!(seen, [], "seen by {}", server.host());
}

/// Asserts that nothing was asked of a host at all.
pub fn unasked(server: &Scripted) {
    assert_eq!(server.requests(), [], "asked of {}", server.host());
}

pub fn ways(text: &str) -> SignInWays {
    SignInWays::parse(text).unwrap()
}

/// The way to a token service of this host.
pub fn bearer(server: &Scripted) -> String {
    format!("bearer http://{}", server.host())
}

/// A client whose sign-in goes these ways.
pub fn pinned(server: &Scripted, sign_in: SignIn, agreed: &str) -> Registry {
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: host(&server.host()),
    };
    Registry::open(endpoint, sign_in, Some(ways(agreed)), &quick()).unwrap()
}

pub fn identity() -> SignIn {
    SignIn::Basic {
        user: "<token>".into(),
        secret: SECRET.to_owned().into(),
    }
}

/// Asserts that nothing was sent because this way is wanted and nobody agreed to it.
pub fn wants(error: &Error, way: &str) {
    let wanted = SignInWay::parse(way).unwrap();
    assert_eq!(error.kind, Kind::SignInChanged { wanted }, "{error:?}");
}

/// What a token service answers everyone.
pub fn token(text: &str) -> Answer {
    Answer::json(format!(r#"{{"token":"{text}"}}"#))
}

/// A challenge to get a token at this host.
pub fn bearer_challenge(server: &str, scope: &str) -> String {
    let scope = if scope.is_empty() {
        String::new()
    } else {
        format!(r#",scope="{scope}""#)
    };
    format!(r#"Bearer realm="http://{server}/token",service="theirs"{scope}"#)
}

/// A host that is none of the registry's business: it answers whatever may be asked for with a yes.
pub async fn stranger() -> Scripted {
    let stranger = Scripted::start().await.unwrap();
    stranger.push_image("team/app", "v1", "one");
    stranger.script(|asked| (asked.path == "/token").then(|| token("theirs")));
    stranger
}
