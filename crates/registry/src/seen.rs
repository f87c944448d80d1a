//! What a server said of itself at `/v2/` to nobody: what it is told apart from others by.
//!
//! Not here: what follows from it (`vendors`). Grows by a header that some server is known by.

use std::collections::BTreeMap;

use crate::address;
use crate::auth::Challenge;
use crate::host::Host;
use crate::transport::Answer;
use crate::way::Origin;

/// The headers that are kept: each is what some server is known by.
const HEADERS: [&str; 8] = [
    "docker-distribution-api-version",
    "server",
    "gitlab-container-registry-version",
    "x-sparse-manifest-support",
    "x-jfrog-version",
    "x-artifactory-id",
    "x-artifactory-node-id",
    "x-harbor-csrf-token",
];
/// How many characters are kept of a text.
const LONGEST: usize = 200;
/// How many ways of signing in are kept.
const MOST: usize = 8;

/// What `/v2/` said to nobody. No secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Who was asked.
    pub host: oci::Host,
    /// With what status.
    pub status: u16,
    /// Those headers that some server is known by, named in small letters.
    pub headers: BTreeMap<&'static str, String>,
    /// How it asks for a sign-in.
    pub challenges: Vec<SeenChallenge>,
}

/// One way in which a server asks for a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeenChallenge {
    /// User and secret with each request.
    Basic,
    /// A token from elsewhere.
    Bearer {
        /// Where from; absent where that can't be an address.
        origin: Option<Origin>,
        /// The path there.
        path: String,
        /// The registry's name there.
        service: String,
        /// What for, in the registry's words.
        scopes: Vec<String>,
    },
}

impl Seen {
    /// Keeps what an answer to `/v2/` says. What another server said, where the question was sent on, is none of it.
    pub(crate) fn of(host: &Host, answer: &Answer) -> Self {
        let mut seen = Self {
            host: host.endpoint.host.clone(),
            status: answer.status,
            headers: BTreeMap::new(),
            challenges: Vec::new(),
        };
        if !answer.own {
            return seen;
        }
        for name in HEADERS {
            if let Some(text) = answer.header(name) {
                seen.headers.insert(name, oci::text::plain(text, LONGEST));
            }
        }
        let challenges = Challenge::read_all(&answer.headers).into_iter().take(MOST);
        seen.challenges = challenges.map(|it| challenge(host, it)).collect();
        seen
    }

    /// Returns one of the headers.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Tells whether a token is asked for under this name, at an address that ends so.
    pub fn wants_token(&self, service: impl Fn(&str) -> bool, path: &str) -> bool {
        self.challenges.iter().any(|challenge| match challenge {
            SeenChallenge::Basic => false,
            SeenChallenge::Bearer {
                service: named,
                path: at,
                ..
            } => service(named) && at.ends_with(path),
        })
    }

    /// Tells whether a token is asked for with this scope.
    pub fn wants_token_for(&self, scope: &str) -> bool {
        self.challenges.iter().any(|challenge| match challenge {
            SeenChallenge::Basic => false,
            SeenChallenge::Bearer { scopes, .. } => scopes.iter().any(|asked| asked == scope),
        })
    }
}

fn challenge(host: &Host, challenge: Challenge) -> SeenChallenge {
    match challenge {
        Challenge::Basic => SeenChallenge::Basic,
        Challenge::Bearer(bearer) => {
            let realm = address::realm(host.base(), &bearer.realm).ok();
            let path = realm.as_ref().map(|realm| realm.path().to_owned());
            let text = |text: &str| oci::text::plain(text, LONGEST);
            SeenChallenge::Bearer {
                origin: realm.as_ref().and_then(Origin::of),
                path: text(&path.unwrap_or_default()),
                service: text(&bearer.service.unwrap_or_default()),
                scopes: bearer.scopes.texts().map(text).collect(),
            }
        }
    }
}
