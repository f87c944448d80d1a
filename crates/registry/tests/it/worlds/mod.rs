//! Signing in as registries and token services of the world want it.
//!
//! Each test is a behaviour that was seen somewhere, told in a few lines of script. Not here: the same with ill will (`hostile`).
//! Grows by a behaviour.

mod checks;
mod elsewhere;
mod refusals;
mod wanted;
mod words;

use crate::world::*;
use registry::{Endpoint, Kind, Registry, Scheme, SignIn, SignInWays};
use testkit::scripted::{Answer, Asked, Scripted};

/// A registry that answers as this function says before it answers as an open one, with `team/app:v1` in it.
async fn world(
    answer: impl Fn(&str, &Asked<'_>) -> Option<Answer> + Send + Sync + 'static,
) -> Scripted {
    let server = Scripted::start().await.unwrap();
    server.push_image("team/app", "v1", "one");
    let own = server.host();
    server.script(move |asked| answer(&own, asked));
    server
}

fn token(text: &str) -> Answer {
    Answer::json(format!(r#"{{"token":"{text}"}}"#))
}

/// A challenge to get a token at `/token` of this host, in these words.
fn bearer(own: &str, scope: &str) -> Answer {
    let scope = if scope.is_empty() {
        String::new()
    } else {
        format!(r#",scope="{scope}""#)
    };
    Answer::challenge(format!(
        r#"Bearer realm="http://{own}/token",service="s"{scope}"#
    ))
}

fn basic() -> Answer {
    Answer::challenge(r#"Basic realm="r""#)
}

/// What the token service was asked for by who has a secret, one entry a request.
fn scopes_asked(server: &Scripted) -> Vec<String> {
    let seen = server.requests().into_iter();
    let asked = seen.filter(|seen| {
        seen.method == "GET" && seen.has_authorization && seen.path.starts_with("/token")
    });
    asked
        .map(|seen| {
            let query = seen.path.split_once('?').map_or("", |(_, query)| query);
            let pairs = url::form_urlencoded::parse(query.as_bytes());
            let scopes: Vec<String> = pairs
                .filter(|(key, _)| key == "scope")
                .map(|(_, value)| value.into_owned())
                .collect();
            scopes.join(" & ")
        })
        .collect()
}

fn opened(server: &Scripted, sign_in: SignIn, ways: &str) -> Registry {
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: host(&server.host()),
    };
    Registry::open(
        endpoint,
        sign_in,
        Some(SignInWays::parse(ways).unwrap()),
        &quick(),
    )
    .unwrap()
}
